"""What a case study is made of: people, and what each of them does after how long a pause.

A case is data, so that a later feature extends it by a line and the player stays as it is.
"""

from dataclasses import dataclass

INCIDENT = "{incident}"
"""Stands for the number of the incident (INC-12), which is known only once the case is being played."""


@dataclass(frozen=True)
class Command:
    """A slash command typed into the case's channel."""

    text: str


@dataclass(frozen=True)
class Reply:
    """A reply in the thread that the bot should put on the chart."""

    text: str
    name: str | None = None


@dataclass(frozen=True)
class Talk:
    """Plain talk in the thread: the bot must leave it alone."""

    text: str
    name: str | None = None


@dataclass(frozen=True)
class File:
    """A reply for the chart with a text file attached."""

    text: str
    filename: str
    content: str
    name: str | None = None


@dataclass(frozen=True)
class React:
    """An emoji on a named message; a typed one puts that message on the chart."""

    to: str
    emoji: str


@dataclass(frozen=True)
class Edit:
    """A named message is corrected."""

    of: str
    text: str


@dataclass(frozen=True)
class Delete:
    """A named message is taken back."""

    of: str


@dataclass(frozen=True)
class Click:
    """A button or menu of the bot's newest message in the thread whose action_id begins like this."""

    action_id: str
    value: str | None = None


@dataclass(frozen=True)
class Narrate:
    """A sentence for whoever watches; nobody in Slack sees it."""

    text: str


Action = Command | Reply | Talk | File | React | Edit | Delete | Click | Narrate
Said = Reply | Talk | File


@dataclass(frozen=True)
class Step:
    """One action of one person, after a pause in seconds (at normal speed)."""

    pause: float
    actor: str
    action: Action


@dataclass(frozen=True)
class Case:
    """An incident as it went: who was there, in which channel, and every step."""

    name: str
    title: str
    channel: str
    cast: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def length(self) -> float:
        """How long it plays at normal speed, in seconds."""
        return sum(step.pause for step in self.steps)
