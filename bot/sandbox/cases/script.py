"""What a case study is made of: people, and what each of them does after how long a pause.

A case is data, so that a later feature extends it by a line and the player stays as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

INCIDENT = "{incident}"
"""Stands for the number of the incident (INC-12), which is known only once the case is being played."""
PACE = timedelta(seconds=30)
"""What a second of pause is in the story: it is told thirty times as fast as it went."""


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
    """A button or menu with this action_id, or else the first one whose action_id begins like it.

    It is looked for in the modal that the person has open, or else in the bot's newest message in the thread.
    """

    action_id: str
    value: str | None = None


@dataclass(frozen=True)
class Submit:
    """The modal that the person has open is filled in, what is typed or picked for each block, and sent."""

    values: Mapping[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Close:
    """The modal that the person has open is closed."""


@dataclass(frozen=True)
class Await:
    """The person waits until the bot has posted something, here or in the thread, that holds these words."""

    words: str


@dataclass(frozen=True)
class Narrate:
    """A sentence for whoever watches; nobody in Slack sees it."""

    text: str


Action = Command | Reply | Talk | File | React | Edit | Delete | Click | Submit | Close | Await | Narrate
Said = Reply | Talk | File


@dataclass(frozen=True)
class Step:
    """One action of one person, after a pause in seconds (at normal speed).

    *waits* is how much longer the pause is in the story: nobody who watches has to sit through a night.
    """

    pause: float
    actor: str
    action: Action
    waits: timedelta = timedelta()

    @property
    def takes(self) -> timedelta:
        """How long the pause is in the story."""
        return self.pause * PACE + self.waits

    @property
    def moves_on(self) -> bool:
        """Whether the clocks are moved before it: a modal does not outlive that, a sentence needs none."""
        return not isinstance(self.action, Click | Submit | Close | Narrate)


def triage(actor: str, **answers: str) -> tuple[Step, ...]:
    """The questions of triage, by their letters, answered with one tap each."""
    return tuple(Step(1.0, actor, Click(f"triage:{letter}:{said}")) for letter, said in answers.items())


def taps(actor: str, test: str, **expected: str) -> tuple[Step, ...]:
    """What each hypothesis, by its letter, expects of a test, with one tap each."""
    return tuple(
        Step(0.7, actor, Click(f"expects:{test}:{letter}:{said}")) for letter, said in expected.items()
    )


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

    @property
    def story(self) -> timedelta:
        """How long the incident itself took."""
        return sum((step.takes for step in self.steps), timedelta())
