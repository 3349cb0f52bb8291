"""Contingencies: how they are typed, and what is prepared, changed, triggered and revoked comes to."""

from contextlib import suppress
from dataclasses import replace
from itertools import permutations
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chart import Kind
from bot.domain.errors import NotUnderstood, Refused
from bot.domain.ids import UserId
from bot.domain.readiness.preparing import IfThen, Occurred, Off, read_if, written_if
from bot.domain.work.fold import fold
from bot.domain.work.news import news
from bot.domain.work.steps import ContingencyChanged, Happened, Prepared, Revoked
from tests.domain.table import ANA, BEN, Table, at, said, table

LETTERS = ("A", "B", "C")
ROLL = IfThen(when="loss > 4", then="roll back to step 2900")
LINE = "if: loss > 4 then roll back to step 2900 @U0BEN"
DX = "dx: bad batch 30%\nleak 60%"
phrases = [
    "loss > 4",
    "then",
    "→",
    "->",
    "=>",
    "if",
    "when",
    "IF1",
    "off",
    "happened",
    "for A, B",
    "for Z",
    "for",
    "page",
    "@U0BEN",
    "@U0CHO",
    "@oncall",
    '"',
    "“x”",
    ",",
    ";",
    ":",
    "@U0BEN:",
    "for A:",
]
odd_texts = st.lists(st.sampled_from(phrases), min_size=1, max_size=7).map(" ".join)


