"""The modals of the treatment: what is done, what could be done, and what is left in place or waived by name.

What was answered becomes the words of a reply, so that a modal and a person who types say the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from bot.domain.diagnosis.differential import by_likelihood, letter_of
from bot.domain.errors import NotUnderstood
from bot.domain.ids import ChannelId, shown
from bot.domain.terms import read_span, written_span
from bot.domain.therapy.intervention import Intervention
from bot.domain.therapy.treatment import Plan, default_target, default_window, read_fix, written_fix
from bot.domain.ward import Chart
from bot.domain.work.steps import Planned
from bot.slack.render import blocks
from bot.slack.render.calls import Block, View
from bot.slack.render.modals.form import (
    Submission,
    about,
    choice,
    hinted,
    modal,
    number,
    one_line,
    option,
    place_of,
    ticks,
    words,
)

WINDOWS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15, 30, 60, 120, 240, 1440))
IRREVERSIBLE, SURE, DONE = "irreversible", "sure", "done"
LETTERS = 26
_EMPTY = Plan(text="")


def fix_view(
    chart: Chart, here: ChannelId | None, *, target: str | None = None, plan: str | None = None
) -> View:
    """Ask what is done now; *plan* is one that was written down, which fills the form.

    Raises:
        NotUnderstood: There is no such plan.
    """
    planned = known_plan(chart, plan) if plan else None
    now = _as_typed(planned) if planned else _EMPTY
    aimed = target or now.target or default_target(chart.workup.differential)
    asked = [
        *_warning(chart),
        words("text", "What is done?", placeholder="Roll back to commit 3f2a", value=now.text),
        *_targets(chart, aimed),
        *_effect(chart, now),
        _irreversible(now, sure=True),
    ]
    data = place_of(chart, here) | {"plan": plan}
    return modal("fix", f"{shown(chart.incident.number)}: fix", "Start", asked, data)


def _warning(chart: Chart) -> Iterator[Block]:
    """Said before somebody types, and not only when the form is refused."""
    active, owing = chart.workup.active, chart.workup.owing_revert
    if active:
        said = (
            f"{active.name} is still running: say first what became of it, or what this does stays unclear."
        )
        yield blocks.context(f":warning: {said}")
    elif owing:
        still = f"is still in place: {'say first why it stays' if owing.irreversible else 'revert it first'}"
        yield blocks.context(f":warning: {owing.name} failed and {still}.")


def known_plan(chart: Chart, letter: str) -> Planned:
    """The plan of that letter.

    Raises:
        NotUnderstood: There is none.
    """
    found = next((plan for plan in chart.workup.plans if plan.plan == letter), None)
    if found is None:
        raise NotUnderstood(f"There is no plan {letter[:20]}.", "`plan: B pin datasets<3.0; costs 10m`")
    return found


def _as_typed(planned: Planned) -> Plan:
    return Plan(
        text=planned.text,
        plan=planned.plan,
        target=planned.target,
        expect=planned.expect,
        window=planned.window,
        revert=planned.revert,
        costs=planned.costs,
        saves=planned.saves,
        irreversible=planned.irreversible,
    )


def _targets(chart: Chart, aimed: str | None) -> Iterator[Block]:
    live = by_likelihood(chart.workup.differential)
    if live:
        options = [
            option(f"{each.letter}: {blocks.one_line(each.statement, chart.names, 68)}", each.letter)
            for each in live
        ]
        yield choice("target", "For which hypothesis?", options, chosen=aimed, optional=True)


def _effect(chart: Chart, now: Plan) -> Iterator[Block]:
    """What is expected how soon, and the way back."""
    window = now.window or default_window(chart.incident.severity)
    spans = sorted({*WINDOWS, window})
    options = [option(written_span(span), written_span(span)) for span in spans]
    yield words(
        "expect",
        "What should be seen then?",
        optional=True,
        placeholder="Loss is finite",
        value=now.expect or "",
    )
    yield choice("window", "Within what time?", options, chosen=written_span(window), optional=True)
    yield words(
        "revert",
        "How is it taken back?",
        optional=True,
        placeholder="Redeploy 9c1d",
        value=now.revert or "",
    )


def _irreversible(now: Plan, *, sure: bool) -> Block:
    boxes = [option("It cannot be undone", IRREVERSIBLE)]
    if sure:
        boxes.append(option("I know that it cannot be undone", SURE, "Both boxes, if it is so"))
        boxes.append(option("It is done already", DONE, "Bundled with whatever is still running"))
    return ticks("undo", "Tick what is true", boxes, ticked=[IRREVERSIBLE] if now.irreversible else [])


def plan_view(chart: Chart, here: ChannelId | None) -> View:
    """Ask for a way to put it right that is not started yet."""
    written_down = {plan.plan: plan.text for plan in chart.workup.plans}
    letters = [letter_of(place) for place in range(LETTERS)]
    free = next((letter for letter in letters if letter not in _used(chart)), letters[-1])
    options = [option(_plan_line(letter, written_down), letter) for letter in letters]
    asked = [
        words("text", "What could be done?", placeholder="Pin datasets<3.0"),
        choice("plan", "Which plan is it?", options, chosen=free),
        *_targets(chart, default_target(chart.workup.differential)),
        hinted(
            number("costs", "How many minutes does it cost?"),
            "What trying it takes, and what is lost if its target is not true.",
        ),
        hinted(
            number("saves", "How many minutes does it save?"),
            "What doing it now saves, if its target is true. With both I can say: treat, test or watch.",
        ),
        *_effect(chart, _EMPTY),
        _irreversible(_EMPTY, sure=False),
    ]
    return modal("plan", f"{shown(chart.incident.number)}: plan", "Keep", asked, place_of(chart, here))


def _used(chart: Chart) -> set[str]:
    return {plan.plan for plan in chart.workup.plans} | {each.plan for each in chart.workup.interventions}


def _plan_line(letter: str, written_down: dict[str, str]) -> str:
    said = written_down.get(letter)
    return f"{letter}: instead of {blocks.one_line(said, {}, 50)}" if said else letter


def fix_text(form: Submission) -> str:
    """The intervention as it would be typed.

    Raises:
        NotUnderstood: It does not say what is done, or nobody knows yet that it cannot be undone.
    """
    plan = _filled(form, form.data.get("plan"))
    with about("text"):
        if not plan.text:
            raise NotUnderstood("An intervention needs to say what is done.", "“rolled back to 3f2a”")
    with about("undo"):
        if plan.irreversible and SURE not in form.ticked("undo"):
            raise NotUnderstood("It cannot be undone.", "both boxes, if it is meant so")
    return _typed(plan)


def plan_text(form: Submission) -> str:
    """The plan as it would be typed.

    Raises:
        NotUnderstood: It does not say what would be done.
    """
    plan = _filled(form, form.option("plan"))
    with about("text"):
        if not plan.text:
            raise NotUnderstood("A plan needs to say what would be done.", "“pin datasets<3.0”")
    minutes = {name: form.number(name) for name in ("costs", "saves")}
    spans = {name: timedelta(minutes=value) if value else None for name, value in minutes.items()}
    return _typed(replace(plan, costs=spans["costs"], saves=spans["saves"]))


def _filled(form: Submission, letter: str | None) -> Plan:
    return Plan(
        text=one_line(form.text("text")),
        plan=letter,
        target=form.option("target"),
        expect=one_line(form.text("expect")) or None,
        window=read_span(form.option("window") or ""),
        revert=one_line(form.text("revert")) or None,
        irreversible=bool({IRREVERSIBLE, SURE} & form.ticked("undo")),
    )


def _typed(plan: Plan) -> str:
    """The plan in words; a semicolon in a field would end its part, so it becomes a comma where it has to."""
    said = written_fix(plan)
    if read_fix(said) == plan:
        return said
    return written_fix(
        replace(
            plan,
            text=plan.text.replace(";", ","),
            expect=plan.expect and plan.expect.replace(";", ","),
            revert=plan.revert and plan.revert.replace(";", ","),
        )
    )


def leave_view(chart: Chart, here: ChannelId | None, name: str) -> View:
    """Ask why something that failed stays in place.

    Raises:
        NotUnderstood: There is no such intervention.
    """
    each = known_intervention(chart, name)
    asked = [
        _about(f"{name} failed: ", each.text, chart),
        hinted(
            words("reason", "Why does it stay in place?", lines=True),
            "Your name stands behind it. What is tried next stands on it.",
        ),
    ]
    data = place_of(chart, here) | {"name": name}
    return modal("leave", f"{shown(chart.incident.number)}: leave {name}", "Leave it", asked, data)


def revert_view(chart: Chart, here: ChannelId | None, name: str) -> View:
    """Ask how something is taken back.

    Raises:
        NotUnderstood: There is no such intervention.
    """
    each = known_intervention(chart, name)
    asked = [
        _about(f"{name}: ", each.text, chart),
        words("revert", "How is it taken back?", placeholder="Redeploy 9c1d", value=each.revert or ""),
    ]
    data = place_of(chart, here) | {"name": name}
    return modal("revert", f"{shown(chart.incident.number)}: revert {name}", "Keep", asked, data)


def waive_view(chart: Chart, here: ChannelId | None, letter: str) -> View:
    """Ask why a must-not-miss need not be excluded.

    Raises:
        NotUnderstood: There is no such letter.
    """
    each = chart.workup.differential.named(letter)
    asked = [
        _about(f"{letter} must not be missed (impact {each.impact}): ", each.statement, chart),
        hinted(words("reason", "Why need it not be excluded?", lines=True), "Your name stands behind it."),
    ]
    data = place_of(chart, here) | {"letter": letter}
    return modal("waive", f"{shown(chart.incident.number)}: waive {letter}", "Waive it", asked, data)


def _about(head: str, said: str, chart: Chart) -> Block:
    shown_text = blocks.one_line(said, chart.names, 600)
    return blocks.rich(blocks.line(blocks.words(head, bold=True), blocks.words(shown_text)))


def known_intervention(chart: Chart, name: str) -> Intervention:
    """The intervention of that name.

    Raises:
        NotUnderstood: There is none.
    """
    found = chart.workup.intervention(name)
    if found is None:
        raise NotUnderstood(f"There is no intervention {name[:20]}.", _names(chart.workup.interventions))
    return found


def _names(interventions: Iterable[Intervention]) -> str:
    return ", ".join(each.name for each in interventions) or "`fix: what was done`"
