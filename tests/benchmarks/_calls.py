"""What an incident costs: calls to Slack, statements, and how a burst of opens gets through a slow Slack."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, event

from bot.domain.heard import Who
from bot.domain.ids import ChannelId, TeamId, UserId
from bot.store.session import Database
from bot.usecases.open_incident import Opening, open_incident
from bot.wiring import utc_now
from tests.benchmarks._figures import Figure, middle
from tests.benchmarks._load import CHANNEL, TEAM, Job
from tests.benchmarks._processes import Running, load, started
from tests.benchmarks._slack import SmallSlack
from tests.benchmarks._stored import fill
from tests.databases import PostgresTemplate, SqliteTemplate

BURST = 40
LATENCY = 0.05
REPLIES = 20
BURSTS = 5
Template = SqliteTemplate | PostgresTemplate


def calls(template: Template, folder: Path, slack: SmallSlack) -> Iterator[Figure]:
    """Calls to Slack for an incident and for a reply, once the channel and the people are known."""
    folder.mkdir()
    with template.copy(folder) as url:
        fill(url, incidents=1, entries=0)
        with started("delivering", slack.url, url) as bot:
            load(Job(port=bot.port, kind="open", count=20, warm=0))
            bot.settles()
            yield Figure(
                name="Slack calls per opened incident",
                value=_posted(slack) / 20,
                unit="",
                aim=2,
            )
            # The first replies introduce their authors; their card is sent before the others come.
            load(Job(port=bot.port, kind="reply", count=2, warm=0, threads=["1600000001.000100"]))
            _rest(slack)
            slack.forget()
            load(Job(port=bot.port, kind="reply", count=REPLIES, warm=0, threads=["1600000001.000100"]))
            _rest(slack)
    yield Figure(
        name="Slack calls per logged reply, its card aside",
        value=slack.calls["reactions.add"] / REPLIES,
        unit="",
        aim=1,
    )
    yield Figure(
        name=f"card updates for {REPLIES} replies at once", value=slack.calls["chat.update"], unit="", aim=2
    )


def _posted(slack: SmallSlack) -> int:
    """All calls but the one that asks who we are."""
    return slack.calls.total() - slack.calls["auth.test"]


def _rest(slack: SmallSlack) -> None:
    """Wait until nothing has been called for longer than a card pauses."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < 4.5:
        if seen != slack.calls.total():
            seen, since = slack.calls.total(), time.monotonic()
        time.sleep(0.1)


def statements(template: Template, folder: Path) -> Iterator[Figure]:
    """Statements from the request to its acknowledgement."""
    folder.mkdir()
    found: list[str] = []

    def record(_c: Connection, _cursor: object, sql: str, *_: object) -> None:
        if not sql.startswith("BEGIN"):
            found.append(sql)

    with template.copy(folder) as url:
        fill(url, incidents=1, entries=0)
        with closing(Database(url)) as database:
            event.listen(database.engine, "before_cursor_execute", record)
            who = Who(team=TeamId(TEAM), user=UserId("U0P00001"), channel=ChannelId(CHANNEL))
            opening = Opening(who=who, channel=ChannelId(CHANNEL), seen="loss is NaN since step 3100")
            with database.writing() as session:
                open_incident(session, opening, key="command:1", now=utc_now())
    yield Figure(name="database statements per open", value=len(found), unit="", aim=12)


def burst(name: str, template: Template, folder: Path, slack: SmallSlack) -> Iterator[Figure]:
    """Forty opens at once, while each of Slack's answers takes 50 ms: the median of a few such bursts."""
    folder.mkdir()
    with template.copy(folder) as url:
        fill(url, incidents=1, entries=0)
        with started("delivering", slack.url, url) as bot:
            # The first one opens the database's connections, and is not counted.
            found = [_burst(bot, slack) for _ in range(BURSTS + 1)][1:]
    told = f"{name}: burst of {BURST} opens, each call {1000 * LATENCY:.0f} ms"
    yield Figure(
        name=f"{told}: until all is posted",
        value=middle(found, lambda one: BURST / one[0]),
        unit="/s",
        aim=10,
        better="more",
    )
    yield Figure(
        name=f"{told}: slowest acknowledgement", value=middle(found, lambda one: one[1]), unit="ms", aim=200
    )


def _burst(bot: Running, slack: SmallSlack) -> tuple[float, float]:
    """The seconds until all is posted, and the milliseconds of the slowest acknowledgement."""
    slack.latency = LATENCY
    slack.forget()
    result = load(Job(port=bot.port, kind="open", count=BURST, warm=0, concurrency=BURST))
    bot.settles()
    slack.latency = 0
    return slack.lasted, result.slowest
