"""The case report says what happened, where time went, and stays in one piece whatever people typed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from markdown_it import MarkdownIt

from bot.domain.export.course import course, wrong_turns
from bot.domain.export.markdown import escaped
from bot.domain.export.record import IncidentRecord
from bot.domain.export.report import report
from bot.domain.handoff.read_back import READ_BACK, ReadBack
from bot.domain.ids import UserId
from tests.records import HOSTILE, records, words

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
SHEETS = ["h1", "h2", "h3", "table", "script", "img", "a", "hr", "blockquote", "ol"]


def at(minutes: float) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat()


def step(minutes: float, kind: str, **body: Any) -> dict[str, Any]:
    return {"body": {"step": kind, **body}, "by": "U0ANA", "at": at(minutes), "recorded_at": at(minutes)}


def told(*steps: dict[str, Any], text: str = "loss is NaN", **more: Any) -> IncidentRecord:
    """An incident that was opened at noon and resolved an hour later, with the text for its words."""
    incident = {
        "number": 1,
        "title": text,
        "seen": text,
        "severity": 2,
        "private": False,
        "channel": "C0ONE",
        "opened_by": "U0ANA",
        "opened_at": at(0),
        "active_at": at(0),
        "last_entry": 9,
        "resolved_at": at(60),
        "resolved_by": "U0ANA",
        "diagnosis": "B is it",
    }
    return IncidentRecord.model_validate(
        {
            "team": "T0",
            "incident": incident | more.pop("incident", {}),
            "severity_changes": [{"seq": 1, "severity": 2, "by": "U0ANA", "at": at(0), "reason": text}],
            "steps": [{"seq": seq, **each} for seq, each in enumerate(steps, start=1)],
            "people": [{"person": "U0ANA", "name": "ana | <b>"}],
            **more,
        }
    )


def suspects(*named: tuple[str, float]) -> list[dict[str, Any]]:
    return [{"letter": letter, "statement": f"{letter} is it", "p": p} for letter, p in named]


FIRST = step(5, "named", hypotheses=suspects(("A", 0.5), ("B", 0.2), ("C", 0.2)))
TEST = step(10, "asked", test=1, question="is it A?", bears_on=["A"])
EXPECTED = step(11, "expected", test=1, likelihoods={"A": 0.95, "B": 0.05, "C": 0.05})
FAILED = (
    step(12, "started", name="A1", plan="A", text="try", window="PT10M", target="A"),
    step(20, "ended", name="A1", outcome="failed", words="no"),
)
GONE = step(30, "ruled_out", letter="A")


def test_a_wrong_turn_lasts_from_the_first_thing_aimed_at_it_until_it_is_ruled_out() -> None:
    found = course(told(FIRST, TEST, EXPECTED, *FAILED, GONE), NOON)

    [turn] = wrong_turns(found)
    assert (turn.hypothesis.letter, turn.aimed, turn.took) == ("A", ("T1", "A1"), timedelta(minutes=20))


def test_what_was_pursued_and_never_ruled_out_took_until_the_end_and_the_cause_is_no_wrong_turn() -> None:
    aimed_at_the_cause = step(40, "started", name="B1", plan="B", text="do", window="PT5M", target="B")

    found = wrong_turns(course(told(FIRST, TEST, EXPECTED, aimed_at_the_cause), NOON))

    assert [(turn.hypothesis.letter, turn.took, turn.by) for turn in found] == [
        ("A", timedelta(minutes=50), None)
    ]


def test_a_hypothesis_that_comes_back_is_ruled_out_when_it_goes_for_good() -> None:
    back = step(31, "reestimated", letter="A", impact=5)
    test = [step(32, "found", test=1, verdict="negative")]

    [turn] = wrong_turns(course(told(FIRST, TEST, EXPECTED, GONE, back, *test), NOON))

    assert turn.took == timedelta(minutes=50)


@pytest.mark.parametrize(
    ("diagnosis", "rank"),
    [
        ("B is it", "2 of 3 (B, "),
        ("b is it.", "2 of 3 (B, "),
        ("A", "1 of 3 (A, "),
        ("D is it", "not among the first 3: D came up, 45 min later"),
        ("the moon", "cannot be said: the cause is none of the hypotheses by name"),
    ],
)
def test_the_rank_of_the_cause_is_its_place_when_hypotheses_were_first_named(
    diagnosis: str, rank: str
) -> None:
    late = step(50, "named", hypotheses=suspects(("D", 0.4)))

    found = report(told(FIRST, late, incident={"diagnosis": diagnosis}), NOON)

    assert f"| Rank of the cause at first | {rank}" in found


def test_an_open_incident_is_told_up_to_now_and_names_no_cause() -> None:
    still = {"resolved_at": None, "resolved_by": None, "diagnosis": None}

    found = report(told(FIRST, TEST, GONE, incident=still), NOON + timedelta(minutes=90))

    assert "| Resolved | not yet, open for 1 h 30 min |" in found
    assert "| Rank of the cause at first | not known yet |" in found
    assert "Not known before it is resolved." in found


def test_lessons_are_the_notes_that_say_so_and_facts_ask_their_own_questions() -> None:
    note = {"kind": "note", "author": "U0ANA", "logged_by": "U0ANA", "at": at(50), "logged_at": at(50)}
    notes = [
        note | {"seq": 1, "text": "lesson learned: pin it"},
        note | {"seq": 2, "text": "vendor ticket is 4711"},
    ]
    todo = step(55, "promised", action=1, text="add a test", owner="U0ANA")

    found = report(told(FIRST, TEST, *FAILED, GONE, todo, entries=notes), NOON)

    lessons = found.split("## Lessons")[1].split("## Actions")[0]
    assert "- pin it (ana" in lessons
    assert "4711" not in lessons
    assert "- A1 did not help." in lessons
    assert "- TD1 is left open." in lessons
    assert "| TD1 | add a test |" in found
    assert "**left open**" in found


def test_the_timeline_says_in_full_what_was_begun_and_asked_and_claims_nothing_that_nobody_said() -> None:
    said = {"author": "U0ANA", "logged_by": "U0ANA", "at": at(12), "logged_at": at(12)}
    entries = [
        said | {"seq": 1, "kind": "fix", "text": "B"},
        said | {"seq": 2, "kind": "sev", "text": "2 by the four questions: A no, B yes"},
    ]
    begun = step(12, "started", name="B1", plan="B", text="pin the loader", window="PT10M") | {"entry": 1}
    prepared = step(13, "prepared", contingency=1, when="loss > 4", then="roll back", owner="U0ANA")
    asked = [
        {"kind": kind, "about": about, "due_at": at(14), "asks": 2, "escalated_at": at(20)}
        for kind, about in (("lead", ""), ("window", "B1+"), ("of tomorrow", ""))
    ]

    found = report(told(FIRST, begun, prepared, entries=entries, prompts=asked), NOON)

    assert "| B pin the loader |" in found
    assert "The four questions: A is it dying, B can it not wait," in found
    assert "nobody had answered who leads |" in found
    assert "nobody had answered what became of B1 |" in found
    assert "nobody had answered of tomorrow |" in found
    assert "| nobody said that it happened |" in found


def test_a_read_back_that_agrees_in_everything_is_told_as_such() -> None:
    answer = ReadBack(by=UserId("U0BEN"), words="B it is", picked={}, f1=1.0, sent_at=NOON)
    handoff = {
        "number": 1,
        "bundle": "b",
        "giver": "U0ANA",
        "receiver": "U0BEN",
        "asked_by": "U0ANA",
        "asked_at": at(30),
        "reason": "asked",
        "version": 1,
        "rounds": 0,
        "read_back": READ_BACK.dump_json(answer).decode(),
        "accepted_at": at(40),
    }

    assert "agreed 100%: B it is" in report(told(handoffs=[handoff]), NOON)


def shape(text: str) -> tuple[int, ...]:
    """What a report consists of once it is rendered."""
    html = MARKDOWN.render(text)
    return tuple(html.count(f"<{tag}>") + html.count(f"<{tag} ") for tag in SHEETS)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_people_type_changes_what_the_report_is_made_of(text: str) -> None:
    def made_with(said: str) -> IncidentRecord:
        entry = {"kind": "note", "author": "U0ANA", "logged_by": "U0ANA", "at": at(5), "logged_at": at(5)}
        log = entry | {"kind": "log", "text": f"{said}\nand more", "seq": 2}
        file = {"name": said, "permalink": f"https://x.example/{said}"}
        named = [{"letter": "A", "statement": said, "p": 0.5}]
        return told(
            step(5, "named", hypotheses=named),
            step(6, "asked", test=1, question=said),
            step(7, "found", test=1, verdict="positive", words=said),
            step(8, "started", name="A1", plan="A", text=said, window="PT5M", target="A"),
            step(9, "ended", name="A1", outcome="failed", words=said),
            step(9, "prepared", contingency=1, when=said, then=said, owner="U0ANA"),
            step(9, "promised", action=1, text=said, owner="U0ANA"),
            text=said,
            incident={"diagnosis": said},
            entries=[entry | {"seq": 1, "text": f"lesson: {said}", "files": [file]}, log],
            people=[{"person": "U0ANA", "name": said}],
        )

    assert shape(report(made_with(text), NOON)) == shape(report(made_with("plain"), NOON))


@given(records())
@settings(max_examples=25)
def test_any_record_has_a_report_in_which_every_row_of_a_table_has_all_its_cells(
    record: IncidentRecord,
) -> None:
    found = report(record, NOON)

    fenced = False
    widths: list[int] = []
    for line in found.split("\n"):
        if line.startswith("```"):
            fenced = not fenced if line.strip("`") in {"", "text"} else fenced
        if fenced or not line.startswith("| "):
            widths = []
            continue
        widths.append(line.count("|"))
        assert widths[-1] == widths[0]


@given(words)
@example("see __init__.py, a__b and _x_")
def test_a_line_is_shown_as_it_was_typed(text: str) -> None:
    said = " ".join("".join(each if each.isprintable() else " " for each in f"x {text}").split())

    [token] = MARKDOWN.parseInline(escaped(said))
    shown = token.children or []

    assert {each.type for each in shown} <= {"text", "text_special"}
    assert "".join(each.content for each in shown) == said
