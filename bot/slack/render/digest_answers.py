"""Answers to ``/incident digest``, for the eyes of the person who asked."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.digest.document import Digest
from bot.domain.digest.schedule import Schedule, Slot
from bot.domain.ids import ChannelId
from bot.slack.render import blocks
from bot.slack.render.answers import Answer, said
from bot.slack.render.digest import blocks_of, in_words

LISTED = 40
NONE_YET = "No channel gets one yet. `/incident digest here at 09:00` orders it for a channel."


def shown_now(digest: Digest) -> Answer:
    """The digest as it is now."""
    return said(in_words(digest)) | {"blocks": [*blocks_of(digest)]}


def ordered(schedule: Schedule, first: Slot, *, guessed: bool) -> Answer:
    """That a digest will come, and when the first one does; *guessed* says that nobody knows the zone."""
    local = first.at.astimezone(ZoneInfo(schedule.zone))
    text = (
        f"The digest comes here {_every(schedule)}. The first one comes on {local:%A} {local.day} {local:%B}"
    )
    text += f" at {local:%H:%M}."
    if guessed:
        text += (
            " I do not know your time zone, so I took UTC. To name one: "
            f"`/incident digest here at {_time(schedule)} Europe/Berlin`"
        )
    return said(text)


def cancelled(*, found: bool) -> Answer:
    """That no digest comes any more."""
    return said("The digest comes here no more." if found else "No digest was ordered for this channel.")


def orders_listed(orders: Sequence[tuple[ChannelId, Schedule]]) -> Answer:
    """Which channels get a digest, and when."""
    lines = [f"<#{channel}>: {_every(schedule)}" for channel, schedule in orders[:LISTED]]
    if len(orders) > LISTED:
        lines.append(f"and {len(orders) - LISTED} more")
    return said("\n".join(lines) or NONE_YET)


def _every(schedule: Schedule) -> str:
    days = "from Monday to Friday" if schedule.weekdays else "every day"
    return f"{days} at {_time(schedule)} ({blocks.escape(schedule.zone)})"


def _time(schedule: Schedule) -> str:
    return f"{schedule.minute // 60:02}:{schedule.minute % 60:02}"
