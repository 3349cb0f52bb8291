"""The modal that asks for vital signs, and their part of the work-up.

What was answered becomes the words of a reply, so that a modal and a person who types say the same.
"""

from collections.abc import Iterator

from bot.domain.errors import NotUnderstood
from bot.domain.ids import ChannelId, shown
from bot.domain.signs.stability import Taking, title
from bot.domain.signs.vital_grammar import written, written_value
from bot.domain.signs.vitals import MEASURES, MENU
from bot.domain.ward import Chart
from bot.slack.render import blocks, standing
from bot.slack.render.calls import Block, View
from bot.slack.render.differential import person
from bot.slack.render.modals.form import Submission, hinted, modal, one_line, place_of, words

ASKED = ("loss", "grad_norm", "throughput", "burn_rate", "p99", "drift")
TAKINGS = 6


def vital_view(chart: Chart, here: ChannelId | None) -> View:
    """Ask for the common signs, each in its own field, and for all others in one."""
    asked = [_field(name, chart) for name in ASKED]
    more = words("more", "Anything else", lines=True, optional=True, placeholder="schema=ok gpus_idle=16")
    asked.append(hinted(more, "Name and value. What has no known score is kept as it is."))
    return modal("vital", f"{shown(chart.incident.number)}: vital signs", "Log", asked, place_of(chart, here))


def _field(name: str, chart: Chart) -> Block:
    """The field for one sign; what it was last, and what it is compared with, stand below it."""
    example = MEASURES[name].example.partition("=")[2]
    asked = words(name, title(name).capitalize(), optional=True, placeholder=example)
    last = next((each for each in chart.workup.vitals.latest if each.reading.name == name), None)
    return hinted(asked, f"Last: {written_value(last.reading)}") if last else asked


def vital_text(form: Submission) -> str:
    """The signs that somebody filled in, as a reply would say them.

    Raises:
        NotUnderstood: There are none.
    """
    said = [(name, one_line(form.text(name))) for name in ASKED]
    text = "\n".join([*(f"{name}={value}" for name, value in said if value), form.text("more")]).strip()
    if not text:
        raise NotUnderstood("No field is filled in.", MENU)
    return text


def vitals_section(chart: Chart) -> Iterator[Block]:
    """The vital signs of the work-up: how it is now, and what was read when."""
    series = chart.workup.vitals.series
    if series:
        yield blocks.header("Vital signs")
        yield blocks.rich(
            *standing.vitals(chart),
            blocks.bullets(_taking(each, chart) for each in series[: -TAKINGS - 1 : -1]),
        )
    if len(series) > TAKINGS:
        yield blocks.context(f"and {len(series) - TAKINGS} older")


def _taking(each: Taking, chart: Chart) -> Block:
    """What was read at one time, by whom."""
    said = blocks.one_line(written(one.reading for one in each.taken), chart.names, 200)
    return blocks.line(
        blocks.words(said), blocks.faint(f"  {person(each.by, chart.names)}, "), blocks.moment(each.at)
    )
