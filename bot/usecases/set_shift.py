"""Say who is on duty: set a rotation or a calendar, take single hours, exchange shifts, or forget it all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import NotUnderstood, RoundsError
from bot.domain.heard import Who
from bot.domain.ids import ChannelId, UserId, is_direct
from bot.domain.shifts.kept import Kept, Source
from bot.domain.shifts.roster import Duty, Override, Roster, Span, on_duty, spans
from bot.domain.shifts.rotation import Rotation
from bot.domain.shifts.turning import EVERYWHERE
from bot.store import shifts
from bot.store.session import Session
from bot.usecases.look_again import look_again
from bot.usecases.read_shift import keep_watch

# How far ahead a shift is looked for that is to be exchanged.
AHEAD = timedelta(days=92)
_BEFORE = timedelta.resolution


@dataclass(frozen=True, slots=True)
class Group:
    """A user group whose people are on duty in turn."""

    id: str
    handle: str


def read_roster(session: Session, who: Who) -> Kept | None:
    """The roster that counts where somebody asks."""
    return shifts.near(session, who.team, _here(who))


def place_of(who: Who, *, everywhere: bool) -> ChannelId:
    """Whose roster is meant: this channel's, or the workspace's, which direct messages have no other than."""
    here = _here(who)
    return EVERYWHERE if everywhere or is_direct(here) else here


def set_rotation(
    session: Session, who: Who, place: ChannelId, rotation: Rotation, group: Group | None, now: datetime
) -> Kept:
    """Let people be on duty in turn, in place of all that was said before."""
    source = Source(
        zone=rotation.zone,
        set_by=who.user,
        set_in=_here(who),
        set_at=now,
        rotation=rotation,
        group_id=group.id if group else None,
        group_handle=group.handle if group else None,
    )
    shifts.put(session, who.team, place, source)
    kept = _at(session, who, place)
    if group:
        shifts.set_(session, kept, refresh_at=now + shifts.REFRESHED)
    return _followed(session, kept, now)


def take_hours(session: Session, who: Who, said: Override, zone: str, now: datetime) -> Kept:
    """Let somebody be on duty for a time, over whatever else says who is.

    Raises:
        RoundsError: The person in whose place it would be is not on duty in that time.
    """
    kept = _existing(session, who, zone, now)
    if said.instead_of and not _has_part(kept.roster, said):
        raise RoundsError(_instead(kept.roster, said))
    shifts.say(session, kept, said, by=who.user, now=now)
    return _followed(session, _at(session, who, kept.place), now, since=now - _BEFORE)


def _has_part(roster: Roster, said: Override) -> bool:
    found = spans(roster, said.starts_at, said.ends_at)
    return any(span.person == said.instead_of for span in found)


def _instead(roster: Roster, said: Override) -> str:
    found = dict.fromkeys(f"@{span.person}" for span in spans(roster, said.starts_at, said.ends_at))
    others = f"{', '.join(found)} is" if found else "Nobody is"
    return (
        f"@{said.instead_of} is not on duty then. {others}. Without “for @{said.instead_of}”, "
        f"@{said.person} takes those hours from whoever has them."
    )


def swap_shifts(
    session: Session,
    who: Who,
    pair: tuple[UserId, UserId],
    day: tuple[datetime, datetime] | None,
    now: datetime,
) -> tuple[Kept, tuple[Override, Override]]:
    """Let two people exchange their next shifts; with a *day*, the one of that day and the other's next.

    Raises:
        RoundsError: One of them has no shift that could be exchanged.
    """
    kept = _existing(session, who, "UTC", now)
    first = _of_day(kept.roster, pair, *day) if day else _next_of(kept.roster, pair[0], now)
    other = pair[1] if first.person == pair[0] else pair[0]
    second = _next_of(kept.roster, other, now, beside=first)
    said = (
        Override(person=other, starts_at=max(first.starts_at, now), ends_at=first.ends_at),
        Override(person=first.person, starts_at=second.starts_at, ends_at=second.ends_at),
    )
    for each in said:
        shifts.say(session, kept, each, by=who.user, now=now)
    return _followed(session, _at(session, who, kept.place), now, since=now - _BEFORE), said


def _of_day(roster: Roster, pair: tuple[UserId, UserId], start: datetime, end: datetime) -> Span:
    found = [span for span in spans(roster, start, end) if span.person in pair]
    begun = [span for span in found if span.starts_at >= start]
    if not found:
        raise RoundsError(f"Neither @{pair[0]} nor @{pair[1]} is on duty that day.")
    return (begun or found)[0]


def _next_of(roster: Roster, person: UserId, now: datetime, beside: Span | None = None) -> Span:
    for span in spans(roster, now, now + AHEAD):
        if span.person == person and span.starts_at >= now and span != beside:
            return span
    raise RoundsError(f"@{person} has no shift in the next three months that could be exchanged.")


def follow_calendar(
    session: Session, who: Who, place: ChannelId, address: str, zone: str, now: datetime
) -> None:
    """Have a calendar read; until it was, and was good, everything stays as it is."""
    _begin(session, who, place, zone, now)
    kept = _at(session, who, place)
    shifts.set_(
        session,
        kept,
        wanted=address,
        wanted_by=who.user,
        wanted_in=_here(who),
        wanted_zone=zone,
        refresh_at=now,
    )


def forget_shifts(session: Session, who: Who, place: ChannelId, now: datetime) -> bool:
    """Let nobody be on duty any more; whether anybody was."""
    found = shifts.drop(session, who.team, place)
    look_again(session, who.team, place, now)
    return found


def duty_of(kept: Kept, now: datetime) -> Duty | None:
    """Who is on duty by a roster."""
    return on_duty(kept.roster, now)


def _existing(session: Session, who: Who, zone: str, now: datetime) -> Kept:
    """The roster that counts here, locked; a new one where there is none."""
    kept = shifts.near(session, who.team, _here(who))
    place = kept.place if kept else place_of(who, everywhere=False)
    if kept is None:
        _begin(session, who, place, zone, now)
    return _at(session, who, place)


def _begin(session: Session, who: Who, place: ChannelId, zone: str, now: datetime) -> None:
    source = Source(zone=zone, set_by=who.user, set_in=_here(who), set_at=now)
    shifts.begin(session, who.team, place, source)


def _at(session: Session, who: Who, place: ChannelId) -> Kept:
    kept = shifts.at(session, who.team, place, locked=True)
    if kept is None:
        raise NotUnderstood("Somebody has just removed the shifts here.", "`/incident shift`")
    return kept


def _followed(session: Session, kept: Kept, now: datetime, since: datetime | None = None) -> Kept:
    """The roster, once everything follows what was said of it."""
    keep_watch(session, kept, since or now)
    look_again(session, kept.team, kept.place, now)
    return kept


def _here(who: Who) -> ChannelId:
    assert who.channel is not None  # noqa: S101 - a command always comes from a conversation.
    return who.channel
