"""Which questions are open: each kind's moment by the cadence, and what answers it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.chart import Kind
from bot.domain.diagnosis.testing import Verdict
from bot.domain.doing.action import action_name
from bot.domain.incident import Severity
from bot.domain.prompts.asking import first_prompts
from bot.domain.prompts.planning import matched
from bot.domain.prompts.question import PromptKind
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.steps import (
    ActionChanged,
    Asked,
    Completed,
    Ended,
    Found,
    Pooled,
    Promised,
    Reestimated,
    RevertWaived,
    Started,
    Step,
    Suspect,
)
from tests.domain.any_step import steps
from tests.domain.table import ANA, BEN, NOON, Table, at, said
from tests.domain.watch import THREE, Watch, incident, measured, minutes, named, well

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
    ("severity", "asked", "told"), [(1, 2.5, 5), (2, 5, 10), (3, 30, 60), (4, 60, 120), (5, 120, 240)]
)
def test_who_leads_is_asked_at_half_of_the_time_and_told_to_somebody_once_at_its_end(
    severity: int, asked: float, told: float
) -> None:
    watch = Watch(replace(incident(severity, triaged=True)))
    watch.does(named(), at=NOON)
    watch.look(NOON)

    watch.runs(at(2 * 24 * 60))

    assert watch.asked(LEAD)[0] == asked
    assert len(watch.asked(LEAD)) == 2
    assert watch.told(LEAD) == [told]


def test_whoever_is_asked_late_who_leads_has_as_long_as_they_would_have_had() -> None:
    watch = Watch(incident(1, triaged=True))

    watch.look(at(60))
    watch.runs(at(70))

    assert (watch.asked(LEAD), watch.told(LEAD)) == ([60, 65], [62.5])


@pytest.mark.parametrize(("severity", "every"), [(1, 15), (2, 30), (3, 60), (4, 120)])
def test_four_hours_in_which_nothing_happens_have_a_reevaluation_at_every_interval_and_none_at_the_close(
    severity: int, every: int
) -> None:
    watch = well(severity)
    watch.look(NOON)
    watch.runs(at(240))

    watch.acts(at(241), resolved_at=at(241))
    watch.look(at(241))

    assert watch.asked(REEVALUATION) == [*range(every, 241, every)]
    assert watch.next_at is None
    assert watch.asks(at(1000)) == ()
    assert [each for each in watch.prompts.values() if each.open] == []


@pytest.mark.parametrize("severity", [1, 2, 3, 4])
def test_an_untouched_incident_asks_for_every_reevaluation_within_five_minutes_of_its_beat(
    severity: int,
) -> None:
    watch = Watch(incident(severity))
    watch.look(NOON)
    watch.runs(at(245))
    every = {1: 15, 2: 30, 3: 60, 4: 120}[severity]

    late = [asked - (place + 1) * every for place, asked in enumerate(watch.asked(REEVALUATION))]

    assert len(late) == 240 // every
    assert all(0 <= each < 5 for each in late)


def test_a_sev5_has_no_reevaluation_unless_somebody_wants_one() -> None:
    watch = well(5)
    assert due(watch, REEVALUATION) == []

    watch.every = HOUR

    assert due(watch, REEVALUATION) == [(60, "20261123T1300")]


def test_a_reading_is_a_reevaluation_and_the_next_is_an_interval_later() -> None:
    watch = does(well(3), (37, measured("loss=1")))

    assert [minute for minute, _ in due(watch, REEVALUATION, now=40)] == [97]
    assert [minute for minute, _ in due(watch, REEVALUATION, now=97)] == [97, 157]


@pytest.mark.parametrize(
    ("signs", "told", "every"),
    [
        ("throughput=0.4x", [], 15),
        ("throughput=0.6x drift=0.3 p99=0.9x", [], 15),
        ("throughput=0.6x drift=0.3 p99=1.5x grad_norm=4x", [7], 5),
    ],
)
def test_bad_signs_are_asked_about_at_once_and_looked_at_more_often(
    signs: str, told: list[float], every: float
) -> None:
    watch = well(3)
    watch.look(NOON)
    does(watch, (7, measured(signs))).look(at(7))

    watch.runs(at(36))

    assert watch.asked(WORSE) == [7]
    assert watch.told(WORSE) == told
    # People were at work a moment ago, so the first re-evaluation waits until a third of it was silent.
    assert watch.asked(REEVALUATION) == [*range(7 + int(every), 37, int(every))]


def test_a_score_of_seven_is_asked_about_again_in_half_an_hour_and_one_of_five_in_an_hour() -> None:
    found = {}
    for signs in ("throughput=0.6x drift=0.3 p99=0.9x", "throughput=0.6x drift=0.3 p99=1.5x grad_norm=4x"):
        watch = does(well(3), (0, measured(signs)))
        watch.look(NOON)
        watch.runs(at(300))
        found[signs] = (watch.asked(WORSE), watch.told(WORSE))

    assert [*found.values()] == [([0, 60], [120]), ([0, 30], [0])]


def test_a_rise_by_two_is_asked_about_at_once() -> None:
    watch = does(well(3), (0, measured("throughput=1x")), (9, measured("throughput=0.6x")))

    assert due(watch, WORSE) == [(9, "20261123T1209")]


@pytest.mark.parametrize("minute", [8, 9, 10])
def test_a_severity_that_is_said_after_the_reading_answers_it(minute: int) -> None:
    watch = does(well(3), (9, measured("loss=nan")))

    watch.graded_at = at(minute)

    assert (due(watch, WORSE) == []) == (minute > 9)


def test_better_signs_answer_it() -> None:
    watch = does(well(3), (0, measured("loss=nan")), (9, measured("loss=1")))

    assert due(watch, WORSE) == []


@pytest.mark.parametrize(("severity", "within"), [(1, 15), (2, 30), (3, 60), (4, 120), (5, None)])
def test_a_first_differential_is_due_by_the_cadence_after_the_triage(
    severity: int, within: int | None
) -> None:
    untriaged, triaged = Watch(incident(severity)), Watch(incident(severity))
    triaged.acts(at(8), triaged_at=at(8))

    found = [due(watch, DIFFERENTIAL) for watch in (untriaged, triaged)]

    assert found == ([[(within, "")], [(within + 8, "")]] if within else [[], []])


def test_an_untouched_incident_is_triaged_and_led_and_looked_at() -> None:
    asked = {each.kind: minutes(each.due_at) for each in first_prompts(incident(2))}

    assert asked == {LEAD: 5, TRIAGE: 10, DIFFERENTIAL: 30, REEVALUATION: 30}
    assert [each.kind for each in first_prompts(incident(5, lead=ANA, triaged=True))] == []


def test_an_extended_window_is_a_new_question_and_a_failed_one_owes_its_revert() -> None:
    watch = does(well(3), (2, fix))
    assert due(watch, WINDOW) == [(12, "A1")]

    does(watch, (12, Ended(name="A1", outcome=Outcome.UNCLEAR)))
    assert due(watch, WINDOW) == [(22, "A1+")]
    assert due(watch, REVERT) == []
    does(watch, (22, Ended(name="A1", outcome=Outcome.UNCLEAR)))

    assert due(watch, WINDOW) == []
    assert due(watch, REVERT) == [(37, "A1")]


@pytest.mark.parametrize(("severity", "within"), [(1, 5), (2, 5), (3, 15), (4, 60)])
def test_a_revert_is_asked_for_when_the_vitals_are_next_read(severity: int, within: int) -> None:
    watch = does(well(severity), (2, fix), (9, Ended(name="A1", outcome=Outcome.FAILED)))

    assert due(watch, REVERT) == [(9 + within, "A1")]


def test_each_question_is_put_to_whoever_it_concerns() -> None:
    watch = does(well(3), (0, test_1), (0, todo), (0, fix))

    asked = {each.kind: each.to for each in watch.asks(NOON)}

    assert (asked[RESULT], asked[ACTION], asked[WINDOW], asked[REEVALUATION]) == (BEN, BEN, ANA, None)


def test_what_has_no_time_is_not_asked_for() -> None:
    watch = does(
        well(3),
        (0, Asked(test=1, question="is it up?")),
        (0, Promised(action=1, text="look", owner=BEN)),
    )

    assert due(watch, RESULT) == due(watch, ACTION) == []


Answer = Callable[[Watch], object]


@pytest.mark.parametrize(
    ("kind", "made", "answer"),
    [
        (LEAD, (), lambda watch: watch.acts(at(30), lead=BEN)),
        (TRIAGE, (), lambda watch: watch.acts(at(30), triaged_at=at(30))),
        (DIFFERENTIAL, (), lambda watch: does(watch, (30, named()))),
        (
            DIFFERENTIAL,
            (),
            lambda watch: does(watch, (30, POOLED)),
        ),
        (RESULT, (test_1,), lambda watch: does(watch, (30, Found(test=1, verdict=Verdict.POSITIVE)))),
        (RESULT, (test_1,), lambda watch: does(watch, (30, Found(test=1, verdict=Verdict.INCONCLUSIVE)))),
        (WINDOW, (fix,), lambda watch: does(watch, (30, Ended(name="A1", outcome=Outcome.WORKED)))),
        (WINDOW, (fix,), lambda watch: does(watch, (30, Ended(name="A1", outcome=Outcome.FAILED)))),
        (WINDOW, (fix,), lambda watch: does(watch, (30, Ended(name="A1", outcome=Outcome.REVERTED)))),
        (
            REVERT,
            (fix, Ended(name="A1", outcome=Outcome.FAILED)),
            lambda watch: does(watch, (30, Ended(name="A1", outcome=Outcome.REVERTED))),
        ),
        (
            REVERT,
            (fix, Ended(name="A1", outcome=Outcome.FAILED)),
            lambda watch: does(watch, (30, RevertWaived(name="A1", reason="harmless"))),
        ),
        (ACTION, (todo,), lambda watch: does(watch, (30, Completed(action=1, words="seen")))),
        (WORSE, (measured("loss=nan"),), lambda watch: does(watch, (30, measured("loss=1")))),
        (REEVALUATION, (), lambda watch: does(watch, (30, measured("loss=1")))),
        (
            OTHER,
            (named(UNSURE),),
            lambda watch: does(watch, (30, Reestimated(letter="A", p=0.8))),
        ),
        (
            TIME_OUT,
            (named(SURE),),
            lambda watch: does(watch, (30, Reestimated(letter="A", p=0.6))),
        ),
    ],
)
def test_whatever_answers_a_question_cancels_its_prompt(
    kind: PromptKind, made: Sequence[Step], answer: Answer
) -> None:
    watch = does(Watch(incident(2)), *((0, step) for step in made))
    watch.look(NOON)
    watch.runs(at(30))
    before = {each.key: each for each in watch.prompts.values() if each.kind is kind and each.asks}

    answer(watch)
    watch.look(at(30))

    assert before
    for key in before:
        assert (watch.prompts[key].answered_at, watch.prompts[key].answered_by) == (at(30), None), key


def test_a_result_that_says_nothing_yet_is_still_asked_for() -> None:
    watch = does(well(3), (0, test_1), (5, Found(test=1, words="hm")))

    assert due(watch, RESULT) == [(20, "T1")]


def test_another_time_of_an_action_is_when_it_is_asked_for() -> None:
    watch = does(well(3), (0, todo), (5, ActionChanged(action=1, due=at(90))))

    assert due(watch, ACTION) == [(90, action_name(1))]


def test_words_in_the_thread_answer_like_buttons() -> None:
    found = Table()
    found.says("dx: bad batch 40%\nstring columns 30%\ndisk is full 20%")
    found.says("test: run it on 8 rows due 20m")
    found.hears(said("A roll back; within 10m", Kind.INTERVENTION, minute=3))
    watch = Watch(incident(2, lead=ANA, triaged=True), recorded=found.recorded, workup=found.workup)
    assert due(watch, WINDOW) == [(13, "A1")]

    found.says("outcome: A1 worked")
    found.says("result: T1 positive KeyError")
    watch.recorded = found.recorded
    watch.does(at=at(5))

    assert due(watch, WINDOW) == due(watch, RESULT) == []


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 200), steps), max_size=12),
    st.integers(1, 5),
    st.integers(0, 500),
)
def test_whatever_has_happened_the_questions_differ_and_a_close_answers_all(
    made: list[tuple[int, Step]], severity: int, now: int
) -> None:
    watch = Watch(incident(severity))
    for minute, step in sorted(made, key=lambda pair: pair[0]):
        watch.does(step, at=at(minute))

    asked = watch.asks(at(now))
    prompts, changed = matched(asked, [], at(now))
    watch.acts(at(now), resolved_at=at(now))
    after, _ = matched(watch.asks(at(now)), [*prompts.values()], at(now))

    assert len({each.key for each in asked}) == len(asked)
    assert prompts == changed
    assert all(len(each.about) <= 64 for each in asked)
    assert all(each.answered_at == at(now) for each in after.values())


def test_every_severity_has_its_questions() -> None:
    assert all(Watch(incident(severity)).asks(NOON) for severity in Severity)
