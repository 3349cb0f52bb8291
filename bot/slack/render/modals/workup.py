"""The modal with the whole work-up, each thing with its buttons, and the modal that says: why this test."""

from collections.abc import Iterator, Sequence
from itertools import islice

from bot.domain.diagnosis.arguing import Stance
from bot.domain.diagnosis.differential import Hypothesis, by_likelihood
from bot.domain.diagnosis.estimate import percent
from bot.domain.diagnosis.next_test import Advice, details, explain
from bot.domain.ids import ChannelId, shown
from bot.domain.offer import Offer
from bot.domain.terms import written_span
from bot.domain.ward import Chart
from bot.domain.work.counsel import plans_in_order
from bot.domain.work.steps import Planned
from bot.domain.work.workup import Change, Evidence
from bot.slack.render import blocks, standing
from bot.slack.render import buttons as button_rows
from bot.slack.render.calls import Block, View
from bot.slack.render.differential import IN_FULL, person, table
from bot.slack.render.modals.actions import actions_section
from bot.slack.render.modals.form import modal, place_of
from bot.slack.render.modals.readiness import contingencies_section
from bot.slack.render.modals.vitals import vitals_section

MOST_BLOCKS = 98
HYPOTHESES, TESTS, RESULTS, PLANS, ENDED, HISTORY, EVIDENCE = 12, 8, 10, 6, 8, 12, 4
SIGNS = {Stance.FOR: "+", Stance.AGAINST: "–", Stance.ABSENT: "expected, and absent:"}


def workup_view(chart: Chart, here: ChannelId | None) -> View:
    """Everything about the diagnosis and treatment of an incident, each thing with its buttons."""
    parts = [
        *_top(chart),
        *vitals_section(chart),
        *_differential(chart),
        *_tests(chart),
        *actions_section(chart),
        *contingencies_section(chart),
        *_plans(chart),
        *_interventions(chart),
        *_history(chart),
    ]
    built = list(islice(parts, MOST_BLOCKS))
    if len(parts) > len(built):
        built.append(blocks.context("There is more than a modal can hold."))
    name = shown(chart.incident.number)
    return modal("workup", f"{name}: work-up", None, built, place_of(chart, here))


def _top(chart: Chart) -> Iterator[Block]:
    """What adds something, and what shows more."""
    value = button_rows.value_of(chart)
    if chart.incident.resolved_at is None:
        adding = [("hypothesis", "Hypothesis…"), ("test", "Test…"), ("plan", "Plan…"), ("fix", "Fix…")]
        adding += [("vital", "Vital signs…"), ("todo", "Action…"), ("if", "If, then…")]
        adding += [("impact", "Impact…"), ("onset", "Onset…"), ("stability", "Stability…")]
        yield from blocks.offers("add", [Offer(label=label, does=does) for does, label in adding], value)
    showing = [("picture", "Picture")]
    if chart.log:
        showing.append(("show_log", "Show log"))
    if chart.incident.resolved_at is None:
        showing += [("second_opinion", "Second opinion…"), ("checklist", "Post the checklist")]
    if chart.advice:
        showing.append(("why", "Next test: why?"))
    yield from blocks.offers("show", [Offer(label=label, does=does) for does, label in showing], value)


def _differential(chart: Chart) -> Iterator[Block]:
    if not chart.workup.differential.hypotheses:
        yield blocks.context("No hypotheses yet. `dx: what it could be 30%` in the thread, or *Hypothesis…*.")
        return
    yield blocks.header("Differential")
    yield blocks.rich(*table(chart.workup.differential, chart.names, IN_FULL))
    ordered = [*by_likelihood(chart.workup.differential)]
    ordered += [each for each in chart.workup.differential.hypotheses if not each.live]
    for each in ordered[:HYPOTHESES]:
        yield from _hypothesis(each, chart)
    if len(ordered) > HYPOTHESES:
        yield blocks.context(f"and {len(ordered) - HYPOTHESES} more")


def _hypothesis(each: Hypothesis, chart: Chart) -> Iterator[Block]:
    """What argues about a hypothesis, and what can be done about it."""
    said = chart.workup.evidence.get(each.letter, ())
    if said:
        lines = [_evidence(one, chart) for one in said[-EVIDENCE:]]
        older = [blocks.line(blocks.faint(f"and {len(said) - EVIDENCE} older"))]
        yield blocks.rich(
            blocks.line(blocks.words(f"{each.letter}: what argues about it", bold=True)),
            blocks.bullets(lines),
            *(older if len(said) > EVIDENCE else []),
        )
    if chart.incident.resolved_at is None:
        offered = button_rows.of_hypothesis(chart, each)
        yield from blocks.offers(f"of-{each.letter}", offered, button_rows.value_of(chart))


def _evidence(said: Evidence, chart: Chart) -> Block:
    return blocks.line(
        blocks.words(f"{SIGNS[said.stance]} ", bold=True),
        blocks.words(blocks.one_line(said.words, chart.names, 200)),
        blocks.faint(f"  {person(said.by, chart.names)}"),
    )


