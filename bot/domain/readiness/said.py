"""What somebody has said of the incident as a whole, and stands for by name."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import UserId
from bot.domain.signs.stability import Stability


class Nothing(StrEnum):
    """Of what somebody can say that there is none, so that an empty list is no forgotten one."""

    ACTIONS = "actions"
    VITALS = "vitals"
    EVENTS = "events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody has said, and when."""

    words: str
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A person's word for how the incident is, where the signs do not tell all."""

    word: Stability
    reason: str
    by: UserId
    at: datetime
