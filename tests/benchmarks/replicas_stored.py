"""Fills a database with open incidents, each of which asks who leads it at a moment of its own."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, text

from bot.domain.prompts.question import PromptKind
from bot.store import tables
from bot.store.session import Database
from tests.conversation import TEAM

BATCH = 5_000
ASKED = PromptKind.LEAD.value
# A SEV3 that nobody leads is asked about after half of the hour in which somebody has to take it. A first
# differential and a re-evaluation are due when the hour is over: nothing else is asked meanwhile.
SEVERITY, ASKED_AFTER = 3, timedelta(minutes=30)
Place = tuple[str, str]


def fill(
    database: Database, roots: Sequence[Place], *, amount: int, begins: datetime, spread: timedelta
) -> None:
    """Store open incidents that ask from *begins* on, spread evenly; *roots* are channels and threads."""
    workspace = {"team_id": TEAM, "last_incident": amount, "heard_at": datetime.now(UTC)}
    _add(database, tables.workspaces, [workspace])
    known = [{"team_id": TEAM, "channel": channel, "private": False} for channel, _ in roots]
    _add(database, tables.channels, known)
    due = {number: begins + spread * number / amount for number in range(1, amount + 1)}
    places = {number: roots[number % len(roots)] for number in due}
    _add(database, tables.incidents, [_incident(number, places[number], at) for number, at in due.items()])
    _add(database, tables.severity_changes, [_severity(number, at) for number, at in due.items()])
    _add(database, tables.cards, [_card(number, at) for number, at in due.items()])
    _add(database, tables.reviews, [_review(number, at) for number, at in due.items()])
    with database.quietly() as session:
        if not database.is_sqlite:
            session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("ANALYZE"))


def _add(database: Database, table: Table, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), BATCH):
        with database.unhurried() as session:
            session.execute(insert(table), rows[first : first + BATCH])


def _incident(number: int, place: Place, due: datetime) -> dict[str, Any]:
    opened = due - ASKED_AFTER
    return {
        "team_id": TEAM,
        "number": number,
        "title": f"Loss is NaN since step {number}",
        "seen": f"loss is NaN since step {number}",
        "severity": SEVERITY,
        "triaged_at": opened,
        "lead": None,
        "private": False,
        "channel": place[0],
        "thread_ts": place[1],
        "opened_by": "U0ANA",
        "opened_at": opened,
        "active_at": opened,
        "last_entry": 0,
        "resolved_at": None,
        "resolved_by": None,
        "diagnosis": None,
    }


def _of(number: int, **more: object) -> dict[str, Any]:
    return {"team_id": TEAM, "incident": number, **more}


def _severity(number: int, due: datetime) -> dict[str, Any]:
    at = due - ASKED_AFTER
    return _of(number, seq=1, severity=SEVERITY, by="U0ANA", at=at, reason="named at opening")


def _card(number: int, due: datetime) -> dict[str, Any]:
    return _of(number, wanted=1, sent=1, indexed=1, due_at=due, attempts=0, blocked_at=None, last_error=None)


def _review(number: int, due: datetime) -> dict[str, Any]:
    nothing = {"posted_at": None, "every_minutes": None, "off_by": None, "last_error": None}
    return _of(number, due_at=due, living=0, attempts=0, **nothing)
