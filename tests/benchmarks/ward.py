"""The figures of the ward: `python -m tests.benchmarks.ward [--json] [--quick] [--only PART]`.

Speeds are ratios within one run, measured in turns: only they can be compared between machines. Nothing here
is asserted, so that a busy machine never fails a build.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks._acknowledged import acknowledged
from tests.benchmarks._figures import Figure, as_json, table
from tests.benchmarks._slack import SmallSlack
from tests.databases import PostgresTemplate, SqliteTemplate

PARTS = ("acknowledged",)


def figures(folder: Path, parts: set[str], *, quick: bool) -> Iterator[Figure]:
    """Every figure, as it is measured."""
    templates = {"SQLite": SqliteTemplate(folder), "PostgreSQL": PostgresTemplate(folder)}
    with SmallSlack() as slack:
        if "acknowledged" in parts:
            for name, template in templates.items():
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
            print(figure.name, file=sys.stderr)
            found.append(figure)
    print(as_json(found) if asked.json else table(found))


if __name__ == "__main__":
    main()
