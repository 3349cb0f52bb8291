"""Names of the people whom our posts speak of: whoever has none yet is looked up."""

from datetime import datetime

from bot.domain.export.asleep import ASLEEP
from bot.domain.heard import mentioned
from bot.domain.ids import TeamId, UserId
from bot.domain.ward import Chart
from bot.slack.gateway import CannotRead, Gateway
from bot.slack.render.thread import News
from bot.store import people
from bot.store.session import Database
from bot.usecases.follow_channel import know_person
from bot.usecases.open_incident import want_people

# Nobody waits for more names than this, which are asked for one after the other.
ASKED = 5


def people_on(chart: Chart) -> set[UserId]:
    """Whom a card names beside those whom its texts mention."""
    owners = {UserId(action.owner) for action in chart.workup.actions}
    named = {chart.incident.lead, chart.prompts_off_by} - {ASLEEP}
    return {entry.author for entry in chart.recent} | owners | {who for who in named if who}


def know_named(gateway: Gateway, database: Database, team: TeamId, notice: News, now: datetime) -> None:
    """Ask Slack for the names in a line of news before it is told, because it is told only once.

    Whom Slack does not tell of at once is asked for later, and has no name in this line.
    """
    named = mentioned(notice.model_dump_json())
    if not named:
        return
    with database.reading() as session:
        known = people.names(session, team, named)
    for person in [who for who in named if who not in known][:ASKED]:
        try:
            found = gateway.person(person, hurried=True)
        except CannotRead:
            with database.writing() as session:
                want_people(session, team, [person], now)
            continue
        with database.writing() as session:
            people.unknown(session, team, [person], now)
            know_person(session, team, person, name=found.name, zone=found.zone)
