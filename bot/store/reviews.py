"""When each incident is looked at next: one row each, so that to look for what is due costs nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.export.asleep import ASLEEP
from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.store.session import Session, carry_out, first, rows
from bot.store.tables import incidents, reviews

# Built once, see incidents.py.
_START = insert(reviews).values(living=0, attempts=0)
_OF = (reviews.c.team_id == bindparam("of_team")) & (reviews.c.incident == bindparam("number"))
_SET = update(reviews).where(_OF)
_WANTED = _SET.where(or_(reviews.c.due_at.is_(None), reviews.c.due_at > bindparam("now"))).values(
    due_at=bindparam("now")
)
_ONE = select(reviews).where(_OF)
# The incident's row is what everybody locks who changes anything of it, so it is what is claimed; its review
# as well, or PostgreSQL would give out what another process has just done and put off.
_NEXT = (
    select(incidents.c.team_id, incidents.c.number)
    .join(reviews, and_(reviews.c.team_id == incidents.c.team_id, reviews.c.incident == incidents.c.number))
    .where(reviews.c.due_at <= bindparam("now"))
    .order_by(reviews.c.due_at)
    # With a limit that is a parameter, PostgreSQL expects many rows of a plan that it keeps, and plans anew
    # each time: with 60,000 reviews to come that was more than half of what a look costs.
    .limit(literal_column("1"))
    .with_for_update(skip_locked=True, of=[incidents, reviews])
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """When an incident is looked at, and its living prompt: *living* counts those that were posted.

    *every* is the interval that people asked for; *off_by* is who wants no prompts.
    """

    due_at: datetime | None
    living: int = 0
    posted_at: datetime | None = None
    every: timedelta | None = None
    off_by: UserId | None = None
    attempts: int = 0


def start(session: Session, team: TeamId, number: IncidentNumber, due_at: datetime | None) -> None:
    """Look at a new incident when its first question is due, or when something happens."""
    carry_out(session, _START, {"team_id": team, "incident": number, "due_at": due_at})


def wanted(session: Session, team: TeamId, number: IncidentNumber, now: datetime) -> None:
    """Look at it now: something of it has changed."""
    carry_out(session, _WANTED, {"of_team": team, "number": number, "now": now})


def take(session: Session, now: datetime) -> tuple[TeamId, IncidentNumber] | None:
    """The next incident that is due, with its row locked so that nobody else takes it; None when none is."""
    row = first(session, _NEXT, {"now": now})
    return (TeamId(row.team_id), IncidentNumber(row.number)) if row else None


def get(session: Session, team: TeamId, number: IncidentNumber) -> Review:
    """What is known of an incident's prompts."""
    found = rows(session, _ONE, {"of_team": team, "number": number})
    if not found:
        return Review(due_at=None)
    (row,) = found
    return Review(
        due_at=row.due_at,
        living=row.living,
        posted_at=row.posted_at,
        every=timedelta(minutes=row.every_minutes) if row.every_minutes else None,
        off_by=row.off_by,
        attempts=row.attempts,
    )


def done(session: Session, team: TeamId, number: IncidentNumber, review: Review) -> None:
    """It was looked at; *review* says when next, and which prompt is the living one."""
    values = {"due_at": review.due_at, "living": review.living, "posted_at": review.posted_at}
    _set(session, team, number, **values, attempts=0, last_error=None)


def posted(session: Session, team: TeamId, number: IncidentNumber, now: datetime) -> None:
    """The living prompt got through only now."""
    _set(session, team, number, posted_at=now)


def ask_every(session: Session, team: TeamId, number: IncidentNumber, every: timedelta | None) -> None:
    """Look as often as people want; None is as often as the severity says."""
    minutes = None if every is None else round(every / timedelta(minutes=1))
    _set(session, team, number, every_minutes=minutes, off_by=None)


def switch_off(session: Session, team: TeamId, number: IncidentNumber, by: UserId) -> None:
    """Ask nothing until somebody wants it again."""
    _set(session, team, number, off_by=by)


def asleep(session: Session, team: TeamId) -> set[IncidentNumber]:
    """The incidents that were brought in and that nobody has woken yet: their threads may be out of reach."""
    found = select(reviews.c.incident).where(reviews.c.team_id == team, reviews.c.off_by == ASLEEP)
    return {IncidentNumber(number) for number in session.execute(found).scalars()}


def failed(
    session: Session,
    team: TeamId,
    number: IncidentNumber,
    *,
    at: datetime,
    attempts: int,
    error: str,
) -> None:
    """Look again later, and keep what went wrong."""
    _set(session, team, number, due_at=at, attempts=attempts, last_error=error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How many incidents should have been looked at by now, since when, and how many of them failed."""

    due: int
    oldest: datetime | None
    failed: int


def late(session: Session, now: datetime) -> Lateness:
    """What waits to be looked at."""
    row = session.execute(
        select(
            func.count(), func.min(reviews.c.due_at), func.count().filter(reviews.c.last_error.is_not(None))
        ).where(reviews.c.due_at <= now)
    ).one()
    return Lateness(due=row[0], oldest=row[1], failed=row[2])


def _set(session: Session, team: TeamId, number: IncidentNumber, **values: object) -> None:
    carry_out(session, _SET, {"of_team": team, "number": number} | values)
