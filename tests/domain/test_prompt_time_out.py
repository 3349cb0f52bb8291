"""When the team is asked to think again: time-outs on their triggers, and new hypotheses."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.domain.diagnosis.testing import Verdict
from bot.domain.prompts.question import PromptKind
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.steps import (
    Asked,
    Ended,
    Expected,
    Found,
    Named,
    Pooled,
    Promised,
    Reestimated,
    Started,
    Step,
    Suspect,
)
from tests.domain.table import ANA, BEN, NOON, at
from tests.domain.watch import THREE, Watch, incident, minutes, named, well

LEAD, TRIAGE, DIFFERENTIAL = PromptKind.LEAD, PromptKind.TRIAGE, PromptKind.DIFFERENTIAL
RESULT, WINDOW, REVERT, ACTION = PromptKind.RESULT, PromptKind.WINDOW, PromptKind.REVERT, PromptKind.ACTION
WORSE, REEVALUATION = PromptKind.WORSE, PromptKind.REEVALUATION
OTHER, TIME_OUT = PromptKind.OTHER, PromptKind.TIME_OUT
HOUR = timedelta(hours=1)
test_1 = Asked(test=1, question="is it up?", due=at(20), owner=BEN)
fix = Started(name="A1", plan="A", text="rolled back", window=timedelta(minutes=10))
todo = Promised(action=1, text="rerun it", owner=BEN, due=at(20))
SURE = Suspect(letter="A", statement="bad batch", p=0.85)
UNSURE = Suspect(letter="A", statement="bad batch", p=0.3)
POOLED = Pooled(hypotheses=THREE, estimates={})


def does(watch: Watch, *made: tuple[float, Step]) -> Watch:
    """The same after people made these steps, each at its minute."""
    for minute, step in made:
        watch.does(step, at=at(minute))
    return watch


def due(watch: Watch, kind: PromptKind, *, now: float = 0) -> list[tuple[float, str]]:
    """When each question of a kind is due, and what it is about."""
    return [(minutes(each.due_at), each.about) for each in watch.asks(at(now)) if each.kind is kind]


@pytest.mark.parametrize(
    ("made", "called"),
    [
        ([(3, named())], [(63, "unchanged 20261123T1203")]),
        ([(3, named(SURE))], [(3, "sure 20261123T1203"), (63, "unchanged 20261123T1203")]),
        (
            [(3, named()), (9, fix), (20, Ended(name="A1", outcome=Outcome.FAILED))],
            [(20, "failed A1"), (63, "unchanged 20261123T1203")],
        ),
        (
            [(3, named()), (9, fix), (20, Ended(name="A1", outcome=Outcome.WORKED))],
            [(63, "unchanged 20261123T1203")],
        ),
    ],
)
def test_a_time_out_is_called_on_its_triggers(
    made: list[tuple[float, Step]], called: list[tuple[float, str]]
) -> None:
    watch = does(Watch(incident(2)), *made)

    assert due(watch, TIME_OUT, now=60) == called


def test_no_time_out_is_called_where_two_tests_have_told_hypotheses_apart() -> None:
    watch = does(Watch(incident(2)), (0, named()))
    for number in (1, 2):
        does(watch, (1, Asked(test=number, question="is it up?")))
        does(watch, (1, Expected(test=number, likelihoods={"A": 0.99, "B": 0.01, "C": 0.01})))
    does(watch, (2, Found(test=1, verdict=Verdict.POSITIVE)))
    once = due(watch, TIME_OUT, now=10)

    does(watch, (3, Found(test=2, verdict=Verdict.POSITIVE)))

    assert watch.workup.differential.p("A") > 0.8
    assert [about.split()[0] for _, about in once] == ["sure", "unchanged"]
    assert [about.split()[0] for _, about in due(watch, TIME_OUT, now=10)] == ["unchanged"]


def test_a_revert_alone_is_no_answer_to_the_time_out_of_a_failure_and_a_new_thought_is() -> None:
    watch = does(well(2), (9, fix), (20, Ended(name="A1", outcome=Outcome.FAILED)))
    does(watch, (22, Ended(name="A1", outcome=Outcome.REVERTED)))
    reverted = due(watch, TIME_OUT, now=22)

    does(watch, (25, Reestimated(letter="A", p=0.1)))

    assert reverted[:1] == [(20, "failed A1")]
    assert [about.split()[0] for _, about in due(watch, TIME_OUT, now=25)] == ["unchanged"]


def test_two_reevaluations_without_a_change_call_for_one_time_out_until_something_moves() -> None:
    watch = well(1)
    watch.look(NOON)
    watch.runs(at(300))
    quiet = watch.asked(TIME_OUT)

    does(watch, (301, Reestimated(letter="A", p=0.5))).look(at(301))
    watch.runs(at(600))

    assert quiet == [30]
    assert watch.asked(TIME_OUT) == [30, 335]


def test_a_second_time_out_within_an_interval_waits_for_its_end() -> None:
    watch = does(Watch(incident(2, lead=ANA, triaged=True)), (3, named(SURE)), (4, fix))
    watch.look(at(4))
    does(watch, (15, Ended(name="A1", outcome=Outcome.FAILED))).look(at(15))

    watch.runs(at(60))

    assert watch.asked(TIME_OUT) == [4, 35]


def test_a_time_out_that_was_asked_is_not_asked_again_when_a_later_one_is_over() -> None:
    watch = does(Watch(incident(2, lead=ANA, triaged=True)), (0, named(SURE)))
    watch.look(NOON)
    watch.runs(at(65))
    does(watch, (66, Reestimated(letter="A", p=0.9))).look(at(66))
    watch.runs(at(125))

    assert watch.asked(TIME_OUT) == [0, 60]
    assert [each.about for each in watch.standing if each.kind is TIME_OUT] == ["sure 20261123T1200"]


@pytest.mark.parametrize(
    ("suspects", "asked"),
    [
        ((("A", 0.6), ("B", 0.2), ("C", 0.1)), False),
        ((("A", 0.4), ("B", 0.2), ("C", 0.05)), True),
        ((("A", 0.19), ("B", 0.19), ("C", 0.19), ("D", 0.19), ("E", 0.19)), True),
        ((("A", 0.21), ("B", 0.19), ("C", 0.19), ("D", 0.19), ("E", 0.19)), False),
    ],
)
def test_new_hypotheses_are_asked_for_where_something_else_or_nothing_is_likely(
    suspects: Sequence[tuple[str, float]],
    asked: bool,  # noqa: FBT001 - a column of the table.
) -> None:
    step = Named(hypotheses=tuple(Suspect(letter=name, statement=name, p=p) for name, p in suspects))

    watch = does(Watch(incident(2)), (7, step))

    assert due(watch, OTHER) == ([(7, "")] if asked else [])


def test_nobody_is_asked_for_new_hypotheses_before_a_first_differential_is_due() -> None:
    watch = does(Watch(incident(2)), (7, named(UNSURE)))

    assert due(watch, OTHER) == [(30, "")]
