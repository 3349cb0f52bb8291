"""Slack's payloads, read once into our own words; None for all that does not concern us."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.chart import RECEIPT, REFUSAL, File
from bot.domain.heard import Deletion, Reaction, Reply, Who
from bot.domain.ids import ChannelId, MessageTs, TeamId, UserId
from bot.slack.text import decoded

Payload = Mapping[str, Any]

# What people write; every other subtype is a system line or a machine's.
_WRITTEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})
_SYSTEM_USERS = frozenset({"USLACKBOT", "USLACK"})


def reply(team: TeamId, event: Payload, own_user: str) -> Reply | None:
    """What a person wrote or edited in a thread."""
    if event.get("subtype") != "message_changed":
        return message(team, event["channel"], event, own_user)
    after, before = event.get("message") or {}, event.get("previous_message") or {}
    if not after.get("edited") or after.get("text") == before.get("text"):
        return None
    found = message(team, event["channel"], after, own_user)
    return found and replace(found, version=MessageTs(event.get("event_ts") or event["ts"]))


def message(team: TeamId, channel: str, found: Payload, own_user: str) -> Reply | None:
    """A message object as a reply: None for a root, a machine or a system line."""
    thread, author = found.get("thread_ts"), found.get("user")
    if found.get("subtype") not in _WRITTEN or found.get("bot_id") or not author:
        return None
    if not thread or thread == found["ts"] or author == own_user or author in _SYSTEM_USERS:
        return None
    to_us = found.get("parent_user_id") == own_user
    return replace(any_message(team, channel, found), to_us=to_us, us=UserId(own_user))


def any_message(team: TeamId, channel: str, found: Payload) -> Reply:
    """Any message object, whoever wrote it and wherever: somebody has pointed at it."""
    ts = MessageTs(found["ts"])
    return Reply(
        team=team,
        channel=ChannelId(channel),
        thread_ts=MessageTs(found.get("thread_ts") or ts),
        ts=ts,
        version=_version(found),
        author=UserId(found.get("user") or found.get("bot_id") or "USLACKBOT"),
        text=decoded(found.get("text")),
        files=tuple(_file(file) for file in found.get("files") or ()),
    )


def _version(found: Payload) -> MessageTs:
    """When the text came to be as it is: the ts of the message, or of its edit.

    Slack dates an edit to the second only. It counts as the second's beginning, so that the event of any edit
    in that second, which is dated exactly, is newer; but never as older than the message itself.
    """
    edited = (found.get("edited") or {}).get("ts")
    if not edited:
        return MessageTs(found["ts"])
    seconds, _, fraction = found["ts"].partition(".")
    just_after = f"{seconds}.{int(fraction or 0) + 1:06d}"
    return MessageTs(max(f"{edited.split('.')[0]}.000000", just_after))


def _file(file: Payload) -> File:
    return File(
        name=str(file.get("name") or file.get("title") or file["id"]),
        permalink=str(file.get("permalink") or ""),
    )


def deletion(team: TeamId, event: Payload, own_user: str) -> Deletion | None:
    """A message that is gone; the tombstone of a thread's root is one, too."""
    if event.get("subtype") == "message_deleted":
        gone, ts = event.get("previous_message") or {}, event["deleted_ts"]
    elif (event.get("message") or {}).get("subtype") == "tombstone":
        gone, ts = event["message"], event["message"]["ts"]
    else:
        return None
    return Deletion(
        team=team,
        channel=ChannelId(event["channel"]),
        ts=MessageTs(ts),
        thread_ts=MessageTs(gone["thread_ts"]) if gone.get("thread_ts") else None,
        to_us=gone.get("parent_user_id") == own_user,
    )


def reaction(team: TeamId, event: Payload, own_user: str) -> Reaction | None:
    """A person's reaction on a message, without its skin tone; our own receipts are none."""
    item, emoji = event.get("item") or {}, str(event.get("reaction", "")).split("::")[0]
    if item.get("type") != "message" or event.get("user") == own_user or emoji in {RECEIPT, REFUSAL}:
        return None
    return Reaction(
        team=team,
        channel=ChannelId(item["channel"]),
        ts=MessageTs(item["ts"]),
        emoji=emoji,
        user=UserId(event["user"]),
        event_ts=MessageTs(event["event_ts"]),
        present=event["type"] == "reaction_added",
    )


def commander(team: TeamId, body: Payload) -> Who:
    """Who typed a slash command, and where."""
    channel = body["channel_id"]
    return Who(
        team=team,
        user=UserId(body["user_id"]),
        channel=ChannelId(channel),
    )


def actor(team: TeamId, body: Payload) -> Who:
    """Who clicked, submitted or used a shortcut; the channel is that of the message, if there is one.

    A modal has none, so it remembers the one it was opened from.
    """
    remembered = json.loads((body.get("view") or {}).get("private_metadata") or "{}")
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or remembered.get("here")
    return Who(
        team=team,
        user=UserId(body["user"]["id"]),
        channel=ChannelId(channel) if channel else None,
    )


def on_modal(body: Payload) -> bool:
    """Whether a click came from a modal; an App Home is a view as well, but nothing lies on top of it."""
    return (body.get("view") or {}).get("type") == "modal"


def command_key(body: Payload) -> str:
    """What makes a command the same command: Slack gives each its own trigger."""
    parts = (body.get("trigger_id"), body["channel_id"], body["user_id"], body.get("text"))
    return f"command:{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"


def action_key(body: Payload) -> str:
    """What makes a click the same click when it comes twice."""
    action, container = body["actions"][0], body.get("container") or {}
    place = container.get("message_ts") or container.get("view_id") or ""
    return f"click:{place}:{body['user']['id']}:{action['action_id']}:{action.get('action_ts', '')}"


def submission_key(body: Payload) -> str:
    """What makes a submission the same submission."""
    return f"view:{body['view']['id']}:{body['view'].get('hash', '')}"
