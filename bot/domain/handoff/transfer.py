"""A transfer: one attempt of a giver to hand an incident to a receiver, and what became of it.

Responsibility stays with the giver until the receiver has read back and accepts: a handoff is "a transfer and
acceptance of responsibility" (Joint Commission).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.domain.incident import Severity
from bot.domain.signs.stability import Stability

# A receiver who says nothing for so long has not taken over: the giver is told, and somebody above them.
SILENCE = timedelta(minutes=15)
# So well a read-back has to agree with the chart, and so often the receiver is asked.
AGREEMENT, MOST_ROUNDS = 0.8, 2
# Both are told so long before a shift ends: what is worse takes longer to hand over.
AHEAD = {
    Severity.SEV1: timedelta(minutes=60),
    Severity.SEV2: timedelta(minutes=60),
    Severity.SEV3: timedelta(minutes=30),
    Severity.SEV4: timedelta(minutes=15),
    Severity.SEV5: timedelta(minutes=15),
}
# Why an attempt is over: whoever gives it has asked another person.
GIVEN_TO_ANOTHER = "given to another"
_PICKED = frozenset({Severity.SEV1, Severity.SEV2})


class Reason(StrEnum):
    """Why it began. *WITHOUT* is no transfer at all: somebody took the lead, and nothing was handed over."""

    ASKED = "asked"
    SHIFT = "shift"
    WITHOUT = "without"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One attempt. It is *sent* once nothing critical is missing, or somebody answers for what is.

    *version* is that of its newest document, *bundle* is shared by what was given together, *read_back* is
    the last one as JSON, and *rounds* counts those that did not agree with the chart.
    """

    team: TeamId
    incident: IncidentNumber
    number: int
    bundle: str
    giver: UserId
    receiver: UserId
    asked_by: UserId
    asked_at: datetime
    reason: Reason
    version: int = 0
    sent_at: datetime | None = None
    overridden_by: UserId | None = None
    override_reason: str | None = None
    rounds: int = 0
    read_back: str | None = None
    confirmed_by: UserId | None = None
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    decline_reason: str | None = None
    cancelled_at: datetime | None = None
    cancelled_by: UserId | None = None
    cancel_reason: str | None = None

    @property
    def waiting(self) -> bool:
        """Whether it can still be accepted, or sent."""
        return self.reason is not Reason.WITHOUT and not (
            self.accepted_at or self.declined_at or self.cancelled_at
        )

    @property
    def exhausted(self) -> bool:
        """Whether the receiver was asked often enough: only the giver's word helps now."""
        return self.rounds >= MOST_ROUNDS

    def silent(self, now: datetime) -> bool:
        """Whether the receiver has let the time pass in which they should have answered."""
        return self.waiting and self.sent_at is not None and now >= self.sent_at + SILENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A lead's watch over an incident, as far as a roster knows of it.

    *since* is when they took the lead. A roster that has them on duty says when that ends and who comes
    *next*; one that had them says when it *ended*, and who is on duty now.
    """

    since: datetime
    ends_at: datetime | None = None
    next: UserId | None = None
    ended_at: datetime | None = None
    on_duty: UserId | None = None

    @property
    def over(self) -> bool:
        """Whether the lead's shift ended while they led, so that nobody on duty owns the incident."""
        return self.ended_at is not None and self.since < self.ended_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """What of handoffs decides what an incident asks: the newest attempt, the last acceptance, the watch."""

    newest: Transfer | None = None
    accepted_at: datetime | None = None
    watch: Watch | None = None

    @property
    def waiting(self) -> Transfer | None:
        """The attempt that waits for an answer."""
        return self.newest if self.newest and self.newest.waiting else None


def wants_picks(severity: Severity, stability: Stability) -> bool:
    """Whether a read-back has to show that it was not guessed: what is bad or may turn bad."""
    return severity in _PICKED or stability is not Stability.STABLE
