"""What an incident says, as the terms under which it is found.

A gap stands between two texts, so that no phrase reaches from one into the next, and between a text and the
words of it that are also found as a whole.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.heard import MENTION
from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.incident import Incident
from bot.domain.search.words import words_in

GAP = "."
# A search for what is open, or for what is resolved, is a search for one of these.
OPEN, RESOLVED = "=open", "=resolved"
# PostgreSQL knows 16,383 places in a document, and 256 of each term; what comes later is left out everywhere.
MOST_TERMS, MOST_OF_ONE = 16_000, 250
# Of one text, usually a log, so many terms are kept.
MOST_OF_TEXT = 2_000
# What incidents are compared by: the words of their presentation, each once.
MOST_COMPARED = 64
_ERROR_NAME = re.compile(r"\b[A-Za-z_][\w.]*(?:Error|Exception|Warning|Interrupt|Fault)\b")
# Words that say nothing about what is wrong.
_FILLERS = """
a about after again all also an and any are as at be because been before but by can cannot could did do doe
for from get had has have having here how i if in into is it its just like my no not now of on only or our
out over s same since so some still t than that the their them then there these they this those to too tried
try trying up us use used using very was we were what when where which while who why will with would you your
"""
STOP = frozenset(_FILLERS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An incident and all that its chart says: what it is suspected to be, and its texts, the newest first.

    *worked* is the last thing that was tried and worked, *logs* are read for names of errors.
    """

    incident: Incident
    hypotheses: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    worked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An incident as it is found: terms of its title and cause, of all else, and those it is compared by."""

    team: TeamId
    incident: IncidentNumber
    title: str
    body: str
    compared: str
    worked: str | None
    resolved: bool


def document_of(said: Said) -> Document:
    """An incident in terms, the same whatever order its facts were stored in."""
    incident = said.incident
    resolved = incident.resolved_at is not None
    cause = (incident.diagnosis or "") if resolved else ""
    state = RESOLVED if resolved else OPEN
    title = _terms((incident.title, cause), Counter())
    body = _terms((incident.seen, *said.hypotheses, *said.texts), Counter(title))
    return Document(
        team=incident.team,
        incident=incident.number,
        title=" ".join(title),
        body=" ".join([*body[: MOST_TERMS - len(title)], GAP, state]),
        compared=" ".join(_compared(said, cause)),
        worked=said.worked,
        resolved=resolved,
    )


def _terms(texts: Sequence[str], used: Counter[str]) -> list[str]:
    """The terms of texts, each no oftener than can be counted, then the words of several parts as a whole."""
    terms: list[str] = []
    wholes: dict[str, None] = {}
    for text in texts:
        if len(terms) > MOST_TERMS:
            break
        place = len(terms)
        for word in words_in(MENTION.sub(" ", text)):
            terms += word.parts
            if word.whole:
                wholes[word.whole] = None
            if len(terms) - place > MOST_OF_TEXT:
                break
        terms.append(GAP)
    found = [term if _counted(term, used) else GAP for term in terms]
    return found + [each for whole in wholes if whole not in used for each in (whole, GAP)]


def _counted(term: str, used: Counter[str]) -> bool:
    used[term] += 1
    return term == GAP or used[term] <= MOST_OF_ONE


def _compared(said: Said, cause: str) -> Iterable[str]:
    """The telling terms of how it presented, the most important text first, and of what it came from."""
    names = (name.rpartition(".")[2] for log in said.logs for name in _ERROR_NAME.findall(log))
    texts = (said.incident.title, cause, said.incident.seen, *names, *said.hypotheses)
    telling = dict.fromkeys(term for text in texts for term in telling_terms(text))
    return list(telling)[:MOST_COMPARED]


def telling_terms(text: str) -> Iterator[str]:
    """The terms of a text that can tell one problem from another: no fillers, no bare numbers."""
    for word in words_in(MENTION.sub(" ", text)):
        for term in (*word.parts, word.whole):
            if term and len(term) > 1 and not term.isdigit() and term not in STOP:
                yield term
