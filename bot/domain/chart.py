"""The chart: entries of an incident's timeline, and how a reply in the thread becomes some.

A line that begins with a reply word and a colon is an entry; everything else is talk and is left alone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, UserId


class Kind(StrEnum):
    """What an entry is, named by the reply word that makes one."""

    HYPOTHESIS = "dx"
    TEST = "test"
    RESULT = "result"
    PLAN = "plan"
    INTERVENTION = "fix"
    OUTCOME = "outcome"
    VITAL = "vital"
    ACTION = "todo"
    DONE = "done"
    CONTINGENCY = "if"
    IMPACT = "impact"
    ONSET = "onset"
    STABILITY = "stability"
    NOTE = "note"
    LOG = "log"
    SEVERITY = "sev"
    LEAD = "lead"
    HANDOFF = "handoff"
    RESOLVE = "resolve"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyWord:
    """How one kind of entry is written and shown."""

    kind: Kind
    title: str
    synonyms: tuple[str, ...]
    reaction: str | None
    example: str


REPLY_WORDS = (
    ReplyWord(
        kind=Kind.HYPOTHESIS,
        title="Hypothesis",
        synonyms=("ddx", "differential", "hypothesis", "hypotheses", "suspect"),
        reaction="thinking_face",
        example="dx: collator gets string columns",
    ),
    ReplyWord(
        kind=Kind.TEST,
        title="Test",
        synonyms=("tests", "check"),
        reaction="test_tube",
        example="test: run the collator on 8 rows",
    ),
    ReplyWord(
        kind=Kind.RESULT,
        title="Finding",
        synonyms=("results", "finding", "findings", "found", "saw", "observed"),
        reaction="mag",
        example="result: fails on row 3 with KeyError",
    ),
    ReplyWord(
        kind=Kind.PLAN,
        title="Plan",
        synonyms=("plans",),
        reaction=None,
        example="plan: B pin datasets<3.0; costs 10m",
    ),
    ReplyWord(
        kind=Kind.INTERVENTION,
        title="Intervention",
        synonyms=("fixed", "intervention", "tried", "did", "mitigation"),
        reaction="wrench",
        example="fix: rolled back to 3f2a",
    ),
    ReplyWord(
        kind=Kind.OUTCOME,
        title="Outcome",
        synonyms=("outcomes", "effect"),
        reaction=None,
        example="outcome: loss is finite again",
    ),
    ReplyWord(
        kind=Kind.VITAL,
        title="Vital sign",
        synonyms=("vitals", "sign", "signs"),
        reaction="chart_with_upwards_trend",
        example="vital: loss=nan throughput=0.4x",
    ),
    ReplyWord(
        kind=Kind.ACTION,
        title="Action",
        synonyms=("todos", "action", "actions"),
        reaction="ballot_box_with_check",
        example="todo: @ben rerun the eval by 18:00",
    ),
    ReplyWord(
        kind=Kind.DONE,
        title="Done",
        synonyms=("checked", "completed", "finished"),
        reaction=None,
        example="done: TD1 eval is at 0.83",
    ),
    ReplyWord(
        kind=Kind.CONTINGENCY,
        title="Contingency",
        synonyms=("contingency",),
        reaction=None,
        example="if: loss > 4 then roll back to step 2900 @ana",
    ),
    ReplyWord(
        kind=Kind.IMPACT,
        title="Impact",
        synonyms=("impacts", "affects"),
        reaction=None,
        example="impact: eval pipeline of 3 teams blocked",
    ),
    ReplyWord(
        kind=Kind.ONSET,
        title="Onset",
        synonyms=("began", "since"),
        reaction=None,
        example="onset: yesterday 23:10",
    ),
    ReplyWord(
        kind=Kind.STABILITY,
        title="Stability",
        synonyms=("condition",),
        reaction=None,
        example="stability: watcher cache is cold, may tip over",
    ),
    ReplyWord(
        kind=Kind.NOTE,
        title="Note",
        synonyms=("notes", "decision"),
        reaction="pushpin",
        example="note: vendor ticket is 4711",
    ),
    ReplyWord(
        kind=Kind.LOG,
        title="Log",
        synonyms=("logs", "traceback"),
        reaction=None,
        example="log: (paste it in a code fence)",
    ),
    ReplyWord(
        kind=Kind.SEVERITY,
        title="Severity",
        synonyms=("severity",),
        reaction=None,
        example="sev: 2 checkpoints are at risk",
    ),
    ReplyWord(
        kind=Kind.LEAD, title="Lead", synonyms=("owner",), reaction=None, example="lead: @ben, or lead: me"
    ),
    ReplyWord(
        kind=Kind.HANDOFF,
        title="Handoff",
        synonyms=("handover",),
        reaction=None,
        example="handoff: @ben takes the night",
    ),
    ReplyWord(
        kind=Kind.RESOLVE,
        title="Resolved",
        synonyms=("resolved", "close", "closed"),
        reaction=None,
        example="resolve: string columns reached the collator",
    ),
)
TITLES = {word.kind: word.title for word in REPLY_WORDS} | {Kind.REOPEN: "Reopened"}
KIND_BY_WORD = {name: word.kind for word in REPLY_WORDS for name in (word.kind.value, *word.synonyms)}
KIND_BY_REACTION = {word.reaction: word.kind for word in REPLY_WORDS if word.reaction}
EXAMPLES = {word.kind: word.example for word in REPLY_WORDS}
LOGGABLE = tuple(
    word for word in REPLY_WORDS if word.kind not in {Kind.SEVERITY, Kind.LEAD, Kind.HANDOFF, Kind.RESOLVE}
)

RECEIPT = "memo"
REFUSAL = "grey_question"

# What nobody sees, and what comes along when text is copied: marks of width, of direction and of byte order.
INVISIBLE = (
    "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
# A person may quote, list or embolden the word; none of that changes what they mean.
_TYPED = re.compile(rf"^[\s{INVISIBLE}>•*_\-–]*([^\W\d_]+)[*_]*\s*[:：][*_]*(?!//)\s*(.*)$", re.DOTALL)
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
FENCE = "```"


@dataclass(frozen=True, slots=True)
class Typed:
    """One typed entry of a message, as it was written."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a message, by name and permalink; its content stays in Slack."""

    name: str
    permalink: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the timeline. *line* tells the entries of one message apart."""

    incident: IncidentNumber
    seq: int
    kind: Kind
    text: str
    author: UserId
    at: datetime
    logged_by: UserId
    channel: ChannelId | None = None
    ts: MessageTs | None = None
    line: str | None = None
    files: tuple[File, ...] = ()
    withdrawn_at: datetime | None = None


def typed_entries(text: str) -> list[Typed]:
    """The entries in a reply's *text*, in order; none for plain talk.

    Lines before the first reply word are left out, later lines without one continue the entry,
    and nothing inside a code fence is read.
    """
    found: list[tuple[Kind, list[str]]] = []
    for line, fenced in _with_fences(text.splitlines(keepends=True)):
        typed = None if fenced else _TYPED.match(line)
        kind = KIND_BY_WORD.get(typed[1].casefold()) if typed else None
        if typed and kind:
            found.append((kind, [typed[2]]))
        elif found:
            found[-1][1].append(line)
    return [Typed(kind, _as_kept(kind, "".join(lines))) for kind, lines in found]


def _as_kept(kind: Kind, text: str) -> str:
    """An entry's text; a log keeps its indents and its line breaks, because they are part of what it says."""
    if kind is Kind.LOG:
        return _BLANK_LINES.sub("", text).rstrip()
    return "\n".join(text.splitlines()).strip()


