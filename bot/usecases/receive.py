"""Receipts: the reactions that tell people what of their message is in the chart."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.chart import RECEIPT, REFUSAL
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.domain.notice import HintOwed, ReceiptChanged
from bot.domain.offer import Offer
from bot.store import entries, outbox
from bot.store.entries import Message
from bot.store.session import Session

HINT_LIVES = timedelta(minutes=2)


def show_receipts(  # noqa: PLR0913 - the message, what was and what is, and why now.
    session: Session,
    team: TeamId,
    place: tuple[ChannelId, MessageTs],
    before: Message | None,
    after: Message,
    *,
    cause: str,
    now: datetime,
) -> None:
    """Store what is known of the message, and owe the reactions that differ from before."""
    entries.save_message(session, team, *place, after)
    if after.deleted_at is not None:
        return
    shown = (before.receipt, before.refused) if before else (False, False)
    for emoji, was, wanted in zip((RECEIPT, REFUSAL), shown, (after.receipt, after.refused), strict=True):
        if was != wanted:
            owed = ReceiptChanged(channel=place[0], ts=place[1], emoji=emoji, present=wanted)
            outbox.put(session, team, owed, key=f"{emoji}:{place[0]}:{place[1]}:{cause}", now=now)


def refresh_receipt(
    session: Session,
    team: TeamId,
    place: tuple[ChannelId, MessageTs],
    known: Message,
    *,
    cause: str,
    now: datetime,
) -> None:
    """Bring the receipt of a message in line with the entries it has; *known* was read under the lock."""
    live = any(entry.withdrawn_at is None for entry in entries.of_message(session, team, *place))
    show_receipts(session, team, place, known, replace(known, receipt=live), cause=cause, now=now)


def give_hint(  # noqa: PLR0913 - to whom, where, what, and which.
    session: Session,
    team: TeamId,
    user: UserId,
    text: str,
    *,
    channel: ChannelId,
    thread_ts: MessageTs | None,
    key: str,
    now: datetime,
    incident: IncidentNumber | None = None,
    offers: tuple[Offer, ...] = (),
) -> None:
    """Owe one person a word that nobody else sees and that is not worth saying late."""
    hint = HintOwed(
        channel=channel,
        thread_ts=thread_ts,
        user=user,
        text=text,
        expires_at=now + HINT_LIVES,
        incident=incident,
        offers=offers,
    )
    outbox.put(session, team, hint, key=f"hint:{key}", now=now)
