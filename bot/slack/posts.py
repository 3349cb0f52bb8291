"""The call that delivers a notice: what it has to show is read now, however long ago it was owed."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.diagnosis.estimate import percent
from bot.domain.diagnosis.opinions import Round
from bot.domain.ids import TeamId, shown
from bot.domain.notice import (
    HintOwed,
    IncidentOpened,
    OpinionAsked,
    OpinionsPooled,
    PostChanged,
    PostingBlocked,
    ReceiptChanged,
    ThreadNotice,
)
from bot.slack.render.calls import Call, Post, React
from bot.slack.render.card import post_card
from bot.slack.render.opinions import Opinions, Pooled, Voice, ask_opinion
from bot.slack.render.thread import blocked, hint, render_in_thread, shown_again
from bot.store import cards, outbox, people
from bot.store.session import Session
from bot.usecases.read_chart import read_chart
from bot.usecases.second_opinion import read_round

Posted = (
    IncidentOpened | ReceiptChanged | PostingBlocked | PostChanged | OpinionAsked | HintOwed | ThreadNotice
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A call, None where there is nothing to show; *version* is that of the card which a root shows."""

    call: Call | None
    version: int | None = None


def rendered(  # noqa: PLR0911 - one line a kind of notice.
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
            return Rendered(blocked(shown(notice.incident), notice.channel, notice.user, notice.error))
        case HintOwed():
            return Rendered(hint(notice))
        case OpinionAsked():
            return Rendered(ask_opinion(notice, read_chart(session, team, notice.incident, now)))
        case PostChanged():
            return Rendered(_again(session, team, notice, now))
        case _:
            return Rendered(_thread_post(session, team, notice, now))


def _thread_post(session: Session, team: TeamId, notice: ThreadNotice, now: datetime) -> Post | None:
    chart = read_chart(session, team, notice.incident, now)
    if chart.incident.thread_ts is None:
        return None
    if isinstance(notice, OpinionsPooled):
        found = read_round(session, team, notice.incident, notice.round)
        if found:
            chart = replace(chart, names={**chart.names, **people.names(session, team, found.asked)})
        return render_in_thread(notice, chart, opinions=_opinions(found) if found else None)
    return render_in_thread(notice, chart)


def _opinions(found: Round) -> Opinions:
    judged = [
        Pooled(
            letter=each.letter,
            statement=each.statement,
            p=each.p,
            voices=tuple(Voice(by=voice.by, said=percent(voice.p)) for voice in each.voices),
        )
        for each in found.judged
    ]
    return Opinions(pooled=tuple(judged), other=found.other, silent=found.silent)


def _again(session: Session, team: TeamId, notice: PostChanged, now: datetime) -> Call | None:
    """The new look of a post; None while it is not in Slack, for then it will look so anyway."""
    post = outbox.delivered(session, team, notice.key)
    if post is None:
        return None
    assert isinstance(post.notice, ThreadNotice)  # noqa: S101 - only such posts are shown anew.
    call = _thread_post(session, team, post.notice, now)
    return shown_again(call, post.ts) if call else None
