"""What people type after ``/incident search``, read forgivingly into a request."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.errors import NotUnderstood
from bot.domain.search.query import read_query
from bot.domain.terms import read_span, written_span
from bot.slack.line.forms import USAGE
from bot.slack.line.words import BLANK

# What comes last may say which incidents are meant; everything before it is looked for.
_STATE = re.compile(r"(?:^|\s)(open|resolved|closed)\s*$", re.IGNORECASE)
_SINCE = re.compile(r"(?:^|\s)since\s+(\S+(?:\s+[a-z]+)?)\s*$", re.IGNORECASE)
_DATE = re.compile(r"20\d{2}-\d{2}-\d{2}", re.ASCII)
_WEEKS = re.compile(r"(\d{1,4})\s*w(?:eeks?)?", re.IGNORECASE)
# Whoever pastes a whole log finds by its beginning.
MOST_TYPED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Find incidents by *words*: resolved ones, open ones or either, opened *since* so long, or a *day*."""

    words: str
    resolved: bool | None = None
    since: timedelta | None = None
    day: date | None = None


def read_search(rest: str) -> Search:
    """What the words ask for; `open`, `resolved` and `since 30d` count where they come last.

    Raises:
        NotUnderstood: There is no word to look for.
    """
    words = rest.strip(BLANK)[:MOST_TYPED]
    resolved: bool | None = None
    since: timedelta | date | None = None
    while True:
        state, said = _STATE.search(words), _SINCE.search(words)
        if state and resolved is None:
            resolved, words = state[1].casefold() != "open", words[: state.start()]
        elif said and since is None and _since(said[1]):
            since, words = _since(said[1]), words[: said.start()]
        else:
            break
    if not read_query(words):
        raise NotUnderstood("What shall I look for?", f"{USAGE['search']}, for instance `search loss nan`")
    day = since if isinstance(since, date) else None
    span = since if isinstance(since, timedelta) else None
    return Search(words=words.strip(), resolved=resolved, since=span, day=day)


def _since(text: str) -> timedelta | date | None:
    if _DATE.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
        return None
    weeks = _WEEKS.fullmatch(text)
    return timedelta(weeks=int(weeks[1])) or None if weeks else read_span(text)


def written_search(search: Search) -> str:
    """The same as it is typed, for the button that goes on."""
    state = {True: " resolved", False: " open", None: ""}[search.resolved]
    long = written_span(search.since) if search.since else ""
    since = f" since {search.day or long}" if search.day or long else ""
    return f"{search.words}{state}{since}"
