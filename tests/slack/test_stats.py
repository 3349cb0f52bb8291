"""Somebody asks how incidents went: figures of what they may see, for them alone, and a private picture."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.errors import NotUnderstood
from bot.domain.ids import IncidentNumber
from bot.domain.stats import Attempt, Milestone, Reached, Stats
from bot.slack.line.reading import parse
from bot.slack.line.stats import ShowStats
from bot.slack.render import stats as render
from tests.conversation import Talk, words_of
from tests.slack.handing import given, reads_back
from tests.slack.test_export import files_for

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("stats", 30),
        ("stats 30d", 30),
        ("Statistics: 2w", 14),
        ("metrics for the last 3 weeks", 21),
        ("stats 7", 7),
        ("stats last month", 30),
        ("stats past quarter", 91),
        ("stats over a year", 365),
        ("figures since 90 days.", 90),
        ("stat “10 d”", 10),
        ("stats 1d12h", 1.5),
        ("stats 36h", 1.5),
    ],
)
def test_a_period_is_read_as_people_say_it(words: str, days: float) -> None:
    assert parse(words) == ShowStats(span=timedelta(days=days))


@pytest.mark.parametrize("words", ["stats since 2026-10-01", "stats 2026/10/1", "stats from 2026.10.01"])
def test_a_date_is_read_as_people_write_it(words: str) -> None:
    assert parse(words) == ShowStats(since=date(2026, 10, 1))


@pytest.mark.parametrize(
    "words", ["stats INC-1", "stats 2026-02-30", "stats 9999w", "stats 0d", "stats yesterday's"]
)
def test_what_is_no_period_is_answered_with_what_is_one(words: str) -> None:
    with pytest.raises(NotUnderstood) as told:
        parse(words)

    assert "stats 2w" in str(told.value)


def figures(**changes: Any) -> Stats:
    fields: dict[str, Any] = {
        "since": NOON - timedelta(days=30),
        "until": NOON,
        "opened": 0,
        "resolved": 0,
        "reached": (),
        "tests": (),
        "tried": (),
        "ranks": (),
        "judged": 0,
        "calibration": None,
        "attempts": (),
    }
    return Stats(**fields | changes)


def reached(hours: float, **took: float) -> Reached:
    at = NOON - timedelta(hours=hours)
    return Reached(
        incident=IncidentNumber(1), milestone=Milestone.DIFFERENTIAL, at=at, took=timedelta(**took)
    )


def test_what_there_is_none_of_is_said_to_be_no_data() -> None:
    answer = words_of(render.shown(figures(opened=1)))

    assert answer.count("no data") >= 7
    assert "Leads taken without one: none" in answer
    assert "A picture" not in answer
    assert not any(f"*{zero}*" in answer for zero in ("0", "0 min", "0 of 0"))


def test_where_only_the_newest_count_that_is_said() -> None:
    assert "only the newest do (500 opened" in words_of(render.shown(figures(opened=500, cut=True)))


@pytest.mark.parametrize(
    "shown",
    [
        figures(reached=(reached(1, seconds=0),)),
        figures(reached=(reached(0, days=900), reached(719, minutes=1))),
        figures(attempts=(Attempt(at=NOON, accepted=True, score=0),)),
        figures(since=NOON - timedelta(minutes=1), reached=(reached(0, minutes=1),)),
        figures(since=NOON - timedelta(days=3000), reached=(reached(0, minutes=1),) * 150),
    ],
)
def test_whatever_there_is_can_be_drawn_and_the_same_is_drawn_the_same(shown: Stats) -> None:
    picture = render.draw(shown)

    assert picture.startswith(b"\x89PNG")
    assert render.draw(shown) == picture


def test_without_the_extra_the_figures_are_there_and_only_the_picture_is_not() -> None:
    script = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from bot.slack.render import evolution, stats\n"
        "try: stats.draw(None)\n"
        "except evolution.CannotDraw: print('cannot draw')\n"
        "except AttributeError: print('went too far')\n"
    )
    # The title is read after the import has failed.
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout == "cannot draw\n"


def test_who_asks_is_told_how_incidents_went_and_gets_a_picture_in_private(talk: Talk) -> None:
    given(talk)
    reads_back(talk)
    talk.time_passes(minutes=20)
    talk.logs("ben", "resolve: A; gone: loss finite for 200 steps; anyway: drill")

    told = talk.says("cho", "/incident stats since 2020-01-01")
    talk.settles()

    assert "1 opened, 1 resolved" in told
    assert "until somebody named a cause (1 of 1 opened)" in told
    assert "First telling test: no data" in told
    assert "first in *1 of 1*" in told
    assert "Read back and accepted: *1 of 1*" in told
    assert "calibration is told from 20 judged incidents on, 1 so far" in told
    [picture] = files_for(talk, "cho")
    assert picture["mimetype"] == "image/png"
    assert "1 opened, 1 resolved. First differential: " in picture["alt_txt"]
    assert files_for(talk, "ana") == []


def test_private_incidents_count_only_for_their_members_and_no_picture_is_said_where_they_asked(
    talk: Talk,
) -> None:
    talk.opens("ana", "sev2 leaked key", channel="C0SECRET")
    talk.logs("ana", "dx: old token 40%")
    talk.slack.fault("conversations.open", "error", error="cannot_dm_bot", times=-1)

    stranger = talk.says("cho", "/incident stats", channel="C0GENERAL")
    future = talk.says("cho", "/incident stats since 2099-01-01", channel="C0GENERAL")
    member = talk.says("ana", "/incident stats 1w", channel="C0SECRET")
    talk.settles()

    assert "No incident that you can see" in stranger
    assert "2099-01-01 is not over yet" in future
    assert "1 opened, 0 resolved" in member
    [refused] = [text for text in talk.whispers("ana") if "picture of these figures" in text]
    assert "cannot_dm_bot" in refused
    assert files_for(talk, "ana") == files_for(talk, "cho") == []
