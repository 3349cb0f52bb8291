"""People: their names and zones as Slack told them, and who is in which private conversation."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import ChannelId, TeamId, UserId, is_direct
from bot.store.session import Session, carry_out, first
from bot.store.tables import channels, incidents, members, people

# Built once, see incidents.py.
_IS_PRIVATE = select(channels.c.private).where(
    channels.c.team_id == bindparam("team"), channels.c.channel == bindparam("channel")
)
_NAMES = select(people.c.person, people.c.name).where(
    people.c.team_id == bindparam("team"),
    people.c.person.in_(bindparam("wanted", expanding=True)),
    people.c.name.is_not(None),
)
_KNOW = (
    update(people)
    .where(people.c.team_id == bindparam("team"), people.c.person == bindparam("who"))
    .values(name=bindparam("its_name"), zone=bindparam("its_zone"))
)
_ZONE = select(people.c.zone).where(
    people.c.team_id == bindparam("team"), people.c.person == bindparam("person")
)


def names(session: Session, team: TeamId, wanted: Collection[str]) -> dict[UserId, str]:
    """The names known for some people."""
    if not wanted:
        return {}
    found = session.execute(_NAMES, {"team": team, "wanted": list(wanted)})
    return {UserId(row.person): row.name for row in found}


def zone(session: Session, team: TeamId, person: UserId) -> str | None:
    """A person's time zone as Slack tells it, an IANA name; None where it is not known."""
    found = first(session, _ZONE, {"team": team, "person": person})
    return found.zone if found else None


def unknown(session: Session, team: TeamId, mentioned: Collection[UserId], now: datetime) -> list[UserId]:
    """Those of the *mentioned* nobody has asked Slack about yet; from now on somebody has."""
    if not mentioned:
        return []
    known = set(
        session.execute(
            select(people.c.person).where(people.c.team_id == team, people.c.person.in_(mentioned))
        ).scalars()
    )
    new = sorted(set(mentioned) - known)
    if new:
        rows = [{"team_id": team, "person": person, "asked_at": now} for person in new]
        session.execute(insert(people).on_conflict_do_nothing(), rows)
    return new


def know(session: Session, team: TeamId, person: UserId, *, name: str, zone: str | None) -> None:
    """Remember what Slack says of a person."""
    carry_out(session, _KNOW, {"team": team, "who": person, "its_name": name, "its_zone": zone})


def is_private(session: Session, team: TeamId, channel: ChannelId) -> bool | None:
    """Whether a conversation is private; None if nobody has asked Slack yet."""
    found = first(session, _IS_PRIVATE, {"team": team, "channel": channel})
    return None if found is None else bool(found.private)


def is_closed(session: Session, team: TeamId, channel: ChannelId) -> bool:
    """Whether what is said in a conversation must stay there: it is private, or may be for all we know."""
    return is_direct(channel) or is_private(session, team, channel) is not False


def know_channel(session: Session, team: TeamId, channel: ChannelId, *, private: bool) -> None:
    """Remember what Slack says of a conversation, for the incidents that run in it, too."""
    session.execute(
        insert(channels)
        .values(team_id=team, channel=channel, private=private)
        .on_conflict_do_update(index_elements=["team_id", "channel"], set_={"private": private})
    )
    session.execute(
        update(incidents)
        .where(incidents.c.team_id == team, incidents.c.channel == channel)
        .values(private=private)
    )


def is_member(session: Session, team: TeamId, channel: ChannelId, who: UserId) -> bool:
    """Whether somebody is known to be in a conversation."""
    found = select(members.c.person).where(
        members.c.team_id == team, members.c.channel == channel, members.c.person == who
    )
    return session.execute(found).first() is not None


def joined(session: Session, team: TeamId, channel: ChannelId, who: Sequence[UserId]) -> None:
    """Remember members of a private conversation."""
    rows = [{"team_id": team, "channel": channel, "person": person} for person in who]
    if rows:
        session.execute(insert(members).on_conflict_do_nothing(), rows)


def left(session: Session, team: TeamId, channel: ChannelId, who: UserId) -> None:
    """Forget a member."""
    session.execute(
        delete(members).where(
            members.c.team_id == team, members.c.channel == channel, members.c.person == who
        )
    )


def only(session: Session, team: TeamId, channel: ChannelId, who: Sequence[UserId]) -> None:
    """Make *who* the members of a conversation, and nobody else."""
    session.execute(delete(members).where(members.c.team_id == team, members.c.channel == channel))
    joined(session, team, channel, who)
