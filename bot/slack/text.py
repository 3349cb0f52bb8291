"""Slack's message text, turned into what the person wrote.

Slack escapes three characters and puts mentions, channels and links into angle brackets. We keep plain text,
in which a mention is an at sign and the person's id, so that names can be shown later.
"""

import re

_TOKEN = re.compile(r"<([^<>]+)>")
# PostgreSQL cannot store a NUL; its picture says as much.
_NUL = str.maketrans({"\x00": "\N{SYMBOL FOR NULL}", "\xa0": " ", "\u202f": " ", "\u2007": " "})


def typed(text: str | None) -> str:
    """Text that somebody typed into a modal: it is not escaped."""
    return _whole(text or "")


def decoded(text: str | None) -> str:
    """Text of a message or command, as it was written."""
    plain = _TOKEN.sub(_token, text or "")
    return _whole(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _whole(text: str) -> str:
    """Text that any database can store. A lone surrogate cannot be encoded and becomes a question mark."""
    return text.translate(_NUL).encode("utf-8", "replace").decode()


def _token(found: re.Match[str]) -> str:
    target, _, label = found[1].partition("|")
    match target[0]:
        case "@":
            return target
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return _special(target[1:], label)
    if not label or target.removeprefix("mailto:") == label or target.split("://")[-1].rstrip("/") == label:
        return target.removeprefix("mailto:")
    return f"{label} ({target})"


def _special(target: str, label: str) -> str:
    """A group, a date or one of the words that call everybody."""
    if target.startswith(("subteam^", "date^")):
        return label or "@" + target.split("^")[1]
    return f"@{target}"
