"""What of handoffs decides what an incident asks: the newest attempt, and how long its lead is on watch."""

from datetime import datetime

from bot.domain.handoff.transfer import Handing, Watch
from bot.domain.ids import UserId
from bot.domain.incident import Incident
from bot.domain.shifts.roster import on_duty, spans
from bot.store import entries, handoffs, shifts
from bot.store.session import Session


def read_handing(session: Session, incident: Incident, now: datetime) -> Handing:
    """Where the handoff of an incident stands."""
    team, number = incident.team, incident.number
    newest = handoffs.newest(session, team, number)
    accepted_at = handoffs.accepted_at(session, team, number) if newest else None
    watch = None
    if incident.lead and incident.resolved_at is None:
        named_at = entries.lead_named_at(session, team, number)
        since = max(at for at in (incident.opened_at, accepted_at, named_at) if at)
        watch = _watch(session, incident, incident.lead, since, now)
    return Handing(newest=newest, accepted_at=accepted_at, watch=watch)


def _watch(session: Session, incident: Incident, lead: UserId, since: datetime, now: datetime) -> Watch:
    """How long the lead is on duty, or since when no longer, as far as a roster knows."""
    kept = shifts.near(session, incident.team, incident.channel)
    if kept is None:
        return Watch(since=since)
    roster = kept.roster
    duty = on_duty(roster, now)
    if duty and duty.person == lead:
        return Watch(since=since, ends_at=duty.ends_at, next=duty.next)
    over = [each.ends_at for each in spans(roster, since, now) if each.person == lead]
    return Watch(since=since, ended_at=max(over, default=None), on_duty=duty.person if duty else None)
