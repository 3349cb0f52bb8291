"""Open an incident: its number, its first severity, and the posts it owes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import NotUnderstood
from bot.domain.heard import Who, mentioned
from bot.domain.ids import ChannelId, TeamId, UserId, is_direct
from bot.domain.incident import UNTRIAGED, Incident, Severity, title_of
from bot.domain.notice import IncidentOpened, MembersWanted, Notice, PersonWanted, ThreadStarted
from bot.domain.prompts.asking import first_prompts
from bot.store import cards, incidents, outbox, people, prompts, receipts, reviews
from bot.store.session import Session, at_once
from bot.usecases.show_again import started_key

# Slack never repeats a command, but a person whose answer got lost does.
REPEATED_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What somebody wants to open; *another* is set when they insist on a second one."""

    who: Who
    channel: ChannelId
    seen: str
    title: str = ""
    severity: Severity | None = None
    lead: UserId | None = None
    another: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The incident, and whether it was there before."""

    incident: Incident
    repeated: bool


def open_incident(session: Session, opening: Opening, *, key: str, now: datetime) -> Opened:
    """Open an incident; the same words from the same person within two minutes find the first one again.

    Raises:
        NotUnderstood: Nothing says what was seen.
    """
    title = title_of(opening.title or opening.seen)
    if not title:
        raise NotUnderstood("An incident needs a few words.", "`/incident open sev2 loss is NaN`")
    team, who = opening.who.team, opening.who
    fresh = receipts.first_time(session, team, key, now)
    private = is_direct(opening.channel) or people.is_private(session, team, opening.channel)
    # From here on every other opening in the workspace waits for us.
    number = incidents.next_number(session, team)
    earlier = _earlier(session, opening, now) if not opening.another or not fresh else None
    if earlier:
        incidents.give_number_back(session, team)
        return Opened(earlier, repeated=True)
    incident = Incident(
        team=team,
        number=number,
        title=title,
        seen=opening.seen or opening.title,
        severity=opening.severity or UNTRIAGED,
        triaged_at=now if opening.severity else None,
        lead=opening.lead,
        private=private is not False,
        channel=opening.channel,
        thread_ts=None,
        opened_by=who.user,
        opened_at=now,
        active_at=now,
    )
    _record(session, incident, now)
    if incident.private:
        people.joined(session, team, incident.channel, [who.user])
    if private is None:
        wanted = MembersWanted(channel=incident.channel)
        outbox.put(session, team, wanted, key=f"members:{incident.channel}:{number}", now=now)
    return Opened(incident, repeated=False)


def _earlier(session: Session, opening: Opening, now: datetime) -> Incident | None:
    return incidents.same_opening(
        session,
        team=opening.who.team,
        channel=opening.channel,
        by=opening.who.user,
        seen=opening.seen or opening.title,
        since=now - REPEATED_WITHIN,
    )


def open_another(session: Session, who: Who, first: Incident, *, key: str, now: datetime) -> Opened:
    """Open the same incident once more, because somebody said that they mean it."""
    opening = Opening(
        who=who,
        channel=first.channel,
        seen=first.seen,
        title=first.title,
        severity=first.severity if first.triaged_at else None,
        lead=first.lead,
        another=True,
    )
    return open_incident(session, opening, key=key, now=now)


def _record(session: Session, incident: Incident, now: datetime) -> None:
    team, number = incident.team, incident.number
    owed: dict[str, Notice] = {
        f"opened:{number}": IncidentOpened(incident=number),
        started_key(number): ThreadStarted(incident=number),
    }
    first = first_prompts(incident)
    with at_once(session):
        incidents.add(session, incident)
        incidents.add_severity(
            session,
            incident,
            severity=incident.severity,
            by=incident.opened_by,
            at=now,
            reason="named at opening" if incident.triaged_at else "not triaged yet",
        )
        cards.start(session, team, number, now)
        prompts.begin(session, team, number, first)
        reviews.start(session, team, number, min((prompt.due_at for prompt in first), default=None))
        outbox.begin_lane(session, team, owed, now)
    want_names(session, team, incident.seen, now)


def want_names(session: Session, team: TeamId, text: str, now: datetime) -> None:
    """Have the people that a text mentions looked up, unless they are known."""
    want_people(session, team, mentioned(text), now)


def want_people(session: Session, team: TeamId, wanted: Collection[UserId], now: datetime) -> None:
    """Have people looked up, unless they are known."""
    for person in people.unknown(session, team, wanted, now):
        outbox.put(session, team, PersonWanted(user=person), key=f"person:{person}", now=now)
