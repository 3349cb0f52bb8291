"""The words around what was found, and which of them it was."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.search.query import Wanted
from bot.domain.search.words import RAW, Word, normal, word_of

# How much is shown, and how much of that before the first word that was found.
LENGTH, BEFORE = 110, 30


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of an excerpt; *hit* says that they are what was looked for."""

    text: str
    hit: bool = False


def excerpt(texts: Iterable[str], wanted: tuple[Wanted, ...]) -> tuple[Piece, ...]:
    """From the text that holds most of what is wanted, the words around the first of it; () if none does."""
    best: tuple[int, str, list[tuple[int, int]]] = (0, "", [])
    for text in texts:
        line = " ".join(text.split())
        hits = _hits(line, wanted)
        held = len({line[start:end].casefold() for start, end in hits})
        if held > best[0]:
            best = (held, line, hits)
    return tuple(_cut(best[1], best[2])) if best[0] else ()


def _hits(line: str, wanted: tuple[Wanted, ...]) -> list[tuple[int, int]]:
    """Where words stand that are wanted, in order; what overlaps is one."""
    found = [(raw.span(), word_of(normal(raw[0]))) for raw in RAW.finditer(line)]
    places = [span for span, word in found for _ in word.parts]
    terms = [part for _, word in found for part in word.parts]
    hits = [span for span, word in found if any(_is_whole(word, each) for each in wanted)]
    for each in wanted:
        size = len(each.parts)
        begins = (at for at in range(len(terms) - size + 1) if _begins(terms[at : at + size], each))
        hits += [(places[at][0], places[at + size - 1][1]) for at in begins]
    return _joined(sorted(hits))


def _is_whole(word: Word, wanted: Wanted) -> bool:
    own, other = word.whole or word.parts[0], wanted.whole or "".join(wanted.parts)
    return own.startswith(other) if wanted.beginning else own == other


def _begins(terms: list[str], wanted: Wanted) -> bool:
    *rest, last = wanted.parts
    return terms[:-1] == rest and (terms[-1].startswith(last) if wanted.beginning else terms[-1] == last)


def _joined(hits: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in hits:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _cut(line: str, hits: list[tuple[int, int]]) -> Iterator[Piece]:
    """The line around its first hit, beginning and ending between words."""
    start = line.rfind(" ", 0, max(hits[0][0] - BEFORE, 0)) + 1
    end = len(line) if len(line) - start <= LENGTH else max(line.rfind(" ", 0, start + LENGTH), hits[0][1])
    place, lead = start, "…" if start else ""
    for first, last in hits:
        if last > end:
            break
        yield Piece(lead + line[place:first])
        yield Piece(line[first:last], hit=True)
        place, lead = last, ""
    yield Piece(line[place:end] + ("…" if end < len(line) else ""))
