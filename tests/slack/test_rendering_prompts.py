"""How prompts look: each question with what answers it, whatever people have typed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.notice import Escalated, Prompted
from bot.domain.prompts.question import Prompt, PromptKind
from bot.domain.therapy.treatment import Outcome
from bot.domain.ward import Chart
from bot.domain.work.steps import Asked, Ended, Named, Started, Suspect
from bot.slack.render import modals, peace
from bot.slack.render.card import card
from bot.slack.render.prompt import SHOWN
from bot.slack.render.prompt_words import offers_of
from bot.slack.render.prompt_words import words_of as asks
from bot.slack.render.thread import render_in_thread
from tests.slack.charts import (
    ANA,
    BEN,
    HERE,
    HOSTILE,
    NOON,
    SEVEN,
    after,
    all_quiet,
    captions,
    crowded,
    failed,
    judged,
    judged_view,
    nodes,
    quiet,
    the_work,
    words_of,
)

ABOUT = {
    PromptKind.RESULT: "T2",
    PromptKind.WINDOW: "A1",
    PromptKind.REVERT: "A1",
    PromptKind.ACTION: "TD1",
    PromptKind.TIME_OUT: "failed A1",
    PromptKind.REEVALUATION: "20261123T1230",
}
HOUR = timedelta(hours=1)
PROMPTED = Prompted(incident=SEVEN, living=1)


def prompt(kind: PromptKind, **changes: Any) -> Prompt:
    fields: dict[str, Any] = {"about": ABOUT.get(kind, ""), "due_at": NOON, "asks": 1, "asked_at": NOON}
    return Prompt(kind=kind, **fields | changes)


def asking(*prompts: Prompt, chart: Chart | None = None, **changes: Any) -> Chart:
    found = chart or after(the_work())
    return after((), workup=found.workup, prompts=prompts, **changes)


@pytest.mark.parametrize("kind", PromptKind)
def test_every_kind_of_prompt_has_its_words_and_something_to_answer_it_with(kind: PromptKind) -> None:
    chart = asking(prompt(kind))

    post = render_in_thread(PROMPTED, chart)

    judged(post.blocks)
    assert asks(prompt(kind), chart) in words_of(post.blocks)
    assert captions(post.blocks).keys() - {"snooze:15", "snooze:60", "snooze_until", "decline"}
    assert not post.broadcast


def test_new_hypotheses_are_asked_for_with_the_reason_that_is_the_case() -> None:
    weak = Named(hypotheses=tuple(Suspect(letter=each, statement="x", p=0.15) for each in "ABCDEF"))
    vague = Named(hypotheses=(Suspect(letter="A", statement="x", p=0.4),))

    assert "Nothing named is likely: the likeliest has only 15%." in asks(
        prompt(PromptKind.OTHER), after([weak])
    )
    assert "“Something else” has 60%." in asks(prompt(PromptKind.OTHER), after([vague]))


def test_what_cannot_be_undone_is_not_asked_whether_it_was_taken_back() -> None:
    fix = Started(name="A1", plan="A", text="x", window=timedelta(minutes=1), irreversible=True)
    chart = after([fix, Ended(name="A1", outcome=Outcome.FAILED, words="")])

    found = prompt(PromptKind.REVERT)

    assert asks(found, chart) == "A1 failed and cannot be undone. Who answers for leaving it, and why?"
    assert [each.does for each in offers_of(found, chart)] == ["leave:A1"]


@pytest.mark.parametrize("kind", PromptKind)
@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_people_typed_breaks_a_prompt_or_pings_anybody(kind: PromptKind, typed: str) -> None:
    chart = asking(prompt(kind), chart=crowded(typed), text=typed, names={ANA: typed, BEN: typed})

    for notice in (PROMPTED, Escalated(incident=SEVEN, kind=kind.value, about=ABOUT.get(kind, ""))):
        post = render_in_thread(notice, chart)

        judged(post.blocks)
        assert all_quiet(post.blocks)
        assert quiet(post.text)


def test_everything_at_once_is_still_one_message_and_names_what_it_leaves_out() -> None:
    post = render_in_thread(PROMPTED, asking(*map(prompt, PromptKind)))

    judged(post.blocks)
    assert f"{len(PromptKind)} things to answer here" in words_of(post.blocks)
    assert len([block for block in post.blocks if str(block.get("block_id")).startswith("answer:")]) <= SHOWN
    assert "a time-out" in words_of(post.blocks)


def test_the_lead_is_called_once_and_whoever_else_owes_an_answer_beside_it() -> None:
    work = after([*the_work(), Asked(test=4, question="swap the node", owner=ANA)])
    chart = asking(*(prompt(PromptKind.RESULT, about=test) for test in ("T3", "T4")), chart=work)

    mentioned = [
        node["user_id"] for node in nodes(render_in_thread(PROMPTED, chart).blocks) if "user_id" in node
    ]

    assert mentioned == [BEN, ANA]


def test_what_was_snoozed_offers_no_second_snooze() -> None:
    chart = asking(prompt(PromptKind.LEAD, snoozed_until=NOON))

    found = captions(render_in_thread(PROMPTED, chart).blocks)

    assert "snooze:15" not in found
    assert "decline" in found


def test_a_prompt_that_is_answered_shrinks_to_a_line_that_says_when_the_next_one_comes() -> None:
    later = prompt(PromptKind.RESULT, asks=0, asked_at=None)
    chart = asking(later, upcoming=(NOON + timedelta(minutes=40), (later,)))

    post = render_in_thread(PROMPTED, chart)

    [block] = post.blocks
    assert "Answered. Next prompt 2026-11-23 12:40 UTC: the result of T2" in post.text.replace(
        "<!date^1795437600^{time}|", ""
    ).replace(">", "")
    assert block["type"] == "context"


def test_a_lead_who_owes_none_of_the_answers_is_not_called() -> None:
    work = after([*the_work(), Asked(test=4, question="is the node bad?", owner=ANA)])
    chart = asking(prompt(PromptKind.RESULT, about="T4"), chart=work)

    post = render_in_thread(PROMPTED, chart)

    mentioned = [node["user_id"] for node in nodes(post.blocks) if node.get("type") == "user"]
    assert chart.incident.lead == BEN
    assert mentioned == [ANA]
    assert "is the node bad? What did it show?" in post.text


def test_an_escalation_has_four_labelled_lines_and_is_shown_in_the_channel() -> None:
    chart = asking(prompt(PromptKind.REVERT), chart=after(failed()))

    post = render_in_thread(Escalated(incident=SEVEN, kind="revert", about="A1"), chart)

    judged(post.blocks)
    assert post.broadcast
    lines = post.text.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "Situation",
        "Background",
        "Assessment",
        "Recommendation",
    ]
    assert "INC-7, SEV2: Loss is NaN since step 3100" in lines[0]
    assert "Likeliest is A" in lines[2]
    assert "Has it been taken back?" in lines[3]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            prompt(PromptKind.REVERT, due_at=NOON - HOUR * 9, asks=1, asked_at=NOON - HOUR),
            "Nobody has answered for 1 h 0 min",
        ),
        (
            prompt(PromptKind.REVERT, due_at=NOON, asks=2, asked_at=NOON - HOUR),
            "Asked twice, the last time 1 h 0 min ago, and nobody has answered",
        ),
        (
            prompt(PromptKind.REVERT, due_at=NOON, asks=2, asked_at=NOON),
            "Asked twice, the last time just now, and nobody has answered",
        ),
        (prompt(PromptKind.REVERT, due_at=NOON - HOUR * 9), "Asked just now"),
    ],
)
def test_an_escalation_counts_from_when_people_were_asked_and_not_from_when_it_was_due(
    asked: Prompt, said: str
) -> None:
    chart = asking(asked, chart=after(failed()), at=NOON)

    post = render_in_thread(Escalated(incident=SEVEN, kind="revert", about="A1"), chart)

    assert f"{said}: the revert of A1." in post.text


def test_reevaluations_in_vain_count_from_the_first_since_anybody_was_heard_of() -> None:
    beats = [
        prompt(PromptKind.REEVALUATION, about=str(hours), asked_at=NOON - hours * HOUR) for hours in (9, 2, 1)
    ]
    chart = asking(*beats, at=NOON)
    chart = replace(chart, incident=replace(chart.incident, active_at=NOON - 3 * HOUR))

    post = render_in_thread(Escalated(incident=SEVEN, kind="re-evaluation", about="1"), chart)

    assert "Asked 2 times, nobody has answered for 2 h 0 min: re-evaluation." in post.text


def test_the_list_of_prompts_tells_of_re_evaluations_once() -> None:
    again = [
        prompt(PromptKind.REEVALUATION, about=str(place), asks=asks, due_at=NOON + place * HOUR)
        for place, asks in ((-2, 1), (-1, 1), (1, 0), (2, 0))
    ]
    put_off = [replace(each, snoozed_until=NOON + 3 * HOUR) for each in again[2:]]

    asked, snoozed, to_come = (peace.asked(asking(*found))["text"] for found in (again, put_off, again[2:]))

    assert asked.count("re-evaluation") == snoozed.count("re-evaluation") == 1
    assert to_come.count("re-evaluation") == 1
    assert "asked once" in asked
    assert "snoozed until" in snoozed


def test_what_is_further_away_than_half_a_day_has_its_date() -> None:
    far, near = (prompt(PromptKind.RESULT, snoozed_until=NOON + each * HOUR) for each in (30, 2))

    posts = [
        render_in_thread(PROMPTED, asking(each, upcoming=(each.snoozed_until, (each,))))
        for each in (far, near)
    ]

    dates = ["{date_short_pretty} at {time}" in f"{post.text} {post.blocks}" for post in posts]
    assert dates == [True, False]


def test_while_prompts_are_off_nothing_is_asked_and_no_button_is_left() -> None:
    post = render_in_thread(PROMPTED, asking(prompt(PromptKind.REVERT), prompts_off_by=ANA))

    assert captions(post.blocks) == {}
    assert post.text.startswith("Prompts are off, by @ana.")


def test_what_comes_again_is_declined_for_this_time_only() -> None:
    chart = asking(prompt(PromptKind.DIFFERENTIAL), prompt(PromptKind.REEVALUATION))

    offered = str(modals.decline_view(chart, HERE))

    assert "A first differential, not again" in offered
    assert "Re-evaluation, not this time" in offered


def test_an_escalation_that_is_answered_or_declined_calls_nobody_any_more() -> None:
    notice = Escalated(incident=SEVEN, kind="lead", about="")

    answered = render_in_thread(notice, asking(prompt(PromptKind.LEAD, answered_at=NOON)))
    declined = render_in_thread(notice, asking(prompt(PromptKind.LEAD, declined_at=NOON)))

    assert answered.text == ":white_check_mark: INC-7: who leads, answered."
    assert declined.text == ":white_check_mark: INC-7: who leads, declined."
    assert captions(answered.blocks) == {}


def test_the_card_says_when_the_next_prompt_comes_or_who_wants_none() -> None:
    coming = prompt(PromptKind.REEVALUATION, asks=0)

    assert "Next prompt" in words_of(card(asking(upcoming=(NOON + timedelta(hours=1), (coming,)))))
    assert "Prompts are off, by @ana" in words_of(card(asking(prompts_off_by=ANA)))


def test_the_modals_of_a_prompt_ask_until_when_and_what_is_declined_why() -> None:
    chart = asking(*map(prompt, PromptKind))

    judged_view(modals.snooze_view(chart, HERE))
    judged_view(modals.decline_view(chart, HERE))
    judged_view(modals.decline_view(asking(), HERE))


@pytest.mark.parametrize("typed", HOSTILE)
def test_the_list_of_prompts_stays_short_and_harmless(typed: str) -> None:
    many = [prompt(PromptKind.RESULT, about=f"T{number}") for number in range(200)]

    answer = peace.asked(asking(*many, text=typed, names={ANA: typed}, prompts_off_by=ANA))

    assert len(answer["text"]) < 4000
    assert quiet(answer["text"])
