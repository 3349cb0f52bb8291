"""What somebody finds in the App Home: what is theirs, what waits for them, and the ward at a glance."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.domain.handoff.transfer import Handing
from bot.domain.heard import Who, mentioned
from bot.domain.home import Asked, Home, Shift
from bot.domain.ids import TeamId, UserId
from bot.domain.incident import Incident
from bot.domain.prompts.owing import OWNED, owner_of
from bot.domain.prompts.question import Prompt, PromptKind
from bot.domain.shifts.roster import spans
from bot.store import handoffs, incidents, people, rounds, shifts
from bot.store.rounds import Unanswered
from bot.store.session import Session
from bot.usecases.follow_workup import read_workup

# A home holds a hundred blocks, and nobody reads more of a list.
WARD, WAITING = 200, 20
SHIFT_WITHIN = timedelta(days=60)


def read_home(session: Session, team: TeamId, user: UserId, now: datetime) -> Home:
    """The home of somebody, with private incidents only where they are a member."""
    ward = incidents.open_ones(session, team, viewer=user, here=None, limit=WARD)
    waiting = [
        each
        for each in handoffs.waiting_for(session, team, user, limit=WAITING)
        if any(incident.number == each.incident for incident in ward)
    ]
    leads = {each.lead for each in ward if each.lead} | {each.giver for each in waiting}
    said = mentioned(" ".join(incident.title for incident in ward))
    return Home(
        user=user,
        at=now,
        ward=ward,
        total=incidents.count_open(session, team, viewer=user, here=None),
        asked=[*_asked(session, Who(team=team, user=user, channel=None), ward, now)][:WAITING],
        handoffs=waiting,
        shift=_next_shift(session, team, user, now),
        names=people.names(session, team, {*leads, *said, user}),
    )


def _asked(session: Session, who: Who, ward: Sequence[Incident], now: datetime) -> Iterator[Asked]:
    """What was asked and waits for this person: what is theirs to answer, and all else of what they lead."""
    found = rounds.unanswered(session, who.team, [incident.number for incident in ward], now)
    for incident in ward:
        for each in _theirs(session, who, incident, found.get(incident.number, ())):
            prompt = Prompt(kind=PromptKind(each.kind), about=each.about, due_at=each.since, asks=1)
            yield Asked(incident, prompt)


def _theirs(
    session: Session, who: Who, incident: Incident, found: Sequence[Unanswered]
) -> Iterator[Unanswered]:
    if not any(incident.lead == who.user or PromptKind(each.kind) in OWNED for each in found):
        return
    workup = read_workup(session, who.team, incident.number)
    handing = Handing(newest=handoffs.newest(session, who.team, incident.number))
    for each in found:
        owner = owner_of(PromptKind(each.kind), each.about, workup, handing) or incident.lead
        if owner == who.user:
            yield each


def _next_shift(session: Session, team: TeamId, user: UserId, now: datetime) -> Shift | None:
    """When somebody is on duty next, or is now, by any roster."""
    coming = [
        Shift(span, kept.place or None)
        for kept in shifts.every(session, team)
        for span in spans(kept.roster, now, now + SHIFT_WITHIN)
        if span.person == user
    ]
    return min(coming, key=lambda each: each.span.starts_at, default=None)
