"""Blocks, their limits, and the escaping of what people typed: the only place that knows either.

What people typed goes into `rich_text` elements or plain text, which Slack never parses; where there is only
mrkdwn it is escaped. It can neither ping anybody nor break out of its block.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.domain.heard import MENTION
from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.offer import Offer
from bot.slack.render.calls import Block

HEADER_LIMIT = 150
SECTION_LIMIT = 3000
BUTTON_LIMIT = 75
TEXT_LIMIT = 3500
OPTION_LIMIT = 75
TITLE_LIMIT = 24
NAME_LIMIT = 80
ROW_LIMIT = 25

_BROADCAST = re.compile(r"@(?=(?:here|channel|everyone)\b)", re.IGNORECASE)
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_MOMENT = re.compile(r"\b(20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z)\b", re.ASCII)
_NOT_TEXT = re.compile("[\ud800-\udfff]")


def clip(text: str, limit: int) -> str:
    """The text, cut with an ellipsis where it is longer than *limit*."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def escape(text: str) -> str:
    """Text that mrkdwn shows as it is: the three characters Slack asks for, and no broadcast words."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _BROADCAST.sub("@\u200b", text)


def explained(text: str) -> str:
    """Our own words around something typed, for one person's eyes: escaped, and people by name."""
    return MENTION.sub(r"<@\1>", escape(text))


def plain(text: str, names: Mapping[UserId, str], limit: int) -> str:
    """What somebody typed, readable and harmless, cut at *limit*.

    Mentions become names, control characters become visible, and writing direction stays inside.
    """
    # A name may be shorter than the id it stands for, so somewhat more than the limit is looked at.
    text = MENTION.sub(
        lambda found: f"@{names.get(UserId(found[1]), found[1])[:NAME_LIMIT]}", text[: 8 * limit]
    )
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", text))
    text = clip(_BROADCAST.sub("@\u200b", text), limit - 2)
    return f"\u2068{text}\u2069" if _BIDI.search(text) else text


def one_line(text: str, names: Mapping[UserId, str], limit: int) -> str:
    """The same, with all its white space folded; "(no words)" where nothing is left to see."""
    return plain(" ".join(text.split()), names, limit).strip() or "(no words)"


def person(user: UserId) -> str:
    """A live mention, in mrkdwn."""
    return f"<@{user}>"


def date(at: datetime, form: str = "{date_short_pretty} at {time}") -> str:
    """A moment in the reader's own zone, in mrkdwn."""
    return f"<!date^{int(at.timestamp())}^{form}|{at:%Y-%m-%d %H:%M} UTC>"


def header(text: str) -> Block:
    """A heading in plain text."""
    return {"type": "header", "text": _plain_text(clip(text, HEADER_LIMIT))}


def section(mrkdwn: str) -> Block:
    """A paragraph of our own words; anything typed in it must be escaped."""
    return {"type": "section", "text": _mrkdwn(clip(mrkdwn, SECTION_LIMIT))}


