"""The demo: sandbox, bot and SQLite in one process, and an incident by hand or as a replayed case study."""

import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

import typer
from pydantic import SecretStr

from bot import logs
from bot.config import Settings
from bot.manifests import manifest_data
from bot.sandbox.cases import collator, gru_heads
from bot.sandbox.cases.player import play as play_case
from bot.sandbox.client import SandboxClient
from bot.sandbox.config import SandboxConfig
from bot.sandbox.server import Sandbox
from bot.store.schema import migrate
from bot.store.session import Database
from bot.store.sole import Busy
from bot.wiring import Bot, wire

CASES = {"collator": collator.CASE, "gru-heads": gru_heads.CASE}


def play(*, folder: Path | None, case: str | None, port: int, fast: bool) -> None:
    """Run the demo until it is interrupted; a fast replay ends by itself."""
    if case is not None and case not in CASES:
        raise typer.BadParameter(f"There is no case {case!r}. There are: {', '.join(CASES)}.")
    logs.configure("text", level=logs.QUIET)
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rounds-")))
        sandbox = _sandbox(port)
        stack.callback(sandbox.stop)
        stack.enter_context(running(sandbox, place / "rounds.db"))
        typer.echo(f"Open {sandbox.url} in a browser. Database: {place / 'rounds.db'}. Ctrl-C ends it.")
        client = SandboxClient(sandbox.url)
        if case:
            typer.echo(str(play_case(client, CASES[case], fast=fast, say=typer.echo)))
        if not (case and fast):
            _until_interrupted()


def _sandbox(port: int) -> Sandbox:
    """A sandbox on the port.

    Raises:
        Busy: Something else has it.
    """
    sandbox = Sandbox(SandboxConfig(port=port, manifest=manifest_data("socket")))
    try:
        sandbox.start()
    except OSError as error:
        raise Busy(
            f"Port {port} cannot be used ({error.strerror}). Take any free one with --port 0."
        ) from error
    return sandbox


@contextmanager
def running(sandbox: Sandbox, file: Path) -> Iterator[Bot]:
    """A bot on its own SQLite file, connected to the sandbox."""
    url = f"sqlite:///{file}"
    file.parent.mkdir(parents=True, exist_ok=True)
    database = Database(url)
    migrate(database)
    database.close()
    bot = wire(
        Settings(
            slack_bot_token=SecretStr(sandbox.config.bot_token),
            slack_app_token=SecretStr(sandbox.config.app_token),
            slack_api_url=sandbox.api_url,
            rounds_database_url=url,
            rounds_port=0,
        )
    )
    bot.start()
    try:
        bot.socket_ready()
        yield bot
    finally:
        bot.stop()


def _until_interrupted() -> None:
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    ended.wait()
