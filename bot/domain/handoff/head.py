"""The head of a handoff: at most 250 words, whatever the size of the incident; the rest is counted.

Whoever sees only this can say how bad it is, what it probably is, what was ruled out, what was tried, what
they do next and when they worry. People stand in it as "@U0ANA" and moments as `written_moment` writes them,
to be shown by name and in the reader's zone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.diagnosis.estimate import percent
from bot.domain.handoff.document import (
    Abnormal,
    Handoff,
    IfThen,
    RevertState,
    Suspected,
    Tested,
    ToDo,
    Tried,
)
from bot.domain.ids import shown
from bot.domain.readiness.said import Nothing
from bot.domain.signs.stability import Stability
from bot.domain.terms import written_moment

MOST_WORDS = 250
# What somebody typed without a space is one word, however long; a line on a phone is not, nor is a message.
LETTERS, MOST_LETTERS = 100, 4000
# As many as fit a line.
SIGNS = OTHERS = 4


@dataclass(frozen=True, slots=True)
class Room:
    """How much of everything is told: so many *rows* of a list, and texts *longer* or shorter than usual."""

    rows: int
    longer: float

    def brief(self, text: str, words: int) -> str:
        """The text in one line, of about so many words at most."""
        every = text.split()
        most = max(2, round(words * self.longer))
        line = " ".join(every[:most])
        letters = round(LETTERS * max(1, self.longer))
        if len(line) > letters:
            return line[: letters - 1].rstrip() + "…"
        return line + ("…" if len(every) > most else "")


# The first that leaves the head short enough is taken; in the last everything fits.
ROOMS = (Room(6, 3.0), Room(5, 2.0), Room(4, 1.4), Room(3, 1.0), Room(3, 0.7), Room(2, 0.5))


@dataclass(frozen=True, slots=True)
class Part:
    """One question a reader has, and its answer in lines; *folded* counts what is not among them."""

    key: str
    title: str
    lines: tuple[str, ...]
    folded: int = 0

    @property
    def more(self) -> str:
        """How much is folded away, in words; "" for nothing."""
        return f"and {self.folded:,} more" if self.folded else ""


@dataclass(frozen=True, slots=True)
class Head:
    """How bad it is, in one line, then the parts."""

    title: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All of it, as plain text."""
        lines = [self.title]
        for part in self.parts:
            lines += [part.title, *part.lines, part.more]
        return "\n".join(line for line in lines if line)

    @property
    def words(self) -> int:
        """How many words a reader reads."""
        return len(self.text.split())

    @property
    def short(self) -> bool:
        """Whether it is short enough to be read at once."""
        return self.words <= MOST_WORDS and len(self.text) <= MOST_LETTERS

    def part(self, key: str) -> Part:
        """The part of that key."""
        return next(each for each in self.parts if each.key == key)


def head(handoff: Handoff) -> Head:
    """The head of a document, with as much of it as there is room for."""
    heads = (_head(handoff, room) for room in ROOMS)
    return next((found for found in heads if found.short), _head(handoff, ROOMS[-1]))


def _head(handoff: Handoff, room: Room) -> Head:
    out = [_excluded(each, room) for each in _gone(handoff)]
    tried = [_tried(each, room) for each in _newest_tried(handoff)]
    parts = (
        Part("what", "What", _what(handoff, room)),
        Part("probably", "Probably", _probably(handoff, room)),
        _listed("out", "Ruled out", out, room),
        _listed("tried", "Tried", tried, room),
        _next(handoff, room),
        _worry(handoff, room),
    )
    return Head(_title(handoff, room), parts)


def _listed(key: str, title: str, lines: Sequence[str], room: Room) -> Part:
    return Part(key, title, tuple(lines[: room.rows]) or ("nothing yet",), max(len(lines) - room.rows, 0))


def _title(handoff: Handoff, room: Room) -> str:
    illness = handoff.illness
    word = "stability not known" if illness.stability is Stability.UNKNOWN else illness.stability.value
    who = f" (said @{illness.overridden_by})" if illness.overridden_by else ""
    score = "" if illness.score is None else f", score {illness.score}"
    why = f": {room.brief(illness.reason, 8)}" if illness.reason else ""
    return f"SEV{illness.severity} · {word}{who}{score}{why}"


def _what(handoff: Handoff, room: Room) -> tuple[str, ...]:
    patient = handoff.patient
    began = patient.onset or patient.detected_at
    since = f"since {written_moment(began)}" if began else "nobody knows since when"
    noticed = "" if patient.onset else " (noticed)"
    impact = room.brief(patient.impact, 16) or "impact not said"
    return (
        f"{shown(patient.number)} {room.brief(patient.title, 20)}",
        f"{since}{noticed}; {impact}",
    )


