"""Draws two weeks of incidents with matplotlib: bars for what came and went, a line for what is open.

Imported only when a picture is wanted.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bot.domain.digest.document import Day, Trends
from bot.slack.render.drawing import COLOURS, FAINT, INK, drawn

WIDTH, HEIGHT = 1200, 700
BLUE, VERMILION, GREEN = COLOURS[:3]
# A bar's share of its day; the two of a day stand side by side.
BAR = 0.36
# Every second day has its name, so that they are large enough to read.
NAMED = 2
MOST_STEPS = 5


def png(trends: Trends, title: str) -> bytes:
    """The picture; the same days give the same bytes."""

    def draw(figure: Figure) -> None:
        figure.text(0.03, 0.965, title, size=17, weight="bold", va="top", color=INK)
        axes = figure.add_axes((0.075, 0.13, 0.9, 0.62))
        _frame(axes, trends.days)
        _bars(axes, trends.days)
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=3, frameon=False, fontsize=15, labelcolor=INK
        )

    return drawn(draw, width=WIDTH, height=HEIGHT)


def _frame(axes: Axes, days: Sequence[Day]) -> None:
    axes.set_xlim(-0.7, len(days) - 0.3)
    axes.set_ylim(0, 1.1 * max(1, *(max(day.open, day.opened, day.resolved) for day in days)))
    axes.yaxis.set_major_locator(MaxNLocator(MOST_STEPS, integer=True, min_n_ticks=1))
    axes.grid(axis="y", color=FAINT, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    # The last day is named, whatever comes before it.
    places = range(len(days) - 1, -1, -NAMED)
    axes.set_xticks([*places], [f"{days[place].date.day}\n{days[place].date:%b}" for place in places])
    axes.tick_params(colors=INK, labelsize=14, length=5)


def _bars(axes: Axes, days: Sequence[Day]) -> None:
    places = range(len(days))
    left, right = [place - BAR / 2 for place in places], [place + BAR / 2 for place in places]
    axes.bar(left, [day.opened for day in days], BAR, color=VERMILION, label="opened")
    axes.bar(
        right, [day.resolved for day in days], BAR, color=GREEN, hatch="//", ec="white", label="resolved"
    )
    at_end = [day.open for day in days]
    axes.plot(places, at_end, "o-", color=BLUE, linewidth=3.5, markersize=7, label="open at the day's end")
    axes.annotate(
        str(at_end[-1]),
        (len(days) - 1, at_end[-1]),
        (0, 9),
        textcoords="offset points",
        ha="center",
        size=16,
        weight="bold",
        color=BLUE,
    )
