"""Follow what happens to channels and people: members come and go, posting works again."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import ChannelId, TeamId, UserId
from bot.store import backlog, cards, digests, incidents, people, shifts
from bot.store.session import Session


def wake_channel(session: Session, team: TeamId, channel: ChannelId, now: datetime) -> None:
    """Post again what waited for the channel to let us in."""
    backlog.wake(session, team, channel, now)
    for number in incidents.open_in(session, team, channel):
        cards.wake(session, team, number, now)


def member_joined(session: Session, team: TeamId, channel: ChannelId, who: UserId) -> None:
    """Let a person see the private incidents of a conversation they joined."""
    people.joined(session, team, channel, [who])


def member_left(session: Session, team: TeamId, channel: ChannelId, who: UserId) -> None:
    """Let a person who left see the private incidents no longer."""
    people.left(session, team, channel, who)


def know_channel(session: Session, team: TeamId, channel: ChannelId, who: Sequence[UserId] | None) -> None:
    """Take over the members of a private conversation; None says that it is public."""
    people.know_channel(session, team, channel, private=who is not None)
    people.only(session, team, channel, who or ())


def know_person(session: Session, team: TeamId, who: UserId, *, name: str, zone: str | None) -> None:
    """Take over a person's name and zone; the charts that mention them show it."""
    people.know(session, team, who, name=name, zone=zone)
    cards.touch_all_of(session, team, who)


def move_channel(session: Session, team: TeamId, before: ChannelId, after: ChannelId) -> None:
    """Follow a channel whose id changed, with all that was arranged for it."""
    incidents.move_channel(session, team, before, after)
    digests.move_channel(session, team, before, after)
    shifts.move_channel(session, team, before, after)