def _probably(handoff: Handoff, room: Room) -> tuple[str, ...]:
    considered = [each for each in handoff.patient.hypotheses if each.considered]
    if not considered:
        return ("nobody has named a hypothesis",)
    first, *rest = considered
    lines = [_likely(first, room), *(f"or {_likely(each, room)}" for each in rest[: room.rows - 1])]
    if left := rest[room.rows - 1 :]:
        others = ", ".join(f"{each.letter} {_percent(each)}" for each in left[:OTHERS])
        more = f" and {len(left) - OTHERS} more" if len(left) > OTHERS else ""
        lines.append(f"or {others}{more}")
    return tuple(lines)


def _likely(each: Suspected, room: Room) -> str:
    grave = ", must not be missed" if each.must_not_miss else ""
    return f"{each.letter} {_percent(each)}{grave}: {room.brief(each.statement, 14)}"


def _percent(each: Suspected) -> str:
    return "" if each.p is None else percent(each.p)


def _gone(handoff: Handoff) -> list[Suspected]:
    """What is not to be thought of any more, what would have been worst first."""
    out = [each for each in handoff.patient.hypotheses if not each.considered]
    return sorted(out, key=lambda each: (-(each.impact or 0), each.letter))


def _excluded(each: Suspected, room: Room) -> str:
    by = f" (by {each.by})" if each.by else ""
    return f"{each.letter} {room.brief(each.statement, 6)}{by}"


def _newest_tried(handoff: Handoff) -> list[Tried]:
    return list(reversed(handoff.patient.interventions))


def _tried(each: Tried, room: Room) -> str:
    if each.outcome is None:
        state = f"running until {written_moment(each.until)}"
    elif each.revert_state in {None, RevertState.IN_PLACE}:
        state = str(each.outcome)
    elif each.revert_state is RevertState.REVERTED:
        state = f"{each.outcome}, reverted"
    else:
        state = str(each.revert_state)
    return f"{each.name} {room.brief(each.text, 8)}: {state}"


def _next(handoff: Handoff, room: Room) -> Part:
    """The receiver's actions, then what comes in by itself; the title is for the receiver's own eyes."""
    mine = [_to_do(each, room) for each in handoff.mine]
    pending = [_pending(each, room) for each in handoff.patient.tests if each.running]
    told = [*(mine[: room.rows] or [_none_of_yours(handoff)]), *pending[: room.rows - 1]]
    others = len(handoff.actions.open) - len(mine)
    if others:
        told.append(f"{others} action{'' if others == 1 else 's'} for others")
    folded = max(len(mine) - room.rows, 0) + max(len(pending) - room.rows + 1, 0)
    return Part("next", "You do next", tuple(told), folded)


def _none_of_yours(handoff: Handoff) -> str:
    if handoff.actions.open:
        return "none of the open actions"
    return "nothing to do" if Nothing.ACTIONS in handoff.attested else "no action was named"


def _to_do(each: ToDo, room: Room) -> str:
    due = f", due {written_moment(each.due)}" if each.due else ""
    return f"{each.name} {room.brief(each.text, 8)}{due}"


def _pending(each: Tested, room: Room) -> str:
    due = f" due {written_moment(each.due)}" if each.due else ", nobody knows when"
    return f"result of {each.name}{due}: {room.brief(each.question, 6)}"


def _worry(handoff: Handoff, room: Room) -> Part:
    """What is bad now, then what to do if it gets worse; what has happened already stands before that."""
    awareness = handoff.awareness
    signs = [_sign(each) for each in awareness.abnormal]
    holding = (each for each in awareness.contingencies if each.holds)
    plans = [_if_then(each, room) for each in sorted(holding, key=lambda each: each.happened_at is None)]
    told = [*_in_one_line(signs), *plans[: room.rows]]
    folded = max(len(signs) - SIGNS, 0) + max(len(plans) - room.rows, 0)
    unknown = f"{len(awareness.unknown)} signs not known" if awareness.unknown else ""
    return Part(
        "worry", "Worry when", tuple([*told, unknown] if unknown else told) or ("nothing is known",), folded
    )


def _sign(each: Abnormal) -> str:
    again = f", bad in {each.count} readings" if each.count > 1 else ""
    return f"{each.name} {each.newest.value}{each.newest.unit} (scores {each.newest.score}{again})"


def _in_one_line(signs: Iterable[str]) -> list[str]:
    line = ", ".join(list(signs)[:SIGNS])
    return [line] if line else []


def _if_then(each: IfThen, room: Room) -> str:
    who = f" @{each.owner}" if each.owner else ""
    when, then = room.brief(each.when, 7), room.brief(each.then, 7)
    if each.happened_at:
        return f"{when} has happened ({written_moment(each.happened_at)}): {then}{who}"
    return f"if {when}, then {then}{who}"
