"""Texts as terms, the same for what is stored and for what is asked.

Databases cut text into words each in their own way, so ours is cut here and they only ever see terms.
``KeyError``, ``grad_norm`` and ``loss.nan`` are found by their parts and as a whole. English endings are
taken off by a few rules of our own; other languages are left as they are, and a run of Chinese or Japanese is
found by any part of it, because each of its characters is a term.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.chart import INVISIBLE

# Longer ones are hashes or encoded bytes, of which the beginning tells enough.
TERM_LIMIT = 64
# What is joined of more parts than this is a path or an address, which nobody types as one word.
MOST_PARTS = 6
# What stands inside a word: grad_norm, loss.nan, fp-16, doesn't.
RAW = re.compile(r"[^\W_]+(?:[_.\-'’][^\W_]+)*")
_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PART = re.compile(
    # Numbers with their points (2.17.1), characters that are words, and other runs of letters.
    rf"\d+(?:\.\d+)+|\d+|[{_CJK}]|(?:(?![\d{_CJK}])[^\W_])+"
)
# What capitals divide: keyError, XMLParser, numGPUs, but not NaN.
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][A-Za-z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_UNSEEN = dict.fromkeys(map(ord, INVISIBLE))
_VOWEL = re.compile("[aeiouy]")
_DOUBLED = re.compile(r"([bdfgmnprt])\1$")
_WITH_ES = ("sses", "shes", "ches", "xes", "zes")
_NO_PLURAL = ("ss", "us", "is")
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is looked for: its parts in order, and all of it as one term where it has several."""

    parts: tuple[str, ...]
    whole: str | None = None


def normal(text: str) -> str:
    """The text without what makes the same word look different: width, accents, marks that nobody sees."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text.translate(_UNSEEN))
    return unicodedata.normalize(
        "NFC", "".join(each for each in plain if not unicodedata.category(each).startswith("M"))
    )


def words_in(text: str) -> Iterator[Word]:
    """The words of a text, in order."""
    for raw in RAW.findall(normal(text)):
        yield word_of(raw)


@lru_cache(maxsize=20_000)
def word_of(raw: str) -> Word:
    """A word as it was typed, in terms."""
    found = tuple(
        stem(hump.casefold()[:TERM_LIMIT]) for part in _PART.findall(raw) for hump in _HUMP.split(part)
    )
    if len(found) == 1 or len(found) > MOST_PARTS:
        return Word(found)
    joined = "".join(_PART.findall(raw)).casefold()
    return Word(found, stem(joined[:TERM_LIMIT]))


def stem(term: str) -> str:
    """A term without an English ending, so that "crashes", "crashed" and "crashing" are one."""
    if len(term) < _SHORT or not (term.isascii() and term.isalpha()):
        return term
    return _without_e(_without_past(_singular(term)))


def _singular(term: str) -> str:
    if term.endswith("ies") and len(term) > _SHORT:
        return term[:-3] + "y"
    if term.endswith(_WITH_ES):
        return term[:-2]
    return term[:-1] if term.endswith("s") and not term.endswith(_NO_PLURAL) else term


def _without_past(term: str) -> str:
    for ending in ("ing", "ed"):
        left = term.removesuffix(ending)
        if left != term and len(left) >= _SHORT - 1 and _VOWEL.search(left) and not term.endswith("eed"):
            left = _DOUBLED.sub(r"\1", left)
            return left[:-1] + "y" if left.endswith("i") else left
    return term


def _without_e(term: str) -> str:
    return term[:-1] if term.endswith("e") and len(term) > _SHORT else term
