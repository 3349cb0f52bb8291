"""What happens when somebody types ``/incident``, and where what has a file of its own is carried out."""

from typing import Any, assert_never

from slack_bolt import Ack

from bot.domain.errors import NotUnderstood
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.domain.work.closing import read_closing
from bot.slack import requests
from bot.slack.commands import digest
from bot.slack.desk import Desk
from bot.slack.gateway import CannotRead, Hopeless, Person
from bot.slack.line import requests as line
from bot.slack.line.digest import CancelDigest, ListDigests, OrderDigest, ShowDigest
from bot.slack.line.reading import parse
from bot.slack.render import answers, peace
from bot.slack.render.answers import Answer
from bot.slack.render.modals import open_view
from bot.slack.text import decoded
from bot.store import people
from bot.store.session import Session
from bot.usecases.change_incident import change_lead, change_severity, reopen_incident, resolve_incident
from bot.usecases.follow_channel import know_person
from bot.usecases.open_incident import Opening, open_incident
from bot.usecases.read_chart import count_open, list_open, show_chart
from bot.usecases.second_opinion import SLACKBOT, Asking, ask
from bot.usecases.set_prompts import ask_every, keep_quiet, read_peace, switch_off

Body = dict[str, Any]
LEAD_EXAMPLE = "`/incident lead INC-n @user`, picked from the list"


def carry_out(desk: Desk, body: Body, ack: Ack) -> None:
    """Do what the command asks for, and answer once it is stored."""
    who, key = requests.commander(desk.identity().team, body), requests.command_key(body)
    request = parse(decoded(body.get("text")))
    match request:
        case line.Open(severity=severity, text=""):
            # The trigger lives for three seconds, so nothing comes before this.
            desk.gateway.open_view(body["trigger_id"], open_view(who.channel, severity=severity))
            ack()
        case ShowDigest() | ListDigests() | OrderDigest() | CancelDigest():
            ack(**digest.carry_out(desk, who, request))
        case line.List() | line.Help() | line.Show():
            with desk.database.reading() as session:
                answer = _look(desk, session, who, request)
            ack(**answer)
        case line.Lead(number=number, lead=lead) if lead and lead != who.user:
            ack(**_name_lead(desk, who, number, lead, key))
        case line.Prompts() | line.Quiet():
            with desk.database.writing() as session:
                answer = _peace(desk, session, who, request, key)
            ack(**answer)
        case _:
            with desk.database.writing() as session:
                answer = _change(desk, session, who, request, key)
            ack(**answer)


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
    now, person = desk.clock(), _person(desk, who.team, lead)
    with desk.database.writing() as session:
        after = change_lead(session, who, number, lead, key=key, now=now)
        if person:
            people.unknown(session, who.team, [lead], now)
            know_person(session, who.team, lead, name=person.name, zone=person.zone)
    return answers.changed(after)


def _person(desk: Desk, team: TeamId, named: UserId) -> Person | None:
    """What Slack says of somebody we do not know; None where we do, or where it does not say it in time.

    Raises:
        NotUnderstood: It is a bot, or nobody at all.
    """
    if named in {desk.identity().user, SLACKBOT}:
        raise NotUnderstood(f"@{named} is a bot, and only a person can lead.", LEAD_EXAMPLE)
    with desk.database.reading() as session:
        if people.names(session, team, [named]):
            return None
    try:
        found = desk.gateway.person(named, hurried=True)
    except CannotRead as error:
        if error.outcome == Hopeless("user_not_found"):
            raise NotUnderstood(f"Slack knows nobody called {named}.", LEAD_EXAMPLE) from error
        return None
    if found.bot:
        raise NotUnderstood(f"@{named} is a bot, and only a person can lead.", LEAD_EXAMPLE)
    return found


def _peace(desk: Desk, session: Session, who: Who, request: line.Prompts | line.Quiet, key: str) -> Answer:
    """Show or change what is asked and when nobody is."""
    now = desk.clock()
    match request:
        case line.Prompts(number=number, off=True):
            switch_off(session, who, number, key=key, now=now)
        case line.Prompts(number=number, on=on, every=every) if on or every:
            ask_every(session, who, number, every, key=key, now=now)
        case line.Quiet(own=own, off=off, hours=hours):
            if off or hours:
                keep_quiet(session, who, who.user if own else None, hours, now=now)
            found = read_peace(session, who)
            return peace.peace(found.everybody, found.own)
    return peace.asked(show_chart(session, who, request.number, now))
