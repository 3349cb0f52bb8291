"""Slack may deliver anything twice, and at the same moment: it happens once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.conversation import RECEIPT, Talk, user
from tests.slack.multiplier import delivering
from tests.slack.test_diagnosis import expects, shares

COPIES = 8


@contextmanager
def everything_at_once(talk: Talk) -> Iterator[None]:
    """Each request reaches the bot several times in parallel."""
    port = int(talk.bot.url.rsplit(":", 1)[1])
    with delivering(COPIES, port) as url:
        talk.slack.transport(url)
        yield
        talk.slack.transport(f"{talk.bot.url}/slack/events")


@pytest.mark.parametrize(("copies", "parallel"), [(3, False), (20, True)])
def test_a_message_that_comes_again_and_again_is_one_entry_with_one_receipt(
    talk: Talk, copies: int, *, parallel: bool
) -> None:
    talk.opens("ana")
    talk.slack.delivery(copies=copies, parallel=parallel)
    ts = talk.logs("ben", "dx: fp16 overflow\nnote: since step 3100")
    talk.edits("ben", ts, "dx: bf16 underflow\nnote: since step 3100")
    talk.reacts("cho", ts, "wrench")
    talk.slack.delivery(copies=1)

    assert talk.logged() == [
        ("dx", "bf16 underflow"),
        ("note", "since step 3100"),
        ("fix", "dx: bf16 underflow\nnote: since step 3100"),
    ]
    assert talk.history(talk.entries()[0]) == ["fp16 overflow"]
    assert talk.reactions(ts)[RECEIPT] == 1
    assert len(talk.posts("reactions.add")) == 1


def test_a_command_that_comes_several_times_at_once_opens_one_incident(talk: Talk) -> None:
    with everything_at_once(talk):
        answer = talk.opens("ana", "sev2 loss is NaN")

    assert "INC-1" in answer
    assert len(talk.charts()) == 1
    assert len(talk.news()) == 1
    with talk.bot.desk.database.reading() as session:
        assert session.exec_driver_sql("SELECT count(*), max(number) FROM incidents").one() == (1, 1)


def test_a_click_that_comes_several_times_at_once_is_carried_out_once(talk: Talk) -> None:
    talk.opens("ana")
    with everything_at_once(talk):
        talk.clicks("ben", "lead")
        talk.settles()

    assert talk.incident().lead == user("ben")
    assert len([text for text in talk.news() if "leads INC-1 now" in text]) == 1
    assert talk.logged() == [("lead", f"@{user('ben')}")]


def test_a_modal_that_is_submitted_several_times_at_once_is_carried_out_once(talk: Talk) -> None:
    talk.opens("ana")
    talk.clicks("ben", "log")
    with everything_at_once(talk):
        talk.submits("ben", kind="fix", text="cordoned node 7")

    assert talk.logged() == [("fix", "cordoned node 7")]
    assert len([text for text in talk.news() if "cordoned node 7" in text]) == 1


def test_people_who_open_at_the_same_moment_get_numbers_without_a_gap(talk: Talk) -> None:
    talk.opens("ana", "sev3 number 0")
    words = [f"open sev3 number {number}" for number in range(1, 7)]
    with ThreadPoolExecutor(len(words)) as people:
        answers = list(people.map(lambda text: talk.says("ana", f"/incident {text}"), words))
    talk.settles()

    assert sorted(int(answer.split("INC-")[1].split("*")[0]) for answer in answers) == list(range(2, 8))
    assert len(talk.charts()) == 7


def test_people_who_react_to_the_same_message_at_the_same_moment_are_all_heard(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "dx: fp16 overflow")
    marks = [(user(name), emoji) for name in ("ana", "cho", "dev") for emoji in ("wrench", "mag", "pushpin")]
    with ThreadPoolExecutor(len(marks)) as people:
        list(people.map(lambda mark: talk.slack.react(mark[0], talk.channel, ts, mark[1]), marks))
    talk.settles()

    assert {
        delivery["status"] for delivery in talk.slack.deliveries() if delivery["type"] == "reaction_added"
    } == {200}
    assert sorted(kind for kind, _ in talk.logged()) == ["dx", "fix", "note", "result"]
    assert talk.reactions(ts)[RECEIPT] == 1


def test_replies_that_come_at_the_same_moment_are_all_logged(talk: Talk) -> None:
    talk.opens("ana")
    texts = [f"note: number {number}" for number in range(20)]
    with ThreadPoolExecutor(len(texts)) as people:
        list(people.map(lambda text: talk.replies("ben", text), texts))
    talk.settles()

    assert sorted(text for _, text in talk.logged()) == sorted(text.removeprefix("note: ") for text in texts)


@pytest.mark.parametrize(("copies", "parallel"), [(3, False), (20, True)])
def test_a_result_that_comes_again_and_again_moves_the_numbers_once(
    talk: Talk, copies: int, *, parallel: bool
) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: collator 31%\ndx: shard 42%")
    talk.logs("ben", "test: run it on 8 rows")
    expects(talk, "cho", "T1", A="positive", B="negative")
    talk.slack.delivery(copies=copies, parallel=parallel)
    talk.logs("cho", "result: T1 positive")
    talk.slack.delivery(copies=1)

    assert shares(talk) == {"A": 65, "B": 5, "other": 30}
    assert len([text for text in talk.news() if text.startswith("T1 positive:")]) == 1


def test_a_tap_that_comes_several_times_at_once_is_one_outcome(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "fix: rolled back")
    with everything_at_once(talk):
        talk.clicks("cho", "ended:A1:worked")
        talk.settles()

    assert talk.logged() == [("fix", "rolled back"), ("outcome", "A1 worked")]
