"""Every call of Slack's may fail: nothing is lost, and a person hears what only a person can mend."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from bot.sandbox.client import SandboxError
from bot.store import backlog
from tests.conversation import RECEIPT, Talk, user

FAULTS = (
    {"kind": "error", "error": "internal_error"},
    {"kind": "server_error"},
    {"kind": "reset_after"},
)


@pytest.mark.parametrize(
    ("method", "passed_over"),
    [
        ("chat.postMessage", 0),
        ("chat.postMessage", 1),
        ("chat.update", 0),
        ("reactions.add", 0),
        ("conversations.info", 0),
        ("conversations.members", 0),
        ("users.info", 0),
    ],
)
def test_each_call_of_an_opening_may_fail_and_everything_arrives(
    talk: Talk, method: str, passed_over: int
) -> None:
    for number, fault in enumerate(FAULTS, start=1):
        name = talk.slack.channel(user("ana"), f"war-room-{number}", is_private=True)["id"]
        talk.slack.invite(user("ana"), name, "U0ROUNDS")
        talk.channel = name
        talk.slack.fault(method, times=2, after=passed_over, **fault)
        talk.says("ana", f"/incident open sev2 loss is NaN for @ben, take {number}")
        talk.settles()
        talk.time_passes(minutes=5)
        talk.root = talk.charts()[0]["ts"]
        ts = talk.logs("ana", "dx: fp16 overflow")
        talk.time_passes(minutes=5)
        talk.slack.clear_faults()

        assert len(talk.charts()) == 1
        assert len(talk.news()) == 1
        assert talk.reactions(ts) == {RECEIPT: 1}
        assert "fp16 overflow" in talk.card()
        assert "@ben" in talk.card()
        assert talk.incident(number).private
    with talk.bot.desk.database.reading() as session:
        found = backlog.measured(session)
    assert (found.waiting, found.blocked, found.given_up) == (0, 0, 0)


def test_in_a_private_channel_without_us_the_opener_is_told_and_an_invitation_sends_everything(
    talk: Talk,
) -> None:
    answer = talk.says("ana", "/incident open sev2 loss is NaN", channel="C0BOARD")
    talk.settles()
    [told] = talk.told_in_private("ana")
    talk.slack.invite(user("ana"), "C0BOARD", "U0ROUNDS")
    talk.settles()

    assert "INC-1" in answer
    assert "INC-1 is open and nothing of it is lost" in told
    assert "/invite" in told
    assert len(talk.charts("C0BOARD")) == 1
    with talk.bot.desk.database.reading() as session:
        members = session.exec_driver_sql("SELECT person FROM members WHERE channel = 'C0BOARD'").scalars()
        assert set(members) >= {user("ana"), user("cho")}


def test_in_a_conversation_of_two_others_the_opener_is_told_what_to_do_instead(talk: Talk) -> None:
    talk.says("ana", "/incident open sev2 loss is NaN", channel="D0ANABEN")
    talk.settles()
    talk.time_passes(hours=1)

    [told] = talk.told_in_private("ana")
    assert "open the incident in a channel" in told


def test_in_a_public_channel_without_us_we_come_in_or_say_how_to_let_us_in(talk: Talk) -> None:
    talk.slack.fault("conversations.join", "error", times=1, error="missing_scope")
    talk.says("ana", "/incident open sev2 loss is NaN", channel="C0GENERAL")
    talk.settles()
    told = talk.told_in_private("ana")
    talk.says("ben", "/incident open sev3 slow eval", channel="C0GENERAL")
    talk.settles()

    assert len(told) == 1
    assert "/invite @rounds" in told[0]
    assert sorted(chart["text"][:5] for chart in talk.charts("C0GENERAL")) == ["INC-1", "INC-2"]


def test_an_archived_channel_keeps_the_incident_waiting_until_it_is_back(talk: Talk) -> None:
    talk.slack.archive(user("ana"), "C0TRAINING")
    with suppress(AssertionError, SandboxError):
        talk.says("ana", "/incident open sev2 loss is NaN", channel="C0TRAINING")
    talk.settles()
    told = talk.told_in_private("ana")
    talk.slack.unarchive(user("ana"), "C0TRAINING")
    talk.settles()

    assert "Unarchive it" in told[0]
    assert len(talk.charts("C0TRAINING")) == 1


def test_when_we_are_taken_out_of_a_channel_posts_and_receipts_wait_in_order_until_we_are_back(
    talk: Talk,
) -> None:
    talk.channel = "C0SECRET"
    talk.opens("ana", channel="C0SECRET")
    ts = talk.replies("ben", "dx: fp16 overflow")
    assert talk.slack.settle()
    talk.slack.leave("U0ROUNDS", "C0SECRET")
    talk.says("ana", "/incident sev INC-1 sev1 worse")
    talk.says("ana", "/incident lead INC-1 @ben")
    talk.settles()
    told, before = talk.told_in_private("ana"), talk.news()
    talk.slack.invite(user("ana"), "C0SECRET", "U0ROUNDS")
    talk.settles()

    assert len(told) == 1
    assert len(before) == 1
    assert ["SEV2 → SEV1" in talk.news()[1], "leads INC-1" in talk.news()[2]] == [True, True]
    assert talk.reactions(ts) == {RECEIPT: 1}
    assert "SEV1" in talk.card()


def test_a_new_token_sends_what_the_old_one_could_not(talk: Talk) -> None:
    talk.says("ana", "/incident list")
    talk.slack.fault("*", "error", times=-1, error="token_revoked")
    talk.says("ana", "/incident open sev2 loss is NaN")
    talk.settles()
    talk.slack.clear_faults()
    talk.time_passes(hours=1)
    before = len(talk.charts())
    # What `rounds outbox revive` does; a restart with the new token tries again by itself.
    with talk.bot.desk.database.quietly() as session:
        backlog.revive(session, None, datetime.now(UTC))
    talk.settles()

    assert (before, len(talk.charts())) == (0, 1)


def test_a_notice_that_nobody_can_read_holds_up_nothing_and_is_kept(talk: Talk) -> None:
    talk.opens("ana")
    talk.says("ana", "/incident sev INC-1 sev1 worse")
    with talk.bot.desk.database.quietly() as session:
        unread = json.dumps({"name": "from_a_later_version", "incident": 1})
        ours = "settled_at IS NULL AND lane = 'incident:1'"
        session.exec_driver_sql(f"UPDATE outbox SET notice = '{unread}' WHERE {ours}")
    talk.says("ana", "/incident lead INC-1 @ben")
    talk.settles()
    with talk.bot.desk.database.reading() as session:
        [trouble] = backlog.troubles(session)

    assert "leads INC-1" in talk.news()[-1]
    assert (trouble.notice, trouble.given_up) == ("from_a_later_version", True)


def test_blocks_that_slack_refuses_leave_their_words_behind(talk: Talk) -> None:
    talk.slack.fault("chat.postMessage", "error", times=1, error="invalid_blocks")
    talk.opens("ana")

    assert "loss is NaN" in talk.charts()[0]["text"]
    # The sandbox complains of blocks that are refused, here too, where it was told to refuse them.
    talk.slack.reset()


def test_a_card_that_slack_refuses_is_shown_again_with_the_next_change(talk: Talk) -> None:
    talk.opens("ana")
    talk.slack.fault("chat.update", "error", times=1, error="edit_window_closed")
    talk.logs("ben", "dx: fp16 overflow")
    talk.logs("ben", "dx: bad shard")

    assert "fp16 overflow" in talk.card()
    assert "bad shard" in talk.card()
