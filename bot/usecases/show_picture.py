"""Show how the differential evolved as a picture in the thread; a double click shows it once."""

from datetime import datetime, timedelta

from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber
from bot.domain.notice import PictureWanted
from bot.store import incidents, outbox
from bot.store.session import Session

# Longer than a picture takes; one that takes longer is stuck, and may be asked for again.
ON_ITS_WAY = timedelta(minutes=1)


def show_picture(session: Session, who: Who, number: IncidentNumber, *, key: str, now: datetime) -> None:
    """Owe the thread a picture, unless one is on its way."""
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    # Two clicks at the same moment must see each other.
    incidents.locked(session, who.team, number)
    wanted = PictureWanted(incident=number, by=who.user)
    if not outbox.is_under_way(session, who.team, wanted, now - ON_ITS_WAY):
        outbox.put(session, who.team, wanted, key=f"picture:{key}", now=now)
