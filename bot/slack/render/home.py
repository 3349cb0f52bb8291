"""The App Home: what waits for one person, what is theirs, and the ward at a glance."""

from collections import Counter
from collections.abc import Iterator

from bot.domain.home import Home
from bot.domain.ids import shown
from bot.domain.incident import Incident
from bot.domain.prompts.wording import named
from bot.slack.render import blocks
from bot.slack.render.calls import Block, View
from bot.slack.render.card import LIGHTS
from bot.slack.render.differential import person
from bot.slack.render.digest import span

TITLE = 90
HANDOFFS, LISTED, WARD = 10, 12, 25


def home_view(home: Home, address: str) -> View:
    """The whole home; *address* is the workspace's, for links."""
    built = [
        *_handoffs(home, address),
        *_asked(home, address),
        *_mine(home, address),
        *_shift(home),
        *_ward(home, address),
    ]
    return {"type": "home", "callback_id": "home", "blocks": built[:100]}


def _handoffs(home: Home, address: str) -> Iterator[Block]:
    if not home.handoffs:
        return
    yield blocks.header(f"To read back ({len(home.handoffs)})")
    for each in home.handoffs[:HANDOFFS]:
        incident = home.incident(each.incident)
        if incident is None:
            continue
        giver = f"from @{person(each.giver, home.names)}"
        yield blocks.rich(blocks.line(*_linked(incident, home, address), blocks.faint(f"  {giver}")))
        name, value = shown(each.incident), str(each.incident)
        yield blocks.actions(
            f"home-{each.incident}",
            [
                blocks.button("Read back…", "read_back", value, label=f"Read back {name}", style="primary"),
                blocks.button("Whole document", "handoff_whole", value, label=f"The handoff of {name}"),
            ],
        )


def _asked(home: Home, address: str) -> Iterator[Block]:
    if not home.asked:
        return
    yield blocks.header(f"Waits for you ({len(home.asked)})")
    lines = [
        blocks.line(
            *_number(each.incident, address),
            blocks.words(f" {named(each.prompt)}"),
            blocks.faint(f", for {span(home.at - each.prompt.due_at)}"),
        )
        for each in home.asked[:LISTED]
    ]
    yield blocks.rich(blocks.bullets([*lines, *blocks.and_more(len(home.asked) - LISTED)]))


def _mine(home: Home, address: str) -> Iterator[Block]:
    mine = home.mine
    yield blocks.header("You lead")
    if not mine:
        yield blocks.context("Nothing that is open.")
        return
    lines = [_line(each, home, address) for each in mine[:LISTED]]
    yield blocks.rich(blocks.bullets([*lines, *blocks.and_more(len(mine) - LISTED)]))


def _shift(home: Home) -> Iterator[Block]:
    if home.shift is None:
        return
    found = home.shift.span
    now = found.starts_at <= home.at
    when = f"You are on duty until {blocks.date(found.ends_at)}"
    if not now:
        when = f"Your next shift: {blocks.date(found.starts_at)} to {blocks.date(found.ends_at)}"
    where = f", for <#{home.shift.channel}>" if home.shift.channel else ""
    yield blocks.context(f":calendar: {when}{where}.")


def _ward(home: Home, address: str) -> Iterator[Block]:
    yield blocks.header("The ward")
    if not home.ward:
        yield blocks.context("Nothing is open. `/incident open` opens an incident.")
        return
    counted = Counter(each.severity for each in home.ward)
    amounts = ", ".join(f"{count} SEV{severity.value}" for severity, count in sorted(counted.items()))
    known = "" if len(home.ward) == home.total else f", of which the worst {len(home.ward)} are"
    yield blocks.context(f"{home.total} open{known}: {amounts}.")
    yield blocks.rich(blocks.bullets(_line(each, home, address) for each in home.ward[:WARD]))
    left = home.total - min(len(home.ward), WARD)
    if left > 0:
        yield blocks.context(f"And {left} more: `/incident list` shows them.")


def _line(incident: Incident, home: Home, address: str) -> Block:
    lead = f"@{person(incident.lead, home.names)}" if incident.lead else "nobody leads"
    facts = blocks.faint(f"  {lead}, {span(home.at - incident.opened_at)} old")
    return blocks.line(*_linked(incident, home, address), facts)


def _linked(incident: Incident, home: Home, address: str) -> list[Block]:
    title = blocks.one_line(incident.title, home.names, TITLE)
    light = blocks.emoji(LIGHTS[incident.severity])
    grade = blocks.words(f" SEV{incident.severity.value} ")
    return [light, grade, *_number(incident, address), blocks.words(f" {title}")]


def _number(incident: Incident, address: str) -> list[Block]:
    """The number, leading to the thread once there is one."""
    name = shown(incident.number)
    if incident.thread_ts is None:
        return [blocks.words(name, bold=True)]
    return [blocks.link(name, blocks.permalink(address, incident.channel, incident.thread_ts))]
