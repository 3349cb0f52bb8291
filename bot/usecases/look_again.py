"""Have incidents looked at whose roster has changed, or whose shift ends."""

from datetime import datetime

from bot.domain.ids import ChannelId, TeamId
from bot.domain.shifts.turning import EVERYWHERE
from bot.store import incidents, reviews
from bot.store.session import Session


def look_again(session: Session, team: TeamId, place: ChannelId, now: datetime) -> None:
    """Have every open incident looked at that the roster of a place may count for."""
    everywhere = place == EVERYWHERE
    found = incidents.all_open(session, team) if everywhere else incidents.open_in(session, team, place)
    # What came from elsewhere asks nothing until somebody wakes it.
    asleep = reviews.asleep(session, team)
    for number in found:
        if number not in asleep:
            reviews.wanted(session, team, number, now)
