"""A thin client of the control API, for tests, cases and benchmarks; one method per order, same names."""

import http.client
import json
import threading
import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

Json = dict[str, Any]

# The server closes a quiet connection after 75 seconds; an order must never meet that moment.
IDLE_SECONDS = 30.0


class SandboxError(Exception):
    """The sandbox's sentence about what was wrong with an order."""


class SandboxClient:
    """Speaks to one running sandbox; may be shared by threads, each keeps its own connection."""

    def __init__(self, url: str, timeout: float = 60.0) -> None:
        self.url = url
        self._host = urlsplit(url).netloc
        self._timeout = timeout
        self._local = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    def close(self) -> None:
        """Closes the connections of all threads."""
        while self._opened:
            self._opened.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connection(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is not None and time.monotonic() - self._local.used > IDLE_SECONDS:
            connection.close()
        self._local.used = time.monotonic()
        if connection is None:
            connection = http.client.HTTPConnection(self._host, timeout=self._timeout)
            self._local.connection = connection
            self._opened.append(connection)
        return connection

    def _exchange(self, verb: str, path: str, body: Json | None) -> Json:
        connection = self._connection()
        encoded = None if body is None else json.dumps(body).encode()
        try:
            connection.request(verb, path, encoded, {"content-type": "application/json"})
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            # A half-used connection cannot be used again; the next order dials anew.
            connection.close()
            raise
        if response.status != http.HTTPStatus.OK:
            raise SandboxError(answer.get("error", str(answer)))
        return dict(answer)

    def get(self, path: str, **query: object) -> Json:
        """One reading."""
        given = {key: value for key, value in query.items() if value is not None}
        return self._exchange("GET", f"/sandbox/{path}?{urlencode(given)}", None)

    def post(self, path: str, **body: object) -> Json:
        """One order."""
        return self._exchange(
            "POST", f"/sandbox/{path}", {key: one for key, one in body.items() if one is not None}
        )

    def world(self) -> Json:
        """Everything but the messages."""
        return self.get("world")

    def messages(self, channel: str, viewer: str | None = None, thread_ts: str | None = None) -> list[Json]:
        """A channel's top level, or a thread; with viewer also that person's ephemerals."""
        return list(self.get("messages", channel=channel, viewer=viewer, thread_ts=thread_ts)["messages"])

    def calls(self, method: str | None = None, since: int = 0) -> list[Json]:
        """Web API calls received."""
        return list(self.get("calls", method=method, since=since)["calls"])

    def deliveries(self, since: int = 0) -> list[Json]:
        """Attempts to reach the bot."""
        return list(self.get("deliveries", since=since)["deliveries"])

    def complaints(self) -> list[Json]:
        """What the real Slack would not have liked."""
        return list(self.get("complaints")["complaints"])

    def faults(self) -> list[Json]:
        """Scripted failures still in force."""
        return list(self.get("faults")["faults"])

    def message(self, user: str, channel: str, text: str = "", **more: object) -> str:
        """Sends what was typed; returns its ts. Options: thread_ts, broadcast, files, subtype, wait."""
        return str(self.post("act/message", user=user, channel=channel, text=text, **more)["ts"])

    def upload(self, user: str, name: str, content: str = "", **more: object) -> Json:
        """Uploads a file for a modal; returns it. Options: base64 instead of content, mimetype."""
        return dict(self.post("act/upload", user=user, name=name, content=content, **more)["file"])

    def edit(self, user: str, channel: str, ts: str, text: str, *, wait: bool = True) -> None:
        """Edits an own message."""
        self.post("act/edit", user=user, channel=channel, ts=ts, text=text, wait=wait)

    def delete(self, user: str, channel: str, ts: str, *, wait: bool = True) -> None:
        """Deletes a message."""
        self.post("act/delete", user=user, channel=channel, ts=ts, wait=wait)

    def react(self, user: str, channel: str, ts: str, name: str, **more: object) -> None:
        """Adds a reaction. Options: remove, wait."""
        self.post("act/react", user=user, channel=channel, ts=ts, name=name, **more)

    def command(self, user: str, channel: str, command: str, text: str = "", *, wait: bool = True) -> Json:
        """Sends a slash command; returns status and response."""
        return self.post("act/command", user=user, channel=channel, command=command, text=text, wait=wait)

    def click(self, user: str, action_id: str, **where: object) -> Json:
        """Uses an element. Options: channel and ts, or view_id; block_id, value, values, wait."""
        return self.post("act/click", user=user, action_id=action_id, **where)

    def shortcut(self, user: str, callback_id: str, **where: object) -> Json:
        """Picks a global shortcut, or a message's with channel and ts."""
        return self.post("act/shortcut", user=user, callback_id=callback_id, **where)

    def submit(self, user: str, view_id: str, values: Json | None = None, *, wait: bool = True) -> Json:
        """Submits a modal with plain values per block and action."""
        return self.post("act/submit", user=user, view_id=view_id, values=values or {}, wait=wait)

    def close_view(self, user: str, view_id: str, **more: object) -> None:
        """Closes a modal. Options: clear (the X), wait."""
        self.post("act/close", user=user, view_id=view_id, **more)

    def home(self, user: str, *, wait: bool = True) -> None:
        """Opens the app's Home."""
        self.post("act/home", user=user, wait=wait)

    def deactivate(self, user: str) -> None:
        """Somebody's account is deactivated."""
        self.post("act/deactivate", user=user)

    def usergroup(self, group: str, users: list[str]) -> None:
        """Somebody says who is in a user group."""
        self.post("act/usergroup", usergroup=group, users=users)

    def join(self, user: str, channel: str, *, wait: bool = True) -> None:
        """Joins a public channel."""
        self.post("act/join", user=user, channel=channel, wait=wait)

    def leave(self, user: str, channel: str, *, wait: bool = True) -> None:
        """Leaves a channel, or takes the bot out."""
        self.post("act/leave", user=user, channel=channel, wait=wait)

    def invite(self, user: str, channel: str, invitee: str, *, wait: bool = True) -> None:
        """Brings somebody, or the bot, into a channel."""
        self.post("act/invite", user=user, channel=channel, invitee=invitee, wait=wait)

    def archive(self, user: str, channel: str, *, wait: bool = True) -> None:
        """Archives a channel."""
        self.post("act/archive", user=user, channel=channel, wait=wait)

    def unarchive(self, user: str, channel: str, *, wait: bool = True) -> None:
        """Brings an archived channel back."""
        self.post("act/unarchive", user=user, channel=channel, wait=wait)

    def rename(self, user: str, channel: str, name: str, *, wait: bool = True) -> None:
        """Renames a channel."""
        self.post("act/rename", user=user, channel=channel, name=name, wait=wait)

    def channel(self, user: str, name: str, *, is_private: bool = False, wait: bool = True) -> Json:
        """Opens a new channel; returns it."""
        return dict(
            self.post("act/channel", user=user, name=name, is_private=is_private, wait=wait)["channel"]
        )

    def fault(self, method: str, kind: str, **more: object) -> None:
        """Scripts a failure. Options: times, retry_after, error, seconds, after."""
        self.post("faults", method=method, kind=kind, **more)

    def clear_faults(self) -> None:
        """Takes all scripted failures back."""
        self._exchange("DELETE", "/sandbox/faults", None)

    def delivery(self, **settings: object) -> Json:
        """Bends the delivery of events: copies, parallel, hold, drop, answer_timeout."""
        return self.post("delivery", **settings)

    def release(self, order: str = "fifo", seed: int | None = None) -> int:
        """Delivers what was held; returns how many events that were."""
        return int(self.post("delivery/release", order=order, seed=seed)["released"])

    def drop_socket(self, reason: str | None = None) -> int:
        """Ends the sockets; returns how many there were."""
        return int(self.post("drop_socket", reason=reason)["dropped"])

    def transport(self, request_url: str | None) -> Json:
        """Switches to that request URL, or to Socket Mode."""
        return self.post("transport", request_url=request_url)

    def clock(self, advance: float | None = None, set_to: float | None = None) -> float:
        """Moves the clock; returns it."""
        return float(self.post("clock", advance=advance, set=set_to)["clock"])

    def settle(self, timeout: float = 10.0) -> bool:
        """Waits until nothing is on its way to the bot; false if that took too long."""
        return bool(self.post("settle", timeout=timeout)["idle"])

    def reset(self) -> None:
        """A fresh world."""
        self.post("reset")
