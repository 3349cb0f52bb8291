"""What people type after ``/incident shift``, read forgivingly into a request."""

import re
from dataclasses import dataclass

from bot.domain.errors import NotUnderstood
from bot.domain.heard import MENTION, mentioned
from bot.domain.ids import UserId
from bot.domain.shifts.asking import (
    HOURS,
    ROTATION,
    HoursWish,
    RotationWish,
    asks_for_rotation,
    read_hours_wish,
    read_rotation,
)
from bot.slack.line.forms import USAGE

_EVERYWHERE = re.compile(
    r"\b(?:everywhere|(?:for\s+)?the\s+(?:whole\s+)?workspace|in\s+all\s+channels)\b", re.IGNORECASE
)
_HERE = re.compile(r"\b(?:here|in\s+this\s+channel)\b", re.IGNORECASE)
_GROUP = re.compile(r"(?<![\w@])@([a-z0-9][\w.\-]{1,79})\b|@(S[A-Z0-9]{3,})\b")
_ADDRESS = re.compile(r"(?:https?|webcals?)://\S+", re.IGNORECASE)
_OFF = frozenset({"off", "stop", "cancel", "none", "remove", "delete", "clear"})
_CALENDAR = frozenset({"calendar", "ical", "ics", "icalendar", "feed"})
_INSTEAD = re.compile(
    r"\b(?:for|instead\s+of|in\s+place\s+of|covers?(?:\s+for)?|replaces)\s*$", re.IGNORECASE
)
_FOR = re.compile(
    r"\b(?:is\s+on|is|takes?|covers?|over|for|instead\s+of|in\s+place\s+of|replaces)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ShowShift:
    """Show who is on duty, and who comes next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRotation:
    """Let people, or those of a user group, be on duty in turn; here or *everywhere*."""

    people: tuple[UserId, ...]
    group: str | None
    wish: RotationWish
    everywhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeHours:
    """Let somebody be on duty for single hours, *instead_of* one person or of whoever it would be."""

    person: UserId
    instead_of: UserId | None
    wish: HoursWish


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapShifts:
    """Let two people exchange their next shifts, or that of one *day* for the other's next."""

    one: UserId
    other: UserId
    day: HoursWish | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowCalendar:
    """Read from a calendar who is on duty. Its *address* is a secret."""

    address: str
    everywhere: bool

    def __repr__(self) -> str:
        """Say everything but the address."""
        return f"FollowCalendar(everywhere={self.everywhere})"


@dataclass(frozen=True, slots=True)
class ForgetShifts:
    """Let nobody be on duty any more; here or *everywhere*."""

    everywhere: bool


@dataclass(frozen=True, slots=True)
class AskForCalendar:
    """Ask for a calendar in a form; it is for here or for *everywhere*."""

    everywhere: bool


ShiftRequest = ShowShift | SetRotation | TakeHours | SwapShifts | FollowCalendar | ForgetShifts


def read_shift(rest: str) -> ShiftRequest | AskForCalendar:
    """What the words ask for.

    Raises:
        NotUnderstood: They ask for nothing we know; it says what would have worked.
    """
    address = _ADDRESS.search(rest)
    if address:
        return FollowCalendar(
            address=address[0].strip("<>.,;"), everywhere=_everywhere(rest.replace(address[0], " "))
        )
    everywhere, text = _everywhere(rest), _HERE.sub(" ", _EVERYWHERE.sub(" ", rest))
    first, _, said = " ".join(text.split()).partition(" ")
    word = first.casefold().strip(":,.")
    if word in {"", "show", "now", "list", "who"} and not said:
        return ShowShift()
    if word in _OFF and not said:
        return ForgetShifts(everywhere)
    if word in _CALENDAR:
        if not said:
            return AskForCalendar(everywhere)
        raise NotUnderstood("That is no address of a calendar.", USAGE["shift calendar"])
    if word in {"swap", "exchange", "switch"}:
        return _swap(said)
    return _named(text, everywhere=everywhere)


def _everywhere(text: str) -> bool:
    return bool(_EVERYWHERE.search(text))


def _named(text: str, *, everywhere: bool) -> ShiftRequest:
    """A rotation or single hours, whichever the words around the names are."""
    people, left = mentioned(text), MENTION.sub(" ", text)
    group = _GROUP.search(left)
    left = _GROUP.sub(" ", left)
    if asks_for_rotation(left):
        if not people and not group:
            raise NotUnderstood("A rotation needs people, or a user group, picked from the list.", ROTATION)
        if people and group:
            raise NotUnderstood("A rotation has people or a user group, not both.", ROTATION)
        handle = (group[1] or group[2]) if group else None
        return SetRotation(
            people=tuple(people), group=handle, wish=read_rotation(left), everywhere=everywhere
        )
    if group and not people:
        raise NotUnderstood(f"For how long is each of @{group[1] or group[2]} on duty?", ROTATION)
    if len(people) not in {1, 2}:
        problem = "Who, and when?" if not people else "For how long is each of them on duty?"
        raise NotUnderstood(problem, ROTATION if people else f"{ROTATION}; or {HOURS}")
    return _hours(text, people)


def _hours(text: str, people: list[UserId]) -> TakeHours:
    taker, *others = people
    found = [each.start() for each in MENTION.finditer(text)]
    # "for @ana: @ben tomorrow" names first whose place is taken.
    if others and _INSTEAD.search(text[: found[0]]):
        taker, others = others[0], [taker]
    elif others and not _FOR.search(text[found[0] : found[1]]):
        raise NotUnderstood(
            "Who takes whose place? Or for how long is each on duty?", f"{HOURS}; or {ROTATION}"
        )
    left = " ".join(_FOR.sub(" ", MENTION.sub(" ", text)).split()).strip(" ,;:.")
    if not left:
        raise NotUnderstood("From when until when?", HOURS)
    return TakeHours(person=taker, instead_of=others[0] if others else None, wish=read_hours_wish(left))


def _swap(said: str) -> SwapShifts:
    people = mentioned(said)
    if len(people) != 2:  # noqa: PLR2004 - an exchange is between two.
        raise NotUnderstood("Two people exchange their shifts.", USAGE["shift swap"])
    left = re.sub(r"\b(?:and|with|on|for)\b|[,;&+]", " ", MENTION.sub(" ", said), flags=re.IGNORECASE)
    left = " ".join(left.split())
    day = read_hours_wish(left) if left else None
    if day and (day.end or (day.start and day.start.clock)):
        raise NotUnderstood(f"“{left[:40]}” is no day.", USAGE["shift swap"])
    return SwapShifts(one=people[0], other=people[1], day=day)
