"""Rosters: who is on duty at a place, and which of them has something due."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_or  # Serves both databases, see incidents.py.

from bot.domain.ids import ChannelId, TeamId, UserId
from bot.domain.shifts.kept import Kept, Source, Wanted
from bot.domain.shifts.roster import Override, Roster, Span
from bot.domain.shifts.rotation import Rotation
from bot.domain.shifts.turning import EVERYWHERE
from bot.store.session import Session, first, rows
from bot.store.tables import people, rosters, shift_overrides, shift_spans

_MINUTE = timedelta(minutes=1)
# How long it is remembered what was said of single hours.
KEPT = timedelta(days=30)
# How often a source is read again that changes by itself.
REFRESHED = timedelta(minutes=15)
# Built once, see incidents.py.
_NEAREST = (
    select(rosters)
    .where(rosters.c.team_id == bindparam("team"), rosters.c.place.in_([bindparam("here"), EVERYWHERE]))
    .order_by(rosters.c.place.desc())
)
_OVERRIDES = (
    select(shift_overrides)
    .where(shift_overrides.c.team_id == bindparam("team"), shift_overrides.c.place == bindparam("at"))
    .order_by(shift_overrides.c.number)
)
_SPANS = (
    select(shift_spans)
    .where(shift_spans.c.team_id == bindparam("team"), shift_spans.c.place == bindparam("at"))
    .order_by(shift_spans.c.starts_at)
)


def _due(column: Column[Any]) -> Select[Any]:
    """The roster for which something is due longest, locked so that nobody else takes it."""
    return (
        select(rosters)
        .where(column <= bindparam("now"))
        .order_by(column)
        # Not a parameter, see reviews.py.
        .limit(literal_column("1"))
        .with_for_update(skip_locked=True)
    )


_TURN, _WARNING, _STALE = (_due(rosters.c[name]) for name in ("turn_at", "warn_at", "refresh_at"))


def near(session: Session, team: TeamId, channel: ChannelId) -> Kept | None:
    """The roster that counts in a channel: its own, or else the workspace's."""
    row = first(session, _NEAREST, {"team": team, "here": channel})
    return _value(session, row) if row else None


def every(session: Session, team: TeamId) -> list[Kept]:
    """Every roster of a workspace."""
    found = session.execute(select(rosters).where(rosters.c.team_id == team).order_by(rosters.c.place))
    return [_value(session, row) for row in found]


def at(session: Session, team: TeamId, place: ChannelId, *, locked: bool = False) -> Kept | None:
    """The roster of a place itself; *locked* for whoever is about to change it."""
    found = select(rosters).where(rosters.c.team_id == team, rosters.c.place == place)
    row = session.execute(found.with_for_update() if locked else found).first()
    return _value(session, row) if row else None


def _value(session: Session, row: Any) -> Kept:  # noqa: ANN401 - a row of SQLAlchemy's.
    of = {"team": row.team_id, "at": row.place}
    spans = rows(session, _SPANS, of) if row.calendar_label else ()
    rotation = _rotation(row) if row.people else None
    return Kept(
        team=TeamId(row.team_id),
        place=ChannelId(row.place),
        source=Source(
            zone=row.zone,
            set_by=UserId(row.set_by),
            set_in=ChannelId(row.set_in),
            set_at=row.set_at,
            rotation=rotation,
            group_id=row.group_id,
            group_handle=row.group_handle,
            calendar=row.calendar,
            label=row.calendar_label,
        ),
        roster=Roster(
            rotation=rotation,
            calendar=tuple(Span(UserId(each.person), each.starts_at, each.ends_at) for each in spans),
            overrides=tuple(_override(each) for each in rows(session, _OVERRIDES, of)),
        ),
        turn_at=row.turn_at,
        warned_for=row.warned_for,
        refresh_at=row.refresh_at,
        refreshed_at=row.refreshed_at,
        problem=row.problem,
        problem_since=row.problem_since,
        unknown=tuple(json.loads(row.unknown)) if row.unknown else (),
        wanted=Wanted(row.wanted, row.wanted_by, row.wanted_in, row.wanted_zone) if row.wanted else None,
    )


def _rotation(row: Any) -> Rotation:  # noqa: ANN401 - as above.
    return Rotation(
        people=tuple(UserId(each) for each in json.loads(row.people)),
        length=row.length_minutes * _MINUTE,
        first=datetime.fromisoformat(row.first),
        zone=row.zone,
        weekdays=row.weekdays,
    )


def _override(row: Any) -> Override:  # noqa: ANN401 - as above.
    return Override(
        person=UserId(row.person),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        instead_of=row.instead_of and UserId(row.instead_of),
    )


def put(session: Session, team: TeamId, place: ChannelId, source: Source) -> None:
    """Let a place have a new source, in place of all that was known of it."""
    drop(session, team, place)
    rotation = source.rotation
    session.execute(
        insert(rosters).values(
            team_id=team,
            place=place,
            people=json.dumps(rotation.people) if rotation else None,
            length_minutes=rotation.length // _MINUTE if rotation else None,
            first=rotation.first.isoformat(timespec="minutes") if rotation else None,
            zone=source.zone,
            weekdays=bool(rotation and rotation.weekdays),
            group_id=source.group_id,
            group_handle=source.group_handle,
            calendar=source.calendar,
            calendar_label=source.label,
            set_by=source.set_by,
            set_in=source.set_in,
            set_at=source.set_at,
        )
    )


