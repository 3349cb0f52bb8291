"""A problem with every state of knowledge laid out, so that policies are evaluated exactly, without sampling.

A state's place has one digit per test: its outcome, or the highest digit for "not done". What an outcome
leads to therefore has a smaller place, and one pass in order settles any recursion.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from math import prod
from operator import add

from tests.benchmarks._networks import Problem

# A test and how far below a place each of its outcomes leads.
Step = tuple[int, tuple[int, ...]]
# What a place is worth, given what each test that can be done there is worth.
Rule = Callable[[int, list[float]], float]


class World:
    """Each cause's mass in each state of knowledge."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ways = problem.ways
        self.strides = [prod(ways + 1 for ways in self.ways[:place]) for place in range(len(self.ways))]
        self.causes = [_augmented(list(full), self.ways) for full in problem.full]
        self.mass: list[float] = list(map(sum, zip(*self.causes, strict=True)))
        self.best: list[float] = list(map(max, zip(*self.causes, strict=True)))
        self.start = len(self.mass) - 1

    def joint(self, place: int) -> list[float]:
        """The mass of every cause at a place."""
        return [cause[place] for cause in self.causes]

    @cached_property
    def undone(self) -> list[tuple[Step, ...]]:
        """For every place, the tests not done there."""
        found: list[tuple[Step, ...]] = [()]
        for test, (ways, stride) in enumerate(zip(self.ways, self.strides, strict=True)):
            step = (test, tuple(stride * (ways - outcome) for outcome in range(ways)))
            found = found * ways + [(*each, step) for each in found]
        return found

    def settled(self, costs: Sequence[float], rule: Rule) -> float:
        """The value of knowing nothing yet, when every place is worth what the rule says."""
        found: list[float] = []
        for place, (mass, steps) in enumerate(zip(self.mass, self.undone, strict=True)):
            plans = [
                costs[test] * mass + sum([found[place - down] for down in downs]) for test, downs in steps
            ]
            found.append(rule(place, plans))
        return found[-1]

    def after(self, steps: int, rule: Callable[[list[float]], float]) -> float:
        """The accuracy expected after so many tests, each chosen by the rule among what they are worth."""
        known: dict[int, float] = {}

        def value(place: int, left: int) -> float:
            if left == 0 or not self.undone[place]:
                return self.best[place]
            if place not in known:
                options = [
                    sum(value(place - down, left - 1) for down in downs) for _, downs in self.undone[place]
                ]
                known[place] = rule(options)
            return known[place]

        return value(self.start, steps)


def _augmented(full: list[float], ways: Sequence[int]) -> list[float]:
    """A table over outcomes, with "not done" as one more digit of each test."""
    if not ways:
        return full
    size = len(full) // ways[-1]
    parts = [_augmented(full[way * size : (way + 1) * size], ways[:-1]) for way in range(ways[-1])]
    total = parts[0]
    for part in parts[1:]:
        total = list(map(add, total, part))
    return [each for part in (*parts, total) for each in part]
