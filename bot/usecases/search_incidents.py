"""Search incidents: those that have all the words, or else those that have most of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.heard import Who, mentioned
from bot.domain.ids import IncidentNumber, UserId
from bot.domain.incident import Incident
from bot.domain.search.document import OPEN, RESOLVED
from bot.domain.search.excerpt import Piece, excerpt
from bot.domain.search.query import Wanted, read_query, stages
from bot.domain.search.ranking import ranked
from bot.store import people, search
from bot.store.search import Scope
from bot.store.session import Session

SHOWN = 10
_STATES = {True: RESOLVED, False: OPEN, None: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody searches for: words, whether it is *resolved* or either, and opened *since* how long."""

    words: str
    resolved: bool | None = None
    since: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An incident that was found, and where in it."""

    incident: Incident
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what was found: *total* in all, where *words* of *asked* words had to be there."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    words: int = 0
    asked: int = 0
    names: Mapping[UserId, str] = field(default_factory=dict)

    @property
    def some_words_missing(self) -> bool:
        """Whether nothing has all the words, so that fewer had to do."""
        return self.words < self.asked


def search_incidents(session: Session, who: Who, asked: Asked, now: datetime, *, skip: int = 0) -> Found:
    """What is found, the best first, as far as whoever asks may see it; *skip* so many of them."""
    wanted = read_query(asked.words)
    scope = Scope(who=who, resolved=asked.resolved, since=now - asked.since if asked.since else None)
    for match in stages(wanted, _STATES[asked.resolved]):
        candidates = search.find(session, scope, match)
        if candidates:
            numbers = ranked(candidates, wanted)
            hits = _hits(session, who, numbers[skip : skip + SHOWN], wanted)
            return Found(
                hits=hits,
                names=people.names(session, who.team, _named(hits)),
                total=len(numbers),
                words=len(match.groups[0]),
                asked=len(wanted),
            )
    return Found(asked=len(wanted))


def _named(hits: tuple[Hit, ...]) -> set[UserId]:
    texts = (
        f"{hit.incident.title} {hit.incident.diagnosis} {''.join(piece.text for piece in hit.excerpt)}"
        for hit in hits
    )
    return {person for text in texts for person in mentioned(text)}


def _hits(
    session: Session, who: Who, numbers: list[IncidentNumber], wanted: tuple[Wanted, ...]
) -> tuple[Hit, ...]:
    return tuple(
        Hit(
            incident,
            excerpt(
                (
                    incident.diagnosis or "",
                    incident.seen,
                    *(text for _, text in search.texts(session, who.team, incident.number)),
                ),
                wanted,
            ),
        )
        for incident in search.several(session, who.team, numbers)
    )
