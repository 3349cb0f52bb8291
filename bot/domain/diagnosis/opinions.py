"""Second opinions: lists that people make apart from each other, and what they come to together.

A list is read once, when it is given, so that what it says cannot change while others are still thinking.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum

from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.domain.diagnosis import proposing
from bot.domain.diagnosis.differential import OTHER, Hypothesis, Proposed, letter_of
from bot.domain.diagnosis.estimate import Estimate, How
from bot.domain.diagnosis.pooling import key, pooled
from bot.domain.diagnosis.proposing import Revised
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId
from bot.domain.incident import Severity
from bot.domain.work.steps import Pooled, Reestimated, Step, Suspect
from bot.domain.work.workup import Workup

# A list with more voices than this is a vote, and the gain of further ones is small.
MOST_PEOPLE = 9
# Whoever names more than this has not chosen.
MOST_LINES = 10
# How long the others wait for an answer; at SEV1 nobody has more time.
PATIENCE, LITTLE_PATIENCE = timedelta(minutes=15), timedelta(minutes=5)
EXAMPLE = "one a line, such as `collator gets string columns 60%`"
# Nobody has to write it here, but in the thread everybody does.
_DX = re.compile(r"^\s*dx\s*[:：]\s*", re.IGNORECASE)
# A line of a ranking that is only a letter, whatever bullet or full stop people give it.
_BARE = re.compile(r"\W*(?:[0-9]{1,2}[.)]\s*)?([A-Z]{1,2})\W*")
# What is left over is on every list already; people write it all the same.
_THE_REST = frozenset({OTHER, "others", "something else", "anything else", "the rest"})


class Opinion(BaseModel):
    """One line of a person's list; *letter* is None until the hypothesis has one, *p* where it only ranks."""

    model_config = ConfigDict(frozen=True)

    statement: str
    letter: str | None = None
    p: float | None = None
    how: How = How.RANKING
    impact: int | None = None
    assumption: str | None = None

    def proposed(self, name: str) -> Proposed:
        """The same under the *name* by which lists are compared."""
        estimate = None if self.p is None else Estimate(self.p, self.how)
        return Proposed(statement=name, estimate=estimate, impact=self.impact, assumption=self.assumption)


