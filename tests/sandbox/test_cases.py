"""The case studies are well-formed: they can be played, and they go as a real incident goes."""

import re
from typing import TypeVar

import pytest

from bot.sandbox.cases import collator, gru_heads
from bot.sandbox.cases.reading import Json, incident_of, line, marks, newest_action
from bot.sandbox.cases.script import (
    INCIDENT,
    Action,
    Case,
    Command,
    Delete,
    Edit,
    File,
    Narrate,
    React,
    Reply,
    Step,
    Talk,
)

T = TypeVar("T", bound=Action)

WORDS = (
    "dx",
    "test",
    "result",
    "fix",
    "outcome",
    "vital",
    "todo",
    "if",
    "note",
    "sev",
    "lead",
    "handoff",
    "resolve",
)
TYPED = re.compile(rf"({'|'.join(WORDS)})\s*[:：]\s*\S", re.IGNORECASE)
TYPED_EMOJI = {"wrench", "mag", "thinking_face", "test_tube", "pushpin"}
CASES = (collator.CASE, gru_heads.CASE)

every_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def actions(case: Case, kind: type[T]) -> list[T]:
    return [step.action for step in case.steps if isinstance(step.action, kind)]


def names(action: Action) -> set[str]:
    """The earlier messages that an action speaks of."""
    if isinstance(action, React):
        return {action.to}
    return {action.of} if isinstance(action, Edit | Delete) else set()


def prose(text: str) -> list[str]:
    """The lines outside code fences."""
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL).splitlines()


def entries(case: Case) -> list[tuple[int, str]]:
    """Every typed line with the number of its step, in order."""
    return [
        (number, one)
        for number, step in enumerate(case.steps)
        if isinstance(step.action, Reply | File)
        for one in prose(step.action.text)
        if TYPED.match(one)
    ]


def first(case: Case, start: str) -> int:
    return next(number for number, one in entries(case) if one.startswith(start))


def everything(case: Case) -> list[str]:
    return [step.action.text for step in case.steps if isinstance(step.action, Reply | Command)]


def resolved_at(case: Case) -> int:
    return next(
        number
        for number, step in enumerate(case.steps)
        if isinstance(step.action, Command) and step.action.text.startswith("resolve")
    )


@every_case
def test_everybody_who_acts_or_is_mentioned_is_of_the_cast(case: Case) -> None:
    texts = [
        step.action.text for step in case.steps if isinstance(step.action, Reply | Talk | File | Command)
    ]
    mentioned = {name for text in texts for name in re.findall(r"(?<![\w/.])@(\w+)", text)}

    assert {step.actor for step in case.steps} <= set(case.cast)
    assert mentioned <= set(case.cast)


@every_case
def test_a_message_is_named_once_and_before_it_is_spoken_of(case: Case) -> None:
    known: list[str] = []
    unknown: set[str] = set()
    for step in case.steps:
        unknown |= names(step.action) - set(known)
        if isinstance(step.action, Reply | Talk | File) and step.action.name:
            known.append(step.action.name)

    assert unknown == set()
    assert len(known) == len(set(known))


@every_case
def test_only_the_author_corrects_or_deletes_a_message(case: Case) -> None:
    author = {
        step.action.name: step.actor for step in case.steps if isinstance(step.action, Reply | Talk | File)
    }

    strangers = [
        step
        for step in case.steps
        if isinstance(step.action, Edit | Delete) and author[step.action.of] != step.actor
    ]

    assert strangers == []


@every_case
def test_a_case_is_watchable_in_about_ninety_seconds(case: Case) -> None:
    assert 20 <= len(case.steps) <= 35
    assert 75 <= case.length <= 105
    assert all(step.pause <= 6 for step in case.steps)


@every_case
def test_it_opens_with_a_command_before_anything_is_said_and_names_no_number_until_then(case: Case) -> None:
    spoken = [step.action for step in case.steps if not isinstance(step.action, Narrate)]
    opening = spoken[0]

    assert isinstance(opening, Command)
    assert re.match(r"open sev[1-5] \S", opening.text)
    assert INCIDENT not in opening.text


@every_case
def test_every_reply_for_the_chart_begins_with_a_reply_word(case: Case) -> None:
    silent = [
        step.action.text
        for step in case.steps
        if isinstance(step.action, Reply | File) and not TYPED.match(step.action.text)
    ]

    assert silent == []


@every_case
def test_plain_talk_is_there_and_never_looks_like_an_entry(case: Case) -> None:
    spoken = actions(case, Talk)

    assert len(spoken) >= 3
    assert [one.text for one in spoken if any(TYPED.match(part) for part in prose(one.text))] == []


@every_case
def test_fences_are_closed_and_hold_a_traceback_of_the_first_note(case: Case) -> None:
    texts = [one.text for one in actions(case, Reply)]
    traceback = next(text for text in texts if text.startswith("note:"))

    assert all(text.count("```") % 2 == 0 for text in texts)
    assert re.search(r"```\n.*File \".*Error: .*```", traceback, re.DOTALL)


@every_case
def test_three_to_five_hypotheses_are_ranked_by_likelihood_that_sums_to_one(case: Case) -> None:
    chances = [
        int(found.group(1))
        for _, one in entries(case)
        if one.startswith("dx:") and (found := re.search(r"(\d+)% impact [1-5]$", one))
    ]

    assert 3 <= len(chances) <= 5
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == 100


