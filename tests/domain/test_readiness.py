"""Impact, onset, a word for the stability, and that there is nothing: typed, kept and outdated."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from sqlalchemy import String

from bot.domain.chart import Kind
from bot.domain.doing.when import Due
from bot.domain.errors import NotUnderstood, Refused
from bot.domain.readiness.beginning import SOON, moment_since, read_beginning
from bot.domain.readiness.judging import stability_word
from bot.domain.readiness.said import Nothing
from bot.domain.readiness.telling import says_nothing
from bot.domain.signs.stability import Stability
from bot.domain.terms import written_moment
from bot.domain.work.fold import fold
from bot.domain.work.meaning import concerns, meaning
from bot.domain.work.news import news
from bot.domain.work.steps import OnsetSaid
from bot.domain.work.workup import Workup
from bot.store.tables import steps
from tests.domain.any_step import STEPS
from tests.domain.table import ANA, NOON, Table, at, said, table

BERLIN = "Europe/Berlin"
ZONES = (BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC")
WELL, NAN = "vital: loss=1.8 baseline 1.8 throughput=1x", "vital: loss=nan"
WATCH = "stability: watcher cache is cold, may tip over"
moments = st.datetimes(datetime(2026, 3, 1), datetime(2027, 4, 30), timezones=st.just(UTC))  # noqa: DTZ001 - it says which.


def began(text: str, *, now: datetime = NOON, zone: str | None = BERLIN) -> datetime | None:
    return moment_since(read_beginning(text), now, zone)


def local(day: int, hour: int, minute: int = 0, *, zone: str = BERLIN) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("02:40", local(23, 2, 40)),
        ("at 02:40, when it was deployed", local(23, 2, 40)),
        ("about 2:40 am", local(23, 2, 40)),
        ("since 02:40 UTC", local(23, 2, 40, zone="UTC")),
        ("23:10", local(22, 23, 10)),
        ("40m ago", at(-40)),
        ("~2 hours ago", at(-120)),
        ("half an hour ago", at(-30)),
        ("an hour ago", at(-60)),
        ("1h 30m ago", at(-90)),
        ("just now", NOON),
        ("yesterday 23:10", local(22, 23, 10)),
        ("yesterday at 9:00", local(22, 9)),
        ("23:10 yesterday", local(22, 23, 10)),
        ("today 9:00", local(23, 9)),
        ("Mon 9:00", local(23, 9)),
        ("Monday 18:00", local(16, 18)),
        ("on Friday at 9:00", local(20, 9)),
        ("2026-11-23 02:40", local(23, 2, 40)),
        ("2026-11-23T02:40Z", local(23, 2, 40, zone="UTC")),
    ],
)
def test_a_time_is_the_authors_and_over(text: str, expected: datetime) -> None:
    assert began(text) == expected


@pytest.mark.parametrize(
    "text", ["13:30", "today 18:00", "tomorrow 9:00", "2026-11-24 02:40", "2026-11-23 13:01"]
)
def test_a_time_that_is_still_to_come_is_refused(text: str) -> None:
    assert began(text) is None
    with pytest.raises(NotUnderstood, match="still to come"):
        table().hears(replace(said(text, Kind.ONSET), zone=BERLIN))


@pytest.mark.parametrize(
    "text", ["", "a while ago", "yesterday", "in 2h", "2026-02-31 9:00", "999999d ago", "deploy"]
)
def test_what_names_no_time_is_refused_with_what_would(text: str) -> None:
    with pytest.raises(NotUnderstood, match="onset: 40m ago"):
        read_beginning(text)


@given(st.builds(time, st.integers(0, 23), st.integers(0, 59)), moments, st.sampled_from(ZONES))
def test_a_time_of_day_is_the_last_moment_at_which_clocks_showed_it(
    clock: time, now: datetime, zone: str
) -> None:
    found = moment_since(Due(clock=clock), now, zone)

    if found is None:
        # It comes within the hour, so that the day before is not likely to be meant.
        coming = [now + timedelta(minutes=minutes) for minutes in range(125)]
        assert any(each.astimezone(ZoneInfo(zone)).hour == clock.hour for each in coming)
        return
    assert now - timedelta(hours=26) < found <= now
    shown = found.astimezone(ZoneInfo(zone))
    if (shown.hour, shown.minute) != (clock.hour, clock.minute):
        # That time was skipped, and this is the first that was not.
        before = (found - timedelta(minutes=1)).astimezone(ZoneInfo(zone))
        assert before.time() < clock < shown.time()


@given(moments, st.integers(0, 10_000), st.sampled_from(ZONES))
def test_a_moment_that_is_written_is_read_back_the_same(now: datetime, minutes: int, zone: str) -> None:
    onset = now.replace(second=0, microsecond=0) - timedelta(minutes=minutes)

    assert began(written_moment(onset), now=now, zone=zone) == onset


@given(st.text(), moments)
def test_whatever_is_typed_it_never_began_later_than_now(text: str, now: datetime) -> None:
    with suppress(NotUnderstood):
        found = began(text, now=now)
        assert found is None or found <= now


def test_dates_and_zones_that_say_nothing_are_no_trouble() -> None:
    assert moment_since(Due(day=date(1, 1, 1), clock=time(0)), NOON, "Nowhere/Land") is not None
    assert timedelta(hours=1) == SOON


def test_without_a_zone_it_is_read_as_utc_and_its_author_is_told() -> None:
    unknown = table().hears(said("02:40", Kind.ONSET))
    span = table().hears(said("40m ago", Kind.ONSET))

    assert unknown.steps == (OnsetSaid(onset=datetime(2026, 11, 23, 2, 40, tzinfo=UTC)),)
    assert "took it as UTC" in unknown.ask
    assert span.ask == ""


def test_of_impact_and_onset_the_last_word_counts_until_it_is_taken_back() -> None:
    found = table("impact: 3 teams blocked", "impact: 5 teams\nblocked", "onset: 40m ago", "onset: 60m ago")

    last = found.workup
    assert last.impact is not None
    assert (last.impact.words, last.impact.by, last.impact.at) == ("5 teams blocked", ANA, at(2))
    assert (last.onset, last.onset_by) == (at(4 - 60), ANA)
    found.deletes(4)
    found.edits(2, "one team")
    assert found.workup.onset == at(3 - 40)
    assert found.workup.impact
    assert found.workup.impact.words == "one team"


@pytest.mark.parametrize(
    ("text", "word", "reason"),
    [
        ("watcher cache is cold", Stability.WATCHER, "cache is cold"),
        ("unstable: one node left", Stability.UNSTABLE, "one node left"),
        ("it is Stable, because the vendor says so", Stability.STABLE, "the vendor says so"),
    ],
)
def test_a_persons_word_for_the_stability_has_a_reason(text: str, word: Stability, reason: str) -> None:
    found = table(f"stability: {text}").workup

    assert found.judged is not None
    assert (found.judged.word, found.judged.reason, found.judged.by) == (word, reason, ANA)
    assert stability_word(found) == (word, found.judged)
    assert found.condition.word is Stability.UNKNOWN


@pytest.mark.parametrize("text", ["watcher", "stable.", "fine", "stableish it is", "not stable"])
def test_another_word_or_no_reason_is_asked_for(text: str) -> None:
    with pytest.raises(NotUnderstood, match="stability: "):
        table(f"stability: {text}")


def test_a_persons_word_ends_with_the_reading_that_changes_that_of_the_signs() -> None:
    found = table(WELL, WATCH, WELL)
    stays = stability_word(found.workup)
    found.says(NAN)

    assert stays[0] is Stability.WATCHER
    assert stays[1] is not None
    assert stability_word(found.workup) == (Stability.UNSTABLE, None)
    found.deletes(4)
    assert stability_word(found.workup)[0] is Stability.WATCHER
    found.says("stability: by the signs")
    assert stability_word(found.workup) == (Stability.STABLE, None)


def test_a_persons_word_changes_neither_score_nor_alarms() -> None:
    for word in ("stable", "watcher", "unstable"):
        judged = table(NAN, f"stability: {word} I say so").workup
        assert judged.condition == table(NAN).workup.condition


@pytest.mark.parametrize(
    ("what", "text", "expected"),
    [
        (Nothing.ACTIONS, "none", True),
        (Nothing.ACTIONS, "Nothing to do.", True),
        (Nothing.ACTIONS, "no open actions, waiting for the vendor", True),
        (Nothing.ACTIONS, "none of the shards are indexed: do it", False),
        (Nothing.ACTIONS, "nothing", True),
        (Nothing.ACTIONS, "no action plan exists, write one", False),
        (Nothing.VITALS, "none", True),
        (Nothing.VITALS, "none: monitoring is down", True),
        (Nothing.VITALS, "cannot be measured", True),
        (Nothing.VITALS, "no signs measurable", True),
        (Nothing.VITALS, "loss=nan", False),
        (Nothing.EVENTS, "no change", True),
        (Nothing.EVENTS, "nothing new since 14:00", True),
        (Nothing.EVENTS, "no change of plan: we go on", False),
        (Nothing.EVENTS, "unchanged", True),
        (Nothing.EVENTS, "", False),
    ],
)
def test_a_word_for_nothing_is_one_only_where_it_stands_alone(
    what: Nothing, text: str, *, expected: bool
) -> None:
    assert says_nothing(what, text) is expected


@pytest.mark.parametrize(
    ("line", "what", "later"),
    [
        ("todo: none", Nothing.ACTIONS, "todo: rerun it in 1h"),
        ("vital: none, monitoring is down", Nothing.VITALS, WELL),
        ("note: no change", Nothing.EVENTS, "dx: bad batch"),
    ],
)
def test_that_there_is_nothing_counts_until_there_is_something(line: str, what: Nothing, later: str) -> None:
    found = table(line)
    attested = found.workup.attested[what]
    found.says(later)
    outdated = dict(found.workup.attested)
    found.deletes(2)

    assert (attested.words, attested.by, attested.at) == (line.partition(": ")[2], ANA, at(1))
    assert outdated == {}
    assert found.workup.attested[what] == attested
    found.edits(1, "no change in the plan: rerun it and loss=1" if what is Nothing.EVENTS else "loss=1")
    assert found.workup.attested == {}


def test_nothing_to_do_is_refused_while_something_is() -> None:
    with pytest.raises(Refused, match="TD1, TD2 are still to be done") as refused:
        table("todo: one in 1h", "todo: two in 1h", "todo: none")

    assert [offer.does for offer in refused.value.offers] == ["done:TD1", "done:TD2"]
    gone = table("todo: one in 1h")
    gone.edits(1, "none")
    assert (gone.workup.actions, list(gone.workup.attested)) == ((), [Nothing.ACTIONS])


def test_only_a_note_that_says_so_is_looked_at_for_the_workup() -> None:
    assert concerns(Kind.NOTE, "no change")
    assert not concerns(Kind.NOTE, "vendor ticket is 4711")
    assert table("note: vendor ticket is 4711").workup == Workup()


def test_a_message_that_was_only_marked_attests_and_judges_nothing() -> None:
    kinds = (Kind.NOTE, Kind.VITAL, Kind.ONSET, Kind.STABILITY)

    for kind, text in zip(kinds, ("no change", "none", "02:40", "watcher it is"), strict=True):
        assert meaning(replace(said(text, kind), typed=False), Workup()).steps == ()


def test_the_thread_hears_since_when_and_whose_word_counts() -> None:
    found = Table()
    lines = []
    for line in (WELL, "impact: 3 teams", "onset: 40m ago", WATCH, "stability: by the signs", WATCH, NAN):
        before = found.workup
        found.says(line)
        lines += [each.line for each in news(before, found.workup)]

    assert lines == [
        "It began at 2026-11-23T11:23Z.",
        "Now watcher, says @U0ANA: cache is cold, may tip over. The signs say stable.",
        "The signs decide again: stable.",
        "Now watcher, says @U0ANA: cache is cold, may tip over. The signs say stable.",
        "Now unstable: loss is NaN.",
    ]


def test_any_order_of_arrival_leads_to_the_same() -> None:
    made = table(WATCH, "todo: none", "onset: 40m ago", "impact: 3 teams", WELL, "note: no change").recorded
    expected = fold(made)

    for order in permutations(made):
        assert fold([replace(each, seq=seq) for seq, each in enumerate(order, 1)]) == expected


@pytest.mark.parametrize("step", STEPS)
def test_the_name_of_every_kind_of_step_fits_its_column(step: type[BaseModel]) -> None:
    column = steps.c.kind.type

    assert isinstance(column, String)
    assert len(step.model_fields["step"].default) <= (column.length or 0)
