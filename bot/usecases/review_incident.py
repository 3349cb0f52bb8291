"""Look at an incident: bring its prompts in line with where it stands, and ask what is due.

Everything is decided from what is true now, with the incident's row locked. So it makes no difference who
looks, how often, or how long nobody did: an answered question is never asked, and none is asked twice.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.handoff.transfer import Handing
from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.domain.incident import Incident
from bot.domain.notice import Escalated, PostGone, Prompted
from bot.domain.prompts.asking import Situation, questions
from bot.domain.prompts.planning import Thread, asked, matched, plan
from bot.domain.prompts.question import Key, Prompt, Question
from bot.domain.work.workup import Workup
from bot.store import cards, incidents, outbox, prompts, quiet, reviews
from bot.store.reviews import Review
from bot.store.session import Session
from bot.usecases.follow_workup import read_workup
from bot.usecases.hand_over import follow_handoff
from bot.usecases.read_handing import read_handing
from bot.usecases.show_again import escalated_key, prompt_key, show_prompts

# What is delivered within this is delivered at once.
SOON = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is seen of an incident when it is looked at: what it asks, and what became of that."""

    incident: Incident
    review: Review
    questions: tuple[Question, ...]
    prompts: dict[Key, Prompt]
    changed: dict[Key, Prompt]
    thread: Thread
    handing: Handing

    def after(self, done_keys: Collection[Key], now: datetime) -> "Look":
        """The same after some questions were asked."""
        thread = self.thread
        if done_keys and not thread.waiting:
            thread = replace(thread, posted_at=now)
        return replace(self, thread=thread)


def look(session: Session, incident: Incident, now: datetime, *, workup: Workup | None = None) -> Look:
    """See what an incident asks, and change nothing; *workup* is its own, where it was read already."""
    team, number = incident.team, incident.number
    review = reviews.get(session, team, number)
    situation = Situation(
        incident=incident,
        workup=workup or read_workup(session, team, number),
        graded_at=incidents.graded_at(session, team, number),
        handing=read_handing(session, incident, now),
        every=review.every,
    )
    open_ones = questions(situation, now)
    every, changed = matched(open_ones, prompts.of(session, team, number, now), now)
    return Look(
        incident=incident,
        review=review,
        questions=open_ones,
        prompts=every,
        changed=changed,
        thread=_thread(session, incident, review, open_ones),
        handing=situation.handing,
    )


def _thread(session: Session, incident: Incident, review: Review, open_ones: Iterable[Question]) -> Thread:
    people: set[UserId] = {each.to for each in open_ones if each.to}
    people |= {incident.lead} if incident.lead else set()
    key = prompt_key(incident.number, review.living)
    return Thread(
        severity=incident.severity,
        active_at=incident.active_at,
        lead=incident.lead,
        posted_at=review.posted_at,
        waiting=review.living > 0 and outbox.is_owed(session, incident.team, key),
        off=review.off_by is not None,
        quiet=quiet.of(session, incident.team, people),
    )


def review_incident(session: Session, team: TeamId, number: IncidentNumber, now: datetime) -> None:
    """Ask what is due, once, and settle when to look again; call it with the incident's row locked."""
    incident = incidents.get(session, team, number)
    seen = look(session, incident, now)
    if follow_handoff(session, incident, seen.handing, now):
        seen = look(session, incident, now)
    ask, escalate = list[Key](), list[Key]()
    while True:
        found = plan(seen.questions, seen.prompts, seen.thread, now)
        if not found.ask and not found.escalate:
            break
        ask, escalate = [*ask, *found.ask], [*escalate, *found.escalate]
        seen = replace(seen, prompts=asked(seen.prompts, found, now)).after(found.ask, now)
    told = {key: seen.prompts[key] for key in (*ask, *escalate)}
    prompts.keep(session, team, number, (seen.changed | told).values())
    living = _owe(session, seen, ask, escalate, now)
    due_at = _next_look(found.next_at, seen.handing, now)
    after = replace(seen.review, due_at=due_at, living=living, posted_at=seen.thread.posted_at)
    reviews.done(session, team, number, after)


def _next_look(asks_at: datetime | None, handing: Handing, now: datetime) -> datetime | None:
    """When to look again: at the next question, or when the lead's shift ends."""
    ends_at = handing.watch.ends_at if handing.watch else None
    return min((at for at in (asks_at, ends_at) if at and (at > now or at == asks_at)), default=None)


def _owe(session: Session, seen: Look, ask: Collection[Key], escalate: Collection[Key], now: datetime) -> int:
    """Owe the thread what the look has come to; the number of its living prompt from here on."""
    team, number, living = seen.incident.team, seen.incident.number, seen.review.living
    if ask and not seen.thread.waiting:
        _take_away(session, seen, now)
        living += 1
        new = Prompted(incident=number, living=living)
        outbox.put(session, team, new, key=prompt_key(number, living), now=now)
    elif living and (seen.incident.resolved_at or seen.thread.off):
        _take_away(session, seen, now)
    for kind, about in escalate:
        told = Escalated(incident=number, kind=kind.value, about=about)
        key = escalated_key(number, seen.prompts[kind, about])
        outbox.put(session, team, told, key=key, now=now)
    shown = 0 if ask or seen.incident.resolved_at or seen.thread.off else living
    show_prompts(session, team, number, seen.changed.values(), shown, cause=now.isoformat(), now=now)
    if ask or escalate or _passed_over(seen):
        cards.touch(session, team, number)
    return living


def _passed_over(seen: Look) -> bool:
    """Whether the time that the card names for the next prompt has come, and was put off by what people do.

    What they log or answer has the card shown anew by itself.
    """
    due_at, incident = seen.review.due_at, seen.incident
    waited_for = due_at is not None and due_at > incident.active_at
    return waited_for and not seen.thread.waiting and incident.resolved_at is None


def _take_away(session: Session, seen: Look, now: datetime) -> None:
    """Let the living prompt go; the next one, if there is one, stands further down."""
    number, living = seen.incident.number, seen.review.living
    if living:
        gone = PostGone(incident=number, key=prompt_key(number, living))
        outbox.put(session, seen.incident.team, gone, key=f"gone:{gone.key}", now=now)


def prompt_delivered(session: Session, team: TeamId, notice: Prompted, now: datetime) -> None:
    """People see the living prompt only from now on, however long ago it was owed."""
    incidents.locked(session, team, notice.incident)
    review = reviews.get(session, team, notice.incident)
    if review.living != notice.living or review.posted_at is None or now < review.posted_at + SOON:
        return
    late = [
        replace(prompt, asked_at=now)
        for prompt in prompts.of(session, team, notice.incident, now)
        if prompt.stands(now) and prompt.asked_at and prompt.asked_at >= review.posted_at
    ]
    prompts.keep(session, team, notice.incident, late)
    reviews.posted(session, team, notice.incident, now)
    reviews.wanted(session, team, notice.incident, now)
