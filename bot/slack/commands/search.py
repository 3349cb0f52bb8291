"""What happens when somebody types ``/incident search``, or wants to see more of what was found."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from bot.domain.heard import Who
from bot.slack import requests
from bot.slack.commands.named import beginning_of
from bot.slack.desk import Desk
from bot.slack.line.search import Search, read_search
from bot.slack.render import search as answers
from bot.slack.render.answers import Answer
from bot.store.session import Unavailable
from bot.usecases.index_incidents import index_incident, stale_ones
from bot.usecases.search_incidents import Asked, search_incidents

Body = dict[str, Any]
# What was said a moment ago is indexed first, unless that is more than a person wants to wait for.
INDEXED_FIRST = 20


def carry_out(desk: Desk, who: Who, request: Search, _key: str) -> Answer:
    """Search, among what was said up to this moment."""
    return _page(desk, who, request, skip=0)


def show_more(desk: Desk, body: Body, details: list[str]) -> None:
    """Show the next page of what was found in place of the one before."""
    who, request = requests.actor(desk.identity().team, body), read_search(body["actions"][0]["value"])
    answer = _page(desk, who, request, skip=int(details[0]))
    desk.gateway.whisper_back(body["response_url"], answer["text"], answer.get("blocks") or (), replace=True)


def _page(desk: Desk, who: Who, request: Search, *, skip: int) -> Answer:
    # Where indexing does not get its turn, what is indexed is still worth showing.
    with suppress(Unavailable):
        for one in stale_ones(desk.database, INDEXED_FIRST, who.team):
            index_incident(desk.database, one)
    now = desk.clock()
    asked = Asked(words=request.words, resolved=request.resolved, since=_since(desk, who, request, now))
    with desk.database.reading() as session:
        found = search_incidents(session, who, asked, now, skip=skip)
    if not found.hits:
        return answers.nothing(request)
    hits = [(hit.incident, hit.excerpt) for hit in found.hits]
    page = answers.Page(
        hits=hits,
        skip=skip,
        total=found.total,
        some_words_missing=found.some_words_missing,
        names=found.names,
    )
    return answers.found(request, page, desk.identity().address)


def _since(desk: Desk, who: Who, request: Search, now: datetime) -> timedelta | None:
    """How far back it goes; a day begins when it begins for whoever names it."""
    if request.day is None:
        return request.since
    return now - beginning_of(desk, who, request.day)