OwnList = tuple[Opinion, ...]
OWN_LIST: TypeAdapter[OwnList] = TypeAdapter(OwnList)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """One person of a round, and their list once they have given it."""

    person: UserId
    asked_by: UserId
    asked_at: datetime
    due_at: datetime
    answer: OwnList | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What the lists of a round come to: steps to take, and the lists with a letter in every line."""

    steps: tuple[Step, ...]
    lists: Mapping[UserId, OwnList]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What one person's list says of a hypothesis: its number, and its place where the list only ranks."""

    by: UserId
    p: float
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A hypothesis with what all lists together come to; nobody's *voices* where no list names it."""

    letter: str
    statement: str
    p: float
    voices: tuple[Voice, ...]

    @property
    def said(self) -> dict[UserId, float]:
        """What each person gave it who named it."""
        return {voice.by: voice.p for voice in self.voices}


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round as anybody may see it: before it is closed only who was asked, and until when.

    *judged* are the likeliest first; without any nobody has answered in time.
    """

    number: int
    asked_by: UserId
    asked: tuple[UserId, ...]
    due_at: datetime
    closed_at: datetime | None = None
    answered: tuple[UserId, ...] = ()
    judged: tuple[Judged, ...] = ()
    other: float = 1.0

    @property
    def silent(self) -> tuple[UserId, ...]:
        """Who did not answer; nobody is called so while there is time."""
        return tuple(each for each in self.asked if self.closed_at and each not in self.answered)


def patience(severity: Severity) -> timedelta:
    """How long people have for an answer if nobody says so."""
    return LITTLE_PATIENCE if severity is Severity.SEV1 else PATIENCE


def read_list(text: str, listed: Sequence[Hypothesis] = ()) -> OwnList:
    """One person's list, a hypothesis a line as after `dx:`; a letter stands for one that is *listed*.

    Raises:
        NotUnderstood: A line says no hypothesis, argues instead, or repeats another; or there are too many.
    """
    by_letter = {each.letter: each for each in listed}
    lines = [_DX.sub("", line) for line in text.splitlines() if line.strip()]
    found = tuple(each for line in lines for each in _read_line(line, by_letter))
    if not 0 < len(found) <= MOST_LINES:
        raise NotUnderstood(f"A list needs at least one hypothesis, and {MOST_LINES} at most.", EXAMPLE)
    _refuse_repetition(found)
    return found


def _read_line(line: str, listed: Mapping[str, Hypothesis]) -> Iterator[Opinion]:
    bare = _BARE.fullmatch(line)
    if bare and bare[1] in listed:
        yield Opinion(letter=bare[1], statement=listed[bare[1]].statement)
        return
    said = proposing.read_line(line, listed)
    match said:
        case Proposed(statement=statement) if key(statement) in _THE_REST:
            return
        case Proposed(statement=statement):
            yield _opinion(said, statement, None)
        case Revised(letter=letter):
            yield _opinion(said, listed[letter].statement, letter)
        case _:
            raise NotUnderstood(
                f"“{line.strip()[:60]}” argues. A list only says what it could be and how likely.", EXAMPLE
            )


def _opinion(said: Proposed | Revised, statement: str, letter: str | None) -> Opinion:
    return Opinion(
        statement=statement,
        letter=letter,
        p=said.estimate.p if said.estimate else None,
        how=said.estimate.how if said.estimate else How.RANKING,
        impact=said.impact,
        assumption=said.assumption,
    )


def _refuse_repetition(found: Iterable[Opinion]) -> None:
    known: set[str] = set()
    for each in found:
        name = key(each.statement)
        if name in known:
            raise NotUnderstood(f"“{each.statement[:60]}” is on your list twice.", "one line for each")
        known.add(name)


def written(own: OwnList) -> str:
    """A list as its author would type it."""
    letters = {each.letter for each in own if each.letter}
    return "\n".join(_written_line(each, letters) for each in own)


def _written_line(each: Opinion, letters: set[str]) -> str:
    plain = each.proposed(each.statement)
    if each.letter is None:
        return proposing.written(plain, letters)
    if (plain.estimate, plain.impact, plain.assumption) == (None, None, None):
        return each.letter
    revised = Revised(
        letter=each.letter, estimate=plain.estimate, impact=plain.impact, assumption=plain.assumption
    )
    return proposing.written(revised, letters)


def pool(lists: Mapping[UserId, OwnList], workup: Workup) -> Settled:
    """What the lists come to, each name of a hypothesis matched with what is on the team's list already.

    New hypotheses get their letters by their pooled probability, so that it does not matter who answered
    first. A hypothesis that was ruled out is considered again only where somebody names it.
    """
    ordered = {person: lists[person] for person in sorted(lists)}
    names = {person: [_name(each, workup) for each in own] for person, own in ordered.items()}
    live = [each.letter for each in workup.differential.live]
    everything = sorted({*live, *(name for own in names.values() for name in own)})
    numbers = [_numbers(own, names[person], everything) for person, own in ordered.items()]
    together = _pooled(numbers, everything)
    new = _new(ordered, names, together, workup)
    letters = {name: suspect.letter for name, suspect in new.items()}
    estimates = {letters.get(name, name): together[name] for name in everything}
    step = Pooled(hypotheses=tuple(new.values()), estimates=dict(sorted(estimates.items())))
    settled = {
        person: tuple(
            each.model_copy(update={"letter": letters.get(name, name)})
            for each, name in zip(own, names[person], strict=True)
        )
        for person, own in ordered.items()
    }
    return Settled(steps=(step, *_rated(settled, workup)), lists=settled)


def _name(opinion: Opinion, workup: Workup) -> str:
    """What a line is about: a letter of the team's list, or, for what is new, its words made comparable.

    No letter is a name of the other sort, because those have no capitals.
    """
    hypotheses = workup.differential.hypotheses
    if opinion.letter in {each.letter for each in hypotheses}:
        return str(opinion.letter)
    said = key(opinion.statement)
    same = [each for each in hypotheses if key(each.statement) == said]
    found = next((each for each in same if each.live), same[0] if same else None)
    return found.letter if found else said


def _numbers(own: OwnList, names: Sequence[str], everything: Sequence[str]) -> list[Proposed]:
    """One list with a number for everything: what it does not name shares its "something else"."""
    given = numbered(own, names)
    silent = [name for name in everything if name not in given]
    share = given[OTHER] / (len(silent) + 1)
    return [
        Proposed(statement=str(place), estimate=Estimate(given.get(name, share)))
        for place, name in enumerate(everything)
    ]


def numbered(own: OwnList, names: Sequence[str]) -> dict[str, float]:
    """The numbers that one list gives to its *names*, and to "something else"; a ranking becomes numbers."""
    proposals = [each.proposed(str(place)) for place, each in enumerate(own)]
    alone = pooled([proposals])
    found = {OTHER: alone.pop(OTHER)}
    for place, p in alone.items():
        # Two lines can turn out to be about the same hypothesis after its words were edited.
        name = names[int(place)]
        found[name] = found.get(name, 0.0) + p
    return found


def _pooled(numbers: Sequence[Sequence[Proposed]], everything: Sequence[str]) -> dict[str, float]:
    found = pooled(numbers)
    return {name: found[str(place)] for place, name in enumerate(everything)}


def _new(
    lists: Mapping[UserId, OwnList],
    names: Mapping[UserId, Sequence[str]],
    together: Mapping[str, float],
    workup: Workup,
) -> dict[str, Suspect]:
    """The hypotheses that are on no list of the team's yet, by their names, in the order of their letters."""
    known = {each.letter for each in workup.differential.hypotheses}
    said: dict[str, list[Opinion]] = {}
    for person, own in lists.items():
        for name, each in zip(names[person], own, strict=True):
            if name not in known:
                said.setdefault(name, []).append(each)
    # What is equally likely must not change places because a computer rounds.
    ordered = sorted(said, key=lambda name: (-round(together[name], 9), name))
    return {
        name: Suspect(
            letter=letter_of(workup.letters_given + place),
            statement=min(each.statement for each in said[name]),
            p=together[name],
            how=How.NUMBER,
            impact=_worst(said[name]),
            assumption=_assumption(said[name]),
        )
        for place, name in enumerate(ordered)
    }


