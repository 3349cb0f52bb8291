"""Closing, told as stories: the gate says what is missing, and a name and a reason always open it."""

from tests.conversation import REFUSAL, Talk, words_of
from tests.slack.test_diagnosis import workup_of

WORRY = "dx: collator 60%\ndx: weights corrupted 20% impact 5"


def test_an_incident_in_which_nothing_was_worked_up_closes_at_once(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "note: it was a typo")

    talk.logs("ben", "resolve: typo in the config")

    assert talk.incident().diagnosis == "typo in the config"


def test_the_gate_lists_what_is_missing_with_the_buttons_that_mend_it(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", WORRY)
    talk.logs("ben", "fix: rolled back")

    answer = talk.says("ana", "/incident resolve INC-1 A")

    assert talk.incident().resolved_at is None
    for said in (
        "B must not be missed",
        "A1 has no outcome yet",
        "how do you know",
        "Waive B",
        "Close anyway",
    ):
        assert said in answer


def test_a_reply_that_may_not_close_yet_is_refused_with_the_same_buttons(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", WORRY)

    ts = talk.logs("ben", "resolve: A")
    talk.taps("ben", "waive:B")
    talk.submits("ben", reason="weights verified by hash")
    talk.logs("ben", "resolve: A; gone: loss finite for 200 steps")

    assert talk.reactions(ts) == {REFUSAL: 1}
    assert talk.incident().diagnosis == "collator"
    assert workup_of(talk).differential.named("B").waived_by == "U0BEN"


def test_a_must_not_miss_that_a_test_excluded_no_longer_blocks(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 60%\ndx: weights corrupted 5% impact 5")
    talk.logs("ben", "test: hash the weights")
    talk.taps("cho", "expects:T1")
    talk.submits("cho", exact="A .99, B .01")
    talk.logs("cho", "result: T1 positive")

    talk.logs("ben", "resolve: A; gone: loss finite")

    assert talk.incident().resolved_at is not None


def test_a_named_person_closes_all_the_same_with_a_reason(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", WORRY)

    talk.says("cho", "/incident resolve INC-1 unknown; anyway: the cluster is being retired")
    talk.settles()

    assert talk.incident().diagnosis == "unknown"
    assert "the cluster is being retired" in talk.news()[-1]


def test_the_modal_asks_for_cause_and_how_one_knows_and_lists_what_is_missing(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", WORRY)
    talk.clicks("ana", "resolve")
    shown = words_of(talk.modal("ana"))

    refused = talk.submits("ana", cause="A", gone="loss finite for 200 steps")
    talk.submits(
        "ana", cause="A", gone="loss finite for 200 steps", override="weights will be hashed tomorrow"
    )

    assert "B must not be missed" in shown
    assert "B must not be missed" in "".join(refused["errors"].values())
    assert talk.incident().diagnosis == "collator"


def test_a_new_cause_may_be_the_final_diagnosis(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 60%")
    talk.clicks("ana", "resolve")

    talk.submits("ana", cause="another", another="a cosmic ray", gone="parity is right")

    assert talk.incident().diagnosis == "a cosmic ray"


def test_an_edit_of_what_closed_it_names_the_cause_by_its_letter_as_well_and_no_letter_stands_for_it(
    talk: Talk,
) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 60%")

    ts = talk.logs("ben", "resolve: q; gone: yes")
    at_first = talk.incident().resolved_at
    talk.edits("ben", ts, "resolve: overflow; gone: yes")
    talk.edits("ben", ts, "resolve: a; gone: yes")

    assert at_first is None
    assert "There is no hypothesis Q." in talk.whispers("ben")[0]
    assert talk.incident().diagnosis == "collator"


def test_who_is_not_sure_watches_for_one_interval_and_is_asked_again(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    talk.logs("ben", "dx: collator 60%")
    talk.says("ana", "/incident resolve INC-1 A")
    talk.clicks("ana", "resolve")
    talk.clicks_in_modal("ana", "watch")
    before = len(talk.news())

    talk.time_passes(minutes=29)
    early = len(talk.news())
    talk.time_passes(minutes=2)

    assert early == before
    assert len(talk.news()) == before + 1
    assert "gone" in talk.news()[-1]
