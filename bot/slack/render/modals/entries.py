"""The modals that log: an entry of a chart, a message that somebody points at; and the newest log in full."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.domain.chart import FENCE, LOGGABLE, TITLES, Kind
from bot.domain.ids import ChannelId, IncidentNumber, shown
from bot.domain.incident import Incident
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.calls import Block, View
from bot.slack.render.differential import person
from bot.slack.render.modals.form import choice, modal, option, place, place_of, words

PIECE = 3000
# Slack refuses a view above 250 kB; its frame and what it adds to blocks need some of that.
LOG_BYTES = 200_000
NOTHING_OPEN = "Nothing is open that you could log this to. `/incident open` opens one."
NOTHING_OPEN_HERE = (
    "This conversation is private, so what is said in it can only be logged to an incident of its own, "
    "and none is open here. `/incident open`, typed here, opens one."
)


def log_view(number: IncidentNumber, kind: Kind | None, here: ChannelId | None) -> View:
    """Ask for an entry of an incident's chart."""
    asked = [] if kind else [_kinds()]
    word = next((word for word in LOGGABLE if word.kind == kind), None)
    title = TITLES[kind] if kind else "Log an entry"
    hint = word.example.partition(": ")[2] if word else "One thing that was done, seen or thought"
    asked.append(words("text", title if kind else "In a sentence or two", lines=True, placeholder=hint))
    data = place(number, here) | {"kind": kind.value if kind else None}
    return modal("log_entry", f"{shown(number)}: log", "Log", asked, data)


def loading_view() -> View:
    """Hold the place while the open incidents are read."""
    return modal("loading", "Rounds", None, [blocks.section("One moment…")], {})


def sorry_view(text: str) -> View:
    """Why something could not be done, for somebody who clicked inside a modal."""
    return modal("sorry", "That did not work", None, [blocks.section(blocks.explained(text))], {})


def log_message_view(
    chosen: IncidentNumber | None,
    offered: Sequence[Incident],
    text: str,
    data: dict[str, Any],
    *,
    closed: bool = False,
) -> View:
    """Ask what a message is, and to which chart it belongs; *closed* where it must stay where it is."""
    if not offered:
        nothing = blocks.section(NOTHING_OPEN_HERE if closed else NOTHING_OPEN)
        return modal("loading", "Log to incident", None, [nothing], {})
    options = [
        option(f"{shown(incident.number)} {incident.title}", str(incident.number)) for incident in offered
    ]
    asked = [
        blocks.rich(blocks.quote(blocks.one_line(text, {}, 500))),
        choice("incident", "To which incident?", options, chosen=str(chosen)),
        _kinds(),
    ]
    return modal("log_message", "Log to incident", "Log", asked, data)


def _kinds() -> Block:
    options = [option(word.title, word.kind.value) for word in LOGGABLE]
    return choice("kind", "What is it?", options, chosen=Kind.NOTE.value)


def show_log_view(chart: Chart, here: ChannelId | None) -> View:
    """The newest log in full, as far as Slack shows it."""
    built: list[Block] = [blocks.section("No log yet: `log:` in the thread, or *Add the log…*.")]
    if chart.log:
        by = blocks.escape(person(chart.log.author, chart.names))
        built = [blocks.context(f"By {by}, {blocks.date(chart.log.at)}")]
        if chart.log.files:
            names = ", ".join(blocks.one_line(file.name, {}, 100) for file in chart.log.files[:10])
            built.append(blocks.context(blocks.escape(f"Files in the thread: {names}")))
        built.extend(_pieces(chart.log.text))
    return modal("show_log", f"{shown(chart.incident.number)}: log", None, built, place_of(chart, here))


def _pieces(log: str) -> Iterator[Block]:
    """The log in blocks that Slack takes; what is too much for a modal is in the thread."""
    text, spent = log.replace(FENCE, "").strip("\n"), 0
    for start in range(0, len(text), PIECE):
        piece = text[start : start + PIECE]
        spent += len(json.dumps(piece))
        if spent > LOG_BYTES:
            yield blocks.context("The rest is in the thread.")
            return
        # The reserve is for the two characters that keep writing direction inside.
        yield blocks.rich(blocks.code(blocks.plain(piece, {}, PIECE + 2)))
