"""The differential, told as stories: named in the thread, asked of tests, moved by results."""

import pytest

from bot.domain.work.workup import Workup
from bot.usecases.follow_workup import read_workup
from tests.conversation import RECEIPT, REFUSAL, TEAM, Talk, user, words_of

THREE = "dx: collator gets string columns 60% impact 3\ndx: bad shard 20% impact 4\ndx: lr too high 10%"


def workup_of(talk: Talk, number: int = 1) -> Workup:
    """Where the work stands, read from the database."""
    with talk.bot.desk.database.reading() as session:
        return read_workup(session, TEAM, talk.incident(number).number)


def shares(talk: Talk) -> dict[str, int]:
    """What every letter has, in per cent."""
    return {letter: round(100 * p) for letter, p in workup_of(talk).differential.probabilities.items()}


def expects(talk: Talk, who: str, test: str, **taps: str) -> None:
    """Tap what hypotheses expect of a test, such as A="positive"."""
    for letter, said in taps.items():
        talk.taps(who, f"expects:{test}:{letter}:{said}")


def test_each_line_is_a_hypothesis_with_its_letter_probability_and_impact(talk: Talk) -> None:
    talk.opens("ana")

    ts = talk.logs("ben", THREE)

    named = workup_of(talk).differential.hypotheses
    assert [(each.letter, each.statement, each.impact) for each in named] == [
        ("A", "collator gets string columns", 3),
        ("B", "bad shard", 4),
        ("C", "lr too high", None),
    ]
    assert shares(talk) == {"A": 60, "B": 20, "C": 10, "other": 10}
    assert talk.reactions(ts) == {RECEIPT: 1}
    assert all(said in talk.card() for said in ("60%", "bad shard", "something else", "must not miss"))


def test_several_lines_of_one_entry_are_several_hypotheses(talk: Talk) -> None:
    talk.opens("ana")

    talk.logs("ben", "dx: collator gets string columns 60%\nbad shard 20%")

    assert [each.letter for each in workup_of(talk).differential.hypotheses] == ["A", "B"]
    assert len(talk.entries()) == 1


def test_hypotheses_without_a_number_are_a_ranking_and_marked_as_such(talk: Talk) -> None:
    talk.opens("ana")

    talk.logs("ben", "dx: collator\ndx: shard\ndx: learning rate")

    found = workup_of(talk).differential.probabilities
    assert found["B"] / found["A"] == pytest.approx(0.6)
    assert found["C"] / found["B"] == pytest.approx(0.6)
    assert "by rank" in talk.card()


@pytest.mark.parametrize("empty", ["maybe", "possible", ", low", ", medium", ", high"])
def test_words_that_mean_no_probability_are_refused_with_the_menu(talk: Talk, empty: str) -> None:
    talk.opens("ana")

    ts = talk.logs("ben", f"dx: bad shard {empty}")

    assert talk.logged() == []
    assert talk.reactions(ts) == {REFUSAL: 1}
    assert "very likely" in "".join(talk.whispers("ben"))


