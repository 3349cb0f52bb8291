"""Stocks a database with the past of a busy workspace, indexed as if it had been lived through."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, text

from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.domain.incident import Incident, Severity
from bot.domain.search.document import Document, Said, document_of
from bot.store import search_index, tables
from bot.store.session import Database

TEAM, CHANNEL = "T0SANDBOX", "C0INCIDENTS"
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
BATCH = 2_000
# Of so many the last are open: no workspace works at more at once.
OPEN = 100
# How incidents begin; commoner ones come first and are drawn more often.
SEEN = (
    "loss is NaN", "training crashes", "throughput halved", "loss spikes", "out of memory", "eval regressed",
    "NCCL hangs", "checkpoint cannot be loaded", "gradient norm explodes", "tokenizer splits words wrongly",
    "data loader stalls", "node drained", "labels are shifted", "accuracy is flat", "disk is full",
)  # fmt: skip
WHEN = ("since step", "after resume at", "on rank", "with batch size", "after the upgrade to version")
CAUSES = ("string columns", "learning rate", "dead node", "wrong dtype", "padding side", "stale cache")
TEXTS = 4


def open_ones(count: int) -> list[IncidentNumber]:
    """The incidents that are open."""
    return [IncidentNumber(number) for number in range(max(count - OPEN, 0) + 1, count + 1)]


def opened_at(number: int) -> datetime:
    """When an incident was opened: they come every other minute."""
    return BEGAN + timedelta(minutes=2 * number)


def stock(database: Database, count: int) -> None:
    """Store incidents with their documents; only the last hundred are open."""
    _insert(database, tables.workspaces, [{"team_id": TEAM, "last_incident": count, "heard_at": BEGAN}])
    _insert(database, tables.channels, [{"team_id": TEAM, "channel": CHANNEL, "private": False}])
    rare, counted = random.Random(4711), Counter[str]()  # noqa: S311 - a benchmark needs the same again.
    for first in range(1, count + 1, BATCH):
        said = [_said(number, count, rare) for number in range(first, min(first + BATCH, count + 1))]
        documents = [document_of(each) for each in said]
        _insert(database, tables.incidents, [_row(each.incident) for each in said])
        _insert(database, tables.severity_changes, [_graded(each.incident) for each in said])
        _insert(database, tables.cards, [_card(each.incident) for each in said])
        _insert(database, tables.entries, [row for each in said for row in _entries(each)])
        _index(database, documents)
        counted.update(term for each in documents if each.resolved for term in ("", *each.compared.split()))
    rows = [{"team_id": TEAM, "term": term, "incidents": times} for term, times in counted.items()]
    _insert(database, tables.search_frequencies, rows)
    with database.unhurried() as session:
        session.execute(text("ANALYZE"))


def _insert(database: Database, table: Table, rows: list[dict[str, Any]]) -> None:
    with database.unhurried() as session:
        session.execute(insert(table), rows)


def _index(database: Database, documents: list[Document]) -> None:
    names = ("title", "body", "compared", "worked", "resolved")
    rows = [
        {"team_id": each.team, "incident": each.incident} | {name: getattr(each, name) for name in names}
        for each in documents
    ]
    _insert(database, tables.search_documents, rows)
    with database.unhurried() as session:
        for each in documents:
            search_index.put(session, each, None)


def _said(number: int, count: int, rare: random.Random) -> Said:
    """An incident whose words are as unevenly common as words are."""
    resolved = number <= count - OPEN
    opened = opened_at(number)
    seen = f"{_drawn(SEEN, rare)} {rare.choice(WHEN)} {rare.randrange(10_000)}"
    incident = Incident(
        team=TeamId(TEAM),
        number=IncidentNumber(number),
        title=seen,
        seen=seen,
        severity=Severity(1 + number % 5),
        triaged_at=opened,
        lead=None,
        private=number % 50 == 0,
        channel=ChannelId(CHANNEL),
        thread_ts=MessageTs(f"{1_600_000_000 + number}.000100"),
        opened_by=UserId(f"U0P{number % 1000:05d}"),
        opened_at=opened,
        active_at=opened,
        resolved_at=opened + timedelta(hours=3) if resolved else None,
        diagnosis=f"{_drawn(CAUSES, rare)} in {_module(rare)}" if resolved else None,
    )
    return Said(incident=incident, texts=tuple(_texts(rare)), worked="A1 rolled back" if resolved else None)


def _texts(rare: random.Random) -> Iterator[str]:
    for _ in range(TEXTS):
        about = f"{_drawn(SEEN, rare)} in {_module(rare)}, {_drawn(CAUSES, rare)} suspected"
        yield f"{about}: {_module(rare)}Error at line {rare.randrange(2_000)} of {_module(rare)}.py"


def _module(rare: random.Random) -> str:
    return f"Module{int(rare.paretovariate(0.6)) % 20_000}"


def _drawn(words: tuple[str, ...], rare: random.Random) -> str:
    return words[int(rare.paretovariate(0.8) - 1) % len(words)]


def _row(incident: Incident) -> dict[str, Any]:
    names = ("number", "title", "seen", "triaged_at", "lead", "private", "channel", "thread_ts", "opened_by")
    later = ("opened_at", "active_at", "resolved_at", "resolved_by", "diagnosis")
    plain = {name: getattr(incident, name) for name in names + later}
    return plain | {"team_id": TEAM, "severity": incident.severity.value, "last_entry": TEXTS}


def _graded(incident: Incident) -> dict[str, Any]:
    own = {"team_id": TEAM, "incident": incident.number, "seq": 1}
    return own | {"severity": incident.severity.value, "by": "U0P00001", "at": BEGAN, "reason": "said"}


def _card(incident: Incident) -> dict[str, Any]:
    own = {"team_id": TEAM, "incident": incident.number}
    return own | {"wanted": 1, "sent": 1, "indexed": 1, "due_at": BEGAN, "attempts": 0}


def _entries(said: Said) -> Iterator[dict[str, Any]]:
    at = said.incident.opened_at
    for seq, told in enumerate(said.texts, start=1):
        by = {"author": "U0P00001", "logged_by": "U0P00001", "at": at, "logged_at": at}
        yield {
            "team_id": TEAM,
            "incident": said.incident.number,
            "seq": seq,
            "kind": "note",
            "text": told,
        } | by
