"""A rotation that goes on although its people change."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import UserId
from bot.domain.shifts.rotation import Rotation, turns


def with_people(rotation: Rotation, people: tuple[UserId, ...], now: datetime) -> Rotation:
    """The rotation with other people; whoever is on duty stays so, if they still belong to it.

    Those who stay keep their order, those who are new come last.
    """
    stay = [each for each in rotation.people if each in people]
    everybody = [*stay, *(each for each in people if each not in stay)]
    ahead = now + 2 * rotation.length + timedelta(days=3)
    turn = next(turns(rotation, now, ahead), None)
    if turn is None:
        return replace(rotation, people=tuple(everybody))
    # Who comes after those who are gone, beginning with whoever's turn it is.
    place = turn.number % len(rotation.people)
    order = rotation.people[place:] + rotation.people[:place]
    first = next((each for each in order if each in everybody), everybody[0])
    at = everybody.index(first)
    begins = turn.starts_at.astimezone(ZoneInfo(rotation.zone)).replace(tzinfo=None)
    # By the wall clock of the rotation, also where the clocks skip that time today.
    begins = begins.replace(minute=rotation.first.minute)
    return replace(rotation, people=tuple(everybody[at:] + everybody[:at]), first=begins)
