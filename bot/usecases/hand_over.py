"""Hand an incident over: compile what is handed over, and send it once nothing critical is missing.

The giver leads until the receiver has read back and accepts, see `accept_handoff`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.chart import Kind
from bot.domain.errors import AlreadyResolved, NotAMember, NotUnderstood, Refused, RoundsError
from bot.domain.handoff.changes import changed
from bot.domain.handoff.document import Handoff
from bot.domain.handoff.scoring import Score, score
from bot.domain.handoff.transfer import GIVEN_TO_ANOTHER, Handing, Reason, Transfer
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber, TeamId, UserId, shown
from bot.domain.incident import Incident
from bot.domain.notice import HandoffFiled, HandoffOffered, HandoffTold, HandoffTurned
from bot.store import entries, handoffs, incidents, outbox, people, receipts
from bot.store.session import Session
from bot.usecases.compile_handoff import compiled
from bot.usecases.open_incident import want_people
from bot.usecases.show_again import chart_changed, show_again

EXAMPLE = "`/incident handoff @ben INC-n`, or `handoff: @ben` in the thread"
# What is given together is told together: the others of a bundle follow within this.
TOLD_AFTER = timedelta(seconds=5)
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One incident that was given: the attempt, what was compiled, and how complete that is."""

    transfer: Transfer
    document: Handoff
    score: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """One incident that could not be given, and why."""

    incident: IncidentNumber
    why: RoundsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What was given together, and what had to be left out."""

    given: tuple[Given, ...] = ()
    left: tuple[Left, ...] = ()


def offered_key(number: IncidentNumber, attempt: int) -> str:
    """The post in the thread that shows an attempt."""
    return f"handoff:{number}:{attempt}"


def bundle_of(key: str) -> str:
    """One name for all that a request hands over, however long its own is."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def hand_over(
    session: Session,
    who: Who,
    numbers: Sequence[IncidentNumber] | None,
    receiver: UserId,
    *,
    key: str,
    now: datetime,
) -> Bundle:
    """Hand incidents over by command or button; without *numbers* all that the speaker leads.

    Of several, one that cannot be given is left out and keeps the others from nothing.

    Raises:
        NotUnderstood: The speaker leads nothing that they could mean.
        RoundsError: It is the only one, and they may not see it, or it cannot be handed over to that person.
    """
    if not receipts.first_time(session, who.team, key, now):
        return Bundle()
    bundle, given, left = bundle_of(key), list[Given](), list[Left]()
    wanted = sorted(numbers or _led_by(session, who))
    for number in wanted:
        try:
            given.append(_by_command(session, who, number, receiver, bundle, now))
        except RoundsError as error:
            if len(wanted) == 1:
                raise
            left.append(Left(incident=number, why=error))
    return Bundle(given=tuple(given), left=tuple(left))


def _led_by(session: Session, who: Who) -> list[IncidentNumber]:
    found = incidents.open_ones(session, who.team, viewer=who.user, here=who.channel, limit=MOST_AT_ONCE)
    mine = [incident.number for incident in found if incident.lead == who.user]
    if not mine:
        raise NotUnderstood("You lead no open incident.", "`/incident handoff @ben INC-n`")
    return mine


def _by_command(
    session: Session, who: Who, number: IncidentNumber, receiver: UserId, bundle: str, now: datetime
) -> Given:
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    incident = incidents.locked(session, who.team, number)
    given = act_on_handoff(session, incident, receiver, who.user, now, bundle=bundle)
    draft = entries.Draft(kind=Kind.HANDOFF, text=f"@{receiver}", author=who.user, logged_by=who.user, at=now)
    entries.add(session, who.team, number, [draft], now=now)
    return given


def act_on_handoff(  # noqa: PLR0913 - who gives what to whom, why and when.
    session: Session,
    incident: Incident,
    receiver: UserId,
    by: UserId,
    now: datetime,
    *,
    bundle: str,
    reason: Reason = Reason.ASKED,
) -> Given:
    """Begin to hand a locked incident over; whoever was to take it before is told that they need not.

    Raises:
        AlreadyResolved: There is nothing to hand over.
        Refused: The receiver leads it already, or has it before them.
        NotAMember: They may not see it.
    """
    giver = incident.lead or by
    _allowed(session, incident, giver, receiver)
    before = handoffs.newest(session, incident.team, incident.number)
    if before and before.waiting:
        if before.receiver == receiver:
            raise Refused(_begun(before))
        end(session, replace(before, cancelled_at=now, cancelled_by=by, cancel_reason=GIVEN_TO_ANOTHER), now)
    transfer = Transfer(
        team=incident.team,
        incident=incident.number,
        number=before.number + 1 if before else 1,
        bundle=bundle,
        giver=giver,
        receiver=receiver,
        asked_by=by,
        asked_at=now,
        reason=reason,
    )
    given = refreshed(session, incident, transfer, now)
    offered = HandoffOffered(incident=incident.number, attempt=transfer.number)
    outbox.put(session, incident.team, offered, key=offered_key(incident.number, transfer.number), now=now)
    if not given.score.critical:
        given = replace(given, transfer=send(session, given.transfer, now))
    want_people(session, incident.team, {giver, receiver}, now)
    incidents.stays_active(session, incident.team, incident.number, now)
    chart_changed(session, incident.team, incident.number, now)
    return given


