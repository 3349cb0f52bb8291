"""The modals of a second opinion: whom to ask, and the list that one person makes apart from the others."""

from datetime import timedelta

from bot.domain.diagnosis.opinions import MOST_PEOPLE, patience
from bot.domain.ids import ChannelId, shown
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.calls import View
from bot.slack.render.modals.form import asking, hinted, modal, number, place_of, words

MINUTE = timedelta(minutes=1)


def second_opinion_view(chart: Chart, here: ChannelId | None) -> View:
    """Ask whom to ask."""
    people = {"type": "multi_users_select", "max_selected_items": MOST_PEOPLE}
    minutes = patience(chart.incident.severity) / MINUTE
    asked = [
        asking("people", "Whose opinion do you want?", people),
        hinted(
            number("minutes", "How many minutes do they have?", value=minutes),
            "Each is asked in private. Nothing is shown until all have answered or the time is up.",
        ),
    ]
    name = shown(chart.incident.number)
    return modal("second_opinion", f"{name}: opinions", "Ask them", asked, place_of(chart, here))


def opinion_view(chart: Chart, here: ChannelId | None, round_: int, before: str = "") -> View:
    """Ask one person for their list; what others think is not shown."""
    title = blocks.one_line(chart.incident.title, chart.names, 140)
    seen = blocks.plain(chart.incident.seen, chart.names, 1500)
    asked = [
        blocks.rich(blocks.line(blocks.words(title, bold=True)), blocks.quote(seen or title)),
        hinted(
            words(
                "list",
                "What could it be? One line each",
                lines=True,
                placeholder="collator gets string columns 60% impact 3",
                value=before,
            ),
            "The likeliest first. The number and the impact (1 to 5) may be left out.",
        ),
    ]
    data = place_of(chart, here) | {"round": round_}
    return modal("opinion", f"{shown(chart.incident.number)}: opinion", "Send", asked, data)