def _rated(lists: Mapping[UserId, OwnList], workup: Workup) -> Iterator[Reestimated]:
    """Where somebody rates a hypothesis of the team's list worse than the team does, it counts."""
    for each in workup.differential.hypotheses:
        said = [line for own in lists.values() for line in own if line.letter == each.letter]
        worst, assumption = _worst(said), _assumption(said)
        impact = worst if worst is not None and worst > (each.impact or 0) else None
        assumption = assumption if each.assumption is None else None
        if impact is not None or assumption is not None:
            yield Reestimated(letter=each.letter, impact=impact, assumption=assumption)


def _worst(said: Iterable[Opinion]) -> int | None:
    """The worst impact that anybody sees: to take a fault too seriously costs less than to miss it."""
    return max((each.impact for each in said if each.impact is not None), default=None)


def _assumption(said: Iterable[Opinion]) -> str | None:
    return min((each.assumption for each in said if each.assumption is not None), default=None)


def told(number: int, people: Sequence[Consulted], step: Pooled | None, workup: Workup) -> Round:
    """A round as anybody may see it; *step* is what it came to, None where nobody answered or all may yet."""
    first = people[0]
    asked = tuple(each.person for each in people)
    if first.closed_at is None:
        return Round(number=number, asked_by=first.asked_by, asked=asked, due_at=first.due_at)
    lists = {each.person: each.answer for each in people if each.answer}
    judged = tuple(_judge(lists, step, workup)) if step else ()
    return Round(
        number=number,
        asked_by=first.asked_by,
        asked=asked,
        due_at=first.due_at,
        closed_at=first.closed_at,
        answered=tuple(lists),
        judged=judged,
        other=1 - fsum(each.p for each in judged),
    )


def _judge(lists: Mapping[UserId, OwnList], step: Pooled, workup: Workup) -> Iterator[Judged]:
    said = {line.letter: line.statement for own in lists.values() for line in own}
    said |= {each.letter: each.statement for each in workup.differential.hypotheses}
    said |= {each.letter: each.statement for each in step.hypotheses}
    numbers = {person: numbered(own, [str(line.letter) for line in own]) for person, own in lists.items()}
    for letter, p in sorted(step.estimates.items(), key=lambda pair: -pair[1]):
        voices = tuple(
            Voice(by=person, p=numbers[person][letter], place=_place(own, letter))
            for person, own in lists.items()
            if letter in numbers[person]
        )
        yield Judged(letter=letter, statement=said.get(letter, letter), p=p, voices=voices)


def _place(own: OwnList, letter: str) -> int | None:
    """The place of a hypothesis in a list that gives it no number."""
    place = next(place for place, line in enumerate(own, 1) if line.letter == letter)
    return place if own[place - 1].p is None else None
