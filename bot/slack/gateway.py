"""The only module that calls Slack: a call goes in, and what became of it comes out.

Slack's errors are a table. What is not in it is hopeless: asking again would get the same answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, assert_never
from urllib.error import HTTPError, URLError

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.slack.render.calls import Block, Call, Delete, Direct, Post, React, Update, View, Whisper

log = structlog.get_logger()

EVENT_TYPE = "rounds_notice"
RELAY_TIMEOUT = 10
LISTENER_TIMEOUT = 2
PAGE = 200
# Clocks differ; a post is looked for from well before we first tried.
LOOK_BACK = timedelta(minutes=10)

_RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
_UNCERTAIN = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
_DONE = frozenset({"already_reacted", "no_reaction"})
# The words matter more than their look: without blocks, Slack may take them.
_UNSHOWABLE = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
# Nothing can be said to anybody until we have another token.
SILENCING = frozenset({"not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired"})
_BLOCKED = SILENCING | frozenset(
    {
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "messages_tab_disabled",
        "message_limit_exceeded",
        "missing_scope",
    }
)


@dataclass(frozen=True, slots=True)
class Done:
    """It is as the call wants it; *ts* names the message that was posted.

    *before* says that an earlier attempt had done it, so the message may show less than is known now.
    """

    ts: MessageTs | None = None
    before: bool = False


@dataclass(frozen=True, slots=True)
class NotNow:
    """It was not done, and may be tried again.

    *after* is how long Slack wants us to wait with the *method*, if it says.
    """

    error: str
    after: timedelta | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Nobody knows whether it was done."""

    error: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """It cannot be done until somebody changes something in Slack."""

    error: str


@dataclass(frozen=True, slots=True)
class Hopeless:
    """It never can be done."""

    error: str


Outcome = Done | NotNow | Uncertain | Blocked | Hopeless


