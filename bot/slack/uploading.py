"""Brings a picture into a thread: draws it, uploads it step by step, and writes down each step that is done.

Until a file is shared nobody sees it, so all that goes wrong before that begins anew. After a step of sharing
with an uncertain outcome Slack is asked where the file is shown. What cannot be drawn or uploaded is said in
words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.heard import mentioned
from bot.domain.ids import MessageTs, TeamId, shown
from bot.domain.notice import PictureWanted, TrendsWanted
from bot.slack.gateway import Blocked, CannotRead, Done, Gateway, Hopeless, NotNow, Outcome, Uncertain
from bot.slack.gateway_files import Files, Place
from bot.slack.render import evolution, trends
from bot.slack.render.blocks import person
from bot.store import digests, incidents, outbox, people, uploads
from bot.store.outbox import Owed
from bot.store.session import Database, Session
from bot.usecases.follow_workup import read_workup
from bot.usecases.send_digest import digest_key

log = structlog.get_logger()

# Slack shows a file some seconds after it has agreed to; what it does not show by then it has not heard of.
SHOWN_WITHIN = timedelta(minutes=1)
# The thread waits for its picture, so it is tried so often and then said in words.
PATIENCE = 5


@dataclass(frozen=True, slots=True)
class _Picture:
    """What is posted: how to draw it, the same in words, and where it goes."""

    draw: Callable[[], bytes]
    words: str
    empty: bool
    name: str
    place: Place


def post_picture(gateway: Gateway, database: Database, owed: Owed, clock: Callable[[], datetime]) -> Outcome:
    """Post the picture that a notice asks for, going on where an earlier attempt has ended.

    Raises:
        CannotRead: Slack does not say whether an earlier attempt got through.
    """
    with database.reading() as session:
        picture = _picture(session, owed, clock())
        begun = uploads.find(session, owed.team, owed.key)
    if picture is None:
        return Hopeless("nothing to post to")
    task = _Task(gateway, Files(gateway.relay_client), database, owed, picture, clock)
    return task.go_on(begun.file_id) if begun and begun.uploaded_at else task.start()


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
    )


@dataclass(frozen=True, slots=True)
class _Task:
    """One attempt to bring one picture."""

    gateway: Gateway
    files: Files
    database: Database
    owed: Owed
    picture: _Picture
    clock: Callable[[], datetime]

    def start(self) -> Outcome:
        """Draw the picture, upload it and share it."""
        if self.picture.empty:
            return self._say(evolution.NO_PICTURE)
        try:
            content = self.picture.draw()
        except evolution.CannotDraw:
            return self._say(evolution.NEEDS_EXTRA)
        try:
            file_id = self._upload(content)
        except CannotRead as error:
            return self._not_uploaded(error.outcome)
        return self._share(file_id)

    def _not_uploaded(self, outcome: NotNow | Uncertain | Blocked | Hopeless) -> Outcome:
        """Nobody can have seen anything, so an attempt whose end is unknown simply has not been made."""
        if isinstance(outcome, Uncertain):
            given_up = self.owed.attempts >= PATIENCE
            outcome = Hopeless(outcome.error) if given_up else NotNow(outcome.error)
        if isinstance(outcome, NotNow) and self.owed.uncertain_since is not None:
            # An earlier attempt may have said it in words.
            raise CannotRead(outcome)
        return self._refused(outcome)

    def _upload(self, content: bytes) -> str:
        team, key = self.owed.team, self.owed.key
        ticket = self.files.announce(self.picture.name, content, self.picture.words)
        with self.database.quietly() as session:
            uploads.begin(session, team, key, ticket.file_id)
        self.files.send(ticket, content)
        with self.database.quietly() as session:
            uploads.uploaded(session, team, key, self.clock())
        return ticket.file_id

    def go_on(self, file_id: str) -> Outcome:
        """Share what an earlier attempt has uploaded, unless that has shared it as well."""
        found = self.files.shown(file_id, self.picture.place.channel)
        if found:
            return self._done(found)
        since = self.owed.uncertain_since
        if since is not None and self.clock() < since + SHOWN_WITHIN:
            return Uncertain("Slack may be about to show it")
        return self._share(file_id)

    def _share(self, file_id: str) -> Outcome:
        try:
            self.files.share(file_id, self.picture.place)
        except CannotRead as error:
            return self._refused(error.outcome)
        return self._done(None)

    def _done(self, ts: MessageTs | None) -> Done:
        with self.database.quietly() as session:
            uploads.completed(session, self.owed.team, self.owed.key, self.clock())
        return Done(ts, before=ts is not None)

    def _refused(self, outcome: NotNow | Uncertain | Blocked | Hopeless) -> Outcome:
        """Say in words what Slack takes no picture of: it may forbid files, or have no room left."""
        if isinstance(outcome, Hopeless) or outcome == Blocked("missing_scope"):
            log.warning("uploading.refused", key=self.owed.key, error=outcome.error)
            return self._say(evolution.refused(outcome.error))
        return outcome

    def _say(self, why: str) -> Outcome:
        place = self.picture.place
        post = evolution.said_instead(place.channel, place.thread_ts, why, self.picture.words)
        if self.owed.uncertain_since is not None:
            found = self.gateway.find(post, key=self.owed.key, since=self.owed.uncertain_since)
            if found:
                return Done(found, before=True)
        return self.gateway.perform(post, key=self.owed.key)
