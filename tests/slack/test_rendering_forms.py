"""What somebody answers in a modal becomes the words that a person would have typed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chart import File
from bot.domain.diagnosis.asking import Asked as AskedAs
from bot.domain.diagnosis.asking import read_result, read_test
from bot.domain.diagnosis.differential import Proposed
from bot.domain.diagnosis.proposing import read, read_line
from bot.domain.diagnosis.testing import Verdict
from bot.domain.errors import NotUnderstood
from bot.domain.incident import Severity
from bot.domain.therapy.treatment import Plan, read_fix, read_plan
from bot.domain.triage import Answers
from bot.domain.work.saying import fenced, prose
from bot.slack.render import modals
from bot.slack.render.modals import Submission
from tests.slack.charts import (
    ANA,
    BEN,
    COLLATOR,
    after,
)


def form(data: dict[str, Any] | None = None, **answers: object) -> Submission:
    """What somebody answered, in the shapes in which Slack sends it."""
    values: dict[str, Any] = {}
    for block_id, answer in answers.items():
        name = block_id.rstrip("_").replace("__", "-")
        match answer:
            case str():
                given: dict[str, Any] = {"value": answer, "selected_option": {"value": answer}}
            case set():
                given = {"selected_options": [{"value": each} for each in sorted(answer)]}
            case _:
                given = {"value": str(answer)}
        values[name] = {name: given}
    return Submission(values, data or {})


def test_a_hypothesis_becomes_the_line_that_a_person_would_type() -> None:
    said = modals.hypothesis_lines(
        form(statement="collator gets\nstring columns", probability="likely", impact="3", assumption="dtype")
    )

    assert said == "collator gets string columns likely impact 3 assumes dtype"
    assert modals.hypothesis_lines(form(statement="the cache")) == "the cache"


@given(st.text(min_size=1, max_size=80), st.sampled_from(["", "30%", "very likely"]))
def test_every_hypothesis_of_a_modal_is_read_back_as_it_was_meant(statement: str, probability: str) -> None:
    try:
        said = modals.hypothesis_lines(form(statement=statement, probability=probability, impact="4"))
    except NotUnderstood:
        # One letter alone would be that of a hypothesis.
        assert sum(character.isalpha() for character in statement) <= 1
        return

    read_back = read_line(said)
    assert isinstance(read_back, Proposed)
    assert read_back.impact == 4
    assert (read_back.estimate is None) == (probability == "")


def test_words_that_mean_nothing_are_refused_with_the_menu() -> None:
    with pytest.raises(NotUnderstood, match="virtually certain"):
        modals.hypothesis_lines(form(statement="x", probability="maybe"))


def test_evidence_becomes_lines_with_the_letter() -> None:
    said = modals.argued_lines(form(for_="KeyError\nin row 3", absent="a warning"), "B")

    assert said == "B for: KeyError in row 3\nB absent: a warning"


def test_a_change_says_only_what_is_new() -> None:
    now = after([COLLATOR]).workup.differential.named("A")
    changed = form(probability="70%", impact="3", against="it ran yesterday", ruled_out_by="2")

    said = modals.revised_lines(changed, now)
    assert said == "A 70%\nA against: it ran yesterday\nA ruled out by T2"
    assert len(read(said, {"A"})) == 3
    assert modals.revised_lines(form(ruled_out_by="nobody"), now) == "A ruled out"
    with pytest.raises(NotUnderstood, match="nothing new"):
        modals.revised_lines(form(impact="3"), now)


def test_a_test_becomes_the_words_that_a_person_would_type() -> None:
    asked = form(question="run the collator", minutes=90, bears_on={"B", "A"}, assumption="dtype")
    asked.values["owner"] = {"owner": {"selected_user": ANA}}

    said = modals.test_text(asked)
    assert said == "run the collator (1h30m) @U0ANA for A,B assumes dtype"
    assert read_test(said) == AskedAs(
        question="run the collator",
        takes=timedelta(minutes=90),
        owner=ANA,
        bears_on=("A", "B"),
        assumption="dtype",
    )


def test_a_script_keeps_its_spaces_in_a_fence() -> None:
    said = modals.test_text(form(question="run this", script="for x in y:\n    print(x)  # ``` a fence"))

    assert prose(said) == "run this"
    script = fenced(said)
    assert script is not None
    assert script.startswith("for x in y:\n    print(x)")
    assert "a fence" in script


def test_a_test_without_a_question_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        modals.test_text(form(minutes=5))


def test_taps_and_exact_numbers_become_likelihoods() -> None:
    answered = form(expects__A="positive", expects__B="either", expects__C="negative", exact="")

    assert modals.expectations(answered) == {"A": 0.95, "B": 0.5, "C": 0.05}
    answered = form(expects__A="positive", expects__B="", exact="a .9, B: 20%; other very unlikely")
    assert modals.expectations(answered) == {"A": 0.9, "B": 0.2, "other": 0.05}
    assert modals.expectations(form(expects__A="", expects__B="", exact="A=0,9\nB 20")) == {
        "A": 0.9,
        "B": 0.2,
    }


@pytest.mark.parametrize("exact", ["Z .5", "A maybe", "nonsense", "A .9 B .2", ""])
def test_numbers_that_mean_nothing_are_refused(exact: str) -> None:
    with pytest.raises(NotUnderstood, match="Try:"):
        modals.expectations(form(expects__A="", exact=exact))


def test_a_result_becomes_the_words_that_a_person_would_type() -> None:
    said = modals.result_text(form({"test": 3}, verdict="negative", words="yes it ran", output="step 1\n ok"))

    found = read_result(prose(said))
    assert (found.test, found.verdict, found.words) == (3, Verdict.NEGATIVE, "yes it ran")
    assert fenced(said) == "step 1\n ok"
    with pytest.raises(NotUnderstood):
        modals.result_text(form({"test": 3}, words="it ran"))


def test_a_fix_becomes_the_words_that_a_person_would_type() -> None:
    said = modals.fix_text(
        form(text="roll back", target="A", expect="loss finite", window="10m", revert="redeploy 9c1d")
    )

    assert said == "roll back; expect loss finite within 10m; revert: redeploy 9c1d; for A"
    assert modals.fix_text(form(text="rolled back")) == "rolled back"


@given(st.text(max_size=60), st.text(max_size=60))
def test_every_fix_of_a_modal_keeps_its_parts_apart(text: str, revert: str) -> None:
    try:
        said = modals.fix_text(form(text=text, revert=revert, window="10m", target="A"))
    except NotUnderstood:
        return

    back = read_fix(said)
    assert back.window == timedelta(minutes=10)
    assert back.target == "A"


def test_semicolons_in_a_field_do_not_end_it() -> None:
    said = modals.fix_text(form(text="stop it; costs 10m", revert="start it; for B", target="A", window="5m"))

    back = read_fix(said)
    assert (back.target, back.costs, back.revert) == ("A", None, "start it, for B")


def test_what_cannot_be_undone_asks_twice() -> None:
    with pytest.raises(NotUnderstood, match="both boxes"):
        modals.fix_text(form(text="drop the table", undo={"irreversible"}))
    said = modals.fix_text(form(text="drop the table", undo={"irreversible", "sure"}))

    assert read_fix(said) == Plan(text="drop the table", irreversible=True)


def test_the_cause_is_a_hypothesis_or_words_or_unknown() -> None:
    now = after([COLLATOR]).workup.differential

    assert modals.cause_of(form(cause="A"), now) == modals.Cause("collator gets string columns", "A")
    assert modals.cause_of(form(cause="unknown", another="x"), now) == modals.Cause("unknown")
    assert modals.cause_of(form(cause="another", another="a cable"), now) == modals.Cause("a cable")
    with pytest.raises(NotUnderstood):
        modals.cause_of(Submission({"cause": {"cause": {"selected_option": {"value": "another"}}}}, {}), now)


def test_where_nobody_named_a_hypothesis_the_cause_is_typed() -> None:
    typed = Submission({"cause": {"cause": {"value": "a cable"}}}, {})

    assert modals.cause_of(typed, after([]).workup.differential) == modals.Cause("a cable")


def test_a_submission_is_read_as_slack_sends_it() -> None:
    sent = Submission(
        {
            "people": {"people": {"selected_users": [ANA, BEN]}},
            "due": {"due": {"selected_date_time": 1795435200}},
            "files": {"files": {"files": [{"id": "F1", "name": "a.log", "permalink": "https://x/F1"}]}},
            "minutes": {"minutes": {"value": "15"}},
            "true": {"true": {"selected_options": [{"value": "B"}]}},
        },
        {},
    )

    assert sent.users("people") == (ANA, BEN)
    assert sent.moment("due") == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert sent.files("files") == (File("a.log", "https://x/F1"),)
    assert sent.number("minutes") == 15
    assert sent.answers() == Answers(dying=False, cannot_wait=True, danger=False)
    assert sent.severity() is Severity.SEV2
    nothing = Submission({}, {})
    assert (nothing.users("x"), nothing.moment("x"), nothing.files("x"), nothing.number("x")) == (
        (),
        None,
        (),
        None,
    )
    assert nothing.answers() == Answers()


def test_a_fix_that_was_done_already_can_still_be_undone() -> None:
    assert modals.fix_text(form(text="roll back", undo={"done"})) == "roll back"


def test_a_fix_that_starts_a_plan_has_its_letter() -> None:
    assert modals.fix_text(form({"plan": "B"}, text="pin it", target="A")) == "B pin it; for A"


def test_a_plan_becomes_the_words_that_a_person_would_type() -> None:
    said = modals.plan_text(form(text="pin it", plan="C", target="A", costs=10, saves=120))

    assert read_plan(said) == Plan(
        text="pin it", plan="C", target="A", costs=timedelta(minutes=10), saves=timedelta(hours=2)
    )
    with pytest.raises(NotUnderstood):
        modals.plan_text(form(plan="C"))
