"""What people said and did in Slack, in our own words."""

import re
from dataclasses import dataclass

from bot.domain.chart import File
from bot.domain.ids import ChannelId, MessageTs, TeamId, UserId

# How a mention stands in the texts we keep: an at sign and the person's id.
MENTION = re.compile(r"@([UW][A-Z0-9]{3,})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A message in a thread, as it stands since *version*: its own ts, or that of its newest edit.

    *to_us* is set where the root of the thread is one of our posts; *us* is our own account, if known.
    """

    team: TeamId
    channel: ChannelId
    thread_ts: MessageTs
    ts: MessageTs
    version: MessageTs
    author: UserId
    text: str
    files: tuple[File, ...] = ()
    to_us: bool = False
    us: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """A message that was deleted; *thread_ts* is None where it stood in no thread, *to_us* as for a reply."""

    team: TeamId
    channel: ChannelId
    ts: MessageTs
    thread_ts: MessageTs | None
    to_us: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A person's reaction on a message, put there or taken away at *event_ts*."""

    team: TeamId
    channel: ChannelId
    ts: MessageTs
    emoji: str
    user: UserId
    event_ts: MessageTs
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Somebody who asks for something, and where they stand; *channel* is None for a global shortcut."""

    team: TeamId
    user: UserId
    channel: ChannelId | None


def mentioned(text: str) -> list[UserId]:
    """The people a text mentions, in order and each once."""
    return list(dict.fromkeys(UserId(found) for found in MENTION.findall(text)))
