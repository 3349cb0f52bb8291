"""The questions an incident can ask of its people, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import UserId


class PromptKind(StrEnum):
    """What is asked. Kinds are stored by their values."""

    LEAD = "lead"
    UNOWNED = "unowned"
    READ_BACK = "read-back"
    RETURNED = "returned"
    TRIAGE = "triage"
    DIFFERENTIAL = "differential"
    RESULT = "result"
    WINDOW = "window"
    REVERT = "revert"
    ACTION = "action"
    WORSE = "worse"
    REEVALUATION = "re-evaluation"
    OTHER = "other"
    TIME_OUT = "time-out"
    HANDOFF = "handoff"
    WITHOUT = "without"


# What somebody has promised for a time: it may be promised anew, for a later one.
PROMISED = frozenset({PromptKind.RESULT, PromptKind.WINDOW, PromptKind.ACTION})
# In this order they stand in a prompt: what nobody may wait for comes first.
URGENCY: Mapping[PromptKind, int] = {kind: place for place, kind in enumerate(PromptKind)}
# Each of these is about something new when it comes again, so a word about one says nothing of the next.
RECURRING = frozenset(
    {
        PromptKind.WORSE,
        PromptKind.REEVALUATION,
        PromptKind.TIME_OUT,
        PromptKind.UNOWNED,
        PromptKind.READ_BACK,
        PromptKind.RETURNED,
        PromptKind.HANDOFF,
        PromptKind.WITHOUT,
    }
)
Key = tuple[PromptKind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that the incident, as it stands, asks of its people.

    *about* tells questions of one kind apart. It is asked when it is *due_at*, *repeat* later once more, and
    *repeat* after that a person is told; None asks it once and tells nobody. *escalate_at* tells somebody
    then already. *interval* is that of a question which comes again and again: activity in the thread may put
    it off, and somebody is told when those before it were asked in vain. *apart* is the least time between
    two questions of its kind.

    Somebody who snoozed the thread has asked for peace in it, and what is *patient* waits for its end: what
    time alone or a number calls for, and asks people to think. All else is owed to somebody, or something has
    gone wrong: a result, a window, a revert, worse signs, a failed intervention.
    """

    kind: PromptKind
    about: str = ""
    due_at: datetime
    repeat: timedelta | None = None
    escalate_at: datetime | None = None
    interval: timedelta | None = None
    apart: timedelta | None = None
    patient: bool = False
    to: UserId | None = None

    @property
    def key(self) -> Key:
        """What makes it the same question."""
        return self.kind, self.about


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What became of a question: how often it was asked, and who put it off, declined or answered it.

    *answered_by* is None where what happened has answered it.
    """

    kind: PromptKind
    about: str = ""
    due_at: datetime
    asks: int = 0
    asked_at: datetime | None = None
    snoozed_until: datetime | None = None
    declined_at: datetime | None = None
    declined_by: UserId | None = None
    answered_at: datetime | None = None
    answered_by: UserId | None = None
    escalated_at: datetime | None = None

    @property
    def key(self) -> Key:
        """Which question it is of."""
        return self.kind, self.about

    @property
    def open(self) -> bool:
        """Whether an answer is waited for."""
        return self.answered_at is None and self.declined_at is None

    def stands(self, at: datetime) -> bool:
        """Whether it was asked and is still to be answered, with nobody having put it off beyond *at*."""
        return self.open and self.asks > 0 and (self.snoozed_until is None or self.snoozed_until <= at)


def minute(at: datetime) -> str:
    """A moment as a part of what a question is about: "20260301T0915"."""
    return f"{at:%Y%m%dT%H%M}"
