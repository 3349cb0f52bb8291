"""Log an entry with a button or modal, or log a message that somebody points at with the shortcut."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.chart import File, Kind, Typed
from bot.domain.errors import NotUnderstood, Refused
from bot.domain.heard import Reply, Who
from bot.domain.ids import IncidentNumber, shown
from bot.domain.incident import Incident
from bot.domain.notice import EntryLogged, TextWanted
from bot.domain.offer import unique
from bot.domain.work.saying import Saying
from bot.domain.work.steps import Step
from bot.store import entries, incidents, outbox, people, receipts
from bot.store.entries import Draft, draft_of
from bot.store.session import Session
from bot.usecases.follow_workup import settle, sit, store_steps, take_in
from bot.usecases.know_zone import zone_for
from bot.usecases.open_incident import want_names
from bot.usecases.receive import refresh_receipt
from bot.usecases.show_again import chart_changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wrote into a modal, or said with one tap, as it would be typed in the thread.

    *steps* are for what has no typed form; *sure* says that what cannot be undone is meant.
    """

    kind: Kind
    text: str
    steps: tuple[Step, ...] = ()
    sure: bool = False
    done: bool = False
    due: datetime | None = None
    files: tuple[File, ...] = ()


def log_entry(
    session: Session, who: Who, number: IncidentNumber, written: Written, *, key: str, now: datetime
) -> None:
    """Log what somebody wrote or tapped, carry it out, and show it to the thread with what it moved.

    Raises:
        NotUnderstood: It says nothing, or nothing that its kind could mean.
        Refused: It asks for a step that may not be made now.
    """
    incident = _allowed(session, who, number)
    text = written.text.strip()
    if not text and not written.files:
        raise NotUnderstood("An entry needs words.", "a sentence of what you did or saw")
    if not receipts.first_time(session, who.team, key, now):
        return
    sitting = sit(session, incident)
    saying = Saying(
        kind=written.kind,
        text=text,
        by=who.user,
        at=now,
        severity=incident.severity,
        sure=written.sure,
        done=written.done,
        due=written.due,
        zone=zone_for(session, who.team, who.user, written.kind, now),
    )
    made = (*sitting.hear(saying).steps, *written.steps)
    draft = Draft(
        kind=written.kind, text=text, author=who.user, logged_by=who.user, at=now, files=written.files
    )
    (entry,) = entries.add(session, who.team, number, [draft], now=now)
    store_steps(session, incident, made, entry=entry, by=who.user, at=now, now=now)
    moved = settle(session, incident, now, before=sitting.before, cause=key)
    told = EntryLogged(
        incident=number,
        kind=written.kind,
        text=text,
        by=who.user,
        moved="\n".join(each.line for each in moved),
        offers=unique(offer for each in moved for offer in each.offers),
    )
    outbox.put(session, who.team, told, key=f"logged:{key}", now=now)
    chart_changed(session, who.team, number, now)
    want_names(session, who.team, text, now)


def log_message(  # noqa: PLR0913 - who logs which message to which chart, as what, and when.
    session: Session,
    who: Who,
    number: IncidentNumber,
    kind: Kind,
    message: Reply,
    *,
    whole: bool,
    key: str,
    now: datetime,
) -> None:
    """Log a message as it stands, from any conversation; it gets its receipt like every logged message.

    *whole* is False where only the beginning of its text is at hand: then the rest is asked for.

    Raises:
        Refused: It is from a private conversation, and the incident is not.
    """
    incident = _allowed(session, who, number)
    place = (message.channel, message.ts)
    if incident.channel != message.channel and people.is_closed(session, who.team, message.channel):
        raise Refused(
            f"This message is from a private conversation, and {shown(number)} is of another one. "
            "`/incident open`, typed there, opens one that it can be logged to."
        )
    past = entries.of_message(session, who.team, *place)
    if any(entry.kind == kind and not entry.withdrawn_at for entry in past):
        return
    if not receipts.first_time(session, who.team, key, now):
        return
    line = f"+{kind.value}:{len(past)}"
    draft = draft_of(message, Typed(kind, message.text), line=line, logged_by=who.user)
    (entry,) = entries.add(session, who.team, incident.number, [draft], now=now)
    take_in(session, incident, kind, message, entry=entry, by=who.user, cause=key, now=now)
    known = entries.message_of(session, message, number)
    refresh_receipt(session, who.team, place, known, cause=key, now=now)
    if not whole:
        wanted = TextWanted(channel=place[0], ts=place[1])
        outbox.put(session, who.team, wanted, key=f"text:{key}", now=now)
    chart_changed(session, who.team, number, now)
    want_names(session, who.team, message.text, now)


def complete_text(session: Session, message: Reply) -> None:
    """Give the entries that the shortcut made of a message its whole text."""
    found = entries.of_message(session, message.team, message.channel, message.ts)
    for entry in found:
        if (entry.line or "").startswith("+") and message.text.startswith(entry.text):
            entries.revise(session, message.team, entry, Typed(entry.kind, message.text))


def _allowed(session: Session, who: Who, number: IncidentNumber) -> Incident:
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    return incidents.locked(session, who.team, number)
