"""How complete handoffs are: `python -m tests.benchmarks.handoff [--json] [--quick]`.

Generated incidents with random holes, typed as people type them. What was recorded and what was left out is
known from whoever left it out, and is looked for in the printed document, as a reader would. Nothing here is
asserted.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median

from bot.domain.chart import Entry, Kind
from bot.domain.handoff.case import Case
from bot.domain.handoff.compiling import compile_handoff
from bot.domain.handoff.document import Handoff
from bot.domain.handoff.head import MOST_WORDS, head
from bot.domain.handoff.markdown import Facts, facts, markdown, parse_markdown
from bot.domain.handoff.read_back import Picked, ReadBack
from bot.domain.handoff.scoring import Score, score
from bot.domain.signs.vital_grammar import read
from bot.domain.work.fold import fold
from bot.domain.work.steps import Measured, Recorded
from tests.benchmarks._figures import Figure, as_json, table
from tests.benchmarks._handed import shift_ends
from tests.domain.any_case import PEOPLE, Made, made
from tests.domain.table import at

GIVER, RECEIVER = PEOPLE[:2]
INCIDENTS, PRINTED, ENTRIES, COMPILES, LED = 200, 1000, 10_000, 50, 50
QUICK = 20
# How the generator writes what we call by another name.
CALLED = {"burn": "burn rate"}


@dataclass(frozen=True)
class Compiled:
    """One incident, its document, and what is read in it."""

    made: Made
    document: Handoff
    read: Facts
    scored: Score


def compiled(seed: int, holes: float | None = None) -> Compiled:
    """The handoff of one generated incident."""
    found = made(seed, holes)
    document = compile_handoff(found.case, GIVER, RECEIVER, found.now, None)
    return Compiled(found, document, parse_markdown(markdown(document)), score(document))


def completeness(amount: int) -> Iterator[Figure]:
    """BM6: with holes, whether everything recorded is told and everything missing is listed."""
    every = [compiled(seed) for seed in range(amount)]
    told = [found for each in every for found in _told(each)]
    bad = [found for each in every for found in _abnormal(each)]
    listed = [found for each in every for found in _listed(each)]
    wrong = sum(len(_missing(each) - each.made.lacks) for each in every)
    yield Figure(name="BM6 incidents with holes", value=amount, unit="")
    yield _share("BM6 recorded facts that are in the document", told)
    yield _share("BM6 abnormal readings that are named", bad)
    yield _share("BM6 missing items that are listed", listed)
    yield Figure(name="BM6 listed as missing and not missing", value=wrong, unit="", aim=0)
    yield Figure(
        name="BM6 mean score of the document, with holes", value=mean(e.scored.doc for e in every), unit="/85"
    )
    words = max(head(each.document).words for each in every)
    yield Figure(name="BM6 longest head", value=words, unit="w", aim=MOST_WORDS)


def elements(amount: int) -> Iterator[Figure]:
    """BM6: of incidents that everything is known of, how many have all five elements once read back."""
    every = [compiled(seed, 0) for seed in range(amount)]
    whole = [each for each in every if not each.made.lacks]
    yield Figure(name="BM6 incidents in which nothing is missing", value=len(whole), unit="")
    yield _share("BM6 of these with all five elements", [_read_back(each).five_elements for each in whole])
    yield _share("BM6 of these complete", [_read_back(each).complete for each in whole])


def _read_back(each: Compiled) -> Score:
    said = ReadBack(
        by=RECEIVER, words="as told", picked=Picked(), f1=1, sent_at=each.made.now, accepted_at=each.made.now
    )
    return score(each.document, said)


def _share(name: str, found: Sequence[bool]) -> Figure:
    value = 100 * sum(found) / len(found) if found else 100.0
    return Figure(name=f"{name} ({len(found):,})", value=value, unit="%", aim=100, better="more")


def _told(each: Compiled) -> Iterator[bool]:
    """For each word of the ledger, whether a reader finds it."""
    values = {
        " ".join(value.split())
        for rows in each.read.sections.values()
        for row in rows
        for value in row.values()
    }
    everything = "\n".join(values)
    yield from (words in everything for words in each.made.told)


def _abnormal(each: Compiled) -> Iterator[bool]:
    named = {(row["sign"], row["value"]) for row in each.read.rows("Abnormal signs")}
    yield from ((CALLED.get(name, name), value) in named for name, value in each.made.bad)


def _missing(each: Compiled) -> set[tuple[str, str]]:
    return {(one.item, one.mend) for one in each.scored.missing}


def _listed(each: Compiled) -> Iterator[bool]:
    listed = _missing(each)
    yield from (lack in listed for lack in each.made.lacks)


def printing(amount: int) -> Iterator[Figure]:
    """Compile, print, parse: the facts that come back."""
    same = list[bool]()
    for seed in range(10_000, 10_000 + amount):
        found = made(seed)
        document = compile_handoff(found.case, GIVER, RECEIVER, found.now, None)
        same.append(parse_markdown(markdown(document)) == facts(document))
    yield _share("compile, print, parse gives the same facts", same)


def long_incident(entries: int) -> Case:
    """An incident with so many entries: talk, and a reading of the vital signs every tenth."""
    base = made(1, 0.2).case
    talk = [
        Entry(
            incident=base.incident.number,
            seq=1000 + number,
            kind=Kind.VITAL if number % 10 == 0 else Kind.NOTE,
            text=f"still looking at shard {number}",
            author=PEOPLE[number % 4],
            at=at(number / 10),
            logged_by=PEOPLE[0],
        )
        for number in range(entries)
    ]
    signs = ("loss=1.8 throughput=0.95x", "loss=nan throughput=0.4x", "p99=3x drift=0.3")
    takings = [
        Recorded(
            seq=number, step=Measured(readings=tuple(read(signs[number % 3]))), by=PEOPLE[0], at=at(number)
        )
        for number in range(entries // 10)
    ]
    vitals = fold(takings).vitals
    return replace(
        base, entries=[*base.entries, *talk], workup=replace(base.workup, vitals=vitals), handed_at=None
    )


def timing(entries: int, rounds: int) -> Iterator[Figure]:
    """How long we need for a long incident: to compile it, and to compile, score, shorten and print it."""
    of = long_incident(entries)

    def compile_it() -> Handoff:
        return compile_handoff(of, GIVER, RECEIVER, at(entries / 10), None)

    def everything() -> str:
        document = compile_it()
        return f"{score(document).shown} {head(document).text} {markdown(document)}"

    for name, act in (("compile", compile_it), ("compile, score and print", everything)):
        times = _timed(act, rounds)
        yield Figure(name=f"{name} {entries:,} entries, median", value=median(times), unit="ms", aim=100)
        yield Figure(name=f"{name} {entries:,} entries, slowest", value=max(times), unit="ms")


def _timed(act: Callable[[], object], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - started))
    return times


def figures(*, quick: bool) -> Iterator[Figure]:
    """Every figure, as it is measured."""
    amount = QUICK if quick else INCIDENTS
    yield from timing(ENTRIES, COMPILES // 5 if quick else COMPILES)
    yield from completeness(amount)
    yield from elements(amount)
    yield from printing(QUICK if quick else PRINTED)
    yield from shift_ends(QUICK if quick else LED)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.handoff")
    parser.add_argument("--json", action="store_true", help="print for a program")
    parser.add_argument("--quick", action="store_true", help="a few incidents only")
    asked = parser.parse_args(arguments)
    started = time.perf_counter()
    found = list(figures(quick=asked.quick))
    print(as_json(found) if asked.json else table(found))
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