def begin(session: Session, team: TeamId, place: ChannelId, source: Source) -> None:
    """Let a place have a roster without any source, if it has none at all."""
    values = {
        "zone": source.zone,
        "weekdays": False,
        "set_by": source.set_by,
        "set_in": source.set_in,
        "set_at": source.set_at,
    }
    session.execute(insert_or(rosters).values(team_id=team, place=place, **values).on_conflict_do_nothing())


def drop(session: Session, team: TeamId, place: ChannelId) -> bool:
    """Forget who is on duty at a place; whether there was anything to forget."""
    for table in (shift_spans, shift_overrides):
        session.execute(delete(table).where(table.c.team_id == team, table.c.place == place))
    found = delete(rosters).where(rosters.c.team_id == team, rosters.c.place == place)
    return session.execute(found.returning(rosters.c.place)).first() is not None


def move_channel(session: Session, team: TeamId, before: ChannelId, after: ChannelId) -> None:
    """Follow a channel whose id changed; a roster that the new one has already stays as it is."""
    for column in (rosters.c.set_in, rosters.c.wanted_in):
        session.execute(
            update(rosters).where(rosters.c.team_id == team, column == before).values({column: after})
        )
    if at(session, team, before) is None or at(session, team, after):
        return
    # What belongs to a roster refers to it, so there are two until all of that has moved.
    columns = [literal(after).label("place") if each.name == "place" else each for each in rosters.c]
    moved = select(*columns).where(rosters.c.team_id == team, rosters.c.place == before)
    session.execute(insert(rosters).from_select([each.name for each in rosters.c], moved))
    for table in (shift_spans, shift_overrides):
        session.execute(
            update(table).where(table.c.team_id == team, table.c.place == before).values(place=after)
        )
    drop(session, team, before)


def set_people(session: Session, kept: Kept, rotation: Rotation) -> None:
    """Let a rotation go on with other people."""
    begins = rotation.first.isoformat(timespec="minutes")
    set_(session, kept, people=json.dumps(rotation.people), first=begins)


def set_spans(session: Session, team: TeamId, place: ChannelId, spans: Sequence[Span]) -> None:
    """Take over what was read from a calendar."""
    session.execute(delete(shift_spans).where(shift_spans.c.team_id == team, shift_spans.c.place == place))
    values = [
        {"team_id": team, "place": place, "starts_at": s.starts_at, "ends_at": s.ends_at, "person": s.person}
        for s in spans
    ]
    if values:
        session.execute(insert(shift_spans), values)


def say(session: Session, kept: Kept, override: Override, *, by: UserId, now: datetime) -> None:
    """Keep what somebody said of single hours, after all that was said before."""
    table = shift_overrides
    of = (table.c.team_id == kept.team) & (table.c.place == kept.place)
    number = session.execute(select(func.coalesce(func.max(table.c.number), 0) + 1).where(of)).scalar_one()
    session.execute(
        insert(table).values(
            team_id=kept.team,
            place=kept.place,
            number=number,
            starts_at=override.starts_at,
            ends_at=override.ends_at,
            person=override.person,
            instead_of=override.instead_of,
            said_by=by,
            said_at=now,
        )
    )


def forget_past(session: Session, now: datetime) -> None:
    """Forget what was said of hours that are long over."""
    session.execute(delete(shift_overrides).where(shift_overrides.c.ends_at < now - KEPT))


def set_(session: Session, kept: Kept, **values: object) -> None:
    """Change columns of a roster's row."""
    found = update(rosters).where(rosters.c.team_id == kept.team, rosters.c.place == kept.place)
    session.execute(found.values(**values))


def names(session: Session, team: TeamId) -> dict[str, UserId]:
    """The people we know by their names, in small letters; a name that two have names nobody."""
    found: dict[str, set[UserId]] = {}
    wanted = select(people.c.person, people.c.name).where(
        people.c.team_id == team, people.c.name.is_not(None)
    )
    for row in session.execute(wanted):
        found.setdefault(row.name.casefold(), set()).add(UserId(row.person))
    return {name: next(iter(who)) for name, who in found.items() if len(who) == 1}


def written(unknown: Sequence[str]) -> str | None:
    """Names as they are stored."""
    return json.dumps(unknown) if unknown else None


def take_turn(session: Session, now: datetime) -> Kept | None:
    """The roster at which duty went over, locked; whoever takes it sets when it does next."""
    row = first(session, _TURN, {"now": now})
    return _value(session, row) if row else None


def take_warning(session: Session, now: datetime) -> Kept | None:
    """The roster at which duty is about to go over, locked; whoever takes it sets when it does next."""
    row = first(session, _WARNING, {"now": now})
    return _value(session, row) if row else None


def take_stale(session: Session, now: datetime, *, until: datetime) -> Kept | None:
    """The roster whose source has to be read again, looked at again at *until* if nothing comes of it."""
    row = first(session, _STALE, {"now": now})
    if row is None:
        return None
    kept = _value(session, row)
    set_(session, kept, refresh_at=until)
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A source that cannot be read, by its label, since when, and why."""

    label: str
    since: datetime | None
    problem: str


def count(session: Session) -> int:
    """How many places have a roster."""
    return int(session.execute(select(func.count()).select_from(rosters)).scalar_one())


def troubles(session: Session) -> Collection[Trouble]:
    """The sources that cannot be read just now."""
    found = session.execute(select(rosters).where(rosters.c.problem.is_not(None)))
    return [
        Trouble(
            label=row.calendar_label or f"@{row.group_handle}",
            since=row.problem_since,
            problem=row.problem,
        )
        for row in found
    ]