def _begun(transfer: Transfer) -> str:
    name = shown(transfer.incident)
    if transfer.sent_at:
        return f"{name} waits for @{transfer.receiver} to read it back already."
    return f"{name} is not sent to @{transfer.receiver} yet: its thread has the buttons for what is missing."


def _allowed(session: Session, incident: Incident, giver: UserId, receiver: UserId) -> None:
    if incident.resolved_at:
        raise AlreadyResolved(incident.number)
    if receiver == giver:
        whose = "leads it already" if incident.lead == receiver else "cannot hand it over to themselves"
        raise Refused(f"@{receiver} {whose}. A handoff needs another person: {EXAMPLE}.")
    if incident.private and not people.is_member(session, incident.team, incident.channel, receiver):
        raise NotAMember(receiver)


def refreshed(session: Session, incident: Incident, transfer: Transfer, now: datetime) -> Given:
    """The attempt with a document that is true now: a new version, unless the newest one still is."""
    known = handoffs.version(session, incident.team, incident.number, transfer.version)
    document = compiled(session, incident, transfer.giver, transfer.receiver, now)
    if known and not changed(known.document, document):
        return Given(transfer=transfer, document=known.document, score=score(known.document))
    rated = score(document)
    version = handoffs.add_version(session, transfer, document, rated.shown, five=rated.five_elements)
    after = replace(transfer, version=version)
    handoffs.save(session, after)
    return Given(transfer=after, document=document, score=rated)


def send(session: Session, transfer: Transfer, now: datetime) -> Transfer:
    """Ask the receiver to read back: in the thread, in private, and with the whole as a file."""
    sent = replace(transfer, sent_at=now)
    handoffs.save(session, sent)
    # What had to wait for something that was missing is told by itself.
    late = now - transfer.asked_at >= TOLD_AFTER
    bundle = _late(transfer) if late else transfer.bundle
    for user in (transfer.receiver, transfer.giver):
        notice = HandoffTold(incident=transfer.incident, bundle=transfer.bundle, user=user)
        key = _told_key(bundle, user)
        outbox.put(session, transfer.team, notice, key=key, now=now, due=now + TOLD_AFTER)
    filed(session, sent, now)
    show_offer(session, sent, cause=f"sent:{transfer.version}", now=now)
    return sent


def _late(transfer: Transfer) -> str:
    """The name of what is told of one incident alone, for it was sent after the others of its bundle."""
    return f"{transfer.bundle}:{transfer.incident}"


def _told_key(bundle: str, user: UserId) -> str:
    return f"handoff-told:{bundle}:{user}"


def _show_told(session: Session, transfer: Transfer, now: datetime) -> None:
    """Show anew what giver and receiver were told in private, so that it offers nothing that is over."""
    cause = f"{transfer.incident}:{transfer.number}"
    for user in (transfer.receiver, transfer.giver):
        for bundle in (transfer.bundle, _late(transfer)):
            key = _told_key(bundle, user)
            if outbox.delivered(session, transfer.team, key):
                show_again(session, transfer.team, transfer.incident, key, cause=cause, now=now)


def filed(session: Session, transfer: Transfer, now: datetime) -> None:
    """Owe the thread the whole document of the newest version."""
    notice = HandoffFiled(incident=transfer.incident, version=transfer.version)
    key = f"handoff-file:{transfer.incident}:{transfer.version}"
    outbox.put(session, transfer.team, notice, key=key, now=now)


def show_offer(session: Session, transfer: Transfer, *, cause: str, now: datetime) -> None:
    """Show the post of an attempt as it stands now."""
    key = offered_key(transfer.incident, transfer.number)
    show_again(session, transfer.team, transfer.incident, key, cause=cause, now=now)


def show_offers_to(session: Session, team: TeamId, receiver: UserId, now: datetime) -> None:
    """Show anew what waits for somebody whose name is known from now on."""
    for transfer in handoffs.unanswered(session, team, receiver):
        show_offer(session, transfer, cause=f"named:{receiver}", now=now)


