"""Brings a picture into a thread: draws what a notice asks for. What cannot be shown is said in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.heard import mentioned
from bot.domain.ids import MessageTs, TeamId, shown
from bot.domain.notice import PictureWanted, TrendsWanted
from bot.slack.gateway import Done, Gateway, Hopeless, Outcome
from bot.slack.gateway_files import Files, Place
from bot.slack.render import evolution, trends
from bot.slack.render.blocks import person
from bot.slack.sharing import NoFile, Sheet, bring
from bot.store import digests, incidents, outbox, people
from bot.store.outbox import Owed
from bot.store.session import Database, Session
from bot.usecases.follow_workup import read_workup
from bot.usecases.send_digest import digest_key


@dataclass(frozen=True, slots=True)
class _Picture:
    """What is posted: how to draw it, the same in words, and in which thread it goes."""

    draw: Callable[[], bytes]
    words: str
    empty: bool
    name: str
    place: Place
    root: MessageTs

    def make(self) -> bytes:
        """The picture's bytes, or why there are none."""
        if self.empty:
            raise NoFile(evolution.NO_PICTURE)
        try:
            return self.draw()
        except evolution.CannotDraw:
            raise NoFile(evolution.NEEDS_EXTRA) from None


def post_picture(gateway: Gateway, database: Database, owed: Owed, clock: Callable[[], datetime]) -> Outcome:
    """Post the picture that a notice asks for, going on where an earlier attempt has ended.

    Raises:
        CannotRead: Slack does not say whether an earlier attempt got through.
    """
    with database.reading() as session:
        picture = _picture(session, owed, clock())
    if picture is None:
        return Hopeless("nothing to post to")
    sheet = Sheet(
        make=picture.make,
        name=picture.name,
        words=picture.words,
        place=picture.place,
        instead=lambda why: _say(gateway, owed, picture, why),
        refused=evolution.refused,
    )
    return bring(sheet, Files(gateway.relay_client), database, owed, clock)


def _say(gateway: Gateway, owed: Owed, picture: _Picture, why: str) -> Outcome:
    """Say in words what cannot be shown, unless an earlier attempt has said it."""
    post = evolution.said_instead(picture.place.channel, picture.root, why, picture.words)
    if owed.uncertain_since is not None:
        found = gateway.find(post, key=owed.key, since=owed.uncertain_since)
        if found:
            return Done(found, before=True)
    return gateway.perform(post, key=owed.key)


def _picture(session: Session, owed: Owed, now: datetime) -> _Picture | None:
    match owed.notice:
        case PictureWanted():
            return _of_differential(session, owed.team, owed.notice, now)
        case TrendsWanted():
            return _of_trends(session, owed.team, owed.notice)
        case _:
            raise AssertionError(f"{owed.notice.name} wants no picture")


def _of_trends(session: Session, team: TeamId, notice: TrendsWanted) -> _Picture | None:
    """The two weeks of a digest, for the thread below it."""
    digest = digests.find(session, team, notice.channel, notice.date)
    root = outbox.delivered(session, team, digest_key(notice))
    if digest is None or root is None:
        return None
    title = f"Incidents, the last {len(digest.trends.days)} days"
    return _Picture(
        draw=lambda: trends.draw(digest.trends, title),
        words=trends.in_words(digest.trends),
        empty=digest.trends.empty,
        name=f"incidents-{notice.date.isoformat()}.png",
        place=Place(channel=notice.channel, thread_ts=root.ts, title=title, caption=f"{title}."),
        root=root.ts,
    )


def _of_differential(session: Session, team: TeamId, notice: PictureWanted, now: datetime) -> _Picture | None:
    """How the differential of an incident evolved, for its thread."""
    incident = incidents.get(session, team, notice.incident)
    workup = read_workup(session, team, incident.number)
    if incident.thread_ts is None:
        return None
    said = [f"{each.statement} {each.eliminated_by}" for each in workup.differential.hypotheses]
    names = people.names(session, team, mentioned(" ".join([incident.title, *said])))
    name, until = shown(incident.number), incident.resolved_at or now
    return _Picture(
        draw=lambda: evolution.draw(workup, f"{name} {incident.title}", until=until, names=names),
        words=evolution.in_words(workup, names),
        empty=not workup.differential.hypotheses,
        name=f"{name}-differential.png".lower(),
        place=Place(
            channel=incident.channel,
            thread_ts=incident.thread_ts,
            title=f"{name}: how the differential evolved",
            caption=f"How the differential of *{name}* evolved, for {person(notice.by)}.",
        ),
        root=incident.thread_ts,
    )
