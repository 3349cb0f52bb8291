"""The command line: ``rounds run | migrate | doctor | outbox | export | import | manifest | demo …``."""

import signal
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from bot import config, logs, manifests
from bot.cli_export import ExportCommands
from bot.config import BadSettings
from bot.domain.errors import RoundsError
from bot.store import backlog, schema
from bot.store.schema import WrongSchema
from bot.store.session import Database, Unavailable
from bot.store.sole import Busy, hold

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Rounds: a Slack bot that runs incidents and hands them over.",
)
outbox_commands = typer.Typer(no_args_is_help=True, help="What could not be delivered to Slack or asked.")
app.add_typer(outbox_commands, name="outbox")
ExportCommands(lambda: datetime.now(UTC)).register(app)


class SocketDead(Exception):
    """No socket lived for too long although Slack answers; whoever supervises us starts us anew."""

    def __str__(self) -> str:
        """Say it to whoever reads the log."""
        return self.__doc__ or ""


def main() -> None:
    """Run the command; what a person can mend is said in a sentence, not in a traceback."""
    try:
        app()
    except SocketDead as error:
        typer.echo(f"rounds: {error}", err=True)
        sys.exit(1)
    except (BadSettings, WrongSchema, Busy, Unavailable, RoundsError) as error:
        typer.echo(f"rounds: {error}", err=True)
        sys.exit(2)


@app.command()
def run() -> None:
    """Connect to Slack and work, until a signal ends it."""
    from bot.wiring import wire  # noqa: PLC0415 - only after --help had its chance to be quick.

    settings = config.from_environment()
    logs.configure(settings.rounds_log)
    bot = wire(settings)

    def stop(_number: int, _frame: FrameType | None) -> None:
        ending.set()

    ending = bot.ending
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    bot.start()
    typer.echo(f"rounds: ready, health at {bot.url}/health", err=True)
    ending.wait()
    bot.stop()
    if bot.dead:
        raise SocketDead


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    settings = config.of_the_database()
    with closing(Database(settings.rounds_database_url)) as database:
        lock = hold(settings.database_file)
        before = schema.current(database)
        schema.migrate(database)
        after = schema.current(database)
        if lock:
            lock.close()
    typer.echo(
        f"The database is at revision {after}." if before == after else f"{before or 'new'} -> {after}"
    )


@app.command()
def doctor() -> None:
    """Check settings, database and Slack, and say what is wrong and how to mend it."""
    from bot.doctor import examine  # noqa: PLC0415 - as above.

    sound = True
    for finding in examine(datetime.now(UTC)):
        typer.echo(f"{'ok ' if finding.ok else 'BAD'}  {finding.what}")
        sound = sound and finding.ok
    if not sound:
        sys.exit(1)


def _database() -> Database:
    return Database(config.of_the_database().rounds_database_url)


@outbox_commands.command("list")
def list_outbox() -> None:
    """Show what was given up, is parked or fails, and why."""
    with (
        closing(Database(config.of_the_database().rounds_database_url)) as database,
        database.reading() as session,
    ):
        found = backlog.troubles(session)
    for trouble in found:
        open_ = "fails" if trouble.notice == backlog.PROMPTS else "parked"
        state = "given up" if trouble.given_up else open_
        typer.echo(f"{trouble.owed_at:%Y-%m-%d %H:%M}  {state}  {trouble.key}  {trouble.error}")
    typer.echo(f"{len(found)} in all" if found else "Nothing is given up or parked, and no prompt fails.")


@outbox_commands.command("revive")
def revive(
    key: Annotated[str | None, typer.Argument(help="One key of `outbox list`; all without it.")] = None,
) -> None:
    """Try again what was given up, is parked or fails."""
    with (
        closing(Database(config.of_the_database().rounds_database_url)) as database,
        database.quietly() as session,
    ):
        count = backlog.revive(session, key, datetime.now(UTC))
    typer.echo(f"{count} will be tried again.")


@app.command()
def manifest(
    transport: Annotated[str, typer.Argument(help="socket or http")] = "socket",
) -> None:
    """Print the Slack app manifest, to paste where Slack asks for one."""
    if transport not in {"socket", "http"}:
        raise typer.BadParameter("There are two manifests: socket and http.")
    typer.echo(manifests.manifest(transport))


@app.command()
def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Keep the database here; a temporary folder otherwise.")
    ] = None,
    case: Annotated[str | None, typer.Option(help="Replay a case study: collator or gru-heads.")] = None,
    port: Annotated[int, typer.Option(help="The port of the sandbox's page; 0 takes any free one.")] = 8040,
    *,
    fast: Annotated[bool, typer.Option("--fast", help="Replay at once, then end with a summary.")] = False,
) -> None:
    """Run the bot against a small Slack of our own, in the browser."""
    from bot.demo import play  # noqa: PLC0415 - as above.

    play(folder=folder, case=case, port=port, fast=fast)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="The port to serve on; 0 takes any free one.")] = 8040,
    request_url: Annotated[str | None, typer.Option(help="Where to bring events over HTTP.")] = None,
) -> None:
    """Serve the small Slack alone, for a bot that is started elsewhere."""
    from bot.sandbox.config import SandboxConfig  # noqa: PLC0415 - as above.
    from bot.sandbox.server import serve  # noqa: PLC0415 - as above.

    transport = "http" if request_url else "socket"
    serve(SandboxConfig(port=port, request_url=request_url, manifest=manifests.manifest_data(transport)))


if __name__ == "__main__":
    main()
