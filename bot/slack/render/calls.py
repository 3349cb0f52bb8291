"""What can be asked of Slack, as values: rendering decides them, only the gateway acts on them."""

from dataclasses import dataclass
from typing import Any

from bot.domain.ids import ChannelId, MessageTs, UserId

Block = dict[str, Any]
View = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A new message; *thread_ts* is the root of a thread, None for the channel itself.

    *broadcast* shows a message of a thread in its channel as well.
    """

    channel: ChannelId
    thread_ts: MessageTs | None
    text: str
    blocks: tuple[Block, ...] = ()
    broadcast: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A message of ours, shown anew."""

    channel: ChannelId
    ts: MessageTs
    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """A message of ours, taken away."""

    channel: ChannelId
    ts: MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """A reaction of ours, put on a message or taken away."""

    channel: ChannelId
    ts: MessageTs
    emoji: str
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """A message that one person sees and that is gone when they reload."""

    channel: ChannelId
    thread_ts: MessageTs | None
    user: UserId
    text: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """A message in somebody's conversation with us; *ts* is one that is there, and shown anew."""

    user: UserId
    text: str
    blocks: tuple[Block, ...] = ()
    ts: MessageTs | None = None


Call = Post | Update | Delete | React | Whisper | Direct
