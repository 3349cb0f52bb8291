"""How well the next test is chosen: `python -m tests.benchmarks.diagnosis [--json] [--quick]`.

Exact evaluation on four published networks, no sampling; the code under test is the product's own chooser,
fed through the product's own input scale. The networks are models with assumed costs and single faults:
guards against getting worse, and no evidence about real incidents. Nothing here is asserted.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from statistics import mean

from bot.domain.diagnosis import estimate
from bot.domain.therapy.treatment import Option, expected_cost, in_order
from tests.benchmarks._doctor import ENOUGH, WRONG, told_by_people, told_the_truth
from tests.benchmarks._figures import Figure, as_json, table
from tests.benchmarks._networks import COSTS, Problem, problems
from tests.benchmarks._world import World

SCALES = {"numbers": estimate.nearest_step, "words": estimate.nearest_word}
COST_AIMS = {"numbers": 1.06, "words": 1.08}
LOSS_AIMS = {"numbers": 1.0, "words": 2.5}
BM2_AIMS = {"alarm": 1.05, "win95pts-1": 1.05, "win95pts-2": 1.05}
DRAWS = 200
QUICK = 2


class Tally:
    """Figures of each problem, and their means at the end."""

    def __init__(self) -> None:
        self._found: dict[str, list[float]] = {}

    def add(self, series: str, problem: str, value: float, unit: str = "x") -> Figure:
        """One problem's figure."""
        self._found.setdefault(series, []).append(value)
        return Figure(name=f"{series}, {problem}", value=value, unit=unit)

    def mean(self, series: str, *, aim: float | None = None, unit: str = "x", more: bool = False) -> Figure:
        """The mean over the problems."""
        value = mean(self._found[series])
        return Figure(
            name=f"{series}, mean", value=value, unit=unit, aim=aim, better="more" if more else "less"
        )


def costs(problem: Problem, world: World, tally: Tally) -> Iterator[Figure]:
    """BM1 and BM1e: expected minutes of testing and being wrong, beside the optimum and a random order."""

    def stop(place: int) -> float:
        return WRONG * (world.mass[place] - world.best[place])

    minutes = problem.costs
    best = world.settled(minutes, lambda place, plans: min([stop(place), *plans]))
    chance = world.settled(
        minutes, lambda place, plans: min(stop(place), mean(plans)) if plans else stop(place)
    )
    yield Figure(name=f"BM1 optimum, {problem.name}", value=best, unit="min")
    yield tally.add("BM1 random / optimum", problem.name, chance / best)
    yield tally.add("BM1 product / optimum", problem.name, told_the_truth(world, minutes).cost() / best)
    for name, scale in SCALES.items():
        cost = told_by_people(world, minutes, scale).cost()
        yield tally.add(f"BM1e product told {name} / optimum", problem.name, cost / best)


def counts(problem: Problem, world: World, tally: Tally) -> Iterator[Figure]:
    """BM2: the number of tests until one cause has 90 %, each test costing the same."""
    unit = [1.0] * len(problem.tests)

    def sure(place: int) -> bool:
        return world.best[place] >= ENOUGH * world.mass[place]

    best = world.settled(unit, lambda place, plans: 0.0 if sure(place) or not plans else min(plans))
    chance = world.settled(unit, lambda place, plans: 0.0 if sure(place) or not plans else mean(plans))
    yield Figure(name=f"BM2 optimum, {problem.name}", value=best, unit="")
    yield tally.add("BM2 random / optimum", problem.name, chance / best)
    found = told_the_truth(world, unit).tests_until_sure()
    # The bar is for the problems in which 90 % is often within reach.
    aim = BM2_AIMS.get(problem.name)
    yield replace(tally.add("BM2 product / optimum", problem.name, found / best), aim=aim)


def accuracies(problem: Problem, world: World, tally: Tally) -> Iterator[Figure]:
    """BM3 and BM4: the share of right diagnoses after one to five tests, and what a scale costs of it."""
    unit, most = [1.0] * len(problem.tests), min(5, len(problem.tests))
    best = mean(world.after(steps, max) for steps in range(1, most + 1))
    chance = mean(world.after(steps, mean) for steps in range(1, most + 1))
    exact = told_the_truth(world, unit).accuracy(most)
    yield Figure(name=f"BM3 optimum, {problem.name}", value=100 * best, unit="%")
    yield tally.add("BM3 random / optimum", problem.name, 100 * chance / best, "%")
    yield tally.add("BM3 product / optimum", problem.name, 100 * exact / best, "%")
    for name, scale in SCALES.items():
        lost = exact - told_by_people(world, unit, scale).accuracy(most)
        yield tally.add(f"BM4 points lost to {name}", problem.name, 100 * lost, "pt")


def repairs(problem: Problem) -> Iterator[Figure]:
    """BM5: the minutes until the fault is mended, trying one repair after the other."""
    draw, prior = random.Random(0), problem.prior  # noqa: S311 - costs for a figure.
    found: dict[str, list[float]] = {"product": [], "by probability": [], "cheapest first": [], "random": []}
    for _ in range(DRAWS):
        options = [Option(name=f"{i:02}", p=p, minutes=draw.choice(COSTS)) for i, p in enumerate(prior)]
        best = expected_cost(sorted(options, key=lambda option: option.minutes / option.p))
        found["product"].append(expected_cost(in_order(options)) / best)
        found["by probability"].append(expected_cost(sorted(options, key=lambda each: -each.p)) / best)
        found["cheapest first"].append(expected_cost(sorted(options, key=lambda each: each.minutes)) / best)
        found["random"].append(sum(each.minutes * (1 + each.p) / 2 for each in options) / best)
    for name, ratios in found.items():
        aim = 1.000001 if name == "product" else None
        yield Figure(name=f"BM5 {name} / optimum, {problem.name}", value=mean(ratios), unit="x", aim=aim)


def figures(*, quick: bool) -> Iterator[Figure]:
    """Every figure, as it is measured."""
    tally = Tally()
    for problem in islice(problems(), QUICK if quick else None):
        world = World(problem)
        started = time.perf_counter()
        for part in (costs, counts, accuracies):
            yield from part(problem, world, tally)
        print(f"{problem.name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
        if problem.name == "win95pts-1":
            yield from repairs(problem)
    yield from _means(tally)


def _means(tally: Tally) -> Iterator[Figure]:
    yield tally.mean("BM1 random / optimum")
    yield tally.mean("BM1 product / optimum", aim=1.03)
    for name, aim in COST_AIMS.items():
        yield tally.mean(f"BM1e product told {name} / optimum", aim=aim)
    yield tally.mean("BM2 random / optimum")
    yield tally.mean("BM2 product / optimum")
    yield tally.mean("BM3 random / optimum", unit="%")
    yield tally.mean("BM3 product / optimum", aim=97, unit="%", more=True)
    for name, aim in LOSS_AIMS.items():
        yield tally.mean(f"BM4 points lost to {name}", aim=aim, unit="pt")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.diagnosis")
    parser.add_argument("--json", action="store_true", help="print for a program")
    parser.add_argument("--quick", action="store_true", help="the two small networks only")
    asked = parser.parse_args(arguments)
    found = list(figures(quick=asked.quick))
    print(as_json(found) if asked.json else table(found))


if __name__ == "__main__":
    main()
