"""The modals that end an incident, with its cause and whatever is missing, and that open it again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.diagnosis.differential import Differential, by_likelihood
from bot.domain.diagnosis.estimate import percent
from bot.domain.errors import NotUnderstood
from bot.domain.ids import ChannelId, IncidentNumber, shown
from bot.domain.offer import Offer
from bot.domain.terms import written_span
from bot.domain.therapy.treatment import default_window
from bot.domain.ward import Chart
from bot.domain.work.closing import SYMPTOM, Lack
from bot.slack.render import blocks
from bot.slack.render import buttons as button_rows
from bot.slack.render.calls import Block, View
from bot.slack.render.modals.form import Submission, choice, hinted, modal, option, place, place_of, words

UNKNOWN, ANOTHER = "unknown", "another"
LACKS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Cause:
    """The final diagnosis: a hypothesis by its *letter*, or something else in words; "unknown" is one."""

    words: str
    letter: str | None = None


def resolve_view(chart: Chart, here: ChannelId | None, lacks: Sequence[Lack] = ()) -> View:
    """Ask for the cause; what is missing stands above it, with the buttons that mend it."""
    asked = [
        *_missing(chart, [lack for lack in lacks if lack.text != SYMPTOM]),
        *_cause(chart),
        words("gone", SYMPTOM, lines=True, optional=True, placeholder="Loss has been finite for 200 steps"),
        *_watch(chart),
    ]
    if lacks:
        asked.append(
            hinted(
                words("override", "Close although something is missing: why?", lines=True, optional=True),
                "Your name stands behind it.",
            )
        )
    name = shown(chart.incident.number)
    return modal("resolve", f"{name}: resolve", "Resolve", asked, place_of(chart, here))


def _missing(chart: Chart, lacks: Sequence[Lack]) -> Iterator[Block]:
    if not lacks:
        return
    yield blocks.section("*Still missing*")
    seen = {"resolve", "watch"}
    for place_, lack in enumerate(lacks[:LACKS_SHOWN]):
        yield blocks.rich(
            blocks.line(
                blocks.emoji("warning"), blocks.words(f" {blocks.one_line(lack.text, chart.names, 300)}")
            )
        )
        new = [offer for offer in lack.offers if offer.does not in seen]
        seen |= {offer.does for offer in new}
        yield from blocks.offers(f"lack-{place_}", new, button_rows.value_of(chart))
    if len(lacks) > LACKS_SHOWN:
        yield blocks.context(f"and {len(lacks) - LACKS_SHOWN} more")


def _watch(chart: Chart) -> Iterator[Block]:
    """One tap for who is not sure yet."""
    span = written_span(default_window(chart.incident.severity))
    offer = Offer(label=f"Not sure: watch for {span}", does="watch")
    yield from blocks.offers("watching", [offer], button_rows.value_of(chart))


def _cause(chart: Chart) -> Iterator[Block]:
    """One of the hypotheses or something else; where nobody named any, words are the only answer."""
    if not chart.workup.differential.hypotheses:
        yield words("cause", "What was the cause?", lines=True, placeholder="“unknown” is an answer")
        return
    yield choice("cause", "What was the cause?", _causes(chart))
    yield hinted(words("another", "Something else: what?", optional=True), "Only if it is none of the above.")


def _causes(chart: Chart) -> list[Block]:
    now = chart.workup.differential
    known = [
        option(f"{each.letter} {percent(now.p(each.letter))}: {_said(each.statement, chart)}", each.letter)
        for each in by_likelihood(now)[:90]
    ]
    return [*known, option("Something else (say what below)", ANOTHER), option("Unknown", UNKNOWN)]


def _said(statement: str, chart: Chart) -> str:
    return blocks.one_line(statement, chart.names, 64)


def cause_of(form: Submission, differential: Differential) -> Cause:
    """The cause that was chosen, or typed.

    Raises:
        NotUnderstood: Nothing was.
    """
    chosen, another = form.option("cause"), form.text("another") or form.text("cause")
    if chosen == UNKNOWN:
        return Cause(UNKNOWN)
    if chosen and chosen != ANOTHER:
        return Cause(differential.named(chosen).statement, chosen)
    if not another:
        raise NotUnderstood("A resolution needs its cause.", "a hypothesis, your own words, or “Unknown”")
    return Cause(another)


def reopen_view(number: IncidentNumber, here: ChannelId | None) -> View:
    """Ask why it is open again."""
    asked = [words("reason", "What came back?", lines=True)]
    return modal("reopen", f"{shown(number)}: reopen", "Reopen", asked, place(number, here))
