"""Post the debugging checklist into an incident's thread, and tick it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.checklist import Tick, changed, group_named
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber
from bot.domain.notice import ChecklistPosted, PostGone
from bot.store import checklists, incidents, outbox, receipts
from bot.store.session import Session
from bot.usecases.open_incident import want_people
from bot.usecases.show_again import checklist_key, show_again


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A tap on a group of boxes: what was ticked in the view before it, what is now, and Slack's *stamp*."""

    group: str
    seen: Collection[str]
    chosen: Collection[str]
    stamp: str


def post_checklist(session: Session, who: Who, number: IncidentNumber, *, key: str, now: datetime) -> None:
    """Post it at the end of the thread, with all that is ticked; it takes the place of an earlier post.

    Raises:
        NoSuchIncident: There is none, or it is none of theirs.
    """
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    incidents.locked(session, who.team, number)
    if not receipts.first_time(session, who.team, key, now):
        return
    last = checklists.copy(session, who.team, number)
    notice = ChecklistPosted(incident=number, copy_number=last + 1)
    checklists.keep_copy(session, who.team, number, last + 1, by=who.user, now=now)
    outbox.put(session, who.team, notice, key=checklist_key(number, last + 1), now=now)
    if last:
        before = checklist_key(number, last)
        outbox.put(session, who.team, PostGone(incident=number, key=before), key=f"gone:{before}", now=now)


def tick(session: Session, who: Who, number: IncidentNumber, tap: Tap, *, key: str, now: datetime) -> None:
    """Keep what somebody ticked or took back, and show it to all.

    Raises:
        NoSuchIncident: There is none, or it is none of theirs.
        NotUnderstood: The checklist is of an older version of us.
    """
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    group = group_named(tap.group)
    incidents.locked(session, who.team, number)
    if not receipts.first_time(session, who.team, key, now):
        return
    before = checklists.ticks(session, who.team, number)
    found = changed(group, tap.seen, tap.chosen, before, who.user, tap.stamp)
    said = {item: Tick(on=on, by=who.user, at=now, stamp=tap.stamp) for item, on in found.items()}
    checklists.keep(session, who.team, number, said)
    want_people(session, who.team, {who.user}, now)
    last = checklists.copy(session, who.team, number)
    show_again(session, who.team, number, checklist_key(number, last), cause=key, now=now)
