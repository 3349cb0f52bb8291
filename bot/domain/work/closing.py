"""The gate before an incident is closed: what is missing, and the buttons that mend it.

A must-not-miss has to be excluded or waived, an intervention has to have its outcome, what failed has to be
taken back, and somebody has to say how they know that the symptom is gone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.diagnosis.differential import unsettled
from bot.domain.diagnosis.estimate import percent
from bot.domain.offer import Offer
from bot.domain.signs.stability import unrest
from bot.domain.therapy.intervention import Intervention, with_bundle
from bot.domain.therapy.owing import FOR_GOOD, ways_out
from bot.domain.work.workup import Workup

SYMPTOM = "Is the symptom gone, and how do you know?"
CALM = "Every vital sign has to be at 0 or 1 in two readings in a row, with no mitigation active"
# Somebody's own words may hold what begins a part; a backslash before the semicolon says so.
_PART = re.compile(r"\s*(?<!\\);\s*(gone|anyway)\s*[:=]\s*", re.IGNORECASE)
_LIKE_A_PART = re.compile(r"\\*;(?=\s*(?:gone|anyway)\s*[:=])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What somebody says when they close: the cause, how they know that it is gone, and why all the same."""

    cause: str
    gone: str = ""
    anyway: str = ""


def read_closing(text: str) -> Closing:
    """What a line says: `string columns; gone: loss finite for an hour; anyway: C cannot be tested here`."""
    cause, *rest = _PART.split(text.strip())
    parts: dict[str, list[str]] = {"gone": [], "anyway": []}
    for name, said in zip(rest[::2], rest[1::2], strict=True):
        parts[name.casefold()].append(_plain(said))
    gone, anyway = ("; ".join(filter(None, said)) for said in parts.values())
    return Closing(cause=_plain(cause), gone=gone, anyway=anyway)


def _plain(said: str) -> str:
    return _LIKE_A_PART.sub(lambda found: found[0][1:], said.strip())


def _kept(said: str) -> str:
    """Words of somebody's own in which no part begins, and after which the next part can."""
    held = _LIKE_A_PART.sub(lambda found: f"\\{found[0]}", said.strip())
    return f"{held} " if held.endswith("\\") else held


def written_closing(closing: Closing) -> str:
    """The line that `read_closing` takes back."""
    parts = (("gone", closing.gone), ("anyway", closing.anyway))
    return _kept(closing.cause) + "".join(f"; {name}: {_kept(said)}" for name, said in parts if said)


def in_sentences(closing: Closing) -> str:
    """The same for people to read, a line each."""
    parts = (("How we know: ", closing.gone), ("Closed all the same: ", closing.anyway))
    return "\n".join([closing.cause, *(f"{name}{said}" for name, said in parts if said)])


def diagnosis_of(closing: Closing, workup: Workup) -> str:
    """The final diagnosis in words: a hypothesis named by its letter, a new one, or "unknown".

    Raises:
        NotUnderstood: It is a letter that none of the hypotheses has, a slip that would stand as the cause.
    """
    letter = _letter(closing.cause)
    if workup.differential.hypotheses and re.fullmatch("[A-Z]", letter):
        return workup.differential.named(letter).statement
    known = next((each for each in workup.differential.hypotheses if each.letter == letter), None)
    return known.statement if known else closing.cause


def _letter(cause: str) -> str:
    """A cause as the letter of a hypothesis, if it is one."""
    return cause.strip(" .").upper()


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing, in words, and the buttons that mend it."""

    text: str
    offers: tuple[Offer, ...] = ()


def lacking(workup: Workup, *, gone: str, cause: str = "") -> list[Lack]:
    """What is missing before the incident may be closed; *gone* says how one knows that the symptom is.

    A must-not-miss that turns out to be the *cause*, by its letter, was not missed. Where nobody has named,
    tested, tried or measured anything there is nothing to ask about.
    """
    return [] if workup.empty and not workup.vitals.scores else [*_lacks(workup, gone, _letter(cause))]


def _lacks(workup: Workup, gone: str, cause: str) -> Iterator[Lack]:
    for each in (one for one in unsettled(workup.differential) if one.letter != cause):
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
        yield _owed(workup, workup.owing_revert)
    yield from _symptom(workup, gone)


def _owed(workup: Workup, owing: Intervention) -> Lack:
    names = with_bundle(workup.interventions, owing)
    still = f"{'was' if names == owing.name else 'were'} not taken back"
    return Lack(
        f"{names} failed and {FOR_GOOD if owing.irreversible else still}: {owing.text}",
        ways_out(workup.interventions, owing),
    )


def _symptom(workup: Workup, gone: str) -> Iterator[Lack]:
    """Vital signs that have a score say themselves whether the symptom is gone; else somebody has to."""
    watch = Offer(label="Watch first", does="watch")
    if workup.vitals.scores:
        restless = unrest(workup.vitals)
        if restless:
            yield Lack(f"{CALM}: {restless}", (Offer(label="Vital signs…", does="vital"), watch))
    elif not gone.strip():
        say = Offer(label="Say how you know…", does="resolve")
        yield Lack(SYMPTOM, (say, watch))