def _tests(chart: Chart) -> Iterator[Block]:
    open_ones, results = chart.workup.open_tests, chart.workup.results
    if open_ones or results:
        yield blocks.header("Tests")
    value = button_rows.value_of(chart)
    for each in open_ones[-TESTS:]:
        yield blocks.rich(standing.test_line(chart, each))
        if chart.incident.resolved_at is None:
            yield from blocks.offers(f"of-{each.name}", button_rows.of_test(chart, each), value)
    newest = standing.newest_results(chart.workup)
    if newest:
        yield blocks.rich(blocks.bullets(standing.result_line(chart, each) for each in newest[-RESULTS:]))
        if chart.incident.resolved_at is None:
            yield from button_rows.of_waiting(chart)
    left = max(len(open_ones) - TESTS, 0) + max(len(results) - RESULTS, 0)
    if left:
        yield blocks.context(f"and {left} older")


def _plans(chart: Chart) -> Iterator[Block]:
    """Plans by how likely they hit the cause per minute they cost, the best first."""
    ordered = plans_in_order(chart.workup)
    if ordered:
        yield blocks.header("Plans, the best first")
    if chart.treat:
        yield blocks.rich(*standing.treat(chart))
    for each in ordered[:PLANS]:
        yield _plan(each, chart)
        if chart.incident.resolved_at is None:
            start = Offer(label=f"Start {each.plan}…", does=f"fix:plan:{each.plan}")
            yield from blocks.offers(f"plan-{each.plan}", [start], button_rows.value_of(chart))
    if len(ordered) > PLANS:
        yield blocks.context(f"and {len(ordered) - PLANS} more")


def _hits(plan: Planned, chart: Chart) -> float:
    return chart.workup.differential.p(plan.target) if plan.target else 0.0


def _plan(plan: Planned, chart: Chart) -> Block:
    aim = f"for {plan.target} ({percent(_hits(plan, chart))})" if plan.target else ""
    facts = [
        aim,
        f"costs {written_span(plan.costs)}" if plan.costs else "nobody has said what it costs",
        f"saves {written_span(plan.saves)}" if plan.saves else "",
        f"revert: {blocks.one_line(plan.revert, chart.names, 100)}" if plan.revert else "",
        "cannot be undone" if plan.irreversible else "",
    ]
    return blocks.rich(
        blocks.line(
            blocks.words(f"{plan.plan} ", bold=True),
            blocks.words(blocks.one_line(plan.text, chart.names, 200)),
            blocks.faint(f"  {' · '.join(fact for fact in facts if fact)}"),
        )
    )


def _interventions(chart: Chart) -> Iterator[Block]:
    workup = chart.workup
    if not workup.interventions:
        return
    yield blocks.header("Interventions")
    parts: list[Block] = []
    if workup.active:
        parts += standing.running(chart, workup.active)
    if workup.owing_revert:
        parts.append(standing.owed(chart, workup.owing_revert))
    over = standing.past(workup)
    parts += [standing.ended(chart, each) for each in over[-ENDED:]]
    if len(over) > ENDED:
        parts.append(blocks.line(blocks.faint(f"and {len(over) - ENDED} older")))
    if parts:
        yield blocks.rich(*parts)
    if chart.incident.resolved_at is None:
        yield from button_rows.now(chart)


def _history(chart: Chart) -> Iterator[Block]:
    history = chart.workup.history
    if history:
        yield blocks.header("What changed the numbers")
        yield blocks.rich(blocks.bullets(_change(each, chart) for each in _newest(history)))
    if len(history) > HISTORY:
        yield blocks.context(f"and {len(history) - HISTORY} older; *Picture* shows them all")


def _newest(history: Sequence[Change]) -> list[Change]:
    return [*reversed(history[-HISTORY:])]


def _change(each: Change, chart: Chart) -> Block:
    return blocks.line(
        blocks.words(blocks.one_line(each.told, chart.names, 200)),
        blocks.faint(f"  {person(each.by, chart.names)}, "),
        blocks.moment(each.at),
    )


def why_view(chart: Chart, here: ChannelId | None) -> View:
    """Why this test: in words, then in numbers, and why not the others."""
    name = shown(chart.incident.number)
    parts = [*_why(chart.advice, chart)] if chart.advice else []
    built = parts or [blocks.section("No test is open. `test: what to look at (5m)` asks for one.")]
    return modal("why", f"{name}: next test", None, built, place_of(chart, here))


def _why(advice: Advice, chart: Chart) -> Iterator[Block]:
    first, *rest = blocks.plain(explain(advice), chart.names, 2500).splitlines()
    yield blocks.rich(
        blocks.line(blocks.words(first, bold=True)), *(blocks.line(blocks.words(line)) for line in rest)
    )
    if advice.best:
        yield blocks.rich(blocks.code(blocks.plain(details(advice.best), {}, 2500)))
        exact = "No order of these tests is expected to cost less." if advice.exact else ""
        near = "There are too many tests for an exact plan: most information per minute comes first."
        yield blocks.context(exact or near)
    if advice.unranked:
        names = ", ".join(advice.unranked[:20])
        yield blocks.section(f"Not ranked, because nobody has said what each hypothesis expects: *{names}*")
        silent = [Offer(label=f"{each}…", does=f"expects:{each}") for each in advice.unranked[:5]]
        yield from blocks.offers("unranked", silent, button_rows.value_of(chart))
    if advice.changes_nothing:
        yield blocks.section(f"Will not change what we do: *{', '.join(advice.changes_nothing[:20])}*")
