"""Shows people their App Home when they open it."""

from typing import Any

from bot.domain.ids import UserId
from bot.slack.desk import Desk
from bot.slack.gateway import understood
from bot.slack.render.home import home_view
from bot.usecases.read_home import read_home

Event = dict[str, Any]


def open_home(desk: Desk, event: Event) -> None:
    """Publish the home of whoever has opened it, as everything stands now.

    Raises:
        CannotRead: Slack does not take it; it will bring the event again.
    """
    if event.get("tab") != "home":
        return
    who, user = desk.identity(), UserId(event["user"])
    with desk.database.reading() as session:
        home = read_home(session, who.team, user, desk.clock())
    with understood():
        desk.gateway.listener_client.views_publish(user_id=user, view=home_view(home, who.address))
