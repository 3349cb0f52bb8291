"""Read again what rosters are made of, calendars and user groups; what cannot be read changes nothing.

A roster is booked for a few minutes later, then its source is read without any transaction, then what was
found is stored in a short one. So nobody waits for a slow server, and whoever dies on the way leaves it to be
read again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.ids import ChannelId, UserId
from bot.domain.notice import HintOwed
from bot.domain.shifts.feed import BadFeed, Event, read_feed
from bot.domain.shifts.keeping import with_people
from bot.domain.shifts.kept import Kept, Source, Wanted
from bot.domain.shifts.roster import Span, on_duty, without_overlaps
from bot.domain.terms import written_moment
from bot.store import outbox, shifts
from bot.store.session import Database, Session
from bot.usecases.fetch_calendar import file_in, label_of
from bot.usecases.look_again import look_again
from bot.usecases.read_shift import keep_watch

log = structlog.get_logger()

# Longer than reading takes, so that nobody reads what is still being read.
LEASE = timedelta(minutes=3)
SINCE, AHEAD = timedelta(days=1), timedelta(days=60)
AHEAD_IN_A_FILE = timedelta(days=400)
HINT_LASTS = timedelta(days=1)
_NAMED = 5
_ADDRESS = "`/incident shift calendar https://…` with an address that a browser downloads without a login."
_FILE = "`/incident shift calendar` with the file that an on-call tool exports; its name ends in `.ics`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Where sources are read: each raises `BadFeed`, with words for people, where it cannot be.

    *by_email* finds an account, None where there is none or we may not ask; *everybody* tells accounts by the
    names and addresses that they have, in small letters.
    """

    fetch: Callable[[str], bytes]
    members: Callable[[str], Sequence[UserId]]
    by_email: Callable[[str], UserId | None]
    everybody: Callable[[], Mapping[str, UserId]]


@dataclass(frozen=True, slots=True)
class _Read:
    """What a calendar says, in the people of this workspace, and the names in it that nobody here has."""

    spans: tuple[Span, ...]
    unknown: tuple[str, ...]


def refresh_next(database: Database, readers: Readers, now: datetime) -> bool:
    """Read again what is due longest; False when nothing is."""
    with database.quietly() as session:
        kept = shifts.take_stale(session, now, until=now + LEASE)
    if kept is None:
        return False
    if kept.wanted:
        _try(database, readers, kept, kept.wanted, now)
    else:
        _again(database, readers, kept, now)
    return True


def _try(database: Database, readers: Readers, kept: Kept, wanted: Wanted, now: datetime) -> None:
    """Read a calendar that is to take the place of what there is, once."""
    try:
        found = _calendar(database, readers, kept, (wanted.address, wanted.zone), now)
    except BadFeed as error:
        log.warning(
            "shifts.calendar_refused", place=kept.place, source=label_of(wanted.address), why=str(error)
        )
        with database.writing() as session:
            _refuse(session, kept, wanted, str(error), now)
        return
    with database.writing() as session:
        before = shifts.at(session, kept.team, kept.place, locked=True)
        if before is None or before.wanted != wanted:
            # Somebody has changed their mind meanwhile.
            return
        label = label_of(wanted.address)
        source = Source(
            zone=wanted.zone,
            set_by=wanted.by,
            set_in=wanted.channel,
            set_at=now,
            calendar=None if file_in(wanted.address) else wanted.address,
            label=label,
        )
        shifts.put(session, kept.team, kept.place, source)
        _keep(session, kept, found, now, once=file_in(wanted.address) is not None)
        _tell(session, kept, wanted.by, wanted.channel, _taken_over(session, kept, found, label, now), now)


def _refuse(session: Session, kept: Kept, wanted: Wanted, why: str, now: datetime) -> None:
    before = shifts.at(session, kept.team, kept.place, locked=True)
    if before is None or before.wanted != wanted:
        return
    empty = not (before.source.rotation or before.source.label or before.roster.overrides)
    if empty:
        shifts.drop(session, kept.team, kept.place)
    else:
        due = now + shifts.REFRESHED if before.source.refreshed else None
        shifts.set_(session, before, wanted=None, wanted_by=None, refresh_at=due)
    stays = "So there are still no shifts here." if empty else "What was said before still counts."
    text = (
        f"I could not use the calendar of {label_of(wanted.address)}: {why}. {stays}\n"
        f"Try: {_FILE if file_in(wanted.address) else _ADDRESS}"
    )
    _tell(session, kept, wanted.by, wanted.channel, text, now)


def _taken_over(session: Session, kept: Kept, found: _Read, label: str, now: datetime) -> str:
    fresh = shifts.at(session, kept.team, kept.place)
    duty = on_duty(fresh.roster, now) if fresh else None
    who = (
        f"@{duty.person} is on duty until {written_moment(duty.ends_at)}" if duty else "Nobody is on duty now"
    )
    return (
        f"I follow the calendar of {label}: {len(found.spans)} shifts. {who}.{_nobody_knows(found.unknown)}"
    )


def _nobody_knows(unknown: Sequence[str]) -> str:
    if not unknown:
        return ""
    shown = ", ".join(f"“{name}”" for name in unknown[:_NAMED])
    more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
    return (
        f"\nI know nobody called {shown}{more}, so nobody is on duty in their shifts. "
        "Their names in Slack, or the e-mail addresses in the calendar, have to be the same."
    )


