"""What was said while we were away: the threads of open incidents, read again.

Slack repeats events for minutes, not for hours. A thread's listing says what stands in it now, so reading it
brings new replies, edits, reactions and deletions alike. Everything it hands on is safe to repeat.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.chart import KIND_BY_REACTION, moment
from bot.domain.heard import Deletion, Reaction
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.slack import requests
from bot.slack.desk import Desk
from bot.slack.gateway import Blocked, CannotRead, Hopeless
from bot.store import entries, incidents, receipts, reviews, workspaces
from bot.store.session import Session
from bot.usecases.log_reply import log_reply
from bot.usecases.mark_message import mark_message
from bot.usecases.withdraw_message import withdraw_message

log = structlog.get_logger()

# Slack repeats an event after a minute and after five, and whoever is away at both never hears of it. So much
# less is enough: a process that keeps crashing is often away for less than a minute.
AWAY_AFTER = timedelta(seconds=30)
REMEMBERED_EVERY = timedelta(seconds=15)
# A message this young may be in a listing or not; its event is on its way in any case.
SETTLES = timedelta(seconds=10)


def catch_up_if_away(desk: Desk, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """Catch up if nothing could reach us for a while; then remember that we are here.

    Whether it did. What could not be read, because Slack did not answer or we had to stop, is read next time.
    """
    team, now = desk.identity().team, desk.clock()
    with desk.database.reading() as session:
        heard_at = workspaces.heard_at(session, team)
    if heard_at is not None and now - heard_at < REMEMBERED_EVERY:
        return False
    away = heard_at is not None and now - heard_at > AWAY_AFTER
    if away and not catch_up(desk, should_stop):
        return False
    with desk.database.quietly() as session:
        workspaces.heard(session, team, now)
    return away


def catch_up(desk: Desk, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """Bring every open chart in line with its thread; whether that was possible."""
    team = desk.identity().team
    with desk.database.reading() as session:
        asleep = reviews.asleep(session, team)
        numbers = [number for number in incidents.all_open(session, team) if number not in asleep]
    complete = True
    for number in numbers:
        if should_stop():
            return False
        try:
            _catch_up_one(desk, number)
        except CannotRead as error:
            log.warning("catch_up.unreadable", incident=number, error=str(error))
            # A channel that we may not read must not keep us from ever being done.
            complete = complete and isinstance(error.outcome, Blocked | Hopeless)
    log.info("catch_up.done", incidents=len(numbers), complete=complete)
    return complete


def _catch_up_one(desk: Desk, number: IncidentNumber) -> None:
    team, started = desk.identity().team, desk.clock()
    with desk.database.reading() as session:
        threads = incidents.threads_of(session, team, number)
        known = entries.messages_in_threads(session, team, number)
    for channel, root in threads:
        found = desk.gateway.thread(channel, root)
        if not found or found[0].get("subtype") == "tombstone":
            _withdraw(desk, channel, root, started)
        if not found:
            # All that stood there may be gone because it is old; then the chart outlives it.
            known = {place for place in known if place[0] != channel}
        for message in found[1:]:
            _read(desk, channel, message, started, logged=(channel, message["ts"]) in known)
        known -= {(channel, message["ts"]) for message in found}
    for channel, ts in known:
        if moment(ts) < started - SETTLES:
            _withdraw(desk, channel, ts, started)


def _withdraw(desk: Desk, channel: ChannelId, ts: MessageTs, now: datetime) -> None:
    gone = Deletion(team=desk.identity().team, channel=channel, ts=ts, thread_ts=None)
    with desk.database.writing() as session:
        withdraw_message(session, gone, now)


def _read(desk: Desk, channel: ChannelId, message: Mapping[str, Any], now: datetime, *, logged: bool) -> None:
    with desk.database.writing() as session:
        _read_one(session, desk.identity().team, channel, message, now, logged=logged)


def read_thread(
    session: Session, team: TeamId, channel: ChannelId, thread: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Take over what stands below the root of a thread."""
    for message in thread[1:]:
        _read_one(session, team, channel, message, now, logged=False)


def _read_one(
    session: Session,
    team: TeamId,
    channel: ChannelId,
    message: Mapping[str, Any],
    now: datetime,
    *,
    logged: bool,
) -> None:
    # We are recognised as a machine; the reactions that mean something are never ours.
    reply = requests.message(team, channel, message, own_user="")
    if reply:
        log_reply(session, reply, now)
    listed = {found["name"]: set(found["users"]) for found in message.get("reactions") or ()}
    ts, event_ts = MessageTs(message["ts"]), MessageTs(f"{now.timestamp():.6f}")
    for emoji in KIND_BY_REACTION if logged else KIND_BY_REACTION.keys() & listed.keys():
        before = set(receipts.reacted(session, team, channel, ts, emoji))
        for change in _changes(before, listed.get(emoji)):
            reaction = Reaction(team=team, channel=channel, ts=ts, emoji=emoji, event_ts=event_ts, **change)
            mark_message(session, reaction, now)


def _changes(before: set[UserId], listed: set[UserId] | None) -> list[dict[str, Any]]:
    """Who has reacted or taken it back. Slack may name only some of many, so only none at all means gone."""
    if listed is None:
        return [{"user": user, "present": False} for user in sorted(before)]
    return [{"user": user, "present": True} for user in sorted(listed - before)]
