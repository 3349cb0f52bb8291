"""The real program, `rounds run`, as a process that can be asked to end, or killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parents[2]
READY = "rounds: ready"
PATIENCE = 20.0


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(what: str, true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for something that is bound to happen."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s in vain until {what}"
        time.sleep(0.01)


class RealBot:
    """One process of `rounds run`, and what it has said."""

    def __init__(self, environment: dict[str, str], said: Path) -> None:
        self._said = said
        with said.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def says(self) -> str:
        """All that it has written so far."""
        return self._said.read_text(errors="replace")

    def ready(self) -> None:
        """Wait until it is ready."""
        until("it is ready", lambda: self.process.poll() is not None or READY in self.says())
        assert self.process.poll() is None, self.says()

    def kill(self) -> None:
        """End it without a warning."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def ask_to_end(self) -> None:
        """Send what a supervisor sends first."""
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait(PATIENCE)


def environment(
    sandbox: Sandbox, database_url: str, *, port: int = 0, over_socket: bool = False
) -> dict[str, str]:
    """The variables with which the program works with a sandbox, whether or not that runs by now."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "ROUNDS_"))}
    configured = sandbox.config.port
    api = f"http://127.0.0.1:{configured}/api/" if configured else sandbox.api_url
    token = {"SLACK_APP_TOKEN": sandbox.config.app_token} if over_socket else {}
    return (
        kept
        | token
        | {
            "SLACK_BOT_TOKEN": sandbox.config.bot_token,
            "SLACK_SIGNING_SECRET": sandbox.config.signing_secret,
            "SLACK_API_URL": api,
            "ROUNDS_DATABASE_URL": database_url,
            "ROUNDS_PORT": str(port),
            "ROUNDS_PACE": "none",
        }
    )


@contextmanager
def running(variables: dict[str, str], said: Path) -> Iterator[RealBot]:
    """A process that has ended when the block is left, one way or the other."""
    bot = RealBot(variables, said)
    try:
        yield bot
    finally:
        bot.kill()
