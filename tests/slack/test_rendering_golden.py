"""How everything looks, kept as JSON: a change of a look is seen and meant, or it is a mistake.

`python -m tests.slack.test_rendering_golden` writes the files anew.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.chart import Kind
from bot.domain.diagnosis.opinions import Judged, Voice
from bot.domain.ids import MessageTs, UserId
from bot.domain.notice import (
    HandoffTurned,
    HintOwed,
    OpinionAsked,
    OpinionsPooled,
    TestAsked,
    ThreadStarted,
    WatchOver,
    WorkupMoved,
)
from bot.domain.offer import Offer
from bot.domain.triage import Answers
from bot.domain.work.closing import lacking
from bot.slack.render import modals
from bot.slack.render.card import card
from bot.slack.render.digest import blocks_of
from bot.slack.render.handoff import Shown, offer_post, told, turn_post
from bot.slack.render.home import home_view
from bot.slack.render.modals.form import Submission
from bot.slack.render.modals.handoff import (
    decline_handoff_view,
    hand_over_view,
    read_back_view,
    send_anyway_view,
)
from bot.slack.render.modals.handoff_whole import whole_view
from bot.slack.render.opinions import ask_opinion
from bot.slack.render.thread import hint, render_in_thread
from tests.slack import digests, handoffs
from tests.slack.charts import (
    ANA,
    BEN,
    HERE,
    NOON,
    SEVEN,
    after,
    entry,
    failed,
    judged,
    judged_view,
    measured,
    promised,
    ready,
    round_of,
    the_work,
)

GOLDEN = Path(__file__).parent / "golden"
WORK = after(
    the_work(),
    log=entry(Kind.LOG, "Traceback (most recent call last):\n  File train.py\nKeyError: 'text'"),
    answers=Answers(dying=False, cannot_wait=True),
)
FAILED = after(failed(), minutes=60)
SIGNS = after(measured())
DOING = after(promised())
READY = after(ready())
ROUND = round_of(
    Judged(letter="A", statement="collator", p=0.4, voices=(Voice(by=ANA, p=0.6),)),
    answered=(ANA,),
    silent=(BEN,),
)
MOVED = WorkupMoved(
    incident=SEVEN,
    lines=("T1 positive: A 31% → 79%, B 42% → 9%", "Next: T2"),
    offers=(Offer(label="Start B…", does="fix:plan:B"),),
)
HINT = HintOwed(
    channel=HERE,
    thread_ts=MessageTs("1700000000.000100"),
    user=ANA,
    text="A1 is still running.",
    expires_at=NOON,
    incident=SEVEN,
    offers=(Offer(label="A1 worked", does="ended:A1:worked"),),
)
ACCEPTS, DECLINES, DOUBTS = (
    HandoffTurned(incident=SEVEN, attempt=1, turn=turn) for turn in ("accepted", "declined", "doubted")
)
NEWS = ("A new hypothesis: E gradient overflow",)
DIFFERS = ("How bad it is: it is SEV2.", "TD1 is yours: rerun the eval")
BEFORE = Submission(
    {
        "severity": {"severity": {"selected_option": {"value": "SEV5"}}},
        "synthesis": {"synthesis": {"value": handoffs.WORDS}},
    },
    {},
)


def direct(user: UserId, *given: Shown) -> Any:
    """What somebody is told in private."""
    found = told(user, given)
    return found and list(found.blocks)


MESSAGES: dict[str, Callable[[], Any]] = {
    "card": lambda: card(WORK),
    "card_failed": lambda: card(FAILED),
    "card_vitals": lambda: card(SIGNS),
    "card_actions": lambda: card(DOING),
    "card_readiness": lambda: card(READY),
    "thread_started": lambda: render_in_thread(ThreadStarted(incident=SEVEN), WORK).blocks,
    "test_asked": lambda: render_in_thread(TestAsked(incident=SEVEN, test=3), WORK).blocks,
    "test_ranked": lambda: render_in_thread(TestAsked(incident=SEVEN, test=2), WORK).blocks,
    "workup_moved": lambda: render_in_thread(MOVED, WORK).blocks,
    "watch_over": lambda: render_in_thread(WatchOver(incident=SEVEN, by=ANA, minutes=30), WORK).blocks,
    "opinions_pooled": lambda: (
        render_in_thread(OpinionsPooled(incident=SEVEN, round=1), WORK, opinions=ROUND).blocks
    ),
    "opinion_asked": lambda: ask_opinion(OpinionAsked(incident=SEVEN, round=1, user=BEN), WORK).blocks,
    "hint": lambda: hint(HINT).blocks,
    "digest": lambda: [*blocks_of(digests.LOOKS["digest"])],
    "digest_of_nothing": lambda: [*blocks_of(digests.LOOKS["digest_of_nothing"], late=True)],
    "handoff_draft": lambda: offer_post(handoffs.DRAFT)[1],
    "handoff_sent": lambda: offer_post(handoffs.SENT)[1],
    "handoff_sent_anyway": lambda: offer_post(handoffs.ANYWAY)[1],
    "handoff_accepted": lambda: offer_post(handoffs.ACCEPTED)[1],
    "handoff_declined": lambda: offer_post(handoffs.DECLINED)[1],
    "handoff_turned_accepted": lambda: turn_post(ACCEPTS, handoffs.ACCEPTED)[1],
    "handoff_turned_declined": lambda: turn_post(DECLINES, handoffs.DECLINED)[1],
    "handoff_turned_doubted": lambda: turn_post(DOUBTS, handoffs.DOUBTED)[1],
    "handoff_told_receiver": lambda: direct(BEN, handoffs.SENT),
    "handoff_told_giver": lambda: direct(ANA, handoffs.SENT),
    "handoff_told_bundle": lambda: direct(BEN, *handoffs.BUNDLE),
}
VIEWS: dict[str, Callable[[], Any]] = {
    "open": lambda: modals.open_view(None),
    "hypothesis": lambda: modals.hypothesis_view(WORK, HERE),
    "revise": lambda: modals.revise_view(WORK, HERE, "A"),
    "test": lambda: modals.test_view(WORK, HERE),
    "expects": lambda: modals.expects_view(WORK, HERE, 2),
    "result": lambda: modals.result_view(WORK, HERE, 2),
    "fix": lambda: modals.fix_view(WORK, HERE, plan="B"),
    "plan": lambda: modals.plan_view(WORK, HERE),
    "leave": lambda: modals.leave_view(FAILED, HERE, "A1"),
    "revert": lambda: modals.revert_view(FAILED, HERE, "A1"),
    "waive": lambda: modals.waive_view(WORK, HERE, "C"),
    "resolve": lambda: modals.resolve_view(FAILED, HERE, lacking(FAILED.workup, gone="")),
    "opinion": lambda: modals.opinion_view(WORK, HERE, 1),
    "second_opinion": lambda: modals.second_opinion_view(WORK, HERE),
    "vital": lambda: modals.vital_view(SIGNS, HERE),
    "todo": lambda: modals.todo_view(DOING, HERE, 1),
    "done": lambda: modals.done_view(DOING, HERE, 1),
    "if": lambda: modals.if_view(READY, HERE, 1),
    "if_off": lambda: modals.if_off_view(READY, HERE, 1),
    "impact": lambda: modals.impact_view(READY, HERE),
    "onset": lambda: modals.onset_view(READY, HERE),
    "stability": lambda: modals.stability_view(READY, HERE),
    "workup": lambda: modals.workup_view(FAILED, HERE),
    "workup_readiness": lambda: modals.workup_view(READY, HERE),
    "workup_vitals": lambda: modals.workup_view(SIGNS, HERE),
    "why": lambda: modals.why_view(FAILED, HERE),
    "show_log": lambda: modals.show_log_view(WORK, HERE),
    "hand_over": lambda: hand_over_view(WORK, HERE),
    "send_anyway": lambda: send_anyway_view(handoffs.DRAFT, HERE),
    "decline_handoff": lambda: decline_handoff_view(SEVEN, HERE),
    "read_back": lambda: read_back_view(handoffs.QUIET, HERE, picks=False),
    "read_back_picks": lambda: read_back_view(handoffs.SENT, HERE, picks=True),
    "read_back_again": lambda: read_back_view(
        handoffs.SENT, HERE, picks=True, news=NEWS, differing=DIFFERS, before=BEFORE
    ),
    "handoff_whole": lambda: whole_view(handoffs.ACCEPTED, HERE),
}
HOMES: dict[str, Callable[[], Any]] = {
    "home": lambda: home_view(handoffs.home(), "https://example.slack.com/"),
    "home_of_nobody": lambda: home_view(handoffs.NOBODYS, "https://example.slack.com/"),
}
LOOKS = MESSAGES | {f"modal_{name}": build for name, build in VIEWS.items()} | HOMES


def as_json(look: object) -> str:
    return json.dumps(look, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("name", LOOKS)
def test_everything_looks_as_it_was_last_looked_at(name: str) -> None:
    kept = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")

    assert as_json(LOOKS[name]()) == kept


def test_no_look_is_kept_of_what_is_gone() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == LOOKS.keys()


@pytest.mark.parametrize("name", MESSAGES)
def test_slack_takes_every_message(name: str) -> None:
    judged(MESSAGES[name]())


@pytest.mark.parametrize("name", VIEWS)
def test_slack_opens_every_modal(name: str) -> None:
    judged_view(VIEWS[name]())


@pytest.mark.parametrize("name", HOMES)
def test_slack_shows_every_home(name: str) -> None:
    judged(HOMES[name]()["blocks"], "home")


def write() -> None:
    """Keep how everything looks now."""
    GOLDEN.mkdir(exist_ok=True)
    for name, build in LOOKS.items():
        (GOLDEN / f"{name}.json").write_text(as_json(build()), encoding="utf-8")


if __name__ == "__main__":
    write()
