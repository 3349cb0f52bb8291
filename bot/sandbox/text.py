"""Turns what a person types into what Slack stores: escaped text with tokens, and a rich_text block."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.config import Json
from bot.sandbox.world import World

FENCE = re.compile(r"```(.*?)```", re.DOTALL)
TOKEN = re.compile(
    r"(?P<code>`[^`\n]+`)"
    r"|(?P<url>https?://[^\s<>|]+)"
    r"|(?<![\w@])@(?P<at>[a-z0-9][a-z0-9._-]*)"
    r"|(?<![\w#])#(?P<hash>[a-z0-9][a-z0-9._-]*)"
    r"|(?<![\w:]):(?P<emoji>[a-z0-9_+'-]+):(?![\w:])"
    r"|(?<!\w)\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?!\w)"
    r"|(?<!\w)_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?!\w)"
    r"|(?<!\w)~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?!\w)",
    re.IGNORECASE,
)
BROADCASTS = ("here", "channel", "everyone")
TRAILING = ".,;:!?)'\""


@dataclass(frozen=True)
class Piece:
    """A run of typed text: how it looks in `text`, and its rich_text element."""

    text: str
    element: Json


def escape(text: str) -> str:
    """The three characters that Slack escapes, in the order that keeps them apart."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed_message(world: World, typed: str) -> tuple[str, list[Json]]:
    """The stored text and blocks of a message that a person typed."""
    parts: list[str] = []
    elements: list[Json] = []
    for is_fence, chunk in _fences(typed):
        if is_fence:
            parts.append(f"```{escape(chunk)}```")
            body = [{"type": "text", "text": chunk.strip("\n")}]
            elements.append({"type": "rich_text_preformatted", "elements": body, "border": 0})
        else:
            pieces = list(_pieces(world, chunk))
            parts.extend(piece.text for piece in pieces)
            elements.extend(_section(pieces))
    text = "".join(parts)
    return text, [{"type": "rich_text", "elements": elements}] if text else []


def typed_command(world: World, typed: str, *, should_escape: bool) -> str:
    """The text of a slash command; with should_escape people and channels arrive as tokens with names."""
    if not should_escape:
        return escape(typed)
    return "".join(_command_piece(world, piece) for piece in _pieces(world, typed))


def _command_piece(world: World, piece: Piece) -> str:
    element = piece.element
    if element["type"] == "user":
        return f"<@{element['user_id']}|{world.users[element['user_id']].name}>"
    return piece.text


def _fences(typed: str) -> Iterator[tuple[bool, str]]:
    for number, chunk in enumerate(FENCE.split(typed)):
        if chunk:
            yield number % 2 == 1, chunk


def _section(pieces: list[Piece]) -> list[Json]:
    merged: list[Json] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last and last["type"] == piece.element["type"] == "text" and "style" not in last | piece.element:
            last["text"] += piece.element["text"]
        else:
            merged.append(dict(piece.element))
    return [{"type": "rich_text_section", "elements": merged}] if merged else []


def _pieces(world: World, typed: str) -> Iterator[Piece]:
    at = 0
    for match in TOKEN.finditer(typed):
        if match.start() < at:
            continue
        piece, end = _token(world, match)
        if piece is None:
            continue
        if match.start() > at:
            yield _plain(typed[at : match.start()])
        yield piece
        at = end
    if at < len(typed):
        yield _plain(typed[at:])


def _plain(typed: str) -> Piece:
    return Piece(escape(typed), {"type": "text", "text": typed})


def _token(world: World, match: re.Match[str]) -> tuple[Piece | None, int]:
    kind, value = str(match.lastgroup), match[str(match.lastgroup)]
    if kind in ("at", "hash", "url"):
        kept = value.rstrip(TRAILING if kind == "url" else "._-")
        end = match.end() - len(value) + len(kept)
        return {"at": _mention, "hash": _channel, "url": _url}[kind](world, kept), end
    return _styled(kind, value, match[0]), match.end()


def _styled(kind: str, value: str, raw: str) -> Piece:
    if kind == "emoji":
        return Piece(raw, {"type": "emoji", "name": value.lower()})
    inner = value.strip("`") if kind == "code" else value
    return Piece(escape(raw), {"type": "text", "text": inner, "style": {kind: True}})


def _url(_world: World, url: str) -> Piece:
    return Piece(f"<{escape(url)}>", {"type": "link", "url": url})


def _mention(world: World, name: str) -> Piece | None:
    if name in BROADCASTS:
        return Piece(f"<!{name}>", {"type": "broadcast", "range": name})
    for user in world.users.values():
        if user.name == name.lower():
            return Piece(f"<@{user.id}>", {"type": "user", "user_id": user.id})
    for group in world.usergroups.values():
        if group.handle == name.lower():
            return Piece(f"<!subteam^{group.id}|@{name}>", {"type": "usergroup", "usergroup_id": group.id})
    return None


def _channel(world: World, name: str) -> Piece | None:
    for channel in world.channels.values():
        if channel.name == name.lower() and not channel.is_direct:
            label = "" if channel.is_private else channel.name
            return Piece(f"<#{channel.id}|{label}>", {"type": "channel", "channel_id": channel.id})
    return None
