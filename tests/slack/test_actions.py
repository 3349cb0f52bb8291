"""Actions, told as stories: one owner, a time in their author's zone, and a check-back when they are done."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.doing.action import Action
from tests.conversation import RECEIPT, REFUSAL, Talk, user, words_of
from tests.slack.test_diagnosis import workup_of


def actions(talk: Talk) -> list[Action]:
    return list(workup_of(talk).actions)


def knows_ben(talk: Talk) -> None:
    """An incident in which ben was mentioned, so that Slack was asked about him."""
    talk.opens("ana")
    talk.logs("ana", "note: @ben looks at it")


def zone_of(talk: Talk, who: str) -> str:
    found = next(each for each in talk.slack.world()["users"] if each["id"] == user(who))
    return str(found["tz"])


def test_an_action_has_an_owner_and_a_time_in_its_authors_zone(talk: Talk) -> None:
    knows_ben(talk)

    ts = talk.logs("ben", "todo: @cho rerun the eval by 18:00")

    [each] = actions(talk)
    assert each.due is not None
    local = each.due.astimezone(ZoneInfo(zone_of(talk, "ben")))
    assert (each.name, each.owner, each.text) == ("TD1", user("cho"), "rerun the eval")
    assert (local.hour, local.minute) == (18, 0)
    assert talk.clock() < each.due <= talk.clock() + timedelta(days=1)
    assert talk.reactions(ts) == {RECEIPT: 1}
    assert talk.whispers("ben") == []
    assert "TD1 for @" in "\n".join(talk.thread())
    assert "rerun the eval" in talk.card()
    assert "due" in talk.card()


def test_its_author_is_told_when_no_time_was_said_and_when_their_zone_was_not_known(talk: Talk) -> None:
    talk.opens("ana")

    talk.logs("cho", "todo: rerun the eval")
    assert "TD1 for @cho" in "\n".join(talk.thread())
    talk.logs("dev", "todo: page the vendor by 18:00")

    first, second = actions(talk)
    assert (first.owner, first.due) == (user("cho"), None)
    assert "TD1 has no time" in "".join(talk.whispers("cho"))
    assert second.due is not None
    assert (second.due.astimezone(UTC).hour, second.due.minute) == (18, 0)
    assert "took the time of TD2 as UTC" in "".join(talk.whispers("dev"))


def test_two_owners_or_a_group_are_refused_with_what_would_work(talk: Talk) -> None:
    talk.opens("ana")

    two = talk.logs("ben", "todo: @cho and @ana rerun the eval by 18:00")
    group = talk.logs("ben", "todo: @oncall rerun the eval by 18:00")

    assert talk.reactions(two) == talk.reactions(group) == {REFUSAL: 1}
    assert "one owner" in "".join(talk.whispers("ben"))
    assert "@oncall is not one person" in "".join(talk.whispers("ben"))
    assert actions(talk) == []


def test_an_action_is_late_when_its_time_is_over_and_done_with_a_check_back(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "todo: rerun the eval in 30m")
    talk.time_passes(minutes=31)
    late = talk.card()

    talk.logs("cho", "done: TD1 eval is at 0.83")

    assert "action TD1 since" in late
    assert "late since" in late
    [each] = actions(talk)
    assert (each.done_by, each.words) == (user("cho"), "eval is at 0.83")
    assert "TD1 is done: eval is at 0.83" in "\n".join(talk.thread())
    assert "TD1 done: " in talk.card()
    assert "Overdue" not in talk.card()


def test_without_words_it_stays_open_and_a_button_asks_how_one_knows(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "todo: rerun the eval in 30m")

    ts = talk.logs("ben", "done: TD1")
    stays = actions(talk)[0].open
    talk.taps("ben", "done:TD1")
    talk.submits("ben", words="eval is at 0.83")

    assert talk.reactions(ts) == {REFUSAL: 1}
    assert "How do you know that TD1 is done?" in "".join(talk.whispers("ben"))
    assert stays
    assert actions(talk)[0].words == "eval is at 0.83"
    assert ("done", "TD1 eval is at 0.83") in talk.logged()


def test_an_edit_changes_an_action_and_a_deletion_takes_it_back(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "todo: rerun the eval in 30m")
    talk.logs("ben", "done: TD1 eval is at 0.83")

    talk.edits("ben", ts, "todo: @cho rerun the whole eval in 1h")
    [edited] = actions(talk)
    talk.deletes("ben", ts)

    assert (edited.name, edited.owner, edited.text, edited.open) == (
        "TD1",
        user("cho"),
        "rerun the whole eval",
        False,
    )
    assert actions(talk) == []
    assert "rerun" not in talk.card()
    talk.logs("ben", "todo: look at the shards in 1h")
    assert [each.name for each in actions(talk)] == ["TD2"]


def test_a_modal_of_the_work_up_adds_one_and_its_buttons_change_it_and_end_it(talk: Talk) -> None:
    talk.opens("ana")
    due = int(talk.clock().timestamp()) // 60 * 60 + 7200
    talk.clicks("ana", "workup")
    talk.clicks_in_modal("ana", "todo")
    talk.submits("ana", text="rerun the eval", owner=user("ben"), due=due)
    added = actions(talk)[0]

    talk.clicks("cho", "workup")
    talk.clicks_in_modal("cho", "todo:TD1")
    shown = words_of({"blocks": [talk.modal("cho")]})
    talk.submits("cho", text="rerun the eval twice", owner=user("cho"), due=due + 3600)
    changed = actions(talk)[0]
    talk.clicks("cho", "done:TD1")
    talk.submits("cho", words="both at 0.83")

    assert (added.owner, added.text) == (user("ben"), "rerun the eval")
    assert added.due == datetime.fromtimestamp(due, UTC)
    assert ("todo", "rerun the eval @U0BEN") in talk.logged()
    assert "TD1" in shown
    assert (changed.owner, changed.text) == (user("cho"), "rerun the eval twice")
    assert changed.due == datetime.fromtimestamp(due + 3600, UTC)
    assert (actions(talk)[0].words, len(actions(talk))) == ("both at 0.83", 1)


def test_the_modals_say_what_they_need(talk: Talk) -> None:
    talk.opens("ana")
    talk.clicks("ana", "workup")
    talk.clicks_in_modal("ana", "todo")

    group = talk.submits("ana", text="@oncall rerun it")
    named = talk.submits("ana", text="@oncall rerun it", owner=user("ben"))

    assert "@oncall is not one person" in "".join(group["errors"].values())
    assert named["status"] == "ok"
    assert [(each.owner, each.text) for each in actions(talk)] == [(user("ben"), "@oncall rerun it")]


def test_a_message_that_somebody_marks_becomes_an_action_of_its_authors(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "I will rerun the eval in 2h")

    talk.reacts("ana", ts, "ballot_box_with_check")

    [each] = actions(talk)
    assert (each.owner, each.text) == (user("ben"), "I will rerun the eval")
    assert each.due is not None
    assert talk.whispers("ben") == []
