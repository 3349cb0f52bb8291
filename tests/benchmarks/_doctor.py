"""Whoever diagnoses: the product's own chooser, told the truth, or told what people would type."""

from collections.abc import Callable, Sequence
from math import fsum, prod

from bot.domain.diagnosis import choosing, estimate
from bot.domain.diagnosis.choosing import Question
from bot.domain.diagnosis.estimate import Estimate
from tests.benchmarks._world import World

Scale = Callable[[float], Estimate]
# What is believed at a place: each cause's probability, and for each test not done what to expect of it.
Belief = tuple[list[float], dict[int, tuple[tuple[float, ...], ...]]]
WRONG = 240.0
ENOUGH = 0.9


class Doctor:
    """Chooses tests and names the cause by what it believes, never by what is true."""

    def __init__(self, world: World, costs: Sequence[float], believe: Callable[[int], Belief]) -> None:
        self._world = world
        self._costs = costs
        self._believe = believe

    def cost(self) -> float:
        """The expected minutes of tests and of wrong diagnoses, stopping when it wants to."""
        world = self._world

        def at(place: int) -> float:
            named, test = self._next(place, forced=False)
            if test is None:
                return WRONG * (world.mass[place] - world.causes[named][place])
            return self._costs[test] * world.mass[place] + fsum(
                at(each) for each in self._outcomes(place, test)
            )

        return at(world.start)

    def tests_until_sure(self) -> float:
        """The number of tests expected until one cause has 90 %, or nothing is left to do."""
        world = self._world

        def at(place: int) -> float:
            if world.best[place] >= ENOUGH * world.mass[place]:
                return 0.0
            _, test = self._next(place, forced=True)
            if test is None:
                return 0.0
            return world.mass[place] + fsum(at(each) for each in self._outcomes(place, test))

        return at(world.start)

    def accuracy(self, most: int) -> float:
        """The share of right diagnoses after 1 to *most* tests, on average."""
        world, right = self._world, [0.0] * (most + 1)

        def walk(place: int, done: int) -> None:
            named, test = self._next(place, forced=True) if done < most else (self._named(place), None)
            right[done] += world.causes[named][place]
            if test is not None:
                for each in self._outcomes(place, test):
                    walk(each, done + 1)

        walk(world.start, 0)
        return fsum(right[1:]) / most

    def _outcomes(self, place: int, test: int) -> list[int]:
        """Where the outcomes that can happen lead."""
        downs = dict(self._world.undone[place])[test]
        return [place - down for down in downs if self._world.mass[place - down] > 0]

    def _named(self, place: int) -> int:
        p, _ = self._believe(place)
        return max(range(len(p)), key=lambda cause: p[cause])

    def _next(self, place: int, *, forced: bool) -> tuple[int, int | None]:
        """The cause it would name, and the test it asks for; *forced* is not allowed to stop."""
        p, expected = self._believe(place)
        tests = list(expected)
        questions = [Question(self._costs[test], expected[test]) for test in tests]
        best = choosing.choose(p, questions, wrong=WRONG).best
        if best is None and forced and tests:
            best = choosing.by_bits_per_cost(p, questions)[0]
        return max(range(len(p)), key=lambda cause: p[cause]), None if best is None else tests[best]


def told_the_truth(world: World, costs: Sequence[float]) -> Doctor:
    """Believes at every place what the network says of causes and of single tests."""

    def believe(place: int) -> Belief:
        masses = world.joint(place)
        expected = {
            test: tuple(
                tuple(
                    cause[place - down] / mass if mass else 0.0
                    for cause, mass in zip(world.causes, masses, strict=True)
                )
                for down in downs
            )
            for test, downs in world.undone[place]
        }
        return [mass / world.mass[place] for mass in masses], expected

    return Doctor(world, costs, believe)


def told_by_people(world: World, costs: Sequence[float], scale: Scale) -> Doctor:
    """Believes what people type before the first test, and from there what the product makes of results."""
    typed = _typed([cause[world.start] for cause in world.causes], scale)
    tables = {test: _table(world, downs, scale) for test, downs in world.undone[world.start]}

    def believe(place: int) -> Belief:
        digits = [
            place // stride % (ways + 1) for ways, stride in zip(world.ways, world.strides, strict=True)
        ]
        seen = [tables[test][digit] for test, digit in enumerate(digits) if digit < world.ways[test]]
        raw = [p * prod(row[cause] for row in seen) for cause, p in enumerate(typed)]
        left = {test: tables[test] for test, digit in enumerate(digits) if digit == world.ways[test]}
        return [p / fsum(raw) for p in raw], left

    return Doctor(world, costs, believe)


def _table(world: World, downs: Sequence[int], scale: Scale) -> tuple[tuple[float, ...], ...]:
    """What each cause expects of a test, as people type it; each cause's outcomes sum to one."""
    columns = [
        _typed([cause[world.start - down] / cause[world.start] for down in downs], scale)
        for cause in world.causes
    ]
    return tuple(zip(*columns, strict=True))


def _typed(numbers: Sequence[float], scale: Scale) -> list[float]:
    """Numbers as they come out of the product's own field, made to sum to one."""
    read = [estimate.read(estimate.written(scale(p))).p for p in numbers]
    return [p / fsum(read) for p in read]
