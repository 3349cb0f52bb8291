"""What people must be told: a closed set of values, owed in the transaction that makes them true.

A notice is stored as JSON in the outbox, so a field may be added with a default but never renamed.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.domain.chart import Kind
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, UserId
from bot.domain.incident import Severity


class _Notice(BaseModel):
    model_config = ConfigDict(frozen=True)


class IncidentOpened(_Notice):
    """The chart goes up as the root of a thread; *again* when people deleted the one before."""

    name: Literal["incident_opened"] = "incident_opened"
    incident: IncidentNumber
    again: bool = False


class ThreadStarted(_Notice):
    """How to work in the thread, said once at its top."""

    name: Literal["thread_started"] = "thread_started"
    incident: IncidentNumber


class EntryLogged(_Notice):
    """An entry made with a button or modal: the thread has not seen it yet."""

    name: Literal["entry_logged"] = "entry_logged"
    incident: IncidentNumber
    kind: Kind
    text: str
    by: UserId


class SeverityChanged(_Notice):
    """A change of severity that was not made by a reply in the thread."""

    name: Literal["severity_changed"] = "severity_changed"
    incident: IncidentNumber
    before: Severity
    after: Severity
    by: UserId
    reason: str


class LeadChanged(_Notice):
    """Somebody leads now."""

    name: Literal["lead_changed"] = "lead_changed"
    incident: IncidentNumber
    before: UserId | None
    lead: UserId
    by: UserId


class IncidentResolved(_Notice):
    """The incident is closed."""

    name: Literal["incident_resolved"] = "incident_resolved"
    incident: IncidentNumber
    by: UserId
    cause: str


class IncidentReopened(_Notice):
    """The incident is open again."""

    name: Literal["incident_reopened"] = "incident_reopened"
    incident: IncidentNumber
    by: UserId
    reason: str


class ReceiptChanged(_Notice):
    """A reaction of ours that must be, or must no longer be, on a message."""

    name: Literal["receipt_changed"] = "receipt_changed"
    channel: ChannelId
    ts: MessageTs
    emoji: str
    present: bool


class HintOwed(_Notice):
    """Words for one person's eyes, worth nothing when late and never repeated."""

    name: Literal["hint_owed"] = "hint_owed"
    channel: ChannelId
    thread_ts: MessageTs | None
    user: UserId
    text: str
    expires_at: datetime


class MessageWanted(_Notice):
    """A message that somebody marked with a reaction has to be read before it can be an entry."""

    name: Literal["message_wanted"] = "message_wanted"
    channel: ChannelId
    ts: MessageTs
    emoji: str
    user: UserId


class TextWanted(_Notice):
    """A message was logged with the beginning of its text; the whole has to be read."""

    name: Literal["text_wanted"] = "text_wanted"
    channel: ChannelId
    ts: MessageTs


class ThreadWanted(_Notice):
    """People may have replied to a chart before we knew that it had been posted."""

    name: Literal["thread_wanted"] = "thread_wanted"
    channel: ChannelId
    ts: MessageTs


class MembersWanted(_Notice):
    """Who may see a private incident has to be asked of Slack."""

    name: Literal["members_wanted"] = "members_wanted"
    channel: ChannelId


class PersonWanted(_Notice):
    """A person's name and time zone have to be asked of Slack."""

    name: Literal["person_wanted"] = "person_wanted"
    user: UserId


class PostingBlocked(_Notice):
    """Slack refuses our posts in a channel; the person who can mend it is told in private."""

    name: Literal["posting_blocked"] = "posting_blocked"
    incident: IncidentNumber
    channel: ChannelId
    user: UserId
    error: str


ThreadNotice = (
    ThreadStarted | EntryLogged | SeverityChanged | LeadChanged | IncidentResolved | IncidentReopened
)
Notice = Annotated[
    IncidentOpened
    | ThreadNotice
    | ReceiptChanged
    | HintOwed
    | MessageWanted
    | TextWanted
    | ThreadWanted
    | MembersWanted
    | PersonWanted
    | PostingBlocked,
    Field(discriminator="name"),
]
NOTICE: TypeAdapter[Notice] = TypeAdapter(Notice)
