"""What becomes of a handoff at its receiver: read back and accepted, confirmed by the giver, or declined.

The lead goes over at acceptance and only then. What is accepted is what the rows say at that moment: where
they have changed since the receiver looked, they are shown how before they can accept.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.chart import Kind
from bot.domain.errors import NotUnderstood, Refused
from bot.domain.handoff.chain import content_hash
from bot.domain.handoff.changes import changed
from bot.domain.handoff.document import Handoff
from bot.domain.handoff.read_back import READ_BACK, Picked, ReadBack
from bot.domain.handoff.reading_back import differences, f1, quiz
from bot.domain.handoff.scoring import score
from bot.domain.handoff.transfer import AGREEMENT, Transfer, wants_picks
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber, shown
from bot.domain.incident import Incident
from bot.domain.notice import HandoffTurned
from bot.store import entries, handoffs, incidents, outbox, receipts
from bot.store.session import Session
from bot.usecases.change_incident import lead_is
from bot.usecases.hand_over import end, filed, refreshed, show_offer
from bot.usecases.show_again import chart_changed

# So much of what has changed is told at once.
NEWS = 8
# One sentence in their own words is not one word.
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a receiver reads back from: the attempt, its document, and what has changed since it was sent."""

    transfer: Transfer
    document: Handoff
    news: tuple[str, ...] = ()

    @property
    def picks(self) -> bool:
        """Whether facts have to be picked from mixed lists."""
        return wants_picks(self.document.illness.severity, self.document.illness.stability)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came of a read-back: accepted, or else the *sheet* to read back from once more, and why.

    *stale* says that the incident has changed meanwhile, *differing* where the answer disagrees with it.
    """

    sheet: Sheet
    accepted: bool = False
    stale: bool = False
    differing: tuple[str, ...] = ()


def read_sheet(session: Session, who: Who, number: IncidentNumber, now: datetime) -> Sheet:
    """The sheet for a receiver, with a new version of the document where the old one is true no more.

    Raises:
        NoSuchIncident: It is none of theirs.
        Refused: Nothing waits for them, or they were asked often enough.
    """
    incident, transfer = _mine(session, who, number)
    _asked_too_often(transfer)
    return _sheet(session, incident, transfer, now)


def may_decline(session: Session, who: Who, number: IncidentNumber) -> None:
    """Whether somebody may decline what is handed over to them.

    Raises:
        NoSuchIncident: It is none of theirs.
        Refused: Nothing waits for them.
    """
    _mine(session, who, number)


def _asked_too_often(transfer: Transfer) -> None:
    if transfer.exhausted:
        raise Refused(
            f"Please talk to @{transfer.giver}: one tap of theirs confirms what you have understood."
        )


def _mine(session: Session, who: Who, number: IncidentNumber) -> tuple[Incident, Transfer]:
    incident, transfer = _waiting(session, who, number)
    if transfer.receiver != who.user:
        raise Refused(
            f"This handoff is for @{transfer.receiver}. If you take {shown(number)} instead, "
            "“Take the lead” on its card says so."
        )
    if transfer.sent_at is None:
        raise Refused(f"It is not sent yet: something critical is missing. @{transfer.giver} sees what.")
    return incident, transfer


def _waiting(session: Session, who: Who, number: IncidentNumber) -> tuple[Incident, Transfer]:
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    incident = incidents.locked(session, who.team, number)
    transfer = handoffs.newest(session, who.team, number)
    if transfer is None or not transfer.waiting:
        raise Refused(_over(transfer, number))
    return incident, transfer


def _over(transfer: Transfer | None, number: IncidentNumber) -> str:
    name = shown(number)
    if transfer is None:
        return f"Nobody hands {name} over."
    if transfer.accepted_at:
        return f"@{transfer.receiver} has accepted {name} already."
    if transfer.declined_at:
        return f"@{transfer.receiver} has declined {name}, so @{transfer.giver} goes on."
    return f"The handoff of {name} is over: {transfer.cancel_reason or 'the lead was taken without it'}."


def _sheet(session: Session, incident: Incident, transfer: Transfer, now: datetime) -> Sheet:
    given = refreshed(session, incident, transfer, now)
    sent = handoffs.first_version(session, transfer)
    news = changed(sent.document, given.document) if sent else ()
    return Sheet(transfer=given.transfer, document=given.document, news=news)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a receiver answers to the sheet of that *version*."""

    version: int
    words: str
    picked: Picked


def read_back(
    session: Session, who: Who, number: IncidentNumber, said: Said, *, key: str, now: datetime
) -> Answered:
    """Take what a receiver reads back; where it agrees with the chart, that accepts the handoff.

    Raises:
        NoSuchIncident: It is none of theirs.
        Refused: Nothing waits for them, or they were asked often enough.
        NotUnderstood: It says too little, or nothing of its own.
    """
    incident, transfer = _mine(session, who, number)
    sheet = _sheet(session, incident, transfer, now)
    _in_own_words(said.words, sheet.document)
    if sheet.transfer.version != said.version:
        return Answered(sheet=sheet, stale=True)
    _asked_too_often(sheet.transfer)
    asked = quiz(sheet.document, short=not sheet.picks)
    answer = ReadBack(
        by=who.user,
        words=said.words.strip(),
        picked=said.picked,
        f1=f1(asked, said.picked),
        sent_at=sheet.transfer.sent_at or now,
    )
    if not receipts.first_time(session, who.team, key, now):
        return Answered(sheet=sheet)
    if answer.f1 < AGREEMENT:
        after = _differs(session, sheet.transfer, answer, now)
        again = replace(sheet, transfer=after)
        return Answered(sheet=again, differing=differences(asked, said.picked))
    return Answered(sheet=sheet, accepted=_accept(session, incident, sheet, answer, now))


