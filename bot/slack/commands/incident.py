"""What happens when somebody types ``/incident``, and where what has a file of its own is carried out."""

from collections.abc import Callable, Mapping
from typing import Any, assert_never

from slack_bolt import Ack

from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber, UserId
from bot.domain.work.closing import read_closing
from bot.slack import requests
from bot.slack.commands import digest, export, guide, handoff, peace, search, shift, stats
from bot.slack.commands.named import person_named, remember
from bot.slack.desk import Desk
from bot.slack.line import requests as line
from bot.slack.line.digest import CancelDigest, ListDigests, OrderDigest, ShowDigest
from bot.slack.line.export import ExportIncident
from bot.slack.line.guide import Checklist, Guide
from bot.slack.line.handoff import HandOver
from bot.slack.line.reading import parse
from bot.slack.line.search import Search
from bot.slack.line.shift import (
    AskForCalendar,
    FollowCalendar,
    ForgetShifts,
    SetRotation,
    ShowShift,
    SwapShifts,
    TakeHours,
)
from bot.slack.line.stats import ShowStats
from bot.slack.render import answers
from bot.slack.render.answers import Answer
from bot.slack.render.modals import open_view
from bot.slack.render.modals.shift import calendar_view
from bot.slack.text import decoded
from bot.store.session import Session
from bot.usecases.change_incident import change_lead, change_severity, reopen_incident, resolve_incident
from bot.usecases.open_incident import Opening, open_incident
from bot.usecases.read_chart import count_open, list_open, show_chart
from bot.usecases.second_opinion import Asking, ask

Body = dict[str, Any]
# What has a file of its own; the requests are as unlike as what carries them out.
_FAMILIES: Mapping[type[Any], Callable[[Desk, Who, Any, str], Answer]] = {
    **dict.fromkeys((ShowDigest, ListDigests, OrderDigest, CancelDigest), digest.carry_out),
    **dict.fromkeys((Guide, Checklist), guide.carry_out),
    **dict.fromkeys(
        (ShowShift, SetRotation, TakeHours, SwapShifts, FollowCalendar, ForgetShifts), shift.carry_out
    ),
    **dict.fromkeys((line.Prompts, line.Quiet), peace.carry_out),
    HandOver: handoff.carry_out,
    Search: search.carry_out,
    ExportIncident: export.carry_out,
    ShowStats: stats.carry_out,
}
LEAD_EXAMPLE = "`/incident lead INC-n @user`, picked from the list"


def carry_out(desk: Desk, body: Body, ack: Ack) -> None:
    """Do what the command asks for, and answer once it is stored."""
    who, key = requests.commander(desk.identity().team, body), requests.command_key(body)
    request = parse(decoded(body.get("text")))
    if type(request) in _FAMILIES:
        ack(**_FAMILIES[type(request)](desk, who, request, key))
        return
    match request:
        case line.Open(severity=severity, text=""):
            # The trigger lives for three seconds, so nothing comes before this.
            desk.gateway.open_view(body["trigger_id"], open_view(who.channel, severity=severity))
            ack()
        case AskForCalendar(everywhere):
            desk.gateway.open_view(body["trigger_id"], calendar_view(who.channel, everywhere=everywhere))
            ack()
        case line.List() | line.Help() | line.Show():
            with desk.database.reading() as session:
                answer = _look(desk, session, who, request)
            ack(**answer)
        case line.Lead(number=number, lead=lead) if lead and lead != who.user:
            ack(**_name_lead(desk, who, number, lead, key))
        case line.Open() | line.Grade() | line.Lead() | line.Resolve() | line.Reopen() | line.SecondOpinion():
            with desk.database.writing() as session:
                answer = _change(desk, session, who, request, key)
            ack(**answer)
        case _:
            raise AssertionError(f"{request} belongs to a family")


def _look(desk: Desk, session: Session, who: Who, request: line.List | line.Help | line.Show) -> Answer:
    match request:
        case line.List():
            found, total = list_open(session, who), count_open(session, who)
            return answers.listed(found, total, desk.clock(), desk.identity().address)
        case line.Help():
            found, total = list_open(session, who), count_open(session, who)
            return answers.helped(found, total, desk.clock(), desk.identity().address)
        case line.Show(number):
            return answers.charted(show_chart(session, who, number, desk.clock()))
        case _:
            assert_never(request)


def _change(
    desk: Desk,
    session: Session,
    who: Who,
    request: line.Open | line.Grade | line.Lead | line.Resolve | line.Reopen | line.SecondOpinion,
    key: str,
) -> Answer:
    now = desk.clock()
    match request:
        case line.Open(severity=severity, text=text):
            assert who.channel is not None  # noqa: S101 - a command always comes from a conversation.
            opening = Opening(who=who, channel=who.channel, seen=text, severity=severity)
            opened = open_incident(session, opening, key=key, now=now)
            return answers.opened(opened.incident, repeated=opened.repeated)
        case line.Grade(number=number, severity=severity, reason=reason):
            after = change_severity(session, who, number, severity, reason, key=key, now=now)
        case line.Lead(number=number):
            after = change_lead(session, who, number, who.user, key=key, now=now)
        case line.Resolve(number=number, cause=cause):
            after = resolve_incident(session, who, number, read_closing(cause), key=key, now=now)
        case line.SecondOpinion(number=number, people=people, takes=takes):
            asking = Asking(who=who, number=number, people=people, takes=takes, bots=(desk.identity().user,))
            found = ask(session, asking, key=key, now=now)
            return answers.invited(number, found.fresh, found.already, found.due_at)
        case line.Reopen(number=number, reason=reason):
            after = reopen_incident(session, who, number, reason, key=key, now=now)
        case _:
            assert_never(request)
    return answers.changed(after)


def _name_lead(desk: Desk, who: Who, number: IncidentNumber, lead: UserId, key: str) -> Answer:
    """Make somebody else the lead, once it is clear that they are a person."""
    now, person = desk.clock(), person_named(desk, who.team, lead, LEAD_EXAMPLE)
    with desk.database.writing() as session:
        after = change_lead(session, who, number, lead, key=key, now=now)
        remember(session, who.team, lead, person, now)
    return answers.changed(after)
