"""The call that delivers a notice: what it has to show is read now, however long ago it was owed."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.heard import mentioned
from bot.domain.ids import TeamId, shown
from bot.domain.notice import (
    ChecklistPosted,
    DigestCompiled,
    HandoffOffered,
    HandoffTold,
    HandoffTurned,
    HintOwed,
    IncidentOpened,
    OpinionAsked,
    OpinionsPooled,
    PostChanged,
    PostGone,
    PostingBlocked,
    ReceiptChanged,
    ThreadNotice,
)
from bot.slack.handoff_posts import handoff_post, handoff_told
from bot.slack.render.calls import Call, Delete, Post, React
from bot.slack.render.card import post_card
from bot.slack.render.checklist import post_checklist
from bot.slack.render.digest import blocked_digest, post_digest
from bot.slack.render.opinions import ask_opinion
from bot.slack.render.thread import News, blocked, hint, render_in_thread, render_news, shown_again
from bot.store import cards, checklists, digests, incidents, outbox, people
from bot.store.session import Session
from bot.usecases.read_chart import read_chart
from bot.usecases.second_opinion import read_round

Posted = (
    IncidentOpened
    | ReceiptChanged
    | PostingBlocked
    | PostChanged
    | PostGone
    | OpinionAsked
    | HintOwed
    | DigestCompiled
    | HandoffTold
    | ChecklistPosted
    | ThreadNotice
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A call, None where there is nothing to show; *version* is that of the card which a root shows."""

    call: Call | None
    version: int | None = None


def rendered(  # noqa: C901, PLR0911 - one line a kind of notice.
    session: Session, team: TeamId, notice: Posted, now: datetime
) -> Rendered:
    """What delivers a notice, as it has to look now."""
    match notice:
        case IncidentOpened():
            version = cards.wanted(session, team, notice.incident)
            chart = read_chart(session, team, notice.incident, now)
            return Rendered(post_card(chart, again=notice.again), version)
        case ReceiptChanged(channel=channel, ts=ts, emoji=emoji, present=present):
            return Rendered(React(channel=channel, ts=ts, emoji=emoji, present=present))
        case PostingBlocked():
            return Rendered(_blocked(notice))
        case HintOwed():
            return Rendered(hint(notice))
        case DigestCompiled():
            digest = digests.find(session, team, notice.channel, notice.date)
            return Rendered(post_digest(digest, now) if digest else None)
        case HandoffTold():
            return Rendered(handoff_told(session, team, notice))
        case OpinionAsked():
            return Rendered(ask_opinion(notice, read_chart(session, team, notice.incident, now)))
        case ChecklistPosted():
            return Rendered(_checklist_post(session, team, notice))
        case PostChanged():
            return Rendered(_again(session, team, notice, now))
        case PostGone():
            return Rendered(_gone(session, team, notice))
        case _:
            return Rendered(_thread_post(session, team, notice, now))


def _blocked(notice: PostingBlocked) -> Call:
    if notice.incident is None:
        return blocked_digest(notice.channel, notice.user, notice.error)
    return blocked(shown(notice.incident), notice.channel, notice.user, notice.error)


def _thread_post(session: Session, team: TeamId, notice: ThreadNotice, now: datetime) -> Post | None:
    if isinstance(notice, News):
        return _news_post(session, team, notice)
    if isinstance(notice, HandoffOffered | HandoffTurned):
        return handoff_post(session, team, notice)
    chart = read_chart(session, team, notice.incident, now)
    if chart.incident.thread_ts is None:
        return None
    if isinstance(notice, OpinionsPooled):
        found = read_round(session, team, notice.incident, notice.round)
        if found is None:
            return None
        chart = replace(chart, names={**chart.names, **people.names(session, team, found.asked)})
        return render_in_thread(notice, chart, opinions=found)
    return render_in_thread(notice, chart)


def _news_post(session: Session, team: TeamId, notice: News) -> Post | None:
    """A line of news names people; nothing else of the chart is read for it."""
    incident = incidents.get(session, team, notice.incident)
    if incident.thread_ts is None:
        return None
    names = people.names(session, team, mentioned(notice.model_dump_json()))
    return render_news(notice, incident, names)


def _checklist_post(session: Session, team: TeamId, notice: ChecklistPosted) -> Post | None:
    """The checklist needs nothing of the chart but its thread."""
    incident = incidents.get(session, team, notice.incident)
    ticks = checklists.ticks(session, team, notice.incident)
    names = people.names(session, team, {tick.by for tick in ticks.values()})
    return post_checklist(incident, ticks, names)


def _again(session: Session, team: TeamId, notice: PostChanged, now: datetime) -> Call | None:
    """The new look of a post; None while it is not in Slack, for then it will look so anyway."""
    post = outbox.delivered(session, team, notice.key)
    if post is None:
        return None
    if isinstance(post.notice, HandoffTold):
        return handoff_told(session, team, post.notice, ts=post.ts)
    if isinstance(post.notice, ChecklistPosted):
        call = _checklist_post(session, team, post.notice)
    else:
        assert isinstance(post.notice, ThreadNotice)  # noqa: S101 - only such posts are shown anew.
        call = _thread_post(session, team, post.notice, now)
    return shown_again(call, post.ts) if call else None


def _gone(session: Session, team: TeamId, notice: PostGone) -> Delete | None:
    """What takes a post away; None where it never came to Slack."""
    post = outbox.delivered(session, team, notice.key)
    if post is None:
        return None
    return Delete(channel=incidents.get(session, team, notice.incident).channel, ts=post.ts)