class CannotRead(Exception):
    """Slack did not give what was asked for; *outcome* says whether asking again makes sense."""

    def __init__(self, outcome: NotNow | Uncertain | Blocked | Hopeless) -> None:
        super().__init__(outcome.error)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Conversation:
    """What Slack says of a conversation: its members where it is private, None where it is public."""

    members: tuple[UserId, ...] | None


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says of a person."""

    name: str
    zone: str | None
    bot: bool = False
    gone: bool = False


class Gateway:
    """Slack's Web API, as far as we use it. Nothing here tries twice: the outbox does, and looks first."""

    def __init__(self, token: str, base_url: str) -> None:
        self.relay_client = WebClient(
            token=token, base_url=base_url, timeout=RELAY_TIMEOUT, retry_handlers=[]
        )
        self.listener_client = WebClient(
            token=token, base_url=base_url, timeout=LISTENER_TIMEOUT, retry_handlers=[]
        )

    def whoami(self) -> Mapping[str, Any]:
        """Slack's answer to ``auth.test``.

        Raises:
            CannotRead: Slack does not answer, or does not know our token.
        """
        return self._read(self.listener_client, "auth.test")

    def perform(self, call: Call, *, key: str) -> Outcome:
        """Make a call, marked with the *key* of what it delivers."""
        outcome = self._try(call, key)
        if isinstance(call, React | Delete) and outcome == Hopeless("message_not_found"):
            # Whoever deleted the message took its reactions along.
            return Done()
        if isinstance(call, Post) and outcome == Blocked("not_in_channel") and self._joined(call.channel):
            outcome = self._try(call, key)
        if isinstance(call, Post | Update) and isinstance(outcome, Hopeless) and outcome.error in _UNSHOWABLE:
            log.error("gateway.unshowable", key=key, error=outcome.error)
            outcome = self._try(replace(call, blocks=()), key)
        return outcome

    def _try(self, call: Call, key: str) -> Outcome:
        try:
            return self._perform(call, key)
        except _FAILURES as error:
            return _outcome(error)

    def _perform(self, call: Call, key: str) -> Done:
        client = self.relay_client
        match call:
            case Post():
                return self._post(call, key)
            case Update():
                client.chat_update(channel=call.channel, ts=call.ts, text=call.text, blocks=list(call.blocks))
            case Delete():
                client.chat_delete(channel=call.channel, ts=call.ts)
            case React():
                change = client.reactions_add if call.present else client.reactions_remove
                change(channel=call.channel, timestamp=call.ts, name=call.emoji)
            case Whisper():
                client.chat_postEphemeral(
                    channel=call.channel,
                    user=call.user,
                    text=call.text,
                    thread_ts=call.thread_ts,
                    blocks=list(call.blocks) or None,
                )
            case Direct():
                channel = ChannelId(client.conversations_open(users=call.user)["channel"]["id"])
                post = Post(channel=channel, thread_ts=None, text=call.text, blocks=call.blocks)
                if call.ts is None:
                    return self._post(post, key)
                client.chat_update(channel=channel, ts=call.ts, text=call.text, blocks=list(call.blocks))
            case _:
                assert_never(call)
        return Done()

    def _post(self, post: Post, key: str) -> Done:
        answer = self.relay_client.chat_postMessage(
            channel=post.channel,
            thread_ts=post.thread_ts,
            text=post.text,
            blocks=list(post.blocks) or None,
            reply_broadcast=post.broadcast or None,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return Done(MessageTs(answer["ts"]))

    def _joined(self, channel: ChannelId) -> bool:
        """Whether we could let ourselves into a public channel; not every workspace grants us that."""
        try:
            self.relay_client.conversations_join(channel=channel)
        except _FAILURES:
            return False
        return True

    def find(self, call: Call, *, key: str, since: datetime) -> MessageTs | None:
        """The post that carries *key*, if an attempt since then did get through.

        Raises:
            CannotRead: Slack does not say.
        """
        where = self._place(call)
        if where is None:
            return None
        method = "conversations.replies" if "ts" in where else "conversations.history"
        oldest = f"{(since - LOOK_BACK).timestamp():.6f}"
        for message in self._pages(method, oldest=oldest, include_all_metadata=True, **where):
            if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
                return MessageTs(message["ts"])
        return None

    def _place(self, call: Call) -> dict[str, str] | None:
        """Where a call leaves a message; None if it leaves none, or does no harm when it is made twice."""
        match call:
            case Post():
                return {"channel": call.channel} | ({"ts": str(call.thread_ts)} if call.thread_ts else {})
            case Direct(ts=None):
                opened = self._read(self.relay_client, "conversations.open", users=call.user)
                return {"channel": opened["channel"]["id"]}
            case _:
                return None

    def message(self, channel: ChannelId, ts: MessageTs) -> Mapping[str, Any] | None:
        """One message, wherever it stands; None if it is gone.

        Raises:
            CannotRead: Slack does not say.
        """
        arguments = {"channel": channel, "ts": ts, "limit": 1}
        found = self._read(self.relay_client, "conversations.replies", **arguments)["messages"]
        return next((message for message in found if message["ts"] == ts), None)

    def thread(self, channel: ChannelId, ts: MessageTs) -> list[Mapping[str, Any]]:
        """All messages of a thread, its root first; none where the root is gone with all its replies.

        Raises:
            CannotRead: Slack does not say.
        """
        try:
            return list(self._pages("conversations.replies", channel=channel, ts=ts))
        except CannotRead as error:
            if error.outcome == Hopeless("thread_not_found"):
                return []
            raise

    def conversation(self, channel: ChannelId, *, hurried: bool = False) -> Conversation:
        """Who is in a conversation; *hurried* where somebody waits for an answer that needs it.

        Raises:
            CannotRead: Slack does not say.
        """
        client = self.listener_client if hurried else self.relay_client
        info = self._read(client, "conversations.info", channel=channel)["channel"]
        if not any(info.get(closed) for closed in ("is_private", "is_im", "is_mpim", "is_group")):
            return Conversation(None)
        found, cursor = [], ""
        while True:
            page = self._read(client, "conversations.members", channel=channel, limit=PAGE, cursor=cursor)
            found += page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return Conversation(tuple(found))

    def person(self, user: UserId, *, hurried: bool = False) -> Person:
        """A person's name and zone; *hurried* where somebody waits for an answer that needs it.

        Raises:
            CannotRead: Slack does not say.
        """
        client = self.listener_client if hurried else self.relay_client
        found = self._read(client, "users.info", user=user)["user"]
        profile = found.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or found.get("name") or user
        bot, gone = bool(found.get("is_bot")), bool(found.get("deleted"))
        return Person(name=name, zone=found.get("tz"), bot=bot, gone=gone)

    def open_view(self, trigger_id: str, view: View, *, on_top: bool = False) -> str:
        """Open a modal, *on_top* of the one that the trigger comes from; its id.

        Raises:
            CannotRead: Slack refuses, for instance because the trigger is older than three seconds.
        """
        try:
            opened = self.listener_client.views_push if on_top else self.listener_client.views_open
            answer = opened(trigger_id=trigger_id, view=view)
        except _FAILURES as error:
            raise CannotRead(_failure(error)) from error
        return str(answer["view"]["id"])

    def update_view(self, view_id: str, view: View) -> None:
        """Show a modal anew; one that was closed meanwhile is nobody's loss."""
        try:
            self.listener_client.views_update(view_id=view_id, view=view)
        except _FAILURES as error:
            if _outcome(error) != Hopeless("not_found"):
                raise CannotRead(_failure(error)) from error

    def whisper_back(
        self, response_url: str, text: str, blocks: Sequence[Block] = (), *, replace: bool = False
    ) -> None:
        """Answer a click for the eyes of the person who clicked, once or not at all.

        With *replace* in place of what they clicked in.
        """
        client = WebhookClient(response_url, timeout=LISTENER_TIMEOUT, retry_handlers=[])
        try:
            client.send(
                text=text, blocks=list(blocks) or None, response_type="ephemeral", replace_original=replace
            )
        except _FAILURES:
            return

    def _pages(self, method: str, **arguments: object) -> Iterator[Mapping[str, Any]]:
        cursor = ""
        while True:
            page = self._read(
                self.relay_client, method, limit=PAGE, **arguments, **({"cursor": cursor} if cursor else {})
            )
            yield from page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _read(self, client: WebClient, method: str, **arguments: object) -> Mapping[str, Any]:
        given = {name: value for name, value in arguments.items() if value != ""}
        try:
            found: Mapping[str, Any] = client.api_call(method, params=given).data  # type: ignore[assignment]
        except _FAILURES as error:
            raise CannotRead(_failure(error)) from error
        return found


# All that a call can end in, other than an answer: OSError covers time-outs and resets.
_FAILURES = (SlackClientError, HTTPException, OSError, ValueError)


def _failure(error: Exception) -> NotNow | Uncertain | Blocked | Hopeless:
    outcome = _outcome(error)
    return Hopeless(str(error)) if isinstance(outcome, Done) else outcome


@contextmanager
def understood() -> Iterator[None]:
    """Say `CannotRead` for all that a call of Slack's can end in, other than an answer."""
    try:
        yield
    except _FAILURES as error:
        raise CannotRead(_failure(error)) from error


def _outcome(error: Exception) -> Outcome:
    """What an exception of the SDK's or of the network's means for the call."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, HTTPError):
        return Uncertain(f"HTTP {error.code}")
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ConnectionRefusedError):
        return NotNow("connection refused")
    return Uncertain(repr(reason))


def _answered(error: SlackApiError) -> Outcome:
    answer: Any = error.response
    data = answer.data if isinstance(answer.data, dict) else {}
    code = str(data.get("error") or "")
    if answer.status_code == 429 or code in _RATE_LIMITED:  # noqa: PLR2004 - HTTP's number for it.
        method = str(answer.api_url).rpartition("/")[2]
        return NotNow("ratelimited", timedelta(seconds=_retry_after(answer.headers)), method)
    # The SDK puts a page that is not Slack's JSON where an error code should be.
    if answer.status_code >= 500 or code in _UNCERTAIN or not code.isidentifier():  # noqa: PLR2004 - as above.
        return Uncertain(f"HTTP {answer.status_code} {code[:80]}")
    if code in _DONE:
        return Done()
    return Blocked(code) if code in _BLOCKED else Hopeless(code)


def _retry_after(headers: Mapping[str, Any]) -> int:
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), 1)
    return int(found[0] if isinstance(found, list) else found)
