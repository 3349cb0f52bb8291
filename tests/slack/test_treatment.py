"""Interventions, told as stories: one at a time, with a window, an outcome and a way back."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.domain.incident import Phase
from bot.domain.therapy.treatment import Outcome
from bot.store.tables import interventions
from bot.usecases.read_chart import read_chart
from tests.conversation import RECEIPT, REFUSAL, TEAM, Talk, user, words_of
from tests.slack.test_diagnosis import shares, workup_of

TWO = "dx: collator 60%\ndx: shard 20%"


def phase(talk: Talk) -> Phase:
    with talk.bot.desk.database.reading() as session:
        return read_chart(session, TEAM, talk.incident().number, talk.clock()).phase


def active_rows(talk: Talk) -> list[str]:
    """The names of the interventions that the database holds for active."""
    with talk.bot.desk.database.reading() as session:
        return list(session.execute(select(interventions.c.name).where(interventions.c.active)).scalars())


def test_a_few_words_start_an_intervention_with_sensible_defaults(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    talk.logs("ben", TWO)

    ts = talk.logs("ben", "fix: rolled back")

    active = workup_of(talk).active
    assert active is not None
    assert (active.name, active.target, active.window.total_seconds(), active.revert) == (
        "A1",
        "A",
        1800,
        None,
    )
    assert talk.reactions(ts) == {RECEIPT: 1}
    assert phase(talk) is Phase.INTERVENTION
    assert "A1" in talk.card()


def test_everything_may_be_said_at_once(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", TWO)

    talk.logs(
        "ben",
        "fix: B check the shards out again; expect loss finite within 10m; revert: git stash pop; for B",
    )

    active = workup_of(talk).active
    assert active is not None
    assert (active.name, active.target, active.expect) == ("B1", "B", "loss finite")
    assert (active.window.total_seconds(), active.revert) == (600, "git stash pop")


def test_a_second_one_is_refused_with_the_buttons_that_make_room_for_it(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "fix: rolled back")

    ts = talk.logs("cho", "fix: lowered the learning rate")
    talk.taps("cho", "ended:A1:failed")
    talk.taps("cho", "ended:A1:reverted")
    talk.logs("cho", "fix: lowered the learning rate to 1e-5")

    assert talk.reactions(ts) == {REFUSAL: 1}
    assert "A1 is still running (rolled back)" in "".join(talk.whispers("cho"))
    active = workup_of(talk).active
    assert active is not None
    assert (active.name, active.text) == ("B1", "lowered the learning rate to 1e-5")


def test_what_has_happened_already_is_recorded_as_a_bundle_and_marked_as_confounded(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", TWO)
    talk.logs("ben", "fix: rolled back; for A")
    ts = talk.logs("cho", "fix: restarted the loader; for B")
    before = shares(talk)

    button = f"bundle:{ts}"
    found = talk.slack.messages(talk.channel, thread_ts=talk.root, viewer=user("cho"))
    hint = next(each["ts"] for each in found if each.get("is_ephemeral"))
    talk.clicks("cho", button, hint)
    talk.settles()
    card = talk.card()
    talk.logs("ben", "outcome: A1 failed")

    assert talk.reactions(ts) == {RECEIPT: 1}
    assert [each.bundled_with for each in workup_of(talk).interventions] == [None, "A1"]
    assert "confounded" in card
    assert shares(talk) == before
    assert active_rows(talk) == []


def test_twenty_at_the_same_moment_start_one(talk: Talk) -> None:
    talk.opens("ana")

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: talk.replies("ben", f"fix: idea {n}", wait=False), range(20)))
    talk.settles()

    assert len(active_rows(talk)) == 1
    assert len(workup_of(talk).interventions) == 1
    assert len([kind for kind, _ in talk.logged() if kind == "fix"]) == 1


def test_the_database_itself_allows_no_second_active_one(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "fix: rolled back")
    row = {"team_id": TEAM, "incident": 1, "name": "Z9", "active": True, "owes_revert": False}

    second = interventions.insert().values(**row, started_at=talk.clock(), due_at=talk.clock())
    with talk.bot.desk.database.quietly() as session, pytest.raises(IntegrityError):
        session.execute(second)


def test_a_failed_one_counts_against_its_target_and_owes_a_revert_before_the_next(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", TWO)
    talk.logs("ben", "fix: rolled back; revert: redeploy 9c1d")

    talk.logs("ben", "outcome: failed, still NaN")
    told = talk.news()[-1]
    refused = talk.logs("cho", "fix: lowered the learning rate")
    owing = workup_of(talk).owing_revert
    talk.logs("ben", "outcome: A1 reverted")
    accepted = talk.logs("cho", "fix: lowered the lr")

    # .6 x .2 : .2 x .8 : .2 x .8
    assert "A1 failed: A 60% → 27%, B 20% → 36%" in told
    assert "redeploy 9c1d" in told
    assert owing is not None
    assert talk.reactions(refused) == {REFUSAL: 1}
    assert talk.reactions(accepted) == {RECEIPT: 1}
    assert phase(talk) is Phase.INTERVENTION


def test_leaving_a_failed_one_in_place_takes_a_name_and_a_reason(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "fix: rolled back")
    talk.logs("ben", "outcome: failed")

    talk.taps("cho", "leave:A1")
    talk.submits("cho", reason="harmless, and the rollback takes an hour")

    [found] = workup_of(talk).interventions
    assert (found.revert_waived_by, found.owes_revert) == (user("cho"), False)
    assert "harmless" in talk.news()[-1]


def test_unclear_extends_the_window_once_and_then_counts_as_failed(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "fix: rolled back; expect loss finite within 10m")

    talk.taps("ben", "ended:A1:unclear")
    once = workup_of(talk).active
    talk.taps("ben", "ended:A1:unclear")
    twice = workup_of(talk).active
    talk.time_passes(minutes=11)
    talk.taps("ben", "ended:A1:unclear")

    assert once is not None
    assert (once.due - once.started_at).total_seconds() == 1200
    assert twice == once
    assert workup_of(talk).interventions[0].outcome is Outcome.FAILED


def test_a_correction_of_the_outcome_replaces_what_it_said_of_the_target(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", TWO)
    talk.logs("ben", "fix: rolled back")
    ts = talk.logs("ben", "outcome: A1 failed")

    talk.edits("ben", ts, "outcome: A1 worked")

    assert shares(talk) == {"A": 86, "B": 7, "other": 7}
    assert workup_of(talk).owing_revert is None


def test_an_outcome_without_a_clear_word_is_logged_and_asked_about_with_buttons(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "fix: rolled back")

    ts = talk.logs("ben", "outcome: loss is finite again")
    talk.taps("ben", "ended:A1:worked")

    assert talk.reactions(ts) == {RECEIPT: 1}
    assert workup_of(talk).interventions[0].outcome is Outcome.WORKED
    assert phase(talk) is Phase.REEVALUATION


def test_an_outcome_of_nothing_that_runs_is_logged_and_asked_about_with_buttons(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "fix: rolled back")
    talk.logs("ben", "outcome: worked")

    ts = talk.logs("ben", "outcome: failed after all")
    before = workup_of(talk).interventions[0].outcome
    talk.taps("ben", "ended:A1:failed")

    assert talk.reactions(ts) == {RECEIPT: 1}
    assert before is Outcome.WORKED
    assert workup_of(talk).interventions[0].outcome is Outcome.FAILED


def test_the_plan_of_another_is_not_replaced_by_a_message(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ana", "plan: roll back now")

    ts = talk.logs("ben", "plan: A restart everything")

    assert talk.reactions(ts) == {REFUSAL: 1}
    assert "plan: B restart everything" in "".join(talk.whispers("ben"))
    assert [plan.text for plan in workup_of(talk).plans] == ["roll back now"]


def test_what_cannot_be_undone_is_asked_twice(talk: Talk) -> None:
    talk.opens("ana")

    ts = talk.logs("ben", "fix: drop the feature table; irreversible")
    before = workup_of(talk).active
    talk.taps("ben", f"sure:{ts}")

    after = workup_of(talk).active
    assert before is None
    assert after is not None
    assert after.irreversible
    assert talk.reactions(ts) == {RECEIPT: 1}
    assert "cannot be undone" in talk.card()


def test_the_modal_starts_it_for_the_hypothesis_it_was_opened_from(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", TWO)

    talk.clicks("ben", "workup")
    talk.clicks_in_modal("ben", "fix:B")
    talk.submits("ben", text="check out again", revert="stash pop")

    active = workup_of(talk).active
    assert active is not None
    assert (active.target, active.text, active.revert) == ("B", "check out again", "stash pop")


def test_plans_stand_in_the_order_of_what_they_promise_a_minute_and_say_when_to_act(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 31%\ndx: shard 40%")

    talk.logs("ben", "plan: A retrain the tokenizer; costs 4h; saves 8h; for B")
    talk.logs("ben", "plan: B roll back; costs 20m; saves 2h; for A")
    talk.clicks("ben", "workup")
    view = words_of(talk.modal("ben"))
    talk.logs("ben", "fix: B")

    # C / (B + C) = 20 / 140 = .14
    assert "roll back now: p = .31 is above .14" in view
    assert view.index("roll back") < view.index("retrain the tokenizer")
    active = workup_of(talk).active
    assert active is not None
    assert (active.name, active.text, active.target) == ("B1", "roll back", "A")


def test_the_card_says_when_the_window_is_over_without_anybody_touching_it(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "fix: rolled back; expect loss finite within 10m")
    before = talk.card()

    talk.time_passes(minutes=11)

    assert "window over" not in before.casefold()
    assert "window over" in talk.card().casefold()


def test_a_deleted_fix_is_no_longer_running(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "fix: rolled back")

    talk.deletes("ben", ts)
    again = talk.logs("cho", "fix: lowered the lr")

    assert talk.reactions(again) == {RECEIPT: 1}
    assert active_rows(talk) == ["B1"]


def test_a_message_marked_as_a_fix_while_one_runs_is_bundled_for_it_has_happened(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "fix: rolled back")
    ts = talk.logs("cho", "I restarted the loader")

    talk.reacts("ben", ts, "wrench")

    assert [each.bundled_with for each in workup_of(talk).interventions] == [None, "A1"]


def test_a_failed_one_that_cannot_be_undone_is_nowhere_offered_to_be_reverted(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "fix: drop the feature table; irreversible")
    talk.taps("ben", f"sure:{ts}")

    talk.logs("ben", "outcome: A1 failed")
    refused = talk.logs("cho", "fix: restore it from the backup")
    said = json.dumps([talk.slack.messages(talk.channel, thread_ts=talk.root, viewer=user("cho"))])

    assert talk.reactions(refused) == {REFUSAL: 1}
    assert "It cannot be undone, so somebody has to answer for it." in "".join(talk.whispers("cho"))
    assert "A1 failed and cannot be undone" in talk.card()
    assert "Leave A1" in talk.card()
    assert "ended:A1:reverted" not in said
    assert "nobody has said how" not in talk.card().casefold()
