"""How hypotheses are typed: `dx: collator gets string columns 60% impact 3 assumes dtype`, one a line.

A number counts only at the end, and only with a per cent sign, as a decimal or after "p", because "lost
node 7" is a statement. `dx: B 70%` changes the estimate of B; what argues about B is read in `arguing`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.domain.diagnosis import estimate
from bot.domain.diagnosis.arguing import Argued, RuledOut, Stance, read_argument, written_argument
from bot.domain.diagnosis.differential import IMPACTS, Proposed
from bot.domain.diagnosis.estimate import Estimate
from bot.domain.errors import NotUnderstood
from bot.domain.terms import shortest, split_terms

# Whoever reads hypotheses also gets what argues about them.
__all__ = ["Argued", "Line", "Revised", "RuledOut", "Stance", "read", "read_line", "written"]

EXAMPLE = "`dx: collator gets string columns 60% impact 3`"

_WORDS = "|".join(sorted((*estimate.WORDS, "as likely as not"), key=len, reverse=True))
_NUMBER = (
    r"(?:[~≈]\s?)?(?:(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)\s?(?:%|％|percent|pct)(?: by rank)?|0?[.,][0-9]+)"
    r"|<\s?1\s?%|>\s?99\s?%"
)
# A value that belongs to the sentence ("loss is 0.3") is left to it, and so is "the rate is too high".
_IN_SENTENCE = r"(?<!\bis )(?<!\bto )(?<!\bat )(?<!\bof )(?<!\bby )(?<!\bfrom )(?<!\bthan )(?<![=<>~≈] )"
_COMPARED = r"(?<!\btoo )(?<!\bvery )(?<!\bso )(?<!\bare )(?<!\bwas )(?<!\bruns )(?<!\brunning )(?<!\bgets )"
# These are caught to be refused: they sound like an estimate and are none.
_EMPTY = rf"maybe|perhaps|possibl[ey]|{_COMPARED}(?:low|medium|high)"
_NAMED = rf"p\s*[=:]?\s*(?:{_NUMBER}|{_WORDS}|[0-9]+|\?)|p\s*[=:]\s*[\w.,]+"
TERMS = {
    "impact": re.compile(r"[\s,;]impact\s*[=:]?\s*([0-9]+|\?)$", re.IGNORECASE),
    "assumes": re.compile(r"[\s,;]assumes\s+([\w\-]+|\?)$", re.IGNORECASE),
    "p": re.compile(
        rf"[\s,;(]({_NAMED}|{_IN_SENTENCE}(?:{_NUMBER}|{_WORDS}|{_EMPTY}))\??\)?$", re.IGNORECASE
    ),
}
_NAME = re.compile(r"p(?![a-z])\s*[=:]?\s*", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[•*>–\-]|[0-9]{1,2}[.)])\s+")
_PRONOUN = re.compile(r"\s*I\s+[^\s:=]")
# A letter and nothing but words like these was meant to say how likely it is.
_VAGUE = re.compile(
    r"[\W\d_]*+(?:five|ten|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|half|per|cent"
    r"|percent|pct|p|about|around|roughly|almost|now|still|only|more|most|less|much|very|rather|quite|pretty"
    r"|probabl[ey]|probability|(?:un)?likel(?:y|ier|iest)|certain|low(?:er)?|medium|high(?:er)?|impact"
    r"|is|at|to|up|down)?[\W\d_]*",
    re.IGNORECASE,
)
_BETWEEN_WORDS = re.compile(r"[\s:=\-]+")
_LETTER = re.compile(r"([A-Z]{1,2})(?:\s*[:=]\s*|\s+)(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """A change of what is thought of a hypothesis that has its letter; None is left as it was."""

    letter: str
    estimate: Estimate | None = None
    impact: int | None = None
    assumption: str | None = None


Line = Proposed | Revised | Argued | RuledOut


def read(text: str, known: Collection[str] = ()) -> list[Line]:
    """What a reply says line by line: new hypotheses, or something about one of the *known* letters.

    Raises:
        NotUnderstood: A line has no statement, an estimate or impact that means nothing, or no argument.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise NotUnderstood("A hypothesis needs its statement.", EXAMPLE)
    return [read_line(line, known) for line in lines]


