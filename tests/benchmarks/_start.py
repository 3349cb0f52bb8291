"""From the start of the process to its first answer to /health, and the memory it then holds."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from tests.benchmarks._figures import Figure, interleaved, middle, ratio
from tests.benchmarks._processes import ROOT, environment
from tests.databases import SqliteTemplate

COMMANDS = {"bare": ["-m", "tests.benchmarks._bot", "bare"], "rounds": ["-m", "bot", "run"]}
Started = tuple[float, float]


def start(template: SqliteTemplate, folder: Path, slack: str, *, quick: bool) -> Iterator[Figure]:
    """The real `rounds run` against the bare app."""
    folder.mkdir()
    with template.copy(folder) as url:
        variants: dict[str, Callable[[], Started]] = {
            name: lambda command=command: _start(command, slack, url)  # type: ignore[misc]
            for name, command in COMMANDS.items()
        }
        found = interleaved(variants, 3 if quick else 7)
    ours, bare = found["rounds"], found["bare"]
    yield Figure(name="start-up to ready", value=middle(ours, _seconds), unit="s", aim=1.5)
    yield Figure(name="start-up to ready, of the bare app's", value=ratio(ours, bare, _seconds), unit="x")
    yield Figure(name="start-up to ready, bare app", value=middle(bare, _seconds), unit="s")
    yield Figure(name="resident memory when ready", value=middle(ours, _megabytes), unit="MB", aim=120)
    yield Figure(
        name="resident memory when ready, of the bare app's", value=ratio(ours, bare, _megabytes), unit="x"
    )


def _seconds(started: Started) -> float:
    return started[0]


def _megabytes(started: Started) -> float:
    return started[1]


def _start(command: list[str], slack: str, database_url: str) -> Started:
    port = _free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(slack, database_url, ROUNDS_PORT=str(port)),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_healthy(process, port)
        return time.perf_counter() - began, psutil.Process(process.pid).memory_info().rss / 1e6
    finally:
        process.terminate()
        process.communicate()


def _until_healthy(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except URLError:
            time.sleep(0.005)
    raise AssertionError("it does not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
