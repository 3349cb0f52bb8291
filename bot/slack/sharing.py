"""Brings a file to a place in Slack step by step, and writes down each step that is done.

Until a file is shared nobody sees it, so all that goes wrong before that begins anew. After a step of sharing
with an uncertain outcome Slack is asked where the file is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.ids import MessageTs
from bot.domain.notice import ExportWanted, StatsWanted
from bot.slack.gateway import Blocked, CannotRead, Done, Hopeless, NotNow, Outcome, Uncertain
from bot.slack.gateway_files import Files, Place
from bot.store import uploads
from bot.store.outbox import Owed
from bot.store.session import Database
from bot.usecases.receive import give_hint

log = structlog.get_logger()

# Slack shows a file some seconds after it has agreed to; what it does not show by then it has not heard of.
SHOWN_WITHIN = timedelta(minutes=1)
# People wait for their file, so it is tried so often and then said otherwise.
PATIENCE = 5


class NoFile(Exception):
    """There is nothing to make a file of, or it cannot be made here; the text says why, to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file that people want: how to make it, what is in it for those who cannot see it, where it goes.

    *make* may raise `NoFile`. *instead* is what is done where there is no file; it takes what people are told
    about that, or Slack's error in the words of *refused*.
    """

    make: Callable[[], bytes]
    name: str
    words: str
    place: Place
    instead: Callable[[str], Outcome]
    refused: Callable[[str], str]


def bring(
    sheet: Sheet, files: Files, database: Database, owed: Owed, clock: Callable[[], datetime]
) -> Outcome:
    """Bring the file that a notice asks for, going on where an earlier attempt has ended.

    Raises:
        CannotRead: Slack does not say whether an earlier attempt got through.
    """
    with database.reading() as session:
        begun = uploads.find(session, owed.team, owed.key)
    task = _Task(files, database, owed, sheet, clock)
    return task.go_on(begun.file_id) if begun and begun.uploaded_at else task.start()


def tell_instead(
    database: Database, owed: Owed, notice: ExportWanted | StatsWanted, why: str, now: datetime
) -> Outcome:
    """Say why there is no file where somebody asked for it, for their eyes; nothing else can be done."""
    if notice.channel is None:
        return Hopeless(why)
    with database.writing() as session:
        give_hint(
            session,
            owed.team,
            notice.by,
            why,
            channel=notice.channel,
            thread_ts=None,
            key=f"{owed.key}:told",
            now=now,
        )
    return Done()


@dataclass(frozen=True, slots=True)
class _Task:
    """One attempt to bring one file."""

    files: Files
    database: Database
    owed: Owed
    sheet: Sheet
    clock: Callable[[], datetime]

    def start(self) -> Outcome:
        """Make the file, upload it and share it."""
        try:
            content = self.sheet.make()
        except NoFile as why:
            return self.sheet.instead(str(why))
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
        ticket = self.files.announce(self.sheet.name, content, self.sheet.words)
        with self.database.quietly() as session:
            uploads.begin(session, team, key, ticket.file_id)
        self.files.send(ticket, content)
        with self.database.quietly() as session:
            uploads.uploaded(session, team, key, self.clock())
        return ticket.file_id

    def go_on(self, file_id: str) -> Outcome:
        """Share what an earlier attempt has uploaded, unless that has shared it as well."""
        found = self.files.shown(file_id, self.sheet.place.channel)
        if found:
            return self._done(found)
        since = self.owed.uncertain_since
        if since is not None and self.clock() < since + SHOWN_WITHIN:
            return Uncertain("Slack may be about to show it")
        return self._share(file_id)

    def _share(self, file_id: str) -> Outcome:
        try:
            self.files.share(file_id, self.sheet.place)
        except CannotRead as error:
            return self._refused(error.outcome)
        return self._done(None)

    def _done(self, ts: MessageTs | None) -> Done:
        with self.database.quietly() as session:
            uploads.completed(session, self.owed.team, self.owed.key, self.clock())
        return Done(ts, before=ts is not None)

    def _refused(self, outcome: NotNow | Uncertain | Blocked | Hopeless) -> Outcome:
        """Do without what Slack takes no file of: it may forbid files, or have no room left."""
        if isinstance(outcome, Hopeless) or outcome == Blocked("missing_scope"):
            log.warning("sharing.refused", key=self.owed.key, error=outcome.error)
            return self.sheet.instead(self.sheet.refused(outcome.error))
        return outcome
