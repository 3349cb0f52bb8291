"""The gate before an incident is closed: what is missing, and the buttons that mend it.

A must-not-miss has to be excluded or waived, an intervention has to have its outcome, what failed has to be
taken back, and somebody has to say how they know that the symptom is gone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.differential import unsettled
from bot.domain.estimate import percent
from bot.domain.offer import Offer
from bot.domain.workup import Workup

SYMPTOM = "Is the symptom gone, and how do you know?"
_PART = re.compile(r"\s*;\s*(gone|anyway)\s*[:=]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What somebody says when they close: the cause, how they know that it is gone, and why all the same."""

    cause: str
    gone: str = ""
    anyway: str = ""


def read_closing(text: str) -> Closing:
    """What a line says: `string columns; gone: loss finite for an hour; anyway: C cannot be tested here`."""
    cause, *rest = _PART.split(text.strip())
    parts = {name.casefold(): said.strip() for name, said in zip(rest[::2], rest[1::2], strict=True)}
    return Closing(cause=cause.strip(), gone=parts.get("gone", ""), anyway=parts.get("anyway", ""))


def written_closing(closing: Closing) -> str:
    """The line that `read_closing` takes back."""
    parts = (("gone", closing.gone), ("anyway", closing.anyway))
    return closing.cause + "".join(f"; {name}: {said}" for name, said in parts if said)


def diagnosis_of(closing: Closing, workup: Workup) -> str:
    """The final diagnosis in words: a hypothesis named by its letter, a new one, or "unknown"."""
    letter = closing.cause.strip(" .")
    known = next((each for each in workup.differential.hypotheses if each.letter == letter), None)
    return known.statement if known else closing.cause


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing, in words, and the buttons that mend it."""

    text: str
    offers: tuple[Offer, ...] = ()


def lacking(workup: Workup, *, gone: str) -> list[Lack]:
    """What is missing before the incident may be closed; *gone* says how one knows that the symptom is.

    Where nobody has named, tested or tried anything there is nothing to ask about.
    """
    return [] if workup.empty else [*_lacks(workup, gone)]


def _lacks(workup: Workup, gone: str) -> Iterator[Lack]:
    for each in unsettled(workup.differential):
        letter, p = each.letter, percent(workup.differential.p(each.letter))
        yield Lack(
            f"{letter} must not be missed (impact {each.impact}) and still has {p}: {each.statement}",
            (
                Offer(label=f"{letter} is ruled out…", does=f"hypothesis:{letter}"),
                Offer(label=f"Waive {letter}…", does=f"waive:{letter}"),
            ),
        )
    if workup.active:
        name = workup.active.name
        yield Lack(
            f"{name} has no outcome yet: {workup.active.text}",
            (
                Offer(label=f"{name} worked", does=f"ended:{name}:worked"),
                Offer(label=f"{name} failed", does=f"ended:{name}:failed"),
            ),
        )
    if workup.owing_revert:
        name = workup.owing_revert.name
        yield Lack(
            f"{name} failed and was not taken back: {workup.owing_revert.text}",
            (
                Offer(label=f"{name} is reverted", does=f"ended:{name}:reverted"),
                Offer(label=f"Leave {name} in place…", does=f"leave:{name}"),
            ),
        )
    if not gone.strip():
        say = Offer(label="Say how you know…", does="resolve")
        yield Lack(SYMPTOM, (say, Offer(label="Watch first", does="watch")))
