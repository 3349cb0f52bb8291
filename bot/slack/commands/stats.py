"""What happens when somebody types ``/incident stats``."""

from datetime import UTC, datetime

from bot.domain.errors import NotUnderstood
from bot.domain.heard import Who
from bot.slack.commands.named import beginning_of
from bot.slack.desk import Desk
from bot.slack.line.forms import USAGE
from bot.slack.line.stats import ShowStats
from bot.slack.render import stats as render
from bot.slack.render.answers import Answer
from bot.usecases.read_stats import read_stats, want_picture


def carry_out(desk: Desk, who: Who, request: ShowStats, key: str) -> Answer:
    """Show the figures, and owe a picture of them where there is anything to draw."""
    now = desk.clock()
    since = _since(desk, who, request, now)
    with desk.database.reading() as session:
        found = read_stats(session, who, since, now)
    if found.drawable:
        with desk.database.writing() as session:
            want_picture(session, who, since, key=key, now=now)
    return render.shown(found)


def _since(desk: Desk, who: Who, request: ShowStats, now: datetime) -> datetime:
    if request.since is None:
        return now - request.span
    since = beginning_of(desk, who, request.since).astimezone(UTC)
    if since >= now:
        raise NotUnderstood(f"{request.since} is not over yet.", USAGE["stats"])
    return since
