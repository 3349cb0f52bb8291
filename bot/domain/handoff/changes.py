"""What is different between two compilations of a handoff, in words; nothing where only the clock moved on.

Whatever is printed is compared, so that nothing can change unseen; what we ask of people, and who hands over
to whom, is no change of the incident. People stand in the words as "@U0ANA", and moments as `written_moment`
writes them.
"""

import re
from collections.abc import Iterator, Sequence

from bot.domain.diagnosis.estimate import percent
from bot.domain.handoff.document import Handoff
from bot.domain.handoff.layout import LIST, Section, sections
from bot.domain.work.saying import short

Row = tuple[str, ...]
# Rows of these have a name of their own in their first column; in all others a row is its own name.
_NAMED = frozenset(
    {
        *("How bad it is", "Summary", "Differential", "Tests", "Interventions", "Plans not started", "To do"),
        *("Done", "Shift", "Signs as last read", "Contingencies", "In place and not settled"),
        *("Attested that there is none", "Earlier lines left out", "Looks"),
    }
)
# What follows from something else that is told, and is told only where nothing else is.
_QUIET = frozenset(
    {
        *("Earlier lines left out", "Looks", "Signs that nobody knows", "Abnormal signs", "Done"),
        *("In place and not settled", "Attested that there is none"),
    }
)
_QUIET_VALUES = frozenset({"signs last read", "told since", "at", "times"})
_NOT_THE_INCIDENT = frozenset({"Questions nobody has answered", "Who hands over to whom"})
_EVENTS = "Since the last handoff"
_SECONDS = re.compile(r"\b(20\d\d-\d\d-\d\dT\d\d:\d\d):\d\dZ")


def changed(before: Handoff, after: Handoff) -> tuple[str, ...]:
    """What happened to the incident from *before* to *after*, in the order of the document."""
    told = list(_compared(before, after))
    loud = [words for words, quiet in told if not quiet]
    return tuple(dict.fromkeys(loud or [words for words, _ in told]))


def _compared(before: Handoff, after: Handoff) -> Iterator[tuple[str, bool]]:
    for old, new in zip(_printed(before), _printed(after), strict=True):
        if old.heading in _NOT_THE_INCIDENT or old == new:
            continue
        compare = _of_named_rows if old.heading in _NAMED else _of_rows
        for words, quiet in compare(old, new):
            yield words, quiet or old.heading in _QUIET


def _printed(handoff: Handoff) -> tuple[Section, ...]:
    """The document without names and receiver, which may change while nothing happens."""
    anybody = handoff.asked.model_copy(update={"names": {}, "receiver": None})
    return sections(handoff.model_copy(update={"asked": anybody}))


def _of_named_rows(old: Section, new: Section) -> Iterator[tuple[str, bool]]:
    was, now = {row[0]: row for row in old.rows}, {row[0]: row for row in new.rows}
    for name, row in now.items():
        if name not in was:
            yield f"New: {_row(row)}", False
        elif was[name] != row:
            yield from _of_values(new, was[name], row)
    for name, row in was.items():
        if name not in now:
            yield f"No longer under “{old.heading}”: {_row(row)}", False
    order = [name for name in now if name in was]
    if order != [name for name in was if name in now]:
        yield f"Another order under “{old.heading}”: {', '.join(order)}", new.heading != "Differential"


def _of_values(section: Section, was: Row, now: Row) -> Iterator[tuple[str, bool]]:
    for column, old, new in list(zip(section.columns, was, now, strict=True))[1:]:
        if old != new:
            what = now[0] if section.columns == LIST else f"{now[0]}, {column}"
            quiet = (now[0] if section.columns == LIST else column) in _QUIET_VALUES
            yield f"{what}: {_value(column, old)} → {_value(column, new)}", quiet


def _of_rows(old: Section, new: Section) -> Iterator[tuple[str, bool]]:
    added = [row for row in new.rows if row not in old.rows]
    gone = [row for row in old.rows if row not in new.rows]
    if new.heading == _EVENTS:
        gone = _deleted(gone, new.rows)
    for row in added:
        yield f"New: {_row(row)}", False
    for row in gone:
        yield f"No longer under “{old.heading}”: {_row(row)}", False
    if not added and not gone:
        yield f"Another order under “{old.heading}”", True


def _deleted(gone: Sequence[Row], left: Sequence[Row]) -> list[Row]:
    """The lines that were taken back; what is older than all that are told was only pushed out."""
    oldest = min((row[0] for row in left), default="")
    return [row for row in gone if row[0] >= oldest]


def _row(row: Row) -> str:
    return short(" ".join(_moments(" · ".join(value for value in row if value)).split()))


def _value(column: str, value: str) -> str:
    if not value:
        return "nothing"
    if column == "probability":
        return percent(float(value))
    return short(" ".join(_moments(value).split()))


def _moments(text: str) -> str:
    return _SECONDS.sub(r"\1Z", text)
