"""The modals of a prompt: until when to put it off, and which questions to decline."""

from datetime import datetime, timedelta

from bot.domain.errors import NotUnderstood
from bot.domain.ids import ChannelId, shown
from bot.domain.prompts.planning import standing
from bot.domain.prompts.question import RECURRING, Key, Prompt, PromptKind
from bot.domain.prompts.wording import named
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.calls import View
from bot.slack.render.modals.form import (
    MOST_TICKS,
    Submission,
    asking,
    modal,
    option,
    place_of,
    ticks,
    words,
)

# What a modal proposes: the next full hour is what people say first.
PROPOSED = timedelta(hours=2)


def snooze_view(chart: Chart, here: ChannelId | None) -> View:
    """Ask until when nobody shall be asked."""
    proposed = chart.at.replace(minute=0, second=0, microsecond=0) + PROPOSED
    when = {"type": "datetimepicker", "initial_date_time": int(proposed.timestamp())}
    asked = [asking("until", "Ask again at", when)]
    return modal("snooze", f"{shown(chart.incident.number)}: snooze", "Snooze", asked, place_of(chart, here))


def until(form: Submission) -> datetime:
    """Until when.

    Raises:
        NotUnderstood: No time is picked.
    """
    found = form.moment("until")
    if found is None:
        raise NotUnderstood("No time is picked.", "a time that is still to come")
    return found


def decline_view(chart: Chart, here: ChannelId | None) -> View:
    """Ask which questions to drop, and why."""
    name = shown(chart.incident.number)
    asked = standing(chart.prompts, chart.at)[:MOST_TICKS]
    if not asked:
        said = [blocks.section("Nothing is asked just now.")]
        return modal("decline", f"{name}: decline", None, said, place_of(chart, here))
    options = [option(_offered(each), f"{each.kind.value}|{each.about}") for each in asked]
    fields = [
        ticks("asked", "Do not ask", options, ticked=[one["value"] for one in options[:1]]),
        words("reason", "Because", placeholder="only two causes are possible here"),
    ]
    return modal("decline", f"{name}: decline", "Decline", fields, place_of(chart, here))


def _offered(prompt: Prompt) -> str:
    """What is declined, and whether for good: each interval's re-evaluation is a new question."""
    return f"{named(prompt).capitalize()}, {'not this time' if prompt.kind in RECURRING else 'not again'}"


def declined(form: Submission) -> list[Key]:
    """The questions that were picked."""
    pairs = (value.split("|", 1) for value in form.ticked("asked"))
    return [(PromptKind(kind), about) for kind, about in pairs]
