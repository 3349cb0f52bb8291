"""What a digest says is a function of values: the state of each incident, and the last two weeks."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digest.calibration import brier
from bot.domain.digest.compiling import (
    Case,
    History,
    Occasion,
    Stay,
    compile_digest,
    people_in,
)
from bot.domain.digest.document import DIGEST, Digest, Late, Leading, Running, Trend
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.domain.incident import Incident, Phase, Severity
from bot.domain.signs.stability import Stability
from bot.domain.signs.vital_grammar import read
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.fold import fold
from bot.domain.work.steps import Asked, Ended, Measured, Named, Recorded, Started, Step, Suspect
from bot.domain.work.workup import Workup

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
YESTERDAY = NOON - timedelta(hours=30)
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
ANA = UserId("U0ANA")
HERE = ChannelId("C0HERE")
TODAY = date(2026, 11, 23)


def occasion(**changes: Any) -> Occasion:
    fields: dict[str, Any] = {
        "team": TeamId("T0"),
        "channel": HERE,
        "address": "https://x.slack.com/",
        "zone": "UTC",
        "date": TODAY,
        "at": NOON,
    }
    return Occasion(**fields | changes)


def incident(number: int = 1, **changes: Any) -> Incident:
    fields: dict[str, Any] = {
        "team": TeamId("T0"),
        "number": IncidentNumber(number),
        "title": "loss is NaN",
        "seen": "loss is NaN",
        "severity": Severity.SEV2,
        "triaged_at": YESTERDAY,
        "lead": ANA,
        "private": False,
        "channel": HERE,
        "thread_ts": MessageTs("1700000000.000100"),
        "opened_by": ANA,
        "opened_at": YESTERDAY,
        "active_at": YESTERDAY,
    }
    return Incident(**fields | changes)


def case(found: Incident | None = None, steps: Sequence[tuple[datetime, Step]] = (), **changes: Any) -> Case:
    recorded = (Recorded(seq=seq, step=step, by=ANA, at=at) for seq, (at, step) in enumerate(steps))
    fields: dict[str, Any] = {
        "incident": found or incident(),
        "phase": Phase.TRIAGE,
        "workup": fold(recorded),
        "severities": [(YESTERDAY, Severity.SEV2)],
        "changed_at": YESTERDAY,
    }
    return Case(**fields | changes)


def compiled(*cases: Case, history: History | None = None, **changes: Any) -> Digest:
    return compile_digest(occasion(**changes), cases, history or History(), {ANA: "ana"})


def read_at(at: datetime, typed: str) -> tuple[datetime, Step]:
    return at, Measured(readings=tuple(read(typed)))


def named(impact: int = 5) -> Named:
    return Named(hypotheses=(Suspect(letter="A", statement="collator", p=0.6, impact=impact),))


def test_the_worst_stands_first_then_what_nobody_leads_then_the_oldest() -> None:
    digest = compiled(
        case(incident(1)),
        case(incident(4, lead=None)),
        case(incident(2, severity=Severity.SEV1)),
        case(incident(3, lead=None)),
    )

    assert [each.place.number for each in digest.standing] == [2, 3, 4, 1]


def test_an_incident_is_told_with_what_it_could_be_and_what_is_tried_and_late() -> None:
    steps: list[tuple[datetime, Step]] = [
        (YESTERDAY, named()),
        (YESTERDAY, Asked(test=1, question="q", due=NOON - AN_HOUR)),
        (YESTERDAY, Asked(test=2, question="q", due=NOON + AN_HOUR)),
        (NOON - AN_HOUR, Started(name="A1", plan="A", text="x", target="A", window=AN_HOUR / 2)),
    ]
    prompt = Late(what="re-evaluation", since=NOON)

    [found] = compiled(case(steps=steps, prompts=[prompt])).standing

    assert found.leading == Leading(letter="A", statement="collator", p=0.6)
    assert found.must_not_miss == ("A",)
    assert found.running == Running(name="A1", target="A", until=NOON - AN_HOUR / 2)
    assert found.late == (
        Late(what="result", about="T1", since=NOON - AN_HOUR),
        Late(what="outcome", about="A1", since=NOON - AN_HOUR / 2),
    )
    assert found.prompts == (prompt,)


def test_what_failed_is_owed_until_it_is_taken_back_and_told_for_a_day_then() -> None:
    started = (YESTERDAY, Started(name="A1", plan="A", text="x", window=AN_HOUR))
    failed = (YESTERDAY, Ended(name="A1", outcome=Outcome.FAILED))

    def ending(at: datetime) -> Digest:
        return compiled(case(steps=[started, failed, (at, Ended(name="A1", outcome=Outcome.REVERTED))]))

    owing, fresh, old = compiled(case(steps=[started, failed])), ending(NOON - AN_HOUR), ending(YESTERDAY)

    assert (owing.standing[0].owes_revert, owing.standing[0].reverted) == ("A1", ())
    assert (fresh.standing[0].owes_revert, fresh.standing[0].reverted) == (None, ("A1",))
    assert old.standing[0].reverted == ()


def test_a_severity_of_yesterday_is_told_only_where_it_was_another_one() -> None:
    changed = [(YESTERDAY, Severity.SEV4), (NOON - AN_HOUR, Severity.SEV2)]
    before = [(YESTERDAY - A_DAY, Severity.SEV4), (YESTERDAY, Severity.SEV2)]
    new = [(NOON - 2 * AN_HOUR, Severity.SEV3), (NOON - AN_HOUR, Severity.SEV2)]

    found = compiled(*(case(incident(n), severities=each) for n, each in enumerate([changed, before, new])))

    assert [each.severity_before for each in found.standing] == [Severity.SEV4, None, Severity.SEV3]


def test_the_score_is_compared_with_that_of_the_day_before() -> None:
    worse = case(steps=[read_at(YESTERDAY, "throughput=1x"), read_at(NOON - AN_HOUR, "throughput=0.4x")])
    better = case(steps=[read_at(YESTERDAY, "throughput=0.4x"), read_at(NOON - AN_HOUR, "throughput=1x")])
    same = case(steps=[read_at(YESTERDAY, "throughput=1x")])

    found = [compiled(each).standing[0] for each in (worse, better, same)]

    assert [each.trend for each in found] == [Trend.UP, Trend.DOWN, Trend.SAME]
    assert (found[0].score, found[0].stability) == (3, Stability.WATCHER)


def test_without_a_reading_of_the_day_before_the_one_before_counts() -> None:
    twice = case(
        steps=[read_at(NOON - 2 * AN_HOUR, "throughput=1x"), read_at(NOON - AN_HOUR, "throughput=0.4x")]
    )
    once = case(steps=[read_at(NOON - AN_HOUR, "throughput=0.4x")])

    assert compiled(twice).standing[0].trend is Trend.UP
    assert compiled(once).standing[0].trend is None
    assert compiled(case()).standing[0].stability is Stability.UNKNOWN


def test_what_was_resolved_is_told_with_its_cause() -> None:
    done = incident(7, resolved_at=NOON - AN_HOUR, resolved_by=ANA, diagnosis="string columns")

    [found] = compiled(history=History(resolved=[done])).resolved

    assert (found.place.number, found.cause, found.resolved_at) == (7, "string columns", NOON - AN_HOUR)


def test_the_days_tell_how_many_were_open_at_their_ends() -> None:
    stays = [
        Stay(NOON - 3 * A_DAY, NOON - A_DAY),
        Stay(NOON - 40 * A_DAY, NOON - 2 * A_DAY),
        Stay(NOON - AN_HOUR, None),
    ]

    days = compiled(case(), history=History(stays=stays)).trends.days

    assert [day.date for day in days] == [TODAY - place * A_DAY for place in range(13, -1, -1)]
    assert [(day.open, day.opened, day.resolved) for day in days[-5:]] == [
        (1, 0, 0),
        (2, 1, 0),
        (1, 0, 1),
        (0, 0, 1),
        (1, 1, 0),
    ]


def test_a_day_is_the_one_that_the_zone_has() -> None:
    late = Stay(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), None)

    found = compiled(case(), history=History(stays=[late]), zone="Europe/Berlin").trends.days

    assert [day.opened for day in found[-2:]] == [0, 1]


def test_the_medians_are_those_of_the_two_weeks() -> None:
    stays = [Stay(NOON - (hours + 1) * AN_HOUR, NOON - AN_HOUR) for hours in (1, 2, 30)]
    differentials = [timedelta(minutes=10), timedelta(minutes=20)]
    history = History(stays=stays, differentials=differentials, scores=[100, 60, 85, 90])

    found = compiled(history=history).trends

    assert (found.resolution, found.resolutions) == (2 * AN_HOUR, 3)
    assert (found.differential, found.differentials) == (timedelta(minutes=15), 2)
    assert (found.score, found.handoffs) == (87.5, 4)


def test_two_weeks_in_which_nothing_was_open_are_empty() -> None:
    assert compiled().trends.empty
    assert not compiled(case()).trends.empty


def test_everybody_who_is_named_is_looked_up() -> None:
    titled = incident(title="ask @U0BEN", lead=UserId("U0CHO"))
    done = incident(2, diagnosis="@U0DEV knows", resolved_at=NOON)

    assert people_in([case(titled)], [done]) == {"U0BEN", "U0CHO", "U0DEV"}


spans = st.timedeltas(timedelta(0), timedelta(days=20))


@given(
    st.lists(
        st.tuples(spans, spans).map(
            lambda pair: Stay(NOON - max(pair), NOON - min(pair) if pair[0] > pair[1] else None)
        )
    )
)
def test_what_is_open_at_the_end_of_a_day_is_never_negative_and_ends_at_what_is_open_now(
    stays: list[Stay],
) -> None:
    still = [case(incident(number)) for number, stay in enumerate(stays) if stay.resolved_at is None]
    since = occasion().first_day
    known = [stay for stay in stays if stay.opened_at >= since or (stay.resolved_at or NOON) >= since]

    days = compiled(*still, history=History(stays=known)).trends.days

    assert days[-1].open == len(still)
    assert all(day.open >= 0 for day in days)


def test_a_stored_digest_is_read_as_it_was() -> None:
    digest = compiled(case(steps=[(YESTERDAY, named())]), late=True, due_at=NOON - AN_HOUR)

    assert DIGEST.validate_json(digest.model_dump_json()) == digest


def closed(p: float, diagnosis: str = "collator") -> tuple[Workup, str]:
    suspects = (Suspect(letter="A", statement="collator", p=p), Suspect(letter="B", statement="shard", p=0.2))
    return fold([Recorded(seq=1, step=Named(hypotheses=suspects), by=ANA, at=YESTERDAY)]), diagnosis


def test_estimates_are_judged_by_what_it_turned_out_to_be() -> None:
    score, first = brier(*closed(0.6)) or (None, None)
    wrong = brier(*closed(0.1))

    # 60, 20 and 20 %: (1 - 0.6)² + 0.2² + 0.2².
    assert score == pytest.approx(0.24)
    assert first
    assert wrong is not None
    assert wrong[1] is False


def test_what_was_named_by_no_hypothesis_cannot_be_judged() -> None:
    assert brier(*closed(0.6, "something else")) is None


def test_calibration_is_told_from_twenty_closed_incidents_on() -> None:
    few = [closed(0.6)] * 19 + [closed(0.6, "unknown")] * 9
    enough = [closed(0.6)] * 19 + [closed(0.1)]

    assert compiled(history=History(closed=few)).calibration is None
    found = compiled(history=History(closed=enough)).calibration
    assert found is not None
    assert (found.closed, found.first) == (20, 19)