def send_anyway(
    session: Session, who: Who, number: IncidentNumber, reason: str, *, key: str, now: datetime
) -> None:
    """Send what has critical omissions; somebody answers for that by name.

    Raises:
        NotUnderstood: There is no reason.
        Refused: Nothing waits to be sent.
    """
    if not reason.strip():
        raise NotUnderstood("Sending it as it is needs a reason.", "“nobody can measure anything just now”")
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    incident = incidents.locked(session, who.team, number)
    transfer = handoffs.newest(session, who.team, number)
    if transfer is None or not transfer.waiting or transfer.sent_at:
        raise Refused(f"No handoff of {shown(number)} waits to be sent.")
    if not receipts.first_time(session, who.team, key, now):
        return
    text = f"The handoff to @{transfer.receiver} is sent although something is missing: {reason.strip()}"
    draft = entries.Draft(kind=Kind.NOTE, text=text, author=who.user, logged_by=who.user, at=now)
    entries.add(session, who.team, number, [draft], now=now)
    given = refreshed(session, incident, transfer, now)
    answered = replace(given.transfer, overridden_by=who.user, override_reason=reason.strip())
    send(session, answered, now)
    chart_changed(session, who.team, number, now)


def end(session: Session, transfer: Transfer, now: datetime) -> None:
    """Keep how an attempt ended, show it where it stands, and tell the thread."""
    handoffs.save(session, transfer)
    show_offer(session, transfer, cause="ended", now=now)
    _show_told(session, transfer, now)
    turn = "accepted" if transfer.accepted_at else "declined" if transfer.declined_at else "cancelled"
    notice = HandoffTurned(incident=transfer.incident, attempt=transfer.number, turn=turn)
    key = f"handoff-turned:{transfer.incident}:{transfer.number}"
    outbox.put(session, transfer.team, notice, key=key, now=now)
    chart_changed(session, transfer.team, transfer.incident, now)


def take_back(session: Session, who: Who, number: IncidentNumber, *, key: str, now: datetime) -> None:
    """Cancel what waits: the giver keeps the incident after all.

    Raises:
        Refused: Nothing waits.
    """
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    incidents.locked(session, who.team, number)
    transfer = handoffs.newest(session, who.team, number)
    if not receipts.first_time(session, who.team, key, now):
        return
    if transfer is None or not transfer.waiting:
        raise Refused(f"No handoff of {shown(number)} waits for anybody.")
    end(
        session,
        replace(transfer, cancelled_at=now, cancelled_by=who.user, cancel_reason="taken back"),
        now,
    )


def follow_handoff(session: Session, incident: Incident, handing: Handing, now: datetime) -> bool:
    """Bring the handoff of a locked incident in line with where it stands; whether that changed anything.

    What could not be sent is sent as soon as nothing critical is missing any more, what belongs to a resolved
    incident is over, and where the lead's shift has ended whoever is on duty now is asked to take it.
    """
    transfer = handing.waiting
    if transfer is None:
        return _at_the_end_of_a_shift(session, incident, handing, now)
    if incident.resolved_at:
        ended = replace(
            transfer, cancelled_at=now, cancelled_by=incident.resolved_by, cancel_reason="resolved"
        )
        handoffs.save(session, ended)
        show_offer(session, ended, cause="resolved", now=now)
        return True
    return transfer.sent_at is None and _send_if_complete(session, incident, transfer, now)


def _send_if_complete(session: Session, incident: Incident, transfer: Transfer, now: datetime) -> bool:
    given = refreshed(session, incident, transfer, now)
    if given.transfer.version == transfer.version:
        return False
    if given.score.critical:
        show_offer(session, given.transfer, cause=f"draft:{given.transfer.version}", now=now)
        return False
    send(session, given.transfer, now)
    return True


def _at_the_end_of_a_shift(session: Session, incident: Incident, handing: Handing, now: datetime) -> bool:
    """Hand over to whoever is on duty, once for each end; whoever cannot take it leaves it to the prompts."""
    watch, newest = handing.watch, handing.newest
    if incident.lead is None or watch is None or not watch.over or watch.ended_at is None:
        return False
    if watch.on_duty is None or (newest and newest.asked_at >= watch.ended_at):
        return False
    bundle = bundle_of(f"{watch.ended_at.isoformat()} {incident.lead} {watch.on_duty}")
    by = incident.lead
    try:
        act_on_handoff(session, incident, watch.on_duty, by, now, bundle=bundle, reason=Reason.SHIFT)
    except RoundsError:
        return False
    return True


def lead_taken(session: Session, incident: Incident, lead: UserId, by: UserId, now: datetime) -> None:
    """Record that the lead of a locked incident went over without a handoff; what waits is over."""
    newest = handoffs.newest(session, incident.team, incident.number)
    if newest and newest.waiting:
        newest = replace(newest, cancelled_at=now, cancelled_by=by, cancel_reason="without handoff")
        handoffs.save(session, newest)
        show_offer(session, newest, cause="without", now=now)
    if incident.lead is None:
        return
    without = Transfer(
        team=incident.team,
        incident=incident.number,
        number=newest.number + 1 if newest else 1,
        bundle=f"without:{incident.number}:{now:%Y%m%dT%H%M%S}",
        giver=incident.lead,
        receiver=lead,
        asked_by=by,
        asked_at=now,
        reason=Reason.WITHOUT,
    )
    handoffs.save(session, without)
