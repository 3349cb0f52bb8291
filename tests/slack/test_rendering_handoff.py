"""Handoffs as they are read: by whom, in which state, and whatever people typed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.ids import IncidentNumber
from bot.domain.notice import HandoffTurned
from bot.slack.render.blocks import TEXT_LIMIT
from bot.slack.render.calls import View
from bot.slack.render.handoff import Shown, offer_post, told, told_again, turn_post
from bot.slack.render.handoff_answers import handed_over
from bot.slack.render.home import home_view
from bot.slack.render.modals import handoff as views
from bot.slack.render.modals.form import Submission
from bot.slack.render.modals.handoff_whole import whole_view
from tests.slack import handoffs
from tests.slack.charts import ANA, BEN, HERE, HOSTILE, SEVEN, all_quiet, judged, judged_view, quiet, words_of
from tests.slack.handoffs import LATER, document, home, shown, too_much

ADDRESS = "https://example.slack.com/"
TURNS = ("accepted", "declined", "doubted", "changed", "cancelled")


def posts(each: Shown) -> Iterator[tuple[str, Sequence[Any]]]:
    """Everything that is posted about an attempt."""
    states: list[dict[str, Any]] = [
        {"sent_at": None},
        {"rounds": 2},
        {"accepted_at": LATER},
        {"declined_at": LATER},
        {"cancelled_at": LATER, "cancelled_by": ANA},
    ]
    yield from (offer_post(replace(each, transfer=replace(each.transfer, **state))) for state in states)
    for turn in TURNS:
        yield turn_post(HandoffTurned(incident=SEVEN, attempt=1, turn=turn), each)
    for user in (ANA, BEN):
        for amount in (1, 2, 30):
            direct = told(user, [numbered(each, number) for number in range(1, amount + 1)])
            assert direct
            yield direct.text, direct.blocks
            over = replace(each, transfer=replace(each.transfer, accepted_at=LATER))
            again = told_again(
                user, [numbered(over, 40), *(numbered(each, number) for number in range(amount))]
            )
            yield again.text, again.blocks
    mixed = [*(numbered(over, n) for n in range(40, 80)), *(numbered(each, n) for n in range(30))]
    yield "", told_again(BEN, mixed).blocks


def numbered(each: Shown, number: int) -> Shown:
    return replace(each, transfer=replace(each.transfer, incident=IncidentNumber(number)))


def opened(each: Shown, text: str) -> Iterator[View]:
    """Every modal about an attempt."""
    before = Submission({"synthesis": {"synthesis": {"value": text}}}, {})
    for picks in (True, False):
        yield views.read_back_view(each, HERE, picks=picks)
        yield views.read_back_view(
            each, HERE, picks=picks, news=[text] * 20, differing=[text] * 20, before=before
        )
    yield views.send_anyway_view(each, HERE)
    yield views.decline_handoff_view(SEVEN, HERE)
    yield whole_view(each, HERE)


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_takes_a_handoff_of_whatever_people_typed_and_nobody_is_pinged(text: str) -> None:
    each = too_much(text)

    for said, built in posts(each):
        judged(built)
        assert all_quiet(built)
        assert quiet(said)
        assert len(said) <= TEXT_LIMIT
    for view in opened(each, text):
        judged_view(view)
        assert all_quiet(view)
    drafts = [replace(each, transfer=replace(each.transfer, sent_at=None))] * 30
    assert quiet(handed_over(BEN, drafts)["text"])


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_takes_a_home_with_two_hundred_incidents_of_whatever_people_typed(text: str) -> None:
    view = home_view(home(text, many=67), ADDRESS)

    judged(view["blocks"], "home")
    assert all_quiet(view)


def test_only_whoever_receives_a_handoff_is_called_you() -> None:
    thread, _ = offer_post(handoffs.SENT)
    receiver, giver = told(BEN, [handoffs.SENT]), told(ANA, [handoffs.SENT])

    assert receiver
    assert giver
    assert "You do next" in receiver.text
    assert "You do next" in words_of(receiver.blocks)
    for said in (thread, giver.text, words_of(offer_post(handoffs.SENT)[1]), words_of(giver.blocks)):
        assert "You do next" not in said
        assert "@Ben does next" in said


def test_the_message_alone_answers_what_a_reader_asks() -> None:
    said = words_of(offer_post(handoffs.SENT)[1])

    for answer in (
        "SEV2 · watcher, score 5: throughput is 0.4x",
        "A 90%: string columns reach the collator",
        "Ruled out:  D stale cache",
        "A1 cast to int: worked",
        "TD1 rerun the eval, due  2026-11-23 14:14 UTC",
        "if loss > 4, then roll back to step 2900 @Ben",
    ):
        assert answer in said


def test_what_is_over_is_one_line_without_buttons() -> None:
    for each in (handoffs.DECLINED, shown(cancelled_at=LATER, cancel_reason="@U0BEN is gone")):
        _, built = offer_post(each)

        assert [block["type"] for block in built] == ["context"]


def test_of_a_long_story_the_whole_document_tells_the_newest() -> None:
    long = shown(document(tuple(f"note: step {number}" for number in range(40))))

    said = words_of(whole_view(long, HERE))

    assert "step 39" in said
    assert "10 before that" in said
    assert "step 9 " not in said


def test_the_whole_document_ends_with_what_its_receiver_has_read_back() -> None:
    said = words_of(whole_view(handoffs.ACCEPTED, HERE))

    assert f"Read back by @Ben {handoffs.WORDS}" in said
    assert "Read back by" not in words_of(whole_view(handoffs.SENT, HERE))


def test_the_whole_document_reads_like_words_of_people() -> None:
    said = words_of(whole_view(shown(document((*handoffs.STABLE, "log: rank 0\n```\nloss nan\n```"))), HERE))

    assert "throughput  1x" in said
    assert "rank 0 loss nan" in said
    assert "```" not in said


def test_a_home_that_holds_only_the_worst_says_so() -> None:
    assert "4 open, of which the worst 3 are: 1 SEV3" in words_of(home_view(home(), ADDRESS)["blocks"])
