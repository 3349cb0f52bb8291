"""Judges the crash benchmark: compares what people did with what is stored, and with what Slack shows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any

from sqlalchemy import select

from bot.domain.chart import RECEIPT, Entry
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId
from bot.sandbox.client import SandboxClient
from bot.slack.render.card import update_card
from bot.store import cards, entries, handoffs, incidents, outbox
from bot.store.session import Database, Session
from bot.store.tables import cards as cards_table
from bot.store.tables import incidents as incidents_table
from bot.store.tables import outbox as outbox_table
from bot.usecases.read_chart import read_chart
from tests.benchmarks.crash_people import CHANNEL, Ledger, Written
from tests.conversation import words_of

TEAM = TeamId("T0SANDBOX")
Json = dict[str, Any]


@dataclass
class Verdict:
    """Each finding as a sentence."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)

    def count(self, what: str, found: int, least: int, most: int) -> None:
        """Note what is there too seldom or too often."""
        if found < least:
            self.lost.append(f"{what}: {found} instead of {least}")
        if found > most:
            self.doubled.append(f"{what}: {found} instead of {most}")


def owed(database_url: str) -> list[str]:
    """What is still owed to Slack, charts included."""
    unsettled = select(outbox_table).where(outbox_table.c.settled_at.is_(None))
    behind = select(cards_table).where(cards_table.c.wanted > cards_table.c.sent)
    with closing(Database(database_url)) as database, database.reading() as session:
        return [
            *(f"{row.key}, due {row.due_at}, {row.last_error}" for row in session.execute(unsettled)),
            *(f"card of INC-{row.incident}, due {row.due_at}" for row in session.execute(behind)),
        ]


def judge(database_url: str, slack: SandboxClient, ledgers: Sequence[Ledger]) -> Verdict:
    """Look at everything."""
    verdict = Verdict()
    with closing(Database(database_url)) as database, database.reading() as session:
        numbers = list(session.execute(select(incidents_table.c.number)).scalars())
        for ledger in ledgers:
            _openings(session, ledger, verdict)
            _messages(session, ledger, verdict)
            _gradings(session, numbers, ledger, verdict)
        _handoffs(session, numbers, ledgers, verdict)
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            verdict.lost.append(f"a number: {sorted(numbers)}")
        shown = {number: _thread(session, slack, IncidentNumber(number)) for number in numbers}
        for number, thread in shown.items():
            _chart(session, IncidentNumber(number), thread, verdict)
        receipts = {message["ts"]: _receipts(message) for thread in shown.values() for message in thread}
        _posts(session, [message for thread in shown.values() for message in thread], slack, verdict)
    for ledger in ledgers:
        for ts, written in ledger.messages.items():
            if not written.deleted:
                wanted = 1 if written.lines else 0
                verdict.count(f"receipt of {ts}", receipts.get(ts, 0), wanted, wanted)
    return verdict


def _openings(session: Session, ledger: Ledger, verdict: Verdict) -> None:
    titles = Counter(session.execute(select(incidents_table.c.title)).scalars())
    for words, answered in ledger.opened.items():
        verdict.count(f"incident “{words}”", titles[words], int(answered), 1)


def _gradings(session: Session, numbers: list[int], ledger: Ledger, verdict: Verdict) -> None:
    logged = Counter(entry.text for number in numbers for entry in _entries(session, number))
    for words, answered in ledger.graded.items():
        verdict.count(f"severity “{words}”", logged[f"2 {words}"], int(answered), 1)


def _handoffs(session: Session, numbers: list[int], ledgers: Iterable[Ledger], verdict: Verdict) -> None:
    """Whether each handoff was begun once; what was refused, or not answered, may have begun none."""
    begun = Counter(
        (number, str(each.receiver))
        for number in numbers
        for each in handoffs.of_incident(session, TEAM, IncidentNumber(number))
    )
    wanted, tried = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for ledger in ledgers:
        wanted.update({which: sum(answers) for which, answers in ledger.given.items()})
        tried.update({which: len(answers) for which, answers in ledger.given.items()})
    for which in begun | tried:
        verdict.count(f"handoff of INC-{which[0]} to {which[1]}", begun[which], wanted[which], tried[which])


