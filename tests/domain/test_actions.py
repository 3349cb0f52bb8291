"""Actions: how they are typed, when they are due, and what promises, changes and check-backs come to."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chart import Kind
from bot.domain.doing.action import told
from bot.domain.doing.promising import Done, Todo, read_done, read_todo, written_done, written_todo
from bot.domain.doing.when import END_OF_DAY, Due, moment_of
from bot.domain.errors import NotUnderstood, Refused
from bot.domain.ids import UserId
from bot.domain.work.fold import fold
from bot.domain.work.news import news
from bot.domain.work.steps import ActionChanged, Completed, Promised
from bot.domain.work.workup import Workup
from tests.domain.table import ANA, BEN, NOON, Table, at, said, table

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
ZONES = (BERLIN, NEW_YORK, "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC")
EVAL = "todo: @U0BEN rerun the eval by 18:00"
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59), st.sampled_from([0, 0, 30]))
dates = st.dates(date(2020, 1, 1), date(2099, 12, 31))
days = st.sampled_from(["today", "tomorrow", "mon", "thu", "sun"]) | dates
spans = st.integers(1, 999_999).map(lambda seconds: Due(span=timedelta(seconds=seconds)))
zones = st.none() | st.sampled_from(ZONES)
dues = (
    spans
    | st.builds(Due, day=days, clock=st.none() | clocks, zone=zones)
    | st.builds(Due, clock=clocks, zone=zones)
)
phrases = [
    "rerun",
    "TD1",
    "TD9",
    "by",
    "by 18:00",
    "in 2h",
    "tomorrow",
    "mon 9:00",
    "@U0BEN",
    "@U0CHO",
    "@oncall",
    "and",
    "to",
    '"',
    "“x”",
    ",",
    ";",
    "Europe/Berlin",
    "2026-02-31",
]
texts = st.lists(st.sampled_from(phrases), max_size=5).map(lambda parts: " ".join(["run", *parts, "it"]))
odd_texts = texts | st.lists(st.sampled_from(phrases), min_size=1, max_size=4).map(" ".join)
owners = st.none() | st.just(BEN)
# Both changes of the clocks, in both hemispheres.
moments = st.datetimes(datetime(2026, 3, 1), datetime(2027, 4, 30), timezones=st.just(UTC))  # noqa: DTZ001 - it says which.


def due(text: str, *, zone: str = BERLIN, now: datetime = NOON) -> datetime:
    """When something is due that was typed at some time by somebody in a zone."""
    todo = read_todo(f"run it {text}")
    assert (todo.text, todo.due is None) == ("run it", False)
    return moment_of(todo.due or Due(), now, zone)


def local(day: int, hour: int, minute: int = 0, *, zone: str = BERLIN) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    "text",
    [
        "@U0BEN rerun the eval by 18:00",
        "rerun the eval by 18:00 @U0BEN",
        "rerun the eval @U0BEN by 18:00",
        "by 18:00 rerun the eval @U0BEN",
        "by 18:00 @U0BEN rerun the eval",
        "@U0BEN: rerun the eval, by 18:00",
        "@U0BEN, by 18:00: rerun the eval",
        "rerun the eval; owner: @U0BEN; due 18:00",
        "rerun the eval, assigned to @U0BEN, until 6pm",
        '@U0BEN "rerun the eval" before 18h00',
    ],
)
def test_owner_and_time_are_read_in_any_order(text: str) -> None:
    assert read_todo(text) == Todo(text="rerun the eval", owner=BEN, due=Due(clock=time(18)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rerun the eval", Todo(text="rerun the eval")),
        ("@U0BEN ask @U0CHO", Todo(text="ask @U0CHO", owner=BEN)),
        ("send the numbers to @U0CHO", Todo(text="send the numbers to @U0CHO")),
        ("lower the rate by 10%", Todo(text="lower the rate by 10%")),
        ("stand by", Todo(text="stand by")),
        ("run it by 2026-02-31", Todo(text="run it by 2026-02-31")),
        ("run it by 18:00 Europe/Nowhere", Todo(text="run it by 18:00 Europe/Nowhere")),
        ("run it by 25:00", Todo(text="run it by 25:00")),
        ("d3 charts need a legend", Todo(text="d3 charts need a legend")),
        ("TD1 by 20:00", Todo(action=1, due=Due(clock=time(20)))),
        ("@U0ANA TD1", Todo(action=1, owner=ANA)),
        ("td1: rerun it twice", Todo(action=1, text="rerun it twice")),
        ("in 2h restart it", Todo(text="restart it", due=Due(span=timedelta(hours=2)))),
        ('"by 18:00"', Todo(text="by 18:00")),
    ],
)
def test_what_belongs_to_the_sentence_stays_in_it(text: str, expected: Todo) -> None:
    assert read_todo(text, known=(1,)) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("@U0BEN @U0ANA rerun it", "one owner"),
        ("@U0BEN, @U0ANA and @U0CHO: rerun it", "one owner"),
        ("rerun it @U0BEN and @U0ANA by 18:00", "one owner"),
        ("@oncall rerun it", "@oncall is not one person"),
        ("rerun it by 18:00 @here", "@here is not one person"),
        ("by 18:00", "what is to be done"),
        ("@U0BEN by 18:00", "what is to be done"),
        ("", "what is to be done"),
    ],
)
def test_what_is_not_one_persons_or_nothing_to_do_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        read_todo(text)


@given(st.builds(Todo, text=texts, action=st.none() | st.integers(1, 3), owner=owners, due=st.none() | dues))
def test_an_action_that_is_written_is_read_back_the_same(todo: Todo) -> None:
    known = () if todo.action is None else (todo.action,)

    assert read_todo(written_todo(todo), known) == todo


@given(st.builds(Done, words=texts, action=st.integers(1, 999)))
def test_a_check_back_that_is_written_is_read_back_the_same(done: Done) -> None:
    assert read_done(written_done(done)) == done


@given(st.text() | odd_texts)
def test_whatever_is_read_can_be_written_and_read_again(text: str) -> None:
    try:
        todo = read_todo(text, known=(1,))
    except NotUnderstood:
        return

    assert read_todo(written_todo(todo), known=(1,)) == todo


@pytest.mark.parametrize("text", ["x @" * 10_000, "@a and " * 5_000, "by " * 10_000, "in " + "1d" * 10_000])
def test_the_longest_message_is_read_in_a_moment(text: str) -> None:
    began = perf_counter()

    with suppress(NotUnderstood):
        read_todo(text)

    assert perf_counter() - began < 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by 18:00", local(23, 18)),
        ("by 13:00", local(24, 13)),
        ("by 9:00", local(24, 9)),
        ("by 6:30 pm", local(23, 18, 30)),
        ("at 12am", local(24, 0)),
        ("by noon", local(24, 12)),
        ("in 2h", local(23, 15)),
        ("within 1h 30m", local(23, 14, 30)),
        ("tomorrow 9:00", local(24, 9)),
        ("by tomorrow at 9:00", local(24, 9)),
        ("by today 9:00", local(23, 9)),
        ("by Mon 9:00", local(30, 9)),
        ("by Monday 18:00", local(23, 18)),
        ("by Fri", datetime.combine(date(2026, 11, 27), END_OF_DAY, ZoneInfo(BERLIN))),
        ("by 2026-11-24 18:00", local(24, 18)),
        ("2026-11-24T18:00Z", local(24, 18, zone="UTC")),
        ("by 18:00 America/New_York", local(23, 18, zone=NEW_YORK)),
        ("by 18:00 UTC", local(23, 18, zone="UTC")),
    ],
)
def test_a_time_is_the_authors_and_still_to_come(text: str, expected: datetime) -> None:
    assert due(text) == expected


@given(clocks, moments, st.sampled_from(ZONES))
def test_a_time_of_day_is_the_next_moment_at_which_clocks_show_it(
    clock: time, now: datetime, zone: str
) -> None:
    found = moment_of(Due(clock=clock), now, zone)

    shown = found.astimezone(ZoneInfo(zone))
    assert now < found <= now + timedelta(hours=26)
    if shown.time() != clock:
        # That time was skipped, and this is the first that was not.
        before = (found - timedelta(minutes=1)).astimezone(ZoneInfo(zone))
        assert before.time() < clock < shown.time()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # Berlin's clocks go forward at 01:00 UTC on 29 March, and back at 01:00 UTC on 25 October.
        (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 45, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice_is_read_as_it_is_meant(
    now: datetime, expected: datetime
) -> None:
    assert due("by 2:30", now=now) == expected


def test_without_a_zone_a_time_is_read_as_utc_and_its_author_is_told() -> None:
    told_so = table().hears(replace(said("run it by 18:00", Kind.ACTION), zone=None))
    known = table().hears(replace(said("run it by 18:00", Kind.ACTION), zone=BERLIN))
    named = table().hears(said("run it by 18:00 Europe/Berlin", Kind.ACTION))
    span = table().hears(said("run it in 2h", Kind.ACTION))

    assert isinstance(told_so.steps[0], Promised)
    assert told_so.steps[0].due == datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert "took the time of TD1 as UTC" in told_so.ask
    assert [offer.does for offer in told_so.offers] == ["todo:TD1"]
    assert known.steps[0] == named.steps[0]
    assert (known.ask, named.ask, span.ask) == ("", "", "")


def test_without_an_owner_it_is_its_authors_and_without_a_time_that_is_asked_for_once() -> None:
    found = table().hears(said("rerun the eval", Kind.ACTION))

    assert found.steps == (Promised(action=1, text="rerun the eval", owner=ANA),)
    assert "`by 18:00`" in found.ask


def test_numbers_are_given_for_life_and_an_edit_keeps_its_own() -> None:
    found = table("todo: one by 18:00", "todo: two by 18:00")
    found.deletes(2)
    found.says("todo: three in 2h")
    found.edits(1, "one and a half in 1h")

    assert [(each.name, each.text) for each in found.workup.actions] == [
        ("TD1", "one and a half"),
        ("TD3", "three"),
    ]


def test_owner_time_and_words_change_until_that_is_taken_back() -> None:
    found = table(EVAL, "todo: TD1 @U0ANA", "todo: TD1 rerun it twice in 3h")
    changed = found.workup.action(1)
    found.deletes(3)
    found.deletes(2)

    assert changed is not None
    assert (changed.text, changed.owner, changed.due) == ("rerun it twice", ANA, at(183))
    assert found.workup == table(EVAL, "note: x", "note: y").workup


def test_it_is_done_when_somebody_says_how_they_know_and_open_again_when_that_is_taken_back() -> None:
    found = table(EVAL)
    with pytest.raises(Refused, match="How do you know") as refused:
        found.says("done: TD1")
    assert found.workup.open_actions
    found.says("done: TD1 eval is at 0.83")

    [done] = found.workup.actions
    assert [offer.does for offer in refused.value.offers] == ["done:TD1"]
    assert (done.words, done.done_by, done.done_at, done.open) == ("eval is at 0.83", ANA, at(2), False)
    assert not done.late(at(9999))
    found.deletes(max(found.entries))
    assert [each.name for each in found.workup.open_actions] == ["TD1"]


def test_what_a_fence_holds_is_a_check_back_too() -> None:
    found = table(EVAL, "done: TD1\n```\naccuracy 0.83\n```")

    assert found.workup.actions[0].words == "accuracy 0.83"


def test_something_new_about_what_is_done_puts_it_back_on_the_list() -> None:
    found = table(EVAL, "done: TD1 eval is at 0.83", "todo: TD1 in 1h")

    [each] = found.workup.open_actions
    assert (each.words, each.done_by, each.due) == ("", None, at(63))


def test_a_check_back_without_a_number_is_about_the_only_one_it_can_be_about() -> None:
    alone, own = table(EVAL, "done: it is at 0.83"), table(EVAL, "todo: page the vendor in 1h", "done: paged")

    assert not alone.workup.open_actions
    assert [each.name for each in own.workup.open_actions] == ["TD1"]
    with pytest.raises(NotUnderstood, match="Which action"):
        table(EVAL, "todo: @U0BEN two in 1h", "done: it is at 0.83")
    assert table("done: restarted it").workup == Workup()


@pytest.mark.parametrize(
    "line", ["todo: TD7 by 18:00", "done: TD7 eval is at 0.83", "todo: TD1", "todo: TD1 ,", "done: td7"]
)
def test_what_is_about_no_action_or_changes_nothing_is_refused(line: str) -> None:
    with pytest.raises(NotUnderstood, match="TD1"):
        table(EVAL).says(line)


def test_a_message_cannot_turn_from_a_promise_into_a_change_of_itself() -> None:
    found = table(EVAL)

    with pytest.raises(NotUnderstood, match="no action TD1"):
        found.edits(1, "TD1 by 20:00")


@pytest.mark.parametrize("text", ["@oncall rerun it", "TD1", "by 18:00", "@U0BEN @U0ANA x"])
def test_a_message_that_was_only_marked_is_taken_as_it_is(text: str) -> None:
    found = table().hears(replace(said(text, Kind.ACTION), typed=False))

    assert found.steps == (Promised(action=1, text=text, owner=ANA),)
    assert table(EVAL).hears(replace(said("TD1 is done", Kind.DONE), typed=False)).steps == ()


def test_a_message_that_was_only_marked_says_owner_and_time_where_it_does() -> None:
    marked = replace(said("@U0BEN please rerun it in 2h", Kind.ACTION), typed=False)

    assert table().hears(marked).steps == (
        Promised(action=1, text="please rerun it", owner=BEN, due=at(120)),
    )


def test_the_thread_hears_what_was_promised_changed_done_and_opened_again() -> None:
    found = Table()
    lines = []
    for line in (EVAL, "todo: TD1 @U0ANA", "done: TD1 it is at 0.83", "todo: TD1 in 1h", "note: x"):
        before = found.workup
        found.says(line)
        lines += [each.line for each in news(before, found.workup)]

    assert lines == [
        "TD1 for @U0BEN, due 2026-11-23T18:00Z: rerun the eval",
        "TD1 for @U0ANA, due 2026-11-23T18:00Z: rerun the eval",
        "TD1 is done: it is at 0.83",
        "TD1 is open again for @U0ANA, due 2026-11-23T13:04Z: rerun the eval",
    ]


def test_late_is_what_is_open_at_its_time_and_what_has_no_time_never_is() -> None:
    [timed, timeless] = table("todo: one in 1h", "todo: two").workup.actions

    assert (timed.late(at(60)), timed.late(at(61)), timeless.late(at(9999))) == (False, True, False)
    assert told(timed, timed) == ""
    assert told(None, timeless) == "TD2 for @U0ANA, with no time: two"


def test_any_order_of_arrival_leads_to_the_same_actions() -> None:
    made = table(EVAL, "todo: TD1 @U0ANA", "done: TD1 0.83", "todo: two in 1h").recorded
    expected = fold(made).actions

    for order in permutations(made):
        arrived = [replace(each, seq=seq) for seq, each in enumerate(order, 1)]
        assert fold(arrived).actions == expected


@given(
    st.lists(
        st.one_of(
            st.builds(Promised, action=st.integers(1, 2), text=st.just("x"), owner=st.just(UserId("U0BEN"))),
            st.builds(ActionChanged, action=st.integers(1, 3), owner=st.sampled_from([ANA, BEN])),
            st.builds(Completed, action=st.integers(1, 3), words=st.just("seen")),
        ),
        max_size=8,
    )
)
def test_every_action_has_its_number_once_one_owner_and_words_where_it_is_done(
    steps: list[Promised | ActionChanged | Completed],
) -> None:
    found = Table()
    for step in steps:
        found.taps(step)

    actions = found.workup.actions
    assert len({each.number for each in actions}) == len(actions)
    assert all(each.open == (not each.words) for each in actions)
    assert found.workup.actions_given == max((each.number for each in actions), default=0)
