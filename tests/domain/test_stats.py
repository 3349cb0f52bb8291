"""The figures of a period: what counts, from when on, and that nothing is made of no data."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diagnosis.testing import Verdict
from bot.domain.handoff.scoring import COMPLETE
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.domain.incident import Incident, Severity
from bot.domain.stats import Attempt, Case, Milestone, Stats, first_telling, stats, tried_before_cure
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.fold import fold
from bot.domain.work.steps import Asked, Ended, Expected, Found, Named, Recorded, Started, Step, Suspect

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SINCE = NOON - timedelta(days=30)
OPENED = NOON - timedelta(days=3)
ANA = UserId("U0ANA")


def incident(number: int = 1, **changes: Any) -> Incident:
    fields: dict[str, Any] = {
        "team": TeamId("T0"),
        "number": IncidentNumber(number),
        "title": "loss is NaN",
        "seen": "loss is NaN",
        "severity": Severity.SEV2,
        "triaged_at": None,
        "lead": None,
        "private": False,
        "channel": ChannelId("C0HERE"),
        "thread_ts": MessageTs("1.000001"),
        "opened_by": ANA,
        "opened_at": OPENED,
        "active_at": OPENED,
    }
    return Incident(**fields | changes)


def resolved(number: int = 1, diagnosis: str = "collator", minutes: float = 60, **changes: Any) -> Incident:
    at = OPENED + timedelta(minutes=minutes)
    return incident(number, resolved_at=at, resolved_by=ANA, diagnosis=diagnosis, **changes)


def case(found: Incident, *steps: tuple[float, Step]) -> Case:
    """An incident with steps, each so many minutes after its opening."""
    recorded = [
        Recorded(seq=seq, step=step, by=ANA, at=found.opened_at + timedelta(minutes=minutes))
        for seq, (minutes, step) in enumerate(steps, start=1)
    ]
    return Case(found, fold(recorded))


def of(*cases: Case, attempts: Sequence[Attempt] = ()) -> Stats:
    return stats(cases, attempts, since=SINCE, until=NOON)


def suspects(**named: float) -> Named:
    names = {"A": "collator", "B": "bad shard", "C": "learning rate"}
    return Named(
        hypotheses=tuple(Suspect(letter=each, statement=names[each], p=p) for each, p in named.items())
    )


NAMED = (5.0, suspects(A=0.3, B=0.5))
ASKED = (6.0, Asked(test=1, question="one batch?", bears_on=("A",)))
TOLD_APART = (7.0, Expected(test=1, likelihoods={"A": 0.95, "B": 0.05}))
SAME = (7.0, Expected(test=1, likelihoods={"A": 0.5, "B": 0.5}))


def found(minutes: float, verdict: Verdict) -> tuple[float, Step]:
    return minutes, Found(test=1, verdict=verdict)


def started(minutes: float, name: str) -> tuple[float, Step]:
    return minutes, Started(name=name, plan=name[0], text="try", window=timedelta(minutes=5), target=name[0])


def ended(minutes: float, name: str, outcome: Outcome) -> tuple[float, Step]:
    return minutes, Ended(name=name, outcome=outcome, words="")


def test_without_incidents_there_are_no_figures_and_nothing_to_draw() -> None:
    none = of()

    assert none.empty
    assert not none.drawable
    assert [none.typical(each) for each in Milestone] == [None, None, None]
    assert (none.score, none.calibration, none.ranks, none.tests, none.tried) == (None, None, (), (), ())


def test_the_way_of_an_incident_is_timed_from_its_opening() -> None:
    whole = of(case(resolved(), NAMED, ASKED, TOLD_APART, found(20, Verdict.POSITIVE)))

    minutes = {each: whole.typical(each) for each in Milestone}
    assert minutes == {
        Milestone.DIFFERENTIAL: timedelta(minutes=5),
        Milestone.TEST: timedelta(minutes=20),
        Milestone.RESOLUTION: timedelta(minutes=60),
    }
    assert (whole.tests, whole.ranks) == ((1,), (2,))


def test_what_was_opened_before_the_period_counts_only_with_its_end() -> None:
    before = SINCE - timedelta(days=1)
    old = incident(opened_at=before, resolved_at=SINCE + timedelta(days=1), diagnosis="collator")

    late = of(case(old, NAMED))

    assert (late.opened, late.resolved) == (0, 1)
    assert late.took(Milestone.DIFFERENTIAL) == []
    assert late.typical(Milestone.RESOLUTION) == timedelta(days=2)


def test_who_marks_a_message_older_than_the_incident_took_no_time() -> None:
    assert of(case(incident(), (-10, suspects(A=0.3)))).typical(Milestone.DIFFERENTIAL) == timedelta()


@pytest.mark.parametrize(
    ("expected", "verdict", "tells"),
    [
        (TOLD_APART, Verdict.POSITIVE, True),
        (TOLD_APART, Verdict.NEGATIVE, True),
        (TOLD_APART, Verdict.INCONCLUSIVE, False),
        (SAME, Verdict.POSITIVE, False),
    ],
)
def test_a_test_tells_something_where_it_tells_hypotheses_apart(
    expected: tuple[float, Step], verdict: Verdict, *, tells: bool
) -> None:
    workup = case(incident(), NAMED, ASKED, expected, found(20, verdict)).workup

    assert (first_telling(workup) is not None) is tells
    assert bool(workup.discriminating) is tells


def test_what_is_estimated_anew_is_no_test() -> None:
    workup = case(incident(), NAMED, ASKED, (9, suspects(C=0.2))).workup

    assert first_telling(workup) is None


def test_interventions_before_the_cure_are_those_before_the_last_that_worked() -> None:
    tried = [started(10, "A1"), ended(20, "A1", Outcome.FAILED), started(30, "B1")]
    cured = case(resolved(), NAMED, *tried, ended(40, "B1", Outcome.WORKED))
    never = case(resolved(2), NAMED, *tried[:2])

    assert tried_before_cure(cured.workup) == 1
    assert tried_before_cure(never.workup) is None
    assert of(cured, never).tried == (1,)


def test_what_was_done_together_was_one_attempt() -> None:
    together = [started(10, "A1"), started(11, "B1"), ended(20, "A1", Outcome.FAILED)]
    cured = case(resolved(), NAMED, *together, started(30, "A2"), ended(40, "A2", Outcome.WORKED))

    assert tried_before_cure(cured.workup) == 1


def test_a_cause_has_its_place_in_the_first_differential_or_was_not_named_yet() -> None:
    late = case(resolved(2, "learning rate"), NAMED, (30, suspects(C=0.2)))
    unknown = case(resolved(3, "unknown"), NAMED)
    by_letter = case(resolved(4, "B"), NAMED)

    assert of(case(resolved(), NAMED), late, unknown, by_letter).ranks == (2, None, 1)


@pytest.mark.parametrize(("judged", "told"), [(19, False), (20, True)])
def test_calibration_is_told_from_twenty_judged_incidents_on(judged: int, *, told: bool) -> None:
    whole = of(*(case(resolved(n), NAMED) for n in range(judged)), case(resolved(99, "unknown"), NAMED))

    assert whole.judged == judged
    assert (whole.calibration is not None) is told


def test_of_handoffs_only_those_count_that_came_to_their_end() -> None:
    accepted = Attempt(at=NOON, accepted=True, score=92, five=True)
    attempts = [
        accepted,
        Attempt(at=NOON, accepted=True, score=60, five=True),
        Attempt(at=NOON, score=85),
        Attempt(at=NOON, waiting=True),
        Attempt(at=NOON, sent=False),
        Attempt(at=NOON, sent=False, without=True),
    ]

    whole = of(attempts=attempts)

    assert (len(whole.handed), len(whole.scored), whole.score, whole.without) == (3, 2, 76, 1)
    assert [each for each in attempts if each.complete] == [accepted]


@pytest.mark.parametrize(
    "lacking", [{"score": COMPLETE - 1}, {"five": False}, {"overridden": True}, {"accepted": False}]
)
def test_a_handoff_is_complete_only_with_all_that_counts(lacking: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"at": NOON, "accepted": True, "score": COMPLETE, "five": True}

    assert Attempt(**whole).complete
    assert not Attempt(**whole | lacking).complete


spans = st.floats(min_value=0, max_value=100_000, allow_nan=False)
cases = st.lists(st.tuples(spans, spans, st.booleans()), max_size=12)


@given(cases)
def test_every_median_lies_among_what_was_taken_and_nothing_is_negative(
    drawn: list[tuple[float, float, bool]],
) -> None:
    made = [
        case(
            resolved(n, minutes=end) if closed else incident(n),
            (named, suspects(A=0.3, B=0.5)),
        )
        for n, (named, end, closed) in enumerate(drawn)
    ]

    whole = of(*made)

    assert (whole.opened, len(whole.took(Milestone.DIFFERENTIAL))) == (len(drawn), len(drawn))
    assert len(whole.tests) == whole.resolved == sum(closed for *_, closed in drawn)
    for milestone in Milestone:
        took, typical = whole.took(milestone), whole.typical(milestone)
        assert (typical is None) is (not took)
        if typical is not None:
            near = timedelta(milliseconds=1)
            assert timedelta() <= min(took) <= typical + near <= max(took) + 2 * near


@given(cases, st.randoms())
def test_the_order_of_incidents_changes_no_figure(
    drawn: list[tuple[float, float, bool]], chance: Any
) -> None:
    made = [
        case(resolved(n, minutes=end) if closed else incident(n), (named, suspects(A=0.3)))
        for n, (named, end, closed) in enumerate(drawn)
    ]
    shuffled = list(made)
    chance.shuffle(shuffled)

    one, other = of(*made), of(*shuffled)

    assert [one.typical(each) for each in Milestone] == [other.typical(each) for each in Milestone]
    assert (sorted(one.tests), one.judged) == (sorted(other.tests), other.judged)
