"""The entries of charts, their revisions, and the messages they come from."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, func, select, union_all, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.chart import Entry, File, Kind, Typed, moment
from bot.domain.heard import Reply
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.store.session import Session, carry_out, first, rows
from bot.store.tables import entries, entry_revisions, incidents, messages

# Built once, see incidents.py.
_COUNT_UP = (
    update(incidents)
    .where(incidents.c.team_id == bindparam("team"), incidents.c.number == bindparam("incident"))
    .values(last_entry=incidents.c.last_entry + bindparam("more"), active_at=bindparam("now"))
    .returning(incidents.c.last_entry)
)
_ADD = insert(entries)
_OF_MESSAGE = (
    select(entries)
    .where(
        entries.c.team_id == bindparam("team"),
        entries.c.channel == bindparam("channel"),
        entries.c.ts == bindparam("ts"),
    )
    .order_by(entries.c.seq)
)
_MESSAGE = select(messages).where(
    messages.c.team_id == bindparam("team"),
    messages.c.channel == bindparam("channel"),
    messages.c.ts == bindparam("ts"),
)
_LEAD_NAMED_AT = select(func.max(entries.c.at).label("at")).where(
    entries.c.team_id == bindparam("team"),
    entries.c.incident == bindparam("number"),
    entries.c.kind == Kind.LEAD.value,
    entries.c.withdrawn_at.is_(None),
)
_NEW_MESSAGE = insert(messages)
_SAVE_MESSAGE = _NEW_MESSAGE.on_conflict_do_update(
    index_elements=["team_id", "channel", "ts"],
    set_={
        name: _NEW_MESSAGE.excluded[name]
        for name in ("incident", "version", "receipt", "refused", "deleted_at")
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry about to be stored."""

    kind: Kind
    text: str
    author: UserId
    logged_by: UserId
    at: datetime
    channel: ChannelId | None = None
    ts: MessageTs | None = None
    line: str | None = None
    files: tuple[File, ...] = ()


