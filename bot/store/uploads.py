"""How far the upload of a file has come, one row for the notice that wants it, so that it is shared once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import TeamId
from bot.store.session import Session
from bot.store.tables import outbox, uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that Slack has given an id: whether its bytes are there, and whether it was shared."""

    file_id: str
    uploaded_at: datetime | None
    completed_at: datetime | None


def find(session: Session, team: TeamId, key: str) -> Upload | None:
    """How far the upload for the notice *key* has come; None if it was never begun."""
    row = session.execute(
        select(uploads).where(uploads.c.team_id == team, uploads.c.key == key, uploads.c.file_id.is_not(None))
    ).first()
    if row is None:
        return None
    return Upload(file_id=row.file_id, uploaded_at=row.uploaded_at, completed_at=row.completed_at)


def begin(session: Session, team: TeamId, key: str, file_id: str) -> None:
    """Slack waits for the bytes of this file; one that was begun before is forgotten."""
    values = {"file_id": file_id, "uploaded_at": None, "completed_at": None}
    session.execute(
        insert(uploads)
        .values(team_id=team, key=key, **values)
        .on_conflict_do_update(index_elements=["team_id", "key"], set_=values)
    )


def uploaded(session: Session, team: TeamId, key: str, now: datetime) -> None:
    """Slack has the bytes, and nobody sees them yet."""
    _set(session, team, key, uploaded_at=now)


def completed(session: Session, team: TeamId, key: str, now: datetime) -> None:
    """The file is shared."""
    _set(session, team, key, completed_at=now)


def _set(session: Session, team: TeamId, key: str, **values: object) -> None:
    session.execute(update(uploads).where(uploads.c.team_id == team, uploads.c.key == key).values(**values))


def forget_old(session: Session) -> None:
    """Drop what no notice of the outbox asks for any more."""
    wanted = select(outbox.c.key).where(outbox.c.team_id == uploads.c.team_id, outbox.c.key == uploads.c.key)
    session.execute(delete(uploads).where(~wanted.exists()))
