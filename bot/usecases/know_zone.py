"""Know an author's time zone where words need one: "by 18:00" is another moment in Berlin than in Tokyo."""

from datetime import datetime

from bot.domain.chart import Kind
from bot.domain.ids import TeamId, UserId
from bot.store import people
from bot.store.session import Session
from bot.usecases.open_incident import want_people

# The kinds of entries in which people name times of day.
_TIMED = frozenset({Kind.ACTION, Kind.ONSET})


def zone_for(session: Session, team: TeamId, author: UserId, kind: Kind, now: datetime) -> str | None:
    """The IANA name of the author's zone, asked for only where an entry of that kind may hold a local time.

    Where nobody knows it yet, Slack is asked, for the next time.
    """
    if kind not in _TIMED:
        return None
    known = people.zone(session, team, author)
    if known is None:
        want_people(session, team, [author], now)
    return known
