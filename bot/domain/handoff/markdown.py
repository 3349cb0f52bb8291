"""The whole document as Markdown for people, under the headings of I-PASS, and the facts read back from it.

Every list is a table, and what somebody typed is escaped, so that no text can pass for a heading, a cell or a
line of ours. Moments are in UTC.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.handoff.document import Handoff
from bot.domain.handoff.layout import LIST, Section, sections
from bot.domain.ids import shown

Row = Mapping[str, str]
NOTHING = "–"
_PART, _SECTION, _NONE = "## ", "### ", "None."
_BETWEEN = " | "
# What Markdown would read as its own within a cell.
_ACTIVE = re.compile(r"[\\`*_\[\]<>|~&$]")
# What is a line break to somebody, and what would not be seen or kept at the end of a cell.
_HIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|\A\s|\s\Z")
_ESCAPED = re.compile(r"\\(.)|&#([0-9]+);|<br>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says: under each heading its rows, each a value by the name of its column."""

    sections: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def rows(self, heading: str) -> tuple[Row, ...]:
        """The rows under a heading; none where it is missing."""
        return self.sections.get(heading, ())

    def value(self, heading: str, what: str) -> str:
        """One value of a section that is a list of them; "" where it has none."""
        name, value = LIST
        return next((row[value] for row in self.rows(heading) if row[name] == what), "")


def facts(handoff: Handoff) -> Facts:
    """What a document says, and `parse_markdown` reads back."""
    return Facts(
        {
            each.heading: tuple(dict(zip(each.columns, row, strict=True)) for row in each.rows)
            for each in sections(handoff)
        }
    )


def markdown(handoff: Handoff) -> str:
    """The document, printed."""
    patient = handoff.patient
    lines = [f"# Handoff of {shown(patient.number)}: {_escaped(patient.title)}"]
    part = ""
    for each in sections(handoff):
        if each.part != part:
            part = each.part
            lines += ["", f"{_PART}{part}"]
        lines += ["", f"{_SECTION}{each.heading}", "", *_table(each)]
    return "\n".join(lines) + "\n"


def _table(section: Section) -> Iterator[str]:
    if not section.rows:
        yield _NONE
        return
    yield _line(section.columns)
    yield _line(["---"] * len(section.columns))
    for row in section.rows:
        yield _line([_cell(value) for value in row])


def _line(cells: Sequence[str]) -> str:
    return f"| {_BETWEEN.join(cells)} |"


def _cell(value: str) -> str:
    if value == NOTHING:
        return f"&#{ord(NOTHING)};"
    return _escaped(value) if value else NOTHING


def _escaped(text: str) -> str:
    """The text such that Markdown shows it as it is, in one line."""
    shown_as_is = _ACTIVE.sub(r"\\\g<0>", text)
    one_line = _HIDDEN.sub(lambda found: f"&#{ord(found[0])};", shown_as_is)
    return one_line.replace("\n", "<br>")


def _unescaped(cell: str) -> str:
    if cell == NOTHING:
        return ""
    return _ESCAPED.sub(_meant, cell)


def _meant(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    return chr(int(found[2])) if found[2] else "\n"


def parse_markdown(text: str) -> Facts:
    """The facts of a printed document."""
    found: dict[str, tuple[Row, ...]] = {}
    for block in f"\n{text}".split(f"\n{_SECTION}")[1:]:
        heading, *lines = block.split("\n")
        found[heading] = tuple(_rows(lines))
    return Facts(found)


def _rows(lines: Sequence[str]) -> Iterator[Row]:
    columns, *rows = [_cells(line) for line in lines if line.startswith("| ")] or [[]]
    # The first row is the rule below the names of the columns.
    for cells in rows[1:]:
        yield dict(zip(columns, map(_unescaped, cells), strict=True))


def _cells(line: str) -> list[str]:
    return line.removeprefix("| ").removesuffix(" |").split(_BETWEEN)
