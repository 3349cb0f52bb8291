"""Answers to ``/incident shift``, for the eyes of the person who asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import ChannelId
from bot.domain.shifts.kept import Kept
from bot.domain.shifts.roster import Duty, Override, Span
from bot.domain.shifts.rotation import DAY, WEEK, Rotation
from bot.domain.shifts.turning import EVERYWHERE
from bot.domain.terms import written_span
from bot.slack.render import blocks
from bot.slack.render.answers import Answer, said

LISTED = 14
_NAMED = 10
NONE_YET = (
    "Nobody has said who is on duty here. `/incident shift @ana @ben daily at 09:00` lets people take turns, "
    "`/incident shift calendar https://…` reads it from an on-call tool. "
    "Incidents can be handed over without it."
)


def shown(kept: Kept | None, duty: Duty | None, coming: Sequence[Span]) -> Answer:
    """Who is on duty, who comes next, where that is read from, and what is wrong with it."""
    if kept is None:
        return said(NONE_YET)
    lines = [now(duty), f"_{_source(kept)}_"]
    later = [span for span in coming if duty is None or span.starts_at >= duty.ends_at]
    lines += [f"• {blocks.person(span.person)} {_from_to(span)}" for span in later[:LISTED]]
    if len(later) > LISTED:
        lines.append(f"and {len(later) - LISTED} more within a week")
    if kept.source.rotation and not coming:
        lines.append(_begins(kept.source.rotation))
    return said("\n".join([*lines, *_problems(kept)]))


def now(duty: Duty | None) -> str:
    """Who is on duty, and until when."""
    if duty is None:
        return "*Nobody is on duty now.*"
    return f"*{blocks.person(duty.person)} is on duty until {blocks.date(duty.ends_at)}.*"


def _from_to(span: Span) -> str:
    return f"{blocks.date(span.starts_at)} to {blocks.date(span.ends_at)}"


def _source(kept: Kept) -> str:
    where = "for the whole workspace" if kept.place == EVERYWHERE else "for this channel"
    source, by = kept.source, blocks.person(kept.source.set_by)
    if source.rotation:
        of = f", people of @{blocks.escape(source.group_handle)}" if source.group_handle else ""
        return f"{rhythm(source.rotation)}{of}, {where}, set by {by}"
    if source.label:
        read = f", read {blocks.date(kept.refreshed_at)}" if kept.refreshed_at else ""
        return f"From the calendar of {blocks.escape(source.label)}{read}, {where}, set by {by}"
    return f"Only as people say it, {where}"


def rhythm(rotation: Rotation) -> str:
    """How often duty changes, and when."""
    at = f"{rotation.first:%H:%M}"
    if rotation.length == WEEK:
        often = f"Weekly, on {rotation.first:%A} at {at}"
    elif rotation.length == DAY:
        often = f"Daily at {at}"
    else:
        often = f"Every {written_span(rotation.length)}, from {rotation.first:%Y-%m-%d} {at}"
    return f"{often} ({blocks.escape(rotation.zone)}){', Monday to Friday' if rotation.weekdays else ''}"


def _problems(kept: Kept) -> list[str]:
    lines = []
    if kept.wanted:
        lines.append(":hourglass_flowing_sand: A calendar is being read, and counts once it has been.")
    if kept.problem:
        since = f" since {blocks.date(kept.problem_since)}" if kept.problem_since else ""
        lines.append(
            f":warning: It cannot be read{since}: {blocks.escape(kept.problem)}. What was read last counts."
        )
    if kept.unknown:
        names = ", ".join(f"“{blocks.escape(name)}”" for name in kept.unknown[:_NAMED])
        lines.append(f":warning: The calendar names people whom I do not know: {names}.")
    return lines


def rotates(kept: Kept, duty: Duty | None, at: datetime, *, guessed: bool) -> Answer:
    """That people take turns from now on, and whose turn it is."""
    rotation = kept.source.rotation
    assert rotation  # noqa: S101 - it has just been set.
    lines = [f"{rhythm(rotation)}: {', '.join(blocks.person(each) for each in rotation.people)}.", now(duty)]
    if duty and duty.next and duty.next_starts_at:
        lines.append(f"Then {blocks.person(duty.next)}, from {blocks.date(duty.next_starts_at)}.")
    if duty is None and rotation.first.replace(tzinfo=ZoneInfo(rotation.zone)) > at:
        lines.append(_begins(rotation))
    if guessed:
        lines.append(
            "I do not know your time zone, so I took UTC. Name one at the end, such as `Europe/Berlin`."
        )
    return said("\n".join(lines))


def _begins(rotation: Rotation) -> str:
    begins = rotation.first.replace(tzinfo=ZoneInfo(rotation.zone))
    return f"It begins {blocks.date(begins)}, with {blocks.person(rotation.people[0])}."


def taken(override: Override, duty: Duty | None) -> Answer:
    """That somebody takes single hours."""
    instead = f" for {blocks.person(override.instead_of)}" if override.instead_of else ""
    hours = _from_to(Span(override.person, override.starts_at, override.ends_at))
    return said(f"{blocks.person(override.person)} is on duty{instead} {hours}.\n{now(duty)}")


def swapped(pair: Sequence[Override]) -> Answer:
    """That two people have exchanged shifts."""
    lines = [
        f"{blocks.person(each.person)} {_from_to(Span(each.person, each.starts_at, each.ends_at))}"
        for each in pair
    ]
    return said("Exchanged:\n" + "\n".join(f"• {line}" for line in lines))


def reading(host: str) -> Answer:
    """That a calendar is going to be read."""
    return said(
        f"I read the calendar of {blocks.escape(host)} and tell you in a moment what I found. "
        "Until then nothing changes."
    )


def forgotten(place: ChannelId, *, found: bool) -> Answer:
    """That nobody is on duty any more."""
    where = "in the workspace" if place == EVERYWHERE else "in this channel"
    if not found:
        wider = "" if place == EVERYWHERE else " `/incident shift off everywhere` is for all channels."
        return said(f"Nobody had said who is on duty {where}.{wider}")
    return said(f"Nobody is on duty {where} any more, as far as I am told.")


WITHIN = timedelta(days=7)
