"""What is wrong with a record that can be read: rows that contradict each other, handoffs that were changed.

Whatever passes here the database takes; what its own rules would refuse is said in words that help.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain.export.course import recorded_steps
from bot.domain.export.record import IncidentRecord
from bot.domain.handoff.chain import Link, verify
from bot.domain.work.fold import fold

# What makes a row of each part one of a kind.
_KEYS: dict[str, Callable[[Any], object]] = {
    "threads": lambda row: (row.channel, row.ts),
    "severity_changes": lambda row: row.seq,
    "entries": lambda row: row.seq,
    "entry_revisions": lambda row: (row.seq, row.version),
    "steps": lambda row: row.seq,
    "triage_answers": lambda row: row.question,
    "opinions": lambda row: (row.round, row.person),
    "prompts": lambda row: (row.kind, row.about),
    "handoffs": lambda row: row.number,
    "handoff_versions": lambda row: row.version,
    "checklist_ticks": lambda row: row.item,
    "messages": lambda row: (row.channel, row.ts),
    "reactions": lambda row: (row.channel, row.ts, row.emoji, row.person),
    "people": lambda row: row.person,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong, in words; a *forgivable* one only says that somebody has changed what is there."""

    text: str
    forgivable: bool = False


def faults(record: IncidentRecord) -> Iterator[Fault]:
    """All that is wrong with a record."""
    for part, key in _KEYS.items():
        twice = _twice(key(row) for row in getattr(record, part))
        if twice is not None:
            yield Fault(f"{part} has the row {twice} twice")
    yield from _lines(record)
    yield from _dangling(record)
    yield from _beside(record)
    yield from _chain(record)


def _twice(keys: Iterable[object]) -> object | None:
    seen: set[object] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    return None


def _lines(record: IncidentRecord) -> Iterator[Fault]:
    """Each line of a message is one entry."""
    places = [(entry.channel, entry.ts, entry.line) for entry in record.entries]
    twice = _twice(place for place in places if all(part is not None for part in place))
    if twice is not None:
        yield Fault(f"two entries are the same line of a message, {twice}")


def _dangling(record: IncidentRecord) -> Iterator[Fault]:
    """What is about something that is not there."""
    known = {entry.seq for entry in record.entries}
    for revision in record.entry_revisions:
        if revision.seq not in known:
            yield Fault(f"there is an earlier text of entry {revision.seq}, and no such entry")
    for step in record.steps:
        if step.entry is not None and step.entry not in known:
            yield Fault(f"step {step.seq} is part of entry {step.entry}, and there is no such entry")
    if max(known, default=0) > record.incident.last_entry:
        yield Fault("its last_entry is less than the number of an entry")
    attempts = {attempt.number for attempt in record.handoffs}
    for version in record.handoff_versions:
        if version.number not in attempts:
            yield Fault(f"there is version {version.version} of a handoff, and no handoff {version.number}")


def _beside(record: IncidentRecord) -> Iterator[Fault]:
    """What there can only be one of at a time."""
    running = [each.name for each in fold(recorded_steps(record)).interventions if each.active]
    if len(running) > 1:
        yield Fault(f"the interventions {', '.join(running)} run at the same time")
    if sum(attempt.waiting for attempt in record.handoffs) > 1:
        yield Fault("two handoffs wait for an answer at the same time")


def _chain(record: IncidentRecord) -> Iterator[Fault]:
    """Accepted handoffs that are not as they were accepted."""
    read_back = {attempt.number: attempt.read_back for attempt in record.handoffs}
    links = []
    for each in record.handoff_versions:
        if each.accepted_at is None:
            continue
        if each.hash is None:
            yield Fault(
                f"the accepted handoff version {each.version} has no hash; --force brings it in as it is",
                forgivable=True,
            )
            return
        links.append(
            Link(
                version=each.version,
                document=each.document,
                read_back=read_back.get(each.number),
                accepted_at=each.accepted_at,
                previous_hash=each.previous_hash,
                hash=each.hash,
            )
        )
    try:
        broken = verify(links)
    except ValueError as error:
        yield Fault(
            f"an accepted handoff holds no JSON ({error}); --force brings it in as it is", forgivable=True
        )
        return
    if broken is not None:
        yield Fault(
            f"the hash of handoff version {broken} does not fit what it says, so somebody has changed it or "
            "one before it; --force brings it in as it is",
            forgivable=True,
        )