def _with_fences(lines: Sequence[str]) -> Iterable[tuple[str, bool]]:
    """Each line, and whether it begins inside a code fence. A fence that is never closed is none."""
    left = sum(line.count(FENCE) for line in lines)
    inside = False
    for line in lines:
        yield line, inside
        for _ in range(line.count(FENCE)):
            left -= 1
            inside = not inside and left > 0


@dataclass(frozen=True, slots=True)
class Match:
    """What a new version of a message makes of its entries, by their *line*."""

    kept: tuple[tuple[str, Typed], ...]
    added: tuple[Typed, ...]
    gone: tuple[str, ...]


def match_lines(before: Sequence[tuple[str, Typed]], after: Sequence[Typed]) -> Match:
    """Find each old entry again in the new version: first the unchanged ones, then those of the same kind.

    A line written above or below others therefore shifts nobody's identity.
    """
    left = list(before)
    places: list[str | None] = [None] * len(after)
    for same in (_unchanged, _of_one_kind):
        for place, typed in enumerate(after):
            found = next((pair for pair in left if same(pair[1], typed)), None)
            if places[place] is None and found:
                places[place] = found[0]
                left.remove(found)
    pairs = list(zip(places, after, strict=True))
    return Match(
        kept=tuple((line, typed) for line, typed in pairs if line is not None),
        added=tuple(typed for line, typed in pairs if line is None),
        gone=tuple(line for line, _ in left),
    )


def _unchanged(old: Typed, new: Typed) -> bool:
    return old == new


def _of_one_kind(old: Typed, new: Typed) -> bool:
    return old.kind == new.kind


def moment(ts: MessageTs) -> datetime:
    """When a message was written, from its ``ts`` (seconds since 1970, six decimals)."""
    seconds, _, fraction = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int((fraction + "000000")[:6]))
