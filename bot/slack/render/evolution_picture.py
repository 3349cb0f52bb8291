"""Draws the lines of a differential with matplotlib, for phones: big type, and names at the lines' ends.

Imported only when a picture is wanted. Beside its colour every line has a stroke of its own.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import fmean
from textwrap import wrap
from typing import Any

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D

from bot.domain.diagnosis.estimate import percent
from bot.slack.render.blocks import clip
from bot.slack.render.drawing import COLOURS, DPI, FAINT, FAMILY, GREY, INK, drawn
from bot.slack.render.evolution import Mark, Track

WIDTH, HEIGHT = 1200, 900
STROKES: tuple[str | tuple[int, tuple[float, ...]], ...] = (
    "-",
    (0, (6, 1.5)),
    (0, (1.2, 1.2)),
    (0, (5, 1.5, 1.2, 1.5)),
    (0, (8, 1.5, 1.2, 1.5, 1.2, 1.5)),
)
# Where the lines are drawn, in parts of the whole picture; above them there is room for the names of marks.
LEFT, RIGHT, BOTTOM, TOP = 0.112, 0.64, 0.132, 0.9
# Where the lines' names stand, and what a name needs with two, one or no lines of statement below it.
NAMES_LEFT, NAMES_TOP, NAMES_BOTTOM = 0.675, 0.915, 0.115
NAME_HEIGHTS = ((2, 0.126), (1, 0.094), (0, 0.049))
# What a mark's name needs on its side: its width, its distance from the lines, and each of its letters.
MARK_WIDTH, MARK_GAP, MARK_LETTER = 0.042, 0.045, 0.0188
# How many letters are likely to fit on a line of statement, and how many may stand above a mark.
STATEMENT_LETTERS, MARK_LETTERS = 23, 14
# Room for a cross on the ground.
LIMITS = (-0.025, 1.0)
SHORTEST = timedelta(minutes=5)
# Minutes from tick to tick, up to a week, and how many steps there are at most.
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080)
MOST_TICKS = 5
LONGEST = 80


def png(tracks: Sequence[Track], marks: Sequence[Mark], title: str, until: datetime) -> bytes:
    """The picture; the same lines give the same bytes."""

    def draw(figure: Figure) -> None:
        _text(figure, 0.03, 0.975, title, size=17, weight="bold", va="top")
        axes = figure.add_axes((LEFT, BOTTOM, RIGHT - LEFT, _top(marks) - BOTTOM))
        start, end = _span(tracks, until)
        _frame(axes, start, end)
        _mark(figure, axes, marks)
        if not tracks:
            _text(figure, 0.5, 0.5, "Nobody has named a hypothesis yet", color=GREY, size=15, ha="center")
        for place, track in enumerate(_by_letter(tracks)):
            _line(axes, track, place, end)
        _cross_out(axes, tracks)
        _name(figure, axes, tracks)

    return drawn(draw, width=WIDTH, height=HEIGHT)


def _text(figure: Figure, x: float, y: float, text: str, **style: Any) -> None:  # noqa: ANN401 - Text's own.
    """Write something; what does not fit before the right edge is cut."""
    if "rotation" not in style and "ha" not in style:
        text = _fitting(_drawable(text), (0.99 - x) * WIDTH, style["size"], style.get("weight", "normal"))
    look: dict[str, Any] = {"color": INK, "parse_math": False} | style
    figure.text(x, y, text, **look)


def _drawable(text: str) -> str:
    """What our font has signs for; everything else becomes an ellipsis, a sequence of it a single one."""
    known = _font("normal").get_charmap()
    shown = "".join(each if ord(each) in known and each.isprintable() else "…" for each in text)
    return re.sub("…[… ]*…", "…", shown)


def _fitting(text: str, width: float, size: float, weight: str) -> str:
    """As much of the text as fits into so many pixels."""
    font = _font(weight)
    font.set_size(size, DPI)

    def too_wide(some: str) -> bool:
        font.set_text(some)
        return font.get_width_height()[0] / 64 > width

    text = clip(text, LONGEST)
    return next(
        (some for some in (clip(text, most) for most in range(len(text), 1, -1)) if not too_wide(some)), "…"
    )


def _font(weight: str) -> FT2Font:
    wanted = font_manager.FontProperties(family=FAMILY, weight=weight)
    return font_manager.get_font(font_manager.findfont(wanted))


def _top(marks: Sequence[Mark]) -> float:
    """How high the lines may go, so that the names of all marks have room above them."""
    longest = max((len(clip(mark.label, MARK_LETTERS)) for mark in marks), default=0)
    return TOP - (MARK_GAP + longest * MARK_LETTER if longest else 0)


def _span(tracks: Iterable[Track], until: datetime) -> tuple[datetime, datetime]:
    """From the first change to *until*, but what has stood still for long gets no more room than the rest."""
    moments = [change.at for track in tracks for change, _ in track.turns] or [until]
    first, last = min(moments), max(moments)
    quiet = max((last - first) / 2, SHORTEST)
    return first, max(min(until, last + quiet), first + SHORTEST)


def _frame(axes: Axes, start: datetime, end: datetime) -> None:
    axes.set_xlim(start.timestamp(), end.timestamp())
    axes.set_ylim(*LIMITS)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.grid(axis="y", color=FAINT, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    same_day = start.date() == end.date()
    ticks = _ticks(start, end)
    form = "%H:%M" if same_day else "%d %b\n%H:%M"
    axes.set_xticks([tick.timestamp() for tick in ticks], [f"{tick:{form}}" for tick in ticks])
    axes.tick_params(colors=INK, labelsize=15, length=5)
    axes.set_xlabel(f"{start:%d %B %Y}, UTC" if same_day else "UTC", color=GREY, fontsize=14)


def _ticks(start: datetime, end: datetime) -> list[datetime]:
    """Round moments, a few of them, for an axis from *start* to *end*."""
    minutes = (end - start).total_seconds() / 60
    step = timedelta(minutes=next((step for step in STEPS if minutes / step <= MOST_TICKS), minutes))
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + -(-(start - midnight) // step) * step
    return [first + step * place for place in range(int((end - first) / step) + 1)]


def _by_letter(tracks: Iterable[Track]) -> list[Track]:
    """In the order of their letters, so that a line keeps its look for life; "something else" is the last."""
    return sorted(tracks, key=lambda track: (track.is_other, len(track.letter), track.letter))


def _line(axes: Axes, track: Track, place: int, end: datetime) -> None:
    """One probability as steps; what is ruled out falls to nothing and ends there."""
    gone_at = track.ruled_out_at
    turns = [(change.at, p or 0.0) for change, p in track.turns if gone_at is None or change.at <= gone_at]
    last = [] if gone_at else [(end, turns[-1][1])]
    moments = [at.timestamp() for at, _ in turns + last]
    axes.step(moments, [p for _, p in turns + last], where="post", clip_on=False, **_look(track, place))


def _look(track: Track, place: int) -> dict[str, Any]:
    if track.is_other:
        return {"color": GREY, "linestyle": "--", "linewidth": 2.5, "zorder": 2}
    stroke = STROKES[place % len(STROKES)]
    return {"color": COLOURS[place % len(COLOURS)], "linestyle": stroke, "linewidth": 3.5, "zorder": 3}


def _mark(figure: Figure, axes: Axes, marks: Sequence[Mark]) -> None:
    """A line down at each test and intervention, its name on its side above; only the newest that fit."""
    top, (first, last) = axes.get_position().y1, axes.get_xlim()
    places = [LEFT + (RIGHT - LEFT) * (mark.at.timestamp() - first) / (last - first) for mark in marks]
    room = int((RIGHT - LEFT) / MARK_WIDTH)
    names = _spread(places[-room:], MARK_WIDTH, LEFT + MARK_WIDTH / 2, RIGHT)
    for mark in marks:
        axes.axvline(mark.at.timestamp(), linewidth=1.5, zorder=1, **_stroke(mark))
    for mark, place, name in zip(marks[-room:], places[-room:], names, strict=True):
        ends = [place, name], [top, top + MARK_GAP - 0.012]
        figure.add_artist(Line2D(*ends, linewidth=1.5, **_stroke(mark)))
        label = clip(mark.label, MARK_LETTERS)
        weight = "normal" if mark.is_test else "bold"
        _text(
            figure,
            name,
            top + MARK_GAP,
            label,
            rotation=90,
            ha="center",
            va="bottom",
            size=13,
            weight=weight,
        )


def _stroke(mark: Mark) -> dict[str, Any]:
    return {"color": GREY, "linestyle": (0, (1, 1.6)) if mark.is_test else "-"}


def _cross_out(axes: Axes, tracks: Sequence[Track]) -> None:
    """A cross where a hypothesis was ruled out, with the letters of all that were at that moment."""
    look = {track.letter: _look(track, place)["color"] for place, track in enumerate(_by_letter(tracks))}
    together: dict[datetime, list[str]] = {}
    for track in _by_letter(tracks):
        if track.ruled_out_at is not None:
            together.setdefault(track.ruled_out_at, []).append(track.letter)
    for at, letters in together.items():
        x = at.timestamp()
        axes.plot([x], [0], "X", color=look[letters[0]], markersize=14, mec="white", clip_on=False, zorder=5)
        axes.annotate(
            " ".join(letters),
            (x, 0),
            (9, 9),
            textcoords="offset points",
            size=14,
            weight="bold",
            color=INK,
            zorder=6,
            bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.6},
        )


def _name(figure: Figure, axes: Axes, tracks: Sequence[Track]) -> None:
    """Each line's name at its end, moved apart where they would overlap; what was ruled out stands below."""
    room = NAMES_TOP - NAMES_BOTTOM
    lines, height = next((each for each in NAME_HEIGHTS if len(tracks) * each[1] <= room), NAME_HEIGHTS[-1])
    falling = sorted(tracks, key=lambda track: -1.0 if track.last is None else track.last, reverse=True)
    ordered = falling[::-1]
    most = int(room / height)
    hidden = len(ordered) - most + 1 if len(ordered) > most else 0
    look = {track.letter: _look(track, place) for place, track in enumerate(_by_letter(tracks))}
    least = NAMES_BOTTOM + height * (1.5 if hidden else 0.5)
    shown = ordered[hidden:]
    ends = [_height(axes, track) for track in shown]
    places = _spread(ends, height, least, NAMES_TOP - height / 2)
    for track, end, place in zip(shown, ends, places, strict=True):
        _lead(figure, track, end, place, look[track.letter])
        _one_name(figure, track, place, lines)
    if hidden:
        _text(figure, NAMES_LEFT, least - height, f"and {hidden} more", size=13.5, va="center", color=GREY)


