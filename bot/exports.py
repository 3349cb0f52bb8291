"""Incidents as files: written out of one database and read into another, for the command line."""

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from bot import config
from bot.domain.errors import RoundsError
from bot.domain.export.record import json_schema
from bot.domain.handoff.document import HANDOFF
from bot.domain.ids import IncidentNumber, TeamId, shown
from bot.store.schema import check
from bot.store.session import Database
from bot.store.sole import hold
from bot.usecases import export_incident as exporting
from bot.usecases.import_incidents import CannotImport, Imported, Source, Wish, bring_in, judge

_NUMBER = re.compile(r"(?:inc[-_ ]?)?#?([0-9]{1,9})", re.IGNORECASE)
# More names than these are counted, not told one by one.
_NAMED = 20


class CannotExport(RoundsError):
    """The words ask for nothing that could be exported; the text says what would work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks for, as it was typed."""

    incidents: Sequence[str]
    every: bool
    form: str
    team: str | None
    private: bool


def schema_of(words: Sequence[str]) -> str:
    """The JSON Schema of an `incident` as it is exported, or of the document of a `handoff`."""
    match words:
        case ["incident"]:
            return json.dumps(json_schema(), indent=2)
        case ["handoff"]:
            return json.dumps(HANDOFF.json_schema(mode="serialization"), indent=2)
        case _:
            raise CannotExport("--schema prints that of an `incident` or of a `handoff`.")


def write_out(wanted: Wanted, out: Path | None, now: datetime) -> Iterator[str]:
    """Write what is wanted to a file or to standard output; what is to be said about it."""
    if wanted.form not in {"json", "md"}:
        raise CannotExport("--format is json or md.")
    with closing(_database()) as database:
        team = _team(database, wanted.team)
        numbers = _numbers(wanted.incidents, every=wanted.every)
        chosen, left_out = _chosen(database, team, numbers, private=wanted.private)
        with _written(out) as file:
            for place, number in enumerate(chosen):
                file.write(_between(wanted.form) if place else "")
                file.write(_one(database, team, number, wanted.form, now))
    if left_out:
        what = f"{_amount(len(left_out), 'private ')} ({_named(left_out)})"
        yield f"Left out: {what}. --include-private exports them, too."
    if out:
        yield f"{_amount(len(chosen))} in {out}."


def _named(numbers: Sequence[IncidentNumber]) -> str:
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return ", ".join(shown(number) for number in numbers[:_NAMED]) + more


def _amount(count: int, kind: str = "") -> str:
    return f"{count} {kind}incident{'' if count == 1 else 's'}"


def _database() -> Database:
    database = Database(config.of_the_database().rounds_database_url)
    check(database)
    return database


def _team(database: Database, wanted: str | None) -> TeamId:
    """The workspace that is meant: where there is one, nobody has to name it."""
    with database.reading() as session:
        teams = exporting.teams(session)
    if wanted is None and len(teams) == 1:
        return teams[0]
    if wanted in teams:
        return TeamId(str(wanted))
    if not teams:
        raise CannotExport("There is no incident in this database.")
    named = ", ".join(teams)
    if wanted is None:
        raise CannotExport(f"This database has several workspaces; say with --team which: {named}.")
    raise CannotExport(f"There is no incident of the workspace {wanted} here; there are those of {named}.")


def _numbers(words: Sequence[str], *, every: bool) -> list[IncidentNumber] | None:
    """The numbers that somebody wrote, each once; None for all."""
    if every == bool(words):
        raise CannotExport("Say which: `rounds export INC-12`, or `rounds export --all`.")
    if every:
        return None
    found = [_NUMBER.fullmatch(word.strip(" ,;")) for word in words]
    for word, match in zip(words, found, strict=True):
        if match is None:
            raise CannotExport(f"“{word}” is no incident: those are written INC-12.")
    return list(dict.fromkeys(IncidentNumber(int(match[1])) for match in found if match))


def _chosen(
    database: Database, team: TeamId, wanted: Sequence[IncidentNumber] | None, *, private: bool
) -> tuple[list[IncidentNumber], list[IncidentNumber]]:
    """Which incidents are exported, and which private ones are left out."""
    with database.reading() as session:
        shelf = {each.number: each for each in exporting.shelf(session, team)}
    numbers = list(shelf) if wanted is None else list(wanted)
    missing = [shown(number) for number in numbers if number not in shelf]
    if missing:
        raise CannotExport(f"There is no {', '.join(missing)} in {team}.")
    hidden = [number for number in numbers if shelf[number].private and not private]
    return [number for number in numbers if number not in set(hidden)], hidden


def _one(database: Database, team: TeamId, number: IncidentNumber, form: str, at: datetime) -> str:
    """The text of one incident. Each is read by itself, so that a large export holds up nothing."""
    with database.reading() as session:
        record = exporting.export_record(session, team, number)
    return exporting.written(record, "json" if form == "json" else "md", at)


def _between(form: str) -> str:
    return "" if form == "json" else "\n---\n\n"


@contextmanager
def _written(out: Path | None) -> Iterator[IO[str]]:
    """Where the text goes. A file is there as a whole or not at all, and only its owner may read it."""
    if out is None:
        yield sys.stdout
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
        Path(name).replace(out)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def read_in(file: Path, now: datetime, *, team: str | None, renumber: bool, force: bool) -> Iterator[str]:
    """Bring in what a file holds; what is to be said about it."""
    settings = config.of_the_database()
    wish = Wish(team=TeamId(team) if team else None, renumber=renumber, force=force)
    with _source(file) as source, closing(_database()) as database:
        lock = hold(settings.database_file)
        try:
            with database.reading() as session:
                here = exporting.teams(session)
            judge(source, wish, here)
            with database.unhurried() as session:
                done = bring_in(session, source, wish, now=now)
        finally:
            if lock:
                lock.close()
    yield from _told(done)


@contextmanager
def _source(file: Path) -> Iterator[Source]:
    """The file, to be read more than once: what comes in by a pipe is kept meanwhile."""
    if str(file) != "-":
        if not file.is_file():
            raise CannotImport(f"there is no file {file}.")
        yield lambda: file.open("rb")
        return
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "incidents.jsonl"
        with kept.open("wb") as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        yield lambda: kept.open("rb")


def _told(done: Sequence[Imported]) -> Iterator[str]:
    for each in done:
        before, after = shown(each.before), shown(each.number)
        yield f"{before} → {after}" if before != after else after
    yield f"{_amount(len(done))} brought in."
    asleep = [each.number for each in done if each.open]
    if asleep:
        first = shown(asleep[0])
        yield (
            f"Still open: {_named(asleep)}. They ask nothing by themselves, because their threads may be out "
            f"of reach; `/incident prompts {first} on` in Slack lets {first} ask again."
        )
    private = [each.number for each in done if each.private]
    if private:
        yield f"Private: {_named(private)}. Only who is known to be in their channels sees them."
