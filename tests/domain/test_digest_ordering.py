"""Orders of a digest are read as people type them, and a zone is one that the zone database knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digest.ordering import DigestWish, read_wish, read_zone
from bot.domain.errors import NotUnderstood

NINE = 540


@pytest.mark.parametrize(
    "typed",
    [
        "here at 09:00",
        "9am",
        "9 a.m.",
        "9:00",
        "09.00",
        "@ 9",
        "@9",
        "at 9",
        "0900",
        "9h",
        "every day at 9",
        "9 o'clock",
    ],
)
def test_a_time_of_day_is_read_however_it_is_typed(typed: str) -> None:
    assert read_wish(typed) == DigestWish(minute=NINE, zone=None, weekdays=False)


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("12am", 0),
        ("12pm", 720),
        ("noon", 720),
        ("midnight", 0),
        ("17h30", 1050),
        ("at 11:59pm", 1439),
        ("0:00", 0),
    ],
)
def test_both_halves_of_the_day_are_told_apart(typed: str, minute: int) -> None:
    assert read_wish(typed).minute == minute


@pytest.mark.parametrize(
    "typed",
    [
        "here at 09:00 Europe/Berlin",
        "09:00 europe/berlin",
        "9 Berlin",
        "9am (Europe/Berlin)",
        "Europe/Berlin 9:00",
        "at 9 in Berlin.",
    ],
)
def test_a_zone_is_found_by_its_name_or_its_city(typed: str) -> None:
    assert read_wish(typed) == DigestWish(minute=NINE, zone="Europe/Berlin", weekdays=False)


@pytest.mark.parametrize(
    "typed",
    [
        "9 weekdays",
        "weekdays at 9",
        "every weekday 9am",
        "9:00 on weekdays only",
        "mon-fri 9",
        "Monday to Friday at 9",
    ],
)
def test_weekdays_may_stand_anywhere(typed: str) -> None:
    assert read_wish(typed) == DigestWish(minute=NINE, zone=None, weekdays=True)


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("9 Europe/Berln", "`Europe/Berlin`"),
        ("9 Berlim", "`Europe/Berlin`"),
        ("9 PST", "`America/Los_Angeles`"),
        ("9 CEST", "`Europe/Berlin`"),
        ("9 GMT+2", "`Europe/Berlin`"),
        ("9 Indianapolis", "`America/Indiana/Indianapolis`"),
        ("9 qwxyz", "`Europe/Berlin`"),
    ],
)
def test_an_unknown_zone_is_refused_with_those_that_may_be_meant(typed: str, nearest: str) -> None:
    with pytest.raises(NotUnderstood) as refusal:
        read_wish(typed)

    assert nearest in str(refusal.value)


@pytest.mark.parametrize(
    "typed", ["here", "at 25:00", "9:60", "13pm", "0am", "Europe/Berlin", "in the morning"]
)
def test_what_names_no_time_of_day_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="/incident digest here at 09:00"):
        read_wish(typed)


@pytest.mark.parametrize("name", ["UTC", "Asia/Kolkata", "America/Argentina/Ushuaia", "Etc/GMT-2", "CET"])
def test_every_name_of_the_zone_database_is_itself(name: str) -> None:
    assert read_zone(name) == name
    assert read_zone(name.lower().replace("_", " ")) == name


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        found = read_wish(typed)
    except NotUnderstood:
        return
    assert 0 <= found.minute < 24 * 60


@pytest.mark.parametrize("typed", ["here at 09:00 monday", "9am on tuesdays", "9:00 Sat", "at 9 on weekends"])
def test_a_single_day_of_the_week_is_refused_with_what_there_is(typed: str) -> None:
    with pytest.raises(NotUnderstood, match=r"every day or on all weekdays, not on .*(?s:.*)09:00 weekdays"):
        read_wish(typed)
