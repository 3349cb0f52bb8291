"""Markdown of ours around words of other people's: they are shown as they were typed, and mean nothing.

Where a renderer of CommonMark and one of GitHub's tables disagree, an entity is taken that both show.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.domain.heard import MENTION

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# An underscore between two letters emphasises nothing, and names of variables are full of them; those of
# __init__ would, since one that is escaped counts as a mark beside the next.
_ACTIVE = re.compile(r"[\\`*\[\]~$]|(?<![^\W_])_|_(?![^\W_])")
# What begins a heading, a list or a rule where it stands first.
_LEADING = re.compile(r"^(\s*(?:[0-9]{1,9})?)([-+#=.)])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"})
_TICKS = re.compile("`+")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def escaped(text: str) -> str:
    """Words in one line that any renderer shows as they are."""
    line = " ".join(_CONTROL.sub(_REPLACEMENT, text.replace("\t", " ").replace("\r", "\n")).split())
    line = _LEADING.sub(r"\1\\\2", _ACTIVE.sub(lambda found: f"\\{found[0]}", line)).translate(_ENTITIES)
    return f"\u2068{line}\u2069" if _BIDI.search(line) else line


def clipped(text: str, limit: int) -> str:
    """The text, cut with an ellipsis where it is longer than *limit*: call it before anything is escaped."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def named(text: str, names: Mapping[str, str]) -> str:
    """The text with people's names in place of their ids."""
    return MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", text)


def fenced(text: str) -> str:
    """Words of any number of lines, kept as they are: the fence is longer than any in them."""
    plain = _CONTROL.sub(_REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))
    longest = max((len(run) for run in _TICKS.findall(plain)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{plain}\n{fence}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown in one line."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell or ' ' for cell in line)} |" for line in lines)


def bullets(items: Iterable[str]) -> str:
    """A list; its items are Markdown in one line."""
    return "\n".join(f"- {item}" for item in items)
