"""What the next person has to know before all else, as parts of a rich text: since when, how bad, what if."""

from collections.abc import Iterator, Sequence

from bot.domain.chart import Entry, Kind
from bot.domain.readiness.contingency import Contingency
from bot.domain.readiness.said import Nothing
from bot.domain.readiness.telling import says_nothing
from bot.domain.signs.stability import Stability
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.calls import Block
from bot.slack.render.differential import person

TEXT_LIMIT = 120
IMPACT_LIMIT = 200
SHOWN = 3


def told(entry: Entry, chart: Chart) -> bool:
    """Whether an entry is shown already, or says that there is nothing of a kind and is out of date."""
    if entry.kind is Kind.VITAL and says_nothing(Nothing.VITALS, entry.text):
        return Nothing.VITALS not in chart.workup.attested
    return entry.kind is Kind.CONTINGENCY and bool(chart.workup.contingencies)


def known(chart: Chart) -> bool:
    """Whether anybody has said any of it."""
    workup = chart.workup
    return bool(workup.onset or workup.impact or workup.judged or workup.contingencies)


def outline(chart: Chart) -> Iterator[Block]:
    """Since when it goes on and whom it hurts, in one line; then a person's word for the stability."""
    workup = chart.workup
    parts: list[Block] = []
    if workup.onset:
        parts += [blocks.words("Since ", bold=True), blocks.moment(workup.onset)]
    if workup.impact:
        parts += [blocks.words(" · ")] if parts else []
        parts.append(blocks.words("impact: " if parts else "Impact: ", bold=True))
        parts.append(blocks.words(blocks.one_line(workup.impact.words, chart.names, IMPACT_LIMIT)))
    if parts:
        yield blocks.line(*parts)
    if chart.incident.resolved_at is None:
        yield from _judged(chart)


def _judged(chart: Chart) -> Iterator[Block]:
    judged, signs = chart.workup.judged, chart.workup.condition.word
    if judged is None:
        return
    reason = blocks.one_line(judged.reason, chart.names, TEXT_LIMIT)
    beside = "" if signs is Stability.UNKNOWN else f"; signs say {signs.value}"
    yield blocks.line(
        blocks.words(judged.word.value.capitalize(), bold=True),
        blocks.words(f" (said @{person(judged.by, chart.names)}: {reason}{beside})"),
    )


def contingencies(chart: Chart) -> Iterator[Block]:
    """What to do if something happens, the newest last; the work-up has the others."""
    if chart.incident.resolved_at is not None:
        return
    holding = in_order(chart.workup.holding)
    listed = [contingency_line(chart, each) for each in holding[-SHOWN:]]
    if len(holding) > SHOWN:
        listed.append(blocks.line(blocks.faint(f"and {len(holding) - SHOWN} more in the work-up")))
    if listed:
        yield blocks.line(blocks.words("If it happens", bold=True))
        yield blocks.bullets(listed)


def in_order(holding: Sequence[Contingency]) -> list[Contingency]:
    """Contingencies by their numbers, and behind them those that have happened."""
    return sorted(holding, key=lambda each: (each.triggered_at is not None, each.number))


def contingency_line(chart: Chart, each: Contingency) -> Block:
    """A contingency: what to do when, who does it, for which hypotheses, and what became of it."""
    about = f", for {', '.join(each.about)}" if each.about else ""
    owner = f"@{person(each.owner, chart.names)}" if each.owner else "nobody"
    parts = [
        blocks.words(f"{each.name} ", bold=True),
        blocks.words(f"if {_said(each.when, chart)}, then {_said(each.then, chart)}"),
        blocks.faint(f"  {owner}{about}"),
    ]
    if each.triggered_at:
        words = f": {_said(each.triggered_words, chart)}" if each.triggered_words else ""
        parts += [
            blocks.words(", happened ", bold=True),
            blocks.moment(each.triggered_at),
            blocks.words(words),
        ]
    if each.revoked_at:
        parts.append(blocks.words(f", no longer holds: {_said(each.revoked_words, chart)}"))
    return blocks.line(*parts)


def _said(text: str, chart: Chart) -> str:
    return blocks.one_line(text, chart.names, TEXT_LIMIT)
