"""Brings an exported incident to whoever asked for it: in private, or in its thread where they want that.

What Slack does not let us bring is said to that person where they asked, with what they can do instead. The
incident is read when the file is made, and whether they may see it is asked once more.
"""

from collections.abc import Callable
from datetime import datetime

from bot.domain.errors import NoSuchIncident
from bot.domain.ids import shown
from bot.domain.incident import Incident
from bot.domain.notice import ExportWanted
from bot.slack.gateway import Blocked, CannotRead, Gateway, Hopeless, Outcome
from bot.slack.gateway_files import Files, Place
from bot.slack.render.blocks import person
from bot.slack.sharing import NoFile, Sheet, bring, tell_instead
from bot.store import incidents
from bot.store.outbox import Owed
from bot.store.session import Database
from bot.usecases.export_incident import export_record, written

# A file that is larger than this opens nowhere in Slack and on no phone.
LARGEST = 10_000_000
Clock = Callable[[], datetime]


def post_export(gateway: Gateway, database: Database, owed: Owed, clock: Clock) -> Outcome:
    """Bring the file that a notice asks for, going on where an earlier attempt has ended.

    Raises:
        CannotRead: Slack does not say whether an earlier attempt got through.
    """
    notice = owed.notice
    assert isinstance(notice, ExportWanted)  # noqa: S101 - nothing else is brought from here.
    try:
        with database.reading() as session:
            incident = incidents.seen_by(
                session, owed.team, notice.incident, viewer=notice.by, here=notice.channel
            )
    except NoSuchIncident:
        return Hopeless("may not be seen any more")
    files = Files(gateway.relay_client)
    try:
        place = _place(files, notice, incident)
    except CannotRead as error:
        if not isinstance(error.outcome, Blocked | Hopeless):
            raise
        return tell_instead(database, owed, notice, _unreachable(notice, error.outcome.error), clock())
    sheet = Sheet(
        make=lambda: _make(database, owed, notice, clock),
        name=f"{shown(notice.incident)}.{notice.form}".lower(),
        words=place.title,
        place=place,
        instead=lambda why: tell_instead(database, owed, notice, why, clock()),
        refused=lambda error: _unreachable(notice, error),
    )
    outcome = bring(sheet, files, database, owed, clock)
    if isinstance(outcome, Blocked):
        return tell_instead(database, owed, notice, _unreachable(notice, outcome.error), clock())
    return outcome


def _place(files: Files, notice: ExportWanted, incident: Incident) -> Place:
    """Where the file goes."""
    name = shown(notice.incident)
    what = f"{name}: case report" if notice.form == "md" else f"{name}: everything, as JSON"
    if not notice.here:
        caption = f"*{name}*, as you asked. `/incident export {name} here` shows it to its thread."
        return Place(channel=files.direct(notice.by), thread_ts=None, title=what, caption=caption)
    if incident.thread_ts is None:
        raise CannotRead(Hopeless("no_thread"))
    caption = f"*{name}* as a file, for {person(notice.by)}."
    return Place(channel=incident.channel, thread_ts=incident.thread_ts, title=what, caption=caption)


def _make(database: Database, owed: Owed, notice: ExportWanted, clock: Clock) -> bytes:
    with database.reading() as session:
        record = export_record(session, owed.team, notice.incident)
    content = written(record, notice.form, clock()).encode()
    if len(content) > LARGEST:
        size = f"{len(content) / 1_000_000:.0f} MB"
        raise NoFile(
            f"{shown(notice.incident)} is too large for a file in Slack ({size}). {_by_hand(notice)}"
        )
    return content


def _unreachable(notice: ExportWanted, error: str) -> str:
    """Why a file did not come, and what to do."""
    name = shown(notice.incident)
    if notice.here:
        own = f"`/incident export {name}` brings it to you alone."
        return f"I could not show {name} in its thread ({error}). {own}"
    return (
        f"I could not bring you {name} in private ({error}). Open a direct message with me and ask again, or "
        f"`/incident export {name} here` for its thread. {_by_hand(notice)}"
    )


def _by_hand(notice: ExportWanted) -> str:
    return f"Whoever runs me can use `rounds export {shown(notice.incident)} --format {notice.form}`."