def _entries(session: Session, number: int) -> list[Entry]:
    return entries.of(session, TEAM, IncidentNumber(number))


def _messages(session: Session, ledger: Ledger, verdict: Verdict) -> None:
    for ts, written in ledger.messages.items():
        found = entries.of_message(session, TEAM, ChannelId(CHANNEL), MessageTs(ts))
        live = Counter((entry.kind.value, entry.text) for entry in found if not entry.withdrawn_at)
        wanted = Counter(_wanted(written))
        verdict.lost += [f"entry {missing} of {ts}" for missing in wanted - live]
        verdict.doubled += [f"entry {surplus} of {ts}" for surplus in live - wanted]


def _wanted(written: Written) -> list[tuple[str, str]]:
    return [] if written.deleted else written.lines


def _thread(session: Session, slack: SandboxClient, number: IncidentNumber) -> list[Json]:
    root = incidents.get(session, TEAM, number).thread_ts
    return slack.messages(CHANNEL, thread_ts=root) if root else []


def _chart(session: Session, number: IncidentNumber, thread: list[Json], verdict: Verdict) -> None:
    """Whether the card shows what is stored, and whether the posts stand in the order they were owed in.

    A card tells what is due as well, so it is judged by what was true when it was sent.
    """
    due = session.execute(select(cards_table.c.due_at).where(cards_table.c.incident == number)).scalar_one()
    wanted = update_card(read_chart(session, TEAM, number, due - cards.PAUSE))
    if wanted is None or not thread:
        verdict.lost.append(f"the chart of INC-{number}")
        return
    stands, stored = words_of(thread[0]), words_of({"text": wanted.text, "blocks": list(wanted.blocks)})
    if stands != stored:
        verdict.lost.append(f"the final state on the card of INC-{number}:\n{_difference(stands, stored)}")
    lane = outbox_table.c.lane == outbox.incident_lane(number)
    posted = session.execute(
        select(outbox_table.c.slack_ts).where(lane).order_by(outbox_table.c.seq)
    ).scalars()
    order = [str(ts) for ts in posted]
    if order != sorted(order):
        verdict.out_of_order.append(f"the posts of INC-{number}: {order}")


def _difference(stands: str, stored: str) -> str:
    """What the card says otherwise than the store, so that a finding can be understood after the run."""
    return "\n".join(unified_diff(stands.splitlines(), stored.splitlines(), "Slack", "stored", n=1))


def _receipts(message: Json) -> int:
    return sum(found["count"] for found in message.get("reactions", []) if found["name"] == RECEIPT)


def _posts(session: Session, shown: list[Json], slack: SandboxClient, verdict: Verdict) -> None:
    """Whether every post that was owed stands in Slack, once, and no other."""
    roots = {message["ts"]: message for message in slack.messages(CHANNEL)}
    everything = roots | {message["ts"]: message for message in shown}
    posted = Counter(_keys(everything.values()))
    # Of the lanes of an incident, only its thread's own holds posts: the others change one, or wait.
    of_lanes = outbox_table.c.lane.like("incident:%") & outbox_table.c.lane.not_like("incident:%:%")
    for key in session.execute(select(outbox_table.c.key).where(of_lanes)).scalars():
        verdict.count(f"post {key}", posted.pop(key, 0), 1, 1)
    verdict.doubled += [f"post {key} that nobody owed" for key in posted]


def _keys(messages: Iterable[Json]) -> Iterator[str]:
    for message in messages:
        key = message.get("metadata", {}).get("event_payload", {}).get("key")
        if key:
            yield key
