"""What we post into threads, and the one place where every notice gets its look."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from bot.domain.chart import FENCE, TITLES, Kind
from bot.domain.diagnosis.opinions import Round
from bot.domain.ids import ChannelId, MessageTs, UserId, shown
from bot.domain.incident import Incident
from bot.domain.notice import (
    EntryLogged,
    Escalated,
    HintOwed,
    IncidentReopened,
    IncidentResolved,
    LeadChanged,
    OpinionsPooled,
    Prompted,
    SeverityChanged,
    TestAsked,
    ThreadStarted,
    WatchOver,
    WorkupMoved,
)
from bot.domain.offer import Offer
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.asked import asked_post
from bot.slack.render.calls import Block, Direct, Post, Update, Whisper
from bot.slack.render.escalation import escalation_post
from bot.slack.render.opinions import pooled_post
from bot.slack.render.prompt import prompt_post
from bot.slack.render.welcome import welcome_post

# What is told once, in the words that it was stored with.
News = (
    EntryLogged
    | WorkupMoved
    | WatchOver
    | SeverityChanged
    | LeadChanged
    | IncidentResolved
    | IncidentReopened
)
# What is shown from the chart as it is now.
Charted = News | ThreadStarted | TestAsked | OpinionsPooled | Prompted | Escalated
# Escaped, a character becomes five, and the whole has to fit into one section.
HINT_LIMIT = blocks.SECTION_LIMIT // 5
LOG_LIMIT = 200
BLOCKED_ADVICE = {
    "not_in_channel": "I am not in that channel. Type `/invite @rounds` there and it goes on by itself.",
    "channel_not_found": (
        "I cannot see that conversation. In a private channel, type `/invite @rounds` there and it goes "
        "on by itself. Where I cannot be invited, as in your direct messages, open the incident in a channel."
    ),
    "is_archived": "The channel is archived. Unarchive it and it goes on by itself.",
}
OTHER_ADVICE = "Ask an admin of this workspace; then `rounds outbox revive` sends what is waiting."


def render_in_thread(notice: Charted, chart: Chart, *, opinions: Round | None = None) -> Post:
    """A notice as a post in its incident's thread; *opinions* is the round whose lists were pooled."""
    post = in_thread(chart.incident, *_look(notice, chart, opinions))
    return replace(post, broadcast=isinstance(notice, Escalated))


def render_news(notice: News, incident: Incident, names: Mapping[UserId, str]) -> Post:
    """The same for news, which need nothing of the chart."""
    return in_thread(incident, *_news(notice, names))


def in_thread(incident: Incident, text: str, built: Sequence[Block]) -> Post:
    """Words and blocks as a post in the thread of an incident."""
    return Post(
        channel=incident.channel,
        thread_ts=incident.thread_ts,
        text=blocks.clip(text, blocks.TEXT_LIMIT),
        blocks=tuple(built),
    )


def shown_again(post: Post, ts: MessageTs) -> Update:
    """The same content in place of what the message *ts* shows."""
    return Update(channel=post.channel, ts=ts, text=post.text, blocks=post.blocks)


def _look(notice: Charted, chart: Chart, opinions: Round | None) -> tuple[str, list[Block]]:
    match notice:
        case ThreadStarted():
            return welcome_post(notice, chart)
        case TestAsked():
            return asked_post(notice, chart)
        case OpinionsPooled():
            assert opinions is not None  # noqa: S101 - whoever shows such a notice has read its round.
            return pooled_post(notice, chart, opinions)
        case Prompted():
            return prompt_post(chart)
        case Escalated():
            return escalation_post(notice, chart)
        case _:
            return _news(notice, chart.names)


def _news(  # noqa: PLR0911 - one line a kind of notice.
    notice: News, names: Mapping[UserId, str]
) -> tuple[str, list[Block]]:
    """What somebody did, in a line, and below it in their words why."""
    match notice:
        case WorkupMoved():
            return _moved(notice, names)
        case WatchOver():
            return _watched(notice)
        case EntryLogged():
            return _entry(notice, names)
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


