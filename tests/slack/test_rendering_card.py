"""What the card says of the work: readable on a phone, the urgent things first, and never too long."""

from datetime import timedelta

import pytest

from bot.domain.chart import Kind
from bot.domain.incident import Severity
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.steps import Asked, Ended, Named, RuledOut, Started, Suspect, Waived
from bot.slack.render.calls import Block
from bot.slack.render.card import card, post_card, update_card
from bot.slack.render.differential import table
from bot.slack.render.standing import last_change
from tests.slack.charts import (
    ANA,
    COLLATOR,
    HOSTILE,
    NOON,
    after,
    all_quiet,
    captions,
    crowded,
    entry,
    failed,
    judged,
    quiet,
    the_work,
    words_of,
)

PHONE = 44


def bars(built: list[Block]) -> list[list[str]]:
    """The lines that begin with a bar, each in its parts."""
    return [
        [element.get("text", "") for element in line["elements"]]
        for line in built
        if line["elements"][0].get("style", {}).get("code")
    ]


def test_the_differential_is_listed_by_likelihood_and_something_else_comes_last() -> None:
    shown = table(after([COLLATOR]).workup.differential, {})

    lines = [" ".join("".join(parts).split()) for parts in bars(shown)]
    assert lines == [
        "B ████░░░░░░ 40% learning rate too high after the warm-up",
        "A ███░░░░░░░ 30% collator gets string columns · impact 3",
        "C █░░░░░░░░░ 10% last checkpoint is corrupt must not miss (impact 5) · assumes input",
        "? ██░░░░░░░░ 20% something else",
    ]


def test_letter_bar_and_number_leave_room_for_the_statement_on_a_phone() -> None:
    shown = bars(table(crowded("a statement").workup.differential, {}))

    assert {len(parts[0]) for parts in shown} == {16}
    assert all(len(parts[0]) + len("  twenty characters…") <= PHONE for parts in shown)


def test_both_orders_are_said_where_there_is_anything_to_order() -> None:
    alone = after([Named(hypotheses=(Suspect(letter="A", statement="x", p=0.5),))])

    assert "By harm" not in words_of(table(alone.workup.differential, {}))
    assert "By harm:  C, A, B" in words_of(table(after(failed()).workup.differential, {}))


def test_what_was_only_ranked_is_marked() -> None:
    ranked = after([Named(hypotheses=(Suspect(letter="A", statement="the cache"),))])

    assert "by rank" in words_of(table(ranked.workup.differential, {}))


def test_what_was_ruled_out_stays_struck_through_with_its_test() -> None:
    shown = table(after([*the_work(), RuledOut(letter="B", test=1)]).workup.differential, {})

    gone = shown[-1]["elements"]
    assert gone[0]["style"] == {"strike": True}
    assert gone[0]["text"].startswith("B learning rate")
    assert gone[1]["text"] == "  ruled out by T1"


def test_that_something_was_ruled_out_is_said_once_where_the_numbers_moved() -> None:
    said = words_of([*last_change(after([*the_work(), RuledOut(letter="B", test=1)]))])

    assert said.count("B ruled out") == 1


def test_who_answers_for_a_must_not_miss_is_named() -> None:
    chart = after([COLLATOR, Waived(letter="C", reason="we restart from zero")])

    assert "ana answers for it" in words_of(card(chart))
    assert "still open" not in words_of(card(chart))


def test_a_running_intervention_comes_with_its_window_and_one_tap_for_each_outcome() -> None:
    built = card(after(the_work()))

    assert "A1 for A:  roll back to commit 3f2a , until  2026-11-23 12:40 UTC" in words_of(built)
    assert "Revert: redeploy 9c1d." in words_of(built)
    assert captions(built)["ended:A1:worked"] == "A1 worked"
    assert {"ended:A1:failed", "ended:A1:unclear"} <= captions(built).keys()


def test_a_window_that_is_over_is_said_to_be_overdue() -> None:
    shown = words_of(card(after(the_work(), minutes=45)))

    assert "window over since" in shown
    assert "Overdue:  T2 result since  2026-11-23 12:15 UTC , A1 outcome since  2026-11-23 12:40 UTC" in shown


def test_a_failed_fix_has_to_be_reverted_or_left_by_name() -> None:
    built = card(after(failed()))

    assert "A1 failed and is still in place" in words_of(built)
    assert captions(built)["ended:A1:reverted"] == "A1 reverted"
    assert captions(built)["leave:A1"] == "Leave A1…"


def test_a_failed_fix_that_cannot_be_undone_can_only_be_left_by_name() -> None:
    fix = Started(name="A1", plan="A", text="dropped it", window=timedelta(minutes=10), irreversible=True)
    built = card(after([fix, Ended(name="A1", outcome=Outcome.FAILED, words="")]))

    assert "A1 failed and cannot be undone" in words_of(built)
    assert "leave:A1" in captions(built)
    assert "ended:A1:reverted" not in captions(built)


