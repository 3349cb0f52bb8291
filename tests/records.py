"""Records of incidents made at random, row by row: what a database may hold, and nothing that it refuses."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from bot.domain.chart import Kind
from bot.domain.export.record import (
    FileRow,
    HandoffRow,
    HandoffVersionRow,
    IncidentRecord,
    IncidentRow,
    Row,
)
from bot.domain.handoff.chain import content_hash
from bot.store.archive import ALL
from tests.domain.any_step import STEPS

HOSTILE = (
    "| a | b |\n|---|---|",
    "# heading\n\n```\nnever closed",
    "</td></table><script>alert(1)</script>",
    "\\| back\\slash `tick` *star* _under_ [link](javascript:x) ![i](y)",
    "\u202eright to left\u2066",
    "1. one\n- two\n> three\n---\n===",
    "emoji 🧪 漢字 \u0301",
)
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
words = st.text(characters, max_size=30) | st.sampled_from(HOSTILE)
people_ids = st.sampled_from(["U0ANA", "U0BEN", "W0CEM", "U0DEE"])
channels = st.sampled_from(["C0ONE", "C0TWO", "G0THREE"])
moments = st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - it says which.
stamps = st.integers(10**9, 4 * 10**9).map(lambda number: f"{number}.{number % 999983:06}")
small = st.integers(0, 5)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
files = st.lists(st.builds(FileRow, name=words, permalink=words), max_size=2).map(tuple)
# What a field of this name holds, in whatever table; what ends in "_at" is a moment, in "_by" a person.
BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "channel": channels,
    "ts": stamps,
    "thread_ts": stamps,
    "version": stamps,
    "event_ts": stamps,
    "line": st.integers(0, 10**9).map(str),
    "seq": st.integers(1, 40),
    "number": st.integers(1, 9),
    "round": small,
    "rounds": small,
    "asks": small,
    "answer": anything,
    "severity": st.integers(1, 5),
    "kind": st.sampled_from(Kind),
    "body": st.one_of(*STEPS.values()),
    "files": files,
    "at": moments,
    "by": people_ids,
    "author": people_ids,
    "lead": people_ids,
    "person": people_ids,
    "giver": people_ids,
    "receiver": people_ids,
    "question": st.sampled_from("ABCD"),
    "about": st.sampled_from(["", "T1", "A1"]),
    "bundle": st.sampled_from(["one", "two"]),
    "reason": words,
    "item": st.sampled_from(["ci", "peer", "diff"]),
    "stamp": stamps,
    "emoji": st.sampled_from(["mag", "pushpin"]),
    "every_minutes": st.integers(1, 600),
    "score": st.integers(0, 100),
    "zone": st.sampled_from(["Europe/Berlin", "UTC"]),
    "last_entry": st.just(40),
    "entry": st.none(),
    "hash": st.none(),
    "previous_hash": st.none(),
}
FLAGS = frozenset({"private", "receipt", "refused", "present", "five_elements", "ticked"})
OWN = {
    ("PromptRow", "kind"): st.sampled_from(["lead", "result", "window"]),
    ("TriageAnswerRow", "answer"): small,
    ("HandoffRow", "reason"): st.sampled_from(["asked", "shift", "without"]),
    ("HandoffRow", "version"): small,
    ("HandoffVersionRow", "version"): st.integers(1, 9),
}


def _field(row: type[Row], name: str) -> st.SearchStrategy[Any]:
    found = OWN.get((row.__name__, name), BY_NAME.get(name))
    if found is None and name in FLAGS:
        found = st.booleans()
    if found is None and name.endswith(("_at", "_until")):
        found = moments
    if found is None and (name.endswith("_by") or name == "asked_by"):
        found = people_ids
    found = words if found is None else found
    # What may be missing is missing in every second row or so.
    return found if row.model_fields[name].is_required() else st.none() | found


def a_row(row: type[Row]) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries({name: _field(row, name) for name in row.model_fields}).map(
        row.model_validate
    )


def _rows(part: str) -> st.SearchStrategy[tuple[Row, ...]]:
    kind: Any = IncidentRecord.model_fields[part].annotation
    keys = [column.name for column in ALL[part].primary_key if column.name not in {"team_id", "incident"}]
    least = 1 if part == "severity_changes" else 0

    def key(found: Row) -> tuple[Any, ...]:
        return tuple(getattr(found, name) for name in keys)

    most = 1 if part == "reviews" else 3
    found = st.lists(a_row(kind.__args__[0]), min_size=least, max_size=most, unique_by=key)
    return found.map(lambda rows: tuple(sorted(rows, key=key)))


@st.composite
def records(draw: st.DrawFn) -> IncidentRecord:
    """A record in which nothing contradicts anything else, as the bot would have left it."""
    parts: dict[str, Any] = {part: draw(_rows(part)) for part in ALL}
    entries = {entry.seq for entry in parts["entries"]}
    parts["entry_revisions"] = tuple(each for each in parts["entry_revisions"] if each.seq in entries)
    parts["handoffs"] = _ended(parts["handoffs"], draw(moments))
    parts["handoff_versions"] = _chained(parts["handoffs"], parts["handoff_versions"])
    places = {(message.channel, message.ts) for message in parts["messages"]}
    parts["reactions"] = tuple(each for each in parts["reactions"] if (each.channel, each.ts) in places)
    parts["reviews"] = tuple(each for each in parts["reviews"] if each.every_minutes or each.off_by)
    # What nobody is told of has no name here.
    parts["people"] = ()
    incident = draw(a_row(IncidentRow))
    return IncidentRecord(team="T0ONE", incident=incident, **parts)


def _ended(rows: tuple[HandoffRow, ...], at: datetime) -> tuple[HandoffRow, ...]:
    """All but the last of several attempts came to an end, and what was read back is JSON."""
    read = [
        each.model_copy(update={"read_back": None if each.read_back is None else "[1.5]"}) for each in rows
    ]
    return tuple(
        each if each is read[-1] or not each.waiting else each.model_copy(update={"cancelled_at": at})
        for each in read
    )


def _chained(
    attempts: tuple[HandoffRow, ...], rows: tuple[HandoffVersionRow, ...]
) -> tuple[HandoffVersionRow, ...]:
    """The versions of attempts that there are; what was accepted of them is a sound chain."""
    read_back = {attempt.number: attempt.read_back for attempt in attempts}
    kept, previous = list[HandoffVersionRow](), None
    for row in rows:
        if row.number not in read_back:
            continue
        document, content = '{"said": "a | b", "p": 0.1}', None
        if row.accepted_at:
            content = content_hash(document, read_back[row.number], row.accepted_at, previous)
        sealed = {"document": document, "hash": content, "previous_hash": previous if content else None}
        kept.append(row.model_copy(update=sealed))
        previous = content or previous
    return tuple(kept)
