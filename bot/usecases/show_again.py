"""Posts of ours that are shown anew when what they tell of has changed: under which keys they are owed."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.notice import PostChanged
from bot.domain.prompts.question import Prompt
from bot.store import cards, outbox, reviews
from bot.store.session import Session


def started_key(number: IncidentNumber) -> str:
    """The post at the top of the thread, which holds the questions of triage."""
    return f"started:{number}"


def asked_key(number: IncidentNumber, test: int) -> str:
    """The post that asks what hypotheses expect of a test."""
    return f"asked:{number}:{test}"


def checklist_key(number: IncidentNumber, copy: int) -> str:
    """The post of the checklist of that number, counted from 1 in each incident."""
    return f"checklist:{number}:{copy}"


def prompt_key(number: IncidentNumber, living: int) -> str:
    """The prompt of that number, counted from 1 in each incident."""
    return f"prompt:{number}:{living}"


def escalated_key(number: IncidentNumber, prompt: Prompt) -> str:
    """What told the channel that nobody answers a prompt, at the time at which it was told."""
    at = prompt.escalated_at.timestamp() if prompt.escalated_at else 0
    return f"escalated:{number}:{prompt.kind.value}:{prompt.about}:{at:.0f}"


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


def show_prompts(  # noqa: PLR0913 - which prompts of which incident, where they are shown, why and when.
    session: Session,
    team: TeamId,
    number: IncidentNumber,
    changed: Iterable[Prompt],
    living: int,
    *,
    cause: str,
    now: datetime,
) -> None:
    """Show anew what tells of prompts that have changed: the *living* one, and what the channel was told.

    Without a living one, 0, only the latter.
    """
    told = [prompt for prompt in changed if prompt.asks]
    if told and living:
        show_again(session, team, number, prompt_key(number, living), cause=cause, now=now)
    for prompt in told:
        if prompt.escalated_at and not prompt.open:
            show_again(session, team, number, escalated_key(number, prompt), cause=cause, now=now)