def draft_of(message: Reply, typed: Typed, *, line: str, logged_by: UserId) -> Draft:
    """An entry that is made of a message."""
    return Draft(
        kind=typed.kind,
        text=typed.text,
        author=message.author,
        logged_by=logged_by,
        at=moment(message.ts),
        channel=message.channel,
        ts=message.ts,
        line=line,
        files=message.files,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What we know of a message that has, had or may get entries."""

    incident: IncidentNumber | None
    version: MessageTs
    receipt: bool
    refused: bool
    deleted_at: datetime | None


def _value(row: Any) -> Entry:  # noqa: ANN401 - a row of SQLAlchemy's, or of our own.
    return Entry(
        incident=IncidentNumber(row.incident),
        seq=row.seq,
        kind=Kind(row.kind),
        text=row.text,
        author=row.author,
        at=row.at,
        logged_by=row.logged_by,
        channel=row.channel,
        ts=row.ts,
        line=row.line,
        files=tuple(File(**file) for file in json.loads(row.files or "[]")),
        withdrawn_at=row.withdrawn_at,
    )


def add(
    session: Session,
    team: TeamId,
    number: IncidentNumber,
    drafts: Sequence[Draft],
    *,
    now: datetime,
) -> list[int]:
    """Append entries, which keeps the incident active; call it with the incident's row locked. Their seqs."""
    if not drafts:
        return []
    step = {"team": team, "incident": number, "more": len(drafts), "now": now}
    (row,) = rows(session, _COUNT_UP, step)
    numbered = list(enumerate(drafts, start=row.last_entry - len(drafts) + 1))
    own = {"team_id": team, "incident": number}
    for seq, draft in numbered:
        carry_out(session, _ADD, own | _columns(draft) | {"seq": seq, "logged_at": now})
    return [seq for seq, _ in numbered]


def _columns(draft: Draft) -> dict[str, object]:
    files = json.dumps([asdict(file) for file in draft.files]) if draft.files else None
    names = ("text", "author", "logged_by", "at", "channel", "ts", "line")
    return {"kind": draft.kind.value, "files": files} | {name: getattr(draft, name) for name in names}


def add_revisions(
    session: Session,
    team: TeamId,
    number: IncidentNumber,
    revised: Iterable[tuple[int, Typed]],
    *,
    version: MessageTs,
    now: datetime,
) -> None:
    """Keep what entries said in an older version of their message, whichever order versions come in."""
    old = [
        {
            "team_id": team,
            "incident": number,
            "seq": seq,
            "version": version,
            "kind": typed.kind.value,
            "text": typed.text,
            "recorded_at": now,
        }
        for seq, typed in revised
    ]
    if old:
        session.execute(insert(entry_revisions).on_conflict_do_nothing(), old)


def revisions(session: Session, team: TeamId, entry: Entry) -> list[str]:
    """What an entry said before, the oldest first. Its newest text is the entry's own."""
    found = session.execute(
        select(entry_revisions.c.text)
        .where(
            entry_revisions.c.team_id == team,
            entry_revisions.c.incident == entry.incident,
            entry_revisions.c.seq == entry.seq,
        )
        .order_by(entry_revisions.c.version)
    )
    return list(found.scalars())


def of_message(session: Session, team: TeamId, channel: ChannelId, ts: MessageTs) -> list[Entry]:
    """All entries made of one message, withdrawn ones too."""
    found = rows(session, _OF_MESSAGE, {"team": team, "channel": channel, "ts": ts})
    return [_value(row) for row in found]


def of(session: Session, team: TeamId, number: IncidentNumber) -> list[Entry]:
    """The live entries of an incident, by the time of their messages."""
    found = session.execute(
        select(entries)
        .where(entries.c.team_id == team, entries.c.incident == number, entries.c.withdrawn_at.is_(None))
        .order_by(entries.c.at, entries.c.seq)
    )
    return [_value(row) for row in found]


def since(session: Session, team: TeamId, number: IncidentNumber, at: datetime) -> list[Entry]:
    """The live entries of an incident that were made at a moment or later, in order."""
    found = session.execute(
        select(entries)
        .where(
            entries.c.team_id == team,
            entries.c.incident == number,
            entries.c.withdrawn_at.is_(None),
            entries.c.at >= at,
        )
        .order_by(entries.c.at, entries.c.seq)
    )
    return [_value(row) for row in found]


def lead_named_at(session: Session, team: TeamId, number: IncidentNumber) -> datetime | None:
    """When somebody was last named as the lead, after the incident was opened."""
    row = first(session, _LEAD_NAMED_AT, {"team": team, "number": number})
    return row.at if row else None


def last_by_kind(
    session: Session, team: TeamId, number: IncidentNumber, kinds: Collection[Kind], each: int
) -> list[Entry]:
    """The newest live entries of each kind, the newest first: one index look-up a kind."""
    newest = _newest(tuple(kinds), each)
    found = [_value(row) for row in rows(session, newest, {"team": team, "number": number})]
    return sorted(found, key=lambda entry: (entry.at, entry.seq), reverse=True)


@lru_cache
def _newest(kinds: tuple[Kind, ...], each: int) -> CompoundSelect[tuple[object, ...]]:
    parts = [
        select(
            select(entries)
            .where(
                entries.c.team_id == bindparam("team"),
                entries.c.incident == bindparam("number"),
                entries.c.kind == kind.value,
                entries.c.withdrawn_at.is_(None),
            )
            .order_by(entries.c.at.desc(), entries.c.seq.desc())
            .limit(each)
            .subquery()
        )
        for kind in kinds
    ]
    return union_all(*parts)


def revise(session: Session, team: TeamId, entry: Entry, typed: Typed) -> None:
    """Give an entry its newest text."""
    _update(session, team, [entry], kind=typed.kind.value, text=typed.text)


def withdraw(session: Session, team: TeamId, gone: Sequence[Entry], now: datetime) -> None:
    """Take entries out of the chart; they stay stored."""
    _update(session, team, gone, withdrawn_at=now)


def restore(session: Session, team: TeamId, back: Sequence[Entry]) -> None:
    """Put withdrawn entries back into the chart."""
    _update(session, team, back, withdrawn_at=None)


def _update(session: Session, team: TeamId, which: Sequence[Entry], **values: object) -> None:
    if not which:
        return
    session.execute(
        update(entries)
        .where(
            entries.c.team_id == team,
            entries.c.incident == which[0].incident,
            entries.c.seq.in_([entry.seq for entry in which]),
        )
        .values(values)
    )


def message(session: Session, team: TeamId, channel: ChannelId, ts: MessageTs) -> Message | None:
    """What we know of a message; None if it never had anything to do with an incident."""
    found = first(session, _MESSAGE, {"team": team, "channel": channel, "ts": ts})
    if found is None:
        return None
    return Message(
        incident=None if found.incident is None else IncidentNumber(found.incident),
        version=found.version,
        receipt=found.receipt,
        refused=found.refused,
        deleted_at=found.deleted_at,
    )


def message_of(session: Session, reply: Reply, number: IncidentNumber) -> Message:
    """What we know of a message that belongs to an incident from now on."""
    return message(session, reply.team, reply.channel, reply.ts) or Message(
        incident=number, version=reply.version, receipt=False, refused=False, deleted_at=None
    )


def save_message(session: Session, team: TeamId, channel: ChannelId, ts: MessageTs, known: Message) -> None:
    """Remember what is known of a message."""
    carry_out(session, _SAVE_MESSAGE, {"team_id": team, "channel": channel, "ts": ts} | asdict(known))


def messages_in_threads(
    session: Session, team: TeamId, number: IncidentNumber
) -> set[tuple[ChannelId, MessageTs]]:
    """The messages of an incident's threads that have live entries; the shortcut's may stand anywhere."""
    found = session.execute(
        select(entries.c.channel, entries.c.ts)
        .where(
            entries.c.team_id == team,
            entries.c.incident == number,
            entries.c.withdrawn_at.is_(None),
            entries.c.ts.is_not(None),
            entries.c.line.not_like("+%"),
        )
        .distinct()
    )
    return {(ChannelId(row.channel), MessageTs(row.ts)) for row in found}
