"""Bring incidents in that were taken out elsewhere: all of a file or none, and nobody in Slack is told.

A file is read twice: first to judge every record, then to store them in one transaction. So a mistake in the
last line of a large file costs no time in which others wait for the database.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from bot.domain.errors import RoundsError
from bot.domain.export.checking import faults
from bot.domain.export.course import recorded_steps
from bot.domain.export.lines import BadRecord, from_line
from bot.domain.export.record import IncidentRecord
from bot.domain.ids import IncidentNumber, TeamId, shown
from bot.domain.work.fold import fold
from bot.store import archive, steps
from bot.store.session import Session


class CannotImport(RoundsError):
    """Nothing was brought in; the text says which incident is in the way, and what would help."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing was brought in: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a file is brought in: into which workspace, under new numbers, and whatever its hashes say.

    Without a *team* each incident goes back to the workspace it came from.
    """

    team: TeamId | None = None
    renumber: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """An incident that was brought in: which number it had, and which it has."""

    team: TeamId
    before: IncidentNumber
    number: IncidentNumber
    open: bool
    private: bool


Source = Callable[[], AbstractContextManager[IO[bytes]]]


def judge(source: Source, wish: Wish, here: Iterable[TeamId]) -> None:
    """Look through a whole file before anything of it is stored; *here* are the workspaces of the database.

    Raises:
        CannotImport: A record cannot be read or contradicts itself, or there is none.
    """
    seen: dict[tuple[str, int], int] = {}
    teams = set(here)
    for place, record in _records(source):
        name = shown(IncidentNumber(record.incident.number))
        found = [fault.text for fault in faults(record) if not (wish.force and fault.forgivable)]
        if found:
            raise CannotImport(f"line {place}, {name}: {found[0]}.")
        key = (wish.team or record.team, record.incident.number)
        if key in seen and not wish.renumber:
            raise CannotImport(f"line {place}: {name} stands in line {seen[key]} as well.")
        seen.setdefault(key, place)
        if wish.team is None and teams and record.team not in teams:
            raise CannotImport(
                f"line {place}: {name} comes from the workspace {record.team}, and this database has "
                f"{', '.join(sorted(teams))}. Say with --team where it goes."
            )
    if not seen:
        raise CannotImport("there is no incident in it.")


def _records(source: Source) -> Iterator[tuple[int, IncidentRecord]]:
    """The records of a file, each with its line."""
    with source() as file:
        for place, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield place, from_line(line)
                except BadRecord as error:
                    raise CannotImport(f"line {place}: {error}.") from None


def bring_in(session: Session, source: Source, wish: Wish, *, now: datetime) -> list[Imported]:
    """Store all incidents of a file that was judged. Other incidents can be opened once this has ended.

    Raises:
        CannotImport: One of them is here already; the transaction must not go on.
    """
    last: dict[TeamId, int] = {}
    done = []
    for _, record in _records(source):
        team = wish.team or TeamId(record.team)
        if team not in last:
            last[team] = archive.hold_numbers(session, team)
        before = IncidentNumber(record.incident.number)
        number = IncidentNumber(last[team] + 1) if wish.renumber else before
        last[team] = max(last[team], number)
        moved = _moved(record, team, number)
        _refuse_what_is_here(session, moved, before, wish)
        archive.write(session, moved, now)
        workup = fold(recorded_steps(moved))
        steps.keep_interventions(session, team, number, workup.interventions)
        is_open = record.incident.resolved_at is None
        done.append(
            Imported(team=team, before=before, number=number, open=is_open, private=record.incident.private)
        )
    for team, number_given in last.items():
        archive.give_numbers(session, team, number_given)
    return done


def _moved(record: IncidentRecord, team: TeamId, number: IncidentNumber) -> IncidentRecord:
    """The record as that of another workspace, or under another number; what was said stays as it was."""
    incident = record.incident.model_copy(update={"number": number})
    return record.model_copy(update={"team": team, "incident": incident})


def _refuse_what_is_here(
    session: Session, record: IncidentRecord, before: IncidentNumber, wish: Wish
) -> None:
    team, number = TeamId(record.team), IncidentNumber(record.incident.number)
    owner = archive.owner_of_its_messages(session, team, record)
    if owner is not None:
        raise CannotImport(
            f"{shown(before)} is here already, as {shown(owner)}: its messages in Slack belong to that one."
        )
    if not wish.renumber and archive.taken(session, team, number):
        raise CannotImport(
            f"there is another {shown(number)} in {team} already. With --renumber what is brought in gets "
            "numbers of its own."
        )
