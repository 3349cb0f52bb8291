"""What people type after ``/incident search``, read forgivingly into a request."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import NotUnderstood
from bot.domain.search.query import read_query
from bot.domain.terms import read_span, written_span
from bot.slack.line.forms import USAGE
from bot.slack.line.words import BLANK

# What comes last may say which incidents are meant; everything before it is looked for.
_STATE = re.compile(r"(?:^|\s)(open|resolved|closed)\s*$", re.IGNORECASE)
_SINCE = re.compile(r"(?:^|\s)since\s+(\S+(?:\s+[a-z]+)?)\s*$", re.IGNORECASE)
_WEEKS = re.compile(r"(\d{1,4})\s*w(?:eeks?)?", re.IGNORECASE)
# Whoever pastes a whole log finds by its beginning.
MOST_TYPED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Find incidents by *words*: resolved ones, open ones or either, opened *since* so long ago."""

    words: str
    resolved: bool | None = None
    since: timedelta | None = None


def read_search(rest: str) -> Search:
    """What the words ask for; `open`, `resolved` and `since 30d` count where they come last.

    Raises:
        NotUnderstood: There is no word to look for.
    """
    words = rest.strip(BLANK)[:MOST_TYPED]
    resolved: bool | None = None
    since: timedelta | None = None
    while True:
        state, span = _STATE.search(words), _SINCE.search(words)
        if state and resolved is None:
            resolved, words = state[1].casefold() != "open", words[: state.start()]
        elif span and since is None and _span(span[1]):
            since, words = _span(span[1]), words[: span.start()]
        else:
            break
    if not read_query(words):
        raise NotUnderstood("What shall I look for?", f"{USAGE['search']}, for instance `search loss nan`")
    return Search(words=words.strip(), resolved=resolved, since=since)


def _span(text: str) -> timedelta | None:
    weeks = _WEEKS.fullmatch(text)
    return timedelta(weeks=int(weeks[1])) or None if weeks else read_span(text)


def written_search(search: Search) -> str:
    """The same as it is typed, for the button that goes on."""
    state = {True: " resolved", False: " open", None: ""}[search.resolved]
    since = f" since {written_span(search.since)}" if search.since else ""
    return f"{search.words}{state}{since}"
