"""How contingencies are typed: `if: loss > 4 then roll back to step 2900 @ana`, `if: IF1 off it is fixed`.

Condition and deed stand on both sides of "then", of an arrow, or of the only comma. The owner stands at the
end or behind "then", and at the end the hypotheses that it is for: "for A, B". What stands in quotes is taken
as it is.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.doing.owning import Owned, owner_at_the_end, owner_at_the_start
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId
from bot.domain.readiness.contingency import PREFIX, contingency_name
from bot.domain.terms import shortest, unquoted

EXAMPLE = "`if: loss > 4 then roll back to step 2900 @ana`"
_OWNED = Owned("A contingency", EXAMPLE)
_BETWEEN = " ,;"
_NUMBER = re.compile(
    rf"{PREFIX}\s?(?P<number>[0-9]{{1,9}})(?=$|[\s,;:.])[\s,;:.]*(?P<rest>.*)", re.IGNORECASE | re.ASCII
)
_PAUSE = r"(?=$|[\s:;,.–—-])[\s:;,.–—-]*(?P<words>.*)"
_OFF = re.compile(
    r"(?:is\s+)?(?:off|void|revoked|cancell?ed|withdrawn|obsolete|no\s+longer\s+(?:holds|needed)|not\s+needed"
    rf"(?:\s+any\s?more)?|does\s+not\s+hold(?:\s+any\s?more)?){_PAUSE}",
    re.IGNORECASE | re.ASCII,
)
_HAPPENED = re.compile(
    rf"(?:has\s+|is\s+)?(?:happened|happening|occurred|triggered|fired|came\s+true){_PAUSE}",
    re.IGNORECASE | re.ASCII,
)
_LETTERS = r"[A-Z]{1,2}(?:(?:\s*[,&+/]\s*|\s+and\s+)[A-Z]{1,2}){0,9}"
_FOR_LAST = re.compile(rf"(?:^|[\s,;])\s*(?i:for|about)\s+({_LETTERS})$")
_FOR_FIRST = re.compile(rf"(?i:for|about)\s+({_LETTERS})\s*[:,]\s*")
# A name that begins the condition may be what it is about: "@ben is not back by 18:00".
_NAMED_APART = re.compile(r"(?:owner[:\s]\s*)?@[\w.\-]+\s*[:,]", re.IGNORECASE)
_IF = re.compile(r"(?:if:\s*)?(?:if|when|once|whenever)(?:\s+|:\s*)", re.IGNORECASE | re.ASCII)
_THEN = r"(?:^|[\s,;])\s*then(?=$|[\s,;:])[\s,;:]*|\s*(?:-{1,2}>|→|⇒)\s*"
_SPLITS = tuple(re.compile(each, re.IGNORECASE | re.ASCII) for each in (_THEN, r"\s*=>\s*", r"[,;:]\s+"))
_QUOTED_FIRST = re.compile(
    rf"[\"“](?P<when>[^\"“”]+)[\"”](?:{_THEN}|\s*=>\s*|[,;:]\s+)", re.IGNORECASE | re.ASCII
)
_ALL_QUOTED = re.compile(r"[\"“][^\"“”]+[\"”]")


@dataclass(frozen=True, slots=True, kw_only=True)
class IfThen:
    """A contingency as it was typed: a new one, or with *contingency* what changes about one.

    What is "" or None was left out.
    """

    when: str = ""
    then: str = ""
    contingency: int | None = None
    owner: UserId | None = None
    about: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurred:
    """What a contingency is for has happened."""

    contingency: int
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Off:
    """A contingency no longer holds."""

    contingency: int
    words: str = ""


def read_if(text: str, letters: Collection[str] = ()) -> IfThen | Occurred | Off:
    """What a reply says of a contingency; *letters* are those of the hypotheses.

    Raises:
        NotUnderstood: It does not say what is done when, or it is not one person's.
    """
    line = " ".join(text.split()).strip(_BETWEEN)
    event = _event(line)
    if event:
        return event
    rest, owner, about = _without_terms(line, letters)
    found = _NUMBER.fullmatch(rest)
    number = int(found["number"]) if found else None
    rest = found["rest"] if found else rest
    if found and owner is None:
        rest, owner = owner_at_the_start(rest, _OWNED) or (rest, None)
    when, then = _split(rest, known=number is not None)
    if owner is None:
        then, owner = owner_at_the_start(then, _OWNED) or (then, None)
    said = IfThen(when=unquoted(when), then=unquoted(then), contingency=number, owner=owner, about=about)
    if number is None and not (said.when and said.then):
        raise _unfinished(said)
    return said


def _unfinished(said: IfThen) -> NotUnderstood:
    problem = "That does not say what is to be done then." if said.when else "That does not say when."
    return NotUnderstood(problem, EXAMPLE)


def _event(line: str) -> Occurred | Off | None:
    found = _NUMBER.fullmatch(line)
    if found is None:
        return None
    number, rest = int(found["number"]), found["rest"]
    off, happened = _OFF.fullmatch(rest), _HAPPENED.fullmatch(rest)
    if off:
        return Off(contingency=number, words=off["words"])
    return Occurred(contingency=number, words=happened["words"]) if happened else None


def _without_terms(rest: str, letters: Collection[str]) -> tuple[str, UserId | None, tuple[str, ...] | None]:
    owner: UserId | None = None
    about: tuple[str, ...] | None = None
    while True:
        before = rest
        lettered = None if about else _about_at_an_end(rest, letters)
        if lettered:
            rest, about = lettered[0].strip(_BETWEEN), lettered[1]
        named = None if owner else _owner(rest)
        if named:
            rest, owner = named[0].strip(_BETWEEN), named[1]
        if rest == before:
            return rest, owner, about


def _owner(text: str) -> tuple[str, UserId] | None:
    apart = owner_at_the_start(text, _OWNED) if _NAMED_APART.match(text) else None
    return apart or owner_at_the_end(text, _OWNED)


def _about_at_an_end(text: str, letters: Collection[str]) -> tuple[str, tuple[str, ...]] | None:
    """The hypotheses that it is for; what looks like them where there are none belongs to the sentence.

    Raises:
        NotUnderstood: There are others, but not these.
    """
    first, last = _FOR_FIRST.match(text), _FOR_LAST.search(text)
    found = first or last
    if found is None or not letters:
        return None
    named = tuple(dict.fromkeys(re.findall(r"[A-Z]{1,2}(?![a-z])", found[1])))
    unknown = [letter for letter in named if letter not in letters]
    if len(unknown) == len(named) and all(len(letter) > 1 for letter in named):
        return None
    if unknown:
        raise NotUnderstood(
            f"There is no hypothesis {unknown[0]}.", f"`for {', '.join(sorted(letters)[:5])}`"
        )
    return (text[found.end() :] if first else text[: found.start()]), named


def _split(rest: str, *, known: bool) -> tuple[str, str]:
    """The condition and the deed; the deed alone, or the condition behind "if", of one that is *known*.

    Raises:
        NotUnderstood: It does not say what is done when.
    """
    condition = _IF.match(rest)
    rest = rest[condition.end() :] if condition else rest
    if known and (not rest or (condition and _ALL_QUOTED.fullmatch(rest))):
        return rest, ""
    parts = _quoted_apart(rest) or _apart(rest)
    if parts is None and known and condition:
        return rest, ""
    if parts is None or not unquoted(parts[1]):
        raise _unfinished(IfThen(when=rest if parts is None else parts[0]))
    return parts


def _quoted_apart(rest: str) -> tuple[str, str] | None:
    found = _QUOTED_FIRST.match(rest)
    return (f'"{found["when"]}"', rest[found.end() :]) if found else None


def _apart(rest: str) -> tuple[str, str] | None:
    for place, split in enumerate(_SPLITS):
        found = [*split.finditer(rest)]
        # One comma parts condition and deed; of several nobody can tell which.
        if found and (len(found) == 1 or place < len(_SPLITS) - 1):
            return rest[: found[0].start()].strip(_BETWEEN), rest[found[0].end() :].strip(_BETWEEN)
    return None


def written_if(said: IfThen, letters: Collection[str] = ()) -> str:
    """The reply that `read_if` takes back to the very same value."""
    number = contingency_name(said.contingency) if said.contingency is not None else ""
    owner = f"@{said.owner}" if said.owner else ""
    about = f"for {', '.join(said.about)}" if said.about else ""
    forms = (
        " ".join(part for part in (number, when, then, owner, about) if part)
        for when in _whens(said)
        for then in ((f"then {said.then}", f'then "{said.then}"') if said.then else ("",))
    )
    return shortest(said, forms, lambda form: read_if(form, letters))


def _whens(said: IfThen) -> tuple[str, ...]:
    if not said.when:
        return ("",)
    spoken = (f"if {said.when}", f'if "{said.when}"', f'"{said.when}"')
    # Where its quotes would end ours, what is closest.
    closest = "'".join(re.split(r"[\"“”]", said.when))
    return (*((said.when,) if said.then else ()), *spoken, f'"{closest}"')