def test_an_unknown_revert_step_is_asked_for() -> None:
    fix = Started(name="A1", plan="A", text="restarted it", window=timedelta(minutes=10))
    built = card(after([fix]))

    assert "Nobody has said how to revert it." in words_of(built)
    assert "revert:A1" in captions(built)


def test_what_was_done_at_the_same_time_is_marked_as_confounded() -> None:
    second = Started(
        name="C1", plan="C", text="halved the rate", window=timedelta(minutes=10), bundled_with="A1"
    )

    shown = words_of(card(after([*the_work(), second])))
    assert "C1: halved the rate" in shown
    assert "confounded" in shown


def test_a_test_nobody_has_spoken_of_says_whose_answer_is_missing() -> None:
    shown = words_of(card(after(the_work())))

    assert "T3  halve the learning rate for 50 steps   10 min assumed, @ben" in shown
    assert "nobody has said what A, C, B expect" in shown or "what A, B, C expect" in shown
    assert "late since  2026-11-23 12:15 UTC" in shown


def test_the_next_test_stands_with_its_reason_and_the_question_why() -> None:
    built = card(after(the_work()))

    assert "Next: T2 load the checkpoint on one GPU (10 min)." in words_of(built)
    assert "It tells C from A and B." in words_of(built)
    assert "If positive (" in words_of(built)
    assert "If negative (" in words_of(built)
    assert captions(built)["why"] == "Why this test?"


def test_the_last_move_of_the_numbers_is_told() -> None:
    assert "T1 positive: A 30% → 63%, B 40% → 4%" in words_of(card(after(the_work())))


def test_a_log_is_folded_into_one_line() -> None:
    log = entry(Kind.LOG, "```\nTraceback (most recent call last):\n  File x\nKeyError\n```")

    shown = words_of(card(after([], log=log)))
    assert "Log:  3 lines, by ben: Traceback (most recent call last):" in shown
    assert "KeyError" not in shown


def test_entries_that_the_work_shows_are_not_listed_again() -> None:
    recent = tuple(entry(kind, f"said as {kind.value}") for kind in (Kind.HYPOTHESIS, Kind.TEST, Kind.NOTE))

    assert "said as dx" not in words_of(card(after(the_work(), recent=recent)))
    assert "said as note" in words_of(card(after(the_work(), recent=recent)))
    assert "said as dx" in words_of(card(after([], recent=recent)))


def test_a_finding_that_belongs_to_no_test_is_still_listed() -> None:
    finding = entry(Kind.RESULT, "the disk is full")

    assert "the disk is full" in words_of(card(after(the_work(), recent=(finding,))))


def test_the_rows_put_the_work_first() -> None:
    rows = [block for block in card(after([])) if block["type"] == "actions"]

    assert [list(captions(row).values()) for row in rows] == [
        ["Hypothesis…", "Test…", "Fix…", "Log…"],
        ["Work-up…", "Severity…", "Take the lead", "Hand over…", "Resolve…"],
    ]


def test_a_resolved_card_asks_for_nothing() -> None:
    done = after(the_work())
    built = card(
        after(
            [*the_work(), Ended(name="A1", outcome=Outcome.WORKED)],
            text="x",
            incident=done.incident.resolve(by=ANA, cause="string columns", at=NOON),
        )
    )

    assert [*captions(built)] == ["log", "reopen", "workup"]
    assert "Next:" not in words_of(built)
    assert "Overdue" not in words_of(built)
    assert "collator gets string columns" in words_of(built)


def test_the_notification_says_what_is_likeliest() -> None:
    post = post_card(after(the_work()))

    assert "Likeliest A 63%: collator gets string columns, C 11%, B 4%, something else 22%" in post.text


def test_a_card_shown_in_an_answer_has_no_buttons() -> None:
    assert captions(card(after(failed()), buttons=False)) == {}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_a_crowded_card_and_none_pings(text: str) -> None:
    update = update_card(crowded(text))

    assert update is not None
    judged(update.blocks)
    assert quiet(update.text)
    assert all_quiet(update.blocks)
    assert len(update.text) <= 3500


def test_a_crowded_card_stays_short_and_says_what_it_leaves_out() -> None:
    built = card(crowded("thirty words of one line\n" * 30))

    assert len(built) <= 20
    assert "more in the work-up" in words_of(built)


def test_a_must_not_miss_is_never_folded_away() -> None:
    quiet_ones = [Suspect(letter=letter, statement="a cause", p=0.1, impact=1) for letter in "ABCDEF"]
    grave = Suspect(letter="G", statement="data is being destroyed", p=0.02, impact=5)

    built = card(after([Named(hypotheses=(*quiet_ones, grave))]))
    assert "data is being destroyed" in words_of(built)


def test_a_severity_is_not_part_of_the_work() -> None:
    chart = after([Asked(test=1, question="look", minutes=5)])

    assert f"SEV{Severity.SEV2.value}" in words_of(card(chart))
    assert "Next:" not in words_of(card(chart))
