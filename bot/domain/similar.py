"""Seen before? Which resolved incidents presented in the same way, by the words they have in common.

Incidents are compared by the cosine of their telling words, each weighed by how rare it is among resolved
incidents (inverse document frequency; Manning, Raghavan and Schütze, Introduction to Information Retrieval,
chapter 6). What shares too little is not shown at all, because a false memory anchors: of 83 public failure
reports of ML systems, most of them the only one or one of two of their cause, those at or above the threshold
came from the same cause in half of all cases, and from the same part of the system in seven of eight.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import log, sqrt

from bot.domain.ids import ChannelId, IncidentNumber, MessageTs

SHOWN = 3
# Kept, because some may be reopened or become private before they are shown.
KEPT = 6
LEAST_ALIKE = 0.15
# One word in common is chance, unless there is no more to compare.
LEAST_SHARED = 2
# By so many of its rarest words an incident is looked up, two at a time.
ASKED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A resolved incident that presented alike: what it came from, and the last thing that worked."""

    number: IncidentNumber
    title: str
    channel: ChannelId
    thread_ts: MessageTs | None
    diagnosis: str
    worked: str | None


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of *total* resolved incidents each term is found."""

    total: int
    of: Mapping[str, int]

    def weight(self, term: str) -> float:
        """How telling a term is; even what is in all of them tells a little."""
        return log(1 + (self.total + 1) / (self.of.get(term, 0) + 0.5))


def asked_by(terms: Collection[str], known: Frequencies) -> tuple[tuple[str, ...], ...]:
    """Groups of terms, one of which an incident must have whole to be worth comparing."""
    found = sorted(
        (each for each in terms if known.of.get(each)), key=lambda each: (-known.weight(each), each)
    )
    rarest = found[:ASKED]
    return (
        tuple(combinations(rarest, LEAST_SHARED))
        if len(terms) >= LEAST_SHARED
        else ((rarest[0],),)
        if rarest
        else ()
    )


def nearest(
    terms: Collection[str], others: Mapping[IncidentNumber, Collection[str]], known: Frequencies
) -> list[IncidentNumber]:
    """The incidents most like one of these *terms*, the likest first and of equals the newest."""
    own = sum(known.weight(each) ** 2 for each in set(terms))
    scored = []
    for number, theirs in others.items():
        shared = set(terms) & set(theirs)
        if len(shared) < min(LEAST_SHARED, len(set(terms))):
            continue
        common = sum(known.weight(each) ** 2 for each in shared)
        size = sum(known.weight(each) ** 2 for each in set(theirs))
        alike = common / sqrt(own * size) if own and size else 0.0
        if alike >= LEAST_ALIKE:
            scored.append((round(alike, 9), number))
    return [number for _, number in sorted(scored, reverse=True)[:KEPT]]


def prominent(
    terms: Collection[str], others: Mapping[IncidentNumber, Collection[str]], known: Frequencies, most: int
) -> Iterable[IncidentNumber]:
    """The few that share most, judged without looking up how rare their other words are."""

    def shared(number: IncidentNumber) -> tuple[float, IncidentNumber]:
        return round(sum(known.weight(each) for each in set(terms) & set(others[number])), 9), number

    return sorted(others, key=shared, reverse=True)[:most]