def _height(axes: Axes, track: Track) -> float:
    """Where a line ends, in parts of the picture's height."""
    low, high = LIMITS
    top: float = axes.get_position().y1
    return BOTTOM + (top - BOTTOM) * ((track.last or 0.0) - low) / (high - low)


def _lead(figure: Figure, track: Track, end: float, place: float, look: dict[str, Any]) -> None:
    """From the end of a line to its name; a cross where the line has ended before."""
    if track.last is None:
        cross = Line2D(
            [NAMES_LEFT - 0.016], [place], marker="X", markersize=9, color=look["color"], mec="white"
        )
        figure.add_artist(cross)
        return
    way = [RIGHT, NAMES_LEFT - 0.022, NAMES_LEFT - 0.006], [end, place, place]
    figure.add_artist(Line2D(*way, color=look["color"], linestyle=look["linestyle"], linewidth=2))


def _one_name(figure: Figure, track: Track, y: float, lines: int) -> None:
    """A letter and where it stands, and as many lines of its statement as there is room for."""
    says = f"ruled out ({track.ruled_out_by})" if track.last is None else percent(track.last)
    head = says if track.is_other else f"{track.letter} {says}"
    colour = GREY if track.last is None else INK
    statement = _drawable(track.statement)
    if not lines:
        _text(figure, NAMES_LEFT, y, f"{head} {statement}", size=13.5, va="center", color=colour)
        return
    told = wrap(statement, STATEMENT_LETTERS, max_lines=lines, placeholder="…", break_on_hyphens=False)
    y += 0.018 * (len(told) - 1)
    _text(figure, NAMES_LEFT, y + 0.003, head, size=16, weight="bold", color=colour)
    for place, line in enumerate(told):
        _text(figure, NAMES_LEFT, y - 0.034 - 0.035 * place, line, size=13.5, color=colour)


def _spread(wanted: Sequence[float], gap: float, least: float, most: float) -> list[float]:
    """Rising places, no two closer than *gap*, the nearest to those wanted that lie between the ends.

    Neighbours that are too close become a group that stands around the middle of what its members want.
    """
    groups: list[list[float]] = []
    for place, want in enumerate(wanted):
        groups.append([want - place * gap])
        while len(groups) > 1 and fmean(groups[-2]) >= fmean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    highest = most - gap * (len(wanted) - 1)
    level = [min(max(fmean(group), least), highest) for group in groups for _ in group]
    return [start + place * gap for place, start in enumerate(level)]
