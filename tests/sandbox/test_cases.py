"""The case studies are well-formed: they can be played, and they go as a real incident goes."""

import re
from datetime import timedelta
from typing import TypeVar

import pytest

from bot.sandbox.cases import collator, gru_heads
from bot.sandbox.cases.reading import Json, incident_of, line, marks, newest_action
from bot.sandbox.cases.script import (
    INCIDENT,
    Action,
    Await,
    Case,
    Click,
    Command,
    Delete,
    Edit,
    File,
    Narrate,
    React,
    Reply,
    Step,
    Submit,
    Talk,
)

T = TypeVar("T", bound=Action)

WORDS = (
    "dx",
    "test",
    "result",
    "plan",
    "fix",
    "outcome",
    "log",
    "vital",
    "todo",
    "done",
    "if",
    "impact",
    "onset",
    "stability",
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
    """The step of the first entry or click that begins like this."""
    clicked = [
        (number, step.action.action_id)
        for number, step in enumerate(case.steps)
        if isinstance(step.action, Click)
    ]
    return next(number for number, one in sorted(entries(case) + clicked) if re.match(start, one))


# What is typed, or what a button does in its place.
REVERTED = r"outcome: A1 reverted|ended:A1:reverted"
CURE = r"fix: B$|fix:plan:B$"


def resolved_at(case: Case) -> int:
    """The step that closes the incident: typed, or the modal that says the cause."""
    return next(
        number
        for number, step in enumerate(case.steps)
        if (isinstance(step.action, Reply) and step.action.text.startswith("resolve:"))
        or (isinstance(step.action, Submit) and "cause" in step.action.values)
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
def test_a_case_is_watchable_in_two_or_three_minutes(case: Case) -> None:
    assert 20 <= len(case.steps) <= 90
    assert 75 <= case.length <= 170
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
def test_fences_are_closed_and_the_log_holds_a_traceback(case: Case) -> None:
    texts = [one.text for one in actions(case, Reply)]
    traceback = next(text for text in texts if text.startswith("log:"))

    assert all(text.count("```") % 2 == 0 for text in texts)
    assert re.search(r"```\n.*File \".*Error: .*```", traceback, re.DOTALL)


@every_case
def test_three_to_five_hypotheses_are_ranked_by_likelihood_that_sums_to_one(case: Case) -> None:
    listed = first(case, "dx:")
    chances = [
        int(found.group(1))
        for number, one in entries(case)
        if number == listed and (found := re.search(r"(\d+)% impact [1-5]$", one))
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
def test_everybody_is_asked_what_each_hypothesis_expects_before_a_result_comes(case: Case) -> None:
    for test in ("T1", "T2", "T3"):
        assert first(case, f"expects:{test}") < first(case, rf"result: {test} |found:{test}:")


@every_case
def test_a_first_fix_fails_and_is_reverted_before_a_second_one_works(case: Case) -> None:
    order = [
        first(case, "fix: A"),
        first(case, "outcome: A1 failed"),
        first(case, REVERTED),
        first(case, "plan: B"),
        first(case, CURE),
        first(case, "outcome: B1 worked"),
        resolved_at(case),
    ]

    assert order == sorted(order)


@every_case
def test_the_first_fix_and_the_plan_of_the_second_say_what_to_expect_and_how_to_undo_it(case: Case) -> None:
    said = [one for _, one in entries(case) if re.match("fix: A|plan: B", one)]

    assert len(said) == 2
    assert [one for one in said if not re.search(r"; expect .+ within \d+m; revert: .+", one)] == []
    assert re.search(r"; costs \d+m; saves \d+[hm]; for B$", said[1])


@every_case
def test_triage_is_answered_with_buttons_right_after_opening(case: Case) -> None:
    assert first(case, "triage:A:") < first(case, "vital:")


@every_case
def test_vital_signs_are_taken_before_and_after_the_fix(case: Case) -> None:
    taken = [number for number, one in entries(case) if one.startswith("vital:")]

    assert min(taken) < first(case, "fix: A")
    assert any(first(case, CURE) < number < resolved_at(case) for number in taken)


@every_case
def test_it_is_handed_over_in_the_middle_and_read_back_in_plain_words(case: Case) -> None:
    [(given, receiver)] = [
        (number, found)
        for number, step in enumerate(case.steps)
        if isinstance(step.action, Reply | Command)
        for found in re.findall(r"^handoff:? @(\w+)", step.action.text)
    ]
    answers = [
        (number, step.actor)
        for number, step in enumerate(case.steps)
        if isinstance(step.action, Submit) and "synthesis" in step.action.values
    ]

    assert first(case, "outcome: A1 failed") < given < first(case, CURE)
    assert {who for _, who in answers} == {receiver} != {case.steps[given].actor}
    assert given < min(number for number, _ in answers)


@every_case
def test_an_entry_is_corrected_and_one_message_is_logged_by_a_reaction(case: Case) -> None:
    talk = {one.name for one in actions(case, Talk)}
    logged = [one for one in actions(case, React) if one.emoji in TYPED_EMOJI and one.to in talk]
    corrected = actions(case, Edit)

    assert len(logged) == 1
    assert corrected
    assert [one.of for one in corrected if TYPED.match(one.text)] == [one.of for one in corrected]


@every_case
def test_it_ends_with_work_for_named_people_and_with_the_picture(case: Case) -> None:
    todos = [one for _, one in entries(case) if one.startswith("todo:")]

    assert len(todos) >= 2
    assert [one for one in todos if not re.match(r"todo: @\w+ .+ (by|in) .+", one)] == []
    assert resolved_at(case) < first(case, "picture")


@every_case
def test_nobody_answers_a_prompt_before_it_was_seen(case: Case) -> None:
    waited = [number for number, step in enumerate(case.steps) if isinstance(step.action, Await)]

    assert first(case, "lead$") - 1 in waited
    for answer in ("answered:|found:", "snooze:|decline"):
        number = first(case, answer)
        assert any(number - 3 <= one < number for one in waited)


@every_case
def test_a_failed_fix_is_followed_by_the_time_out_that_it_calls(case: Case) -> None:
    awaited = [
        number
        for number, step in enumerate(case.steps)
        if isinstance(step.action, Await)
        and re.search("last intervention failed|what is the worst", step.action.words)
    ]

    assert len(awaited) == 1
    assert first(case, REVERTED) < awaited[0] < first(case, "plan: B")


@every_case
def test_the_channel_orders_a_digest_early_and_reads_one_once_it_is_over(case: Case) -> None:
    ordered = [
        number
        for number, step in enumerate(case.steps)
        if isinstance(step.action, Command) and step.action.text.startswith("digest here at ")
    ]
    read = [
        number
        for number, step in enumerate(case.steps)
        if step.action in (Command("digest"), Await("Resolved since yesterday"))
    ]

    assert len(ordered) == 1
    assert ordered[0] < first(case, "dx:")
    assert resolved_at(case) < min(read)


def test_the_clocks_follow_what_people_write_and_wait_for_but_no_modal_outlives_a_night() -> None:
    night = timedelta(hours=8)

    assert Step(2.0, "ana", Await("Digest"), waits=night).takes == night + timedelta(minutes=1)
    assert Step(2.0, "ana", Reply("note: x")).moves_on
    assert Step(2.0, "ana", Await("Digest")).moves_on
    assert not Step(2.0, "ana", Submit()).moves_on


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
