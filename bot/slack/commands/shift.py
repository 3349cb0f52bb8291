"""What happens when somebody types ``/incident shift``."""

from datetime import datetime
from typing import assert_never

from bot.domain.errors import NotUnderstood
from bot.domain.heard import Who
from bot.domain.ids import UserId
from bot.domain.shifts.asking import ROTATION, first_changeover, hours_of
from bot.domain.shifts.feed import BadFeed
from bot.domain.shifts.roster import Override, on_duty, spans
from bot.domain.shifts.rotation import Rotation
from bot.slack.commands.named import person_named, remember
from bot.slack.desk import Desk
from bot.slack.directory import Directory, UserGroup
from bot.slack.gateway import CannotRead, Person
from bot.slack.line.forms import USAGE
from bot.slack.line.shift import (
    FollowCalendar,
    ForgetShifts,
    SetRotation,
    ShiftRequest,
    ShowShift,
    SwapShifts,
    TakeHours,
)
from bot.slack.render import shift as answers
from bot.slack.render.answers import Answer
from bot.store.session import Session
from bot.usecases import set_shift
from bot.usecases.fetch_calendar import host_of
from bot.usecases.order_digest import NOWHERE, known_zone, usable

EXAMPLE = "`/incident shift @ana @ben daily at 09:00`, picked from the list"
Named = dict[UserId, Person | None]


def carry_out(desk: Desk, who: Who, request: ShiftRequest, _key: str) -> Answer:
    """Do what was asked about shifts; the answer is given once it is stored."""
    match request:
        case ShowShift():
            return _show(desk, who)
        case SetRotation():
            return _rotate(desk, who, request)
        case TakeHours():
            return _take(desk, who, request)
        case SwapShifts():
            return _swap(desk, who, request)
        case FollowCalendar():
            return _follow(desk, who, request)
        case ForgetShifts(everywhere):
            place = set_shift.place_of(who, everywhere=everywhere)
            with desk.database.writing() as session:
                return answers.forgotten(
                    place, found=set_shift.forget_shifts(session, who, place, desk.clock())
                )
        case _:
            assert_never(request)


def _show(desk: Desk, who: Who) -> Answer:
    now = desk.clock()
    with desk.database.reading() as session:
        kept = set_shift.read_roster(session, who)
    if kept is None:
        return answers.shown(None, None, ())
    return answers.shown(kept, on_duty(kept.roster, now), spans(kept.roster, now, now + answers.WITHIN))


def _rotate(desk: Desk, who: Who, request: SetRotation) -> Answer:
    group = _group(desk, request.group) if request.group else None
    people = group.people if group else request.people
    named = _people(desk, who, request.people)
    zone = request.wish.zone or _zone(desk, who)
    now = desk.clock()
    rotation = Rotation(
        people=people,
        length=request.wish.length,
        first=first_changeover(request.wish, now, zone or NOWHERE),
        zone=zone or NOWHERE,
        weekdays=request.wish.weekdays,
    )
    place = set_shift.place_of(who, everywhere=request.everywhere)
    of = set_shift.Group(group.id, group.handle) if group else None
    with desk.database.writing() as session:
        _remember(session, who, named, now)
        kept = set_shift.set_rotation(session, who, place, rotation, of, now)
    return answers.rotates(kept, on_duty(kept.roster, now), now, guessed=zone is None)


def _group(desk: Desk, named: str) -> UserGroup:
    """The user group that is named, with its people.

    Raises:
        NotUnderstood: There is none, it is empty, or Slack does not tell.
    """
    try:
        found = Directory(desk.gateway.listener_client).group(named)
    except BadFeed as error:
        raise NotUnderstood(f"I cannot read the people of @{named}: {error}.", EXAMPLE) from error
    if found is None:
        raise NotUnderstood(f"“@{named}” is nobody I can find, and no user group.", EXAMPLE)
    if not found.people:
        raise NotUnderstood(f"Nobody is in @{found.handle}.", ROTATION)
    return found


def _take(desk: Desk, who: Who, request: TakeHours) -> Answer:
    named = _people(desk, who, [each for each in (request.person, request.instead_of) if each])
    zone = request.wish.zone or _zone(desk, who) or NOWHERE
    now = desk.clock()
    starts_at, ends_at = hours_of(request.wish, now, zone)
    hours = Override(
        person=request.person, starts_at=starts_at, ends_at=ends_at, instead_of=request.instead_of
    )
    with desk.database.writing() as session:
        _remember(session, who, named, now)
        kept = set_shift.take_hours(session, who, hours, zone, now)
    return answers.taken(hours, on_duty(kept.roster, now))


def _swap(desk: Desk, who: Who, request: SwapShifts) -> Answer:
    named = _people(desk, who, [request.one, request.other])
    now = desk.clock()
    day = hours_of(request.day, now, _zone(desk, who) or NOWHERE) if request.day else None
    with desk.database.writing() as session:
        _remember(session, who, named, now)
        _, pair = set_shift.swap_shifts(session, who, (request.one, request.other), day, now)
    return answers.swapped(pair)


def _follow(desk: Desk, who: Who, request: FollowCalendar) -> Answer:
    host = host_of(request.address)
    if not host:
        raise NotUnderstood("That is no address of a calendar.", USAGE["shift calendar"])
    zone = _zone(desk, who) or NOWHERE
    place = set_shift.place_of(who, everywhere=request.everywhere)
    with desk.database.writing() as session:
        set_shift.follow_calendar(session, who, place, request.address, zone, desk.clock())
    return answers.reading(host)


def _people(desk: Desk, who: Who, named: tuple[UserId, ...] | list[UserId]) -> Named:
    """What Slack says of those we do not know.

    Raises:
        NotUnderstood: One of them is a bot, or nobody who is here.
    """
    return {each: person_named(desk, who.team, each, EXAMPLE) for each in named}


def _remember(session: Session, who: Who, named: Named, now: datetime) -> None:
    for each, person in named.items():
        remember(session, who.team, each, person, now)


def _zone(desk: Desk, who: Who) -> str | None:
    """The zone of whoever speaks; None where neither we nor Slack know it in time."""
    with desk.database.reading() as session:
        zone = known_zone(session, who)
    if zone:
        return zone
    try:
        return usable(desk.gateway.person(who.user, hurried=True).zone)
    except CannotRead:
        return None
