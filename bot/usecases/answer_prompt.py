"""What people do with a prompt besides answering it by their work: tap an answer, put it off, or decline."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.chart import Kind
from bot.domain.errors import NotUnderstood, RoundsError
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber, shown
from bot.domain.prompts.planning import standing
from bot.domain.prompts.question import RECURRING, Key, Prompt
from bot.domain.prompts.wording import named
from bot.store import cards, incidents, prompts, receipts, reviews
from bot.store.session import Session
from bot.usecases.log_entry import Written, log_entry
from bot.usecases.show_again import show_prompts

# Whoever wants more peace than this declines the question, or switches prompts off.
LONGEST_SNOOZE = timedelta(days=7)


class NothingAsked(RoundsError):
    """A snooze of what is answered already, by an old button."""

    def __init__(self) -> None:
        super().__init__("Nothing is asked any more, so there is nothing to put off.")


class AlreadySnoozed(RoundsError):
    """A second snooze of the same question."""

    def __init__(self) -> None:
        super().__init__("That was put off once already. Answer it, or decline it with a reason.")


def answer(
    session: Session, who: Who, number: IncidentNumber, asked: Key, *, key: str, now: datetime
) -> None:
    """Take somebody's word that a question is answered: nothing has changed, or it was thought of."""

    def change(found: list[Prompt]) -> list[Prompt]:
        return [
            replace(prompt, answered_at=now, answered_by=who.user)
            for prompt in found
            if prompt.key == asked and prompt.open
        ]

    _change(session, who, number, change, key=key, now=now)


def snooze(
    session: Session, who: Who, number: IncidentNumber, until: datetime, *, key: str, now: datetime
) -> None:
    """Put off what the living prompt asks; each question once.

    Raises:
        NotUnderstood: The time is over already, or too far away.
        NothingAsked: Everything was answered meanwhile.
        AlreadySnoozed: Nothing of it can be put off again.
    """
    if until <= now:
        raise NotUnderstood("That time is over already.", "a time that is still to come")
    if until > now + LONGEST_SNOOZE:
        raise NotUnderstood(
            "A question can be put off for a week at most.",
            f"a time within 7 days, or `/incident prompts {shown(number)} off`",
        )

    def change(found: list[Prompt]) -> list[Prompt]:
        asked = standing(found, now)
        if not asked:
            raise NothingAsked
        put_off = [
            # It comes back at that time, even where it was asked twice.
            replace(prompt, snoozed_until=until, asks=min(prompt.asks, 1))
            for prompt in asked
            if prompt.snoozed_until is None
        ]
        if not put_off:
            raise AlreadySnoozed
        return put_off

    _change(session, who, number, change, key=key, now=now)


def decline(  # noqa: PLR0913 - who declines which questions of which incident, why and when.
    session: Session,
    who: Who,
    number: IncidentNumber,
    asked: Collection[Key],
    reason: str,
    *,
    key: str,
    now: datetime,
) -> None:
    """Have questions asked no more, or not this time where they recur, for a reason that the chart keeps.

    Raises:
        NotUnderstood: No question is named, or no reason is given.
    """
    if not asked:
        raise NotUnderstood("Nothing was picked.", "at least one of the questions")
    if not reason.strip():
        raise NotUnderstood("A declined question needs a reason.", "a few words for whoever reads the chart")
    declined = list[Prompt]()

    def change(found: list[Prompt]) -> list[Prompt]:
        declined.extend(
            replace(prompt, declined_at=now, declined_by=who.user)
            for prompt in found
            if prompt.key in asked and prompt.open
        )
        return declined

    _change(session, who, number, change, key=key, now=now)
    if declined:
        note = Written(kind=Kind.NOTE, text=f"{_declined(declined)}: {reason.strip()}")
        log_entry(session, who, number, note, key=f"{key}:note", now=now)


def _declined(declined: Collection[Prompt]) -> str:
    """What is asked no more, and what is not asked this time, in the words of the chart."""
    for_good = ", ".join(named(prompt) for prompt in declined if prompt.kind not in RECURRING)
    this_time = ", ".join(named(prompt) for prompt in declined if prompt.kind in RECURRING)
    said = [f"not to be asked again ({for_good})"] if for_good else []
    said += [f"not this time ({this_time})"] if this_time else []
    text = ", ".join(said)
    return f"{text[0].upper()}{text[1:]}"


def _change(
    session: Session,
    who: Who,
    number: IncidentNumber,
    change: Callable[[list[Prompt]], list[Prompt]],
    *,
    key: str,
    now: datetime,
) -> None:
    """Change prompts once for each *key*, show the living one as it is now, and plan anew."""
    _lock(session, who, number)
    if not receipts.first_time(session, who.team, key, now):
        return
    changed = change(prompts.of(session, who.team, number, now))
    prompts.keep(session, who.team, number, changed)
    incidents.stays_active(session, who.team, number, now)
    living = reviews.get(session, who.team, number).living
    show_prompts(session, who.team, number, changed, living, cause=key, now=now)
    # The card says when the next prompt comes.
    cards.touch(session, who.team, number)
    reviews.wanted(session, who.team, number, now)


def _lock(session: Session, who: Who, number: IncidentNumber) -> None:
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    incidents.locked(session, who.team, number)