def _again(database: Database, readers: Readers, kept: Kept, now: datetime) -> None:
    """Read the source that there is."""
    source = kept.source
    try:
        if source.calendar:
            found = _calendar(database, readers, kept, (source.calendar, source.zone), now)
            members: Sequence[UserId] = ()
        else:
            found, members = _Read((), ()), _members(readers, source)
    except BadFeed as error:
        log.warning("shifts.cannot_read", place=kept.place, source=_called(source), why=str(error))
        with database.writing() as session:
            _note_problem(session, kept, str(error), now)
        return
    with database.writing() as session:
        before = shifts.at(session, kept.team, kept.place, locked=True)
        if before is None or before.source != source or before.wanted:
            return
        if source.calendar:
            new = set(found.unknown) - set(before.unknown)
            _keep(session, before, found, now)
            if new:
                told = f"The calendar of {source.label} has new names.{_nobody_knows(sorted(new))}"
                _tell(session, kept, source.set_by, source.set_in, told, now)
        else:
            _keep_members(session, before, members, now)


def _members(readers: Readers, source: Source) -> Sequence[UserId]:
    found = readers.members(source.group_id or "")
    if not found:
        raise BadFeed("nobody is in it")
    return found


def _keep_members(session: Session, kept: Kept, members: Sequence[UserId], now: datetime) -> None:
    rotation = kept.source.rotation
    shifts.set_(session, kept, **_good(now))
    if rotation and set(rotation.people) != set(members):
        shifts.set_people(session, kept, with_people(rotation, tuple(members), now))
        _follow(session, kept, now)


def _keep(session: Session, kept: Kept, found: _Read, now: datetime, *, once: bool = False) -> None:
    """Store what a calendar says; one that is read *once* is a file."""
    shifts.set_spans(session, kept.team, kept.place, found.spans)
    shifts.set_(session, kept, **_good(now), unknown=shifts.written(found.unknown))
    if once:
        shifts.set_(session, kept, refresh_at=None)
    _follow(session, kept, now)


def _good(now: datetime) -> dict[str, object]:
    return {
        "refresh_at": now + shifts.REFRESHED,
        "refreshed_at": now,
        "problem": None,
        "problem_since": None,
    }


def _follow(session: Session, kept: Kept, now: datetime) -> None:
    fresh = shifts.at(session, kept.team, kept.place)
    if fresh is None:
        return
    keep_watch(session, fresh, now)
    if on_duty(fresh.roster, now) != on_duty(kept.roster, now):
        look_again(session, kept.team, kept.place, now)


def _note_problem(session: Session, kept: Kept, why: str, now: datetime) -> None:
    """What is known stays; whoever set it is told once, until it can be read again."""
    before = shifts.at(session, kept.team, kept.place, locked=True)
    if before is None or before.source != kept.source or before.wanted:
        return
    since = before.problem_since or now
    shifts.set_(session, before, problem=why, problem_since=since, refresh_at=now + shifts.REFRESHED)
    if before.problem is None:
        text = (
            f"I cannot read {_called(kept.source)} any more: {why}. What I read last still counts, and I try "
            "again every 15 minutes. `/incident shift` shows it."
        )
        _tell(session, kept, kept.source.set_by, kept.source.set_in, text, now)


def _called(source: Source) -> str:
    return f"the calendar of {source.label}" if source.calendar else f"the people of @{source.group_handle}"


def _tell(session: Session, kept: Kept, user: UserId, channel: ChannelId, text: str, now: datetime) -> None:
    hint = HintOwed(channel=channel, thread_ts=None, user=user, text=text, expires_at=now + HINT_LASTS)
    outbox.put(session, kept.team, hint, key=f"shift:{kept.place}:{user}:{now.timestamp():.6f}", now=now)


def _calendar(
    database: Database, readers: Readers, kept: Kept, source: tuple[str, str], now: datetime
) -> _Read:
    """Fetch and read a calendar, and find out who is meant by the names in it."""
    address, zone = source
    # A file is never read again.
    ahead = AHEAD_IN_A_FILE if file_in(address) else AHEAD
    events = read_feed(readers.fetch(address), zone, now - SINCE, now + ahead)
    with database.reading() as session:
        known = shifts.names(session, kept.team)
    who = _mapped(events, readers, known, kept.unknown)
    unknown = tuple(dict.fromkeys(event.label for event in events if who.get(_key(event)) is None))
    if not any(who.values()):
        raise BadFeed(f"I know nobody of those in it, such as “{unknown[0]}”")
    spans = [
        Span(person, event.starts_at, event.ends_at) for event in events if (person := who.get(_key(event)))
    ]
    return _Read(without_overlaps(spans), unknown)


_Key = tuple[tuple[str, ...], tuple[str, ...]]


def _key(event: Event) -> _Key:
    return event.emails, event.names


def _mapped(
    events: Iterable[Event], readers: Readers, known: Mapping[str, UserId], unknown: Sequence[str]
) -> dict[_Key, UserId | None]:
    """Who is meant by each: by address, by a name we know, or else by any name that Slack knows."""
    found: dict[_Key, UserId | None] = {}
    labels = {_key(event): event.label for event in events}
    for key in labels:
        found[key] = _by_email(key[0], readers) or _by_name(key, known)
    missing = [key for key, person in found.items() if person is None]
    # What Slack did not know a quarter of an hour ago is not asked again: there may be thousands of people.
    if {labels[key] for key in missing} - set(unknown):
        everybody = readers.everybody()
        found |= {key: _by_name(key, everybody) for key in missing}
    return found


def _by_email(emails: Iterable[str], readers: Readers) -> UserId | None:
    return next((person for email in emails if (person := readers.by_email(email))), None)


def _by_name(key: _Key, known: Mapping[str, UserId]) -> UserId | None:
    emails, names = key
    return next((known[each.casefold()] for each in (*emails, *names) if each.casefold() in known), None)
