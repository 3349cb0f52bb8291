"""Which of the incidents found fits best: computed here, so that every database puts them in the same order.

A word counts by how often it stands in a document, with a ceiling, and three times in the title or cause:
BM25's saturation with k1 = 1.2 and b = 0.75, against a usual length instead of the average, which would
change with every incident (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009). How rare a
word is does not matter where all words have to be there.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.ids import IncidentNumber
from bot.domain.search.query import Wanted

K1, B, USUAL_LENGTH = 1.2, 0.75, 120
IN_TITLE = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An incident that has the words, with the terms of its title and of all else."""

    number: IncidentNumber
    title: str
    body: str


def ranked(candidates: Iterable[Candidate], wanted: tuple[Wanted, ...]) -> list[IncidentNumber]:
    """The candidates, the best first, and of equals the newest."""
    scored = [
        (*_score(each, wanted), each.number) for each in {each.number: each for each in candidates}.values()
    ]
    return [number for _, _, number in sorted(scored, reverse=True)]


def _score(candidate: Candidate, wanted: tuple[Wanted, ...]) -> tuple[int, float]:
    """How many of the words it has, and how well."""
    title, body = f" {candidate.title} ", f" {candidate.body} "
    length = 1 - B + B * body.count(" ") / USUAL_LENGTH
    scores = [
        IN_TITLE * _saturated(_times(title, each), 1) + _saturated(_times(body, each), length)
        for each in wanted
    ]
    return sum(score > 0 for score in scores), round(sum(scores), 6)


def _saturated(times: int, length: float) -> float:
    return times * (K1 + 1) / (times + K1 * length)


def _times(terms: str, wanted: Wanted) -> int:
    """How often it stands there: in parts, or else as a whole."""
    end = "" if wanted.beginning else " "
    found = terms.count(f" {' '.join(wanted.parts)}{end}")
    return found or (terms.count(f" {wanted.whole}{end}") if wanted.whole else 0)
