"""The score's items of the read-back: who takes it over, in which words, how rightly and how soon."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.handoff.document import Handoff
from bot.domain.handoff.read_back import ReadBack
from bot.domain.incident import Severity

# How soon a handoff is to be accepted.
SOON, LATER = timedelta(minutes=15), timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Part:
    """An item: its id, its points, and which share of them a read-back has."""

    id: str
    of: int
    share: Callable[[Handoff, ReadBack | None], float]


def _receiver(handoff: Handoff, _: ReadBack | None) -> float:
    asked = handoff.asked
    return float(bool(asked.receiver) and asked.receiver != asked.giver and asked.on_roster)


def _words(_: Handoff, read_back: ReadBack | None) -> float:
    return float(bool(read_back and read_back.words.strip()))


def _agreement(_: Handoff, read_back: ReadBack | None) -> float:
    return min(max(read_back.f1, 0.0), 1.0) if read_back else 0.0


def _in_time(handoff: Handoff, read_back: ReadBack | None) -> float:
    if read_back is None or read_back.accepted_at is None:
        return 0.0
    soon = SOON if handoff.illness.severity <= Severity.SEV2 else LATER
    return float(read_back.accepted_at - read_back.sent_at <= soon)


SYNTHESIS = (
    Part("R1", 3, _receiver),
    Part("R2", 4, _words),
    Part("R3", 6, _agreement),
    Part("R4", 2, _in_time),
)
