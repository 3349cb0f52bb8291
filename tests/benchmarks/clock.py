"""Whether the clock keeps its word: `python -m tests.benchmarks.clock [--json] [--quick] [--database NAME]`.

BM7 and BM8 over 1,000 simulated incident-days, in six wards: around both changes of the clocks in Berlin, in
New York and on Lord Howe, where they change by half an hour. Each ward runs the real ticks, use cases, store,
relay and sandbox under a clock that jumps to the next due row, human act or fault: bots are thrown away or
die with a notice in hand, Slack and the database are out for hours, answers of Slack get lost. People work,
talk, take turns on duty and hand incidents over, or leave it. A referee that shares nothing with the bot's
planning, and has tests of its own, says when each prompt had to be asked; an outage excuses lateness until
its end. `--only WARD` plays a ward alone, exactly as among the others.

Bars: all prompts are asked within one tick (1 s) of that moment, none is missed or doubled, SEV1 gets at most
12 messages an incident-hour, and each channel one digest a local date. The exit code is 1 where one is
missed. Where /dev/shm is, the databases are kept in it: commits are many, and not what is measured.
"""

import argparse
import logging
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from statistics import quantiles

import structlog

from bot.domain.prompts.question import PromptKind
from tests.benchmarks._figures import Figure, as_json, table
from tests.benchmarks.clock_round import Found, play
from tests.benchmarks.clock_stage import SETTINGS, Setting
from tests.databases import PostgresTemplate, SqliteTemplate

DAYS, QUICK = 1000, 60
# Nobody needs the wards' databases after it: where a machine keeps files in memory, they are kept there.
MEMORY = Path("/dev/shm")  # noqa: S108 - a fresh folder is made in it.
MISSED = ("missed", "left out", "digest missed")
DOUBLED = ("doubled", "uncalled", "early", "posted twice", "side by side", "digest doubled")


def one_ward(setting: Setting, database: str, days: float, seed: int) -> Found:
    """A ward in a process of its own, with its own database."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    # The bot and the sandbox wait for each other all the time: neither should wait for its turn, too.
    sys.setswitchinterval(0.0005)
    memory = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="rounds-clock-", dir=memory) as folder:
        kind = SqliteTemplate if database == "sqlite" else PostgresTemplate
        with kind(Path(folder)).copy(Path(folder)) as url:
            return play(setting, url, days, seed)


def all_wards(database: str, days: float, seed: int, processes: int, only: str = "") -> Found:
    """Every ward, or those that are called so, a few at once."""
    found, began = Found(), time.monotonic()
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        each = days / len(SETTINGS)
        jobs = {
            pool.submit(one_ward, one, database, each, seed + n): one
            for n, one in enumerate(SETTINGS)
            if only.casefold() in one.name.casefold()
        }
        for job in as_completed(jobs):
            found.add(job.result())
            told = f"{jobs[job].name}: {job.result().days:.0f} incident-days, {job.result().steps} jumps"
            print(f"{told}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return found


def figures(found: Found) -> Iterator[Figure]:
    """What is reported, with the bars."""
    kinds = Counter(_kind(fault) for fault in found.faults)
    in_time = sum(late <= 1 for late in found.late)
    share = 100 * in_time / len(found.late)
    yield Figure(name="BM7 incident-days", value=found.days, unit="")
    yield Figure(name="BM7 prompts", value=len(found.late), unit="")
    yield Figure(name=f"BM7 kinds of questions asked, of {len(PromptKind)}", value=len(found.kinds), unit="")
    yield Figure(name="BM7 asked within 1 s of ask_at", value=share, unit="%", aim=100, better="more")
    yield Figure(name="BM7 missed", value=sum(kinds[each] for each in MISSED), unit="", aim=0)
    yield Figure(name="BM7 doubled or uncalled", value=sum(kinds[each] for each in DOUBLED), unit="", aim=0)
    others = sum(kinds.values()) - sum(kinds[each] for each in (*MISSED, *DOUBLED))
    yield Figure(name="BM7 other faults", value=others, unit="", aim=0)
    yield Figure(name="BM7 lateness, worst", value=max(found.late), unit="s")
    cuts = quantiles(found.delivered, n=100)
    yield Figure(name="BM7 from asked to delivered, p50", value=cuts[49], unit="s")
    yield Figure(name="BM7 from asked to delivered, p99 (Slack's outages included)", value=cuts[98], unit="s")
    yield Figure(name="BM7 digests due", value=found.digests, unit="")
    yield Figure(name="BM7 digests skipped, as they were too late", value=found.skipped, unit="")
    yield from _load(found)


def _load(found: Found) -> Iterator[Figure]:
    for severity in sorted(found.hours):
        hours = found.hours[severity]
        aim = 12.0 if severity == 1 else None
        name = f"BM8 SEV{severity}"
        yield Figure(
            name=f"{name} messages/incident-hour", value=found.messages[severity] / hours, unit="", aim=aim
        )
        yield Figure(
            name=f"{name} of them prompts and escalations", value=found.prompts[severity] / hours, unit=""
        )
    worst = max(found.worst_hour, default=0)
    yield Figure(name="BM8 SEV1 prompts in the worst hour", value=worst, unit="", aim=12)
    share = 100 * found.coalesced / max(found.asked, 1)
    yield Figure(name="BM8 questions asked together with others", value=share, unit="%")


def _kind(fault: str) -> str:
    return next((kind for kind in (*MISSED, *DOUBLED) if f" {kind} at " in fault), "other")


def main() -> int:
    """Simulate, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.clock")
    parser.add_argument("--json", action="store_true", help="print for a program")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} incident-days instead of {DAYS}")
    parser.add_argument("--days", type=float, default=DAYS, help="so many incident-days")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", default="", metavar="WARD", help="the wards called so, at their own share")
    asked = parser.parse_args()
    if not any(asked.only.casefold() in one.name.casefold() for one in SETTINGS):
        parser.error(f"there is no such ward: {', '.join(one.name for one in SETTINGS)}")
    days = QUICK if asked.quick else asked.days
    found = all_wards(asked.database, days, asked.seed, asked.processes, asked.only)
    for fault in found.faults[:200]:
        print(fault, file=sys.stderr)
    asked_of = ", ".join(f"{kind} {times}" for kind, times in found.kinds.most_common())
    print(f"Questions asked: {asked_of}", file=sys.stderr)
    told = [*figures(found)]
    print(as_json(told) if asked.json else table(told))
    return 1 if any(figure.met is False for figure in told) else 0


if __name__ == "__main__":
    sys.exit(main())
