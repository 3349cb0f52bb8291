"""The picture of how a differential evolved, and the same in words."""

import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import settings as slowly
from hypothesis import strategies as st
from PIL import Image

from bot.domain.diagnosis.estimate import How
from bot.domain.diagnosis.testing import Verdict
from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.fold import fold
from bot.domain.work.steps import (
    Asked,
    Ended,
    Expected,
    Found,
    Named,
    Recorded,
    Reestimated,
    RuledOut,
    Started,
    Step,
    Suspect,
)
from bot.domain.work.workup import Workup
from bot.slack.render import evolution
from bot.slack.render.evolution import ALT_LIMIT, NOTHING_YET, draw, in_words

START = datetime(2026, 11, 23, 10, 2, tzinfo=UTC)
END = START + timedelta(hours=1)
ANA = UserId("U0ANA")
HOSTILE = [
    "<!channel> <@U0BEN> @here",
    "$\\frac{1}{$ $x^",
    "x" * 40_000,
    "汉字 \U0001f525 \u202e txet \u2066",
    "\x00\x07\x1b[31m\ud800\nnew line",
    "   \n\t ",
    "%s {0} \\n",
]


def workup(told: Iterable[tuple[float, Step]]) -> Workup:
    """What the steps come to, each told at a minute after the start."""
    return fold(
        Recorded(seq=seq, step=step, by=ANA, at=START + timedelta(minutes=minute))
        for seq, (minute, step) in enumerate(told, start=1)
    )


def suspect(letter: str, statement: str, p: float) -> Suspect:
    return Suspect(letter=letter, statement=statement, p=p, how=How.NUMBER)


def checked(
    minute: float, number: int, likelihoods: dict[str, float], verdict: Verdict
) -> list[tuple[float, Step]]:
    return [
        (minute, Asked(test=number, question="does it?")),
        (minute, Expected(test=number, likelihoods=likelihoods)),
        (minute + 5, Found(test=number, verdict=verdict)),
    ]


def started(minute: float, name: str) -> tuple[float, Step]:
    return minute, Started(name=name, plan="A", text="roll back", target="A", window=timedelta(minutes=10))


TWO: list[tuple[float, Step]] = [
    (0, Named(hypotheses=(suspect("A", "collator gets strings", 0.4), suspect("B", "bad shard", 0.3)))),
    *checked(5, 1, {"A": 0.95, "B": 0.01}, Verdict.POSITIVE),
    started(12, "A1"),
    (20, Ended(name="A1", outcome=Outcome.FAILED)),
    *checked(25, 2, {"A": 0.95, "B": 0.01}, Verdict.POSITIVE),
]
MANY: list[tuple[float, Step]] = [
    (place, Named(hypotheses=(suspect(letter, f"reason number {place} of very many", 0.08),)))
    for place, letter in enumerate("ABCDEFGHIJKL")
]


def test_the_words_tell_every_turn_and_what_turned_it() -> None:
    told = in_words(workup(TWO))

    assert told == (
        "A collator gets strings: 40% at 10:02, 72% after T1 positive, 39% after A1 failed, "
        "55% after T2 positive. "
        "Something else: 30% at 10:02, 28% after T1 positive, 61% after A1 failed, 45% after T2 positive. "
        "B bad shard: 30% at 10:02, ruled out by T1. "
        "In order: T1 positive 10:12, A1 10:14, A1 failed 10:22, T2 positive 10:32. Times are UTC."
    )


def test_the_words_name_a_moment_where_no_test_or_intervention_did_it() -> None:
    told = in_words(workup([*TWO[:1], (7, Reestimated(letter="A", p=0.6))]))

    assert "A collator gets strings: 40% at 10:02, 60% at 10:09." in told


def test_a_person_is_named_and_cannot_be_pinged() -> None:
    of_ben: list[tuple[float, Step]] = [
        (0, Named(hypotheses=(suspect("A", "@U0BEN says @channel", 0.4),))),
        (1, RuledOut(letter="A")),
    ]
    told = in_words(workup(of_ben), {UserId("U0BEN"): "Ben", ANA: "Ana"})

    assert "A @Ben says @\u200bchannel: 40% at 10:02, ruled out by @Ana." in told


def test_where_nothing_is_named_the_words_say_how_to() -> None:
    assert in_words(workup([])) == NOTHING_YET


def test_the_words_of_many_hypotheses_still_fit_with_all_their_letters() -> None:
    letters = "ABCDEFGHIJKL"
    alike = {letter: 0.9 if letter < "G" else 0.2 for letter in letters}
    told = in_words(
        workup([*MANY, *(step for n in range(8) for step in checked(20 + 9 * n, n, alike, Verdict.POSITIVE))])
    )

    assert len(told) <= ALT_LIMIT
    assert all(f"{letter} reason" in told for letter in letters)


