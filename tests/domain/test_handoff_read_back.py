"""The read-back asks what guessing would miss; accepted handoffs are a chain that nobody can alter."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.handoff.chain import Link, content_hash, verify
from bot.domain.handoff.document import HANDOFF
from bot.domain.handoff.read_back import READ_BACK, Picked
from bot.domain.handoff.reading_back import OPTIONS, Option, Quiz, differences, f1, quiz
from tests.domain.any_case import PEOPLE, made
from tests.domain.handed import case, handed, read_back, table_of
from tests.domain.table import ANA, at

seeds = st.integers(0, 5000)


def right(asked: Quiz) -> Picked:
    """What somebody picks who knows everything."""

    def ids(options: tuple[Option, ...]) -> list[str]:
        return [each.id for each in options if each.right]

    return Picked(
        severity=next(iter(ids(asked.severity)), None),
        leading=next(iter(ids(asked.leading)), None),
        actions=frozenset(ids(asked.actions)),
        contingencies=frozenset(ids(asked.contingencies)),
    )


def everything(asked: Quiz) -> Picked:
    """What somebody picks who picks all of it."""
    return right(asked).model_copy(
        update={
            "actions": frozenset(each.id for each in asked.actions),
            "contingencies": frozenset(each.id for each in asked.contingencies),
        }
    )


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_whoever_knows_all_agrees_fully_and_whoever_picks_nothing_hardly(seed: int) -> None:
    asked = quiz(handed(made(seed).case, to=PEOPLE[1]))
    nothing = Picked()

    assert f1(asked, right(asked)) == 1
    assert differences(asked, right(asked)) == ()
    assert f1(asked, nothing) == 0
    assert differences(asked, nothing)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_the_lists_are_short_mixed_and_always_the_same(seed: int) -> None:
    document = handed(made(seed).case, to=PEOPLE[1])
    asked = quiz(document)
    lists = (asked.leading, asked.actions, asked.contingencies)

    assert quiz(document) == asked
    for options in lists:
        assert len(options) <= OPTIONS
        assert len({each.id for each in options}) == len(options)
        assert len({each.text.casefold() for each in options}) == len(options)


def test_what_is_asked_is_drawn_from_rows_of_the_incident() -> None:
    asked = quiz(handed())

    assert {each.text for each in asked.leading} == {
        "string columns reach the collator",
        "bad shard",
        "driver update",
        "stale cache",
    }
    assert {each.text for each in asked.actions if each.right} == {"rerun the eval"}
    assert {"write to the vendor", "close the ticket"} <= {each.text for each in asked.actions}
    assert {each.id for each in asked.contingencies if each.right} == {"IF1", "IF2"}
    assert "loss > 4 → skip it" in {each.text for each in asked.contingencies if not each.right}


def test_what_was_revoked_or_belongs_to_what_was_ruled_out_is_a_wrong_answer() -> None:
    lines = ["dx: bad batch 60%", "dx: leak 20%", "if: loss > 4 then stop it @U0ANA for A"]
    lines += ["if: it leaks then page the vendor @U0ANA for B", "dx: B ruled out"]
    lines += ["if: p99 > 2s then shed traffic @U0ANA for A", "if: IF3 off no traffic is left"]
    asked = quiz(handed(case(table_of(lines))))
    known = {each.id: each.right for each in asked.contingencies}

    assert (known["IF1"], known["IF2"], known["IF3"]) == (True, False, False)
    assert "belongs to what was ruled out" in " ".join(each.why for each in asked.contingencies)


def test_guessing_everything_shows() -> None:
    asked = quiz(handed())
    guess = everything(asked)

    assert f1(asked, guess) < 0.8
    assert "TD2 is @U0ANA's" in " ".join(differences(asked, guess))


def test_what_differs_is_said_in_words() -> None:
    asked = quiz(handed())
    picked = Picked(
        severity="SEV3", leading="D", actions=frozenset({"TD3"}), contingencies=frozenset({"IF1", "IF9"})
    )

    assert differences(asked, picked) == (
        "“SEV3”: it is SEV2.",
        "“stale cache”: it was ruled out by @U0ANA; the likeliest is A, string columns reach the collator.",
        "“close the ticket”: TD3 is done.",
        "TD1 is yours: rerun the eval",
        "IF2 holds: if the shard fails again → skip it",
        "IF9 is not in the handoff any more.",
    )


def test_where_there_is_nothing_to_pick_picking_nothing_is_right() -> None:
    asked = quiz(handed(case(table_of([]))), short=True)

    assert asked == Quiz()
    assert f1(asked, Picked()) == 1
    assert f1(asked, Picked(severity="SEV3")) == 1


def test_in_short_only_the_receivers_actions_are_asked() -> None:
    asked = quiz(handed(), short=True)

    assert (asked.severity, asked.leading, asked.contingencies) == ((), (), ())
    assert f1(asked, Picked(actions=frozenset({"TD1"}))) == 1
    assert f1(asked, Picked(actions=frozenset({"TD1", "TD2"}))) == pytest.approx(2 / 3)


def chain(length: int) -> list[Link]:
    """So many accepted versions."""
    links, previous = list[Link](), None
    for version in range(1, length + 1):
        document = HANDOFF.dump_json(handed(now=at(30 + version))).decode()
        said = READ_BACK.dump_json(read_back()).decode()
        told = content_hash(document, said, at(version), previous)
        link = Link(
            version=version,
            document=document,
            read_back=said,
            accepted_at=at(version),
            previous_hash=previous,
            hash=told,
        )
        links.append(link)
        previous = told
    return links


def test_a_chain_that_nobody_touched_holds_in_any_order() -> None:
    links = chain(3)

    assert verify(links) is None
    assert verify(reversed(links)) is None
    assert verify([]) is None
    respaced = replace(links[1], document=json.dumps(json.loads(links[1].document), indent=2, sort_keys=True))
    assert verify([links[0], respaced, links[2]]) is None


@pytest.mark.parametrize(
    "change",
    [
        {"document": HANDOFF.dump_json(handed(to=ANA)).decode()},
        {"read_back": None},
        {"accepted_at": at(99)},
        {"hash": "0" * 64},
        {"previous_hash": None},
    ],
)
def test_a_version_that_was_changed_breaks_the_chain_there(change: dict[str, Any]) -> None:
    first, second, third = chain(3)

    assert verify([first, replace(second, **change), third]) == 2


def test_a_version_that_was_left_out_breaks_the_chain_at_the_next() -> None:
    first, _, third = chain(3)

    assert verify([first, third]) == 3
