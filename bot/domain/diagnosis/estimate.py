"""A probability as people say it: a number, a word of the IPCC's scale, or only a place in a ranking.

Words without an agreed meaning are refused with the menu: "possible" means anything from a tenth to nine
tenths, and "low, medium, high" throws away most of what a test is worth (11 points of accuracy, against 0.5
for numbers in steps of 5 % and 2 for the IPCC's words).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import log
from types import MappingProxyType

from bot.domain.errors import NotUnderstood

# The Intergovernmental Panel on Climate Change's seven words, at the middle of what each covers.
WORDS: Mapping[str, float] = MappingProxyType(
    {
        "exceptionally unlikely": 0.005,
        "very unlikely": 0.05,
        "unlikely": 0.20,
        "about as likely as not": 0.50,
        "likely": 0.80,
        "very likely": 0.95,
        "virtually certain": 0.995,
    }
)
_SYNONYMS = {"as likely as not": "about as likely as not"}
# What a menu of numbers offers: ordinary faults and false alarms live below 5 %, so the ends count, and the
# outermost stand for "<1%" and ">99%" (the middle, in log-odds, of what those cover).
STEPS = (0.003, 0.01, *(step / 100 for step in range(5, 100, 5)), 0.99, 0.997)
# Nothing is impossible and nothing is certain, or no evidence could ever move it.
LEAST, MOST = 0.001, 0.999
# Below one and above the other only the side is shown.
_ENDS = (0.01, 0.99)
_SAID_ENDS = {"<1%": STEPS[0], ">99%": STEPS[-1]}
_CERTAIN = Decimal(100)
# How much less likely each next place in a ranking is; measured against exact numbers, it costs 3.6 points.
RANK_RATIO = 0.6

_NUMBER = re.compile(
    r"[~≈]?\s*(?P<value>[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)\s*(?P<percent>%|％|percent|pct)?"
    r"(?P<rank> by rank)?",
    re.IGNORECASE,
)


class How(StrEnum):
    """How an estimate was given."""

    NUMBER = "number"
    WORD = "word"
    RANKING = "ranking"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A probability strictly between 0 and 1, and how it was given."""

    p: float
    how: How = How.NUMBER


def read(text: str) -> Estimate:
    """The probability that *text* says: "0.3", "30%", "30", "likely".

    Raises:
        NotUnderstood: It says none, or one of the words that mean nothing.
    """
    said = " ".join(text.casefold().split())
    end = _SAID_ENDS.get(said.replace(" ", ""))
    if end is not None:
        return Estimate(end)
    word = _SYNONYMS.get(said, said)
    if word in WORDS:
        return Estimate(WORDS[word], How.WORD)
    found = _NUMBER.fullmatch(said)
    p = _fraction(found) if found else None
    if p is None or found is None:
        raise _refusal(text)
    return Estimate(min(max(p, LEAST), MOST), How.RANKING if found["rank"] else How.NUMBER)


def _fraction(found: re.Match[str]) -> float | None:
    """The number as a fraction; None for what is no probability, or could be two."""
    value = Decimal(found["value"].replace(",", "."))
    if found["percent"] is None and value < 1:
        return float(value)
    # A bare 1 may be one in a hundred or a certainty.
    if value > _CERTAIN or (found["percent"] is None and value == 1):
        return None
    return float(value / 100)


def _refusal(text: str) -> NotUnderstood:
    return NotUnderstood(f"“{text.strip()[:60]}” is no probability.", menu())


def menu() -> str:
    """What can be said instead, in one line."""
    words = ", ".join(f"{word} ({percent(p)})" for word, p in WORDS.items())
    return f"a number such as `30%` or `0.3`, or one of: {words}"


def written(estimate: Estimate) -> str:
    """The estimate in words that `read` takes back to the very same value."""
    if estimate.how is How.WORD:
        return next(word for word, p in WORDS.items() if p == estimate.p)
    exact = format((Decimal(repr(estimate.p)) * 100).normalize(), "f")
    return f"{exact}% by rank" if estimate.how is How.RANKING else f"{exact}%"


def percent(p: float) -> str:
    """A probability as it is shown: whole per cents, and honest near both ends."""
    least, most = _ENDS
    if p < least:
        return "<1%"
    return ">99%" if p > most else f"{p:.0%}"


def nearest_step(p: float) -> Estimate:
    """The entry of the menu of numbers that is closest."""
    return Estimate(min(STEPS, key=lambda step: abs(step - p)))


def nearest_word(p: float) -> Estimate:
    """The word whose number is closest in odds, because evidence multiplies odds.

    In the difference of probabilities 2 % would be "exceptionally unlikely" (0.5 %) rather than "very
    unlikely" (5 %), and it would take ten times the evidence to come back from there.
    """
    return Estimate(min(WORDS.values(), key=lambda number: abs(_log_odds(number) - _log_odds(p))), How.WORD)


def _log_odds(p: float) -> float:
    held = min(max(p, LEAST), MOST)
    return log(held / (1 - held))


def by_rank(count: int, mass: float = 1.0) -> list[float]:
    """*mass* shared out over *count* places, the first the likeliest."""
    shares = [RANK_RATIO**place for place in range(count)]
    return [mass * share / sum(shares) for share in shares]
