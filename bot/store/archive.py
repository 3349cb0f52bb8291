"""Incidents out of the database and back, row by row: a table is the part of a record that has its name.

What is read and what is written have the same columns, so nothing that comes out is lost on the way in.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.export.asleep import ASLEEP
from bot.domain.export.record import HandoffRow, IncidentRecord, Row, StepRow
from bot.domain.ids import IncidentNumber, TeamId
from bot.store.session import Session
from bot.store.tables import (
    cards,
    checklist_ticks,
    entries,
    entry_revisions,
    handoff_versions,
    handoffs,
    incidents,
    messages,
    opinions,
    people,
    prompts,
    reactions,
    reviews,
    severity_changes,
    steps,
    threads,
    triage_answers,
    workspaces,
)

# The parts of a record that belong to one incident by their own columns, in the order in which they go in.
PARTS: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            threads,
            severity_changes,
            entries,
            entry_revisions,
            steps,
            triage_answers,
            opinions,
            prompts,
            reviews,
            handoffs,
            handoff_versions,
            checklist_ticks,
            messages,
        )
    }
)
# Columns that hold JSON: a record has what it says.
_JSON = frozenset({("entries", "files"), ("steps", "body"), ("opinions", "answer")})
# How Slack's ids of people look, wherever in a record they stand.
_PERSON = re.compile(r"(?<![A-Z0-9])[UW][A-Z0-9]{3,31}(?![A-Z0-9])")
# So many values at most go into one statement.
_AT_ONCE = 500

Values = dict[str, Any]


def teams(session: Session) -> list[TeamId]:
    """The workspaces that have incidents here."""
    found = session.execute(select(incidents.c.team_id).distinct().order_by(incidents.c.team_id))
    return [TeamId(team) for team in found.scalars()]


@dataclass(frozen=True, slots=True)
class Shelved:
    """An incident that could be taken out."""

    number: IncidentNumber
    private: bool


def shelf(session: Session, team: TeamId) -> list[Shelved]:
    """All incidents of a workspace, by their numbers."""
    found = session.execute(
        select(incidents.c.number, incidents.c.private)
        .where(incidents.c.team_id == team)
        .order_by(incidents.c.number)
    )
    return [Shelved(IncidentNumber(row.number), row.private) for row in found]


def one_moment(session: Session) -> None:
    """Let everything that is read from here on be as it was at one moment: SQLite does that by itself."""
    if session.dialect.name == "postgresql":
        session.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def read(session: Session, team: TeamId, number: IncidentNumber) -> IncidentRecord | None:
    """The record of one incident; None where there is none."""
    own = (incidents.c.team_id == team) & (incidents.c.number == number)
    found = _rows(session, "incident", select(incidents).where(own))
    if not found:
        return None
    parts = {name: _part(session, table, team, number) for name, table in PARTS.items()}
    parts["reviews"] = _settings(parts["reviews"])
    parts["reactions"] = _reactions(session, team, number)
    record = IncidentRecord.model_validate({"team": team, "incident": found[0], **parts})
    return record.model_copy(update={"people": _people(session, record)})


def _row_type(part: str) -> type[Row]:
    """The model of the rows of a part."""
    kind: Any = IncidentRecord.model_fields[part].annotation
    row: type[Row] = getattr(kind, "__args__", (kind,))[0]
    return row


def columns_of(part: str) -> tuple[str, ...]:
    """The columns of its table that a part of the record has."""
    return tuple(_row_type(part).model_fields)


def _part(session: Session, table: Table, team: TeamId, number: IncidentNumber) -> list[Values]:
    return _rows(
        session, table.name, select(table).where(table.c.team_id == team, table.c.incident == number)
    )


def _rows(session: Session, part: str, statement: Select[Any]) -> list[Values]:
    """What a statement finds, in the order of the keys, with what is JSON read."""
    wanted = columns_of(part)
    found = [{name: row[name] for name in wanted} for row in session.execute(statement).mappings()]
    for row in found:
        for name in wanted:
            if (part, name) in _JSON and row[name] is not None:
                row[name] = json.loads(row[name])
    return sorted(found, key=_order(part))


def _order(part: str) -> Callable[[Values], tuple[Any, ...]]:
    """What rows are sorted by: not the database, because databases compare texts in different ways."""
    table = incidents if part == "incident" else ALL[part]
    keys = [column.name for column in table.primary_key if column.name not in {"team_id", "incident"}]
    return lambda row: tuple(row[name] for name in keys)


def _settings(found: Sequence[Values]) -> list[Values]:
    """How people want to be asked: nothing where it is as usual, or where only an import switched it off."""
    said = [{**row, "off_by": None if row["off_by"] == ASLEEP else row["off_by"]} for row in found]
    return [row for row in said if any(value is not None for value in row.values())]


def _reactions(session: Session, team: TeamId, number: IncidentNumber) -> list[Values]:
    same = and_(
        messages.c.team_id == reactions.c.team_id,
        messages.c.channel == reactions.c.channel,
        messages.c.ts == reactions.c.ts,
    )
    of_incident = (messages.c.team_id == team) & (messages.c.incident == number)
    return _rows(session, "reactions", select(reactions).join(messages, same).where(of_incident))


def _people(session: Session, record: IncidentRecord) -> tuple[Any, ...]:
    """Everybody whose id stands anywhere in the record, as far as Slack has told of them."""
    named = sorted(set(_PERSON.findall(record.model_dump_json(exclude={"people"}))))
    found: list[Values] = []
    for some in _slices(named):
        wanted = select(people).where(people.c.team_id == record.team, people.c.person.in_(some))
        known = or_(people.c.name.is_not(None), people.c.zone.is_not(None))
        found += _rows(session, "people", wanted.where(known))
    return tuple(_row_type("people").model_validate(row) for row in found)


def _slices(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


ALL: Mapping[str, Table] = MappingProxyType({**PARTS, "reactions": reactions, "people": people})


def hold_numbers(session: Session, team: TeamId) -> int:
    """The last number that was given in a workspace; nobody else gives one until this transaction ends."""
    unchanged = {"last_incident": workspaces.c.last_incident}
    row = session.execute(
        insert(workspaces)
        .values(team_id=team, last_incident=0)
        .on_conflict_do_update(index_elements=["team_id"], set_=unchanged)
        .returning(workspaces.c.last_incident)
    ).one()
    return int(row.last_incident)


def give_numbers(session: Session, team: TeamId, last: int) -> None:
    """Go on behind *last* with the next incident."""
    session.execute(
        update(workspaces)
        .where(workspaces.c.team_id == team, workspaces.c.last_incident < last)
        .values(last_incident=last)
    )


def taken(session: Session, team: TeamId, number: int) -> bool:
    """Whether there is an incident of that number."""
    found = select(func.count()).where(incidents.c.team_id == team, incidents.c.number == number)
    return bool(session.execute(found).scalar_one())


def owner_of_its_messages(session: Session, team: TeamId, record: IncidentRecord) -> IncidentNumber | None:
    """The incident here that has a thread or message of the record's already; None where nobody has."""
    held: Mapping[Table, Iterable[Any]] = {
        threads: record.threads,
        messages: record.messages,
        entries: record.entries,
    }
    for table, rows in held.items():
        places = {(row.channel, row.ts) for row in rows if row.channel and row.ts}
        owner = _owner(session, table, team, places)
        if owner is not None:
            return owner
    return None


