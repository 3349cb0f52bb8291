"""Handoffs: attempts to hand an incident over, and the versions of what was handed over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.handoff.document import HANDOFF, Handoff
from bot.domain.handoff.transfer import Reason, Transfer
from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.store.session import Session, first
from bot.store.tables import handoff_versions, handoffs, incidents

_NEWEST = (
    select(handoffs)
    .where(handoffs.c.team_id == bindparam("of_team"), handoffs.c.incident == bindparam("number"))
    .order_by(handoffs.c.number.desc())
    .limit(1)
)
_ACCEPTED_AT = select(func.max(handoffs.c.accepted_at).label("at")).where(
    handoffs.c.team_id == bindparam("of_team"), handoffs.c.incident == bindparam("number")
)
# The columns that have the names of a transfer's fields.
_FIELDS = tuple(
    field.name for field in fields(Transfer) if field.name not in {"team", "incident", "number", "reason"}
)


def _value(row: Any) -> Transfer:  # noqa: ANN401 - a row of SQLAlchemy's.
    return Transfer(
        team=TeamId(row.team_id),
        incident=IncidentNumber(row.incident),
        number=row.number,
        reason=Reason(row.reason),
        **{name: getattr(row, name) for name in _FIELDS},
    )


def newest(session: Session, team: TeamId, number: IncidentNumber) -> Transfer | None:
    """The last attempt to hand an incident over, whatever became of it."""
    row = first(session, _NEWEST, {"of_team": team, "number": number})
    return _value(row) if row else None


def accepted_at(session: Session, team: TeamId, number: IncidentNumber) -> datetime | None:
    """When the incident was last handed over."""
    row = first(session, _ACCEPTED_AT, {"of_team": team, "number": number})
    return row.at if row else None


def get(session: Session, team: TeamId, number: IncidentNumber, attempt: int) -> Transfer | None:
    """One attempt, by its number."""
    found = session.execute(
        select(handoffs).where(
            handoffs.c.team_id == team, handoffs.c.incident == number, handoffs.c.number == attempt
        )
    ).first()
    return _value(found) if found else None


def of_incident(session: Session, team: TeamId, number: IncidentNumber) -> Sequence[Transfer]:
    """All attempts of an incident, the first one first."""
    found = session.execute(
        select(handoffs)
        .where(handoffs.c.team_id == team, handoffs.c.incident == number)
        .order_by(handoffs.c.number)
    )
    return [_value(row) for row in found]


def of_bundle(session: Session, team: TeamId, bundle: str) -> Sequence[Transfer]:
    """What was given together."""
    found = session.execute(
        select(handoffs)
        .where(handoffs.c.team_id == team, handoffs.c.bundle == bundle)
        .order_by(handoffs.c.incident, handoffs.c.number)
    )
    return [_value(row) for row in found]


def waiting(
    session: Session, team: TeamId, numbers: Iterable[IncidentNumber]
) -> Mapping[IncidentNumber, Transfer]:
    """The attempts that wait, of those incidents."""
    found = session.execute(
        select(handoffs).where(
            handoffs.c.team_id == team, handoffs.c.waiting, handoffs.c.incident.in_(list(numbers))
        )
    )
    return {IncidentNumber(row.incident): _value(row) for row in found}


def unanswered(session: Session, team: TeamId, receiver: UserId, *, limit: int = 50) -> Sequence[Transfer]:
    """What waits for somebody, whether it is sent yet or not, the newest first."""
    found = session.execute(
        select(handoffs)
        .where(handoffs.c.team_id == team, handoffs.c.receiver == receiver, handoffs.c.waiting)
        .order_by(handoffs.c.asked_at.desc())
        .limit(limit)
    )
    return [_value(row) for row in found]


def waiting_for(session: Session, team: TeamId, receiver: UserId, *, limit: int = 50) -> Sequence[Transfer]:
    """What somebody is to read back, the worst first."""
    found = session.execute(
        select(handoffs)
        .join(
            incidents,
            (incidents.c.team_id == handoffs.c.team_id) & (incidents.c.number == handoffs.c.incident),
        )
        .where(
            handoffs.c.team_id == team,
            handoffs.c.receiver == receiver,
            handoffs.c.waiting,
            handoffs.c.sent_at.is_not(None),
            incidents.c.resolved_at.is_(None),
        )
        .order_by(incidents.c.severity, incidents.c.number)
        .limit(limit)
    )
    return [_value(row) for row in found]


def save(session: Session, transfer: Transfer) -> None:
    """Keep an attempt as it is now."""
    values = {name: getattr(transfer, name) for name in _FIELDS} | {
        "reason": transfer.reason.value,
        "waiting": transfer.waiting,
    }
    key = {"team_id": transfer.team, "incident": transfer.incident, "number": transfer.number}
    session.execute(
        insert(handoffs)
        .values(**key, **values)
        .on_conflict_do_update(index_elements=["team_id", "incident", "number"], set_=values)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One compiled document and, where it was accepted, the hash that chains it to the one before."""

    version: int
    number: int
    compiled_at: datetime
    document: Handoff
    stored: str
    score: int
    five_elements: bool
    accepted_at: datetime | None
    previous_hash: str | None
    hash: str | None


