"""Several people's lists made one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diagnosis.differential import OTHER, Proposed
from bot.domain.diagnosis.estimate import Estimate
from bot.domain.diagnosis.pooling import key, pooled

lists = st.lists(
    st.lists(
        st.builds(
            Proposed,
            statement=st.sampled_from(["Bad batch", "bad  batch.", "OOM", "disk"]),
            estimate=st.none() | st.builds(Estimate, st.floats(0.001, 0.999)),
        ),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=5,
)


def said(**numbers: float) -> list[Proposed]:
    return [Proposed(statement=name, estimate=Estimate(p)) for name, p in numbers.items()]


def test_two_opposite_opinions_meet_in_the_middle() -> None:
    assert pooled([said(a=0.8, b=0.1), said(a=0.1, b=0.8)]) == pytest.approx(
        {"a": 0.45, "b": 0.45, OTHER: 0.1}, abs=0.02
    )


def test_one_list_pools_to_itself() -> None:
    assert pooled([said(a=0.6, b=0.3)]) == pytest.approx({"a": 0.6, "b": 0.3, OTHER: 0.1})


def test_log_odds_are_averaged_so_a_confident_voice_counts_for_more_than_in_a_plain_mean() -> None:
    found = pooled([said(a=0.95), said(a=0.5)])

    assert found["a"] > 0.8


def test_the_same_words_in_another_case_are_the_same_hypothesis() -> None:
    assert key("Bad  batch.") == key("bad batch")


@given(lists, st.randoms())
def test_pooling_sums_to_one_and_does_not_care_who_answered_first(
    given_lists: list[list[Proposed]], random: object
) -> None:
    shuffled = list(given_lists)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = pooled(given_lists), pooled(shuffled)

    assert sum(one.values()) == pytest.approx(1, abs=1e-9)
    assert one[OTHER] >= 0.05 - 1e-12
    assert one == pytest.approx(other, abs=1e-9)
