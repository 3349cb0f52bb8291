"""The figures of the ward: `python -m tests.benchmarks.ward [--json] [--quick] [--only PART]`.

Speeds are ratios within one run, measured in turns: only they can be compared between machines. Nothing here
is asserted, so that a busy machine never fails a build.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks._acknowledged import acknowledged
from tests.benchmarks._calls import burst, calls, statements
from tests.benchmarks._figures import Figure, as_json, line, table
from tests.benchmarks._slack import SmallSlack
from tests.benchmarks._start import start
from tests.benchmarks._unit import unit
from tests.databases import PostgresTemplate, SqliteTemplate

PARTS = ("start", "calls", "unit", "burst", "acknowledged")


def figures(folder: Path, parts: set[str], *, quick: bool) -> Iterator[Figure]:
    """Every figure, as it is measured."""
    sqlite = SqliteTemplate(folder)
    both: dict[str, SqliteTemplate | PostgresTemplate] = {
        "SQLite": sqlite,
        "PostgreSQL": PostgresTemplate(folder, durable=True),
    }
    with SmallSlack() as slack:
        if "start" in parts:
            yield from start(sqlite, folder / "start", slack.url, quick=quick)
        if "calls" in parts:
            yield from statements(sqlite, folder / "statements")
            yield from calls(sqlite, folder / "calls", slack)
        for name, template in both.items():
            if "burst" in parts:
                yield from burst(name, template, folder / f"burst-{name}", slack)
            if "unit" in parts:
                yield from unit(name, template, folder / f"unit-{name}", quick=quick)
            if "acknowledged" in parts:
                yield from acknowledged(name, template, folder / name, slack.url, quick=quick)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ward")
    parser.add_argument("--json", action="store_true", help="print for a program")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure one part only")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rounds-ward-") as folder:
        found = []
        for figure in figures(Path(folder), set(asked.only or PARTS), quick=asked.quick):
            print(line(figure), file=sys.stderr, flush=True)
            found.append(figure)
    print(as_json(found) if asked.json else table(found))


if __name__ == "__main__":
    main()
