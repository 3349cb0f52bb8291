"""Starts bots and load generators as processes, and ends them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil

from tests.benchmarks._load import SECRET, Job, Result

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that runs."""

    url: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rsplit(":", 1)[1])

    def megabytes(self) -> float:
        """Its resident memory."""
        return psutil.Process(self.process.pid).memory_info().rss / 1e6

    def health(self) -> dict[str, Any]:
        """What it says of itself."""
        with urlopen(f"{self.url}/health", timeout=10) as answer:  # noqa: S310 - our own address.
            found: dict[str, Any] = json.load(answer)
            return found

    def settles(self, seconds: float = 120) -> None:
        """Wait until nothing is owed."""
        until = time.monotonic() + seconds
        while self.health()["waiting"]:
            assert time.monotonic() < until, "the bot does not get its notices delivered"
            time.sleep(0.05)


def environment(slack: str, database_url: str, **more: str) -> dict[str, str]:
    """The variables of a bot that is spoken to over HTTP."""
    # A bot that may not keep its compiled modules compiles them at each start, which is not ours to measure.
    foreign = ("SLACK_", "ROUNDS_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return (
        kept
        | {
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack,
            "ROUNDS_DATABASE_URL": database_url,
            "ROUNDS_PORT": "0",
            # How fast we are is measured, not how fast Slack lets us be.
            "ROUNDS_PACE": "none",
        }
        | more
    )


@contextmanager
def started(kind: str, slack: str, database_url: str = "sqlite:///unused.db") -> Iterator[Running]:
    """A bot of a *kind* that `_bot` knows."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks._bot", kind],
        cwd=ROOT,
        env=environment(slack, database_url),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Running(process.stdout.readline().strip(), process)
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def load(job: Job) -> Result:
    """Have a process send requests."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks._load"],
        cwd=ROOT,
        input=json.dumps(asdict(job)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    return Result(**json.loads(done.stdout))
