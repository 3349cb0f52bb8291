"""The referee of the clock's benchmark finds what it is there to find."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from tests.benchmarks.clock_digests import Wish
from tests.benchmarks.clock_facts import superseding
from tests.benchmarks.clock_handoffs import Shifts, of_attempt, of_lead
from tests.benchmarks.clock_referee import Ask, Hours, Mark, Open, Referee, Rhythm, Scene, Verdict
from tests.benchmarks.clock_round import most_in_an_hour

BEGAN = datetime(2026, 3, 28, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEAD = Open(kind="lead", due=BEGAN + 5 * MINUTE, repeat=10 * MINUTE)
RESULT = Open(kind="result", about="T1", due=BEGAN + 7 * MINUTE, repeat=30 * MINUTE)


def at(minutes: float) -> datetime:
    return BEGAN + minutes * MINUTE


def asked(minutes: float, *questions: Open, living: int = 1, seen: float | None = None) -> Ask:
    delivered = at(minutes if seen is None else seen)
    return Ask(at(minutes), living, frozenset(each.key for each in questions), delivered)


def scene(*questions: Open, minutes: float = 0, severity: int = 2, **more: object) -> Scene:
    return Scene(at=at(minutes), severity=severity, questions=questions, **more)  # type: ignore[arg-type]


def judge(scenes: list[Scene], asks: list[Ask], until: float = 60) -> Verdict:
    return Referee().judge(scenes, asks, at(until))


def faults(verdict: Verdict) -> list[str]:
    return [fault.what for fault in verdict.faults]


def test_what_is_asked_when_it_is_due_and_once_more_is_right() -> None:
    found = judge([scene(LEAD)], [asked(5, LEAD), asked(15, LEAD, living=2)])

    assert faults(found) == []
    assert [late.total_seconds() for late in found.late] == [0, 0]


def test_what_is_never_asked_is_missed() -> None:
    found = judge([scene(LEAD)], [])

    assert faults(found) == ["missed"]


def test_what_is_answered_before_it_was_asked_was_missed_if_it_was_due() -> None:
    found = judge([scene(LEAD), scene(minutes=20)], [])

    assert faults(found) == ["missed"]


def test_what_comes_later_than_a_tick_is_late() -> None:
    found = judge([scene(LEAD)], [asked(5.5, LEAD), asked(15.5, LEAD, living=2)])

    assert faults(found) == ["late"]
    assert found.late[0] == 0.5 * MINUTE


def test_an_outage_excuses_what_fell_due_in_it_until_its_end() -> None:
    referee = Referee([(at(4), at(30))])

    found = referee.judge([scene(LEAD)], [asked(30, LEAD), asked(40, LEAD, living=2)], at(60))

    assert faults(found) == []


def test_a_third_time_is_once_too_often() -> None:
    found = judge([scene(LEAD)], [asked(5, LEAD), asked(15, LEAD), asked(25, LEAD)])

    assert faults(found) == ["early", "doubled"]


def test_the_same_question_before_its_time_is_doubled() -> None:
    found = judge([scene(LEAD)], [asked(5, LEAD), asked(11, LEAD, living=2), asked(21, LEAD, living=3)])

    assert faults(found)[:2] == ["early", "doubled"]


def test_what_is_due_within_five_minutes_comes_five_minutes_after_the_one_before() -> None:
    right = judge([scene(LEAD, RESULT)], [asked(5, LEAD), asked(10, RESULT)], until=14)
    wrong = judge([scene(LEAD, RESULT)], [asked(5, LEAD), asked(7, RESULT)], until=14)

    assert faults(right) == []
    assert faults(wrong) == ["early"]


def test_what_is_due_by_then_comes_along() -> None:
    both = [scene(LEAD, RESULT)]
    late = Referee([(at(4), at(8))])

    found = late.judge(both, [asked(8, LEAD)], at(12))

    assert faults(found) == ["left out"]


def test_nobody_is_asked_in_quiet_hours_unless_it_is_bad() -> None:
    night = {"": Hours(starts=12 * 60, ends=13 * 60, zone="UTC")}
    quiet = scene(LEAD, severity=3, quiet=night)

    right = judge([quiet], [asked(60, LEAD)], until=65)
    wrong = judge([quiet], [asked(5, LEAD)], until=65)
    bad = judge([scene(LEAD, severity=1, quiet=night)], [asked(5, LEAD), asked(15, LEAD)], until=65)

    assert faults(right) == []
    assert faults(wrong)[0] == "early"
    assert faults(bad) == []


def test_quiet_hours_end_by_the_clock_on_the_wall() -> None:
    began = datetime(2026, 3, 28, 21, tzinfo=UTC)
    night = {"": Hours(starts=22 * 60, ends=7 * 60, zone="Europe/Berlin")}
    due = Open(kind="lead", due=began + 30 * MINUTE)
    morning = datetime(2026, 3, 29, 5, tzinfo=UTC)
    asks = [Ask(morning, 1, frozenset({due.key}), morning)]

    found = Referee().judge([Scene(at=began, severity=3, questions=(due,), quiet=night)], asks, morning)

    assert faults(found) == []


def test_each_interval_is_a_new_question_which_work_puts_off() -> None:
    rhythm = Rhythm(since=BEGAN, interval=30 * MINUTE, active_at=at(25))
    beat = [Open(kind="re-evaluation", about=f"20260328T{clock}", due=BEGAN) for clock in ("1230", "1300")]

    right = judge([scene(rhythm=rhythm)], [asked(35, beat[0]), asked(60, beat[1])], until=80)
    wrong = judge([scene(rhythm=rhythm)], [asked(30, beat[0]), asked(60, beat[1])], until=80)

    assert faults(right) == []
    assert faults(wrong)[0] == "early"


def test_what_is_put_off_comes_back_at_that_time() -> None:
    put_off = scene(LEAD, minutes=6, marks={LEAD.key: Mark(snoozed=at(21))})

    right = judge([scene(LEAD), put_off], [asked(5, LEAD), asked(21, LEAD)])
    wrong = judge([scene(LEAD), put_off], [asked(5, LEAD), asked(15, LEAD)])

    assert faults(right) == []
    assert "early" in faults(wrong)


def test_a_later_snooze_of_something_else_moves_no_re_evaluation_that_was_put_off_before() -> None:
    rhythm = Rhythm(since=BEGAN, interval=60 * MINUTE, active_at=BEGAN)
    beat = Open(kind="re-evaluation", about="20260328T1300", due=BEGAN)
    first = {beat.key: Mark(snoozed=at(75))}
    both = {**first, RESULT.key: Mark(snoozed=at(90))}
    scenes = [
        scene(rhythm=rhythm),
        scene(rhythm=rhythm, minutes=61, marks=first),
        scene(rhythm=rhythm, minutes=62, marks=both),
    ]

    found = judge(scenes, [asked(60, beat), asked(75, beat)], until=80)

    assert faults(found) == []


def test_people_are_not_asked_again_before_they_have_seen_what_waited_for_slack() -> None:
    found = judge([scene(LEAD)], [asked(5, LEAD, seen=50), asked(60, LEAD, living=2)], until=65)

    assert faults(found) == []


def time_out(about: str, due: float, by: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(kind="time-out", about=about, due_at=at(due), answered_by=by, declined_at=None)


def test_a_time_out_that_was_answered_still_takes_the_place_of_an_earlier_one_when_it_falls_due_again() -> (
    None
):
    # Somebody has answered it, and then the interval grew, so that it is due once more.
    sure = Open(kind="time-out", about="sure 1", due=at(5))
    [later] = superseding([time_out("unchanged 1", 10, by="U1"), time_out("unchanged 2", 30, by="U1")])
    marks = {later.key: Mark(closed=True)}
    night = {"": Hours(starts=12 * 60, ends=13 * 60, zone="UTC")}

    asleep = scene(sure, later, severity=3, quiet=night, marks=marks)

    assert later.about == "unchanged 2"
    assert faults(judge([asleep], [], until=90)) == []
    assert faults(judge([replace(asleep, questions=(sure,))], [], until=90)) == ["missed"]


def test_what_only_asks_people_to_think_waits_while_the_thread_is_snoozed_and_a_result_does_not() -> None:
    think = Open(kind="time-out", about="sure A1", due=at(12))
    marks = {LEAD.key: Mark(snoozed=at(36))}
    scenes = [scene(LEAD, RESULT, think), scene(RESULT, think, minutes=6, marks=marks)]

    right = judge(scenes, [asked(5, LEAD), asked(10, RESULT), asked(36, think)], until=39)
    wrong = judge(scenes, [asked(5, LEAD), asked(10, RESULT), asked(15, think)], until=39)

    assert faults(right) == []
    assert faults(wrong)[0] == "early"


def test_turns_go_over_by_the_clock_on_the_wall_and_a_lead_is_off_duty_from_the_end_of_their_own() -> None:
    # On 29 March clocks go forward in Berlin.
    changes = [when for _, when in Wish("C1", "Europe/Berlin", 9, 0).slots(BEGAN, BEGAN + timedelta(days=4))]
    shifts = Shifts(["ana", "ben"], changes)
    sunday, monday = datetime(2026, 3, 29, 7, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)
    again, hour = timedelta(days=1), timedelta(hours=1)

    before = [*of_lead(1, "ana", BEGAN, again, shifts, sunday - hour)]
    after = [*of_lead(1, "ana", BEGAN, again, shifts, sunday)]
    later = [*of_lead(5, "ben", sunday + hour, again, shifts, sunday + 2 * hour)]
    never = [*of_lead(5, "cho", BEGAN, again, shifts, sunday)]

    assert [(each.about, each.due) for each in before] == [
        ("shift 20260329T0700", sunday - hour),
        ("long 20260328T1600", BEGAN + 4 * hour),
    ]
    assert [(each.kind, each.due, each.repeat) for each in after] == [("unowned", sunday, again)]
    assert [each.due for each in later] == [monday - 15 * MINUTE]
    assert never == []


def test_a_receiver_is_asked_after_half_of_the_time_and_a_giver_as_soon_as_it_comes_back() -> None:
    attempt = {"number": 2, "giver": "ana", "receiver": "ben", "sent_at": at(0), "declined_at": None}
    waits = SimpleNamespace(**attempt, waiting=True, reason="asked", asked_at=at(0))
    attempt["declined_at"] = at(3)
    declined = SimpleNamespace(**attempt, waiting=False, reason="asked", asked_at=at(0))
    taken = SimpleNamespace(**attempt, waiting=False, reason="without", asked_at=at(4))

    [read_back], [returned] = of_attempt(waits, "ana"), of_attempt(declined, "ana")
    [without] = of_attempt(taken, "ben")

    assert (read_back.kind, read_back.due, read_back.to) == ("read-back", at(7.5), "ben")
    assert (returned.kind, returned.due, returned.to) == ("returned", at(3), "ana")
    assert (without.kind, without.due, without.to) == ("without", at(4), "ana")


def test_that_a_shift_ends_is_told_once_even_where_it_is_due_again_later() -> None:
    ends = Open(kind="handoff", about="shift 20260328T1300", due=at(10))
    scenes = [scene(ends), scene(minutes=12), scene(ends, minutes=20)]

    right = judge(scenes, [asked(10, ends)])
    wrong = judge(scenes, [asked(10, ends), asked(20, ends, living=2)])

    assert faults(right) == []
    assert faults(wrong) == ["early", "doubled"]


def test_posts_that_are_owed_five_minutes_apart_are_twelve_an_hour_however_long_each_is_on_its_way() -> None:
    on_time = [place * 300.0 + (0.9 if place == 0 else 0.1) for place in range(14)]
    too_often = [place * 290.0 for place in range(14)]

    assert most_in_an_hour(on_time) == 12
    assert most_in_an_hour(too_often) == 13
