"""The state of the little workspace: people, conversations, messages, and the one clock that stamps them.

Messages are kept as the dictionaries that Slack's history returns, because every reader wants exactly those.
"""

import itertools
import time
from dataclasses import dataclass, field

from bot.sandbox.config import Json

TEAM_ID = "T0SANDBOX"
TEAM_NAME = "Acme ML"
TEAM_DOMAIN = "acme-ml"
APP_ID = "A0ROUNDS"
BOT_USER = "U0ROUNDS"
BOT_ID = "B0ROUNDS"
SLACKBOT = "USLACKBOT"
MICROS = 1_000_000
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class User:
    """One account of the workspace."""

    id: str
    name: str
    real_name: str
    tz: str
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False


@dataclass(frozen=True)
class Usergroup:
    """A named group of people."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...]


@dataclass
class Channel:
    """A conversation with everything said in it; `replies` lists, per root, the replies' ts in order."""

    id: str
    name: str
    members: list[str]
    creator: str
    created: int
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_archived: bool = False
    topic: str = ""
    messages: dict[str, Json] = field(default_factory=dict)
    replies: dict[str, list[str]] = field(default_factory=dict)
    ephemerals: dict[str, Json] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)

    @property
    def is_direct(self) -> bool:
        """Whether the conversation is its people and no place that others come to."""
        return self.is_im or self.is_mpim

    @property
    def kind(self) -> str:
        """Slack's channel_type of the events here."""
        if self.is_direct:
            return "mpim" if self.is_mpim else "im"
        return "group" if self.is_private else "channel"


@dataclass
class View:
    """A view that somebody has open, or somebody's Home; `values` is what is typed into it so far."""

    body: Json
    user: str
    values: dict[str, dict[str, Json]] = field(default_factory=dict)


@dataclass
class Upload:
    """A file from the moment its upload address is asked for."""

    id: str
    name: str
    length: int
    user: str
    created: int
    alt_text: str = ""
    title: str = ""
    content: bytes | None = None
    mimetype: str = ""
    completed: bool = False
    shares: dict[str, dict[str, list[Json]]] = field(default_factory=dict)


class Ids:
    """Names for new things, never repeated: not after a reset, nor after a restart on the same database."""

    def __init__(self) -> None:
        self._stem = _base36(time.time_ns() // 1_000_000)
        self._numbers = itertools.count(1)

    def new(self, prefix: str) -> str:
        """A fresh identifier that starts with Slack's letter for that kind of thing."""
        return f"{prefix}{self._stem}{_base36(next(self._numbers)).rjust(4, '0')}"


def _base36(number: int) -> str:
    out = ""
    while number:
        number, digit = divmod(number, 36)
        out = DIGITS[digit] + out
    return out


@dataclass
class World:
    """Everything that a reset throws away."""

    users: dict[str, User]
    channels: dict[str, Channel]
    usergroups: dict[str, Usergroup]
    files: dict[str, Upload] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    offset: float = 0.0
    last_micros: int = 0

    def now(self) -> float:
        """The sandbox's clock: real time, moved by whatever the control API asked for."""
        return time.time() + self.offset

    def stamp(self) -> str:
        """A new message ts: later than every one before it."""
        self.last_micros = max(int(self.now() * MICROS), self.last_micros + 1)
        seconds, micros = divmod(self.last_micros, MICROS)
        return f"{seconds}.{micros:06d}"

    def set_clock(self, epoch: float) -> None:
        """Moves the clock; a step back lets later stamps follow it."""
        self.offset = epoch - time.time()
        if int(epoch * MICROS) < self.last_micros:
            self.last_micros = 0

    def direct_among(self, *people: str) -> Channel | None:
        """The direct conversation of exactly these accounts, if there is one."""
        wanted = set(people)
        return next(
            (chan for chan in self.channels.values() if chan.is_direct and set(chan.members) == wanted), None
        )
