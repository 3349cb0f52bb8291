"""What was said while we were away: the threads of open incidents, read again.

Slack repeats events for minutes, not for hours. A thread's listing says what stands in it now, so reading it
brings new replies, edits, reactions and deletions alike. Everything it hands on is safe to repeat.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.chart import KIND_BY_REACTION, moment
from bot.domain.heard import Deletion, Reaction
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, UserId
from bot.slack import requests
from bot.slack.desk import Desk
from bot.slack.gateway import CannotRead
from bot.store import entries, incidents, receipts, workspaces
from bot.usecases.log_reply import log_reply
from bot.usecases.mark_message import mark_message
from bot.usecases.withdraw_message import withdraw_message

log = structlog.get_logger()

AWAY_AFTER = timedelta(seconds=90)
# A message this young may be in a listing or not; its event is on its way in any case.
SETTLES = timedelta(seconds=10)


def catch_up_if_away(desk: Desk) -> bool:
    """Catch up if nothing could reach us for a while; then remember that we are here."""
    team, now = desk.identity().team, desk.clock()
    with desk.database.reading() as session:
        heard_at = workspaces.heard_at(session, team)
    away = heard_at is not None and now - heard_at > AWAY_AFTER
    if away:
        catch_up(desk)
    with desk.database.quietly() as session:
        workspaces.heard(session, team, now)
    return away


def catch_up(desk: Desk) -> None:
    """Bring every open chart in line with its thread."""
    team = desk.identity().team
    with desk.database.reading() as session:
        numbers = incidents.all_open(session, team)
    for number in numbers:
        try:
            _catch_up_one(desk, number)
        except CannotRead as error:
            log.warning("catch_up.unreadable", incident=number, error=str(error))
    log.info("catch_up.done", incidents=len(numbers))


def _catch_up_one(desk: Desk, number: IncidentNumber) -> None:
    team, started = desk.identity().team, desk.clock()
    with desk.database.reading() as session:
        threads = incidents.threads_of(session, team, number)
        known = entries.messages_in_threads(session, team, number)
    standing: set[tuple[ChannelId, MessageTs]] = set()
    for channel, root in threads:
        found = desk.gateway.thread(channel, root)
        standing |= {(channel, message["ts"]) for message in found}
        for message in found[1:]:
            _read(desk, channel, message, started, logged=(channel, message["ts"]) in known)
    for channel, ts in known - standing:
        if moment(ts) < started - SETTLES:
            gone = Deletion(team=team, channel=channel, ts=ts, thread_ts=None)
            with desk.database.writing() as session:
                withdraw_message(session, gone, started)


def _read(desk: Desk, channel: ChannelId, message: Mapping[str, Any], now: datetime, *, logged: bool) -> None:
    who = desk.identity()
    reply = requests.message(who.team, channel, message, who.user)
    listed = {found["name"]: set(found["users"]) - {who.user} for found in message.get("reactions") or ()}
    wanted = KIND_BY_REACTION if logged else KIND_BY_REACTION.keys() & listed.keys()
    with desk.database.writing() as session:
        if reply:
            log_reply(session, reply, now)
        for emoji in wanted:
            before = set(receipts.reacted(session, who.team, channel, MessageTs(message["ts"]), emoji))
            for change in _changes(before, listed.get(emoji)):
                reaction = Reaction(
                    team=who.team,
                    channel=channel,
                    ts=MessageTs(message["ts"]),
                    emoji=emoji,
                    event_ts=MessageTs(f"{now.timestamp():.6f}"),
                    **change,
                )
                mark_message(session, reaction, now)


def _changes(before: set[UserId], listed: set[UserId] | None) -> list[dict[str, Any]]:
    """Who has reacted or taken it back. Slack may name only some of many, so only none at all means gone."""
    if listed is None:
        return [{"user": user, "present": False} for user in sorted(before)]
    return [{"user": user, "present": True} for user in sorted(listed - before)]