def add_version(session: Session, transfer: Transfer, document: Handoff, score: int, *, five: bool) -> int:
    """Keep a document as the newest version of its incident; that version's number."""
    last = session.execute(
        select(func.max(handoff_versions.c.version)).where(
            handoff_versions.c.team_id == transfer.team, handoff_versions.c.incident == transfer.incident
        )
    ).scalar()
    version = int(last or 0) + 1
    session.execute(
        insert(handoff_versions).values(
            team_id=transfer.team,
            incident=transfer.incident,
            version=version,
            number=transfer.number,
            compiled_at=document.asked.compiled_at,
            document=document.model_dump_json(),
            score=score,
            five_elements=five,
        )
    )
    return version


def version(session: Session, team: TeamId, number: IncidentNumber, which: int) -> Version | None:
    """One version of an incident's documents."""
    found = session.execute(
        select(handoff_versions).where(
            handoff_versions.c.team_id == team,
            handoff_versions.c.incident == number,
            handoff_versions.c.version == which,
        )
    ).first()
    return _version(found) if found else None


def first_version(session: Session, transfer: Transfer) -> Version | None:
    """The version that an attempt was sent with, or the first one that was sent."""
    found = session.execute(
        select(handoff_versions)
        .where(
            handoff_versions.c.team_id == transfer.team,
            handoff_versions.c.incident == transfer.incident,
            handoff_versions.c.number == transfer.number,
            handoff_versions.c.compiled_at <= (transfer.sent_at or transfer.asked_at),
        )
        .order_by(handoff_versions.c.version.desc())
        .limit(1)
    ).first()
    return _version(found) if found else None


def accepted(session: Session, team: TeamId, number: IncidentNumber) -> Sequence[Version]:
    """The accepted versions of an incident, the first one first: the chain."""
    found = session.execute(
        select(handoff_versions)
        .where(
            handoff_versions.c.team_id == team,
            handoff_versions.c.incident == number,
            handoff_versions.c.accepted_at.is_not(None),
        )
        .order_by(handoff_versions.c.version)
    )
    return [_version(row) for row in found]


def _version(row: Any) -> Version:  # noqa: ANN401 - a row of SQLAlchemy's.
    return Version(
        version=row.version,
        number=row.number,
        compiled_at=row.compiled_at,
        document=HANDOFF.validate_json(row.document),
        stored=row.document,
        score=row.score,
        five_elements=row.five_elements,
        accepted_at=row.accepted_at,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


def seal(  # noqa: PLR0913 - which version, how good it is, when, and its place in the chain.
    session: Session,
    transfer: Transfer,
    *,
    score: int,
    five: bool,
    at: datetime,
    previous: str | None,
    content: str,
) -> None:
    """Mark the version as accepted; from then on the database refuses to change it."""
    session.execute(
        update(handoff_versions)
        .where(
            handoff_versions.c.team_id == transfer.team,
            handoff_versions.c.incident == transfer.incident,
            handoff_versions.c.version == transfer.version,
        )
        .values(score=score, five_elements=five, accepted_at=at, previous_hash=previous, hash=content)
    )
