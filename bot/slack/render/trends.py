"""Two weeks of incidents as a few lines of text, and as a picture with the same in words.

The drawing itself is in `trends_picture`, which needs the extra `charts` and is loaded when it is wanted.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.domain.digest.document import Day, Trends
from bot.slack.render.evolution import CannotDraw

BARS = "▁▂▃▄▅▆▇█"


def in_lines(trends: Trends) -> Iterator[str]:
    """How many were open, opened and resolved each day, how long things took, how well was handed over."""
    at_end = [day.open for day in trends.days]
    yield f"{sparkline(at_end)} {at_end[-1]} open, most {max(at_end)}"
    for title, counted in (("opened", _opened(trends)), ("resolved", _resolved(trends))):
        yield f"{sparkline(counted)} {sum(counted)} {title}"
    took = [*_took(trends)]
    if took:
        yield f"Median: {', '.join(took)}"
    yield from _handed(trends)


def _handed(trends: Trends) -> Iterator[str]:
    if trends.score is not None:
        yield f"Handoffs read back: {trends.handoffs}, median score {trends.score:g} of 100"


def _opened(trends: Trends) -> list[int]:
    return [day.opened for day in trends.days]


def _resolved(trends: Trends) -> list[int]:
    return [day.resolved for day in trends.days]


def _took(trends: Trends) -> Iterator[str]:
    if trends.differential is not None:
        yield f"{spoken(trends.differential)} to the first differential (of {trends.differentials})"
    if trends.resolution is not None:
        yield f"{spoken(trends.resolution)} to the resolution (of {trends.resolutions})"


def spoken(length: timedelta) -> str:
    """A median: "12 min", "3 h 20 min", "4 days"."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 60:  # noqa: PLR2004 - minutes an hour.
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} days"  # noqa: PLR2004 - two days.


def sparkline(counted: Sequence[int]) -> str:
    """Numbers as bars of text, the highest as high as there is."""
    most = max([1, *counted])
    return "".join(BARS[round(each / most * (len(BARS) - 1))] for each in counted)


def in_words(trends: Trends) -> str:
    """What the picture shows, for who cannot see it: every day with its numbers."""
    days = "; ".join(f"{_name(day)} {day.open}, {day.opened}, {day.resolved}" for day in trends.days)
    took = ", ".join(_took(trends))
    median = f" Median: {took}." if took else ""
    return f"Open at the end of each day, opened and resolved on it: {days}.{median}"


def _name(day: Day) -> str:
    return f"{day.date.day} {day.date:%b}"


def draw(trends: Trends, title: str) -> bytes:
    """The picture as PNG.

    Raises:
        CannotDraw: The extra `charts` is not installed.
    """
    try:
        # It costs half a second and 40 MB, which a bot that never draws need not spend.
        from bot.slack.render import trends_picture  # noqa: PLC0415 - see above.
    except ImportError as error:
        raise CannotDraw(str(error)) from error
    return trends_picture.png(trends, title)
