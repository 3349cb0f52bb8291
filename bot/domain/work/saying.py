"""An entry on the table, and what it comes to: the values between a reply's words and the workup's steps."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.chart import FENCE, Kind
from bot.domain.ids import MessageTs, UserId
from bot.domain.incident import Severity
from bot.domain.offer import Offer
from bot.domain.work.steps import (
    Step,
)

STATEMENT_LIMIT = 300
LINE = 80
_FENCE_PAIR = re.compile(rf"{FENCE}\w*\n?(.*?)(?:{FENCE}|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """An entry on the table: what was said, by whom, and under which circumstances.

    *before* are the steps that an earlier version of it made, whose letters and names it keeps. *typed* is
    False where somebody marked a message that was not written for us. *ts* is the message's, for the buttons
    of a refusal; *done* says that it has happened already, and *sure* that it may be irreversible. *zone* is
    the author's, by its IANA name, where it matters and is known.
    """

    kind: Kind
    text: str
    by: UserId
    at: datetime
    severity: Severity
    before: tuple[Step, ...] = ()
    typed: bool = True
    ts: MessageTs | None = None
    done: bool = False
    sure: bool = False
    due: datetime | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """The steps of an entry, and what its author should be asked because the words leave it open."""

    steps: tuple[Step, ...] = ()
    ask: str = ""
    offers: tuple[Offer, ...] = ()


def prose(text: str) -> str:
    """The text without its code fences; where all of it stands in them, what they hold."""
    return (
        _FENCE_PAIR.sub("\n", text).strip() or (fenced(text) or "").strip() or text.replace(FENCE, "").strip()
    )


def fenced(text: str) -> str | None:
    """What stands in the text's code fences: a script, or an output."""
    return "\n".join(part.strip("\n") for part in _FENCE_PAIR.findall(text)) or None


def statement_of(saying: Saying) -> str:
    """What was said outside code fences, in one line and not longer than a hypothesis may be."""
    line = " ".join(prose(saying.text).split())
    return line if len(line) <= STATEMENT_LIMIT else line[: STATEMENT_LIMIT - 1].rstrip() + "…"


def short(text: str) -> str:
    """The text, cut to a line on a phone."""
    return text if len(text) <= LINE else text[: LINE - 1].rstrip() + "…"
