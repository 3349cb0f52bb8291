"""When a shift ends, or soon will: look at the incidents whose lead may have to hand over."""

from datetime import datetime

from bot.store.session import Session
from bot.usecases.look_again import look_again
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
