"""An incident and the moves it allows. What happened is dated; the phase follows from the chart."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.domain.chart import Kind
from bot.domain.errors import AlreadyResolved, NotResolved, NotUnderstood
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId

TITLE_LIMIT = 140
# People also write "SEV-02" and "p1". What only looks like it ("p99", "p3.2xlarge", "p4-nodes") is a title.
_NAME = r"(?:sev(?:erity)?[\s\-_#]*0?|p(?=[0-5](?![\-–]\w)))"
_SEVERITY = re.compile(rf"\s*{_NAME}?([1-5])(?![\w.%])[\s:;,.\-–—]*", re.IGNORECASE)
_NAMED_SEVERITY = re.compile(rf"\s*({_NAME}(\d))(?![\w.%])[\s:;,\-–—]*", re.IGNORECASE | re.ASCII)


class Severity(IntEnum):
    """How bad it is: 1 is worst. The levels follow the Emergency Severity Index (ESI), five of them."""

    SEV1 = 1
    SEV2 = 2
    SEV3 = 3
    SEV4 = 4
    SEV5 = 5


# Untriaged incidents get the middle level; it errs to over-triage, as emergency departments do.
UNTRIAGED = Severity.SEV3


class Phase(StrEnum):
    """Where the work stands. Nobody sets it by hand."""

    TRIAGE = "triage"
    DIFFERENTIAL = "differential"
    TESTING = "testing"
    INTERVENTION = "intervention"
    REEVALUATION = "re-evaluation"
    RESOLVED = "resolved"


_PHASE_AFTER = {
    Kind.HYPOTHESIS: Phase.DIFFERENTIAL,
    Kind.TEST: Phase.TESTING,
    Kind.RESULT: Phase.TESTING,
    Kind.INTERVENTION: Phase.INTERVENTION,
    Kind.OUTCOME: Phase.REEVALUATION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident as it stands now; its history is in the entries of its chart."""

    team: TeamId
    number: IncidentNumber
    title: str
    seen: str
    severity: Severity
    triaged_at: datetime | None
    lead: UserId | None
    private: bool
    channel: ChannelId
    thread_ts: MessageTs | None
    opened_by: UserId
    opened_at: datetime
    active_at: datetime
    resolved_at: datetime | None = None
    resolved_by: UserId | None = None
    diagnosis: str | None = None

    def resolve(self, *, by: UserId, cause: str, at: datetime) -> "Incident":
        """The incident, closed with its *cause*.

        Raises:
            AlreadyResolved: It is closed.
            NotUnderstood: No cause is given; "unknown" is one.
        """
        if self.resolved_at is not None:
            raise AlreadyResolved(self.number)
        if not cause.strip():
            raise NotUnderstood("A resolution needs its cause.", "`resolve: cause`, or `resolve: unknown`")
        return replace(self, resolved_at=at, resolved_by=by, diagnosis=cause.strip())

    def reopen(self) -> "Incident":
        """The incident, open again.

        Raises:
            NotResolved: It is open.
        """
        if self.resolved_at is None:
            raise NotResolved(self.number)
        return replace(self, resolved_at=None, resolved_by=None, diagnosis=None)


def phase_of(newest_first: Iterable[Kind], *, resolved: bool, running: bool = False) -> Phase:
    """The phase that the chart's live entries, newest first, put an incident in.

    While an intervention is *running*, everything waits for its outcome.
    """
    if resolved:
        return Phase.RESOLVED
    if running:
        return Phase.INTERVENTION
    return next((_PHASE_AFTER[kind] for kind in newest_first if kind in _PHASE_AFTER), Phase.TRIAGE)


def leading_severity(text: str) -> tuple[Severity | None, str]:
    """A severity named at the start of *text* ("sev2", "SEV-02", "sev 2", "p2"), and what follows it.

    Raises:
        NotUnderstood: It names a level that there is none of, such as "sev0".
    """
    found = _NAMED_SEVERITY.match(text)
    if not found:
        return None, text.strip()
    if int(found[2]) not in {*Severity}:
        raise NotUnderstood(
            f"“{found[1]}” is no severity: they go from sev1 (worst) to sev5.",
            "`/incident open sev1 what you see`",
        )
    return Severity(int(found[2])), text[found.end() :].strip()


def severity_and_reason(text: str) -> tuple[Severity, str]:
    """What a change of severity says: the level ("sev2" or just "2"), then why.

    Raises:
        NotUnderstood: The text does not begin with a level from 1 to 5.
    """
    found = _SEVERITY.match(text)
    if not found:
        raise NotUnderstood(
            f"“{text.strip()[:60]}” names no severity.", "`sev: 2 reason`, from 1 (worst) to 5"
        )
    return Severity(int(found[1])), text[found.end() :].strip()


def title_of(seen: str) -> str:
    """A one-line title: the first line that says something, cut at a word where it is long."""
    line = next((" ".join(part.split()) for part in seen.splitlines() if part.strip()), "")
    if len(line) <= TITLE_LIMIT:
        return line
    return line[:TITLE_LIMIT].rsplit(" ", 1)[0][:TITLE_LIMIT] + "…"
