"""When somebody has to be told that a shift ends, or is about to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ids import ChannelId, TeamId, UserId
from bot.domain.shifts.roster import Roster, ShiftEnd, next_span, shift_ends

# How long before its end both are told of a shift's end at the earliest; for milder incidents it is later.
WARNING = timedelta(minutes=60)
# After a longer absence nobody asks any more who was on duty then.
LONGEST_ABSENCE = timedelta(days=14)
# The place of the roster that counts where a channel has none of its own.
EVERYWHERE = ChannelId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Duty goes over at a *place* (a channel, or EVERYWHERE), at *ended_at*, which may be still to come.

    *receiver* is on duty from then on, None where nobody is; *next* begins next, then or later. *missed* are
    those whose shifts ended before, while we were away, in order.
    """

    team: TeamId
    place: ChannelId
    giver: UserId
    receiver: UserId | None
    ended_at: datetime
    next: UserId | None = None
    next_starts_at: datetime | None = None
    missed: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """When a roster has to be looked at: at the next end of a shift, and before the next one not yet told."""

    turn_at: datetime | None
    warn_at: datetime | None


def watch(roster: Roster, after: datetime, warned_for: datetime | None = None) -> Watch:
    """When duty goes over later than *after*, and when that is said before, unless it was (*warned_for*)."""
    end = next_end(roster, after)
    told = next_end(roster, end.at) if end and end.at == warned_for else end
    return Watch(end.at if end else None, told.at - WARNING if told else None)


def next_end(roster: Roster, after: datetime) -> ShiftEnd | None:
    """The first end later than *after* at which duty goes over to somebody else, or to nobody."""
    for until in _looks(roster, after):
        found = (end for end in shift_ends(roster, after, until) if end.receiver != end.giver)
        first = next(found, None)
        if first:
            return first
    return None


def _looks(roster: Roster, after: datetime) -> list[datetime]:
    """How far ahead one has to look: mostly as far as the next turn, at most until all were on duty."""
    rotation, ends = roster.rotation, [after, *(each.ends_at for each in roster.overrides)]
    if rotation is None:
        return [max([*ends, *(each.ends_at for each in roster.calendar)])]
    begins = max([*ends, rotation.first.replace(tzinfo=after.tzinfo) + timedelta(days=1)])
    round_of_all = 2 * (len(rotation.people) + 1) * rotation.length
    return [after + 2 * rotation.length, begins + round_of_all + timedelta(days=3)]


def turn_between(
    team: TeamId, place: ChannelId, roster: Roster, since: datetime, now: datetime
) -> Turn | None:
    """The newest end of a shift from *since* on, until *now*; the ones before it are only named."""
    since = max(since, now - LONGEST_ABSENCE)
    ends = [end for end in shift_ends(roster, since - since.resolution, now) if end.receiver != end.giver]
    if not ends:
        return None
    missed = tuple(dict.fromkeys(end.giver for end in ends[:-1]))
    return described(team, place, roster, ends[-1], missed)


def described(
    team: TeamId, place: ChannelId, roster: Roster, end: ShiftEnd, missed: tuple[UserId, ...] = ()
) -> Turn:
    """An end of a shift, with whose begins next."""
    following = next_span(roster, end.at)
    return Turn(
        team=team,
        place=place,
        giver=end.giver,
        receiver=end.receiver,
        ended_at=end.at,
        next=following.person if following else None,
        next_starts_at=following.starts_at if following else None,
        missed=missed,
    )
