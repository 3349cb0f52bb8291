"""Compile the handoff of an incident from its rows."""

from datetime import datetime

from bot.domain.chart import Kind
from bot.domain.handoff.case import Case
from bot.domain.handoff.compiling import compile_handoff
from bot.domain.handoff.document import Handoff
from bot.domain.heard import mentioned
from bot.domain.ids import UserId
from bot.domain.incident import Incident
from bot.domain.shifts.roster import Roster, next_span, on_duty
from bot.domain.work.people import people_in
from bot.store import entries, handoffs, incidents, people, prompts, shifts
from bot.store.session import Session
from bot.usecases.follow_workup import read_workup


def compiled(
    session: Session, incident: Incident, giver: UserId, receiver: UserId | None, now: datetime
) -> Handoff:
    """The handoff as the rows give it now, for a *receiver* if there is one already."""
    kept = shifts.near(session, incident.team, incident.channel)
    roster = kept.roster if kept else None
    case = _case(session, incident, {giver, receiver or giver}, now, roster)
    return compile_handoff(case, giver, receiver, now, _next_end(roster, receiver, now) if roster else None)


def _next_end(roster: Roster, receiver: UserId | None, now: datetime) -> datetime | None:
    """When the watch is over that is being taken over: the receiver's own, if they are on duty or next."""
    duty = on_duty(roster, now)
    coming = next_span(roster, duty.ends_at) if duty and duty.person != receiver else None
    if coming and coming.person == receiver:
        return coming.ends_at
    return duty.ends_at if duty else None


def _people_of(roster: Roster) -> set[UserId]:
    """Everybody who may be on duty."""
    rotation = roster.rotation.people if roster.rotation else ()
    calendar, overrides = ([each.person for each in found] for found in (roster.calendar, roster.overrides))
    return {*rotation, *calendar, *overrides}


def _case(
    session: Session, incident: Incident, involved: set[UserId], now: datetime, roster: Roster | None
) -> Case:
    team, number = incident.team, incident.number
    workup = read_workup(session, team, number)
    handed_at = handoffs.accepted_at(session, team, number)
    # The first handoff tells all of it, also what was said before the incident was opened and logged later.
    if handed_at:
        found = entries.since(session, team, number, handed_at)
    else:
        found = entries.of(session, team, number)
    # That it is handed over is nothing that the receiver has to be told.
    timeline = [entry for entry in found if entry.kind is not Kind.HANDOFF]
    said = " ".join([incident.title, incident.seen, *(entry.text for entry in timeline)])
    wanted = {*involved, incident.opened_by, *(entry.author for entry in timeline)}
    wanted |= {*map(UserId, people_in(workup)), *mentioned(said), *([incident.lead] if incident.lead else [])}
    return Case(
        incident=incident,
        first_severity=incidents.severities(session, team, number)[0],
        severities=incidents.gradings(session, team, number),
        workup=workup,
        entries=timeline,
        handed_at=handed_at,
        prompts=prompts.of(session, team, number, now),
        names=people.names(session, team, wanted),
        roster=_people_of(roster) if roster else None,
    )
