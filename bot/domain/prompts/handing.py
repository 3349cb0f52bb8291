"""Which questions the handoff of an incident asks: whose it is, whether it was read back, when it is due."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.cadence import CADENCE
from bot.domain.handoff.transfer import AHEAD, SILENCE, Handing, Reason, Transfer, Watch
from bot.domain.ids import UserId
from bot.domain.incident import Incident
from bot.domain.prompts.question import PromptKind, Question, minute


def handoff_questions(incident: Incident, handing: Handing, again: timedelta) -> Iterator[Question]:
    """Every question of an open incident that is about its handoff; *again* is how long one waits."""
    newest, waiting, watch = handing.newest, handing.waiting, handing.watch
    if waiting and waiting.sent_at:
        yield _read_back(waiting, waiting.sent_at)
    if newest and newest.declined_at and incident.lead == newest.giver:
        yield Question(
            kind=PromptKind.RETURNED,
            about=str(newest.number),
            due_at=newest.declined_at,
            escalate_at=newest.declined_at,
            to=newest.giver,
        )
    if newest and newest.reason is Reason.WITHOUT and incident.lead == newest.receiver:
        yield Question(
            kind=PromptKind.WITHOUT, about=str(newest.number), due_at=newest.asked_at, to=newest.giver
        )
    # What could not be sent waits for nobody: whose it is is asked as if there were no handoff.
    if incident.lead and watch and not (waiting and waiting.sent_at):
        yield from _of_watch(incident, watch, incident.lead, again)


def _read_back(waiting: Transfer, sent_at: datetime) -> Question:
    """Asked half-way to the moment at which the giver, and somebody above them, has to be told."""
    return Question(
        kind=PromptKind.READ_BACK,
        about=str(waiting.number),
        due_at=sent_at + SILENCE / 2,
        repeat=SILENCE / 2,
        escalate_at=sent_at + SILENCE,
        to=waiting.receiver,
    )


def _of_watch(incident: Incident, watch: Watch, lead: UserId, again: timedelta) -> Iterator[Question]:
    """Somebody off duty leads, or soon will, or has led for too long."""
    if watch.over and watch.ended_at:
        yield Question(
            kind=PromptKind.UNOWNED,
            about=minute(watch.ended_at),
            due_at=watch.ended_at,
            repeat=again,
            escalate_at=watch.ended_at + SILENCE,
        )
        return
    if watch.ends_at and watch.next != lead:
        due = max(watch.ends_at - AHEAD[incident.severity], watch.since)
        yield Question(kind=PromptKind.HANDOFF, about=f"shift {minute(watch.ends_at)}", due_at=due, to=lead)
    longest = CADENCE[incident.severity].forced_handoff
    if longest:
        due = watch.since + longest
        yield Question(
            kind=PromptKind.HANDOFF, about=f"long {minute(due)}", due_at=due, repeat=again, to=lead
        )