def read_line(line: str, known: Collection[str] = ()) -> Line:
    """The hypothesis that one line says, or what it says about one that has its letter.

    Raises:
        NotUnderstood: As for `read`.
    """
    bare = _BULLET.sub("", line)
    # "I ruled out the loader" is about its writer, and "I: ruled out" about that hypothesis.
    argument = None if _PRONOUN.match(bare) else read_argument(bare, known)
    return argument or _read_hypothesis(bare, known)


def _read_hypothesis(bare: str, known: Collection[str]) -> Proposed | Revised:
    numbered = _LETTER.fullmatch(bare.strip())
    if numbered and numbered[1] in known and re.fullmatch(r"[0-9.,]+", numbered[2]):
        return Revised(letter=numbered[1], estimate=estimate.read(numbered[2]))
    statement, found = split_terms(bare, TERMS)
    if not statement or re.fullmatch(rf"(?:{_NUMBER})[?]?|[?]", statement):
        raise NotUnderstood(f"“{bare.strip()[:60]}” says no hypothesis.", EXAMPLE)
    said, impact, assumption = _said(found), _impact(found), _given(found.get("assumes"))
    letter = statement.rstrip(":= ")
    if letter not in known:
        _refuse_near_miss(statement, said, known)
        return Proposed(statement=statement, estimate=said, impact=impact, assumption=assumption)
    if not found:
        raise NotUnderstood(f"“{bare.strip()[:60]}” says nothing new.", f"`dx: {letter} 40%`")
    return Revised(letter=letter, estimate=said, impact=impact, assumption=assumption)


def _refuse_near_miss(statement: str, said: Estimate | None, known: Collection[str]) -> None:
    """What is nearly about a letter would name a hypothesis that nobody means."""
    letter, *words = _BETWEEN_WORDS.split(statement.strip(":=- "))
    known_as = letter.upper()
    if known_as in known and known_as != letter and not words:
        raise NotUnderstood("The letters of hypotheses are capitals.", f"`dx: {known_as} 40%`")
    if known_as in known and all(_VAGUE.fullmatch(word) for word in words):
        menu = f"`dx: {known_as} ` and then {estimate.menu()}"
        raise NotUnderstood(f"“{statement[:60]}” does not say how likely {known_as} is.", menu)
    is_number = all(re.fullmatch(r"[0-9.,]+", word) for word in words)
    if re.fullmatch(r"[A-Za-z]", letter) and is_number and (said or words):
        names = f"one of {', '.join(sorted(known))}, or what it could be in words" if known else EXAMPLE
        raise NotUnderstood(f"There is no {known_as}.", names)


def written(value: Line, known: Collection[str] = ()) -> str:
    """The line that `read_line` takes back to the very same value."""
    forms = _argument_forms(value) if isinstance(value, Argued | RuledOut) else _forms(value)
    return shortest(value, forms, lambda line: read_line(line, known))


def _argument_forms(value: Argued | RuledOut) -> tuple[str, str]:
    form = written_argument(value)
    return form, form.replace(" ", ": ", 1)


def _forms(value: Proposed | Revised) -> tuple[str, str]:
    """What was given in the fewest words, and then everything, with a question mark for what was not."""
    name = value.letter if isinstance(value, Revised) else value.statement
    parts = {
        "p=": estimate.written(value.estimate) if value.estimate else None,
        "impact ": str(value.impact) if value.impact else None,
        "assumes ": value.assumption,
    }
    given = [(term if term != "p=" else "") + said for term, said in parts.items() if said is not None]
    everything = [term + (said or "?") for term, said in parts.items()]
    return " ".join([name, *given]), " ".join(["•", name, *everything])


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
