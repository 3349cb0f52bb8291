"""A message is deleted: its entries leave the chart and stay stored. A deleted chart is posted anew."""

from dataclasses import replace
from datetime import datetime

from bot.domain.errors import TooEarly
from bot.domain.heard import Deletion
from bot.domain.ids import MessageTs
from bot.domain.notice import IncidentOpened
from bot.store import entries, incidents, outbox
from bot.store.entries import Message
from bot.store.session import Session
from bot.usecases.follow_workup import settle
from bot.usecases.show_again import chart_changed

# Older than any text: a message that arrives after its deletion is still read, and withdrawn at once.
_UNSEEN = MessageTs("0")


def withdraw_message(session: Session, deletion: Deletion, now: datetime) -> None:
    """Take the entries of a deleted message out of the chart. Safe to repeat, and to hear before the message.

    Raises:
        TooEarly: The message answered a chart whose place is not known yet; the deletion has to come again.
    """
    team, place = deletion.team, (deletion.channel, deletion.ts)
    if _post_chart_again(session, deletion, now):
        return
    known = entries.message(session, team, *place)
    number = known.incident if known else None
    if number is None:
        number = incidents.in_thread(session, team, deletion.channel, deletion.thread_ts)
    if number is None and deletion.to_us and outbox.root_under_way(session, team, deletion.channel):
        raise TooEarly
    if number is None or (known and known.deleted_at):
        return
    incident = incidents.locked(session, team, number)
    known = entries.message(session, team, *place) or Message(
        incident=number, version=_UNSEEN, receipt=False, refused=False, deleted_at=None
    )
    gone = [entry for entry in entries.of_message(session, team, *place) if not entry.withdrawn_at]
    entries.withdraw(session, team, gone, now)
    after = replace(known, deleted_at=now, receipt=False, refused=False)
    entries.save_message(session, team, *place, after)
    if gone:
        settle(session, incident, now)
        chart_changed(session, team, number, now)


def _post_chart_again(session: Session, deletion: Deletion, now: datetime) -> bool:
    """Whether the message was a chart; an open incident gets a new one, in a new thread."""
    incident = incidents.thread_locked(session, deletion.team, deletion.channel, deletion.ts)
    if incident is None:
        return False
    if incident.thread_ts == deletion.ts and incident.resolved_at is None:
        notice = IncidentOpened(incident=incident.number, again=True)
        outbox.put(session, deletion.team, notice, key=f"again:{deletion.channel}:{deletion.ts}", now=now)
    return True
