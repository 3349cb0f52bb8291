"""What happens when somebody says how often an incident asks, or when people are to be left in peace."""

from dataclasses import replace

from bot.domain.heard import Who
from bot.domain.prompts.quiet import Hours
from bot.slack.commands.named import zone_of
from bot.slack.desk import Desk
from bot.slack.line.requests import Prompts, Quiet
from bot.slack.render import peace
from bot.slack.render.answers import Answer
from bot.usecases.read_chart import show_chart
from bot.usecases.set_prompts import ask_every, keep_quiet, read_peace, switch_off


def carry_out(desk: Desk, who: Who, request: Prompts | Quiet, key: str) -> Answer:
    """Show or change what is asked and when nobody is."""
    if isinstance(request, Quiet):
        return _quiet(desk, who, request)
    now, number = desk.clock(), request.number
    with desk.database.writing() as session:
        if request.off:
            switch_off(session, who, number, key=key, now=now)
        elif request.on or request.every:
            ask_every(session, who, number, request.every, key=key, now=now)
        return peace.asked(show_chart(session, who, number, now))


def _quiet(desk: Desk, who: Who, request: Quiet) -> Answer:
    hours = _placed(desk, who, request.hours) if request.hours else None
    with desk.database.writing() as session:
        if request.off or hours:
            keep_quiet(session, who, who.user if request.own else None, hours, desk.clock())
        found = read_peace(session, who)
    return peace.peace(found.everybody, found.own, guessed=hours is not None and hours.zone is None)


def _placed(desk: Desk, who: Who, hours: Hours) -> Hours:
    """The hours in the zone of whoever names them, where they name no other and anybody knows it."""
    return replace(hours, zone=hours.zone or zone_of(desk, who))
