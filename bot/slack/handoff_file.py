"""Brings the whole document of a handoff into its thread, as a file in Markdown."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.handoff.markdown import markdown
from bot.domain.ids import shown
from bot.domain.notice import HandoffFiled
from bot.slack.gateway import Done, Gateway, Hopeless, Outcome
from bot.slack.gateway_files import Files, Place
from bot.slack.sharing import Sheet, bring
from bot.store import handoffs, incidents
from bot.store.outbox import Owed
from bot.store.session import Database


def post_handoff_file(
    gateway: Gateway, database: Database, owed: Owed, clock: Callable[[], datetime]
) -> Outcome:
    """Post the file that a notice asks for, going on where an earlier attempt has ended.

    Where Slack takes no files nothing is posted: a button below the head shows the whole document as well.

    Raises:
        CannotRead: Slack does not say whether an earlier attempt got through.
    """
    notice = owed.notice
    assert isinstance(notice, HandoffFiled)  # noqa: S101 - nothing else is brought from here.
    with database.reading() as session:
        incident = incidents.get(session, owed.team, notice.incident)
        version = handoffs.version(session, owed.team, notice.incident, notice.version)
    if incident.thread_ts is None or version is None:
        return Hopeless("nothing to post to")
    name, content = shown(incident.number), markdown(version.document)
    title = f"{name}: handoff, version {version.version}"
    sheet = Sheet(
        make=content.encode,
        name=f"{name}-handoff-{version.version}.md".lower(),
        words=title,
        place=Place(
            channel=incident.channel,
            thread_ts=incident.thread_ts,
            title=title,
            caption=f"The whole handoff of *{name}*.",
        ),
        instead=lambda _why: Done(),
        refused=lambda error: error,
    )
    return bring(sheet, Files(gateway.relay_client), database, owed, clock)
