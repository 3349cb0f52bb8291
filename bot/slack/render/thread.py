"""What we post into threads, and the one place where every notice gets its look."""

from collections.abc import Mapping
from typing import assert_never

from bot.domain.chart import LOGGABLE, TITLES
from bot.domain.ids import ChannelId, MessageTs, UserId, shown
from bot.domain.notice import (
    EntryLogged,
    IncidentReopened,
    IncidentResolved,
    LeadChanged,
    SeverityChanged,
    ThreadNotice,
    ThreadStarted,
)
from bot.slack.render import blocks
from bot.slack.render.calls import Block, Direct, Post

QUICK_KINDS = ("fix", "result", "note")
BLOCKED_ADVICE = {
    "not_in_channel": "I am not in that channel. Type `/invite @rounds` there and it goes on by itself.",
    "channel_not_found": (
        "I cannot see that conversation. In a private channel, type `/invite @rounds` there and it goes "
        "on by itself. Where I cannot be invited, as in your direct messages, open the incident in a channel."
    ),
    "is_archived": "The channel is archived. Unarchive it and it goes on by itself.",
}
OTHER_ADVICE = "Ask an admin of this workspace; then `rounds outbox revive` sends what is waiting."


def render_in_thread(
    notice: ThreadNotice, channel: ChannelId, thread_ts: MessageTs, names: Mapping[UserId, str]
) -> Post:
    """A notice as a post in its incident's thread."""
    text, built = _look(notice, names)
    return Post(channel=channel, thread_ts=thread_ts, text=text, blocks=tuple(built))


def _look(notice: ThreadNotice, names: Mapping[UserId, str]) -> tuple[str, list[Block]]:
    match notice:
        case ThreadStarted():
            return _started(notice)
        case EntryLogged():
            return _said(f"*{TITLES[notice.kind]}* by {blocks.person(notice.by)}", notice.text, names)
        case SeverityChanged():
            change = f"*SEV{notice.before.value} → SEV{notice.after.value}* by {blocks.person(notice.by)}"
            return _said(change, notice.reason, names)
        case LeadChanged():
            return _said(_lead(notice), "", names)
        case IncidentResolved():
            head = f":white_check_mark: *{shown(notice.incident)} is resolved* by {blocks.person(notice.by)}"
            return _said(head, notice.cause, names)
        case IncidentReopened():
            head = f":rewind: *{shown(notice.incident)} is open again* by {blocks.person(notice.by)}"
            return _said(head, notice.reason, names)
        case _:
            assert_never(notice)


def _lead(notice: LeadChanged) -> str:
    lead = f":bust_in_silhouette: {blocks.person(notice.lead)} leads {shown(notice.incident)} now"
    before = f", after {blocks.person(notice.before)}" if notice.before else ""
    by = f" (named by {blocks.person(notice.by)})" if notice.by != notice.lead else ""
    return lead + before + by


def _said(head: str, said: str, names: Mapping[UserId, str]) -> tuple[str, list[Block]]:
    """A line of ours, and below it what somebody said, which Slack must not parse."""
    if not said.strip():
        return f"{head}.", [blocks.section(f"{head}.")]
    shown_text = blocks.plain(said, names, blocks.SECTION_LIMIT)
    text = f"{head}: {blocks.escape(blocks.clip(shown_text, blocks.TEXT_LIMIT))}"
    return text, [blocks.section(f"{head}:"), blocks.rich(blocks.quote(shown_text))]


def _started(notice: ThreadStarted) -> tuple[str, list[Block]]:
    name = shown(notice.incident)
    head = (
        f"This thread is the chart of *{name}*. A reply that begins with a word and a colon is logged and "
        "gets :memo:. Everything else is just talk."
    )
    examples = "\n".join(word.example for word in LOGGABLE)
    buttons = [
        blocks.button(f"{word.title}…", f"log:{word.kind.value}", str(notice.incident))
        for word in LOGGABLE
        if word.kind.value in QUICK_KINDS
    ]
    more = "`sev: 2 why` · `lead: me` · `handoff: @ben` · `resolve: cause` · edit or delete to correct"
    built = [
        blocks.section(head),
        blocks.rich(blocks.code(examples)),
        blocks.context(more),
        blocks.actions("quick", buttons),
    ]
    return f"This thread is the chart of {name}. Begin a reply with a word and a colon to log it.", built


def blocked(name: str, channel: ChannelId, user: UserId, error: str) -> Direct:
    """Tell the person who can mend it why nothing of an incident appears in a channel."""
    advice = BLOCKED_ADVICE.get(error, OTHER_ADVICE)
    return Direct(
        user=user,
        text=f"{name} is open and nothing of it is lost, but I cannot post in <#{channel}> (`{error}`). "
        f"{advice}",
    )
