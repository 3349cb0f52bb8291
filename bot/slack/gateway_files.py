"""Files, in Slack's three steps: announce one, send its bytes, share it. Only the last shows it to others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

from slack_sdk import WebClient

from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.slack.gateway import Blocked, CannotRead, Hopeless, understood


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where the bytes of an announced file go."""

    file_id: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a file is shown, with a title and a line of ours above it; without *thread_ts* in no thread."""

    channel: ChannelId
    thread_ts: MessageTs | None
    title: str
    caption: str


class Files:
    """The part of Slack's Web API that is about files.

    Every step raises `CannotRead`, with what that means for trying again, when Slack does not take it.
    """

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def announce(self, name: str, content: bytes, alt_text: str) -> Ticket:
        """Ask where to send a file; *alt_text* is for those who cannot see it."""
        with understood():
            answer = self._client.files_getUploadURLExternal(
                filename=name, length=len(content), alt_txt=alt_text
            )
        return Ticket(file_id=answer["file_id"], address=answer["upload_url"])

    def send(self, ticket: Ticket, content: bytes) -> None:
        """Send the bytes."""
        headers = {"content-type": "application/octet-stream"}
        request = Request(ticket.address, content, headers, method="POST")  # noqa: S310 - Slack named it.
        with understood(), urlopen(request, timeout=self._client.timeout) as answer:  # noqa: S310 - as above.
            answer.read()

    def share(self, file_id: str, place: Place) -> None:
        """Show the file, letting ourselves into a public channel where that is granted."""
        try:
            self._share(file_id, place)
        except CannotRead as refusal:
            if refusal.outcome != Blocked("not_in_channel") or not self._joined(place.channel):
                raise
            self._share(file_id, place)

    def _share(self, file_id: str, place: Place) -> None:
        with understood():
            self._client.files_completeUploadExternal(
                files=[{"id": file_id, "title": place.title}],
                channel_id=place.channel,
                thread_ts=place.thread_ts,
                initial_comment=place.caption,
            )

    def direct(self, user: UserId) -> ChannelId:
        """Our conversation with one person, opened where there was none."""
        with understood():
            answer = self._client.conversations_open(users=user)
        return ChannelId(answer["channel"]["id"])

    def _joined(self, channel: ChannelId) -> bool:
        try:
            with understood():
                self._client.conversations_join(channel=channel)
        except CannotRead:
            return False
        return True

    def shown(self, file_id: str, channel: ChannelId) -> MessageTs | None:
        """The message that shows a file in a channel; None while there is none."""
        try:
            with understood():
                answer = self._client.files_info(file=file_id)
        except CannotRead as error:
            if error.outcome == Hopeless("file_not_found"):
                return None
            raise
        return next(_messages(answer.get("file") or {}, channel), None)


def _messages(file: Mapping[str, Any], channel: ChannelId) -> Iterator[MessageTs]:
    for where in (file.get("shares") or {}).values():
        for share in where.get(channel, []):
            yield MessageTs(share["ts"])
