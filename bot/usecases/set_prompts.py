"""Say how often an incident asks, or that it shall not; and when people want to be left in peace."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import NotUnderstood
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber, UserId
from bot.domain.incident import Incident
from bot.domain.prompts.quiet import Hours, QuietHours
from bot.store import incidents, quiet, receipts, reviews
from bot.store.session import Session
from bot.usecases.order_digest import NOWHERE
from bot.usecases.show_again import chart_changed

LEAST, MOST = timedelta(minutes=5), timedelta(days=7)


def ask_every(
    session: Session, who: Who, number: IncidentNumber, every: timedelta | None, *, key: str, now: datetime
) -> None:
    """Ask as often as *every*; None asks as often as the severity says, and begins again where it was off.

    Raises:
        NotUnderstood: That is too often, or not often enough to be asked at all.
    """
    if every is not None and not LEAST <= every <= MOST:
        raise NotUnderstood(
            "A thread is asked at most every 5 minutes, and at least once a week.",
            "`/incident prompts INC-12 every 20m`",
        )
    incident = _locked(session, who, number)
    if receipts.first_time(session, who.team, key, now):
        reviews.ask_every(session, who.team, number, every)
        chart_changed(session, incident.team, number, now)


def switch_off(session: Session, who: Who, number: IncidentNumber, *, key: str, now: datetime) -> None:
    """Ask nothing in an incident until somebody wants it again."""
    incident = _locked(session, who, number)
    if receipts.first_time(session, who.team, key, now):
        reviews.switch_off(session, who.team, number, who.user)
        chart_changed(session, incident.team, number, now)


def _locked(session: Session, who: Who, number: IncidentNumber) -> Incident:
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    return incidents.locked(session, who.team, number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peace:
    """The quiet hours that count for somebody: the workspace's, and their own in place of them."""

    everybody: QuietHours | None
    own: QuietHours | None


def read_peace(session: Session, who: Who) -> Peace:
    """The quiet hours that count for somebody."""
    found = quiet.of(session, who.team, [who.user])
    return Peace(everybody=found.get(None), own=found.get(who.user))


def keep_quiet(
    session: Session, who: Who, person: UserId | None, hours: Hours | None, now: datetime
) -> Peace:
    """Set quiet hours of a person, or of the workspace where it is None; no *hours* takes them away.

    Where nobody knows their zone they are in UTC.
    """
    if hours is None:
        quiet.forget(session, who.team, person)
    else:
        kept = QuietHours(starts=hours.starts, ends=hours.ends, zone=hours.zone or NOWHERE)
        quiet.keep(session, who.team, person, kept)
    for number in incidents.all_open(session, who.team):
        reviews.wanted(session, who.team, number, now)
    return read_peace(session, who)
