"""The debugging checklist as a message: a group of boxes after the other, and who ticked what."""

from collections.abc import Iterator, Mapping

from bot.domain.checklist import GROUPS, TOTAL, Group, Item, Ticks, ticked
from bot.domain.ids import UserId, shown
from bot.domain.incident import Incident
from bot.slack.render import blocks
from bot.slack.render.calls import Block, Post

NAME_LIMIT = 20


def post_checklist(incident: Incident, ticks: Ticks, names: Mapping[UserId, str]) -> Post | None:
    """The checklist with all that is ticked; None while the thread is not there."""
    if incident.thread_ts is None:
        return None
    done = sum(len(ticked(ticks, group)) for group in GROUPS)
    name = shown(incident.number)
    text = f"Debugging checklist of {name}: {done} of {TOTAL} looked at."
    built = [
        blocks.section(f":ballot_box_with_check: *Debugging checklist of {name}*: {done} of {TOTAL}"),
        blocks.context("Tick what you have looked at, and log what you found with the word below it."),
    ]
    for group in GROUPS:
        built += _group(group, incident, ticks, names)
    return Post(channel=incident.channel, thread_ts=incident.thread_ts, text=text, blocks=tuple(built))


def _group(group: Group, incident: Incident, ticks: Ticks, names: Mapping[UserId, str]) -> Iterator[Block]:
    done = ticked(ticks, group)
    yield blocks.section(f"*{group.title}*")
    # What is ticked stands in the id, so that a tap says what its author saw. The block's id is another after
    # each change: a block that is shown anew under an old id keeps what a client remembers of it.
    seen = ".".join(item.id for item in done)
    last = max((ticks[item.id].stamp for item in group.items if item.id in ticks), default="")
    boxes = blocks.checkboxes(
        f"checks:{incident.number}:{group.id}:{seen}",
        [_option(item) for item in group.items],
        chosen=[item.id for item in done],
    )
    yield blocks.actions(f"checks-{group.id}-{last}", [boxes])
    if done:
        yield blocks.context(" · ".join(_by(item, ticks, names) for item in done))


def _option(item: Item) -> Block:
    return blocks.option(f"*{item.name}*  {item.asks}", item.id, f"found something? `{item.found.value}:`")


def _by(item: Item, ticks: Ticks, names: Mapping[UserId, str]) -> str:
    """Who ticked an item and when; by a mention until the name is known, which pings nobody in an update."""
    tick = ticks[item.id]
    name = names.get(tick.by)
    by = blocks.escape(blocks.one_line(name, {}, NAME_LIMIT)) if name else blocks.person(tick.by)
    return f"{item.name}: {by}, {blocks.date(tick.at, '{time}')}"
