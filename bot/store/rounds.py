"""What a digest is compiled from, for the eyes of one channel, each question asked once for all incidents.

A channel sees what is public and what is its own. Everything is found by an index: what is open and what was
resolved by `ix_incidents_open`, what was opened by `ix_incidents_opened`, what was handed over by
`ix_handoff_versions_accepted`, the rest by the primary keys.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from bot.domain.chart import Kind
from bot.domain.digest.compiling import Stay
from bot.domain.ids import ChannelId, IncidentNumber, TeamId
from bot.domain.incident import Incident, Severity
from bot.store.incidents import of_row
from bot.store.session import Session
from bot.store.tables import (
    entries,
    handoff_versions,
    incidents,
    prompts,
    reviews,
    severity_changes,
    steps,
)

# Steps that name what it could be.
_NAMING = ("named", "pooled")


def _visible(team: TeamId, channel: ChannelId) -> ColumnElement[bool]:
    public = or_(incidents.c.private.is_(False), incidents.c.channel == channel)
    return and_(incidents.c.team_id == team, public)


def open_now(session: Session, team: TeamId, channel: ChannelId) -> list[Incident]:
    """The open incidents."""
    where = _visible(team, channel), incidents.c.resolved_at.is_(None)
    return [of_row(row) for row in session.execute(select(incidents).where(*where))]


def resolved_since(session: Session, team: TeamId, channel: ChannelId, since: datetime) -> list[Incident]:
    """What was resolved after a moment, the last one first."""
    where = _visible(team, channel), incidents.c.resolved_at > since
    ordered = select(incidents).where(*where).order_by(incidents.c.resolved_at.desc(), incidents.c.number)
    return [of_row(row) for row in session.execute(ordered)]


def last_diagnosed(
    session: Session, team: TeamId, channel: ChannelId, since: datetime, limit: int
) -> list[Incident]:
    """The last that were resolved after a moment, of those for which somebody had named a hypothesis."""
    named = exists().where(
        steps.c.team_id == team, steps.c.incident == incidents.c.number, steps.c.kind.in_(_NAMING)
    )
    where = _visible(team, channel), incidents.c.resolved_at > since, named
    newest = select(incidents).where(*where).order_by(incidents.c.resolved_at.desc()).limit(limit)
    return [of_row(row) for row in session.execute(newest)]


def stays(session: Session, team: TeamId, channel: ChannelId, since: datetime) -> list[Stay]:
    """From when to when each incident was open that was opened or resolved after a moment."""
    columns = select(incidents.c.opened_at, incidents.c.resolved_at).where(_visible(team, channel))
    before = columns.where(incidents.c.opened_at < since, incidents.c.resolved_at >= since)
    found = [session.execute(each) for each in (columns.where(incidents.c.opened_at >= since), before)]
    return [Stay(row.opened_at, row.resolved_at) for rows in found for row in rows]


def first_differentials(
    session: Session, team: TeamId, channel: ChannelId, since: datetime
) -> list[timedelta]:
    """How long it took until somebody named a cause, for each incident that was opened after a moment."""
    named = (
        select(incidents.c.number, incidents.c.opened_at, func.min(steps.c.at).label("named_at"))
        .join(steps, and_(steps.c.team_id == incidents.c.team_id, steps.c.incident == incidents.c.number))
        .outerjoin(
            entries,
            and_(
                entries.c.team_id == steps.c.team_id,
                entries.c.incident == steps.c.incident,
                entries.c.seq == steps.c.entry,
            ),
        )
        .where(
            _visible(team, channel),
            incidents.c.opened_at >= since,
            steps.c.kind.in_(_NAMING),
            steps.c.withdrawn_at.is_(None),
            entries.c.withdrawn_at.is_(None),
        )
        .group_by(incidents.c.number, incidents.c.opened_at)
    )
    # Who marks a message that is older than the incident has named it at once.
    return [max(row.named_at - row.opened_at, timedelta()) for row in session.execute(named)]


def scores(session: Session, team: TeamId, channel: ChannelId, since: datetime) -> list[int]:
    """How complete each handoff was that was accepted after a moment, of 100."""
    handed = handoff_versions
    accepted = (
        select(handed.c.score)
        .join(
            incidents,
            and_(incidents.c.team_id == handed.c.team_id, incidents.c.number == handed.c.incident),
        )
        .where(_visible(team, channel), handed.c.team_id == team, handed.c.accepted_at >= since)
    )
    return [row.score for row in session.execute(accepted)]


def severities(
    session: Session, team: TeamId, numbers: Collection[IncidentNumber]
) -> Mapping[IncidentNumber, list[tuple[datetime, Severity]]]:
    """All severities that incidents had, and when they were given, the first one first."""
    changes = severity_changes.c
    found: dict[IncidentNumber, list[tuple[datetime, Severity]]] = {}
    ordered = (
        select(changes.incident, changes.at, changes.severity)
        .where(changes.team_id == team, changes.incident.in_(numbers))
        .order_by(changes.incident, changes.seq)
    )
    for row in session.execute(ordered):
        found.setdefault(IncidentNumber(row.incident), []).append((row.at, Severity(row.severity)))
    return found


@dataclass(frozen=True, slots=True)
class Logged:
    """The kinds of an incident's entries, the newest first, and when the last one was made."""

    kinds: tuple[Kind, ...]
    at: datetime


def logged(
    session: Session, team: TeamId, numbers: Collection[IncidentNumber]
) -> Mapping[IncidentNumber, Logged]:
    """What was logged of incidents; nothing where there is no entry."""
    newest = func.max(entries.c.at).label("at")
    grouped = (
        select(entries.c.incident, entries.c.kind, newest, func.max(entries.c.seq).label("seq"))
        .where(entries.c.team_id == team, entries.c.incident.in_(numbers), entries.c.withdrawn_at.is_(None))
        .group_by(entries.c.incident, entries.c.kind)
    )
    of: dict[IncidentNumber, list[Any]] = {}
    for row in session.execute(grouped):
        of.setdefault(IncidentNumber(row.incident), []).append(row)
    return {number: _logged(found) for number, found in of.items()}


def _logged(found: Sequence[Any]) -> Logged:
    newest_first = sorted(found, key=lambda row: (row.at, row.seq), reverse=True)
    return Logged(tuple(Kind(row.kind) for row in newest_first), newest_first[0].at)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A prompt that was asked, and that nobody has answered, put off or declined."""

    kind: str
    about: str
    since: datetime


def unanswered(
    session: Session, team: TeamId, numbers: Collection[IncidentNumber], now: datetime
) -> Mapping[IncidentNumber, list[Unanswered]]:
    """The prompts of incidents that are due and wait for an answer, the oldest first.

    Where prompts are off nobody is asked, so nothing waits.
    """
    of = prompts.c
    off = exists().where(
        reviews.c.team_id == team, reviews.c.incident == of.incident, reviews.c.off_by.is_not(None)
    )
    waiting = (
        select(of.incident, of.kind, of.about, of.due_at)
        .where(
            of.team_id == team,
            of.incident.in_(numbers),
            of.due_at <= now,
            of.asks > 0,
            of.answered_at.is_(None),
            of.declined_at.is_(None),
            ~off,
            or_(of.snoozed_until.is_(None), of.snoozed_until <= now),
        )
        .order_by(of.incident, of.due_at, of.kind, of.about)
    )
    found: dict[IncidentNumber, list[Unanswered]] = {}
    for row in session.execute(waiting):
        one = Unanswered(row.kind, row.about, row.due_at)
        found.setdefault(IncidentNumber(row.incident), []).append(one)
    return found
