"""Triage, told as stories: four questions in the thread, in any order, and the log that belongs to them."""

from tests.conversation import Talk, user, words_of


def test_the_four_questions_stand_in_the_thread_right_after_opening(talk: Talk) -> None:
    talk.opens("ana", "loss is NaN")

    [first, *_] = talk.news()

    for said in ("A. ", "B. ", "C. ", "D. ", "Add the log"):
        assert said in first


def test_one_answer_is_enough_where_it_decides(talk: Talk) -> None:
    talk.opens("ana", "loss is NaN")

    talk.taps("ben", "triage:A:yes")

    assert talk.incident().severity == 1
    assert "SEV3 → SEV1" in talk.news()[-1]
    assert "✓" in talk.news()[0]


def test_the_answers_count_in_any_order_and_can_be_changed(talk: Talk) -> None:
    talk.opens("ana", "loss is NaN")

    talk.taps("ben", "triage:D:yes")
    talk.taps("ben", "triage:C:2")
    first = talk.incident().severity
    talk.taps("cho", "triage:D:no")

    assert (first, talk.incident().severity) == (2, 3)
    assert "first SEV3" in talk.card() or "SEV3" in talk.card()


def test_an_answer_that_confirms_the_severity_says_nothing_but_triages(talk: Talk) -> None:
    talk.opens("ana", "loss is NaN")
    before = len(talk.news())

    talk.taps("ben", "triage:C:2")

    assert len(talk.news()) == before
    assert talk.incident().triaged_at is not None
    assert "not triaged" not in talk.card()


def test_a_severity_named_at_opening_can_be_checked_and_stays_on_record(talk: Talk) -> None:
    talk.opens("ana", "sev4 loss is NaN")

    talk.taps("ben", "triage:B:yes")

    assert talk.incident().severity == 2
    assert "first SEV4" in talk.card()


def test_the_log_is_kept_with_the_incident_and_shown_folded(talk: Talk) -> None:
    talk.opens("ana")

    talk.logs("ben", "log: rank 0\n```\nTraceback (most recent call last):\n  KeyError: 'text'\n```")
    talk.clicks("cho", "workup")
    talk.clicks_in_modal("cho", "show_log")

    assert "Log: " in talk.card()
    assert "  KeyError: 'text'" not in talk.card()
    assert "  KeyError: 'text'" in words_of(talk.modal("cho"))


def test_the_opening_modal_takes_the_log_too(talk: Talk) -> None:
    talk.says("ana", "/incident open")
    talk.submits("ana", title="loss is NaN", severity="2", log="Traceback\n  KeyError: 'text'")
    talk.settles()
    talk.root = talk.charts()[-1]["ts"]

    assert ("log", "Traceback\n  KeyError: 'text'") in talk.logged()
    assert "Log: " in talk.card()
    assert talk.incident().opened_by == user("ana")
