"""Who is on duty at a place: its rotation or calendar, and over it what people said of single hours.

At each moment at most one person is on duty. What was said last counts; where nobody said anything, the
rotation or the calendar does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.ids import UserId
from bot.domain.shifts.rotation import DAY, Rotation, turns

# No gap between two turns of a rotation is longer: a weekend on weekdays, else what clocks skip.
_WEEKEND, _CLOCKS = timedelta(days=3), timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody is on duty from *starts_at* until *ends_at*."""

    person: UserId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """*person* is on duty for a time: in the place of one person, or of whoever it would be."""

    person: UserId
    starts_at: datetime
    ends_at: datetime
    instead_of: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Everything that says who is on duty at a place; *overrides* in the order in which they were said.

    The source is a rotation, or the spans of a calendar, or neither where people only say it hour by hour.
    """

    rotation: Rotation | None = None
    calendar: tuple[Span, ...] = ()
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Who is on duty, from when until when, and who is next; *next_starts_at* may be later than the end."""

    person: UserId
    starts_at: datetime
    ends_at: datetime
    next: UserId | None = None
    next_starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShiftEnd:
    """A shift ended at *at*; *receiver* is whose begins at that moment, None where nobody's does."""

    giver: UserId
    receiver: UserId | None
    at: datetime


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the roster; *turn* is the rotation's turn that it belongs to, if it is a rotation's."""

    span: Span
    turn: int | None = None


def on_duty(roster: Roster, at: datetime) -> Duty | None:
    """Who is on duty at a moment; None where nobody is."""
    found = spans(roster, at, at + timedelta.resolution)
    now = next((span for span in found if span.starts_at <= at < span.ends_at), None)
    if now is None:
        return None
    later = next_span(roster, now.ends_at)
    return Duty(
        person=now.person,
        starts_at=now.starts_at,
        ends_at=now.ends_at,
        next=later.person if later else None,
        next_starts_at=later.starts_at if later else None,
    )


def next_span(roster: Roster, at: datetime) -> Span | None:
    """The first shift that begins at a moment or later; None where none is known."""
    moments = [each.starts_at for each in roster.calendar]
    moments += [each.starts_at for each in roster.overrides]
    moments += [each.ends_at for each in roster.overrides]
    if roster.rotation:
        moments += _first_turn(roster.rotation, at)
    for moment in sorted({each for each in moments if each >= at}):
        for span in spans(roster, moment, moment + timedelta.resolution):
            if span.starts_at >= at:
                return span
    return None


def _first_turn(rotation: Rotation, at: datetime) -> list[datetime]:
    """When the first turn from a moment on begins."""
    # A local time is less than a day away from the same time in UTC.
    until = max(at, rotation.first.replace(tzinfo=at.tzinfo) + DAY) + _reach(rotation)
    return [each.starts_at for each in turns(rotation, at, until) if each.starts_at >= at][:1]


def shift_ends(roster: Roster, after: datetime, until: datetime) -> list[ShiftEnd]:
    """The ends of shifts that come later than *after*, and not later than *until*."""
    found = spans(roster, after, until + timedelta.resolution)
    begins = {span.starts_at: span.person for span in found}
    return [
        ShiftEnd(span.person, begins.get(span.ends_at), span.ends_at)
        for span in found
        if after < span.ends_at <= until
    ]


def spans(roster: Roster, start: datetime, end: datetime) -> list[Span]:
    """The shifts, whole, that have a part between two moments, in order."""
    low, high = _widened(roster, start, end)
    pieces = _source(roster, low, high)
    for override in roster.overrides:
        if override.starts_at < high and override.ends_at > low:
            pieces = _laid_over(pieces, override)
    return [span for span in _joined(pieces) if span.starts_at < end and span.ends_at > start]


def _widened(roster: Roster, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """How far one has to look to see whole what lies between two moments: a chain of overrides may go on."""
    reach = _reach(roster.rotation) if roster.rotation else timedelta()
    low, high = start - reach, end + reach
    for override in sorted(roster.overrides, key=lambda each: each.ends_at, reverse=True):
        if override.ends_at >= low and override.starts_at <= high:
            low = min(low, override.starts_at - reach)
    for override in sorted(roster.overrides, key=lambda each: each.starts_at):
        if override.starts_at <= high and override.ends_at >= low:
            high = max(high, override.ends_at + reach)
    return low, high


def _reach(rotation: Rotation) -> timedelta:
    """Within what time of any moment there is a turn that begins, and one that ends."""
    return rotation.length + (_WEEKEND if rotation.weekdays else _CLOCKS)


def _source(roster: Roster, low: datetime, high: datetime) -> list[_Piece]:
    """What the rotation or the calendar says, before anybody said anything else."""
    if roster.rotation is None:
        return [_Piece(span) for span in roster.calendar]
    found = turns(roster.rotation, low, high)
    return [_Piece(Span(each.person, each.starts_at, each.ends_at), each.number) for each in found]


def _laid_over(pieces: Sequence[_Piece], override: Override) -> list[_Piece]:
    """The pieces with an override in its place."""
    left = [part for piece in pieces for part in _cut(piece, override)]
    if override.instead_of is None:
        left.append(_Piece(Span(override.person, override.starts_at, override.ends_at)))
    return sorted(left, key=lambda each: each.span.starts_at)


def _cut(piece: _Piece, override: Override) -> Iterable[_Piece]:
    """What is left of a piece, and what of it goes over to somebody else by name."""
    span = piece.span
    begins, ends = max(span.starts_at, override.starts_at), min(span.ends_at, override.ends_at)
    if begins >= ends or override.instead_of not in {None, span.person}:
        yield piece
        return
    if span.starts_at < begins:
        yield replace(piece, span=replace(span, ends_at=begins))
    if override.instead_of:
        yield _Piece(Span(override.person, begins, ends))
    if ends < span.ends_at:
        yield replace(piece, span=replace(span, starts_at=ends))


def _joined(pieces: Iterable[_Piece]) -> list[Span]:
    """The shifts that pieces make: neighbours of one person are one, unless these are two of their turns."""
    found: list[Span] = []
    turn: int | None = None
    for piece in pieces:
        span = piece.span
        before = found[-1] if found else None
        apart = turn is not None and piece.turn is not None and turn != piece.turn
        if before and (before.person, before.ends_at) == (span.person, span.starts_at) and not apart:
            found[-1] = replace(before, ends_at=span.ends_at)
        else:
            found.append(span)
        turn = piece.turn
    return found


def without_overlaps(found: Iterable[Span]) -> tuple[Span, ...]:
    """The spans of a calendar, such that at each moment at most one counts: the one that began last.

    Of two that begin together the shorter one counts, as an exception does in an on-call tool.
    """
    pieces: list[_Piece] = []
    for span in sorted(found, key=lambda each: (each.starts_at, -each.ends_at.timestamp(), each.person)):
        laid = Override(person=span.person, starts_at=span.starts_at, ends_at=span.ends_at)
        pieces = _laid_over(pieces, laid)
    return tuple(_joined(pieces))
