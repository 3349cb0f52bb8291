"""Which question to ask next, so that testing and a wrong diagnosis together cost the fewest minutes.

The exact optimum is a dynamic programme over what every question may have answered. It is plain Python on
flat lists: 8 two-way questions and 7 causes take 20 ms, 11 of them half a second, so numpy (20 MB and a tenth
of a second of start) would buy nothing a person notices. Beyond 200,000 states it plans with the questions
that have the most bits per minute and still fit. Asking for the most bits per minute alone would cost 2-3 %
more with good numbers, and more than that with the words people use.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum, log2, prod

MOST_STATES = 200_000
# Two plans closer than this are equal, and then the earlier question wins, whatever the last bit says.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Question:
    """What an answer costs, and for each answer how likely it is under each cause."""

    cost: float
    chances: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The place of the question to ask, None for "stop asking"; *used* is None where nothing exact is known.

    *used* are all questions that the best plan may come to, whatever the answers.
    """

    best: int | None
    exact: bool
    used: frozenset[int] | None = None
    cost: float | None = None


def states(questions: Sequence[Question]) -> int:
    """How many states of knowledge there are: each question unasked, or with one of its answers."""
    return prod(len(question.chances) + 1 for question in questions)


def choose(prior: Sequence[float], questions: Sequence[Question], *, wrong: float) -> Choice:
    """The question to ask when a wrong diagnosis costs *wrong*; ties go to stopping, then to the earlier."""
    kept = _fitting(prior, questions)
    choice = _Programme(prior, [questions[place] for place in kept], wrong).choice()
    if len(kept) == len(questions):
        return choice
    return Choice(best=None if choice.best is None else kept[choice.best], exact=False)


def _fitting(prior: Sequence[float], questions: Sequence[Question]) -> list[int]:
    """The questions that the programme has room for: all, or those with the most bits per unit of cost."""
    kept: list[int] = []
    for place in by_bits_per_cost(prior, questions):
        if states([questions[each] for each in (*kept, place)]) <= MOST_STATES:
            kept.append(place)
    return sorted(kept)


def by_bits_per_cost(prior: Sequence[float], questions: Sequence[Question]) -> list[int]:
    """The questions by the information they bring for their cost; equals stay in order."""
    worth = [round(bits(prior, question) / question.cost, 9) for question in questions]
    return sorted(range(len(questions)), key=lambda place: -worth[place])


def entropy(p: Sequence[float]) -> float:
    """How much is not known, in bits."""
    return -fsum(each * log2(each) for each in p if each > 0)


def answers(prior: Sequence[float], question: Question) -> Iterator[tuple[float, list[float]]]:
    """For each answer how likely it is, and what would be thought after it."""
    for chances in question.chances:
        joint = [p * chance for p, chance in zip(prior, chances, strict=True)]
        mass = fsum(joint)
        yield mass, [each / mass for each in joint] if mass else list(prior)


def bits(prior: Sequence[float], question: Question) -> float:
    """The information that an answer is expected to bring."""
    left = fsum(mass * entropy(after) for mass, after in answers(prior, question))
    return max(0.0, entropy(prior) - left)


class _Programme:
    """The dynamic programme: one number per state, from everything asked down to nothing asked.

    A state's place is a number with one digit per question: the answer, or the highest digit for "unasked".
    So every state that an answer leads to has a smaller place, and one pass in order settles them all.
    """

    def __init__(self, prior: Sequence[float], questions: Sequence[Question], wrong: float) -> None:
        self._questions = questions
        self._causes = [p for p in prior if p > 0]
        likely = [
            [c for c, p in zip(row, prior, strict=True) if p > 0] for q in questions for row in q.chances
        ]
        rows = iter(likely)
        tables = [[next(rows) for _ in question.chances] for question in questions]
        per_cause = [self._table(p, cause, tables) for cause, p in enumerate(self._causes)]
        self._mass = list(map(sum, zip(*per_cause, strict=True)))
        best = map(max, zip(*per_cause, strict=True))
        self._stop = [wrong * (mass - top) for mass, top in zip(self._mass, best, strict=True)]
        self._cost = list(self._stop)
        self._strides = [states(questions[:place]) for place in range(len(questions))]

    @staticmethod
    def _table(p: float, cause: int, tables: Sequence[Sequence[Sequence[float]]]) -> list[float]:
        """The mass of one cause in every state; an unasked question multiplies it by one."""
        found = [p]
        for rows in tables:
            factors = [*(row[cause] for row in rows), 1.0]
            found = [each * factor for factor in factors for each in found]
        return found

    def choice(self) -> Choice:
        self._settle()
        start = len(self._cost) - 1
        used = frozenset(self._plan(start))
        return Choice(best=self._ask(start), exact=True, used=used, cost=self._cost[start])

    def _settle(self) -> None:
        """Give every state the cost of its best plan, in place."""
        cheapest = min((question.cost for question in self._questions), default=0.0)
        cost, mass = self._cost, self._mass
        for place, unasked in enumerate(self._unasked()):
            stop, here = cost[place], mass[place]
            if stop <= cheapest * here:
                continue
            for asking, offsets in unasked:
                plan = asking * here
                for offset in offsets:
                    plan += cost[place - offset]
                if plan < stop - _SAME:
                    stop = plan
            cost[place] = stop

    def _unasked(self) -> Iterator[tuple[tuple[float, list[int]], ...]]:
        """For every place in order, the questions unasked there: their cost, and how far the answers are."""
        found: list[tuple[tuple[float, list[int]], ...]] = [()]
        for question, stride in zip(self._questions, self._strides, strict=True):
            ways = len(question.chances)
            asking = (question.cost, [stride * (ways - answer) for answer in range(ways)])
            found = found * ways + [(*each, asking) for each in found]
        return iter(found)

    def _ask(self, place: int) -> int | None:
        """The question that the best plan asks at a place; None where it stops."""
        best, asked = self._stop[place], None
        for number, after in self._open(place):
            plan = self._questions[number].cost * self._mass[place] + sum(self._cost[each] for each in after)
            if plan < best - _SAME:
                best, asked = plan, number
        return asked

    def _open(self, place: int) -> Iterator[tuple[int, list[int]]]:
        """The questions that are unasked at a place, and the places that their answers lead to."""
        for number, (question, stride) in enumerate(zip(self._questions, self._strides, strict=True)):
            ways = len(question.chances)
            if place // stride % (ways + 1) == ways:
                yield number, [place - stride * (ways - answer) for answer in range(ways)]

    def _plan(self, start: int) -> Iterator[int]:
        """Every question that the best plan may come to."""
        open_places, seen = [start], {start}
        while open_places:
            place = open_places.pop()
            asked = self._ask(place)
            if asked is not None:
                yield asked
                after = dict(self._open(place))[asked]
                open_places += [each for each in after if each not in seen]
                seen.update(after)
