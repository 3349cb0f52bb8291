"""The method explained to people: the pages of this folder's Markdown files, as Slack shows them.

A file is a chapter. Its title with the words below it is a page, and so is each section of the second level;
GitHub shows the same files whole.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
CHAPTERS = (
    "why",
    "principles",
    "mapping",
    "workflow",
    "collator",
    "gru-heads",
    "practice",
    "adapt",
    "sources",
)
FENCE = "```"
_ORDINAL = re.compile(r"^\d+[.)]\s*")
_NO_SLUG = re.compile(r"[^\w\s-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: its *slug* is what jumps to it, *body* is Markdown without the heading."""

    slug: str
    chapter: str
    title: str
    body: str


@cache
def pages() -> tuple[Page, ...]:
    """All pages, in their order."""
    return tuple(
        page
        for name in CHAPTERS
        for page in divided(name, (FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    )


def divided(name: str, text: str) -> list[Page]:
    """The pages of a chapter of that file name."""
    found: list[tuple[str, list[str]]] = [("", [])]
    fenced = False
    for line in text.splitlines():
        fenced ^= line.startswith(FENCE)
        if not fenced and line.startswith(("# ", "## ")):
            found.append((line.lstrip("# ").strip(), []))
        else:
            found[-1][1].append(line)
    chapter = next((title for title, _ in found if title), name)
    return [
        Page(
            slug=name if title == chapter else slug_of(title),
            chapter=chapter,
            title=_ORDINAL.sub("", title),
            body="\n".join(lines).strip(),
        )
        for title, lines in found
        if title
    ]


def slug_of(title: str) -> str:
    """A heading as people type it to jump there: small, without its number, words joined by hyphens."""
    return "-".join(_NO_SLUG.sub("", _ORDINAL.sub("", title).casefold()).split())


def find(topic: str) -> Page | None:
    """The page that a topic means: by its slug, its title, its text, or the slug that is nearest."""
    wanted = slug_of(topic)
    by_slug = {page.slug: page for page in pages()}
    if wanted in by_slug:
        return by_slug[wanted]
    words = [word for word in wanted.split("-") if word]
    for said in (_title_of, _text_of):
        for page in pages():
            if words and all(word in said(page) for word in words):
                return page
    near = get_close_matches(wanted, [*by_slug], n=1, cutoff=0.6)
    return by_slug[near[0]] if near else None


def _title_of(page: Page) -> list[str]:
    return page.slug.split("-")


def _text_of(page: Page) -> list[str]:
    return re.findall(r"\w+", page.body.casefold())
