"""What the next person needs to know, told as stories: what if, whom it hurts, since when, how bad."""

from datetime import UTC, datetime, timedelta

from bot.domain.heard import Who
from bot.domain.ids import ChannelId, IncidentNumber, UserId
from bot.domain.readiness.contingency import Contingency
from bot.domain.readiness.said import Nothing
from bot.slack.taps import TAPS_BY_NAME
from tests.conversation import HERE, RECEIPT, REFUSAL, TEAM, Talk, user, words_of
from tests.slack.test_diagnosis import workup_of


def contingencies(talk: Talk) -> list[Contingency]:
    return list(workup_of(talk).contingencies)


def test_a_contingency_is_kept_changed_and_taken_back(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ana", "dx: bad batch 30%\nleak 60%")

    refused = talk.logs("ben", "if: loss > 4 roll back")
    ts = talk.logs("ben", "if: loss > 4 then roll back to step 2900 @cho")
    [first], shown = contingencies(talk), talk.card()
    talk.edits("ben", ts, "if: loss > 5 → roll back to step 2900 for A")
    [edited] = contingencies(talk)
    talk.deletes("ben", ts)

    assert talk.reactions(refused) == {REFUSAL: 1}
    assert "what is to be done then" in "".join(talk.whispers("ben"))
    assert (first.name, first.owner, first.about) == ("IF1", user("cho"), ("B",))
    assert "IF1" in shown
    assert "if loss > 4, then roll back to step 2900" in shown
    assert (edited.name, edited.when, edited.owner, edited.about) == ("IF1", "loss > 5", user("ben"), ("A",))
    assert contingencies(talk) == []
    assert "roll back" not in talk.card()


def test_one_tap_says_that_it_happened_and_a_reason_that_it_no_longer_holds(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "if: loss > 4 then roll back to step 2900 @cho")

    talk.taps("cho", "happened:IF1")
    [happened] = contingencies(talk)
    why = talk.logs("ana", "if: IF1 off")
    talk.logs("ana", "if: IF1 off the vendor has fixed it")

    assert (happened.triggered_by, happened.holds) == (user("cho"), True)
    assert ("if", "IF1 happened") in talk.logged()
    assert "IF1 has happened. Now @" in "\n".join(talk.thread())
    assert talk.reactions(why) == {REFUSAL: 1}
    assert "Why does IF1 no longer hold?" in "".join(talk.whispers("ana"))
    assert [each.revoked_words for each in contingencies(talk)] == ["the vendor has fixed it"]
    assert "roll back" not in talk.card()


def test_a_modal_keeps_a_contingency_changes_it_and_ends_it(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ana", "dx: bad batch 30%\nleak 60%")
    talk.clicks("ana", "workup")
    talk.clicks_in_modal("ana", "if")
    nothing = talk.submits("ana", when="loss > 4", then=" ")
    talk.submits("ana", when="a then b", then="page @U0BEN", owner=user("ben"), about=["A", "B"])
    added = contingencies(talk)[0]

    talk.clicks("cho", "workup")
    talk.clicks_in_modal("cho", "if:IF1")
    asked = words_of({"blocks": [talk.modal("cho")]})
    talk.submits("cho", when="loss > 5", then="stop it", owner=user("cho"), about=["B"])
    changed = contingencies(talk)[0]
    talk.clicks("cho", "workup")
    talk.clicks_in_modal("cho", "if_off:IF1")
    talk.submits("cho", reason="it is fixed")

    assert "Then what?" in "".join(nothing["errors"].values())
    assert (added.when, added.then, added.owner, added.about) == (
        "a then b",
        "page @U0BEN",
        user("ben"),
        ("A", "B"),
    )
    assert "IF1" in asked
    assert (changed.when, changed.then, changed.owner, changed.about) == (
        "loss > 5",
        "stop it",
        user("cho"),
        ("B",),
    )
    assert [each.revoked_words for each in contingencies(talk)] == ["it is fixed"]


def test_impact_and_onset_stand_on_the_card_and_a_time_to_come_is_refused(talk: Talk) -> None:
    talk.opens("ana")

    future = talk.logs("ben", "onset: 2099-01-01 09:00 UTC")
    ts = talk.logs("ben", "impact: eval of 2 teams blocked\nonset: 40m ago")
    talk.edits("ben", ts, "impact: eval of 3 teams blocked\nonset: 50m ago")
    workup, card = workup_of(talk), " ".join(talk.card().split())

    assert talk.reactions(future) == {REFUSAL: 1}
    assert talk.reactions(ts) == {RECEIPT: 1}
    assert "still to come" in "".join(talk.whispers("ben"))
    assert workup.onset is not None
    assert timedelta(minutes=49) < talk.clock() - workup.onset < timedelta(minutes=52)
    assert "Since" in card
    assert "impact: eval of 3 teams blocked" in card
    assert "It began at" in "\n".join(talk.thread())


def test_modals_of_the_work_up_ask_for_impact_and_onset(talk: Talk) -> None:
    talk.opens("ana")
    began = int(talk.clock().timestamp()) // 60 * 60 - 7200

    talk.clicks("cho", "workup")
    talk.clicks_in_modal("cho", "onset")
    late = talk.submits("cho", onset=began + 14_400)
    talk.submits("cho", onset=began)
    talk.clicks("cho", "workup")
    talk.clicks_in_modal("cho", "impact")
    talk.submits("cho", impact="everybody waits")

    workup = workup_of(talk)
    assert "still to come" in "".join(late["errors"].values())
    assert (workup.onset, workup.onset_by) == (datetime.fromtimestamp(began, UTC), user("cho"))
    assert workup.impact is not None
    assert (workup.impact.words, workup.impact.by) == ("everybody waits", user("cho"))


def test_a_persons_word_for_the_stability_stands_until_the_signs_change_theirs(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ana", "vital: loss=1.8 baseline 1.8 throughput=1x")

    why = talk.logs("ana", "stability: watcher")
    talk.logs("ana", "stability: watcher cache is cold, may tip over")
    said = " ".join(talk.card().split())
    talk.logs("ben", "vital: loss=nan")
    after = " ".join(talk.card().split())
    talk.clicks("cho", "workup")
    talk.clicks_in_modal("cho", "stability")
    bare = talk.submits("cho", word="stable")
    talk.submits("cho", word="stable", reason="only a test run")
    judged = workup_of(talk).judged
    talk.logs("cho", "stability: by the signs")

    assert talk.reactions(why) == {REFUSAL: 1}
    assert "cache is cold, may tip over; signs say stable)" in said
    assert "cache is cold" not in after
    assert "unstable" in after
    assert "Why stable?" in "".join(bare["errors"].values())
    assert judged is not None
    assert (judged.word.value, judged.reason) == ("stable", "only a test run")
    assert workup_of(talk).judged is None
    assert "The signs decide again: unstable." in "\n".join(talk.thread())


def test_that_there_is_nothing_is_tapped_or_typed_and_kept_until_there_is_something(
    talk: Talk,
) -> None:
    talk.opens("ana")
    who = Who(team=TEAM, user=UserId(user("ben")), channel=ChannelId(HERE))
    with talk.bot.desk.database.writing() as session:
        for what in Nothing:
            TAPS_BY_NAME["attest"](session, who, IncidentNumber(1), [what], f"tap-{what}", talk.clock())
    tapped = set(workup_of(talk).attested)
    ts = talk.logs("ben", "todo: none\nvital: none, monitoring is down\nnote: no change")
    all_three = set(workup_of(talk).attested)

    talk.edits("ben", ts, "todo: none\nvital: loss=1.8\nnote: vendor ticket is 4711")
    edited = set(workup_of(talk).attested)
    talk.logs("ana", "todo: rerun the eval in 1h")
    refused = talk.logs("ben", "todo: nothing to do")

    assert tapped == all_three == {*Nothing}
    assert edited == {Nothing.ACTIONS}
    assert workup_of(talk).attested == {}
    assert talk.reactions(refused) == {REFUSAL: 1}
    assert "TD1 is still to be done" in "".join(talk.whispers("ben"))
