"""How a differential evolved: the lines of its picture, and the same in words for who cannot see it.

The drawing itself is in `evolution_picture`, which needs the extra `charts` and is loaded when it is wanted.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.domain.diagnosis.differential import OTHER, Hypothesis
from bot.domain.diagnosis.estimate import percent
from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.work.workup import Change, Workup
from bot.slack.render import blocks
from bot.slack.render.calls import Post

ALT_LIMIT = 1000
SOMETHING_ELSE = "something else"
NOTHING_YET = "Nobody has named a hypothesis yet. A reply such as `dx: collator gets strings 40%` names one."
NEEDS_EXTRA = (
    "I cannot draw here, because an optional part of me is missing: whoever runs me can install me again "
    "with the extra `charts` (`pip install '.[charts]'`). In words:"
)
REFUSED_ADVICE = {
    "missing_scope": "Whoever runs me can grant `files:write` and install me again. ",
    "file_uploads_disabled": "This workspace takes no files. ",
    "file_uploads_except_images_disabled": "This workspace takes no files. ",
    "storage_limit_reached": "This workspace has no room left for files. ",
}
NO_PICTURE = "There is nothing to draw yet."
NOBODY: Mapping[UserId, str] = MappingProxyType({})
# How much of each line is told, the most first: whether every turn of it, and how long its statement may be.
_DETAILS = ((True, 90), (True, 45), (False, 45), (False, 20))


class CannotDraw(Exception):
    """The extra `charts` is not installed."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A test or an intervention at its moment."""

    at: datetime
    label: str
    is_test: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One hypothesis, or "something else", over time: its probability after each change since it was named.

    A probability is None while the hypothesis is ruled out.
    """

    letter: str
    statement: str
    turns: tuple[tuple[Change, float | None], ...]
    ruled_out_by: str | None = None

    @property
    def last(self) -> float | None:
        """Where it stands."""
        return self.turns[-1][1]

    @property
    def is_other(self) -> bool:
        """Whether it is what nobody has named."""
        return self.letter == OTHER

    @property
    def ruled_out_at(self) -> datetime | None:
        """When it was ruled out for good."""
        if self.last is not None:
            return None
        considered = max(place for place, (_, p) in enumerate(self.turns) if p is not None)
        return self.turns[considered + 1][0].at


def draw(workup: Workup, title: str, *, until: datetime, names: Mapping[UserId, str] = NOBODY) -> bytes:
    """The picture as PNG, its time axis in UTC.

    Raises:
        CannotDraw: The extra `charts` is not installed.
    """
    try:
        # It costs half a second and 40 MB, which a bot that never draws need not spend.
        from bot.slack.render import evolution_picture  # noqa: PLC0415 - see above.
    except ImportError as error:
        raise CannotDraw(str(error)) from error
    return evolution_picture.png(tracks(workup, names), marks(workup), clean(title, names, 200), until)


def clean(text: str, names: Mapping[UserId, str], limit: int) -> str:
    """What somebody typed, on one line."""
    return blocks.one_line(text, names, limit)


def tracks(workup: Workup, names: Mapping[UserId, str] = NOBODY) -> list[Track]:
    """All lines: the likeliest first, then "something else", then what was ruled out."""
    named = [_track(workup, each, names) for each in workup.differential.hypotheses]
    known = [track for track in named if track.turns]
    live = sorted((track for track in known if track.last is not None), key=lambda track: -(track.last or 0))
    gone = [track for track in known if track.last is None]
    other = Track(letter=OTHER, statement=SOMETHING_ELSE, turns=_turns(workup, OTHER))
    return [*live, *([other] if other.turns else []), *gone]


def _track(workup: Workup, hypothesis: Hypothesis, names: Mapping[UserId, str]) -> Track:
    by = hypothesis.eliminated_by
    return Track(
        letter=hypothesis.letter,
        statement=clean(hypothesis.statement, names, 200),
        turns=_turns(workup, hypothesis.letter),
        ruled_out_by=None if by is None else clean(by, names, 40),
    )


def _turns(workup: Workup, letter: str) -> tuple[tuple[Change, float | None], ...]:
    """The probability after each change, from the first that knows the letter."""
    all_of_it = [(change, change.probabilities.get(letter)) for change in workup.history]
    first = next((place for place, (_, p) in enumerate(all_of_it) if p is not None), len(all_of_it))
    return tuple(all_of_it[first:])


def marks(workup: Workup) -> list[Mark]:
    """The results of tests, and what was started and how it ended, in time."""
    tests = {f"T{result.test}" for result in workup.results}
    tried = {each.name for each in workup.interventions}
    return [
        Mark(change.at, change.label.removesuffix(" started"), name not in tried)
        for change in workup.history
        if (name := change.label.partition(" ")[0]) in tests | tried
    ]


def in_words(workup: Workup, names: Mapping[UserId, str] = NOBODY) -> str:
    """What the picture shows, short enough for Slack's alt text: fewer turns where there are many lines."""
    found = tracks(workup, names)
    if not workup.differential.hypotheses or not found:
        return NOTHING_YET
    told = [_told(workup, found, every_turn=every, longest=longest) for every, longest in _DETAILS]
    return next((text for text in told if len(text) <= ALT_LIMIT), blocks.clip(told[-1], ALT_LIMIT))


def _told(workup: Workup, found: Sequence[Track], *, every_turn: bool, longest: int) -> str:
    deeds = marks(workup)
    lines = [_line(track, deeds, every_turn=every_turn, longest=longest) for track in found]
    done = ", ".join(f"{mark.label} {mark.at:%H:%M}" for mark in deeds)
    return " ".join([*lines, *([f"In order: {done}."] if done else []), "Times are UTC."])


def _line(track: Track, deeds: Sequence[Mark], *, every_turn: bool, longest: int) -> str:
    head = "Something else" if track.is_other else f"{track.letter} {blocks.clip(track.statement, longest)}"
    said = ", ".join(_points(track, {deed.label for deed in deeds}, every_turn=every_turn))
    return f"{head}: {said}."


def _points(track: Track, deeds: Collection[str], *, every_turn: bool) -> Iterator[str]:
    """Where it began, each turn of it, and where it ended; what does not change the number is no turn."""
    (first, start), *rest = track.turns
    said = percent(start or 0)
    yield f"{said} at {first.at:%H:%M}"
    for change, p in rest if every_turn else ():
        if p is not None and percent(p) != said:
            said = percent(p)
            yield f"{said} after {change.label}" if change.label in deeds else f"{said} at {change.at:%H:%M}"
    if track.last is None:
        yield f"ruled out by {track.ruled_out_by}"
    elif percent(track.last) != said:
        yield f"{percent(track.last)} at the end"


def refused(error: str) -> str:
    """Why there is no picture, where Slack takes none from us."""
    advice = REFUSED_ADVICE.get(error, "")
    return f"Slack did not take the picture (`{blocks.escape(error[:80])}`). {advice}In words:"


def said_instead(channel: ChannelId, thread_ts: MessageTs, why: str, words: str) -> Post:
    """The words of a picture that cannot be shown, and why it cannot."""
    return Post(
        channel=channel,
        thread_ts=thread_ts,
        text=f"{why} {blocks.escape(words)}",
        blocks=(blocks.section(why), blocks.rich(blocks.quote(words))),
    )
