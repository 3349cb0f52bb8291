"""Draws with matplotlib how incidents went: a dot for each thing that was reached, and the handoffs' scores.

Imported only when a picture is wanted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.domain.handoff.scoring import COMPLETE
from bot.domain.stats import Attempt, Milestone, Stats
from bot.slack.render.drawing import COLOURS, FAINT, GREY, INK, drawn
from bot.slack.render.trends import spoken

WIDTH, HEIGHT, WITH_SCORES = 1200, 900, 1240
BLUE, VERMILION, GREEN, PURPLE = COLOURS[:4]
# Each has a colour and a shape of its own, and the largest shape is drawn first.
_LOOKS = {
    Milestone.RESOLUTION: (GREEN, "s", "resolved"),
    Milestone.TEST: (VERMILION, "^", "telling test"),
    Milestone.DIFFERENTIAL: (BLUE, "o", "differential"),
}
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_TICKS = (
    (_MINUTE, "1 min"),
    (5 * _MINUTE, "5 min"),
    (15 * _MINUTE, "15 min"),
    (_HOUR, "1 h"),
    (4 * _HOUR, "4 h"),
    (_DAY, "1 day"),
    (7 * _DAY, "7 days"),
    (30 * _DAY, "30 days"),
    (365 * _DAY, "1 year"),
)
# What took less is drawn at this height: on such an axis nothing takes no time.
_LEAST = _MINUTE / 2
# Names of medians may not stand closer than this, in parts of the height of the axes.
_APART = 0.065
_DAYS_NAMED = 5
# So many dots are drawn smaller.
_MANY = 120


def png(found: Stats, title: str) -> bytes:
    """The picture; the same figures give the same bytes."""
    scores = found.scored

    def draw(figure: Figure) -> None:
        high = HEIGHT / (WITH_SCORES if scores else HEIGHT)
        low = 1 - high
        figure.text(0.03, 1 - 0.025 * high, title, size=17, weight="bold", va="top", color=INK)
        axes = figure.add_axes((0.115, low + 0.125 * high, 0.665, 0.67 * high))
        _times(axes, found)
        if scores:
            below = figure.add_axes((0.115, 0.085, 0.665, low - 0.135))
            _scores(below, found, scores)

    return drawn(draw, width=WIDTH, height=WITH_SCORES if scores else HEIGHT)


def _times(axes: Axes, found: Stats) -> None:
    """How long things took, each as a dot when it was reached."""
    lengths = [_seconds(each.took) for each in found.reached]
    lowest, highest = min(lengths, default=_MINUTE), max(lengths, default=_DAY)
    axes.set_yscale("log")
    bottom, top = min(lowest, 2 * _MINUTE) / 1.6, max(highest, 2 * _HOUR) * 1.6
    axes.set_ylim(bottom, top)
    ticks = [(at, name) for at, name in _TICKS if bottom <= at <= top]
    axes.set_yticks([at for at, _ in ticks], [name for _, name in ticks])
    axes.minorticks_off()
    _frame(axes, found)
    for milestone, (colour, shape, name) in _LOOKS.items():
        dots = [each for each in found.reached if each.milestone is milestone]
        axes.plot(
            [_days(found.since, each.at) for each in dots],
            [_seconds(each.took) for each in dots],
            shape,
            color=colour,
            markersize=10 if len(dots) < _MANY else 6,
            markeredgecolor="white",
            alpha=0.8,
            zorder=2,
            label=f"{name} ({len(dots)})",
        )
    order = [2, 1, 0]
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(
        [handles[place] for place in order],
        [labels[place] for place in order],
        loc="lower left",
        bbox_to_anchor=(-0.17, 1.04),
        ncols=3,
        frameon=False,
        fontsize=14,
        labelcolor=INK,
        handletextpad=0.2,
        columnspacing=1.0,
    )
    _medians(axes, found)


def _medians(axes: Axes, found: Stats) -> None:
    """A line at each median, and its name to the right, moved apart where they would overlap."""
    known = [(milestone, span) for milestone in _LOOKS if (span := found.typical(milestone)) is not None]
    known.sort(key=lambda pair: pair[1])
    heights = [float(_to_axes(axes, _seconds(span))) for _, span in known]
    for (milestone, span), height in zip(known, _apart(heights), strict=True):
        colour = _LOOKS[milestone][0]
        axes.axhline(_seconds(span), color=colour, linewidth=2.5, linestyle="--", zorder=3)
        axes.text(
            1.02,
            height,
            spoken(span),
            transform=axes.transAxes,
            va="center",
            size=15,
            weight="bold",
            color=colour,
        )
    if known:
        axes.text(1.02, 1.0, "median", transform=axes.transAxes, va="bottom", size=14, color=GREY)


def _to_axes(axes: Axes, value: float) -> float:
    """A height in parts of that of the axes."""
    height: float = axes.transAxes.inverted().transform(axes.transData.transform((0, value)))[1]
    return height


def _apart(rising: Sequence[float]) -> list[float]:
    """Places no closer than a line of text, as near as may be to rising ones."""
    placed = list[float]()
    for each in rising:
        placed.append(max(each, placed[-1] + _APART) if placed else each)
    # What was pushed up shares the way with what pushed it.
    close = all(above - below <= _APART + 1e-9 for below, above in pairwise(placed))
    pushed = placed[-1] - rising[-1] if placed and close else 0.0
    return [each - pushed / 2 for each in placed]


def _scores(axes: Axes, found: Stats, scores: Sequence[Attempt]) -> None:
    """How complete handoffs were, and from where on that is enough."""
    axes.set_ylim(0, 105)
    axes.set_yticks([0, 50, COMPLETE])
    _frame(axes, found)
    axes.axhline(COMPLETE, color=GREY, linewidth=1.5, linestyle=":")
    axes.plot(
        [_days(found.since, each.at) for each in scores],
        [each.score for each in scores],
        "D",
        color=PURPLE,
        markersize=10 if len(scores) < _MANY else 6,
        markeredgecolor="white",
    )
    axes.set_title("Handoffs accepted: how complete, of 100", loc="left", x=-0.15, size=15, color=INK)
    if found.score is not None:
        axes.axhline(found.score, color=PURPLE, linewidth=2.5, linestyle="--", zorder=3)
        axes.text(
            1.02,
            found.score / 105,
            f"{found.score:.0f}",
            transform=axes.transAxes,
            va="center",
            size=15,
            weight="bold",
            color=PURPLE,
        )


def _frame(axes: Axes, found: Stats) -> None:
    length = max(_days(found.since, found.until), 1e-6)
    axes.set_xlim(-0.02 * length, 1.02 * length)
    axes.grid(axis="y", color=FAINT, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    places = [place * length / (_DAYS_NAMED - 1) for place in range(_DAYS_NAMED)]
    dates = [found.since + timedelta(days=place) for place in places]
    short = length < _DAYS_NAMED
    far = length > 300  # noqa: PLR2004 - then a year says more than a day.
    form = "{0:%H:%M}\n{0.day} {0:%b}" if short else "{0:%b}\n{0:%Y}" if far else "{0.day}\n{0:%b}"
    axes.set_xticks(places, [form.format(at) for at in dates])
    axes.tick_params(colors=INK, labelsize=14, length=5)


def _days(since: datetime, at: datetime) -> float:
    return (at - since) / timedelta(days=1)


def _seconds(span: timedelta) -> float:
    return max(span.total_seconds(), _LEAST)
