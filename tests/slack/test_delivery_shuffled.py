"""Slack promises no order: whatever order events come in, the chart and what it said before are the same."""

import pytest

from tests.conversation import RECEIPT, Talk, user
from tests.slack.test_diagnosis import workup_of


def work(talk: Talk) -> list[str]:
    """Several messages that are written, edited, deleted, marked and unmarked."""
    first = talk.replies("ben", "dx: fp16 overflow")
    second = talk.replies("cho", "test: rerun in fp32\nnote: on 8 rows")
    third = talk.replies("dev", "just talk")
    fourth = talk.replies("ben", "fix: lower the learning rate")
    fifth = talk.replies("cho", "talk that becomes an entry")
    talk.slack.edit(user("ben"), talk.channel, first, "dx: bf16 underflow")
    talk.slack.react(user("ana"), talk.channel, third, "mag")
    talk.slack.edit(user("cho"), talk.channel, second, "test: rerun in fp32\nnote: on 16 rows")
    talk.slack.edit(user("ben"), talk.channel, first, "dx: a bad shard")
    talk.slack.delete(user("ben"), talk.channel, fourth)
    talk.slack.react(user("ana"), talk.channel, first, "wrench")
    talk.slack.edit(user("cho"), talk.channel, fifth, "todo: @dev check the shard")
    talk.slack.react(user("ana"), talk.channel, first, "wrench", remove=True)
    return [first, second, third, fourth, fifth]


def outcome(talk: Talk, number: int, messages: list[str]) -> tuple[object, ...]:
    """Everything that must not depend on the order."""
    histories = [
        (entry.kind, entry.text, entry.author, talk.history(entry)) for entry in talk.entries(number)
    ]
    shown = talk.slack.messages(talk.channel, thread_ts=talk.root)
    receipts = {
        messages.index(message["ts"]): [found["name"] for found in message.get("reactions", [])].count(
            RECEIPT
        )
        for message in shown
        if message["ts"] in messages
    }
    return histories, receipts


@pytest.mark.parametrize("order", ["reverse", "1", "2", "3"])
def test_events_in_any_order_lead_to_the_same_chart_and_the_same_history(talk: Talk, order: str) -> None:
    talk.opens("ana", "sev2 in order")
    in_order = work(talk)
    talk.settles()
    expected = outcome(talk, 1, in_order)

    talk.opens("ana", "sev2 shuffled")
    talk.slack.delivery(hold=True)
    shuffled = work(talk)
    if order == "reverse":
        talk.slack.release("reverse")
    else:
        talk.slack.release("random", seed=int(order))
    talk.settles()

    assert outcome(talk, 2, shuffled) == expected
    assert expected[1] == {0: 1, 1: 1, 2: 1, 4: 1}


def worked_up(talk: Talk) -> None:
    """A differential of which one hypothesis is corrected and one is taken back."""
    talk.replies("ben", "dx: collator 30%")
    wrong = talk.replies("cho", "dx: driver 10%")
    gone = talk.replies("dev", "dx: cosmic ray 5%")
    talk.replies("ben", "dx: shard 40%")
    talk.slack.edit(user("cho"), talk.channel, wrong, "dx: driver update 20% impact 2")
    talk.slack.delete(user("dev"), talk.channel, gone)


@pytest.mark.parametrize("order", ["reverse", "1", "2", "3"])
def test_hypotheses_that_are_named_corrected_and_deleted_in_any_order_are_the_same(
    talk: Talk, order: str
) -> None:
    def found(number: int) -> dict[str, float]:
        """By what they say: their letters are given in the order in which they arrive."""
        now = workup_of(talk, number).differential
        return {each.statement: now.p(each.letter) for each in now.live}

    talk.opens("ana", "sev2 in order")
    worked_up(talk)
    talk.settles()
    expected = found(1)

    talk.opens("ana", "sev2 shuffled")
    talk.slack.delivery(hold=True)
    worked_up(talk)
    if order == "reverse":
        talk.slack.release("reverse")
    else:
        talk.slack.release("random", seed=int(order))
    talk.settles()

    assert found(2) == pytest.approx(expected)
    assert set(expected) == {"collator", "driver update", "shard"}
