"""The record of one incident: all its rows as versioned values, from which another database makes the same.

Its fields are named like the columns they come from. Left out is what is not the incident's own (who is a
member of its channel), what follows from the rest (interventions are the fold of the steps), and what is owed
to Slack: a record that is read in owes nobody anything. A field may be added with a default; anything else is
a new `VERSION`.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from bot.domain.chart import Kind
from bot.domain.handoff.transfer import Reason
from bot.domain.work.steps import Step

FORMAT = "rounds-incident"
VERSION = 1


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a NUL is no text")
    return text


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


At = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Words = Annotated[str, AfterValidator(_no_nul)]
# An id or a ts of Slack's.
Name = Annotated[Words, Field(max_length=64)]
Short = Annotated[Words, Field(max_length=16)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Level = Annotated[int, Field(ge=1, le=5)]
Small = Annotated[int, Field(ge=-(2**15), le=2**15 - 1)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Row(BaseModel):
    """A row of one table; which incident of which workspace it belongs to is said once, by the record."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class IncidentRow(Row):
    """The incident as it stands. *last_entry* is the last number that was given to an entry."""

    number: Number
    title: Words
    seen: Words
    severity: Level
    triaged_at: At | None = None
    lead: Name | None = None
    private: bool
    channel: Name
    thread_ts: Name | None = None
    opened_by: Name
    opened_at: At
    active_at: At
    last_entry: Count
    resolved_at: At | None = None
    resolved_by: Name | None = None
    diagnosis: Words | None = None


class ThreadRow(Row):
    """A thread that leads to the incident."""

    channel: Name
    ts: Name


class SeverityChangeRow(Row):
    """A severity the incident was given; the first one is where it began."""

    seq: Count
    severity: Level
    by: Name
    at: At
    reason: Words


class FileRow(Row):
    """A file that came with a message; its content stays in Slack."""

    name: Words
    permalink: Words


class EntryRow(Row):
    """A line of the timeline, as it reads now. It no longer counts once it is *withdrawn_at*."""

    seq: Count
    kind: Kind
    text: Words
    author: Name
    at: At
    logged_by: Name
    logged_at: At
    channel: Name | None = None
    ts: Name | None = None
    line: Name | None = None
    files: tuple[FileRow, ...] | None = None
    withdrawn_at: At | None = None


class EntryRevisionRow(Row):
    """What the entry *seq* said before *version*, the ts of the edit."""

    seq: Count
    version: Name
    kind: Kind
    text: Words
    recorded_at: At


class StepRow(Row):
    """A step of the work. Differential, tests, interventions and actions are the fold of those that live."""

    seq: Count
    entry: Count | None = None
    body: Step
    by: Name
    at: At
    recorded_at: At
    withdrawn_at: At | None = None


class TriageAnswerRow(Row):
    """The newest answer to a question of triage."""

    question: Annotated[Words, Field(max_length=1)]
    answer: Small
    by: Name
    at: At


class OpinionRow(Row):
    """Somebody who was asked for a list of their own, in a round."""

    round: Count
    person: Name
    asked_by: Name
    asked_at: At
    due_at: At
    answer: JsonValue = None
    answered_at: At | None = None
    closed_at: At | None = None


class PromptRow(Row):
    """A question that the incident asked, and what became of it."""

    kind: Annotated[Words, Field(max_length=24)]
    about: Name
    due_at: At
    asks: Small
    asked_at: At | None = None
    snoozed_until: At | None = None
    declined_at: At | None = None
    declined_by: Name | None = None
    answered_at: At | None = None
    answered_by: Name | None = None
    escalated_at: At | None = None


class ReviewRow(Row):
    """How often people want to be asked, and who wants to be asked nothing."""

    every_minutes: Count | None = None
    off_by: Name | None = None


class HandoffRow(Row):
    """One attempt to hand the incident over."""

    number: Count
    bundle: Name
    giver: Name
    receiver: Name
    asked_by: Name
    asked_at: At
    reason: Short
    version: Count
    sent_at: At | None = None
    overridden_by: Name | None = None
    override_reason: Words | None = None
    rounds: Small
    read_back: Words | None = None
    confirmed_by: Name | None = None
    accepted_at: At | None = None
    declined_at: At | None = None
    decline_reason: Words | None = None
    cancelled_at: At | None = None
    cancelled_by: Name | None = None
    cancel_reason: Words | None = None

    @property
    def waiting(self) -> bool:
        """Whether somebody may still accept it; a lead that was taken without a handoff waits for nobody."""
        return self.reason != Reason.WITHOUT and not (
            self.accepted_at or self.declined_at or self.cancelled_at
        )


class HandoffVersionRow(Row):
    """A document that was compiled. It stays the very text that was stored, because its hash is of that."""

    version: Count
    number: Count
    compiled_at: At
    document: Words
    score: Small
    five_elements: bool
    accepted_at: At | None = None
    previous_hash: Hash | None = None
    hash: Hash | None = None


class ChecklistTickRow(Row):
    """The last word on an item of the debugging checklist; *stamp* says which of two clicks came last."""

    item: Annotated[Words, Field(max_length=32)]
    ticked: bool
    by: Name
    at: At
    stamp: Name


class MessageRow(Row):
    """A message that entries were made of, and the marks it bears."""

    channel: Name
    ts: Name
    version: Name
    receipt: bool
    refused: bool
    deleted_at: At | None = None


class ReactionRow(Row):
    """A reaction that means an entry."""

    channel: Name
    ts: Name
    emoji: Name
    person: Name
    event_ts: Name
    present: bool


class PersonRow(Row):
    """Somebody whom the incident names, as Slack told of them."""

    person: Name
    name: Words | None = None
    zone: Words | None = None


class IncidentRecord(Row):
    """One incident, whole. Rows stand in the order of their keys: the same incident gives the same text."""

    format: Literal["rounds-incident"] = "rounds-incident"
    version: Literal[1] = 1
    team: Annotated[Words, Field(min_length=1, max_length=32)]
    incident: IncidentRow
    threads: tuple[ThreadRow, ...] = ()
    severity_changes: tuple[SeverityChangeRow, ...] = Field(default=(), min_length=1)
    entries: tuple[EntryRow, ...] = ()
    entry_revisions: tuple[EntryRevisionRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    triage_answers: tuple[TriageAnswerRow, ...] = ()
    opinions: tuple[OpinionRow, ...] = ()
    prompts: tuple[PromptRow, ...] = ()
    reviews: tuple[ReviewRow, ...] = Field(default=(), max_length=1)
    handoffs: tuple[HandoffRow, ...] = ()
    handoff_versions: tuple[HandoffVersionRow, ...] = ()
    checklist_ticks: tuple[ChecklistTickRow, ...] = ()
    messages: tuple[MessageRow, ...] = ()
    reactions: tuple[ReactionRow, ...] = ()
    people: tuple[PersonRow, ...] = ()


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a record."""
    found = IncidentRecord.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
