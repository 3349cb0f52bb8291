"""Posts of ours that are shown anew when what they tell of has changed: under which keys they are owed."""

from datetime import datetime

from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.notice import PostChanged
from bot.store import cards, outbox, reviews
from bot.store.session import Session


def started_key(number: IncidentNumber) -> str:
    """The post at the top of the thread, which holds the questions of triage."""
    return f"started:{number}"


def asked_key(number: IncidentNumber, test: int) -> str:
    """The post that asks what hypotheses expect of a test."""
    return f"asked:{number}:{test}"


def prompt_key(number: IncidentNumber, living: int) -> str:
    """The prompt of that number, counted from 1 in each incident."""
    return f"prompt:{number}:{living}"


def show_again(
    session: Session, team: TeamId, number: IncidentNumber, key: str, *, cause: str, now: datetime
) -> None:
    """Owe a post its new look, once for each *cause*; one that still waits will show this change, too."""
    notice = PostChanged(incident=number, key=key)
    if outbox.is_waiting(session, team, notice):
        return
    outbox.put(session, team, notice, key=f"changed:{key}:{cause}"[:200], now=now)


def chart_changed(session: Session, team: TeamId, number: IncidentNumber, now: datetime) -> None:
    """The card has to show it, and what the incident asks has to be looked at anew."""
    cards.touch(session, team, number)
    reviews.wanted(session, team, number, now)
