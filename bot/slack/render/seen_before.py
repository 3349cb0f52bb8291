"""What an incident reminds of, on its card: resolved ones that presented alike."""

from collections.abc import Iterator

from bot.domain.ids import shown
from bot.domain.similar import Similar
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.calls import Block

CAUSE_LIMIT, WORKED_LIMIT = 90, 80
# Slack leads everybody from here to their own workspace; whoever renders a card does not know which it is.
ANYWHERE = "https://slack.com/"


def seen_before(chart: Chart) -> Iterator[Block]:
    """In one line: which they are, what they came from, and what worked."""
    if not chart.similar:
        return
    parts = [blocks.words("Seen before? ", bold=True)]
    for place, each in enumerate(chart.similar):
        parts += [blocks.words("; " if place else ""), _linked(each), blocks.words(f" {_told(each, chart)}")]
    yield blocks.line(*parts)


def _linked(each: Similar) -> Block:
    """The number, leading to the thread if there is one."""
    if each.thread_ts is None:
        return blocks.words(shown(each.number), bold=True)
    return blocks.link(shown(each.number), blocks.permalink(ANYWHERE, each.channel, each.thread_ts))


def _told(each: Similar, chart: Chart) -> str:
    cause = blocks.one_line(each.diagnosis, chart.names, CAUSE_LIMIT) if each.diagnosis else "no cause named"
    if not each.worked:
        return cause
    return f"{cause}, fixed by {blocks.one_line(each.worked, chart.names, WORKED_LIMIT)}"