@pytest.mark.parametrize("statement", HOSTILE)
def test_whatever_people_type_can_be_drawn_and_said(statement: str) -> None:
    found = workup([(0, Named(hypotheses=(suspect("A", statement, 0.4),)))])

    assert size(draw(found, statement, until=END)) == (1200, 900)
    assert len(in_words(found)) <= ALT_LIMIT


@slowly(max_examples=15)
@given(statement=st.text(max_size=100), p=st.floats(0.01, 0.99), minutes=st.floats(-5, 1e6))
def test_whatever_happens_can_be_drawn_and_said(statement: str, p: float, minutes: float) -> None:
    found = workup([(0, Named(hypotheses=(suspect("A", statement, p),))), *TWO[1:]])

    assert size(draw(found, statement, until=START + timedelta(minutes=minutes))) == (1200, 900)
    assert 0 < len(in_words(found)) <= ALT_LIMIT


@pytest.mark.parametrize(
    "told",
    [[], TWO[:1], TWO, MANY, [*MANY, *((20.0, RuledOut(letter=letter)) for letter in "ABCDEFGHIJKL")]],
    ids=["none", "two", "tests", "twelve", "all ruled out"],
)
def test_every_differential_becomes_a_picture_of_one_size(told: list[tuple[float, Step]]) -> None:
    assert size(draw(workup(told), "INC-1 loss is NaN", until=END)) == (1200, 900)


def test_more_names_than_fit_and_more_marks_than_fit_are_no_harm() -> None:
    letters = [chr(ord("A") + place) for place in range(26)]
    named = [(place, Named(hypotheses=(suspect(each, each, 0.05),))) for place, each in enumerate(letters)]
    tries = [started(30 + place, f"A{place}") for place in range(40)]

    assert size(draw(workup([*named, *tries]), "INC-1", until=END)) == (1200, 900)


def test_the_same_history_gives_the_same_bytes() -> None:
    first, second = (draw(workup(TWO), "INC-1 loss is NaN", until=END) for _ in range(2))

    assert first == second


def test_another_history_gives_another_picture() -> None:
    assert draw(workup(TWO), "INC-1", until=END) != draw(workup(TWO[:4]), "INC-1", until=END)


def test_what_was_ruled_out_and_named_again_is_drawn_to_the_end() -> None:
    told = [*TWO, (40, Reestimated(letter="B", p=0.5))]
    [again] = [track for track in evolution.tracks(workup(told)) if track.letter == "B"]

    assert again.ruled_out_at is None
    assert again.last == pytest.approx(0.5)


def test_a_cross_stands_where_a_hypothesis_was_ruled_out() -> None:
    [gone] = [track for track in evolution.tracks(workup(TWO)) if track.letter == "B"]

    assert gone.ruled_out_at == START + timedelta(minutes=10)
    assert gone.ruled_out_by == "T1"


def test_tests_and_interventions_are_marked_in_order() -> None:
    marks = evolution.marks(workup(TWO))

    assert [mark.label for mark in marks] == ["T1 positive", "A1", "A1 failed", "T2 positive"]
    assert [mark.is_test for mark in marks] == [True, False, False, True]


def test_without_matplotlib_it_says_so_and_nothing_else_needs_it() -> None:
    script = (
        "import sys, datetime; sys.modules['matplotlib'] = None\n"
        "from bot.domain.work.workup import Workup; from bot.slack.render import evolution\n"
        "print(evolution.in_words(Workup()))\n"
        "try: evolution.draw(Workup(), 'x', until=datetime.datetime.now(datetime.UTC))\n"
        "except evolution.CannotDraw: print('cannot draw')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30
    )

    assert done.stdout.splitlines() == [NOTHING_YET, "cannot draw"]


def test_the_bot_does_not_load_matplotlib_before_it_draws() -> None:
    script = "import sys, bot.wiring; print('matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30
    )

    assert done.stdout == "False\n"


def test_the_words_that_stand_in_for_a_picture_say_which_extra_is_missing() -> None:
    post = evolution.said_instead(
        ChannelId("C0HERE"), MessageTs("1.2"), evolution.NEEDS_EXTRA, "A <!channel>: 40% at 10:02."
    )

    assert "the extra `charts`" in post.text
    assert "&lt;!channel&gt;: 40% at 10:02." in post.text
    assert post.blocks[1]["elements"][0]["elements"][0]["text"] == "A <!channel>: 40% at 10:02."


def size(png: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(png)) as image:
        image.load()
        assert image.format == "PNG"
        return image.size