def _in_own_words(words: str, document: Handoff) -> None:
    said = " ".join(words.split()).casefold()
    if len(said.split()) < FEWEST_WORDS:
        raise NotUnderstood(
            "Please say in a sentence of your own what you are taking over.",
            "“NaN since 3100, probably the collator; I rerun the eval and roll back above 4”",
        )
    if said in {
        " ".join(text.split()).casefold() for text in (document.patient.title, document.patient.seen)
    }:
        raise NotUnderstood("That is what the chart says already.", "the same in your own words")


def _differs(session: Session, transfer: Transfer, answer: ReadBack, now: datetime) -> Transfer:
    """Keep an answer that does not agree; after the last one the giver is asked to talk to the receiver."""
    after = replace(transfer, rounds=transfer.rounds + 1, read_back=answer.model_dump_json())
    handoffs.save(session, after)
    if after.exhausted:
        show_offer(session, after, cause="doubted", now=now)
        notice = HandoffTurned(incident=after.incident, attempt=after.number, turn="doubted")
        key = f"handoff-doubted:{after.incident}:{after.number}"
        outbox.put(session, after.team, notice, key=key, now=now)
        chart_changed(session, after.team, after.incident, now)
    return after


def confirm(session: Session, who: Who, number: IncidentNumber, *, key: str, now: datetime) -> None:
    """The giver confirms by word of mouth that the receiver has understood.

    Where the incident has changed since it was read back, the thread is told how: they talk about that first,
    and the next tap confirms.

    Raises:
        Refused: Nothing waits for that, or it is not the giver who says so.
    """
    incident, transfer = _waiting(session, who, number)
    if who.user != transfer.giver:
        raise Refused(f"Only @{transfer.giver}, who hands it over, can confirm that.")
    if not transfer.exhausted or transfer.read_back is None:
        raise Refused(f"@{transfer.receiver} has not read it back twice yet.")
    if not receipts.first_time(session, who.team, key, now):
        return
    read = handoffs.version(session, who.team, number, transfer.version)
    given = refreshed(session, incident, transfer, now)
    if read and given.transfer.version != transfer.version:
        _changed_meanwhile(session, given.transfer, changed(read.document, given.document), now)
        return
    answer = READ_BACK.validate_json(transfer.read_back).model_copy(update={"confirmed_by": who.user})
    sheet = Sheet(transfer=replace(given.transfer, confirmed_by=who.user), document=given.document)
    _accept(session, incident, sheet, answer, now)


def _changed_meanwhile(session: Session, transfer: Transfer, news: tuple[str, ...], now: datetime) -> None:
    show_offer(session, transfer, cause=f"changed:{transfer.version}", now=now)
    notice = HandoffTurned(
        incident=transfer.incident, attempt=transfer.number, turn="changed", news=news[:NEWS]
    )
    key = f"handoff-changed:{transfer.incident}:{transfer.version}"
    outbox.put(session, transfer.team, notice, key=key, now=now)


def _accept(session: Session, incident: Incident, sheet: Sheet, answer: ReadBack, now: datetime) -> bool:
    """Give the lead to the receiver, and seal what they have accepted."""
    done = answer.model_copy(update={"accepted_at": now})
    rated = score(sheet.document, done)
    accepted = replace(sheet.transfer, read_back=done.model_dump_json(), accepted_at=now)
    _seal(session, accepted, rated.shown, five=rated.five_elements, now=now)
    lead_is(session, incident, accepted.receiver, now)
    told = f"@{accepted.giver} → @{accepted.receiver}: {done.words}"
    draft = entries.Draft(
        kind=Kind.HANDOFF, text=told, author=accepted.receiver, logged_by=accepted.receiver, at=now
    )
    entries.add(session, incident.team, incident.number, [draft], now=now)
    end(session, accepted, now)
    filed(session, accepted, now)
    return True


def _seal(session: Session, accepted: Transfer, rated: int, *, five: bool, now: datetime) -> None:
    """Chain the accepted version to the one that was accepted before it."""
    team, number = accepted.team, accepted.incident
    chain = handoffs.accepted(session, team, number)
    previous = chain[-1].hash if chain else None
    version = handoffs.version(session, team, number, accepted.version)
    assert version is not None  # noqa: S101 - it was kept when the sheet was made.
    content = content_hash(version.stored, accepted.read_back or "", now, previous)
    handoffs.seal(session, accepted, score=rated, five=five, at=now, previous=previous, content=content)


def decline(
    session: Session, who: Who, number: IncidentNumber, reason: str, *, key: str, now: datetime
) -> None:
    """The receiver does not take it: the giver goes on, and somebody is told.

    Raises:
        Refused: Nothing waits for them.
        NotUnderstood: There is no reason.
    """
    _, transfer = _mine(session, who, number)
    if not reason.strip():
        raise NotUnderstood("A declined handoff needs a reason.", "“I am on INC-4 until 18:00”")
    if not receipts.first_time(session, who.team, key, now):
        return
    end(session, replace(transfer, declined_at=now, decline_reason=reason.strip()), now)
