"""What somebody looks for: words, phrases in quotation marks, and how many of them have to be there.

Whatever is typed is only ever cut into terms, so no sign in it means anything to a database.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from bot.domain.search.document import STOP
from bot.domain.search.words import Word, normal, words_in

# More words than this make nothing clearer, and are left out.
MOST_WORDS = 8
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]")
_STARRED = re.compile(r"(?<!\S)([^\s*]+)\*(?!\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Something that has to be found: terms in a row, or the one term they are as a whole.

    Where it is a *beginning*, the last term may go on.
    """

    parts: tuple[str, ...]
    whole: str | None = None
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """What a document must have: one of the *groups*, all that is wanted in it, with a *state* or any."""

    groups: tuple[tuple[Wanted, ...], ...]
    state: str | None = None


def read_query(text: str) -> tuple[Wanted, ...]:
    """What the words ask for, each once; nothing where they hold no word at all."""
    found = dict.fromkeys(each for each in _wanted(normal(text)) if each.parts)
    telling = [each for each in found if each.whole or each.beginning or set(each.parts) - STOP]
    return tuple(telling or found)[:MOST_WORDS]


def _wanted(text: str) -> Iterator[Wanted]:
    for phrase in _QUOTED.findall(text):
        yield _phrase(phrase)
    text = _QUOTED.sub(" ", text)
    for beginning in _STARRED.findall(text):
        yield _beginning(beginning)
    for word in words_in(_STARRED.sub(" ", text)):
        yield Wanted(parts=word.parts, whole=word.whole)


def _phrase(text: str) -> Wanted:
    found = [*words_in(text)]
    parts = tuple(part for word in found for part in word.parts)
    return Wanted(parts=parts, whole=found[0].whole if len(found) == 1 else None)


def _beginning(text: str) -> Wanted:
    found = [*words_in(text)] or [Word(())]
    parts = tuple(part for word in found for part in word.parts)
    return Wanted(parts=parts, whole=found[0].whole if len(found) == 1 else None, beginning=True)


def stages(wanted: tuple[Wanted, ...], state: str | None = None) -> Iterator[Match]:
    """What to look for one after the other until something is found: all words, then ever fewer of them."""
    for amount in range(len(wanted), 0, -1):
        yield Match(tuple(combinations(wanted, amount)), state)
