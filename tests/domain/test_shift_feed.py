"""Calendars of on-call tools are read as they are exported; what cannot be read whole is not read at all."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.shifts.feed import BadFeed, Event, read_feed
from bot.usecases.fetch_calendar import LARGEST, fetch_calendar, host_of
from tests.slack.feeds import calendar, feed, shift

START = datetime(2026, 3, 2, tzinfo=UTC)
END = START + timedelta(days=60)
BERLIN = ZoneInfo("Europe/Berlin")


def read(*events: str, head: str = "") -> list[Event]:
    return read_feed(calendar(*events, head=head), "Europe/Berlin", START, END)


def test_an_attendee_is_known_by_address_and_by_name() -> None:
    [event] = read(shift("On call", START, 8, 'ATTENDEE;CN="Ana Ruiz":mailto:Ana@acme.example'))

    assert (event.emails, event.names, event.label) == (("ana@acme.example",), ("Ana Ruiz",), "Ana Ruiz")
    assert event.ends_at - event.starts_at == timedelta(hours=8)


@pytest.mark.parametrize(
    ("summary", "name"),
    [
        ("On call: Ana Ruiz", "Ana Ruiz"),
        ("On-Call - Ana Ruiz - ML platform", "Ana Ruiz"),
        ("Ana Ruiz is on call", "Ana Ruiz"),
        ("ana - Primary", "ana"),
        ("Ana Ruiz (primary)", "Ana Ruiz"),
        ("@ana", "ana"),
    ],
)
def test_a_title_names_who_is_on_duty(summary: str, name: str) -> None:
    [event] = read(shift(summary, START, 8))

    assert name in event.names


def test_an_address_in_the_title_counts_and_that_of_the_organiser_comes_last() -> None:
    [event] = read(shift("ben@acme.example", START, 8, "ORGANIZER:mailto:oncall@acme.example"))

    assert event.emails == ("ben@acme.example", "oncall@acme.example")


def test_backups_and_what_is_cancelled_are_nobodys_shift() -> None:
    found = read(
        shift("ana - Primary", START, 8),
        shift("ben - Secondary", START, 8),
        shift("cho", START, 8, "STATUS:CANCELLED"),
    )

    assert [event.label for event in found] == ["ana"]


def test_what_comes_again_comes_without_its_exceptions_at_the_same_time_of_the_day() -> None:
    event = (
        "SUMMARY:ana\nDTSTART;TZID=Europe/Berlin:20260302T090000\nDTEND;TZID=Europe/Berlin:20260302T170000\n"
        "RRULE:FREQ=WEEKLY;COUNT=6\nEXDATE;TZID=Europe/Berlin:20260309T090000"
    )

    found = [each.starts_at.astimezone(BERLIN) for each in read(event)]

    assert [each.day for each in found] == [2, 16, 23, 30, 6]
    assert {each.hour for each in found} == {9}


def test_whole_days_and_times_without_a_zone_are_the_calendars_own_or_the_speakers() -> None:
    events = (
        "SUMMARY:ana\nDTSTART;VALUE=DATE:20260304",
        "SUMMARY:ben\nDTSTART:20260305T090000\nDURATION:PT8H",
    )

    here, there = read(*events), read(*events, head="X-WR-TIMEZONE:America/New_York")

    assert [each.starts_at.astimezone(BERLIN).hour for each in here] == [0, 9]
    assert [each.ends_at.astimezone(BERLIN).day for each in here] == [5, 5]
    assert [each.starts_at.astimezone(ZoneInfo("America/New_York")).hour for each in there] == [0, 9]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "cannot be read|no events"),
        (b"<!doctype html><p>Log in", "web page"),
        (b"hello", "cannot be read"),
        (calendar(), "no events"),
        (calendar(shift("ana", START - timedelta(days=400), 8)), "no shifts"),
        (calendar("SUMMARY:ana"), "cannot be read"),
        (calendar(shift("ana", START, 8), "SUMMARY:ben\nDTSTART:soon"), "cannot be read"),
        (calendar(shift("ana", START, 8, "RRULE:FREQ=SOMETIMES")), "cannot be read"),
        (calendar(shift("ana", START, 8, "RRULE:FREQ=SECONDLY")), "every few minutes"),
    ],
)
def test_a_bad_calendar_is_refused_whole_and_says_why(content: bytes, why: str) -> None:
    with pytest.raises(BadFeed, match=why):
        read_feed(content, "UTC", START, END)


def test_what_is_fetched_is_what_is_served_also_where_it_has_moved() -> None:
    with feed() as old, feed() as new:
        new.content = b"BEGIN:VCALENDAR"
        old.status, old.location = 302, new.address

        assert fetch_calendar(old.address) == new.content


def test_a_server_that_gives_no_calendar_is_named_by_its_fault_and_never_by_its_address() -> None:
    with feed() as found:
        faults = []
        for status, location, content in (
            (404, "", b""),
            (302, "file:///etc/passwd", b""),
            (200, "", b"x" * (LARGEST + 1)),
        ):
            found.status, found.location, found.content = status, location, content
            with pytest.raises(BadFeed) as refused:
                fetch_calendar(found.address)
            faults.append(str(refused.value))
    with pytest.raises(BadFeed) as gone:
        fetch_calendar(found.address)

    assert "404" in faults[0]
    assert "2 MB" in faults[2]
    assert "secret" not in " ".join([*faults, str(gone.value)])
    assert "root" not in " ".join(faults)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x/y", "ana", "http://", "gopher://x"])
def test_only_the_web_is_asked(address: str) -> None:
    assert host_of(address) == ""
    with pytest.raises(BadFeed):
        fetch_calendar(address)


def test_a_calendar_to_subscribe_to_is_on_the_web() -> None:
    assert host_of("webcal://cal.example/a.ics") == "cal.example"
