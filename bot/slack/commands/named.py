"""People whom a command names: whether they are people, and what Slack says of those we do not know."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.errors import NotUnderstood
from bot.domain.heard import Who
from bot.domain.ids import TeamId, UserId
from bot.slack.desk import Desk
from bot.slack.gateway import CannotRead, Hopeless, Person
from bot.store import people
from bot.store.session import Session
from bot.usecases.follow_channel import know_person
from bot.usecases.order_digest import known_zone, usable
from bot.usecases.second_opinion import SLACKBOT


def person_named(
    desk: Desk, team: TeamId, named: UserId, example: str, *, anew: bool = False
) -> Person | None:
    """What Slack says of somebody we do not know; None where we do, or where it does not say it in time.

    Asked *anew*, it also tells who has left since.

    Raises:
        NotUnderstood: It is a bot, or nobody who is here; *example* shows what would have worked.
    """
    if named in {desk.identity().user, SLACKBOT}:
        raise NotUnderstood(f"@{named} is a bot, and this needs a person.", example)
    with desk.database.reading() as session:
        if people.names(session, team, [named]) and not anew:
            return None
    try:
        found = desk.gateway.person(named, hurried=True)
    except CannotRead as error:
        if error.outcome == Hopeless("user_not_found"):
            raise NotUnderstood(f"Slack knows nobody called {named}.", example) from error
        return None
    if found.bot:
        raise NotUnderstood(f"@{named} is a bot, and this needs a person.", example)
    if found.gone:
        raise NotUnderstood(f"{found.name} has left this workspace.", example)
    return found


def zone_of(desk: Desk, who: Who) -> str | None:
    """The zone of whoever waits for our answer: as we know it, or else as Slack says, if it does in time."""
    with desk.database.reading() as session:
        known = known_zone(session, who)
    if known:
        return known
    try:
        person = desk.gateway.person(who.user, hurried=True)
    except CannotRead:
        return None
    with desk.database.writing() as session:
        remember(session, who.team, who.user, person, desk.clock())
    return usable(person.zone)


def beginning_of(desk: Desk, who: Who, day: date) -> datetime:
    """When a day begins, or began, for whoever names it; in UTC where nobody knows their zone."""
    return datetime.combine(day, time(), ZoneInfo(zone_of(desk, who) or "UTC"))


def remember(session: Session, team: TeamId, named: UserId, person: Person | None, now: datetime) -> None:
    """Keep what Slack has said of them."""
    if person:
        people.unknown(session, team, [named], now)
        know_person(session, team, named, name=person.name, zone=person.zone)
