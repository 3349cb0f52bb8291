"""Lists that people make apart: read, matched with each other and with the team's, and pooled."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diagnosis.differential import OTHER
from bot.domain.diagnosis.opinions import (
    OWN_LIST,
    Consulted,
    Opinion,
    OwnList,
    Settled,
    patience,
    pool,
    read_list,
    told,
    written,
)
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId
from bot.domain.incident import Severity
from bot.domain.work.fold import fold
from bot.domain.work.steps import Named, Pooled, Recorded, RuledOut, Step, Suspect
from bot.domain.work.workup import Workup

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANA, BEN, CHO = UserId("U0ANA"), UserId("U0BEN"), UserId("U0CHO")

own_lists = st.lists(
    st.builds(
        Opinion,
        statement=st.sampled_from(["Bad batch", "bad  batch.", "OOM", "disk", "a", "Collator"]),
        p=st.none() | st.floats(0.001, 0.999),
        impact=st.none() | st.integers(1, 5),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda each: each.statement.casefold()[:3],
).map(tuple)
rounds = st.dictionaries(st.sampled_from([UserId(f"U{place}") for place in range(9)]), own_lists, min_size=1)


def after(*steps: Step) -> Workup:
    """The workup that these steps lead to."""
    return fold(recorded(steps))


def recorded(steps: tuple[Step, ...]) -> list[Recorded]:
    return [Recorded(seq=seq, step=step, by=ANA, at=NOON) for seq, step in enumerate(steps, 1)]


def listed(**numbers: float) -> Named:
    """Hypotheses of the team's list: their statements are the names, their letters come in order."""
    suspects = [
        Suspect(letter="ABCDEF"[place], statement=statement, p=p)
        for place, (statement, p) in enumerate(numbers.items())
    ]
    return Named(hypotheses=tuple(suspects))


def own(text: str, workup: Workup | None = None) -> OwnList:
    return read_list(text, workup.differential.hypotheses if workup else ())


def the_step(found: Settled) -> Pooled:
    step = found.steps[0]
    assert isinstance(step, Pooled)
    return step


def consulted(person: UserId, answer: OwnList | None, closed_at: datetime | None) -> Consulted:
    return Consulted(
        person=person, asked_by=CHO, asked_at=NOON, due_at=NOON, answer=answer, closed_at=closed_at
    )


def shares(found: Settled) -> dict[str, float]:
    """What the lists come to, by statement where a hypothesis is new."""
    step = the_step(found)
    names = {suspect.letter: suspect.statement for suspect in step.hypotheses}
    return {names.get(letter, letter): p for letter, p in step.estimates.items()}


def test_a_list_is_read_as_after_dx_a_hypothesis_a_line() -> None:
    found = own(
        "collator gets string columns 60% impact 4\n\n2. bad batch, likely\nlr too high assumes dtype"
    )

    assert [(each.statement, each.p, each.impact, each.assumption) for each in found] == [
        ("collator gets string columns", 0.6, 4, None),
        ("bad batch", 0.8, None, None),
        ("lr too high", None, None, "dtype"),
    ]


