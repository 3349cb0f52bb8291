"""Somebody wants to see how the differential evolved: one picture is in the thread, whatever goes wrong."""

from typing import Any

import pytest

from tests.conversation import Talk, user

LATER = {"minutes": 10}
ANNOUNCE, SEND, SHARE = "files.getUploadURLExternal", "upload", "files.completeUploadExternal"


def works_up(talk: Talk) -> None:
    """An incident with two hypotheses, of which one is the likelier."""
    talk.opens("ana")
    talk.logs("ben", "dx: collator gets strings 40%\ndx: bad shard 30%")


def wants_picture(talk: Talk, who: str = "ana") -> None:
    """Press the button of the work-up."""
    talk.clicks(who, "workup")
    found = talk.slack.click(user(who), "picture", view_id=talk.modal(who)["id"])
    assert found["status"] == "ok", found
    talk.settles()


def pictures(talk: Talk) -> list[dict[str, Any]]:
    """The messages of the thread that show a file of ours."""
    found = talk.slack.messages(talk.channel, thread_ts=talk.root)
    return [message for message in found if message.get("bot_id") and message.get("files")]


def impatient(talk: Talk) -> None:
    """Wait only briefly for answers."""
    talk.bot.desk.gateway.relay_client.timeout = 1


def test_the_picture_stands_in_the_thread_and_says_the_same_in_words(talk: Talk) -> None:
    works_up(talk)
    wants_picture(talk)

    [message] = pictures(talk)
    [file] = message["files"]
    assert "INC-1" in message["text"]
    assert (file["mimetype"], file["name"]) == ("image/png", "inc-1-differential.png")
    assert "A collator gets strings: 40% at" in file["alt_txt"]
    assert "B bad shard: 30% at" in file["alt_txt"]
    assert talk.logged() == [("dx", "collator gets strings 40%"), ("dx", "bad shard 30%")]


def test_who_wants_two_pictures_gets_two(talk: Talk) -> None:
    works_up(talk)
    wants_picture(talk)
    talk.logs("ben", "dx: A 70%")
    wants_picture(talk, "ben")

    assert len(pictures(talk)) == 2


def test_a_double_click_shows_one_picture(talk: Talk) -> None:
    works_up(talk)
    talk.clicks("ana", "workup")
    for _ in range(2):
        talk.slack.click(user("ana"), "picture", view_id=talk.modal("ana")["id"])
    talk.settles()

    assert len(pictures(talk)) == 1


@pytest.mark.parametrize("step", [ANNOUNCE, SEND, SHARE])
@pytest.mark.parametrize("fault", ["reset_after", "timeout_after", "server_error", "reset_before"])
def test_a_picture_whose_step_gets_no_answer_is_shown_once(talk: Talk, step: str, fault: str) -> None:
    works_up(talk)
    impatient(talk)
    talk.slack.fault(step, fault, times=1, seconds=2)
    wants_picture(talk)
    talk.time_passes(**LATER)
    talk.time_passes(**LATER)

    assert len(pictures(talk)) == 1
    assert len(talk.posts(SHARE)) == 1


def test_while_slack_does_not_say_whether_it_shows_the_picture_nothing_is_shared_again(talk: Talk) -> None:
    works_up(talk)
    talk.slack.fault(SHARE, "reset_after", times=1)
    talk.slack.fault("files.info", "server_error", times=-1)
    wants_picture(talk)
    talk.time_passes(**LATER)
    before = len(pictures(talk))
    talk.slack.clear_faults()
    talk.time_passes(**LATER)

    assert (before, len(pictures(talk))) == (1, 1)
    assert len(talk.slack.calls(SHARE)) == 1


def test_a_process_that_dies_after_sharing_shares_no_second_time(talk: Talk) -> None:
    works_up(talk)
    wants_picture(talk)
    with talk.bot.desk.database.quietly() as session:
        # What a dead process leaves behind: the step is done, and its end was never written.
        session.exec_driver_sql("UPDATE uploads SET completed_at = NULL")
        session.exec_driver_sql(
            "UPDATE outbox SET settled_at = NULL, uncertain_since = owed_at, due_at = owed_at "
            "WHERE key LIKE 'picture:%%'"
        )
    talk.time_passes(**LATER)

    assert len(pictures(talk)) == 1
    assert len(talk.slack.calls(SHARE)) == 1


@pytest.mark.parametrize("step", [ANNOUNCE, SHARE])
def test_when_slack_says_wait_the_picture_waits(talk: Talk, step: str) -> None:
    works_up(talk)
    talk.slack.fault(step, "rate_limited", times=1, retry_after=120)
    wants_picture(talk)
    before = len(pictures(talk))
    talk.time_passes(seconds=120)

    assert (before, len(pictures(talk))) == (0, 1)
    assert len(talk.slack.calls(step)) == 2


@pytest.mark.parametrize("step", [ANNOUNCE, SHARE])
@pytest.mark.parametrize("error", ["file_uploads_disabled", "storage_limit_reached", "missing_scope"])
def test_where_slack_takes_no_files_the_words_are_posted_once(talk: Talk, step: str, error: str) -> None:
    works_up(talk)
    talk.slack.fault(step, "error", error=error, times=-1)
    talk.slack.fault("chat.postMessage", "reset_after", times=1)
    wants_picture(talk)
    talk.time_passes(**LATER)

    said = [text for text in talk.news() if "A collator gets strings: 40%" in text]
    assert pictures(talk) == []
    assert len(said) == 1
    assert error in said[0]


def test_bytes_that_never_arrive_are_said_in_words(talk: Talk) -> None:
    works_up(talk)
    talk.slack.fault(SEND, "server_error", times=-1)
    wants_picture(talk)
    for _ in range(4):
        talk.time_passes(**LATER)

    assert pictures(talk) == []
    assert len([text for text in talk.news() if "A collator gets strings: 40%" in text]) == 1


def test_where_nothing_is_named_it_says_so(talk: Talk) -> None:
    talk.opens("ana")
    wants_picture(talk)

    assert pictures(talk) == []
    assert "Nobody has named a hypothesis yet" in talk.news()[-1]


def test_a_picture_finds_its_way_back_into_a_public_channel(talk: Talk) -> None:
    works_up(talk)
    talk.slack.fault(SHARE, "error", error="not_in_channel", times=1)
    wants_picture(talk)

    assert len(pictures(talk)) == 1


def test_a_slow_picture_holds_up_no_reply(talk: Talk) -> None:
    works_up(talk)
    talk.slack.fault(ANNOUNCE, "rate_limited", times=1, retry_after=600)
    wants_picture(talk)
    talk.says("ana", "/incident lead INC-1 @ben")
    talk.settles()

    assert any("leads INC-1 now" in text for text in talk.news())
    assert pictures(talk) == []
