"""Markdown of our own guide as blocks that read well on a phone: what Slack lacks is said otherwise.

A table becomes a line for each row, a picture its description, and a link to another page its words.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from bot.slack.render import blocks
from bot.slack.render.calls import Block

FENCE = "```"
WIDEST = 40
BULLET, CIRCLE = "•", "◦"
# What a page may take, so that a headline and buttons have room in a message: it holds 50 blocks, and of text
# not much more than four full sections.
MOST_BLOCKS, MOST_LETTERS = 40, 9_000
_INLINE = re.compile(
    r"(?P<code>`[^`\n]+`)"
    r"|!\[(?P<alt>[^\]\n]*)\]\([^)\s]+\)"
    r"|\[(?P<words>[^\]\n]+)\]\((?P<target>[^)\s]+)\)"
    r"|\*\*(?P<bold>[^*\n]+)\*\*"
    r"|\*(?P<slanted>[^*\n]+)\*"
)
_BULLET = re.compile(r"(?P<indent>\s*)[-*] (?P<words>.*)")
_NUMBERED = re.compile(r"\s*(?P<number>\d+)\. (?P<words>.*)")
_RULE = re.compile(r"\|[\s:|-]+\|?\s*")


def as_blocks(markdown: str) -> list[Block]:
    """A section for each paragraph, list, table or piece of code, none of them longer than Slack takes."""
    pieces = [piece for block in _divided(markdown) for piece in _fitting(_rendered(block))]
    sizes = accumulate(map(len, pieces))
    fitting = [piece for piece, size in zip(pieces, sizes, strict=True) if size <= MOST_LETTERS][:MOST_BLOCKS]
    built = [blocks.section(piece) for piece in fitting]
    if len(pieces) > len(fitting):
        built.append(blocks.context("There is more than a message can hold."))
    return built


def mrkdwn(text: str) -> str:
    """One line of Markdown, with its styles and links; everything else is shown as it is."""
    parts, end = [], 0
    for found in _INLINE.finditer(text):
        parts += [blocks.escape(text[end : found.start()]), _styled(found)]
        end = found.end()
    return "".join([*parts, blocks.escape(text[end:])])


def _styled(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "alt":
            return f"_Picture: {blocks.escape(found['alt'] or 'not described')}_"
        case "target":
            return _link(found["words"], found["target"])
        case "bold":
            return f"*{blocks.escape(found['bold'])}*"
        case "slanted":
            return f"_{blocks.escape(found['slanted'])}_"
        case _:
            return blocks.escape(found[0])


def _link(words: str, target: str) -> str:
    """A link to the web; one to another page is its words, because pages are turned by buttons."""
    said = blocks.escape(words.replace("`", ""))
    if target.startswith(("https://", "http://")):
        safe = blocks.escape(target).replace("|", "%7C")
        return f"<{safe}|{said.replace('|', '/')}>"
    return f"_{said}_"


def _divided(markdown: str) -> Iterator[list[str]]:
    """The lines of each paragraph, list, table or fence; a heading is a paragraph of its own."""
    held: list[str] = []
    fenced = False
    for line in markdown.splitlines():
        fence = line.lstrip().startswith(FENCE)
        alone = not fenced and (fence or line.startswith("#") or not line.strip())
        if alone and held:
            yield held
            held = []
        if fenced or line.strip():
            held.append(line)
        if (fenced and fence) or (alone and not fence and held):
            yield held
            held = []
        fenced ^= fence
    if held:
        yield held


def _rendered(lines: Sequence[str]) -> list[str]:
    """A block, line by line, as Slack shows it."""
    first = lines[0]
    if first.lstrip().startswith(FENCE):
        return _code([each for each in lines[1:] if not each.lstrip().startswith(FENCE)])
    if first.startswith("#"):
        return [f"*{blocks.escape(first.lstrip('# ').strip())}*"]
    if first.startswith("|") and len(lines) > 1 and _RULE.fullmatch(lines[1]):
        return [*_table(lines)]
    if first.startswith(">"):
        return [f"> {mrkdwn(each.lstrip('> '))}" for each in lines]
    return [*_joined(lines)]


def _code(lines: Sequence[str]) -> list[str]:
    """Code in a fence; where it is wider than a phone in lines of code, because those are wrapped."""
    said = [blocks.escape(line).replace("`", "'") for line in lines]
    if any(len(line) > WIDEST for line in lines):
        return [f"`{line}`" for line in said if line.strip()]
    return [FENCE, *said, FENCE]


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Paragraphs and lists: a line that only wraps in the file goes on with the one before."""
    held: list[str] = []
    for line in lines:
        if _BULLET.fullmatch(line) or _NUMBERED.fullmatch(line):
            if held:
                yield _item(held)
            held = [line.rstrip()]
        else:
            held.append(line.strip() if held else line.rstrip())
    yield _item(held)


def _item(lines: Sequence[str]) -> str:
    text = " ".join(lines)
    if found := _BULLET.fullmatch(text):
        sign = f"    {CIRCLE}" if found["indent"] else BULLET
        return f"{sign} {mrkdwn(found['words'])}"
    if found := _NUMBERED.fullmatch(text):
        return f"*{found['number']}.* {mrkdwn(found['words'])}"
    return mrkdwn(text.strip())


def _table(lines: Sequence[str]) -> Iterator[str]:
    """A row as its first cell and what the other columns say of it, by their names if they are several."""
    (_, *names), *rows = [_cells(line) for line in (lines[0], *lines[2:])]
    for place, (first, *rest) in enumerate(rows):
        if place and len(names) > 1:
            yield ""
        head = f"{BULLET} *{blocks.escape(first)}*" if _bare(first) else f"{BULLET} {mrkdwn(first)}"
        said = [(name, mrkdwn(each)) for name, each in zip(names, rest, strict=False) if each]
        if len(names) == 1:
            yield ": ".join([head, *(each for _, each in said)])
        else:
            yield "\n    ".join([head, *(f"_{blocks.escape(name)}:_ {each}" for name, each in said)])


def _bare(text: str) -> bool:
    """Whether a text has no style of its own."""
    return bool(text) and _INLINE.search(text) is None


def _cells(line: str) -> list[str]:
    """The cells of a row; a bar inside of code, or after a backslash, divides none."""
    inner = line.strip().strip("|")
    cells, coded = [""], False
    for before, sign in zip([" ", *inner], inner, strict=False):
        coded ^= sign == "`"
        if sign == "|" and not coded and before != "\\":
            cells.append("")
        else:
            cells[-1] += sign
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _fitting(lines: Sequence[str]) -> Iterator[str]:
    """The lines in as few pieces as fit into sections; code is fenced in each of them."""
    fenced = lines[:1] == [FENCE]
    room = blocks.SECTION_LIMIT - 2 * len(FENCE) - 2
    held: list[str] = []
    for line in lines[1:-1] if fenced else lines:
        for part in [line[at : at + room] for at in range(0, len(line), room)] or [""]:
            if held and sum(len(each) + 1 for each in held) + len(part) > room:
                yield _whole(held, fenced=fenced)
                held = []
            held.append(part)
    if any(each.strip() for each in held):
        yield _whole(held, fenced=fenced)


def _whole(lines: Sequence[str], *, fenced: bool) -> str:
    text = "\n".join(lines)
    return f"{FENCE}\n{text}\n{FENCE}" if fenced else text