def test_a_letter_of_the_teams_list_stands_for_its_hypothesis() -> None:
    workup = after(listed(collator=0.5, disk=0.3))

    found = own("A 40%\n2. B\nDB 10%", workup)

    assert [(each.letter, each.statement, each.p) for each in found] == [
        ("A", "collator", 0.4),
        ("B", "disk", None),
        (None, "DB", 0.1),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "at least one"),
        ("something else 40%", "at least one"),
        ("bad batch maybe", "no probability"),
        ("bad batch 60% impact 7", "not on the scale"),
        ("60%", "says no hypothesis"),
        ("Z 10%", "There is no Z"),
        ("bad batch 60%\nBad  batch.", "twice"),
        ("A 60%\ncollator 20%", "twice"),
        ("A for: KeyError in row 3", "argues"),
        ("A ruled out", "argues"),
        ("\n".join(f"cause number {place}." for place in "abcdefghijk"), "10 at most"),
    ],
)
def test_what_is_no_list_is_refused_with_what_would_be(text: str, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        own(text, after(listed(collator=0.5)))


def test_something_else_is_on_every_list_so_a_line_for_it_adds_nothing() -> None:
    assert own("collator 60%\nsomething else 40%") == own("collator 60%")


@pytest.mark.parametrize("text", ["collator 60%\nbad batch", "A 40% impact 4\nB\nlr too high likely"])
def test_a_list_can_be_shown_to_its_author_and_read_again(text: str) -> None:
    workup = after(listed(collator=0.5, disk=0.3))
    found = own(text, workup)

    assert own(written(found), workup) == found
    assert OWN_LIST.validate_json(OWN_LIST.dump_json(found)) == found


def test_one_list_is_what_it_says() -> None:
    found = pool({ANA: own("collator 60%\nbad batch 30%")}, Workup())

    assert shares(found) == pytest.approx({"collator": 0.6, "bad batch": 0.3})


def test_a_ranking_alone_becomes_numbers_in_its_order() -> None:
    found = pool({ANA: own("collator\nbad batch\ndisk")}, Workup())

    assert [shares(found)[name] for name in ("collator", "bad batch", "disk")] == pytest.approx(
        [0.4847, 0.2908, 0.1745], abs=1e-3
    )


def test_two_opposite_opinions_meet_in_the_middle() -> None:
    found = pool({ANA: own("collator 80%\ndisk 10%"), BEN: own("collator 10%\ndisk 80%")}, Workup())

    assert shares(found) == pytest.approx({"collator": 0.45, "disk": 0.45}, abs=0.02)


def test_the_same_words_in_another_case_are_one_hypothesis_of_several_people_and_of_the_team() -> None:
    workup = after(listed(collator=0.5))

    found = pool({ANA: own("Collator. 60%"), BEN: own("Bad batch 20%"), CHO: own("bad  batch 30%")}, workup)

    assert set(shares(found)) == {"A", "Bad batch"}


def test_new_hypotheses_take_the_letters_after_all_that_were_ever_given_the_likeliest_first() -> None:
    withdrawn = Recorded(seq=9, step=listed(collator=0.5, disk=0.2), by=ANA, at=NOON, live=False)

    found = pool({ANA: own("unlikely thing 5%\nlikely thing 70%")}, fold([withdrawn]))

    assert [(each.letter, each.statement) for each in the_step(found).hypotheses] == [
        ("C", "likely thing"),
        ("D", "unlikely thing"),
    ]


def test_what_a_list_does_not_name_shares_its_something_else() -> None:
    workup = after(listed(collator=0.5, disk=0.3))

    found = pool({ANA: own("collator 70%")}, workup)

    assert the_step(found).estimates == pytest.approx({"A": 0.7, "B": 0.15})


def test_what_was_ruled_out_stays_so_until_somebody_names_it() -> None:
    workup = after(listed(collator=0.5, disk=0.3), RuledOut(letter="B"))

    unnamed, named = pool({ANA: own("A 70%", workup)}, workup), pool({ANA: own("Disk 70%", workup)}, workup)

    assert "B" not in the_step(unnamed).estimates
    assert the_step(named).estimates["B"] == pytest.approx(0.7)


def test_a_letter_whose_hypothesis_was_withdrawn_meanwhile_goes_by_its_words() -> None:
    answer = own("A 70%", after(listed(collator=0.5)))
    gone = [Recorded(seq=1, step=listed(collator=0.5), by=ANA, at=NOON, live=False)]

    found = pool({ANA: answer}, fold(gone))

    assert [(each.letter, each.statement) for each in the_step(found).hypotheses] == [("B", "collator")]


def test_the_worst_impact_that_anybody_sees_counts() -> None:
    workup = after(listed(collator=0.5))
    lists = {ANA: own("A 40% impact 5\nleak 10% impact 2", workup), BEN: own("leak 20% impact 4")}

    found = pool(lists, workup)
    now = after(listed(collator=0.5), *found.steps)

    assert {each.letter: each.impact for each in now.differential.hypotheses} == {"A": 5, "B": 4}


@given(rounds, st.sampled_from([(), (listed(collator=0.5, disk=0.2),)]), st.randoms())
def test_whoever_answers_first_the_sum_is_one_and_the_letters_are_the_same(
    lists: dict[UserId, OwnList], before: tuple[Step, ...], random: object
) -> None:
    people = list(lists)
    random.shuffle(people)  # type: ignore[attr-defined]

    found = pool(lists, after(*before))
    shuffled = pool(dict(zip(people, lists.values(), strict=True)), after(*before))
    now = after(*before, *found.steps).differential.probabilities

    assert the_step(shuffled).hypotheses == the_step(found).hypotheses
    assert the_step(shuffled).estimates == pytest.approx(the_step(found).estimates, abs=1e-12)
    assert sum(now.values()) == pytest.approx(1, abs=1e-9)
    assert now[OTHER] >= 0.05 - 1e-9
    assert {letter: p for letter, p in now.items() if letter != OTHER} == pytest.approx(
        the_step(found).estimates, abs=1e-9
    )


@given(own_lists)
def test_one_list_pools_to_its_own_numbers(only: OwnList) -> None:
    settled = pool({ANA: only}, Workup())
    people = [consulted(ANA, settled.lists[ANA], NOON)]

    for each in told(1, people, the_step(settled), Workup()).judged:
        # Nobody's list counts as saying less than half a per cent of anything.
        assert each.said == pytest.approx({ANA: each.p}, abs=1e-3)


@given(rounds)
def test_every_line_of_every_list_has_a_letter_in_the_end(lists: dict[UserId, OwnList]) -> None:
    found = pool(lists, after(listed(collator=0.5)))

    letters = {line.letter for each in found.lists.values() for line in each}
    assert letters <= set(the_step(found).estimates)
    assert found.lists.keys() == lists.keys()


def test_an_open_round_tells_nothing_but_who_was_asked() -> None:
    people = [consulted(ANA, own("collator 60%"), None), consulted(BEN, None, None)]

    found = told(1, people, None, Workup())

    assert (found.asked, found.answered, found.silent, found.judged) == ((ANA, BEN), (), (), ())


def test_a_closed_round_tells_who_said_what_and_who_said_nothing() -> None:
    workup = after(listed(disk=0.5))
    settled = pool({ANA: own("collator 60%\nbad batch 20%"), BEN: own("Collator\nA", workup)}, workup)
    people = [consulted(who, settled.lists.get(who), NOON) for who in (ANA, BEN, CHO)]

    found = told(1, people, the_step(settled), after(listed(disk=0.5), *settled.steps))
    first = found.judged[0]

    assert (found.answered, found.silent) == ((ANA, BEN), (CHO,))
    assert (first.letter, first.statement) == ("B", "Collator")
    assert first.said[ANA] == pytest.approx(0.6)
    assert [(voice.by, voice.place) for voice in first.voices] == [(ANA, None), (BEN, 1)]
    assert found.other + sum(each.p for each in found.judged) == pytest.approx(1)


def test_there_is_less_time_where_there_is_more_danger() -> None:
    assert [patience(each).total_seconds() / 60 for each in Severity] == [5, 15, 15, 15, 15]
