"""What is posted into the thread and sent in private: questions in one tap, and what the answers did."""

from dataclasses import replace

import pytest

from bot.domain.chart import Kind
from bot.domain.diagnosis.opinions import Judged, Voice
from bot.domain.ids import MessageTs, UserId
from bot.domain.incident import Severity
from bot.domain.notice import (
    EntryLogged,
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
from bot.domain.ward import Chart
from bot.domain.work.steps import Asked, Named, Suspect
from bot.slack.render.calls import Direct, Post, Whisper
from bot.slack.render.opinions import ask_opinion
from bot.slack.render.thread import Charted, hint, render_in_thread, shown_again
from tests.slack.charts import (
    ANA,
    BEN,
    COLLATOR,
    HERE,
    HOSTILE,
    NOON,
    ROOT,
    SEVEN,
    after,
    all_quiet,
    captions,
    crowded,
    expecting,
    incident,
    judged,
    nodes,
    quiet,
    round_of,
    the_work,
    words_of,
)

STARTED = ThreadStarted(incident=SEVEN)


def told(notice: Charted, chart: Chart) -> Post:
    return render_in_thread(notice, chart)


def untriaged(answers: Answers | None = None, **changes: object) -> Chart:
    fields: dict[str, object] = {"triaged_at": None, "severity": Severity.SEV3} | changes
    return after([], incident=incident("x", **fields), answers=answers or Answers())


def chosen(post: Post) -> set[str]:
    """The buttons that show what was answered."""
    return {node["action_id"] for node in nodes(post.blocks) if node.get("style") == "primary"}


def test_a_thread_begins_with_the_four_questions_and_the_log() -> None:
    post = told(STARTED, untriaged())

    assert {f"triage:{letter}:{answer}" for letter in "ABD" for answer in ("yes", "no")} | {
        f"triage:C:{answer}" for answer in "012"
    } | {"log:log"} <= captions(post.blocks).keys()
    assert "until then it counts as SEV3" in words_of(post.blocks)
    assert chosen(post) == set()


def test_an_answered_question_shows_its_answer() -> None:
    post = told(STARTED, untriaged(Answers(dying=False, resources=5)))

    assert chosen(post) == {"triage:A:no", "triage:C:2"}
    assert captions(post.blocks)["triage:A:no"] == "✓ No"


def test_what_cannot_change_the_severity_any_more_is_not_asked() -> None:
    post = told(STARTED, untriaged(Answers(dying=True), severity=Severity.SEV1, triaged_at=NOON))

    assert {name for name in captions(post.blocks) if name.startswith("triage")} == {
        "triage:A:yes",
        "triage:A:no",
    }
    assert "Your answers say SEV1." in words_of(post.blocks)
    few = captions(told(STARTED, untriaged(Answers(resources=0))).blocks)
    assert "triage:B:yes" in few
    assert "triage:D:yes" not in few


def test_a_severity_named_at_opening_is_checked_by_the_questions() -> None:
    chart = after([], incident=incident("x"), first_severity=Severity.SEV2)

    assert "Named at opening: SEV2; four questions check it." in words_of(told(STARTED, chart).blocks)


def test_half_the_answers_do_not_speak_against_a_worse_severity() -> None:
    chart = untriaged(Answers(cannot_wait=True), severity=Severity.SEV1, triaged_at=NOON)

    assert "Your answers say" not in words_of(told(STARTED, chart).blocks)


def test_a_severity_that_somebody_set_stands_beside_what_the_answers_say() -> None:
    chart = untriaged(Answers(dying=True), severity=Severity.SEV4, triaged_at=NOON)

    assert "Your answers say SEV1; somebody set it to SEV4." in words_of(told(STARTED, chart).blocks)


def test_a_new_test_asks_three_taps_of_each_hypothesis() -> None:
    chart = after([COLLATOR, Asked(test=1, question="run the collator on 8 rows", minutes=5, owner=ANA)])
    post = told(TestAsked(incident=SEVEN, test=1), chart)

    assert {
        f"expects:T1:{letter}:{tap}" for letter in "ABC" for tap in ("positive", "either", "negative")
    } | {"expects:T1"} <= captions(post.blocks).keys()
    assert "run the collator on 8 rows  (5 min, @ana)" in words_of(post.blocks)
    assert "T1 is ranked once A, B, C have an answer." in words_of(post.blocks)


def test_the_taps_say_to_a_screen_reader_what_they_mean() -> None:
    chart = after([COLLATOR, Asked(test=1, question="run it")])
    post = told(TestAsked(incident=SEVEN, test=1), chart)

    labels = {
        node["action_id"]: node.get("accessibility_label")
        for node in nodes(post.blocks)
        if node.get("type") == "button"
    }
    assert labels["expects:T1:A:either"] == "If it is A, T1 could be either"


def test_a_tap_is_shown_as_chosen_and_another_number_in_words() -> None:
    chart = after([COLLATOR, Asked(test=1, question="run it"), expecting(1, A=0.95, B=0.7)])
    post = told(TestAsked(incident=SEVEN, test=1), chart)

    assert chosen(post) == {"expects:T1:A:positive"}
    assert "positive in 70%" in words_of(post.blocks)
    assert "T1 is ranked once C has an answer." in words_of(post.blocks)


def test_a_complete_test_is_ranked() -> None:
    post = told(TestAsked(incident=SEVEN, test=2), after(the_work()))

    assert "T2 is ranked." in words_of(post.blocks)
    assert {"found:T2:positive", "found:T2:negative", "found:T2:inconclusive"} <= captions(post.blocks).keys()


def test_a_finished_test_asks_nothing_more() -> None:
    post = told(TestAsked(incident=SEVEN, test=1), after(the_work()))

    assert "T1 positive : KeyError 'text'" in words_of(post.blocks)
    assert captions(post.blocks) == {}


def test_a_test_without_hypotheses_asks_for_some() -> None:
    post = told(TestAsked(incident=SEVEN, test=1), after([Asked(test=1, question="look")]))

    assert "Name what could be wrong" in words_of(post.blocks)


def test_a_withdrawn_test_says_so() -> None:
    post = told(TestAsked(incident=SEVEN, test=9), after([]))

    assert post.text == "T9 was withdrawn."


def test_those_the_test_bears_on_are_asked_first_and_the_others_in_the_modal() -> None:
    many = Named(hypotheses=tuple(Suspect(letter=letter, statement="x") for letter in "ABCDEFGH"))
    chart = after([many, Asked(test=1, question="look", bears_on=("H",))])

    shown = captions(told(TestAsked(incident=SEVEN, test=1), chart).blocks)
    assert "expects:T1:H:positive" in shown
    assert sum(name.startswith("expects:T1:") for name in shown) == 15
    assert shown["expects:T1"] == "The other 3, and exact numbers…"


def test_what_moved_stands_first_and_offers_what_may_be_done() -> None:
    offers = (Offer(label="Start B…", does="fix:plan:B"), Offer(label="Start B…", does="fix:plan:B"))
    lines = ("T1 positive: A 31% → 79%, B 42% → 9%", "Next: T2")

    post = told(WorkupMoved(incident=SEVEN, lines=lines, offers=offers), after([]))
    assert post.text == "T1 positive: A 31% → 79%, B 42% → 9%\nNext: T2"
    assert captions(post.blocks) == {"fix:plan:B": "Start B…"}
    assert [node["value"] for node in nodes(post.blocks) if node.get("type") == "button"] == ["7"]


def test_an_entry_from_a_modal_says_what_it_moved() -> None:
    notice = EntryLogged(incident=SEVEN, kind=Kind.RESULT, text="T1 positive", by=ANA, moved="A 31% → 79%")

    assert "A 31% → 79%" in told(notice, after([])).text
    assert "A 31% → 79%" in words_of(told(notice, after([])).blocks)


def test_an_entry_from_a_button_offers_what_comes_next() -> None:
    offers = (Offer(label="Leave A1 in place…", does="leave:A1"),)
    notice = EntryLogged(incident=SEVEN, kind=Kind.OUTCOME, text="A1 failed", by=ANA, offers=offers)

    assert [*captions(told(notice, after([])).blocks)] == ["leave:A1"]


def test_a_pasted_log_is_folded_to_its_first_line_and_shown_by_a_tap() -> None:
    pasted = "```\nTraceback\n  File x\nKeyError\n```"
    post = told(EntryLogged(incident=SEVEN, kind=Kind.LOG, text=pasted, by=ANA), after([]))

    assert "3 lines" in post.text
    assert "Traceback" in words_of(post.blocks)
    assert "KeyError" not in words_of(post.blocks) + post.text
    assert captions(post.blocks) == {"show_log": "Show the log"}


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_pasted_log_breaks_its_post_or_pings(typed: str) -> None:
    post = told(EntryLogged(incident=SEVEN, kind=Kind.LOG, text=typed, by=ANA), after([]))

    judged(post.blocks)
    assert all_quiet(post.blocks)
    assert quiet(post.text)


def test_the_end_of_a_watch_calls_the_one_who_wanted_it() -> None:
    post = told(WatchOver(incident=SEVEN, by=ANA, minutes=30), after([]))

    assert "<@U0ANA>, 30 minutes" in post.text
    assert [*captions(post.blocks)] == ["resolve", "watch", "log:note"]


CHO = UserId("U0CHO")
ROUND = round_of(
    Judged(letter="A", statement="collator", p=0.4, voices=(Voice(by=ANA, p=0.6), Voice(by=BEN, p=0.2))),
    Judged(letter="B", statement="disk is full", p=0.2, voices=(Voice(by=ANA, p=0.15),)),
    answered=(ANA, BEN),
    silent=(CHO,),
)


def test_opinions_are_shown_with_what_each_person_said() -> None:
    chart = after([])
    known = replace(chart, names={**chart.names, CHO: "cho"})

    post = render_in_thread(OpinionsPooled(incident=SEVEN, round=1), known, opinions=ROUND)

    assert "2 lists, made apart" in post.text
    assert "40% collator; 20% disk is full" in post.text
    assert "ana 60%, ben 20%" in words_of(post.blocks)
    assert "No answer from cho" in words_of(post.blocks)


def test_a_round_without_answers_still_says_so() -> None:
    nobody = round_of(answered=(), silent=(BEN,))

    post = render_in_thread(OpinionsPooled(incident=SEVEN, round=1), after([]), opinions=nobody)

    assert "0 lists" in post.text
    assert "No answer from ben" in words_of(post.blocks)


def test_whoever_is_asked_for_an_opinion_sees_nobody_elses() -> None:
    sent = ask_opinion(OpinionAsked(incident=SEVEN, round=3, user=BEN), after(the_work()))

    assert sent.user == BEN
    assert captions(sent.blocks) == {"opinion:3": "Give your list…"}
    assert "collator" not in words_of(sent.blocks) + sent.text
    assert "Loss is NaN since step 3100" in sent.text


def owed(text: str, *offers: Offer) -> HintOwed:
    return HintOwed(
        channel=HERE, thread_ts=ROOT, user=ANA, text=text, expires_at=NOON, incident=SEVEN, offers=offers
    )


def test_a_hint_comes_with_the_buttons_that_mend_it() -> None:
    said = hint(owed("A1 is still running.", Offer(label="A1 worked", does="ended:A1:worked")))

    assert captions(said.blocks) == {"ended:A1:worked": "A1 worked"}
    assert hint(owed("x & @U0ANA")).blocks == ()
    assert hint(owed("x & @U0ANA")).text == "x &amp; <@U0ANA>"


def test_a_post_is_shown_again_as_it_would_be_posted() -> None:
    post = told(STARTED, untriaged())
    again = shown_again(post, MessageTs("1.2"))

    assert (again.channel, again.ts, again.text, again.blocks) == (HERE, "1.2", post.text, post.blocks)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_a_post_and_none_pings(text: str) -> None:
    chart = crowded(text)
    offers = tuple(Offer(label=(text.strip() or "x")[:200], does=f"log:{place}") for place in range(30))
    many = [Judged(letter="A", statement=text, p=0.5, voices=(Voice(by=BEN, p=0.6),) * 9) for _ in range(12)]
    round_ = round_of(*many, answered=(ANA,), silent=(BEN,) * 20)
    notices: list[Charted] = [
        STARTED,
        *(TestAsked(incident=SEVEN, test=test) for test in (1, 2, 3, 4)),
        WorkupMoved(incident=SEVEN, lines=(text,) * 12, offers=offers),
        OpinionsPooled(incident=SEVEN, round=1),
        WatchOver(incident=SEVEN, by=ANA, minutes=30),
    ]
    posts = [render_in_thread(notice, chart, opinions=round_) for notice in notices]

    sent = ask_opinion(OpinionAsked(incident=SEVEN, round=1, user=BEN), chart)
    said = hint(owed(text or "x", *offers))
    shown: list[Post | Direct | Whisper] = [*posts, sent, said]
    for each in shown:
        judged(each.blocks)
        assert quiet(each.text)
        assert all_quiet(each.blocks)
        assert 0 < len(each.text) <= 3500


def test_a_gone_root_leaves_the_post_without_a_thread() -> None:
    chart = after([], incident=replace(incident("x"), thread_ts=None))

    assert told(STARTED, chart).thread_ts is None
