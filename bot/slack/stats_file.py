"""Brings the picture of how incidents went to whoever asked for the figures, in private.

What is drawn is read when the picture is made, as that person may see it then. Where there can be no picture
they are told so where they asked: the figures they have already.
"""

from collections.abc import Callable
from datetime import datetime

from bot.domain.heard import Who
from bot.domain.notice import StatsWanted
from bot.slack.gateway import Blocked, CannotRead, Gateway, Hopeless, Outcome
from bot.slack.gateway_files import Files, Place
from bot.slack.render import stats as render
from bot.slack.render.evolution import CannotDraw
from bot.slack.sharing import NoFile, Sheet, bring, tell_instead
from bot.store.outbox import Owed
from bot.store.session import Database
from bot.usecases.read_stats import read_stats

Clock = Callable[[], datetime]


def post_stats(gateway: Gateway, database: Database, owed: Owed, clock: Clock) -> Outcome:
    """Bring the picture that a notice asks for, going on where an earlier attempt has ended.

    Raises:
        CannotRead: Slack does not say whether an earlier attempt got through.
    """
    notice = owed.notice
    assert isinstance(notice, StatsWanted)  # noqa: S101 - nothing else is brought from here.
    who = Who(team=owed.team, user=notice.by, channel=notice.channel)
    with database.reading() as session:
        found = read_stats(session, who, notice.since, clock())
    title = render.title(found)

    def make() -> bytes:
        if not found.drawable:
            raise NoFile(render.NOTHING_LEFT)
        try:
            return render.draw(found)
        except CannotDraw:
            raise NoFile(render.NEEDS_EXTRA) from None

    def tell(why: str) -> Outcome:
        return tell_instead(database, owed, notice, why, clock())

    files = Files(gateway.relay_client)
    try:
        channel = files.direct(notice.by)
    except CannotRead as error:
        if not isinstance(error.outcome, Blocked | Hopeless):
            raise
        return tell(render.refused(error.outcome.error))
    sheet = Sheet(
        make=make,
        name=f"incidents-{found.since:%Y-%m-%d}-{found.until:%Y-%m-%d}.png",
        words=render.in_words(found),
        place=Place(channel=channel, thread_ts=None, title=title, caption=f"{title}, as you asked."),
        instead=tell,
        refused=render.refused,
    )
    outcome = bring(sheet, files, database, owed, clock)
    return tell(render.refused(outcome.error)) if isinstance(outcome, Blocked) else outcome
