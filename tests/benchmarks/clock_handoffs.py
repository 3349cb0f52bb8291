"""Who is on duty and what handoffs ask, worked out again from what was ordered and what is stored.

Turns are counted on a calendar of our own, minute by minute, so that a change of the clocks is seen as people
see it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.domain.incident import Incident
from bot.store.session import Session
from bot.store.tables import entries, handoffs
from tests.benchmarks.clock_referee import Open

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HANDING = frozenset({"unowned", "read-back", "returned", "handoff", "without"})
# A severity's forced handoff, in hours, and how many minutes before the end of a shift both are told.
LONGEST_LEAD = {1: 4, 2: 8, 3: 12, 4: 24}
AHEAD = {1: 60, 2: 60, 3: 30, 4: 15, 5: 15}
# A receiver who has said nothing for so long has not taken over; they are asked half-way.
SILENT = 15 * MINUTE


@dataclass(frozen=True, slots=True)
class Shifts:
    """Who takes turns, the first of them until the first of the moments at which duty goes over."""

    people: Sequence[str]
    changes: Sequence[datetime]

    def turn(self, at: datetime) -> int:
        """The number of the turn that a moment belongs to."""
        return bisect_right(self.changes, at)

    def on_duty(self, at: datetime) -> str:
        """Who is on duty."""
        return self.people[self.turn(at) % len(self.people)]

    def ends(self, at: datetime) -> datetime:
        """When the duty of whoever has it now is over."""
        return self.changes[self.turn(at)]

    def ended(self, person: str, since: datetime, at: datetime) -> datetime | None:
        """When a turn of somebody was last over, if that was after they took the lead."""
        own = (
            end
            for place, end in enumerate(self.changes)
            if since < end <= at and self.people[place % len(self.people)] == person
        )
        return max(own, default=None)


def handing_of(
    session: Session, incident: Incident, again: timedelta, shifts: Mapping[str, Shifts], at: datetime
) -> Iterator[Open]:
    """What is asked about who gives the incident to whom."""
    of = handoffs.c.incident == incident.number
    newest = session.execute(select(handoffs).where(of).order_by(handoffs.c.number.desc()).limit(1)).first()
    if newest:
        yield from of_attempt(newest, incident.lead)
    if incident.lead is None or (newest and newest.waiting and newest.sent_at):
        return
    named = select(func.max(entries.c.at)).where(
        entries.c.incident == incident.number, entries.c.kind == "lead", entries.c.withdrawn_at.is_(None)
    )
    handed = select(func.max(handoffs.c.accepted_at)).where(of)
    severity = int(incident.severity)
    moments = (incident.opened_at, *(session.execute(each).scalar() for each in (named, handed)))
    since = max(each for each in moments if each)
    yield from of_lead(severity, incident.lead, since, again, shifts.get(incident.channel), at)


def of_attempt(newest: Any, lead: str | None) -> Iterator[Open]:
    """The newest attempt waits to be read back, was declined, or was none: somebody took the lead."""
    about = str(newest.number)
    if newest.waiting and newest.sent_at:
        due = newest.sent_at + SILENT / 2
        yield Open(kind="read-back", about=about, due=due, repeat=SILENT / 2, to=newest.receiver)
    if newest.declined_at and lead == newest.giver:
        yield Open(kind="returned", about=about, due=newest.declined_at, to=newest.giver)
    if newest.reason == "without" and lead == newest.receiver:
        yield Open(kind="without", about=about, due=newest.asked_at, to=newest.giver)


def of_lead(
    severity: int, lead: str, since: datetime, again: timedelta, shifts: Shifts | None, at: datetime
) -> Iterator[Open]:
    """Their shift ends soon or has ended, or they have led for as long as one person should."""
    if shifts and shifts.on_duty(at) == lead:
        ends = shifts.ends(at)
        due = max(ends - AHEAD[severity] * MINUTE, since)
        yield Open(kind="handoff", about=f"shift {ends:%Y%m%dT%H%M}", due=due, to=lead)
    ended = shifts.ended(lead, since, at) if shifts and shifts.on_duty(at) != lead else None
    if ended:
        yield Open(kind="unowned", about=f"{ended:%Y%m%dT%H%M}", due=ended, repeat=again)
        return
    hours = LONGEST_LEAD.get(severity)
    if hours:
        due = since + hours * HOUR
        yield Open(kind="handoff", about=f"long {due:%Y%m%dT%H%M}", due=due, repeat=again, to=lead)
