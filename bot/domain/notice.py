"""What people must be told: a closed set of values, owed in the transaction that makes them true.

A notice is stored as JSON in the outbox, so a field may be added with a default but never renamed.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.domain.chart import Kind
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, UserId
from bot.domain.incident import Severity
from bot.domain.offer import Offer


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
    moved: str = ""
    offers: tuple[Offer, ...] = ()


class WorkupMoved(_Notice):
    """What a reply has changed of the differential, a line each, and what may be done about it."""

    name: Literal["workup_moved"] = "workup_moved"
    incident: IncidentNumber
    lines: tuple[str, ...]
    offers: tuple[Offer, ...] = ()


class TestAsked(_Notice):
    """A new test asks what each hypothesis expects of it; the post shows what was answered so far."""

    # pytest takes every class of this name for a case.
    __test__ = False

    name: Literal["test_asked"] = "test_asked"
    incident: IncidentNumber
    test: int


class OpinionsPooled(_Notice):
    """Lists that people made apart from each other are shown, and what they come to together."""

    name: Literal["opinions_pooled"] = "opinions_pooled"
    incident: IncidentNumber
    round: int


class Prompted(_Notice):
    """All that is asked of the thread just now; *living* counts such posts, each in the place of the last."""

    name: Literal["prompted"] = "prompted"
    incident: IncidentNumber
    living: int


class Escalated(_Notice):
    """Nobody has answered a question: the channel is told, in the four lines of an SBAR."""

    name: Literal["escalated"] = "escalated"
    incident: IncidentNumber
    kind: str
    about: str


class WatchOver(_Notice):
    """The time for which somebody wanted to watch, before closing, is over."""

    name: Literal["watch_over"] = "watch_over"
    incident: IncidentNumber
    by: UserId
    minutes: int


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


class PostChanged(_Notice):
    """A post of ours, owed under *key*, has to be shown anew: what it tells of has changed."""

    name: Literal["post_changed"] = "post_changed"
    incident: IncidentNumber
    key: str


class PostGone(_Notice):
    """A post of ours, owed under *key*, has to go: another has taken its place."""

    name: Literal["post_gone"] = "post_gone"
    incident: IncidentNumber
    key: str


class PictureWanted(_Notice):
    """Somebody wants the differential's history as a picture in the thread."""

    name: Literal["picture_wanted"] = "picture_wanted"
    incident: IncidentNumber
    by: UserId


class OpinionAsked(_Notice):
    """One person is asked in private what they think, before they see what others do."""

    name: Literal["opinion_asked"] = "opinion_asked"
    incident: IncidentNumber
    round: int
    user: UserId


class OpinionsDue(_Notice):
    """The time for answers is over: whoever has not answered by now is not waited for."""

    name: Literal["opinions_due"] = "opinions_due"
    incident: IncidentNumber
    round: int


class TimeUp(_Notice):
    """Something falls due at this moment, so the chart has to show it."""

    name: Literal["time_up"] = "time_up"
    incident: IncidentNumber
    what: str


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
    incident: IncidentNumber | None = None
    offers: tuple[Offer, ...] = ()


class MessageWanted(_Notice):
    """A message that somebody marked with a reaction has to be read before it can be an entry."""

    name: Literal["message_wanted"] = "message_wanted"
    channel: ChannelId
    ts: MessageTs
    emoji: str
    user: UserId


class InsistWanted(_Notice):
    """A message that was refused has to be read again: its author was asked and means it."""

    name: Literal["insist_wanted"] = "insist_wanted"
    channel: ChannelId
    ts: MessageTs
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


class DigestCompiled(_Notice):
    """The digest of a channel and local date is stored and goes up in that channel."""

    name: Literal["digest_compiled"] = "digest_compiled"
    channel: ChannelId
    date: date


class TrendsWanted(_Notice):
    """The picture of a digest's two weeks belongs into its thread."""

    name: Literal["trends_wanted"] = "trends_wanted"
    channel: ChannelId
    date: date


class HandoffOffered(_Notice):
    """An attempt to hand over: the post shows the document's head, what is missing, and what became of it."""

    name: Literal["handoff_offered"] = "handoff_offered"
    incident: IncidentNumber
    attempt: int


class HandoffTurned(_Notice):
    """An attempt came to its end, or stands still; *turn* says how, *news* what has changed meanwhile."""

    name: Literal["handoff_turned"] = "handoff_turned"
    incident: IncidentNumber
    attempt: int
    turn: Literal["accepted", "declined", "cancelled", "doubted", "changed"]
    news: tuple[str, ...] = ()


class HandoffTold(_Notice):
    """Giver or receiver is told in private of all that was given together."""

    name: Literal["handoff_told"] = "handoff_told"
    incident: IncidentNumber
    bundle: str
    user: UserId


Format = Literal["md", "json"]


class ExportWanted(_Notice):
    """Somebody wants an incident as a file: in private, or with *here* in its thread.

    *channel* is where they asked, and where they are told if they cannot be reached in private.
    """

    name: Literal["export_wanted"] = "export_wanted"
    incident: IncidentNumber
    by: UserId
    form: Format = "md"
    here: bool = False
    channel: ChannelId | None = None


class StatsWanted(_Notice):
    """Somebody wants a picture of how incidents went; *channel* is where they asked."""

    name: Literal["stats_wanted"] = "stats_wanted"
    by: UserId
    since: datetime
    channel: ChannelId | None = None


class HandoffFiled(_Notice):
    """The whole document of a version belongs into the thread, as a file."""

    name: Literal["handoff_filed"] = "handoff_filed"
    incident: IncidentNumber
    version: int


class PostingBlocked(_Notice):
    """Slack refuses our posts in a channel; the person who can mend it is told in private.

    *incident* is None where the channel's digest is what cannot be posted.
    """

    name: Literal["posting_blocked"] = "posting_blocked"
    incident: IncidentNumber | None
    channel: ChannelId
    user: UserId
    error: str


class ChecklistPosted(_Notice):
    """The debugging checklist in the thread; the post shows what is ticked by now.

    *copy_number* counts its posts; each takes the place of the one before.
    """

    name: Literal["checklist_posted"] = "checklist_posted"
    incident: IncidentNumber
    copy_number: int


ThreadNotice = (
    ThreadStarted
    | EntryLogged
    | WorkupMoved
    | TestAsked
    | OpinionsPooled
    | Prompted
    | Escalated
    | HandoffOffered
    | HandoffTurned
    | WatchOver
    | SeverityChanged
    | LeadChanged
    | IncidentResolved
    | IncidentReopened
)
Errand = MessageWanted | InsistWanted | TextWanted | ThreadWanted | MembersWanted | PersonWanted
Brought = PictureWanted | TrendsWanted | HandoffFiled | ExportWanted | StatsWanted
Told = OpinionAsked | HandoffTold | PostingBlocked
Notice = Annotated[
    IncidentOpened
    | ThreadNotice
    | ChecklistPosted
    | PostChanged
    | PostGone
    | OpinionsDue
    | TimeUp
    | ReceiptChanged
    | HintOwed
    | Errand
    | DigestCompiled
    | Brought
    | Told,
    Field(discriminator="name"),
]
NOTICE: TypeAdapter[Notice] = TypeAdapter(Notice)
