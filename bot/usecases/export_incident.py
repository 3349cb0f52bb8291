"""Take an incident out: as the record of all its rows, or as a report for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import NoSuchIncident
from bot.domain.export.lines import to_line
from bot.domain.export.record import IncidentRecord
from bot.domain.export.report import report
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.notice import ExportWanted, Format
from bot.store import archive, incidents, outbox
from bot.store.archive import Shelved
from bot.store.session import Session


def export_record(session: Session, team: TeamId, number: IncidentNumber) -> IncidentRecord:
    """One incident, whole, as it is at one moment; call it first in a transaction of its own.

    Raises:
        NoSuchIncident: There is none.
    """
    archive.one_moment(session)
    found = archive.read(session, team, number)
    if found is None:
        raise NoSuchIncident(number)
    return found


def written(record: IncidentRecord, form: Format, at: datetime) -> str:
    """The record in one of its two forms, with the end of its last line."""
    return f"{to_line(record)}\n" if form == "json" else report(record, at)


def shelf(session: Session, team: TeamId) -> Sequence[Shelved]:
    """All incidents of a workspace."""
    return archive.shelf(session, team)


def teams(session: Session) -> Sequence[TeamId]:
    """The workspaces that have incidents here."""
    return archive.teams(session)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What somebody wants: which incident, in which form, and whether its thread is to see it."""

    number: IncidentNumber
    form: Format
    here: bool = False


def want_export(session: Session, who: Who, export: Export, *, key: str, now: datetime) -> None:
    """Owe somebody the file.

    Raises:
        NoSuchIncident: There is none, or it is none of theirs.
    """
    incidents.seen_by(session, who.team, export.number, viewer=who.user, here=who.channel)
    wanted = ExportWanted(
        incident=export.number, by=who.user, form=export.form, here=export.here, channel=who.channel
    )
    outbox.put(session, who.team, wanted, key=f"export:{key}", now=now)
