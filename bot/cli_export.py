"""``rounds export`` and ``rounds import``: their options. What they do is in `bot.exports`.

Both work beside a running ``rounds run``, but for an import into SQLite: that would keep everybody waiting,
and takes the file for itself as ``rounds migrate`` does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


@dataclass(frozen=True, slots=True)
class ExportCommands:
    """Both commands; *clock* says until when an open incident's report tells."""

    clock: Callable[[], datetime]

    def register(self, app: typer.Typer) -> None:
        """Add both to the command line."""
        app.command("export")(self.export)
        app.command("import")(self.import_)

    def export(  # noqa: PLR0913 - the options of a command are its arguments.
        self,
        incidents: Annotated[
            list[str] | None,
            typer.Argument(help="INC-n …; with --schema, `handoff` or nothing.", metavar="[INC-n]…"),
        ] = None,
        *,
        every: Annotated[bool, typer.Option("--all", help="All incidents of the workspace.")] = False,
        form: Annotated[
            str, typer.Option("--format", help="json (one line an incident) or md (reports).")
        ] = "json",
        team: Annotated[
            str | None, typer.Option(help="The workspace, where the database has several.")
        ] = None,
        out: Annotated[
            Path | None, typer.Option(help="The file to write; standard output without it.")
        ] = None,
        include_private: Annotated[
            bool, typer.Option("--include-private", help="Private incidents, too.")
        ] = False,
        schema: Annotated[
            bool, typer.Option("--schema", help="Print the JSON Schema of an incident, or of a `handoff`.")
        ] = False,
    ) -> None:
        """Write incidents to a file: whole as JSON for `rounds import`, or as Markdown reports for people."""
        from bot import exports  # noqa: PLC0415 - only after --help had its chance to be quick.

        if schema:
            typer.echo(exports.schema_of(incidents or ["incident"]))
            return
        wanted = exports.Wanted(
            incidents=incidents or [], every=every, form=form, team=team, private=include_private
        )
        for line in exports.write_out(wanted, out, self.clock()):
            typer.echo(line, err=True)

    def import_(
        self,
        file: Annotated[
            Path, typer.Argument(help="What `rounds export` has written as JSON; - is standard input.")
        ],
        *,
        team: Annotated[
            str | None, typer.Option(help="The workspace to bring them into; else their own.")
        ] = None,
        renumber: Annotated[
            bool, typer.Option("--renumber", help="Give them the next free numbers.")
        ] = False,
        force: Annotated[
            bool, typer.Option("--force", help="Also handoffs whose hash does not fit.")
        ] = False,
    ) -> None:
        """Bring in incidents that were exported, all or none; Slack is told nothing, and nothing is asked."""
        from bot import exports  # noqa: PLC0415 - as above.

        for line in exports.read_in(file, self.clock(), team=team, renumber=renumber, force=force):
            typer.echo(line)
