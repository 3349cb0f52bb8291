"""Watch for one interval before closing: the chart says so, and the thread is asked when it is over."""

from datetime import datetime, timedelta

from bot.domain.chart import Kind
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber
from bot.domain.notice import WatchOver
from bot.domain.therapy.treatment import default_window
from bot.store import incidents, outbox
from bot.store.session import Session
from bot.usecases.log_entry import Written, log_entry


def watch_symptom(session: Session, who: Who, number: IncidentNumber, *, key: str, now: datetime) -> None:
    """Note that the symptom is watched for as long as a re-evaluation waits at this severity."""
    incident = incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    interval = default_window(incident.severity)
    minutes = round(interval / timedelta(minutes=1))
    said = Written(kind=Kind.NOTE, text=f"Watching for {minutes} minutes before closing.")
    log_entry(session, who, number, said, key=key, now=now)
    over = WatchOver(incident=number, by=who.user, minutes=minutes)
    outbox.put(session, who.team, over, key=f"watch:{key}", now=now, due=now + interval)
