"""What entries mean for the diagnosis: letters, refusals, edits, tests and results."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.chart import Kind
from bot.domain.diagnosis.arguing import Stance
from bot.domain.diagnosis.estimate import How
from bot.domain.diagnosis.testing import Verdict
from bot.domain.errors import NotUnderstood, Refused
from bot.domain.offer import Offer, unique
from bot.domain.work.meaning import meaning
from bot.domain.work.saying import Meaning, short
from bot.domain.work.steps import Argued, Asked, Found, Named, Reestimated, RuledOut, Suspect
from bot.domain.work.workup import Workup
from tests.domain.table import NOON, Table, said, table

TWO = "dx: bad batch 60%\nleak 20% impact 5"


def letters(found: Table) -> dict[str, str]:
    return {each.statement: each.letter for each in found.workup.differential.hypotheses}


def test_lines_in_a_row_are_one_list_and_argue_about_those_before() -> None:
    found = table(TWO).says("dx: disk 10%\nnetwork\nA 40%\nB against: memory is flat\nA impact 2")

    assert found == Meaning(
        (
            Named(
                hypotheses=(
                    Suspect(letter="C", statement="disk", p=0.1, how=How.NUMBER),
                    Suspect(letter="D", statement="network"),
                )
            ),
            Reestimated(letter="A", p=0.4),
            Argued(letter="B", stance=Stance.AGAINST, words="memory is flat"),
            Reestimated(letter="A", impact=2),
        )
    )


@pytest.mark.parametrize("text", ["bad  Batch.", "disk\nBad batch 10%"])
def test_what_has_its_letter_is_not_named_again(text: str) -> None:
    with pytest.raises(NotUnderstood, match=r"A says that already\.\nTry: `dx: A 40%`"):
        table(TWO).says(f"dx: {text}")


def test_what_was_ruled_out_is_not_named_again_under_another_letter() -> None:
    with pytest.raises(NotUnderstood, match="A says that already, and it was ruled out"):
        table(TWO, "dx: A ruled out").says("dx: bad batch")


def test_the_same_hypothesis_twice_in_one_message_is_refused() -> None:
    with pytest.raises(NotUnderstood, match=r"“Disk\.” is named twice"):
        table(TWO).says("dx: disk 10%\nDisk. 20%")


def test_a_message_that_was_not_written_for_us_is_one_hypothesis_as_it_stands() -> None:
    text = "A 30% of the rows look odd\n```\nB ruled out\n```\nto me"
    found = table(TWO).hears(replace(said(text), typed=False))

    assert found.steps == (
        Named(hypotheses=(Suspect(letter="C", statement="A 30% of the rows look odd to me"),)),
    )


@pytest.mark.parametrize("text", ["B low", "b 20%", "Z 40%", "B thirty percent", "oom high"])
def test_a_message_that_was_not_written_for_us_is_not_refused_as_a_near_miss(text: str) -> None:
    found = table(TWO).hears(replace(said(text), typed=False))

    assert found.steps == (Named(hypotheses=(Suspect(letter="C", statement=text),)),)


def test_a_message_of_nothing_but_files_points_to_them() -> None:
    nothing = replace(said(""), typed=False)

    assert table().hears(nothing).steps == (
        Named(hypotheses=(Suspect(letter="A", statement="(see its files)"),)),
    )
    assert table().hears(replace(nothing, kind=Kind.TEST)).steps == (
        Asked(test=1, question="(see its files)"),
    )


def test_a_long_message_is_cut_to_what_a_hypothesis_may_be() -> None:
    found = Table().hears(replace(said("word " * 200), typed=False))

    step = found.steps[0]
    assert isinstance(step, Named)
    assert len(step.hypotheses[0].statement) <= 300
    assert step.hypotheses[0].statement.endswith("word…")


def test_an_edited_hypothesis_keeps_its_letter_and_does_not_refuse_itself() -> None:
    found = table(TWO, "dx: disk 10%")
    found.edits(1, "bad batch 50%\nleak 30% impact 4")
    assert letters(found) == {"bad batch": "A", "leak": "B", "disk": "C"}
    found.edits(2, "disk is full 10%")

    assert letters(found) == {"bad batch": "A", "leak": "B", "disk is full": "C"}


def test_a_line_taken_out_of_a_list_leaves_the_others_their_letters() -> None:
    found = table("dx: bad batch 30%\nleak 20%\ndisk 10%")
    found.edits(1, "leak 20%\ndisk 10%")

    assert letters(found) == {"leak": "B", "disk": "C"}


def test_lines_that_change_places_keep_their_letters() -> None:
    found = table("dx: bad batch\nleak")
    found.edits(1, "leak\nbad batch")

    assert letters(found) == {"bad batch": "A", "leak": "B"}
    assert found.workup.differential.p("B") > found.workup.differential.p("A")


def test_a_line_added_in_an_edit_takes_a_letter_nobody_had() -> None:
    found = table("dx: bad batch", "dx: leak")
    found.edits(1, "disk\nbad batch")

    assert letters(found) == {"bad batch": "A", "leak": "B", "disk": "C"}


def test_a_marked_message_that_is_edited_keeps_its_letter() -> None:
    found = table(TWO)
    found.hears(replace(said("odd rows", minute=5), typed=False))
    found.edits(2, "odd rows in shard 3")

    assert letters(found)["odd rows in shard 3"] == "C"


def test_a_must_not_miss_is_not_ruled_out_by_somebodys_word() -> None:
    with pytest.raises(Refused, match=r"B must not be missed \(impact 5\)") as refusal:
        table(TWO).says("dx: B ruled out")

    assert refusal.value.offers == (Offer(label="Waive B…", does="waive:B"),)


def test_a_must_not_miss_is_not_ruled_out_in_the_message_that_makes_it_one() -> None:
    with pytest.raises(Refused, match=r"A must not be missed \(impact 4\)"):
        table(TWO).says("dx: A impact 4\nA ruled out")


def test_what_need_not_be_excluded_is_ruled_out_by_hand() -> None:
    assert table(TWO).says("dx: A ruled out").steps == (RuledOut(letter="A"),)
    assert table(TWO).says("dx: B impact 2\nB ruled out").steps[-1] == RuledOut(letter="B")


def test_only_a_test_with_a_verdict_rules_out() -> None:
    found = table(TWO, "test: run it")
    for line in ("result: T1 hm", "result: T1 inconclusive"):
        with pytest.raises(NotUnderstood, match="T1 has no result that could rule B out"):
            found.says("dx: B ruled out by T1")
        found.says(line)
    with pytest.raises(NotUnderstood, match="T1 has no result"):
        found.says("dx: B ruled out by T1")
    found.says("result: T1 negative")

    assert found.says("dx: B ruled out by T1").steps == (RuledOut(letter="B", test=1),)


def test_a_test_is_understood_with_its_script() -> None:
    script = "test: run it (5m) @U0BEN for A,B assumes dtype\n```python\nassert x.dtype\n```"
    step = table(TWO).says(script).steps[0]

    assert isinstance(step, Asked)
    assert (step.test, step.question, step.minutes, step.owner) == (1, "run it", 5, "U0BEN")
    assert (step.bears_on, step.assumption, step.script) == (("A", "B"), "dtype", "assert x.dtype")
    assert step.due == NOON + timedelta(minutes=2 + 5)


def test_a_test_that_stands_in_a_fence_alone_asks_what_it_says() -> None:
    step = table().says("test: ```\nnvidia-smi\n```").steps[0]

    assert isinstance(step, Asked)
    assert (step.question, step.script) == ("nvidia-smi", "nvidia-smi")


def test_a_due_time_that_is_said_outright_counts() -> None:
    step = Table().hears(replace(said("run it (5m)", Kind.TEST), due=NOON)).steps[0]

    assert isinstance(step, Asked)
    assert step.due == NOON


def test_an_edited_test_keeps_its_number() -> None:
    found = table("test: run it", "test: look at it", "result: T1 positive")
    found.edits(1, "run it on 8 rows (5m)")

    assert [(test.name, test.question) for test in found.workup.tests] == [
        ("T1", "run it on 8 rows"),
        ("T2", "look at it"),
    ]
    assert [result.test for result in found.workup.results] == [1]


def test_a_verdict_alone_is_about_the_only_open_test() -> None:
    found = table("test: run it", "test: look at it", "result: T1 positive")

    assert found.says("result: negative all clean").steps == (
        Found(test=2, verdict=Verdict.NEGATIVE, words="all clean"),
    )


def test_a_verdict_alone_is_asked_about_where_two_tests_are_open() -> None:
    with pytest.raises(NotUnderstood, match="`result: T1 positive` or `result: T2 positive`"):
        table("test: run it", "test: look at it").says("result: positive")


@pytest.mark.parametrize("line", ["result: fails on row 3", "result: positive", "result: T? x"])
def test_a_finding_that_belongs_to_no_test_stays_in_the_chart_alone(line: str) -> None:
    assert table(TWO).says(line) == Meaning()


def test_a_finding_that_was_not_written_for_us_is_no_verdict() -> None:
    assert table("test: run it").hears(replace(said("positive", Kind.RESULT), typed=False)) == Meaning()


@pytest.mark.parametrize(("tests", "instead"), [((), "test: what to look at"), (("test: x",), "T1")])
def test_a_test_that_nobody_asked_is_refused_with_those_there_are(
    tests: tuple[str, ...], instead: str
) -> None:
    with pytest.raises(NotUnderstood, match=f"There is no test T7.\nTry: .*{instead}"):
        table(*tests).says("result: T7 positive")


def test_words_without_a_verdict_are_asked_about() -> None:
    found = table("test: run it").says("result: T1 fails on row 3\n```\nKeyError\n```")

    assert found.steps == (Found(test=1, words="fails on row 3", output="KeyError"),)
    assert found.ask == "That is logged. Was T1 positive or negative?"
    assert [(offer.label, offer.does) for offer in found.offers] == [
        ("T1 positive", "found:T1:positive"),
        ("T1 negative", "found:T1:negative"),
        ("T1 inconclusive", "found:T1:inconclusive"),
    ]


def test_words_about_a_test_that_has_its_verdict_ask_nothing() -> None:
    assert table("test: run it", "result: T1 positive").says("result: T1 twice").ask == ""


def test_an_edited_result_stays_with_its_test() -> None:
    found = table("test: run it", "result: positive", "test: look at it")
    found.edits(2, "negative, I misread it")

    assert [(each.test, each.verdict) for each in found.workup.results] == [(1, Verdict.NEGATIVE)]


def test_a_result_that_was_about_the_wrong_test_is_moved_by_an_edit() -> None:
    found = table("test: run it", "test: look at it", "result: T1 positive")
    found.edits(3, "T2 positive")

    assert [each.test for each in found.workup.results] == [2]


@pytest.mark.parametrize("kind", [Kind.NOTE, Kind.LOG, Kind.RESOLVE, Kind.SEVERITY])
def test_what_is_no_part_of_the_workup_makes_no_step(kind: Kind) -> None:
    assert meaning(said("A ruled out", kind), Workup()) == Meaning()


def test_two_buttons_that_do_the_same_are_one() -> None:
    one, other = Offer(label="a", does="x"), Offer(label="b", does="y")

    assert unique([one, other, one]) == (one, other)


def test_what_is_too_long_for_a_line_is_cut() -> None:
    assert short("x" * 80) == "x" * 80
    assert short("x" * 81) == "x" * 79 + "…"
