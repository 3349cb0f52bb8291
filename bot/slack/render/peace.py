"""What an incident asks and when, and when people are left in peace: answers for one person's eyes."""

from collections.abc import Sequence

from bot.domain.ids import shown
from bot.domain.prompts.question import Prompt, PromptKind
from bot.domain.prompts.quiet import QuietHours
from bot.domain.prompts.wording import named
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.answers import Answer, said
from bot.slack.render.prompt import next_prompt

LISTED = 20
UNSURE = (
    " I do not know your time zone, so I took UTC. To name one: `/incident quiet 22:00-07:00 Europe/Berlin`."
)


def asked(chart: Chart) -> Answer:
    """Everything an incident waits to be told, and when it asks again."""
    name = shown(chart.incident.number)
    if chart.incident.resolved_at:
        return said(f"*{name}* is resolved, so nothing is asked.")
    waiting = sorted((each for each in chart.prompts if each.open), key=lambda each: each.due_at)
    lines = [_line(each, chart) for each in _each_once(waiting)[:LISTED]]
    coming = next_prompt(chart) or "No prompt will come by itself."
    return said("\n".join([f"*{name}*: {coming}", *lines]))


def _each_once(waiting: Sequence[Prompt]) -> list[Prompt]:
    """Re-evaluations come again and again: the last that was asked stands for all, or else the next one."""
    again = [each for each in waiting if each.kind is PromptKind.REEVALUATION]
    kept = [each for each in again if each.asks][-1:] or again[:1]
    return [each for each in waiting if each.kind is not PromptKind.REEVALUATION or each in kept]


def _line(prompt: Prompt, chart: Chart) -> str:
    what = blocks.escape(named(prompt))
    if prompt.snoozed_until and prompt.snoozed_until > chart.at:
        return f"• {what}, snoozed until {blocks.date(prompt.snoozed_until)}"
    times = ("", ", asked once", ", asked twice")[min(prompt.asks, 2)]
    told = ", the channel has been told" if prompt.escalated_at else ""
    when = "due since" if prompt.due_at <= chart.at else "due"
    return f"• {what}, {when} {blocks.date(prompt.due_at)}{times}{told}"


def peace(everybody: QuietHours | None, own: QuietHours | None, *, guessed: bool = False) -> Answer:
    """The quiet hours that count for whoever asks; *guessed* says that nobody knows their zone."""
    all_of_us = f"Quiet hours here: {everybody}." if everybody else "There are no quiet hours here."
    yours = f" Yours, in their place: {own}." if own else ""
    how = "" if everybody or own else " `/incident quiet 22:00-07:00` sets them, with `me` only for you."
    return said(f"{all_of_us}{yours}{how}{UNSURE if guessed else ''} SEV1 and SEV2 ask at any hour.")
