"""The compiled handoff, in the order of I-PASS (illness, patient, actions, awareness, synthesis).

It is kept as JSON, so a field may be added with a default but never renamed; *version* tells who reads it
later which form it has. Nothing in it depends on the moment it is compiled at but `Asked.compiled_at`, so two
documents differ only where the incident does. What may be unknown is None, "" or empty: the score counts it.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.domain.chart import Kind
from bot.domain.diagnosis.arguing import Stance
from bot.domain.diagnosis.differential import MUST_NOT_MISS
from bot.domain.diagnosis.testing import Verdict
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, UserId
from bot.domain.incident import Severity
from bot.domain.readiness.said import Nothing
from bot.domain.signs.stability import Stability
from bot.domain.therapy.treatment import Outcome


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Regraded(_Part):
    """A change of severity."""

    at: datetime
    severity: Severity


class Illness(_Part):
    """How bad it is. *signs_say* is the word that the signs give, where a person's word stands over it.

    *read_at* is when signs that have a score were last read.
    """

    severity: Severity
    first_severity: Severity
    changes: tuple[Regraded, ...] = ()
    stability: Stability
    reason: str
    score: int | None
    signs_say: Stability | None = None
    overridden_by: UserId | None = None
    overridden_at: datetime | None = None
    read_at: datetime | None


class Event(_Part):
    """One line of the timeline since the last handoff; *files* are their names."""

    at: datetime
    kind: Kind
    text: str
    who: UserId
    files: tuple[str, ...] = ()


class Status(StrEnum):
    """What became of a hypothesis."""

    ACTIVE = "active"
    EXCLUDED = "excluded"
    WAIVED = "waived"


class Argument(_Part):
    """Something said for or against a hypothesis."""

    stance: Stance
    words: str
    by: UserId


class Suspected(_Part):
    """A hypothesis; *p* is None once it is excluded. *by* says what did that ("T3"), or who ("@U0BEN")."""

    letter: str
    statement: str
    p: float | None
    impact: int | None
    status: Status | None
    by: str = ""
    assumption: str = ""
    evidence: tuple[Argument, ...] = ()

    @property
    def considered(self) -> bool:
        """Whether it is not excluded."""
        return self.status is not Status.EXCLUDED

    @property
    def must_not_miss(self) -> bool:
        """Whether missing it would be so bad that it has to be excluded."""
        return self.impact is not None and self.impact >= MUST_NOT_MISS


class Direction(StrEnum):
    """What a result did to a hypothesis."""

    FOR = "for"
    AGAINST = "against"
    NONE = "none"


class Tested(_Part):
    """A test; without a *verdict* its result is waited for until *due*.

    *direction* has every letter, unless nobody has said what they expect of the test.
    """

    name: str
    question: str
    verdict: Verdict | None
    words: str = ""
    direction: Mapping[str, Direction] = {}
    found_at: datetime | None = None
    owner: UserId | None
    due: datetime | None

    @property
    def running(self) -> bool:
        """Whether its result is waited for."""
        return self.verdict is None


class Planned(_Part):
    """What could be done and was not started."""

    plan: str
    text: str
    target: str | None = None
    revert: str | None = None


class RevertState(StrEnum):
    """Whether what was tried is still in place."""

    IN_PLACE = "in place"
    OWED = "failed, to be reverted"
    REVERTED = "reverted"
    LEFT = "failed, left in place"


class Tried(_Part):
    """An intervention. Without an *outcome* it is running, and its window is over at *until*.

    *left_by* answers for leaving it in place. *bundled_with* names the one whose outcome it shares.
    """

    name: str
    plan: str
    text: str
    target: str | None
    expect: str | None
    outcome: Outcome | None
    words: str = ""
    by: UserId
    started_at: datetime
    until: datetime
    ended_at: datetime | None
    revert: str | None
    irreversible: bool
    revert_state: RevertState | None
    reverted_at: datetime | None = None
    left_by: UserId | None = None
    left_why: str = ""
    bundled_with: str | None = None


class Patient(_Part):
    """Which incident it is, what happened *since* its last accepted handoff or its opening, what is known.

    *left_out* counts by title the older lines of the timeline that are not among *events*. *few_by* has
    declined to name more hypotheses, with a reason that stands in the chart.
    """

    number: IncidentNumber
    title: str
    seen: str
    channel: ChannelId
    thread_ts: MessageTs | None
    private: bool
    onset: datetime | None
    detected_at: datetime | None
    impact: str
    opened_at: datetime
    opened_by: UserId
    lead: UserId | None
    since: datetime
    handed_over_before: bool
    events: tuple[Event, ...]
    left_out: Mapping[str, int]
    hypotheses: tuple[Suspected, ...]
    few_by: UserId | None
    tests: tuple[Tested, ...]
    interventions: tuple[Tried, ...]
    plans: tuple[Planned, ...] = ()

    @property
    def leading(self) -> Suspected | None:
        """The likeliest hypothesis."""
        return next((each for each in self.hypotheses if each.considered), None)


class ToDo(_Part):
    """An action that is to be done."""

    name: str
    text: str
    owner: UserId | None
    due: datetime | None


class Finished(_Part):
    """An action that was done; *words* say how one knows."""

    name: str
    text: str
    owner: UserId | None
    done_at: datetime
    words: str


class Actions(_Part):
    """What is to be done and what was done since the last handoff; *until* is when the next shift ends."""

    open: tuple[ToDo, ...]
    done: tuple[Finished, ...]
    until: datetime | None


class Sighted(_Part):
    """One reading of a sign as it was read; *score* is None where nobody can tell how bad it is."""

    name: str
    value: str
    unit: str = ""
    compared_with: str = ""
    score: int | None
    at: datetime


class Abnormal(_Part):
    """A sign that had a score of 2 or more: *count* readings of it, of which *readings* are named.

    The newest come first, and the worst is among them.
    """

    name: str
    count: int
    readings: tuple[Sighted, ...]

    @property
    def newest(self) -> Sighted:
        """The last time it was so."""
        return self.readings[0]

    @property
    def worst(self) -> Sighted:
        """The worst of them, and of equals the newest."""
        return max(self.readings, key=lambda each: each.score or 0)


class IfThen(_Part):
    """A contingency. Its *owner* acts; *about* are letters of hypotheses. Once revoked it holds no more."""

    name: str
    when: str
    then: str
    owner: UserId | None
    about: tuple[str, ...]
    happened_at: datetime | None = None
    happened_words: str = ""
    revoked_at: datetime | None = None
    revoked_words: str = ""

    @property
    def holds(self) -> bool:
        """Whether one is to act by it."""
        return self.revoked_at is None

    @property
    def well_formed(self) -> bool:
        """Whether it says what happens, what is done then, and by whom."""
        return bool(self.when.strip() and self.then.strip() and self.owner)


class Mitigation(_Part):
    """Something that is in place and not settled: how it is taken back, and when it is looked at again."""

    name: str
    text: str
    revert: str | None
    irreversible: bool
    review_at: datetime | None
    failed: bool = False


class Waiting(_Part):
    """A question of ours that nobody has answered."""

    what: str
    since: datetime


class Awareness(_Part):
    """What to look out for. *takings* counts how often signs were read since the last handoff.

    *latest* is what is known of each sign, whenever it was read.
    """

    abnormal: tuple[Abnormal, ...]
    latest: tuple[Sighted, ...]
    takings: int
    unknown: tuple[str, ...]
    contingencies: tuple[IfThen, ...]
    mitigations: tuple[Mitigation, ...]
    waiting: tuple[Waiting, ...] = ()


class Asked(_Part):
    """Who is to take it over from whom. *on_roster* is False where others are on duty by the roster."""

    giver: UserId
    receiver: UserId | None
    compiled_at: datetime
    names: Mapping[UserId, str]
    on_roster: bool = True


class Attested(_Part):
    """Somebody's word that there is none of something."""

    words: str
    by: UserId
    at: datetime


class Handoff(_Part):
    """One incident as it is handed over."""

    version: Literal[1] = 1
    illness: Illness
    patient: Patient
    actions: Actions
    awareness: Awareness
    attested: Mapping[Nothing, Attested]
    asked: Asked

    @property
    def mine(self) -> tuple[ToDo, ...]:
        """The receiver's open actions."""
        return tuple(each for each in self.actions.open if each.owner and each.owner == self.asked.receiver)


HANDOFF: TypeAdapter[Handoff] = TypeAdapter(Handoff)
