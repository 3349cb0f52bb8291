"""The guide and the checklist in Slack: pages that people turn, boxes that they tick."""

from typing import Any

from bot import guide
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber
from bot.slack import requests
from bot.slack.desk import Desk
from bot.slack.render.answers import Answer
from bot.slack.render.guide import CHECKLIST, CONTENTS, contents, offered, page_answer
from bot.usecases.keep_checklist import Tap, tick
from bot.usecases.read_chart import list_fitting

Body = dict[str, Any]
# A button for each is enough for those who stand in the incident's channel.
OFFERED = 3


def page_for(desk: Desk, who: Who, topic: str) -> Answer:
    """The page that a topic means; no topic is the first, an unknown one the contents."""
    pages = guide.pages()
    if topic.casefold() == CONTENTS:
        return contents(pages)
    found = guide.find(topic) if topic else pages[0]
    if found is None:
        return contents(pages, unknown=topic)
    answer = page_answer(pages, found)
    if found.slug != CHECKLIST:
        return answer
    with desk.database.reading() as session:
        here = [each.number for each in list_fitting(session, who) if each.channel == who.channel]
    return offered(answer, here[:OFFERED])


def turn_page(desk: Desk, body: Body, details: list[str]) -> None:
    """Show another page in place of the one whose button was pressed."""
    who = requests.actor(desk.identity().team, body)
    answer = page_for(desk, who, details[0] if details else "")
    desk.gateway.whisper_back(body["response_url"], answer["text"], answer["blocks"], replace=True)


def tick_boxes(desk: Desk, body: Body, details: list[str]) -> None:
    """Keep which boxes of a group are ticked now; the id says which were in the view that was tapped."""
    action = body["actions"][0]
    number, group, seen = details
    tap = Tap(
        group=group,
        seen=frozenset(seen.split(".")),
        chosen=frozenset(option["value"] for option in action["selected_options"]),
        stamp=str(action.get("action_ts", "")),
    )
    who, key = requests.actor(desk.identity().team, body), requests.action_key(body)
    with desk.database.writing() as session:
        tick(session, who, IncidentNumber(int(number)), tap, key=key, now=desk.clock())
