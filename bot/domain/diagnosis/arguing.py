"""How what speaks for or against a hypothesis is typed: `A for: KeyError in row 3`, `B ruled out by T1`.

The letter has to be known and the colon has to be there, because "A against the wall" is a statement.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import NotUnderstood


class Stance(StrEnum):
    """What an observation does to a hypothesis; absent is what it makes one expect and nobody finds."""

    FOR = "for"
    AGAINST = "against"
    ABSENT = "absent"


_WORDS = {
    Stance.FOR: ("pro", "supports"),
    Stance.AGAINST: ("con", "contra", "contradicts"),
    Stance.ABSENT: ("missing", "expected"),
}
_STANCES = {word: stance for stance, words in _WORDS.items() for word in (stance.value, *words)}
_NAMED = r"(?P<letter>[A-Z]{1,2})(?:\s*[:=,]\s*|\s+)"
# Without "a" a Turkish dotless i would count as an i, and then be no word of ours.
_ARGUED = re.compile(rf"{_NAMED}(?P<stance>(?ai:{'|'.join(_STANCES)}))\s*[:：](?P<words>.*)")
_VERB = r"(?i:(?:(?:is|was)\s+)?(?:ruled out|excluded|eliminated))"
_RULED_OUT = re.compile(
    rf"{_NAMED}{_VERB}(?:\s+(?i:by)\s+(?i:t|test\s+t?)\s?(?P<test>[0-9]{{1,9}}))?[\s.,;!]*"
)
# A reason that is no test is caught to be refused, or it would become a hypothesis of its own.
_REASONED = re.compile(
    rf"{_NAMED}{_VERB}(?:\s*[:;,.(]|\s+[–\-]\s|\s+(?i:by|with|after|because|since|as|via)\b).*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Argued:
    """An observation for or against a hypothesis that has its letter, in the observer's own words."""

    letter: str
    stance: Stance
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledOut:
    """A hypothesis that somebody takes off the list, and the number of the test that did it, if one did."""

    letter: str
    test: int | None = None


def read_argument(line: str, known: Collection[str]) -> Argued | RuledOut | None:
    """What a line says about one of the *known* letters; None where it says something else.

    Raises:
        NotUnderstood: It argues without words, or rules out by something that is no test.
    """
    said = " ".join(line.split())
    found = _ARGUED.fullmatch(said) or _RULED_OUT.fullmatch(said) or _REASONED.fullmatch(said)
    letter = found["letter"] if found else ""
    if found is None or letter not in known:
        return None
    if found.re is _ARGUED:
        return _argued(letter, _STANCES[found["stance"].casefold()], found["words"].strip())
    if found.re is _REASONED:
        raise NotUnderstood(
            f"“{said[:60]}” names no test.",
            f"`dx: {letter} ruled out by T1`, or `dx: {letter} ruled out` and `dx: {letter} against: why`",
        )
    return RuledOut(letter=letter, test=int(found["test"]) if found["test"] else None)


def _argued(letter: str, stance: Stance, words: str) -> Argued:
    if not words:
        raise NotUnderstood(
            f"“{letter} {stance.value}:” says nothing.", f"`dx: {letter} {stance.value}: KeyError in row 3`"
        )
    return Argued(letter=letter, stance=stance, words=words)


def written_argument(value: Argued | RuledOut) -> str:
    """The line that `read_argument` takes back to the very same value."""
    if isinstance(value, Argued):
        return f"{value.letter} {value.stance.value}: {value.words}"
    return f"{value.letter} ruled out" + (f" by T{value.test}" if value.test is not None else "")