def _owner(
    session: Session, table: Table, team: TeamId, places: Collection[tuple[str, str]]
) -> IncidentNumber | None:
    for channel in sorted({channel for channel, _ in places}):
        for some in _slices(sorted(ts for at, ts in places if at == channel)):
            there: ColumnElement[bool] = (table.c.channel == channel) & table.c.ts.in_(some)
            found = select(table.c.incident).where(
                table.c.team_id == team, there, table.c.incident.is_not(None)
            )
            owner = session.execute(found.limit(1)).scalar()
            if owner is not None:
                return IncidentNumber(owner)
    return None


def write(session: Session, record: IncidentRecord, now: datetime) -> None:
    """Store an incident that is not here yet, and owe nobody anything for it.

    An open one asks nothing until somebody wants it to, because its thread may be out of our reach.
    """
    number = record.incident.number
    session.execute(
        insert(incidents).values(team_id=record.team, **record.incident.model_dump(mode="python"))
    )
    for name, table in PARTS.items():
        rows = [_columns(name, row) for row in getattr(record, name)]
        if name != reviews.name:
            _add(session, table, [row | {"incident": number} for row in rows], record.team)
    _sleep(session, record)
    card = {"team_id": record.team, "incident": number, "wanted": 1, "sent": 1, "attempts": 0}
    session.execute(insert(cards).values(card | {"due_at": now}))
    _add(session, reactions, [_columns("reactions", row) for row in record.reactions], record.team)
    _know(session, record, now)


def _columns(part: str, row: Row) -> Values:
    values = {name: getattr(row, name) for name in type(row).model_fields}
    for name, value in values.items():
        if (part, name) in _JSON and value is not None:
            values[name] = json.dumps(_plain(row, name), ensure_ascii=False)
    match row:
        case StepRow(body=body):
            values["kind"] = body.step
        case HandoffRow(waiting=waiting):
            values["waiting"] = waiting
    return values


def _plain(row: Row, name: str) -> Any:  # noqa: ANN401 - JSON.
    return row.model_dump(mode="json", include={name})[name]


def _add(session: Session, table: Table, rows: Sequence[Values], team: TeamId | str) -> None:
    """Add rows. Of a message or a reaction that is known without belonging to anything, ours says more."""
    if not rows:
        return
    statement: Any = insert(table)
    if table in {messages, reactions}:
        keys = [column.name for column in table.primary_key]
        rest = [column.name for column in table.columns if column.name not in keys]
        news = {name: statement.excluded[name] for name in rest}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=news)
    session.execute(statement, [row | {"team_id": team} for row in rows])


def _sleep(session: Session, record: IncidentRecord) -> None:
    """How people want to be asked; and where nobody said so and it is open, not at all for now."""
    settings = _columns(reviews.name, record.reviews[0]) if record.reviews else {}
    if record.incident.resolved_at is None:
        settings["off_by"] = settings.get("off_by") or ASLEEP
    own = {"team_id": record.team, "incident": record.incident.number, "living": 0, "attempts": 0}
    session.execute(insert(reviews).values(own | settings))


def _know(session: Session, record: IncidentRecord, now: datetime) -> None:
    """Remember people's names; what is known here already stays."""
    rows = [_columns("people", row) | {"team_id": record.team, "asked_at": now} for row in record.people]
    if rows:
        statement = insert(people)
        known = {name: func.coalesce(people.c[name], statement.excluded[name]) for name in ("name", "zone")}
        session.execute(
            statement.on_conflict_do_update(index_elements=["team_id", "person"], set_=known), rows
        )
