"""Vital signs: both sides of every edge of their bands, and how they are typed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import NotUnderstood
from bot.domain.signs.vital_grammar import BASES, read, written
from bot.domain.signs.vitals import MEASURES, Base, Reading, Vital, scores

BANDS = [
    (Vital.LOSS_TREND, "loss_trend", "x", [(0.5, 0), (1.02, 0), (1.021, 1), (1.1, 1), (1.11, 2), (2, 2)]),
    (Vital.LOSS_TREND, "loss_trend", "x", [(2.01, 3), (1e9, 3)]),
    (Vital.GRAD_NORM, "grad_norm", "x", [(0, 3), (0.0099, 2), (0.01, 1), (0.099, 1), (0.1, 0), (3, 0)]),
    (Vital.GRAD_NORM, "grad_norm", "x", [(3.01, 1), (10, 1), (10.1, 2), (100, 2), (100.1, 3)]),
    (Vital.GRAD_NORM, "grad_norm", "", [(9.9e-8, 3)]),
    (Vital.THROUGHPUT, "throughput", "x", [(1.2, 0), (0.9, 0), (0.899, 1), (0.7, 1), (0.699, 2), (0.5, 2)]),
    (Vital.THROUGHPUT, "throughput", "x", [(0.499, 3), (0, 3)]),
    (Vital.BURN_RATE, "burn_rate", "", [(0, 0), (0.99, 0), (1, 1), (5.99, 1), (6, 2), (14.39, 2), (14.4, 3)]),
    (Vital.LATENCY, "p99", "x", [(0.8, 0), (0.801, 1), (1, 1), (1.01, 2), (2, 2), (2.01, 3)]),
    (Vital.INPUT_DATA, "drift", "", [(0, 0), (0.099, 0), (0.1, 1), (0.2, 1), (0.201, 2), (9, 2)]),
    (Vital.INPUT_DATA, "null_rate", "x", [(1, 0), (2.99, 0), (3, 2)]),
]
EDGES = [(vital, name, unit, *edge) for vital, name, unit, edges in BANDS for edge in edges]
WORDS = [
    (Vital.FINITENESS, "loss", "nan", 3),
    (Vital.FINITENESS, "loss", "inf", 3),
    (Vital.FINITENESS, "val_loss", "nan", 3),
    (Vital.FINITENESS, "params", "inf", 3),
    (Vital.FINITENESS, "params", "finite", 0),
    (Vital.FINITENESS, "grad_norm", "nan", 3),
    (Vital.LOSS_TREND, "loss_trend", "flat", 1),
    (Vital.LOSS_TREND, "loss_trend", "falling", 0),
    (Vital.THROUGHPUT, "throughput", "stalled", 3),
    (Vital.LATENCY, "p99", "timeouts", 3),
    (Vital.INPUT_DATA, "schema", "ok", 0),
    (Vital.INPUT_DATA, "schema", "mismatch", 3),
]

names = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True).filter(
    lambda name: (
        name not in {*MEASURES, *BASES, "stalled", "x", "s", "h", "ms", "us", "min", "sec", "secs"}
        and not any(name == word for measure in MEASURES.values() for word in measure.synonyms)
    )
)
numbers = st.floats(0, 1e12, allow_nan=False)
known_units = st.sampled_from(["", "x", "%", "s", "ms", "us", "min", "/s", "tok/s", "rps"])
units = st.one_of(known_units, st.just("GB"))
based = st.builds(
    lambda name, value, base, unit: Reading(name=name, value=value, unit=unit, base=base, base_unit=unit),
    st.sampled_from(["loss", "grad_norm", "throughput", "p99", "null_rate"]),
    numbers,
    numbers,
    units,
)
measured = st.builds(
    lambda name, value, unit: Reading(name=name, value=value, unit=unit),
    st.sampled_from([name for name, each in MEASURES.items() if each.bands or each.finite]),
    numbers,
    known_units,
)
worded = st.sampled_from([Reading(name=name, word=word) for _, name, word, _ in WORDS])
own = st.builds(lambda name, value, unit: Reading(name=name, value=value, unit=unit), names, numbers, units)
own_words = st.builds(
    lambda name, word: Reading(name=name, word=word),
    names,
    st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True),
)


@pytest.mark.parametrize(("vital", "name", "unit", "value", "score"), EDGES)
def test_both_sides_of_every_edge_have_their_score(
    vital: Vital, name: str, unit: str, value: float, score: int
) -> None:
    assert scores(Reading(name=name, value=value, unit=unit))[vital] == score


@pytest.mark.parametrize(("vital", "name", "word", "score"), WORDS)
def test_words_have_their_score(vital: Vital, name: str, word: str, score: int) -> None:
    assert scores(Reading(name=name, word=word)) == {vital: score}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("p99=2.1s/1s", {Vital.LATENCY: 3}),
        ("p99=2.1s (slo 1s)", {Vital.LATENCY: 3}),
        ("p99=900ms slo 1s", {Vital.LATENCY: 1}),
        ("latency: 1.2x", {Vital.LATENCY: 2}),
        ("p99 120%", {Vital.LATENCY: 2}),
        ("throughput=1200/s of 3000/s", {Vital.THROUGHPUT: 3}),
        ("tput=1.2k/s of 3k/s", {Vital.THROUGHPUT: 3}),
        ("throughput: 40%", {Vital.THROUGHPUT: 3}),
        ("throughput = 2,700 of 3,000", {Vital.THROUGHPUT: 0}),
        ("stalled for 35m", {Vital.THROUGHPUT: 3}),
        ("grad norm: 812 median 3.1", {Vital.FINITENESS: 0, Vital.GRAD_NORM: 3}),
        ("gradient-norm=812/3.1", {Vital.FINITENESS: 0, Vital.GRAD_NORM: 3}),
        ("grads=NaN", {Vital.FINITENESS: 3}),
        ("loss=∞", {Vital.FINITENESS: 3}),
        ("loss=-∞", {Vital.FINITENESS: 3}),
        ("loss=1e999", {Vital.FINITENESS: 3}),
        ("grad_norm=1e400 median 3", {Vital.FINITENESS: 3}),
        ("loss=-2.5", {Vital.FINITENESS: 0}),
        ("throughput=40widgets of 100widgets", {Vital.THROUGHPUT: 3}),
        ("throughput=100 since the restart", {}),
        ("*loss* is NaN since step 3100", {Vital.FINITENESS: 3}),
        ("loss=1,2", {Vital.FINITENESS: 0}),
        ("loss=1.2 best 1.1", {Vital.FINITENESS: 0, Vital.LOSS_TREND: 1}),
        ("burn rate 14.4", {Vital.BURN_RATE: 3}),
        ("error budget burn: 6x", {Vital.BURN_RATE: 2}),
        ("psi=0.15", {Vital.INPUT_DATA: 1}),
        ("schema mismatch", {Vital.INPUT_DATA: 3}),
        ("null rate=12% of 4%", {Vital.INPUT_DATA: 2}),
    ],
)
def test_a_sign_may_be_written_in_many_ways(said: str, expected: dict[Vital, int]) -> None:
    [reading] = read(said)

    assert scores(reading) == expected


@pytest.mark.parametrize(
    "said",
    ["p99=2.1s", "p99=2.1s slo 3/s", "throughput=1200/s", "null_rate=12%", "burn=5min", "idle=16"],
)
def test_what_cannot_be_compared_has_no_score(said: str) -> None:
    [reading] = read(said)

    assert scores(reading) == {}


def test_signs_may_be_parted_by_spaces_commas_and_lines_and_words_between_are_passed_over() -> None:
    said = "we see loss: nan, grad norm: 812 and\nthroughput=0.4x; p99=2.1s (rank 0) idle=16 state=bad"

    assert written(read(said)) == ("loss=nan grad_norm=812 throughput=0.4x p99=2.1s idle=16 state=bad")


@pytest.mark.parametrize("said", ["", "all is well", "http://x.y/z", "no loss of data", "12:30"])
def test_a_text_without_signs_is_refused_with_the_menu(said: str) -> None:
    with pytest.raises(NotUnderstood, match="grad_norm=812 median"):
        read(said)


@pytest.mark.parametrize("said", ["loss=weird", "throughput: unchanged", "schema=7", "schema=odd p99=2s/1s"])
def test_a_known_sign_whose_value_says_nothing_is_refused_with_its_example(said: str) -> None:
    with pytest.raises(NotUnderstood, match="I cannot read"):
        read(said)


@pytest.mark.parametrize(
    "said",
    [
        "throughput=100 furlongs",
        "throughput=100furlongs, loss=2",
        "p99: 3 parsecs",
        "grad_norm=812kg",
        "burn=6GB",
    ],
)
def test_a_unit_that_nobody_knows_is_refused_with_those_that_are_known(said: str) -> None:
    with pytest.raises(NotUnderstood, match=r"is no unit of .*(?s:.*)tokens/s.*grad_norm=812 median"):
        read(said)


@pytest.mark.parametrize("said", ["throughput=-3x", "grad_norm=-4", "p99=-1s", "burn=-6", "p99=1e999s"])
def test_what_no_sign_can_be_is_refused_with_its_example(said: str) -> None:
    with pytest.raises(NotUnderstood, match="I cannot read"):
        read(said)


@pytest.mark.parametrize("said", ["100 img/s of 400 img/s", "100 images/sec normally 400", "100img/s/400"])
def test_whatever_is_counted_a_second_keeps_its_unit_and_what_it_is_compared_with(said: str) -> None:
    [reading] = read(f"throughput={said}")

    assert (reading.value, reading.base) == (100.0, 400.0)
    assert reading.unit == reading.base_unit in {"img/s", "images/sec"}
    assert scores(reading)


def test_every_example_of_the_menu_is_scored() -> None:
    for measure in MEASURES.values():
        [reading] = read(measure.example)

        assert scores(reading)


@given(st.lists(st.one_of(based, measured, worded, own, own_words), min_size=1, max_size=6))
def test_what_is_written_is_read_as_it_was(readings: list[Reading]) -> None:
    assert read(written(readings)) == readings


@given(st.text(max_size=80))
def test_no_text_breaks_the_grammar(text: str) -> None:
    try:
        found = read(text)
    except NotUnderstood:
        return

    assert read(written(found))


@given(
    st.text(st.sampled_from("loss=nan: 12.,x%/sk\nof slo p99 grad_norm ſİı"), max_size=60),
    st.floats(0, 1e9),
)
def test_no_score_is_out_of_its_range(text: str, base: float) -> None:
    try:
        found = read(text)
    except NotUnderstood:
        return

    for reading in found:
        assert all(0 <= score <= 3 for score in scores(reading, Base(base)).values())


@given(based)
@example(Reading(name="p99", value=0.0, unit="ms", base=5e-324, base_unit="ms"))
def test_what_a_reading_is_compared_with_may_have_been_said_before(reading: Reading) -> None:
    alone = Reading(name=reading.name, value=reading.value, unit=reading.unit)
    base = Base(reading.base or 0, reading.base_unit)

    assert scores(alone, base) == scores(reading)
