"""The modals of the work: what they ask, and that an answer becomes the words a person would have typed."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.chart import Kind
from bot.domain.errors import NotUnderstood
from bot.domain.ward import Chart
from bot.domain.work.closing import lacking
from bot.domain.work.steps import Asked, Found, Named, Planned, RuledOut, Suspect
from bot.slack.render import modals
from bot.slack.render.calls import View
from tests.slack.charts import (
    ANA,
    COLLATOR,
    HERE,
    HOSTILE,
    after,
    all_quiet,
    captions,
    crowded,
    entry,
    expecting,
    failed,
    judged_view,
    nodes,
    the_work,
    words_of,
)


def every_view(chart: Chart) -> list[View]:
    return [
        modals.hypothesis_view(chart, HERE, text="a message"),
        *(modals.revise_view(chart, HERE, each.letter) for each in chart.workup.differential.hypotheses[:3]),
        modals.test_view(chart, HERE),
        *(modals.expects_view(chart, HERE, each.number) for each in chart.workup.tests[:3]),
        *(modals.result_view(chart, HERE, each.number) for each in chart.workup.tests[:1]),
        modals.fix_view(chart, HERE),
        *(modals.fix_view(chart, HERE, plan=each.plan) for each in chart.workup.plans[:1]),
        modals.plan_view(chart, HERE),
        *(modals.leave_view(chart, HERE, each.name) for each in chart.workup.interventions[:1]),
        *(modals.revert_view(chart, HERE, each.name) for each in chart.workup.interventions[:1]),
        *(modals.waive_view(chart, HERE, each.letter) for each in chart.workup.differential.live[:1]),
        modals.resolve_view(chart, HERE, lacking(chart.workup, gone="")),
        modals.opinion_view(chart, HERE, 1),
        modals.second_opinion_view(chart, HERE),
        modals.workup_view(chart, HERE),
        modals.why_view(chart, HERE),
        modals.show_log_view(chart, HERE),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_a_modal_about_a_crowded_chart(text: str) -> None:
    for view in every_view(crowded(text)):
        judged_view(view)
        assert all_quiet(view)


@pytest.mark.parametrize("chart", [after([]), after(the_work()), after(failed(), minutes=90)])
def test_every_modal_is_one_that_slack_opens(chart: Chart) -> None:
    for view in every_view(chart):
        judged_view(view)
        assert "C0HERE" in view["private_metadata"]


def test_thirty_lines_of_everything_fit_into_the_modals() -> None:
    for view in every_view(crowded("thirty words of one line\n" * 30, hypotheses=26, tests=40)):
        judged_view(view)


def block(view: View, block_id: str) -> dict[str, Any]:
    return next(each for each in view["blocks"] if each.get("block_id") == block_id)


def initial(view: View, block_id: str) -> str | None:
    element = block(view, block_id)["element"]
    chosen = element.get("initial_option") or {"value": element.get("initial_value")}
    value: str | None = chosen["value"]
    return value


def test_a_hypothesis_is_asked_with_the_menu_of_probabilities() -> None:
    asked = modals.hypothesis_view(after([]), HERE)

    assert "exceptionally unlikely (<1%)" in block(asked, "probability")["hint"]["text"]


def test_a_hypothesis_is_ruled_out_by_a_finished_test_or_by_nobodys() -> None:
    chart = after(the_work())
    options = block(modals.revise_view(chart, HERE, "B"), "ruled_out_by")["element"]["options"]

    assert [each["value"] for each in options] == ["1", "nobody"]


def test_what_is_ruled_out_can_be_considered_again() -> None:
    chart = after([*the_work(), RuledOut(letter="B", test=1)])

    view = modals.revise_view(chart, HERE, "B")
    assert "B ruled out" in words_of(view)
    assert "ruled_out_by" not in [each.get("block_id") for each in view["blocks"]]


def test_a_letter_that_nobody_gave_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        modals.revise_view(after([]), HERE, "Z")
    with pytest.raises(NotUnderstood):
        modals.expects_view(after([]), HERE, 1)
    with pytest.raises(NotUnderstood):
        modals.leave_view(after([]), HERE, "A1")
    with pytest.raises(NotUnderstood):
        modals.fix_view(after([]), HERE, plan="C")


def test_more_hypotheses_than_boxes_become_a_menu() -> None:
    twelve = Named(hypotheses=tuple(Suspect(letter=letter, statement="x") for letter in "ABCDEFGHIJKL"))

    few, many = modals.test_view(after([COLLATOR]), HERE), modals.test_view(after([twelve]), HERE)

    assert block(few, "bears_on")["element"]["type"] == "checkboxes"
    assert block(many, "bears_on")["element"]["type"] == "multi_static_select"


def test_what_is_expected_shows_what_was_said_and_asks_first_what_was_not() -> None:
    chart = after([COLLATOR, Asked(test=1, question="run it"), expecting(1, B=0.95, A=0.7)])
    view = modals.expects_view(chart, HERE, 1)

    assert [each["block_id"] for each in view["blocks"] if each["type"] == "input"] == [
        "expects-C",
        "expects-B",
        "expects-A",
        "exact",
    ]
    assert initial(view, "expects-B") == "positive"
    assert initial(view, "expects-A") is None
    assert "(now 70%)" in block(view, "expects-A")["label"]["text"]


def test_a_fix_is_aimed_at_the_likeliest_within_the_window_of_its_severity() -> None:
    view = modals.fix_view(after([COLLATOR]), HERE)

    assert initial(view, "target") == "B"
    assert initial(view, "window") == "30m"
    assert initial(modals.fix_view(after([COLLATOR]), HERE, target="C"), "target") == "C"


def test_a_fix_that_starts_a_plan_is_filled_with_it() -> None:
    view = modals.fix_view(after(the_work()), HERE, plan="B")

    assert (initial(view, "text"), initial(view, "target"), initial(view, "revert")) == (
        "pin datasets<3.0",
        "A",
        "unpin it",
    )


def test_somebody_who_types_a_second_fix_is_told_before_that_one_is_running() -> None:
    assert "A1 is still running" in words_of(modals.fix_view(after(the_work()), HERE))
    assert "A1 failed and is still in place" in words_of(modals.fix_view(after(failed()), HERE))


def test_a_plan_takes_the_first_free_letter() -> None:
    assert initial(modals.plan_view(after(the_work()), HERE), "plan") == "C"


def test_plans_come_in_order_of_probability_per_minute() -> None:
    slow = Planned(plan="C", text="rebuild", target="A", costs=timedelta(hours=5))
    final = Planned(plan="D", text="drop", target="A", costs=timedelta(minutes=1), irreversible=True)

    shown = captions(modals.workup_view(after([*the_work(), final, slow]), HERE))
    assert [name for name in shown if name.startswith("fix:plan")] == [
        "fix:plan:B",
        "fix:plan:C",
        "fix:plan:D",
    ]


def test_closing_lists_what_is_missing_with_the_buttons_that_mend_it() -> None:
    chart = after(failed())
    view = modals.resolve_view(chart, HERE, lacking(chart.workup, gone=""))

    assert {"hypothesis:C", "waive:C", "ended:A1:reverted", "leave:A1", "watch"} == captions(view).keys()
    assert captions(view)["watch"] == "Not sure: watch for 30m"
    assert block(view, "override")["optional"]
    assert words_of(view).count("Is the symptom gone") == 1


def test_closing_with_nothing_missing_asks_for_no_reason() -> None:
    view = modals.resolve_view(after([]), HERE)

    assert "override" not in [each.get("block_id") for each in view["blocks"]]
    assert block(view, "cause")["element"]["type"] == "plain_text_input"


def test_the_work_up_has_everything_with_its_buttons() -> None:
    view = modals.workup_view(after(failed(), log=entry(Kind.LOG, "x")), HERE)

    shown = words_of(view)
    for expected in (
        "By harm:  C, A, B",
        "KeyError 'text' in row 3",
        "T2  load the checkpoint",
        "B  pin datasets<3.0",
        "for A (30%) · costs 10m · saves 2h · revert: unpin it",
        "A1 failed and is still in place",
        "A1 failed: A 63% → 30%",
    ):
        assert expected in shown
    assert {
        "hypothesis",
        "hypothesis:A",
        "fix:A",
        "waive:C",
        "test",
        "result:T2",
        "expects:T3",
        "fix:plan:B",
        "plan",
        "ended:A1:reverted",
        "leave:A1",
        "picture",
        "show_log",
        "second_opinion",
        "why",
    } <= captions(view).keys()


def test_the_work_up_of_a_resolved_incident_only_shows() -> None:
    chart = after(failed())
    done = chart.incident.resolve(by=ANA, cause="x", at=chart.at)

    assert [*captions(modals.workup_view(after(failed(), incident=done), HERE))] == ["picture", "why"]


def test_why_this_test_is_said_in_words_and_then_in_numbers() -> None:
    shown = words_of(modals.why_view(after(the_work()), HERE))

    assert "Next: T2 load the checkpoint on one GPU (10 min)." in shown
    assert "bit in 10 min" in shown
    assert "Not ranked, because nobody has said what each hypothesis expects: *T3*" in shown
    assert "No test is open" in words_of(modals.why_view(after([]), HERE))


def test_a_test_that_changes_nothing_is_named() -> None:
    again, same = Asked(test=9, question="look again", minutes=5), expecting(9, A=0.5, B=0.5, C=0.5)

    shown = words_of(modals.why_view(after([*the_work(), again, same]), HERE))
    assert "Will not change what we do: *T9*" in shown


def test_a_long_log_is_shown_in_pieces_and_says_where_the_rest_is() -> None:
    long = modals.show_log_view(after([], log=entry(Kind.LOG, "é" * 40_000)), HERE)

    judged_view(long)
    assert "The rest is in the thread." in words_of(long)
    short = modals.show_log_view(after([], log=entry(Kind.LOG, "```\n  indented\n```")), HERE)
    assert "  indented" in words_of(short)


def test_the_opening_modal_asks_for_the_log_and_its_files() -> None:
    view = modals.open_view(HERE)

    assert block(view, "log")["optional"]
    assert block(view, "files")["element"]["type"] == "file_input"


def test_many_hypotheses_are_folded_in_the_work_up() -> None:
    many = Named(hypotheses=tuple(Suspect(letter=letter, statement="x") for letter in "ABCDEFGHIJKLMNOP"))
    view = modals.workup_view(after([many, Asked(test=1, question="q"), Found(test=1)]), HERE)

    assert len(view["blocks"]) <= 100
    assert "and 4 more" in words_of(view)
    assert all(node.get("value") == "7" for node in nodes(view) if node.get("type") == "button")
