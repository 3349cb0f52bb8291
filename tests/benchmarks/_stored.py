"""Fills a database with a past: incidents, the entries of one thread, and notices delivered long ago."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, text

from bot.store import tables
from bot.store.session import Database
from tests.benchmarks._load import CHANNEL, TEAM

BATCH = 10_000
KINDS = ("dx", "test", "result", "fix", "outcome", "note")
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)


def root(number: int) -> str:
    """The ts of an incident's root."""
    return f"{1_600_000_000 + number}.000100"


def fill(url: str, *, incidents: int, entries: int) -> None:
    """Store incidents, most of them resolved, and entries in the thread of the first one."""
    with closing(Database(url)) as database:
        _add(database, tables.workspaces, [{"team_id": TEAM, "last_incident": incidents, "heard_at": BEGAN}])
        _add(database, tables.channels, [{"team_id": TEAM, "channel": CHANNEL, "private": False}])
        numbers = range(1, incidents + 1)
        _add(database, tables.incidents, [_incident(number, entries) for number in numbers])
        _add(database, tables.threads, [_own(number, channel=CHANNEL, ts=root(number)) for number in numbers])
        _add(database, tables.severity_changes, [_severity(number) for number in numbers])
        _add(database, tables.cards, [_card(number) for number in numbers])
        _add(database, tables.outbox, [_delivered(number) for number in numbers])
        _add(database, tables.receipts, [_receipt(number) for number in numbers])
        _add(database, tables.entries, [_entry(seq) for seq in range(1, entries + 1)])
        _add(database, tables.messages, [_message(seq) for seq in range(1, entries + 1)])
        with database.quietly() as session:
            if not database.is_sqlite:
                session.execute(text("SET LOCAL statement_timeout = 0"))
            session.execute(text("ANALYZE"))


def _add(database: Database, table: Table, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), BATCH):
        with database.quietly() as session:
            session.execute(insert(table), rows[first : first + BATCH])


def _own(number: int, **more: object) -> dict[str, Any]:
    return {"team_id": TEAM, "incident": number, **more}


def _incident(number: int, entries: int) -> dict[str, Any]:
    opened = BEGAN + timedelta(minutes=number)
    # The first hundred are open: no workspace works at more incidents than that at once.
    closed = None if number <= 100 else opened + timedelta(hours=3)
    return {
        "team_id": TEAM,
        "number": number,
        "title": f"Loss is NaN since step {number}",
        "seen": f"loss is NaN since step {number}",
        "severity": 1 + number % 5,
        "triaged_at": opened,
        "lead": None,
        "private": False,
        "channel": CHANNEL,
        "thread_ts": root(number),
        "opened_by": f"U0P{number % 1000:05d}",
        "opened_at": opened,
        "active_at": opened,
        "last_entry": entries if number == 1 else 0,
        "resolved_at": closed,
        "resolved_by": None,
        "diagnosis": closed and "string columns reached the collator",
    }


def _severity(number: int) -> dict[str, Any]:
    return _own(number, seq=1, severity=3, by="U0P00001", at=BEGAN, reason="not triaged yet")


def _card(number: int) -> dict[str, Any]:
    return _own(
        number, wanted=1, sent=1, indexed=1, due_at=BEGAN, attempts=0, blocked_at=None, last_error=None
    )


def _delivered(number: int) -> dict[str, Any]:
    return {
        "team_id": TEAM,
        "key": f"opened:{number}",
        "lane": f"incident:{number}",
        "seq": 1,
        "priority": 0,
        "notice": f'{{"name":"incident_opened","incident":{number}}}',
        "owed_at": BEGAN,
        "due_at": BEGAN,
        "attempts": 1,
        "uncertain_since": None,
        "settled_at": BEGAN,
        "given_up": False,
        "blocked_at": None,
        "last_error": None,
        "slack_ts": root(number),
    }


def _receipt(number: int) -> dict[str, Any]:
    return {"team_id": TEAM, "key": f"command:{number}", "at": BEGAN}


def _ts(seq: int) -> str:
    return f"{1_610_000_000 + seq}.000200"


def _entry(seq: int) -> dict[str, Any]:
    at = BEGAN + timedelta(seconds=seq)
    return _own(
        1,
        seq=seq,
        kind=KINDS[seq % len(KINDS)],
        text=f"fails on row {seq} with KeyError",
        author="U0P00001",
        at=at,
        logged_by="U0P00001",
        logged_at=at,
        channel=CHANNEL,
        ts=_ts(seq),
        line="0",
        files=None,
        withdrawn_at=None,
    )


def _message(seq: int) -> dict[str, Any]:
    return {
        "team_id": TEAM,
        "channel": CHANNEL,
        "ts": _ts(seq),
        "incident": 1,
        "version": _ts(seq),
        "receipt": True,
        "refused": False,
        "deleted_at": None,
    }