@pytest.mark.parametrize(
    "text",
    [
        "loss > 4 then roll back to step 2900 @U0BEN",
        "IF: loss > 4 then roll back to step 2900 @U0BEN",
        "if: when loss > 4, roll back to step 2900 @U0BEN",
        "loss > 4 → roll back to step 2900 @U0BEN",
        "loss > 4 -> roll back to step 2900 @U0BEN",
        "loss > 4 => roll back to step 2900, @U0BEN",
        "loss > 4, roll back to step 2900 @U0BEN",
        "loss > 4: roll back to step 2900; owner: @U0BEN",
        "loss > 4, then: @U0BEN roll back to step 2900",
        "if loss > 4 then @U0BEN: roll back to step 2900",
        "@U0BEN: when loss > 4, roll back to step 2900",
        '"loss > 4" then "roll back to step 2900" @U0BEN',
        "loss > 4\nTHEN\nroll back to step 2900\n@U0BEN",
    ],
)
def test_condition_deed_and_owner_are_read_however_they_are_parted(text: str) -> None:
    assert read_if(text, LETTERS) == replace(ROLL, owner=BEN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loss > 4 then roll back to step 2900 for A,B @U0BEN", replace(ROLL, owner=BEN, about=("A", "B"))),
        ("for A and B: loss > 4 then roll back to step 2900", replace(ROLL, about=("A", "B"))),
        ("loss > 4 then roll back to step 2900 @U0BEN for C", replace(ROLL, owner=BEN, about=("C",))),
        ("x then wait for GO", IfThen(when="x", then="wait for GO")),
        ("@U0BEN is late then page @U0CHO", IfThen(when="@U0BEN is late", then="page @U0CHO")),
        ("x then wake up @U0CHO", IfThen(when="x", then="wake up @U0CHO")),
        ("loss => 4 then stop, then restart", IfThen(when="loss => 4", then="stop, then restart")),
        ("loss > 4,000 then stop", IfThen(when="loss > 4,000", then="stop")),
        ('"a then b" then c', IfThen(when="a then b", then="c")),
        ("IF1 @U0BEN", IfThen(contingency=1, owner=BEN)),
        ("if1: then stop it", IfThen(contingency=1, then="stop it")),
        ('IF1 if "a then b"', IfThen(contingency=1, when="a then b")),
        ("IF 1 if loss > 5", IfThen(contingency=1, when="loss > 5")),
        ("IF1 loss > 5 then stop for B", IfThen(contingency=1, when="loss > 5", then="stop", about=("B",))),
        ("IF1 off: the vendor has fixed it", Off(contingency=1, words="the vendor has fixed it")),
        ("IF1 no longer holds, fixed", Off(contingency=1, words="fixed")),
        ("IF1 happened", Occurred(contingency=1)),
        ("IF1 has happened: loss is 6 @U0BEN", Occurred(contingency=1, words="loss is 6 @U0BEN")),
    ],
)
def test_what_belongs_to_a_part_stays_in_it(text: str, expected: object) -> None:
    assert read_if(text, LETTERS) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("loss > 4 roll back", "what is to be done then"),
        ("loss > 4 then", "what is to be done then"),
        ("loss > 4, throughput low, roll back", "what is to be done then"),
        ("then roll back", "does not say when"),
        ("", "does not say when"),
        ("IF1 loss > 4", "what is to be done then"),
        ("IF1 if loss > 4 then", "what is to be done then"),
        ("x then y for Z", "no hypothesis Z"),
        ("x then y @U0BEN and @U0ANA", "one owner"),
        ("x then y @oncall", "@oncall is not one person"),
    ],
)
def test_what_does_not_say_both_or_is_not_one_persons_is_asked_for(text: str, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        read_if(text, LETTERS)


@given(st.text() | odd_texts)
def test_whatever_is_read_can_be_written_and_read_again(text: str) -> None:
    try:
        found = read_if(text, LETTERS)
    except NotUnderstood:
        return

    if isinstance(found, IfThen):
        assert read_if(written_if(found, LETTERS), LETTERS) == found


@given(
    st.builds(
        IfThen,
        when=st.sampled_from(
            ["loss > 4", "if it stalls", "IF1", "a → b", "a then b", "for A: x", "@U0ANA: x"]
        ),
        then=st.sampled_from(
            ["stop", "@U0CHO stops", "page @U0CHO", "stop for A", "then", "stop;", '"x" or y']
        ),
        contingency=st.none() | st.integers(1, 99),
        owner=st.none() | st.just(BEN),
        about=st.none() | st.just(("A",)) | st.just(("C", "B")),
    )
)
def test_a_contingency_that_is_written_is_read_back_the_same(said_so: IfThen) -> None:
    assert read_if(written_if(said_so, LETTERS), LETTERS) == said_so


@pytest.mark.parametrize(
    "text", ["x @" * 10_000, "then " * 10_000, ", x" * 10_000, "for A" * 10_000, "- " * 10_000, '"' * 20_000]
)
def test_the_longest_message_is_read_in_a_moment(text: str) -> None:
    began = perf_counter()

    with suppress(NotUnderstood):
        read_if(text, LETTERS)

    assert perf_counter() - began < 5


def test_it_is_its_authors_and_for_what_leads_unless_somebody_says_otherwise() -> None:
    alone, leading = table("if: x then y"), table(DX, "if: x then y", "if: x then z for A @U0BEN")

    assert [(each.owner, each.about) for each in alone.workup.contingencies] == [(ANA, ())]
    assert [(each.owner, each.about) for each in leading.workup.contingencies] == [
        (ANA, ("B",)),
        (BEN, ("A",)),
    ]


def test_an_edit_stays_for_what_it_was_assumed_to_be_whatever_leads_now() -> None:
    found = table(DX, "if: x then y", "dx: A 90%")
    found.edits(2, "x then z")
    kept = found.workup.contingencies[0].about
    found.edits(2, "x then z for A")
    named = found.workup.contingencies[0].about
    found.edits(2, "x then z")

    assert (kept, named, found.workup.contingencies[0].about) == (("B",), ("A",), ("A",))


def test_numbers_are_given_for_life_and_an_edit_keeps_its_own() -> None:
    found = table("if: one then x", "if: two then y")
    found.deletes(2)
    found.says("if: three then z")
    found.edits(1, "one and a half then x")

    assert [(each.name, each.when) for each in found.workup.contingencies] == [
        ("IF1", "one and a half"),
        ("IF3", "three"),
    ]


def test_words_owner_and_hypotheses_change_until_that_is_taken_back() -> None:
    found = table(DX, LINE, "if: IF1 @U0ANA", "if: IF1 then stop it for A")
    [changed] = found.workup.contingencies
    found.deletes(4)
    found.deletes(3)

    assert (changed.when, changed.then, changed.owner, changed.about) == (
        "loss > 4",
        "stop it",
        ANA,
        ("A",),
    )
    assert found.workup.contingencies == table(DX, LINE).workup.contingencies


def test_it_is_over_when_somebody_says_why_and_holds_again_once_it_is_changed() -> None:
    found = table(LINE)
    with pytest.raises(Refused, match="Why does IF1 no longer hold") as refused:
        found.says("if: IF1 off")
    found.says("if: IF1 off the vendor has fixed it")
    [off] = found.workup.contingencies
    nothing_holds = found.workup.holding == ()
    found.says("if: IF1 @U0ANA")

    assert [offer.does for offer in refused.value.offers] == ["if_off:IF1"]
    assert (off.revoked_by, off.revoked_at, off.revoked_words) == (ANA, at(2), "the vendor has fixed it")
    assert nothing_holds
    assert found.workup.holding[0].revoked_words == ""


def test_that_it_happened_is_kept_with_its_time_and_it_still_holds() -> None:
    found = table(LINE, "if: IF1 happened", "if: IF1 happened: loss is 6")

    [each] = found.workup.holding
    assert (each.triggered_at, each.triggered_by, each.triggered_words) == (at(3), ANA, "loss is 6")
    found.deletes(3)
    found.deletes(2)
    assert found.workup == table(LINE).workup


@pytest.mark.parametrize(
    "line", ["if: IF7 @U0BEN", "if: IF7 happened", "if: IF7 off x", "if: IF1", "if: IF1 ,"]
)
def test_what_is_about_no_contingency_or_changes_nothing_is_refused(line: str) -> None:
    with pytest.raises(NotUnderstood, match="IF1"):
        table(LINE).says(line)


def test_a_message_cannot_turn_from_a_contingency_into_a_change_of_itself() -> None:
    with pytest.raises(NotUnderstood, match="no contingency IF1"):
        table(LINE).edits(1, "IF1 happened")


def test_a_message_that_was_only_marked_is_one_where_it_says_both() -> None:
    both = table().hears(replace(said("if the loss rises then roll back", Kind.CONTINGENCY), typed=False))
    neither = table(LINE).hears(replace(said("IF1 happened I think", Kind.CONTINGENCY), typed=False))

    assert both.steps == (
        Prepared(contingency=1, when="the loss rises", then="roll back", owner=ANA, assumed=True),
    )
    assert neither.steps == ()


def test_the_thread_hears_what_was_prepared_changed_triggered_and_revoked() -> None:
    found = table(DX)
    lines = []
    for line in (LINE, "if: IF1 @U0ANA", "if: IF1 happened: loss is 6", "if: IF1 off fixed", "if: IF1 for A"):
        before = found.workup
        found.says(line)
        lines += [each.line for each in news(before, found.workup)]

    assert lines == [
        "IF1 for @U0BEN: if loss > 4, then roll back to step 2900 (for B)",
        "IF1 for @U0ANA: if loss > 4, then roll back to step 2900 (for B)",
        "IF1 has happened: loss is 6. Now @U0ANA: roll back to step 2900",
        "IF1 no longer holds: fixed",
        "IF1 holds again for @U0ANA: if loss > 4, then roll back to step 2900 (for A)",
    ]


def test_any_order_of_arrival_leads_to_the_same_contingencies() -> None:
    made = table(LINE, "if: IF1 @U0ANA", "if: IF1 happened", "if: IF1 off fixed", "if: a then b").recorded
    expected = fold(made).contingencies

    for order in permutations(made):
        arrived = [replace(each, seq=seq) for seq, each in enumerate(order, 1)]
        assert fold(arrived).contingencies == expected


@given(
    st.lists(
        st.one_of(
            st.builds(
                Prepared,
                contingency=st.integers(1, 2),
                when=st.just("x"),
                then=st.just("y"),
                owner=st.just(UserId("U0BEN")),
            ),
            st.builds(ContingencyChanged, contingency=st.integers(1, 3), owner=st.sampled_from([ANA, BEN])),
            st.builds(Happened, contingency=st.integers(1, 3)),
            st.builds(Revoked, contingency=st.integers(1, 3), words=st.just("over")),
        ),
        max_size=8,
    )
)
def test_every_contingency_has_its_number_once_and_words_where_it_is_over(
    steps: list[Prepared | ContingencyChanged | Happened | Revoked],
) -> None:
    found = Table()
    for step in steps:
        found.taps(step)

    each_one = found.workup.contingencies
    assert len({each.number for each in each_one}) == len(each_one)
    assert all(each.holds == (not each.revoked_words) for each in each_one)
    assert found.workup.contingencies_given == max((each.number for each in each_one), default=0)