def _entry(notice: EntryLogged, names: Mapping[UserId, str]) -> tuple[str, list[Block]]:
    """An entry, and which numbers it moved."""
    head = f"*{TITLES[notice.kind]}* by {blocks.person(notice.by)}"
    if notice.kind is Kind.LOG and notice.text.strip():
        return _folded(head, notice, names)
    text, built = _said(head, notice.text, names)
    if notice.moved:
        moved = blocks.plain(notice.moved, names, 600)
        built.append(blocks.rich(blocks.line(*blocks.timed(moved, bold=True))))
        text = f"{text}\n{blocks.escape(blocks.in_utc(moved))}"
    return text, [*built, *blocks.offers("offers", notice.offers, str(notice.incident))]


def _folded(head: str, notice: EntryLogged, names: Mapping[UserId, str]) -> tuple[str, list[Block]]:
    """A log takes no more room in the thread than its first line; the rest is one tap away."""
    lines = [each for each in notice.text.replace(FENCE, "\n").splitlines() if each.strip()] or [notice.text]
    amount = f"{len(lines)} line{'' if len(lines) == 1 else 's'}"
    text, built = _said(f"{head}, {amount}", blocks.one_line(lines[0], names, LOG_LIMIT), names)
    show = Offer(label="Show the log", does="show_log")
    return text, [*built, *blocks.offers("offers", [show], str(notice.incident))]


def _moved(notice: WorkupMoved, names: Mapping[UserId, str]) -> tuple[str, list[Block]]:
    """What a reply changed, the numbers first, and what may be done about it."""
    said = [blocks.one_line(line, names, 400) for line in notice.lines[:10]]
    first, *rest = said or ["Something changed"]
    parts = [blocks.line(*blocks.timed(first, bold=True))]
    parts += [blocks.line(*blocks.timed(each)) for each in rest]
    text = blocks.escape(blocks.in_utc("\n".join([first, *rest])))
    return text, [blocks.rich(*parts), *blocks.offers("offers", notice.offers, str(notice.incident))]


def _watched(notice: WatchOver) -> tuple[str, list[Block]]:
    """The end of a watch calls the one who wanted it."""
    name, value = shown(notice.incident), str(notice.incident)
    text = (
        f":stopwatch: {blocks.person(notice.by)}, {notice.minutes} minutes of watching {name} are over. "
        "Is the symptom still gone?"
    )
    buttons = [
        blocks.button("Resolve…", "resolve", value, label=f"Resolve {name}", style="primary"),
        blocks.button("Watch again", "watch", value, label=f"Watch {name} once more"),
        blocks.button(
            "It came back…", f"log:{Kind.NOTE.value}", value, label=f"Say what came back in {name}"
        ),
    ]
    return text, [blocks.section(text), blocks.actions("watched", buttons)]


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


def hint(notice: HintOwed) -> Whisper:
    """Words for one person's eyes, with the buttons that mend what they are about."""
    text = blocks.explained(blocks.clip(notice.text, HINT_LIMIT))
    rows = tuple(blocks.offers("offers", notice.offers, str(notice.incident or "")))
    return Whisper(
        channel=notice.channel,
        thread_ts=notice.thread_ts,
        user=notice.user,
        text=text,
        blocks=(blocks.section(text), *rows) if rows else (),
    )


def blocked(name: str, channel: ChannelId, user: UserId, error: str) -> Direct:
    """Tell the person who can mend it why nothing of an incident appears in a channel."""
    advice = BLOCKED_ADVICE.get(error, OTHER_ADVICE)
    return Direct(
        user=user,
        text=f"{name} is open and nothing of it is lost, but I cannot post in <#{channel}> (`{error}`). "
        f"{advice}",
    )
