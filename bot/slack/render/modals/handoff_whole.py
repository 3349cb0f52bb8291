"""The modal with the whole document of a handoff, in the order of I-PASS; what is empty takes one line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from bot.domain.chart import FENCE
from bot.domain.diagnosis.estimate import percent
from bot.domain.handoff.document import Handoff
from bot.domain.handoff.layout import LIST, Section, sections
from bot.domain.ids import ChannelId, UserId
from bot.slack.render import blocks
from bot.slack.render.calls import Block, View
from bot.slack.render.handoff import Shown
from bot.slack.render.modals.form import modal, place

# A modal holds a hundred blocks; what is longer stands in the file in the thread.
BLOCKS, ROWS = 90, 30
CELL, SAID = 300, 2000
# What has such a column first stands in its order in time.
WHEN = "at"
# Whoever reads it in Slack is where these say that it is.
UNTOLD = frozenset({"incident", "channel", "thread"})
# The name of these columns says nothing that their values do not say.
SELF_EVIDENT = frozenset(
    {
        "at",
        "hypothesis",
        "kind",
        "question",
        "severity",
        "stance",
        "state",
        "statement",
        "status",
        "text",
        "value",
        "who",
        "words",
    }
)
# That it is not so goes without saying.
FLAGS = frozenset({"irreversible", "failed", "receiver's", "private", "handed over before"})
_SECONDS = re.compile(r"(?<=T[0-9]{2}:[0-9]{2}):[0-9]{2}(?=Z\b)")


def whole_view(each: Shown, here: ChannelId | None) -> View:
    """The whole document."""
    built = list[Block]()
    for part, found in groupby(sections(_without_names(each.document)), key=lambda section: section.part):
        built += [blocks.header(part), *_part(list(found), each.names)]
    shown = [*built[:BLOCKS], *_said_back(each)]
    grade = f"Score {each.score.shown} of 100, version {each.transfer.version}."
    shown.append(blocks.context(f"{grade} The same is in the thread as a file."))
    data = place(each.transfer.incident, here)
    return modal("handoff_whole", f"{each.name}: handoff", None, shown, data)


def _said_back(each: Shown) -> Iterator[Block]:
    """What the receiver has read back; the document itself is older than that."""
    words = blocks.plain(each.answer.words, each.names, SAID) if each.answer else ""
    if each.answer and words.strip():
        who = blocks.one_line(f"Read back by @{each.answer.by}", each.names, CELL)
        yield blocks.rich(blocks.line(blocks.words(who, bold=True)), blocks.quote(words))


def _without_names(document: Handoff) -> Handoff:
    """The document in which people stand by their ids alone: a modal shows their names in their place."""
    return document.model_copy(update={"asked": document.asked.model_copy(update={"names": {}})})


def _part(found: Sequence[Section], names: Mapping[UserId, str]) -> Iterator[Block]:
    told = [(section, [*_rows(section, names)]) for section in found]
    for section, rows in told:
        if rows:
            title = blocks.line(blocks.words(section.heading, bold=True))
            yield blocks.rich(title, blocks.bullets(_with_left_out(section, rows)))
    if empty := [section.heading for section, rows in told if not rows]:
        yield blocks.context(f"Nothing under: {', '.join(empty)}.")


def _with_left_out(section: Section, rows: Sequence[Block]) -> list[Block]:
    """The rows, and how many more there are, where those would stand."""
    more = len(section.rows) - ROWS
    if more <= 0:
        return list(rows)
    if section.columns[0] == WHEN:
        return [blocks.line(blocks.faint(f"{more} before that")), *rows]
    return [*rows, *blocks.and_more(more)]


def _rows(section: Section, names: Mapping[UserId, str]) -> Iterator[Block]:
    # Of what is told in its order in time, the newest counts most.
    for row in section.rows[-ROWS:] if section.columns[0] == WHEN else section.rows[:ROWS]:
        if section.columns == LIST:
            key, value = row
            said = _said(key, value)
            if said and key not in UNTOLD:
                yield _line(f"{key}:", [value], names)
        else:
            first, *rest = _with_units(section.columns, row)
            named = zip(section.columns[1:], rest, strict=True)
            yield _line(first, [said for column, value in named if (said := _said(column, value))], names)


def _with_units(columns: Sequence[str], row: Sequence[str]) -> list[str]:
    """A unit stands right behind its value, as people write it."""
    told = list(row)
    if "unit" in columns:
        value, unit = columns.index("value"), columns.index("unit")
        told[value], told[unit] = f"{told[value]}{told[unit]}", ""
    return told


def _said(column: str, value: str) -> str:
    """What a column says of a row; "" for nothing worth saying."""
    if not value or (column in FLAGS and value == "no"):
        return ""
    if column in FLAGS:
        return column
    if column == "probability":
        return percent(float(value))
    return value if column in SELF_EVIDENT else f"{column} {value}"


def _line(first: str, said: Sequence[str], names: Mapping[UserId, str]) -> Block:
    """The first value stands out."""
    rest = " · ".join(blocks.one_line(value.replace(FENCE, " "), names, CELL) for value in said)
    return blocks.line(
        *_timed(blocks.one_line(first, names, CELL), bold=True), *_timed(f" {rest}" if rest else "")
    )


def _timed(text: str, *, bold: bool = False) -> list[Block]:
    return blocks.timed(_SECONDS.sub("", text), bold=bold)