@every_case
def test_every_result_answers_a_test_that_was_ordered_before(case: Case) -> None:
    ordered = 0
    unordered = []
    for _, one in entries(case):
        ordered += one.startswith("test:")
        if (found := re.match(r"result: T(\d+) (positive|negative) ", one)) and int(found.group(1)) > ordered:
            unordered.append(one)

    assert ordered >= 2
    assert unordered == []


@every_case
def test_at_least_two_hypotheses_are_ruled_out_by_tests(case: Case) -> None:
    results = [one for _, one in entries(case) if one.startswith("result:")]
    out = [one for one in results if " negative for " in one or " are out" in one]

    assert len(out) >= 2


@every_case
def test_a_first_fix_fails_and_is_reverted_before_a_second_one_works(case: Case) -> None:
    order = [
        first(case, "fix: A"),
        first(case, "outcome: A1 failed"),
        first(case, "note: A1 reverted"),
        first(case, "fix: B"),
        first(case, "outcome: B1 worked"),
        resolved_at(case),
    ]

    assert order == sorted(order)


@every_case
def test_every_fix_says_what_to_expect_by_when_and_how_to_undo_it(case: Case) -> None:
    fixes = [one for _, one in entries(case) if one.startswith("fix:")]

    assert len(fixes) == 2
    assert [one for one in fixes if not re.search(r"; expect .+ within \d+m; revert: .+", one)] == []


@every_case
def test_vital_signs_are_taken_before_and_after_the_fix(case: Case) -> None:
    taken = [number for number, one in entries(case) if one.startswith("vital:")]

    assert min(taken) < first(case, "fix: A")
    assert any(first(case, "fix: B") < number < resolved_at(case) for number in taken)


@every_case
def test_it_is_handed_over_in_the_middle_and_read_back_in_plain_words(case: Case) -> None:
    given = first(case, "handoff:")
    receiver = next(found for _, one in entries(case) for found in re.findall(r"^handoff: @(\w+)", one))
    answer = next(step for step in case.steps[given + 1 :] if isinstance(step.action, Talk))

    assert first(case, "outcome: A1 failed") < given < first(case, "fix: B")
    assert answer.actor == receiver != case.steps[given].actor
    assert f"lead: @{receiver}" in everything(case) or f"lead {INCIDENT} @{receiver}" in everything(case)


@every_case
def test_one_entry_is_corrected_and_one_message_is_logged_by_a_reaction(case: Case) -> None:
    talk = {one.name for one in actions(case, Talk)}
    logged = [one for one in actions(case, React) if one.emoji in TYPED_EMOJI and one.to in talk]
    corrected = actions(case, Edit)

    assert len(logged) == 1
    assert [one.of for one in corrected if TYPED.match(one.text)] == [one.of for one in corrected]
    assert len(corrected) == 1


@every_case
def test_the_severity_changes_with_a_reason(case: Case) -> None:
    changes = [one for _, one in entries(case) if re.match(r"sev: [1-5] \w+ ", one)]

    assert changes


@every_case
def test_it_ends_with_a_cause_and_with_work_for_named_people(case: Case) -> None:
    todos = [one for _, one in entries(case) if one.startswith("todo:")]
    command = case.steps[resolved_at(case)].action

    assert len(todos) >= 2
    assert [one for one in todos if not re.match(r"todo: @\w+ .+ by .+", one)] == []
    assert isinstance(command, Command)
    assert re.match(rf"resolve {re.escape(INCIDENT)} .{{20,}}", command.text)


def test_the_incident_is_read_from_the_text_or_the_blocks_of_the_chart() -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "INC-7 · loss is NaN"}}]

    assert incident_of({"text": "INC-12 SEV2 loss is NaN"}) == "INC-12"
    assert incident_of({"text": "", "blocks": blocks}) == "INC-7"
    assert incident_of({"text": "good morning"}) is None


def test_only_the_bots_own_reaction_counts_as_a_receipt() -> None:
    messages: list[Json] = [
        {"ts": "1.0", "reactions": [{"name": "memo", "users": ["U0ROUNDS"], "count": 1}]},
        {"ts": "2.0", "reactions": [{"name": "memo", "users": ["U0ANA"], "count": 1}]},
        {"ts": "3.0"},
    ]

    assert marks(messages, "U0ROUNDS", "memo") == {"1.0"}


def test_a_button_is_found_on_the_bots_newest_message_by_how_its_id_begins() -> None:
    def card(ts: str, user: str, action_id: str) -> Json:
        button = {"type": "button", "action_id": action_id}
        return {"ts": ts, "user": user, "blocks": [{"type": "actions", "elements": [button]}]}

    messages = [
        card("1.0", "U0ROUNDS", "lead:1"),
        card("2.0", "U0ROUNDS", "lead:2"),
        card("3.0", "U0ANA", "lead:3"),
    ]

    assert newest_action(messages, "U0ROUNDS", "lead") == ("2.0", "lead:2")
    assert newest_action(messages, "U0ROUNDS", "resolve") is None


def test_a_step_reads_as_one_line_with_the_incident_filled_in() -> None:
    step = Step(1.0, "ana", Command(f"lead {INCIDENT} @dev"))
    long = Step(1.0, "ben", Reply("dx: " + "x" * 100 + "\ndx: y\ndx: z"))

    assert line(step, "INC-3") == "  ana: /incident lead INC-3 @dev"
    assert line(long, "INC-3") == "  ben: dx: " + "x" * 91 + "… (+2 lines)"
