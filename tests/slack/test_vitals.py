"""Vital signs, told as stories: typed or asked for, scored, shown with a word, and needed to close."""

from bot.domain.signs.stability import Stability
from tests.conversation import RECEIPT, REFUSAL, Talk, words_of
from tests.slack.test_diagnosis import workup_of

BAD = "vital: loss=nan grad_norm=812 throughput=0.4x p99=2.1s"
CALM = "vital: loss=1.8 throughput=1x"


def word(talk: Talk) -> Stability:
    return workup_of(talk).condition.word


def test_signs_are_scored_and_the_card_says_how_it_is_and_why(talk: Talk) -> None:
    talk.opens("ana")

    ts = talk.logs("ben", BAD)

    card = talk.card()
    assert talk.reactions(ts) == {RECEIPT: 1}
    assert "Vitals 6, unstable" in card
    assert "loss is NaN" in card
    assert "throughput 0.4x (3)" in card
    assert "p99 2.1s (no score)" in card
    assert "Unknown: loss trend, grad norm, burn rate, p99, input data" in card
    assert "Now unstable: loss is NaN." in talk.news()[-1]
    [taking] = workup_of(talk).vitals.series
    assert (taking.by, taking.source) == ("U0BEN", "typed")


def test_what_has_no_score_alone_is_asked_once_what_it_compares_with(talk: Talk) -> None:
    talk.opens("ana")

    talk.logs("ben", "vital: p99=900ms")
    asked = talk.whispers("ben")
    talk.logs("ben", "vital: p99=900ms slo 1s")
    talk.logs("cho", "vital: p99=2.1s")

    assert "`p99=900ms` has no score alone" in "".join(asked)
    assert "`p99=2.1s slo 1s`" in "".join(asked)
    assert talk.whispers("cho") == []
    assert "p99 2.1s (3)" in talk.card()


def test_signs_of_ones_own_are_kept_without_a_score(talk: Talk) -> None:
    talk.opens("ana")

    ts = talk.logs("ben", "vital: gpus_idle=16 state=draining")

    assert talk.reactions(ts) == {RECEIPT: 1}
    assert "Vitals, not known" in talk.card()
    assert "gpus idle 16" in talk.card()


def test_what_says_nothing_of_a_sign_is_refused_with_the_menu(talk: Talk) -> None:
    talk.opens("ana")

    ts = talk.logs("ben", "vital: it looks bad")

    assert talk.reactions(ts) == {REFUSAL: 1}
    assert "throughput=0.4x" in "".join(talk.whispers("ben"))
    assert talk.logged() == []


def test_an_edit_revises_what_was_read_and_a_deletion_withdraws_it(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "vital: loss=nan")

    talk.edits("ben", ts, "vital: loss=1.8 throughput=0.4x")
    edited = talk.card()
    talk.deletes("ben", ts)

    assert "Vitals 3, watcher" in edited
    assert word(talk) is Stability.UNKNOWN
    assert "Vitals" not in talk.card()


def test_a_message_that_somebody_marks_is_read_where_it_says_something(talk: Talk) -> None:
    talk.opens("ana")
    plain, telling = talk.logs("ben", "it looks bad"), talk.logs("ben", "oh, loss is nan again")

    talk.reacts("ana", plain, "chart_with_upwards_trend")
    unread = word(talk)
    talk.reacts("ana", telling, "chart_with_upwards_trend")

    assert unread is Stability.UNKNOWN
    assert "it looks bad" in talk.card()
    assert word(talk) is Stability.UNSTABLE
    assert talk.whispers("ben") == []


def test_a_fix_that_runs_adds_its_two_points_and_keeps_it_a_watcher(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", CALM)
    before = talk.card()

    talk.logs("ben", "fix: rolled back")
    during = talk.card()
    talk.logs("ben", "outcome: A1 worked")

    assert "Vitals 0, stable" in before
    assert "Vitals 2, watcher" in during
    assert "A1 is active" in during
    assert "Vitals 0, stable" in talk.card()


def test_the_word_steps_down_after_two_lower_readings_and_the_thread_hears_of_it_once(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "vital: loss=nan")
    talk.logs("ben", "vital: loss=1.8")
    held = talk.card()
    talk.logs("ben", "vital: loss=1.7\nvital: throughput=1x")
    talk.logs("ben", CALM)

    assert "no two lower readings in a row yet" in held
    assert "Vitals 0, stable" in talk.card()
    assert [said.splitlines()[0] for said in talk.thread() if said.startswith("Now")] == [
        "Now unstable: loss is NaN.",
        "Now stable: all known signs are well.",
    ]


def test_the_modal_asks_for_the_common_signs_and_says_the_same(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "vital: grad_norm=3 median 3.1")
    talk.clicks("ana", "workup")
    talk.clicks_in_modal("ana", "vital")
    shown = words_of(talk.modal("ana"))

    talk.submits("ana", loss="nan", grad_norm="812", more="gpus_idle=16")

    assert "Last: 3 of 3.1" in shown
    assert ("vital", "loss=nan\ngrad_norm=812\ngpus_idle=16") in talk.logged()
    assert "grad norm 812 (3)" in talk.card()
    assert "Now unstable: loss is NaN" in talk.news()[-1]
    talk.clicks("ana", "workup")
    assert "Vital signs" in words_of(talk.modal("ana"))


def test_the_modal_says_what_it_cannot_read(talk: Talk) -> None:
    talk.opens("ana")
    talk.clicks("ana", "workup")
    talk.clicks_in_modal("ana", "vital")

    empty = talk.submits("ana", loss="")
    odd = talk.submits("ana", loss="weird")

    assert "No field is filled in" in "".join(empty["errors"].values())
    assert "I cannot read" in "".join(odd["errors"].values())


def test_closing_needs_two_calm_readings_without_a_mitigation_and_asks_for_nothing_else(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 60%")
    talk.logs("ben", "vital: loss=nan")
    loud = talk.says("ana", "/incident resolve INC-1 A; gone: it looks fine")
    talk.logs("ben", "fix: rolled back")
    talk.logs("ben", CALM)
    talk.logs("ben", "outcome: A1 worked")
    helped = talk.says("ana", "/incident resolve INC-1 A")
    talk.logs("ben", CALM)
    still = talk.says("ana", "/incident resolve INC-1 A")
    talk.logs("ben", CALM)

    talk.says("ana", "/incident resolve INC-1 A")

    assert "two readings in a row" in loud
    assert "loss is NaN (3)" in loud
    assert "A1 was active when they were read" in helped
    assert "A1 was active when they were read" in still
    assert "how do you know" not in loud
    assert talk.incident().diagnosis == "collator"


def test_without_a_score_closing_asks_how_one_knows(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 60%")
    talk.logs("ben", "vital: gpus_idle=16")

    answer = talk.says("ana", "/incident resolve INC-1 A")

    assert "how do you know" in answer
