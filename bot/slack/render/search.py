"""What a search found, for the eyes of the person who asked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.ids import UserId, shown
from bot.domain.incident import Incident
from bot.domain.search.excerpt import Piece
from bot.domain.terms import written_span
from bot.slack.line.search import Search, written_search
from bot.slack.render import blocks
from bot.slack.render.answers import Answer, said
from bot.slack.render.calls import Block
from bot.slack.render.card import LIGHTS

TITLE_LIMIT, CAUSE_LIMIT, EXCERPT_LIMIT = 90, 90, 160
MORE = "found_more"
_NUMBER = re.compile(r"(?:inc(?:ident)?[\s#-]*|#)?([0-9]{1,9})", re.IGNORECASE)
Names = Mapping[UserId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of a *total* that was found, after *skip* others."""

    hits: Sequence[tuple[Incident, tuple[Piece, ...]]]
    skip: int
    total: int
    some_words_missing: bool
    names: Names


def nothing(search: Search) -> Answer:
    """That nothing was found, and what might help."""
    narrowed = "open" if search.resolved is False else "resolved" if search.resolved else ""
    without = [narrowed, "since" if search.since or search.day else ""]
    tips = [
        "fewer or other words",
        "the beginning of a word with a star (`token*`)",
        *(f"the same without `{each}`" for each in without if each),
    ]
    number = _NUMBER.fullmatch(search.words)
    if number:
        tips.insert(0, f"`/incident show INC-{int(number[1])}`, if that is its number")
    words = blocks.escape(blocks.one_line(search.words, {}, 200))
    return said(f"Nothing found for “{words}”{_narrowed(search)}. Try {', or '.join(tips)}.")


def _narrowed(search: Search) -> str:
    state = {True: " among what is resolved", False: " among what is open", None: ""}[search.resolved]
    if search.day:
        return f"{state}, opened since {search.day}"
    return state + (f", opened in the last {written_span(search.since)}" if search.since else "")


def found(search: Search, page: Page, address: str) -> Answer:
    """A page of what was found, the best first; *address* is the workspace's."""
    words = blocks.escape(blocks.one_line(search.words, {}, 100))
    last = page.skip + len(page.hits)
    count = f"{page.total} incident{'' if page.total == 1 else 's'} found for “{words}”{_narrowed(search)}"
    if page.total > len(page.hits):
        count += f", {page.skip + 1} to {last}"
    if page.some_words_missing:
        count += ". None has all the words, these have most of them"
    lines = [blocks.rich(*_lines(incident, excerpt, address, page.names)) for incident, excerpt in page.hits]
    built = [blocks.section(f"{count}:"), *lines]
    if last < page.total:
        more = blocks.button("More", f"{MORE}:{last}", written_search(search))
        built.append(blocks.actions("found", [more]))
    return said(count) | {"blocks": built}


def _lines(incident: Incident, excerpt: tuple[Piece, ...], address: str, names: Names) -> Iterator[Block]:
    title = blocks.one_line(incident.title, names, TITLE_LIMIT)
    yield blocks.line(
        blocks.emoji(LIGHTS[incident.severity]),
        blocks.words(f" SEV{incident.severity.value} "),
        _linked(shown(incident.number), incident, address),
        blocks.words(f" {title}, "),
        *_state(incident, names),
    )
    if excerpt:
        yield blocks.line(*_pieces(excerpt, names))


def _state(incident: Incident, names: Names) -> Iterator[Block]:
    if incident.resolved_at is None:
        yield blocks.words("open", bold=True)
        return
    yield blocks.words("resolved", bold=True)
    if incident.diagnosis:
        yield blocks.words(f": {blocks.one_line(incident.diagnosis, names, CAUSE_LIMIT)}")


def _linked(text: str, place: Incident, address: str) -> Block:
    """The number, leading to the thread once there is one."""
    if place.thread_ts is None:
        return blocks.words(text, bold=True)
    return blocks.link(text, blocks.permalink(address, place.channel, place.thread_ts))


def _pieces(excerpt: tuple[Piece, ...], names: Names) -> Iterator[Block]:
    for piece in excerpt:
        text = blocks.plain(piece.text, names, EXCERPT_LIMIT)
        if text:
            yield blocks.words(text, bold=True) if piece.hit else blocks.faint(text)
