"""When a shift ends, or soon will: look at the incidents whose lead may have to hand over."""

from datetime import datetime

from bot.domain.ids import ChannelId, TeamId
from bot.domain.shifts.turning import EVERYWHERE
from bot.store import incidents, reviews
from bot.store.session import Session
from bot.usecases.read_shift import take_turn, take_warning


def turn_shift(session: Session, now: datetime) -> bool:
    """Have the incidents of one roster looked at whose shift has ended or will; False when there is none.

    What is asked then, and of whom, is decided where an incident is looked at: it is the same decision for
    whoever looks at it later, so nothing is lost with a process that dies.
    """
    turn = take_turn(session, now) or take_warning(session, now)
    if turn is None:
        return False
    look_again(session, turn.team, turn.place, now)
    return True


def look_again(session: Session, team: TeamId, place: ChannelId, now: datetime) -> None:
    """Have every open incident looked at that the roster of a place may count for."""
    everywhere = place == EVERYWHERE
    found = incidents.all_open(session, team) if everywhere else incidents.open_in(session, team, place)
    # What came from elsewhere asks nothing until somebody wakes it.
    asleep = reviews.asleep(session, team)
    for number in found:
        if number not in asleep:
            reviews.wanted(session, team, number, now)
