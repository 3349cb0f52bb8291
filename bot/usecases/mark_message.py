"""A reaction that means a kind of entry is put on a message, or taken away.

The reaction says which message but not what it says. The wish is stored, a fetch is owed, and whoever fetches
hands the message to `fill_entry`.
"""

from datetime import datetime

from bot.domain.chart import KIND_BY_REACTION, Typed
from bot.domain.errors import TooEarly
from bot.domain.heard import Reaction, Reply
from bot.domain.ids import ChannelId, TeamId
from bot.domain.notice import MessageWanted
from bot.store import entries, incidents, outbox, receipts
from bot.store.entries import draft_of
from bot.store.session import Session
from bot.usecases.follow_workup import settle, take_in
from bot.usecases.open_incident import want_names
from bot.usecases.receive import give_hint, refresh_receipt
from bot.usecases.show_again import chart_changed


def mark_message(session: Session, reaction: Reaction, now: datetime) -> None:
    """Want an entry of the message, or want it no longer. Safe to repeat, in any order."""
    team, place = reaction.team, (reaction.channel, reaction.ts)
    if reaction.emoji not in KIND_BY_REACTION or not incidents.any_in_channel(session, team, place[0]):
        return
    news = receipts.mark_reaction(
        session,
        team,
        *place,
        emoji=reaction.emoji,
        person=reaction.user,
        event_ts=reaction.event_ts,
        present=reaction.present,
    )
    if not news:
        return
    if reaction.present:
        wanted = MessageWanted(channel=place[0], ts=place[1], emoji=reaction.emoji, user=reaction.user)
        key = f"wanted:{place[0]}:{place[1]}:{reaction.emoji}:{reaction.user}:{reaction.event_ts}"
        outbox.put(session, team, wanted, key=key, now=now)
    else:
        _unmark(session, reaction, now)


def _line(emoji: str) -> str:
    """The line of the entry that a reaction makes: one a kind, however many people react."""
    return f":{KIND_BY_REACTION[emoji].value}"


def _unmark(session: Session, reaction: Reaction, now: datetime) -> None:
    """Withdraw the entry when the last such reaction goes."""
    team, place = reaction.team, (reaction.channel, reaction.ts)
    known = entries.message(session, team, *place)
    if known is None or known.incident is None:
        return
    incident = incidents.locked(session, team, known.incident)
    if receipts.reacted(session, team, *place, reaction.emoji):
        return
    gone = [
        entry
        for entry in entries.of_message(session, team, *place)
        if entry.line == _line(reaction.emoji) and not entry.withdrawn_at
    ]
    if gone:
        entries.withdraw(session, team, gone, now)
        # What was read before the lock may have changed while we waited for it.
        now_known = entries.message(session, team, *place) or known
        refresh_receipt(session, team, place, now_known, cause=reaction.event_ts, now=now)
        settle(session, incident, now)
        chart_changed(session, team, known.incident, now)


def fill_entry(session: Session, wanted: MessageWanted, reply: Reply, *, key: str, now: datetime) -> None:
    """Make the wanted entry of a message that was read, if it still is wanted and in an incident's thread.

    Raises:
        TooEarly: It may answer a chart whose place is not known yet; it has to be read again.
    """
    team, place = reply.team, (reply.channel, reply.ts)
    if reply.ts == reply.thread_ts:
        return
    incident = incidents.thread_locked(session, team, reply.channel, reply.thread_ts)
    if incident is None:
        if outbox.root_under_way(session, team, reply.channel):
            raise TooEarly
        return
    if not receipts.reacted(session, team, *place, wanted.emoji):
        return
    kind, line = KIND_BY_REACTION[wanted.emoji], _line(wanted.emoji)
    past = entries.of_message(session, team, *place)
    if any(entry.kind == kind and not entry.withdrawn_at for entry in past):
        return
    said = Typed(kind, reply.text)
    again = [entry for entry in past if entry.line == line]
    entries.restore(session, team, again)
    for entry in again:
        entries.revise(session, team, entry, said)
    draft = draft_of(reply, said, line=line, logged_by=wanted.user)
    places = [entry.seq for entry in again] or entries.add(session, team, incident.number, [draft], now=now)
    take_in(session, incident, kind, reply, entry=places[0], by=wanted.user, cause=key, now=now)
    known = entries.message_of(session, reply, incident.number)
    refresh_receipt(session, team, place, known, cause=key, now=now)
    chart_changed(session, team, incident.number, now)
    want_names(session, team, reply.text, now)


def cannot_read(
    session: Session,
    team: TeamId,
    wanted: MessageWanted,
    *,
    channel: ChannelId,
    key: str,
    now: datetime,
) -> None:
    """Tell the person who reacted that the message cannot be read."""
    kind = KIND_BY_REACTION[wanted.emoji]
    text = (
        f"I could not read the message you marked with :{wanted.emoji}:, so it is not logged. "
        f"Reply in the thread instead, beginning with `{kind.value}:`."
    )
    give_hint(session, team, wanted.user, text, channel=channel, thread_ts=None, key=key, now=now)
