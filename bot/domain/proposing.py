"""How hypotheses are typed: `dx: collator gets string columns 60% impact 3 assumes dtype`, one a line.

A number counts only at the end, and only with a per cent sign, as a decimal or after "p", because "lost
node 7" is a statement. `dx: B 70%` changes the estimate of B.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.domain import estimate
from bot.domain.differential import IMPACTS, Proposed
from bot.domain.errors import NotUnderstood
from bot.domain.estimate import Estimate
from bot.domain.terms import shortest, split_terms

EXAMPLE = "`dx: collator gets string columns 60% impact 3`"

_WORDS = "|".join(sorted((*estimate.WORDS, "as likely as not"), key=len, reverse=True))
_NUMBER = (
    r"(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)\s?(?:%|％|percent|pct)(?: by rank)?"
    r"|0?[.,][0-9]+|<\s?1\s?%|>\s?99\s?%"
)
# These are caught to be refused: they sound like an estimate and are none.
_EMPTY = r"maybe|perhaps|possibl[ey]|(?<=[,;(] )(?:low|medium|high)|(?<=[,;(])(?:low|medium|high)"
# A value that belongs to the sentence ("loss is 0.3") is left to it.
_IN_SENTENCE = r"(?<!\bis )(?<!\bto )(?<!\bat )(?<!\bof )(?<!\bby )(?<!\bfrom )(?<!\bthan )(?<![=<>] )"
_NAMED = rf"p\s*[=:]?\s*(?:{_NUMBER}|{_WORDS}|[0-9]+|\?)|p\s*[=:]\s*[\w.,]+"
TERMS = {
    "impact": re.compile(r"[\s,;]impact\s*[=:]?\s*([0-9]+|\?)$", re.IGNORECASE),
    "assumes": re.compile(r"[\s,;]assumes\s+([\w\-]+|\?)$", re.IGNORECASE),
    "p": re.compile(rf"[\s,;(]({_NAMED}|{_IN_SENTENCE}(?:{_NUMBER}|{_WORDS}|{_EMPTY}))\)?$", re.IGNORECASE),
}
_NAME = re.compile(r"p(?![a-z])\s*[=:]?\s*", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[•*>–\-]|[0-9]{1,2}[.)])\s+")
_LETTER = re.compile(r"([A-Z]{1,2})(?:\s*[:=]\s*|\s+)(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """A change of what is thought of a hypothesis that has its letter; None is left as it was."""

    letter: str
    estimate: Estimate | None = None
    impact: int | None = None
    assumption: str | None = None


def read(text: str, known: Collection[str] = ()) -> list[Proposed | Revised]:
    """The hypotheses in a reply, one a line; a line that begins with one of the *known* letters revises it.

    Raises:
        NotUnderstood: A line has no statement, or an estimate or impact that means nothing.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise NotUnderstood("A hypothesis needs its statement.", EXAMPLE)
    return [read_line(line, known) for line in lines]


def read_line(line: str, known: Collection[str] = ()) -> Proposed | Revised:
    """The hypothesis, or the revision, that one line says.

    Raises:
        NotUnderstood: As for `read`.
    """
    bare = _BULLET.sub("", line)
    numbered = _LETTER.fullmatch(bare.strip())
    if numbered and numbered[1] in known and re.fullmatch(r"[0-9.,]+", numbered[2]):
        return Revised(letter=numbered[1], estimate=estimate.read(numbered[2]))
    statement, found = split_terms(bare, TERMS)
    if not statement or re.fullmatch(rf"{_NUMBER}|[?]", statement):
        raise NotUnderstood(f"“{line.strip()[:60]}” says no hypothesis.", EXAMPLE)
    said, impact, assumption = _said(found), _impact(found), _given(found.get("assumes"))
    letter = statement.rstrip(":= ")
    if letter not in known:
        return Proposed(statement=statement, estimate=said, impact=impact, assumption=assumption)
    if not found:
        raise NotUnderstood(f"“{line.strip()[:60]}” says nothing new.", f"`dx: {letter} 40%`")
    return Revised(letter=letter, estimate=said, impact=impact, assumption=assumption)


def written(value: Proposed | Revised, known: Collection[str] = ()) -> str:
    """The line that `read_line` takes back to the very same value."""
    name = value.letter if isinstance(value, Revised) else value.statement
    parts = {
        "p=": estimate.written(value.estimate) if value.estimate else None,
        "impact ": str(value.impact) if value.impact else None,
        "assumes ": value.assumption,
    }
    given = [(term if term != "p=" else "") + said for term, said in parts.items() if said is not None]
    everything = [term + (said or "?") for term, said in parts.items()]
    forms = (" ".join([name, *given]), " ".join(["•", name, *everything]))
    return shortest(value, forms, lambda line: read_line(line, known))


def _said(found: Mapping[str, str]) -> Estimate | None:
    term = found.get("p", "?")
    name = _NAME.match(term)
    said = _given(term[name.end() :] if name else term)
    return estimate.read(said) if said else None


def _impact(found: Mapping[str, str]) -> int | None:
    said = _given(found.get("impact"))
    if said is None:
        return None
    if len(said) > 1 or int(said) not in IMPACTS:
        raise NotUnderstood(
            f"“impact {said[:20]}” is not on the scale.", "`impact 1` (mild) to `impact 5` (worst)"
        )
    return int(said)


def _given(said: str | None) -> str | None:
    """A term's value; a question mark says that there is none."""
    return None if said in {None, "?"} else said
