"""The calls that show a handoff: what they show is read now, however long ago they were owed."""

from dataclasses import replace
from datetime import datetime

from bot.domain.handoff.document import Handoff
from bot.domain.handoff.read_back import READ_BACK
from bot.domain.handoff.scoring import score
from bot.domain.handoff.transfer import Transfer
from bot.domain.ids import IncidentNumber, MessageTs, TeamId
from bot.domain.notice import HandoffOffered, HandoffTold, HandoffTurned
from bot.slack.render.calls import Direct, Post
from bot.slack.render.handoff import Shown, offer_post, told, told_again, turn_post
from bot.slack.render.thread import in_thread
from bot.store import handoffs, incidents, people
from bot.store.session import Session
from bot.usecases.compile_handoff import compiled


def shown_of(session: Session, transfer: Transfer) -> Shown | None:
    """An attempt with its newest document; None where it has none."""
    version = handoffs.version(session, transfer.team, transfer.incident, transfer.version)
    if version is None:
        return None
    said = READ_BACK.validate_json(transfer.read_back) if transfer.read_back else None
    answer = said if said and said.accepted_at else None
    document = _named(session, transfer, version.document)
    return Shown(transfer=transfer, document=document, score=score(version.document, answer))


def _named(session: Session, transfer: Transfer, document: Handoff) -> Handoff:
    """The document with the names of who gives and takes, as they are known by now."""
    known = document.asked.names
    unknown = {transfer.giver, transfer.receiver, transfer.asked_by} - set(known)
    found = people.names(session, transfer.team, unknown)
    if not found:
        return document
    asked = document.asked.model_copy(update={"names": {**known, **found}})
    return document.model_copy(update={"asked": asked})


def whole(session: Session, team: TeamId, number: IncidentNumber, now: datetime) -> Shown | None:
    """The newest attempt of an incident; where there is none, what would be handed over now."""
    incident = incidents.get(session, team, number)
    newest = handoffs.newest(session, team, number)
    found = shown_of(session, newest) if newest else None
    if found or newest is None or incident.lead is None:
        return found
    document = compiled(session, incident, incident.lead, None, now)
    return Shown(transfer=newest, document=document, score=score(document))


def handoff_post(session: Session, team: TeamId, notice: HandoffOffered | HandoffTurned) -> Post | None:
    """The post of an attempt, or of what became of it; None where it has no place or nothing to show."""
    incident = incidents.get(session, team, notice.incident)
    transfer = handoffs.get(session, team, notice.incident, notice.attempt)
    each = shown_of(session, transfer) if transfer else None
    if incident.thread_ts is None or each is None:
        return None
    if isinstance(notice, HandoffOffered):
        return in_thread(incident, *offer_post(each))
    return in_thread(incident, *turn_post(notice, each))


def handoff_told(
    session: Session, team: TeamId, notice: HandoffTold, ts: MessageTs | None = None
) -> Direct | None:
    """What somebody is told in private of a bundle; *ts* is where they were told, to be shown anew.

    None where nobody was told and nothing of it waits any more.
    """
    shown = [shown_of(session, each) for each in handoffs.of_bundle(session, team, notice.bundle)]
    found = [each for each in shown if each]
    if ts is None:
        return told(notice.user, found)
    return replace(told_again(notice.user, found), ts=ts)
