"""Who is on duty, and for whom duty ends: what others ask the rosters."""

from datetime import datetime

from bot.domain.ids import ChannelId, TeamId
from bot.domain.shifts.kept import Kept
from bot.domain.shifts.roster import Duty, on_duty
from bot.domain.shifts.turning import WARNING, Turn, described, next_end, turn_between, watch
from bot.store import shifts
from bot.store.session import Session


def duty_at(session: Session, team: TeamId, channel: ChannelId, now: datetime) -> Duty | None:
    """Who is on duty in a channel, by its own roster or else by the workspace's; None where nobody is."""
    kept = shifts.near(session, team, channel)
    return on_duty(kept.roster, now) if kept else None


def take_turn(session: Session, now: datetime) -> Turn | None:
    """A shift that has ended and that nobody was told of yet, once for all who look; None if there is none.

    After an absence over several ends only the newest is told.
    """
    while kept := shifts.take_turn(session, now):
        since = kept.turn_at or now
        keep_watch(session, kept, now, taken=True)
        turn = turn_between(kept.team, kept.place, kept.roster, since, now)
        if turn:
            return turn
    return None


def take_warning(session: Session, now: datetime) -> Turn | None:
    """A shift that ends within an hour and that nobody was warned of, once for all who look."""
    while kept := shifts.take_warning(session, now):
        end = next_end(kept.roster, now)
        # After an absence the end that this was about may be over, and the next one far away.
        near = end is not None and end.at - now <= WARNING
        warned_for = end.at if end and near else kept.warned_for
        coming = watch(kept.roster, now, warned_for)
        shifts.set_(session, kept, warn_at=coming.warn_at, warned_for=warned_for)
        if end and near and end.at != kept.warned_for:
            return described(kept.team, kept.place, kept.roster, end)
    return None


def keep_watch(session: Session, kept: Kept, now: datetime, *, taken: bool = False) -> None:
    """Look again when duty goes over next; what went over already, and was not *taken*, stays due."""
    found = watch(kept.roster, now, kept.warned_for)
    turn_at = kept.turn_at if kept.turn_at and kept.turn_at <= now and not taken else found.turn_at
    shifts.set_(session, kept, turn_at=turn_at, warn_at=found.warn_at)
