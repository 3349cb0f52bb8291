"""Which of Slack's requests were carried out already, and which reactions people have on messages."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import ChannelId, MessageTs, TeamId, UserId
from bot.store.session import Session, first
from bot.store.tables import reactions, receipts

# Slack repeats an event for up to a day where "delayed events" are on, and never after two.
KEPT = timedelta(hours=48)

# Built once, see incidents.py.
_FIRST_TIME = insert(receipts).on_conflict_do_nothing().returning(receipts.c.key)


def first_time(session: Session, team: TeamId, key: str, now: datetime) -> bool:
    """Whether the request *key* is new. A parallel repetition waits here until this transaction ends."""
    return first(session, _FIRST_TIME, {"team_id": team, "key": key, "at": now}) is not None


def forget_old(session: Session, now: datetime) -> None:
    """Drop receipts that no repetition can come for any more."""
    session.execute(delete(receipts).where(receipts.c.at < now - KEPT))


def mark_reaction(  # noqa: PLR0913 - each is a column of one row.
    session: Session,
    team: TeamId,
    channel: ChannelId,
    ts: MessageTs,
    *,
    emoji: str,
    person: UserId,
    event_ts: MessageTs,
    present: bool,
) -> bool:
    """Set whether a person's reaction is there; False if a newer event has already said so."""
    values = {"event_ts": event_ts, "present": present}
    found = session.execute(
        insert(reactions)
        .values(team_id=team, channel=channel, ts=ts, emoji=emoji, person=person, **values)
        .on_conflict_do_update(
            index_elements=["team_id", "channel", "ts", "emoji", "person"],
            set_=values,
            where=reactions.c.event_ts < event_ts,
        )
        .returning(reactions.c.event_ts)
    )
    return found.first() is not None


def reacted(session: Session, team: TeamId, channel: ChannelId, ts: MessageTs, emoji: str) -> list[UserId]:
    """The people whose reaction is on the message."""
    found = session.execute(
        select(reactions.c.person).where(
            reactions.c.team_id == team,
            reactions.c.channel == channel,
            reactions.c.ts == ts,
            reactions.c.emoji == emoji,
            reactions.c.present,
        )
    )
    return list(found.scalars())
