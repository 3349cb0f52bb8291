"""Which charts have changed since they were last sent: one row a card, however many changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Exists, and_, bindparam, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.store.outbox import LEASE
from bot.store.paces import UPDATING, open_method
from bot.store.session import Session, carry_out, first, rows
from bot.store.tables import cards, entries, incidents, reviews

# Slack allows about fifty updates a minute in a workspace; people do not read faster than this either.
PAUSE = timedelta(seconds=3)

# Built once, see incidents.py.
_START = insert(cards).values(wanted=1, sent=1, attempts=0)
_SET = update(cards).where(cards.c.team_id == bindparam("of_team"), cards.c.incident == bindparam("number"))
_TOUCH = _SET.values(wanted=cards.c.wanted + 1)
_WANTED = select(cards.c.wanted).where(
    cards.c.team_id == bindparam("of_team"), cards.c.incident == bindparam("number")
)
_NEXT = (
    select(cards)
    .join(
        incidents,
        and_(incidents.c.team_id == cards.c.team_id, incidents.c.number == cards.c.incident),
    )
    .where(
        cards.c.wanted > cards.c.sent,
        cards.c.due_at <= bindparam("now"),
        cards.c.blocked_at.is_(None),
        incidents.c.thread_ts.is_not(None),
        open_method(cards.c.team_id, UPDATING, bindparam("now")),
    )
    .order_by(cards.c.due_at)
    .limit(1)
    .with_for_update(skip_locked=True, of=cards)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A chart that must be sent, and which version of it is wanted."""

    team: TeamId
    incident: IncidentNumber
    wanted: int
    attempts: int


def start(session: Session, team: TeamId, number: IncidentNumber, now: datetime) -> None:
    """Give a new incident its card; posting the root sends its first version."""
    carry_out(session, _START, {"team_id": team, "incident": number, "due_at": now})


def touch(session: Session, team: TeamId, number: IncidentNumber) -> None:
    """The chart has changed."""
    carry_out(session, _TOUCH, {"of_team": team, "number": number})


def touch_all_of(session: Session, team: TeamId, person: UserId) -> None:
    """A person's name became known: the open charts that name them can show it."""
    off = exists().where(
        reviews.c.team_id == team,
        reviews.c.incident == incidents.c.number,
        reviews.c.off_by == person,
    )
    named = or_(incidents.c.lead == person, off)
    says_so = or_(incidents.c.seen.contains(f"@{person}"), _logged_with(person), named)
    session.execute(
        update(cards)
        .where(
            cards.c.team_id == team,
            cards.c.incident.in_(
                select(incidents.c.number).where(
                    incidents.c.team_id == team, incidents.c.resolved_at.is_(None), says_so
                )
            ),
        )
        .values(wanted=cards.c.wanted + 1)
    )


def _logged_with(person: UserId) -> Exists:
    """Whether an incident has an entry by a person, or one that mentions them."""
    return exists().where(
        entries.c.team_id == incidents.c.team_id,
        entries.c.incident == incidents.c.number,
        or_(entries.c.author == person, entries.c.text.contains(f"@{person}")),
    )


def wanted(session: Session, team: TeamId, number: IncidentNumber) -> int:
    """Which version of the card is wanted now."""
    (row,) = rows(session, _WANTED, {"of_team": team, "number": number})
    return int(row.wanted)


def shown(session: Session, team: TeamId, number: IncidentNumber, version: int) -> None:
    """A new root was posted, and shows this version."""
    _set(session, team, number, sent=version, blocked_at=None)


def take(session: Session, now: datetime) -> Card | None:
    """The next card to send, booked like a notice; None when all show what they should."""
    row = first(session, _NEXT, {"now": now})
    if row is None:
        return None
    values = {"due_at": now + LEASE, "attempts": row.attempts + 1}
    _set(session, TeamId(row.team_id), IncidentNumber(row.incident), **values)
    return Card(
        team=TeamId(row.team_id),
        incident=IncidentNumber(row.incident),
        wanted=row.wanted,
        attempts=row.attempts + 1,
    )


def sent(session: Session, card: Card, now: datetime) -> None:
    """Slack shows the version that was wanted when the card was taken."""
    _set(
        session,
        card.team,
        card.incident,
        sent=card.wanted,
        due_at=now + PAUSE,
        attempts=0,
        last_error=None,
    )


def again(session: Session, card: Card, *, at: datetime, error: str) -> None:
    """Try again at a later time."""
    _set(session, card.team, card.incident, due_at=at, last_error=error)


def block(session: Session, card: Card, now: datetime, error: str) -> None:
    """Park the card until somebody mends what is in its way."""
    _set(session, card.team, card.incident, blocked_at=now, last_error=error)


def give_up(session: Session, card: Card, now: datetime, error: str) -> None:
    """Slack refuses this version for good; the next change may look different to it."""
    done = {"sent": card.wanted, "due_at": now + PAUSE, "attempts": 0}
    _set(session, card.team, card.incident, **done, last_error=error)


def wake(session: Session, team: TeamId, number: IncidentNumber, now: datetime) -> None:
    """Let a parked card go on, with whatever the chart says by then."""
    touch(session, team, number)
    _set(session, team, number, blocked_at=None, due_at=now)


def wake_all(session: Session, now: datetime) -> None:
    """Try once more what is parked, whatever was in its way."""
    session.execute(update(cards).where(cards.c.blocked_at.is_not(None)).values(blocked_at=None, due_at=now))


def release(session: Session, now: datetime) -> None:
    """Cut the leases of a process that died short, see `backlog.release`."""
    cut = (cards.c.wanted > cards.c.sent) & (cards.c.attempts > 0)
    session.execute(update(cards).where(cut).values(due_at=now))


def _set(session: Session, team: TeamId, number: IncidentNumber, **values: object) -> None:
    carry_out(session, _SET, {"of_team": team, "number": number} | values)
