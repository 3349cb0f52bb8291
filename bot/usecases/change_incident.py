"""Change an incident's severity or lead, resolve it, reopen it.

Each change comes in two forms: an *act* on a locked incident, for a reply whose own message tells the thread,
and a command that does the same for a button or slash command, keeps it in the chart and tells the thread.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.chart import Kind
from bot.domain.errors import NotAMember, NotUnderstood, Refused
from bot.domain.heard import MENTION, Who, mentioned
from bot.domain.ids import IncidentNumber, UserId, shown
from bot.domain.incident import Incident, Severity
from bot.domain.notice import IncidentReopened, IncidentResolved, LeadChanged, Notice, SeverityChanged
from bot.domain.offer import Offer, unique
from bot.domain.work.closing import Closing, diagnosis_of, in_sentences, lacking, written_closing
from bot.store import entries, incidents, outbox, people, receipts, reviews
from bot.store.session import Session
from bot.usecases.follow_workup import read_workup
from bot.usecases.hand_over import EXAMPLE, lead_taken
from bot.usecases.open_incident import want_names
from bot.usecases.second_opinion import SLACKBOT
from bot.usecases.show_again import chart_changed, prompt_key, show_again, started_key

LEAD_EXAMPLE = "`lead: @somebody`, or `lead: me`"
# Two names side by side; a name later in the sentence belongs to the sentence.
_BETWEEN = r"(?:\s|,|&|\+|/|and\b|or\b)+"
_SEVERAL = re.compile(rf"\s*(?:(?i:to)\s+)?{MENTION.pattern}{_BETWEEN}{MENTION.pattern}")


def act_on_severity(
    session: Session, incident: Incident, severity: Severity, reason: str, by: UserId, now: datetime
) -> Incident:
    """Give the incident a severity; the earlier ones stay on record."""
    after = replace(incident, severity=severity, triaged_at=incident.triaged_at or now, active_at=now)
    incidents.add_severity(session, incident, severity=severity, by=by, at=now, reason=reason)
    incidents.save(session, after)
    key, cause = started_key(incident.number), now.isoformat()
    show_again(session, incident.team, incident.number, key, cause=cause, now=now)
    return after


def act_on_lead(session: Session, incident: Incident, lead: UserId, by: UserId, now: datetime) -> Incident:
    """Make somebody the lead; whoever leads already goes on.

    Raises:
        NotAMember: They may not see the incident.
    """
    if lead == incident.lead:
        return incident
    if (
        incident.private
        and lead != by
        and not people.is_member(session, incident.team, incident.channel, lead)
    ):
        raise NotAMember(lead)
    lead_taken(session, incident, lead, by, now)
    return lead_is(session, incident, lead, now)


def lead_is(session: Session, incident: Incident, lead: UserId, now: datetime) -> Incident:
    """Keep who leads a locked incident, and call them from now on."""
    after = replace(incident, lead=lead, active_at=now)
    incidents.save(session, after)
    living = reviews.get(session, incident.team, incident.number).living
    if living:
        # It calls whoever leads.
        key = prompt_key(incident.number, living)
        show_again(session, incident.team, incident.number, key, cause=now.isoformat(), now=now)
    return after


def act_on_cause(
    session: Session, incident: Incident, closing: Closing, by: UserId, now: datetime
) -> Incident:
    """Resolve the incident, if nothing is missing or somebody answers for what is.

    Raises:
        AlreadyResolved: It is.
        NotUnderstood: No cause is given.
        Refused: Something is missing.
    """
    workup = read_workup(session, incident.team, incident.number)
    resolved = incident.resolve(by=by, cause=diagnosis_of(closing, workup), at=now)
    lacks = lacking(workup, gone=closing.gone, cause=closing.cause)
    if lacks and not closing.anyway.strip():
        missing = "\n".join(f"• {lack.text}" for lack in lacks)
        anyway = Offer(label="Close anyway…", does="resolve:anyway")
        offers = unique((*(offer for lack in lacks for offer in lack.offers), anyway))
        raise Refused(f"Before {shown(incident.number)} closes:\n{missing}", offers, incident.number)
    after = replace(resolved, active_at=now)
    incidents.save(session, after)
    return after


def lead_named_in(text: str, speaker: UserId, us: UserId | None, example: str = LEAD_EXAMPLE) -> UserId:
    """Who a text makes the lead: the person it mentions, or the speaker for "me"; *us* is our own account.

    Raises:
        NotUnderstood: It names nobody, or a bot.
    """
    found = mentioned(text)
    if found and found[0] in {us, SLACKBOT}:
        raise NotUnderstood(f"@{found[0]} is a bot, and only a person can lead.", example)
    if found:
        return found[0]
    if text.strip().casefold().rstrip(".!") in {"me", "i", "myself", "mine"}:
        return speaker
    raise NotUnderstood(f"“{text.strip()[:60]}” names nobody.", example)


def receiver_named_in(text: str, speaker: UserId, us: UserId | None) -> UserId:
    """Who a reply hands over to: the person whom it names first; *us* is our own account.

    Raises:
        NotUnderstood: It names nobody, several people at once, or a bot.
    """
    if _SEVERAL.match(text):
        raise NotUnderstood("A handoff has one receiver.", EXAMPLE)
    return lead_named_in(text, speaker, us, EXAMPLE)


@dataclass(frozen=True, slots=True)
class _Change:
    """What a command did, what it tells the thread, and how it stands in the chart."""

    after: Incident
    told: Notice
    kind: Kind
    text: str


def change_severity(  # noqa: PLR0913 - who changes what to what, why and when.
    session: Session,
    who: Who,
    number: IncidentNumber,
    severity: Severity,
    reason: str,
    *,
    key: str,
    now: datetime,
) -> Incident:
    """Change the severity by command or button, and tell the thread."""

    def act(incident: Incident) -> _Change:
        told = SeverityChanged(
            incident=number, before=incident.severity, after=severity, by=who.user, reason=reason
        )
        after = act_on_severity(session, incident, severity, reason, who.user, now)
        return _Change(after, told, Kind.SEVERITY, f"{severity.value} {reason}".strip())

    return _by_command(session, who, number, act, key=key, now=now)


def change_lead(
    session: Session, who: Who, number: IncidentNumber, lead: UserId, *, key: str, now: datetime
) -> Incident:
    """Name the lead by command or button, and tell the thread, unless they lead already."""

    def act(incident: Incident) -> _Change | None:
        if lead == incident.lead:
            return None
        told = LeadChanged(incident=number, before=incident.lead, lead=lead, by=who.user)
        return _Change(act_on_lead(session, incident, lead, who.user, now), told, Kind.LEAD, f"@{lead}")

    return _by_command(session, who, number, act, key=key, now=now)


def resolve_incident(
    session: Session, who: Who, number: IncidentNumber, closing: Closing, *, key: str, now: datetime
) -> Incident:
    """Resolve by command or button, and tell the thread.

    Raises:
        AlreadyResolved: It is resolved.
        NotUnderstood: No cause is given.
        Refused: Something is missing.
    """

    def act(incident: Incident) -> _Change:
        after = act_on_cause(session, incident, closing, who.user, now)
        named = replace(closing, cause=after.diagnosis or "")
        told = IncidentResolved(incident=number, by=who.user, cause=in_sentences(named))
        return _Change(after, told, Kind.RESOLVE, written_closing(named))

    return _by_command(session, who, number, act, key=key, now=now)


def reopen_incident(
    session: Session, who: Who, number: IncidentNumber, reason: str, *, key: str, now: datetime
) -> Incident:
    """Open a resolved incident again, and tell the thread.

    Raises:
        NotResolved: It is open.
    """

    def act(incident: Incident) -> _Change:
        after = replace(incident.reopen(), active_at=now)
        incidents.save(session, after)
        told = IncidentReopened(incident=number, by=who.user, reason=reason)
        return _Change(after, told, Kind.REOPEN, reason)

    return _by_command(session, who, number, act, key=key, now=now)


def _by_command(
    session: Session,
    who: Who,
    number: IncidentNumber,
    act: Callable[[Incident], _Change | None],
    *,
    key: str,
    now: datetime,
) -> Incident:
    """Do it once for each *key*, keep it in the chart, owe the thread a word and the card its update.

    An *act* that finds everything as it should be returns None, and nothing is kept or told.
    """
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    incident = incidents.locked(session, who.team, number)
    if not receipts.first_time(session, who.team, key, now):
        return incident
    change = act(incident)
    if change is None:
        return incident
    draft = entries.Draft(kind=change.kind, text=change.text, author=who.user, logged_by=who.user, at=now)
    entries.add(session, who.team, number, [draft], now=now)
    outbox.put(session, who.team, change.told, key=f"{change.told.name}:{key}", now=now)
    chart_changed(session, who.team, number, now)
    want_names(session, who.team, change.text, now)
    return change.after
