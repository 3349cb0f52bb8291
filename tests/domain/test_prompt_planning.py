"""When questions are asked: together, not too often, twice at most, never while they were put off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.diagnosis.testing import Verdict
from bot.domain.ids import UserId
from bot.domain.incident import Severity
from bot.domain.prompts.planning import Thread, plan, standing, upcoming
from bot.domain.prompts.question import Prompt, PromptKind, Question
from bot.domain.prompts.quiet import QuietHours
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.steps import ActionChanged, Asked, Ended, Found, Promised, Started
from tests.domain.table import ANA, BEN, NOON, at
from tests.domain.watch import Event, Seen, Watch, incident, lived, measured, minutes, named, well

LEAD, RESULT, ACTION = PromptKind.LEAD, PromptKind.RESULT, PromptKind.ACTION
REEVALUATION, TIME_OUT, WORSE = PromptKind.REEVALUATION, PromptKind.TIME_OUT, PromptKind.WORSE
FIVE = timedelta(minutes=5)
THREE_HOURS = 180.0
NIGHT = QuietHours(starts=22 * 60, ends=7 * 60, zone="UTC")
AFTERNOON = {None: QuietHours(starts=13 * 60, ends=15 * 60, zone="Europe/Berlin")}


def history(severity: int, quiet: dict[UserId | None, QuietHours]) -> Watch:
    return Watch(incident(severity), quiet=quiet)


def done(watch: Watch) -> list[Seen]:
    """The looks that came to something."""
    return [seen for seen in watch.looks if seen.ask or seen.escalate]


@pytest.mark.parametrize("severity", [1, 2, 3, 4])
def test_after_hours_of_downtime_the_beats_that_were_missed_are_asked_as_one(severity: int) -> None:
    watch = well(severity)
    watch.look(NOON)

    watch.look(at(24 * 60 + 1))

    assert [key[0] for key in watch.looks[-1].ask].count(REEVALUATION) == 1
    assert watch.looks[-1].escalate == ()
    assert len(watch.posts) == 1


def test_what_is_due_within_five_minutes_of_a_prompt_comes_with_the_next() -> None:
    watch = Watch(incident(1, triaged=True))
    watch.look(NOON)
    for number, due in ((1, 4.0), (2, 5.0), (3, 7.0)):
        watch.does(Asked(test=number, question="is it up?", due=at(due)), at=NOON)
    watch.look(NOON)

    watch.runs(at(8))

    assert [(minutes(seen.now), [about for _, about in seen.ask]) for seen in done(watch) if seen.ask] == [
        (2.5, [""]),
        (7.5, ["", "T1", "T2", "T3"]),
    ]


def test_activity_puts_a_reevaluation_off_until_a_third_of_its_interval_was_silent() -> None:
    watch = lived(well(3), [Event(at=55, what="a reply", number=0)], until=110)

    assert watch.asked(REEVALUATION) == [75]


def test_activity_puts_a_reevaluation_off_by_two_thirds_of_its_interval_at_most() -> None:
    story = [Event(at=minute, what="a reply", number=0) for minute in range(5, 115, 5)]

    watch = lived(well(3), story, until=115)

    assert watch.asked(REEVALUATION) == [100]


def test_activity_puts_a_result_that_is_due_off_by_nothing() -> None:
    watch = well(3)
    watch.does(Asked(test=1, question="is it up?", due=at(20)), at=NOON)

    lived(watch, [Event(at=minute, what="a reply", number=0) for minute in range(20)], until=30)

    assert watch.asked(RESULT) == [20]


def test_a_result_is_asked_when_due_and_an_interval_later_then_somebody_is_told_and_then_silence() -> None:
    watch = well(3)
    watch.does(Asked(test=1, question="is it up?", due=at(20), owner=BEN), at=NOON)
    watch.look(NOON)

    watch.runs(at(24 * 60))

    assert watch.asked(RESULT) == [20, 80]
    assert watch.told(RESULT) == [140]


def test_a_third_reevaluation_in_vain_is_told_to_somebody_once_until_there_is_a_sign_of_life() -> None:
    watch = lived(well(1), [Event(at=121, what="a reply", number=0)], until=240)

    assert watch.told(REEVALUATION) == [45, 165]


def test_what_nobody_could_be_asked_was_not_asked_in_vain() -> None:
    watch = well(1)
    watch.look(NOON)
    for beat in (65, 75, 90):
        watch.look(at(beat))

    assert watch.asked(REEVALUATION) == [65, 75, 90]
    assert watch.told(REEVALUATION) == [90]


def test_a_snoozed_question_comes_back_when_it_was_put_off_to_even_where_it_is_asked_only_once() -> None:
    watch = well(3)
    watch.look(NOON)
    watch.runs(at(60))

    watch.snoozes(at(61), at(76))
    watch.look(at(61))
    watch.runs(at(119))

    assert watch.asked(REEVALUATION) == [60, 76]


def test_a_snooze_holds_for_the_reevaluations_that_come_in_the_meantime() -> None:
    watch = well(1)
    watch.look(NOON)
    watch.runs(at(15))

    watch.snoozes(at(16), at(70))
    watch.look(at(16))
    watch.runs(at(90))

    assert watch.asked(REEVALUATION) == [15, 70, 75, 90]


def test_while_a_thread_is_snoozed_only_what_somebody_waits_for_is_asked() -> None:
    watch = well(2)
    watch.does(Asked(test=1, question="is it up?", due=at(50)), at=NOON)
    watch.look(NOON)
    watch.runs(at(30))

    watch.snoozes(at(31), at(91))
    watch.look(at(31))
    watch.runs(at(100))

    assert watch.asked(REEVALUATION) == [30, 91]
    assert watch.asked(TIME_OUT) == [91]
    assert watch.asked(RESULT)[:1] == [50]


def test_a_failed_intervention_calls_its_time_out_whatever_was_snoozed_before() -> None:
    watch = well(2)
    watch.does(Started(name="A1", plan="A", text="x", window=timedelta(minutes=50)), at=NOON)
    watch.look(NOON)
    watch.runs(at(30))
    watch.snoozes(at(31), at(91))
    watch.look(at(31))

    watch.does(Ended(name="A1", outcome=Outcome.FAILED), at=at(40))
    watch.look(at(40))
    watch.runs(at(45))

    assert watch.asked(TIME_OUT) == [40]


def test_a_second_snooze_holds_for_what_the_first_has_held_back() -> None:
    watch = well(2)
    watch.does(Asked(test=1, question="is it up?", due=at(50)), at=NOON)
    watch.look(NOON)
    watch.runs(at(30))
    watch.snoozes(at(31), at(91))
    watch.look(at(31))
    watch.runs(at(50))

    watch.snoozes(at(52), at(110))
    watch.look(at(52))
    watch.runs(at(115))

    assert watch.asked(TIME_OUT) == [110]


def test_what_was_asked_has_been_waited_for_since_then_even_where_it_would_be_due_later_by_now() -> None:
    watch = Watch(incident(1, triaged=True))
    watch.look(NOON)
    watch.runs(at(15))

    watch.acts(at(16), severity=Severity.SEV2)
    watch.look(at(16))

    assert minutes(watch.prompts[PromptKind.DIFFERENTIAL, ""].due_at) == 15


def test_of_the_reevaluations_that_a_snooze_holds_back_only_those_to_come_stay_open() -> None:
    watch = well(1)
    watch.look(NOON)
    watch.runs(at(15))
    watch.snoozes(at(16), at(120))

    for minute in (16, 30, 45, 60, 75):
        watch.look(at(minute))

    unasked = [each for each in watch.prompts.values() if each.open and not each.asks]
    beats = [minutes(each.due_at) for each in unasked if each.kind is REEVALUATION]
    assert beats == [75, 90]


def test_a_snoozed_result_that_was_asked_twice_is_asked_a_third_time_and_then_told() -> None:
    watch = well(3)
    watch.does(Asked(test=1, question="is it up?", due=at(20)), at=NOON)
    watch.look(NOON)
    watch.runs(at(90))

    watch.snoozes(at(90), at(200))
    watch.look(at(90))
    watch.runs(at(600))

    assert watch.asked(RESULT) == [20, 80, 200]
    assert watch.told(RESULT) == [260]


def test_a_declined_question_is_not_asked_again() -> None:
    watch = Watch(incident(1))
    watch.look(NOON)
    watch.runs(at(3))

    watch.declines(at(3), LEAD)
    watch.look(at(3))
    watch.runs(at(600))

    assert watch.asked(LEAD) == [2.5]
    assert watch.told(LEAD) == []


def test_a_question_that_is_back_is_asked_from_its_beginning() -> None:
    watch = Watch(incident(2))

    story = [Event(at=6, what="a lead", number=1), Event(at=36, what="a lead", number=0)]
    lived(watch, story, until=120)

    assert watch.asked(LEAD) == [5, 36, 46]
    assert watch.told(LEAD) == [41]


def test_what_a_person_has_answered_stays_answered_when_it_is_back() -> None:
    watch = well(1)
    watch.does(measured("loss=nan"), at=at(1))
    watch.look(at(1))
    watch.answers(at(2), WORSE)
    worse = watch.recorded[-1]

    watch.recorded = watch.recorded[:-1]
    watch.does(at=at(3))
    watch.look(at(3))
    watch.recorded.append(worse)
    watch.does(at=at(4))
    watch.look(at(8))

    assert watch.asked(WORSE) == [1]


def test_an_action_that_is_promised_for_a_later_time_is_asked_anew() -> None:
    watch = well(3)
    watch.does(Promised(action=1, text="look", owner=BEN, due=at(20)), at=NOON)
    watch.look(NOON)
    watch.runs(at(150))

    watch.does(ActionChanged(action=1, due=at(300)), at=at(151))
    watch.look(at(151))
    watch.runs(at(299))
    early = watch.asked(ACTION)
    watch.runs(at(600))

    assert early == [20, 80]
    assert watch.asked(ACTION) == [20, 80, 300, 360]
    assert watch.told(ACTION) == [140, 420]


def test_nothing_is_asked_while_prompts_are_off_and_what_is_due_when_they_are_on_again() -> None:
    story = [Event(at=1, what="a switch", number=0), Event(at=100, what="a switch", number=1)]

    watch = lived(well(3), story, until=110)

    assert [minutes(each) for each in watch.posts] == [100]


def test_a_prompt_that_is_not_delivered_takes_along_what_comes_due_and_counts_from_its_delivery() -> None:
    watch = Watch(incident(1))
    story = [Event(at=1, what="an outage", number=1), Event(at=40, what="an outage", number=0)]

    lived(watch, story, until=60)

    assert [minutes(each) for each in watch.posts] == [2.5, 45, 55, 60]
    assert watch.asked(LEAD) == [2.5, 45]
    assert watch.told(LEAD) == [42.5]
    assert watch.asked(REEVALUATION) == [15, 30, 45, 60]


def test_quiet_hours_hold_everything_below_sev2_back_and_nothing_above() -> None:
    quiet: dict[UserId | None, QuietHours] = {None: QuietHours(starts=12 * 60, ends=20 * 60, zone="UTC")}
    found = {severity: history(severity, quiet) for severity in (1, 2, 3, 4, 5)}

    for watch in found.values():
        lived(watch, [], until=479)

    assert [len(watch.posts) > 0 for watch in found.values()] == [True, True, False, False, False]
    for severity in (3, 4, 5):
        found[severity].runs(at(480))
        assert [minutes(each) for each in found[severity].posts] == [480]


def test_the_quiet_hours_of_whoever_is_asked_count_before_those_of_the_workspace() -> None:
    quiet = {None: NIGHT, BEN: QuietHours(starts=12 * 60, ends=13 * 60, zone="UTC")}
    watch = replace(well(3), quiet=quiet)
    for number, owner in ((1, ANA), (2, BEN)):
        watch.does(Asked(test=number, question="is it up?", due=at(10), owner=owner), at=NOON)
    watch.look(NOON)

    watch.runs(at(60))

    asked = [(minutes(seen.now), about) for seen in watch.looks for kind, about in seen.ask if kind is RESULT]
    assert asked == [(10, "T1"), (60, "T2")]


def test_who_looks_late_asks_nobody_in_their_quiet_hours() -> None:
    watch = well(3)
    watch.quiet = {None: NIGHT}
    watch.does(Asked(test=1, question="is it up?", due=at(590)), at=NOON)

    found = watch.look(at(601))

    assert found.ask == ()
    assert found.next_at == datetime(2026, 11, 24, 7, tzinfo=UTC)


def test_what_is_put_off_into_quiet_hours_waits_for_their_end() -> None:
    watch = well(3)
    watch.quiet = {None: NIGHT}
    for number, due in ((1, 597.0), (2, 598.0)):
        watch.does(Asked(test=number, question="is it up?", due=at(due)), at=at(530 + number))
    watch.look(at(560))

    watch.runs(at(1139))

    assert watch.asked(RESULT) == [597]


@pytest.mark.parametrize(("later", "asked"), [(1, ()), (0, ((TIME_OUT, "failed B1"),))])
def test_a_snoozed_time_out_does_not_come_back_beside_a_later_one_that_still_stands(
    later: int, asked: tuple[tuple[PromptKind, str], ...]
) -> None:
    """The interval has grown from half an hour to four, so nothing calls the later one any more."""
    apart = timedelta(hours=4)
    failed = Question(kind=TIME_OUT, about="failed B1", due_at=NOON, apart=apart)
    unchanged = Question(kind=TIME_OUT, about="unchanged", due_at=at(8 * 60), apart=apart)
    prompts = {
        failed.key: Prompt(
            kind=TIME_OUT, about="failed B1", due_at=NOON, asks=1, asked_at=NOON, snoozed_until=at(60)
        ),
        unchanged.key: Prompt(
            kind=TIME_OUT, about="unchanged", due_at=at(60), asks=later, asked_at=at(60) if later else None
        ),
    }
    thread = Thread(severity=Severity.SEV2, active_at=NOON)

    assert plan((failed, unchanged), prompts, thread, at(6 * 60)).ask == asked


def test_a_thread_without_questions_is_not_looked_at_again() -> None:
    thread = Thread(severity=Severity.SEV5, active_at=NOON)

    assert plan((), {}, thread, NOON).next_at is None
    assert upcoming((), {}, thread) is None


def test_what_was_asked_and_is_not_answered_stands_the_most_urgent_first() -> None:
    watch = Watch(incident(1))
    watch.look(NOON)
    watch.runs(at(20))

    shown = standing([*watch.prompts.values()], at(20))

    assert [each.kind.value for each in shown] == ["lead", "triage", "differential", "re-evaluation"]
    watch.acts(at(21), lead=ANA)
    watch.look(at(21))
    assert LEAD not in [each.kind for each in watch.standing]


def test_nothing_stands_that_is_snoozed_declined_or_answered() -> None:
    watch = Watch(incident(1))
    watch.look(NOON)
    watch.runs(at(20))
    watch.declines(at(20), LEAD)
    watch.answers(at(20), REEVALUATION)
    watch.snoozes(at(20), at(40))
    watch.look(at(20))

    found = [*watch.prompts.values()]
    assert standing(found, at(39)) == []
    assert [each.kind.value for each in standing(found, at(40))] == ["triage", "differential"]


def test_a_result_answers_its_question_and_the_prompt_shows_it_no_more() -> None:
    watch = well(1)
    watch.does(named(), Asked(test=1, question="is it up?", due=at(2)), at=NOON)
    watch.look(NOON)
    watch.runs(at(2))
    watch.does(Found(test=1, verdict=Verdict.INCONCLUSIVE), at=at(3))
    watch.look(at(3))

    answered = watch.prompts[RESULT, "T1"]

    assert (answered.answered_at, answered.answered_by) == (at(3), None)
    assert watch.standing == []
