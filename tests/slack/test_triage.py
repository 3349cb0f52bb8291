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

    for answer in ("D:yes", "B:no", "C:2", "A:no"):
        talk.taps("ben", f"triage:{answer}")
    first = talk.incident().severity
    talk.taps("cho", "triage:D:no")

    assert (first, talk.incident().severity) == (2, 3)
    assert "first SEV3" in talk.card() or "SEV3" in talk.card()


def test_nothing_is_called_milder_before_it_is_known_not_to_be_dying(talk: Talk) -> None:
    talk.opens("ana", "sev1 loss is NaN")
    seen: list[int] = []

    for answer in ("C:0", "B:no", "A:no"):
        talk.taps("ben", f"triage:{answer}")
        seen.append(talk.incident().severity)

    assert seen == [1, 1, 5]
    assert "SEV1 → SEV5" in talk.news()[-1]


def test_what_cannot_wait_does_not_make_a_dying_one_milder(talk: Talk) -> None:
    talk.opens("ana", "sev1 loss is NaN")

    talk.taps("ben", "triage:B:yes")
    before = talk.incident().severity
    talk.taps("ben", "triage:A:no")

    assert (before, talk.incident().severity) == (1, 2)


def test_an_answer_that_confirms_the_severity_says_nothing_but_triages(talk: Talk) -> None:
    talk.opens("ana", "loss is NaN")
    before = len(talk.news())

    for answer in ("A:no", "B:no", "C:2", "D:no"):
        talk.taps("ben", f"triage:{answer}")

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
    assert "KeyError" not in talk.news()[-1]
    assert "2 lines:\nTraceback" in talk.news()[-1]
    talk.taps("ben", "show_log")
    assert "KeyError: 'text'" in words_of(talk.modal("ben"))
    assert talk.incident().opened_by == user("ana")