def test_a_hypothesis_named_later_takes_from_something_else_and_the_card_says_what_moved(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 60%\ndx: shard 20%")

    talk.logs("cho", "dx: driver update 15%")

    assert shares(talk) == {"A": 60, "B": 20, "C": 15, "other": 5}
    assert "C named" in talk.card()


def test_an_edit_corrects_a_hypothesis_and_a_deletion_takes_it_away_but_never_its_letter(talk: Talk) -> None:
    talk.opens("ana")
    first = talk.logs("ben", "dx: colator 60%")
    second = talk.logs("ben", "dx: shard 20%")

    talk.edits("ben", first, "dx: collator 50%")
    talk.deletes("ben", second)
    talk.logs("cho", "dx: driver 10%")

    named = workup_of(talk).differential.hypotheses
    assert [(each.letter, each.statement) for each in named] == [("A", "collator"), ("C", "driver")]
    assert shares(talk) == {"A": 50, "C": 10, "other": 40}


def test_what_speaks_for_and_against_a_hypothesis_stays_with_it(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", THREE)

    talk.logs("cho", "dx: A for: KeyError 'text' in row 3\nA against: worked yesterday\nA absent: no OOM")

    said = [(each.stance.value, each.words) for each in workup_of(talk).evidence["A"]]
    assert said == [
        ("for", "KeyError 'text' in row 3"),
        ("against", "worked yesterday"),
        ("absent", "no OOM"),
    ]
    talk.clicks("ben", "workup")
    assert "KeyError 'text' in row 3" in words_of(talk.modal("ben"))


def test_a_test_asks_for_three_taps_and_is_not_ranked_before_it_has_them(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", THREE)

    talk.logs("ben", "test: run the collator on 8 rows (5m) @U0CHO for A,B")
    before = talk.news()[-1]
    expects(talk, "cho", "T1", A="positive", B="negative", C="either")

    assert "T1 is ranked once A, B, C have an answer" in before
    assert "T1 is ranked." in talk.news()[-1]
    [test] = workup_of(talk).tests
    assert (test.minutes, test.owner, test.bears_on) == (5, user("cho"), ("A", "B"))
    assert dict(test.likelihoods) == {"A": 0.95, "B": 0.05, "C": 0.5}
    assert "T1" in talk.card()


def test_a_positive_result_moves_the_numbers_by_bayes_and_says_so_in_one_line(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 31%\ndx: shard 42%")
    talk.logs("ben", "test: run the collator on 8 rows (5m)")
    expects(talk, "cho", "T1", A="positive", B="negative")

    talk.logs("cho", "result: T1 positive KeyError 'text'")

    # .31 x .95 : .42 x .05 : .27 x .5
    assert shares(talk) == {"A": 65, "B": 5, "other": 30}
    assert talk.news()[-1].startswith("T1 positive: A 31% → 65%, B 42% → 5%")


def test_results_that_come_in_another_order_give_the_same_numbers(talk: Talk) -> None:
    def told(order: tuple[str, str]) -> dict[str, float]:
        talk.opens("ana", f"sev3 {order}")
        talk.logs("ben", THREE)
        for question in ("one", "two"):
            talk.logs("ben", f"test: {question}")
        expects(talk, "cho", "T1", A="positive", B="negative", C="either")
        expects(talk, "cho", "T2", A="either", B="negative", C="positive")
        for said in order:
            talk.logs("cho", f"result: {said}")
        number = 1 if order[0].startswith("T1") else 2
        return dict(workup_of(talk, number).differential.probabilities)

    one = told(("T1 positive", "T2 negative"))
    other = told(("T2 negative", "T1 positive"))

    assert one == pytest.approx(other, abs=1e-9)


def test_an_inconclusive_result_is_kept_and_moves_nothing(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", THREE)
    talk.logs("ben", "test: rerun")
    expects(talk, "cho", "T1", A="positive", B="negative", C="either")
    before = shares(talk)

    talk.logs("cho", "result: T1 inconclusive the node went away")

    assert shares(talk) == before
    assert (workup_of(talk).discriminating, len(workup_of(talk).results)) == (0, 1)


def test_a_result_without_likelihoods_waits_for_them_and_counts_when_they_come(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 31%\ndx: shard 42%")
    talk.logs("ben", "test: run it on 8 rows")
    talk.logs("cho", "result: T1 positive")
    before = (shares(talk), talk.news()[-1])

    expects(talk, "cho", "T1", A="positive", B="negative")

    assert before[0] == {"A": 31, "B": 42, "other": 27}
    assert "moves nothing until somebody says" in before[1]
    assert shares(talk) == {"A": 65, "B": 5, "other": 30}


def test_a_result_that_an_edit_makes_wait_is_told_marked_and_asked_about(talk: Talk) -> None:
    talk.opens("ana")
    named = talk.logs("ben", "dx: one 50%\ndx: two 30%")
    talk.logs("ben", "test: run it on 8 rows")
    expects(talk, "cho", "T1", A="positive", B="negative")
    talk.logs("cho", "result: T1 negative")
    counted = shares(talk)

    talk.edits("ben", named, "dx: one 50%\ndx: two 30%\ndx: three 10%")
    told, card = talk.news()[-1], talk.card()
    expects(talk, "cho", "T1", C="either")

    assert counted == {"A": 6, "B": 70, "other": 24}
    assert "T1 negative moves nothing any more until somebody says what C would expect of it" in told
    assert "moves nothing until somebody says what C expects of T1" in card
    assert "T1: what is expected…" in card
    assert shares(talk) == {"A": 6, "B": 70, "C": 12, "other": 12}
    assert "moves nothing" not in talk.card()


def test_a_corrected_result_says_what_it_replaces(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 50%\ndx: shard 30%")
    talk.logs("ben", "test: run it on 8 rows")
    expects(talk, "cho", "T1", A="positive", B="negative")
    ts = talk.logs("cho", "result: T1 positive")

    talk.edits("cho", ts, "result: T1 negative")

    assert talk.news()[-1].startswith("T1 negative (was positive): A 50% → 6%")


def test_everybody_who_moved_the_numbers_is_named_in_the_workup(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 50%\ndx: shard 30%")
    talk.logs("ben", "test: run it on 8 rows")
    expects(talk, "ben", "T1", A="positive", B="negative")

    talk.logs("cho", "result: T1 positive")
    talk.clicks("ana", "workup")

    assert "somebody" not in words_of(talk.modal("ana"))


def test_exact_numbers_may_stand_in_place_of_taps(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 40%\ndx: shard 40%")
    talk.logs("ben", "test: run it on 8 rows")

    talk.taps("cho", "expects:T1")
    talk.submits("cho", exact="A .9, B 20%")

    assert dict(workup_of(talk).tests[0].likelihoods) == {"A": 0.9, "B": 0.2}


def test_a_verdict_without_a_number_belongs_to_the_only_open_test(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", THREE)
    talk.logs("ben", "test: rerun in fp32")

    talk.logs("cho", "result: negative, same NaN")

    [result] = workup_of(talk).results
    assert (result.test, result.verdict.value, result.words) == (1, "negative", "same NaN")


def test_a_result_without_a_verdict_is_logged_and_its_author_asked_with_buttons(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", THREE)
    talk.logs("ben", "test: rerun in fp32")

    ts = talk.logs("cho", "result: T1 KeyError 'text'")
    talk.taps("cho", "found:T1:positive")

    assert talk.reactions(ts) == {RECEIPT: 1}
    assert workup_of(talk).results[0].verdict.value == "positive"


@pytest.mark.parametrize(
    ("said", "answer"), [("result: T9 positive", "There is no test T9"), ("dx: B ruled out by T4", "T4")]
)
def test_what_is_about_nothing_we_know_is_refused_with_what_there_is(
    talk: Talk, said: str, answer: str
) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 40%\ndx: shard 20%")

    ts = talk.logs("cho", said)

    assert talk.reactions(ts) == {REFUSAL: 1}
    assert answer in "".join(talk.whispers("cho"))


def test_a_test_that_takes_a_hypothesis_below_one_percent_strikes_it_through(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 60%\ndx: shard 10%")
    talk.logs("ben", "test: checksum the shards")
    talk.taps("cho", "expects:T1")
    talk.submits("cho", exact="A .99, B .01")

    talk.logs("cho", "result: T1 positive all match")

    assert workup_of(talk).differential.named("B").eliminated_by == "T1"
    assert "B ruled out" in talk.news()[-1]
    assert "ruled out by T1" in talk.card()
    assert "shard" in talk.card()


def test_the_next_best_test_is_on_the_card_and_explains_itself(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 45%\ndx: shard 45%")
    talk.logs("ben", "test: ask around (2h)")
    talk.logs("ben", "test: run it on 8 rows (5m)")
    expects(talk, "cho", "T1", A="positive", B="either")
    expects(talk, "cho", "T2", A="positive", B="negative")

    card = talk.card()
    talk.clicks("cho", "why")

    assert "Next: T2" in card
    shown = words_of(talk.modal("cho"))
    assert "It tells A from B" in shown
    assert "bit" in shown


def test_the_modals_do_what_the_words_do(talk: Talk) -> None:
    talk.opens("ana")

    talk.clicks("ana", "hypothesis")
    talk.submits(
        "ana", statement="collator gets strings", probability="likely", impact="3", **{"for": "KeyError"}
    )
    talk.clicks("ana", "hypothesis")
    talk.submits("ana", statement="bad shard", probability="10%")
    talk.clicks("ben", "test")
    talk.submits("ben", question="run it on 8 rows", minutes="5", owner=user("cho"))
    talk.clicks("cho", "workup")
    talk.clicks_in_modal("cho", "hypothesis:B")
    talk.submits("cho", impact="5")

    named = workup_of(talk).differential.hypotheses
    assert [(each.statement, each.impact) for each in named] == [
        ("collator gets strings", 3),
        ("bad shard", 5),
    ]
    assert workup_of(talk).evidence["A"][0].words == "KeyError"
    assert (workup_of(talk).tests[0].question, workup_of(talk).tests[0].owner) == (
        "run it on 8 rows",
        user("cho"),
    )


def test_what_a_modal_cannot_read_is_said_beside_its_field(talk: Talk) -> None:
    talk.opens("ana")

    talk.clicks("ana", "hypothesis")
    found = talk.submits("ana", statement="bad shard", probability="no idea")

    assert [*found["errors"]] == ["probability"]


def test_a_message_marked_with_a_reaction_becomes_a_hypothesis_whatever_it_says(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "maybe it is the driver, low chance")

    talk.reacts("cho", ts, "thinking_face")

    [named] = workup_of(talk).differential.hypotheses
    assert (named.letter, named.statement) == ("A", "maybe it is the driver, low chance")
    talk.reacts("cho", ts, "thinking_face", remove=True)
    assert workup_of(talk).differential.hypotheses == ()


def test_the_same_hypothesis_twice_is_answered_with_how_to_change_the_first(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: bad shard 20%")

    ts = talk.logs("cho", "dx: Bad shard 40%")

    assert talk.reactions(ts) == {REFUSAL: 1}
    assert "dx: A 40%" in "".join(talk.whispers("cho"))


def test_a_test_keeps_its_script_and_a_result_its_output(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", THREE)

    talk.logs("ben", "test: run the collator (5m) assumes dtype\n```\npython -m collate --rows 8\n```")
    talk.logs("cho", "result: T1 positive\n```\nKeyError: 'text'\n```")

    found = workup_of(talk)
    assert (found.tests[0].script, found.tests[0].assumption) == ("python -m collate --rows 8", "dtype")
    assert found.results[0].output == "KeyError: 'text'"