def lines_of(mrkdwn: Iterable[str]) -> Iterator[Block]:
    """Lines of our own words in as few paragraphs as hold them."""
    held: list[str] = []
    for each in mrkdwn:
        if held and len("\n".join([*held, each])) > SECTION_LIMIT:
            yield section("\n".join(held))
            held = []
        held.append(each)
    if held:
        yield section("\n".join(held))


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Small facts side by side, each with its name."""
    return {"type": "section", "fields": [_mrkdwn(f"*{name}*\n{value}") for name, value in pairs]}


def context(mrkdwn: str) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [_mrkdwn(clip(mrkdwn, SECTION_LIMIT))]}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def button(
    text: str, action_id: str, value: str, *, label: str | None = None, style: str | None = None
) -> Block:
    """A button; *label* says to a screen reader what the caption alone does not."""
    found: Block = {
        "type": "button",
        "text": _plain_text(clip(text, BUTTON_LIMIT)),
        "action_id": action_id,
        "value": value,
    }
    if label:
        found["accessibility_label"] = clip(label, BUTTON_LIMIT)
    if style:
        found["style"] = style
    return found


def actions(block_id: str, buttons: Iterable[Block]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(buttons)}


def option(mrkdwn: str, value: str, description: str) -> Block:
    """A box to tick, in our own words, with a smaller line below."""
    return {
        "text": _mrkdwn(clip(mrkdwn, OPTION_LIMIT)),
        "value": value,
        "description": _mrkdwn(clip(description, OPTION_LIMIT)),
    }


def checkboxes(action_id: str, options: Sequence[Block], *, chosen: Container[str]) -> Block:
    """Boxes to tick, ten at most."""
    found: Block = {"type": "checkboxes", "action_id": action_id, "options": list(options)}
    ticked = [each for each in options if each["value"] in chosen]
    return found | {"initial_options": ticked} if ticked else found


def offers(block_id: str, offered: Iterable[Offer], value: str) -> Iterator[Block]:
    """Offers as a row of buttons, each once; nothing where there are none."""
    once = {offer.does: offer for offer in offered}
    buttons = [button(offer.label, offer.does, value) for offer in once.values()]
    if buttons:
        yield actions(block_id, buttons[:ROW_LIMIT])


def rich(*parts: Block) -> Block:
    """Text that Slack does not parse."""
    return {"type": "rich_text", "elements": list(parts)}


def line(*elements: Block) -> Block:
    """A paragraph of rich text; Slack refuses empty words, so they are left out."""
    return {"type": "rich_text_section", "elements": [each for each in elements if each.get("text") != ""]}


def bullets(lines: Iterable[Block]) -> Block:
    """A list of rich text paragraphs."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def and_more(left: int) -> list[Block]:
    """The line that ends a list of which so many are left out; none where all are there."""
    return [line(faint(f"and {left} more"))] if left > 0 else []


def quote(text: str) -> Block:
    """What somebody said."""
    return {"type": "rich_text_quote", "elements": [words(text)]}


def code(text: str) -> Block:
    """Text with every space as it is."""
    return {"type": "rich_text_preformatted", "elements": [words(text)]}


def words(text: str, *, bold: bool = False, mono: bool = False, strike: bool = False) -> Block:
    """Some words of a rich text paragraph."""
    found: Block = {"type": "text", "text": text}
    chosen = {"bold": bold, "code": mono, "strike": strike}
    style = {name: True for name, on in chosen.items() if on}
    return found | {"style": style} if style else found


def faint(text: str) -> Block:
    """Words that stand back behind others."""
    return {"type": "text", "text": text, "style": {"italic": True}}


def someone(user: UserId) -> Block:
    """A person in a rich text paragraph."""
    return {"type": "user", "user_id": user}


def moment(at: datetime, form: str = "{date_short_pretty} {time}") -> Block:
    """A time of day in a rich text paragraph, in the reader's own zone."""
    return {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": form,
        "fallback": f"{at:%Y-%m-%d %H:%M} UTC",
    }


def timed(text: str, *, bold: bool = False) -> list[Block]:
    """Words of a rich text paragraph, in which moments of `written_moment` are in the reader's own zone."""
    parts = ((part, _moment_in(part)) for part in _MOMENT.split(text) if part)
    return [moment(at) if at else words(part, bold=bold) for part, at in parts]


def in_utc(text: str) -> str:
    """The same for where no moment can be shown: notifications and screen readers."""
    parts = ((part, _moment_in(part)) for part in _MOMENT.split(text))
    return "".join(f"{at:%Y-%m-%d %H:%M} UTC" if at else part for part, at in parts)


def _moment_in(text: str) -> datetime | None:
    """The moment that a text is; somebody may have typed what only looks like one."""
    try:
        return datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None


def link(text: str, url: str) -> Block:
    """Some words of a rich text paragraph that lead somewhere."""
    return {"type": "link", "url": url, "text": text, "style": {"bold": True}}


def permalink(address: str, channel: ChannelId, ts: MessageTs) -> str:
    """Where a message is; *address* is the workspace's. Slack's permalinks are made of channel and ts."""
    return f"{address}archives/{channel}/p{ts.replace('.', '')}"


def emoji(name: str) -> Block:
    """An emoji in a rich text paragraph."""
    return {"type": "emoji", "name": name}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain_text(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}
