"""What the bot asks by itself: every kind of question, at its time, and never what is answered."""

from datetime import timedelta

from bot.domain.prompts.question import PromptKind
from tests.conversation import Talk, words_of
from tests.slack.prompted import asked, escalations, led, living, rows


def test_what_an_incident_will_ask_is_stored_when_it_is_opened(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")

    opened = talk.incident().opened_at
    assert [row.due_at - opened for row in rows(talk, PromptKind.LEAD)] == [timedelta(minutes=5)]
    assert [row.due_at - opened for row in rows(talk, PromptKind.DIFFERENTIAL)] == [timedelta(minutes=30)]
    assert [row.due_at - opened for row in rows(talk, PromptKind.REEVALUATION)] == [timedelta(minutes=30)]
    assert "Next prompt" in talk.card()
    assert "who leads" in talk.card()


def test_nobody_leads_is_asked_and_then_told_to_the_channel_in_four_labelled_lines(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")

    talk.time_passes(minutes=5)
    assert "Nobody leads yet" in asked(talk)
    assert escalations(talk) == []

    talk.time_passes(minutes=5)
    [told] = escalations(talk)
    labels = ["Situation: ", "Background: ", "Assessment: ", "Recommendation: "]
    assert all(label in told for label in labels)
    assert "INC-1, SEV2: loss is NaN" in told
    seen_in_channel = [words_of(message) for message in talk.slack.messages(talk.channel)]
    assert any(told == said for said in seen_in_channel)

    talk.time_passes(minutes=4)
    assert len(escalations(talk)) == 1


def test_taking_the_lead_with_the_prompts_button_answers_it(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    talk.time_passes(minutes=5)

    talk.taps("ben", "lead")

    assert talk.incident().lead == "U0BEN"
    assert living(talk) == []
    assert rows(talk, PromptKind.LEAD)[0].answered_at
    talk.time_passes(minutes=20)
    assert escalations(talk) == []


def test_questions_that_are_due_become_one_message_and_the_new_takes_the_place_of_the_old(
    talk: Talk,
) -> None:
    talk.opens("ana", "loss is NaN")
    talk.time_passes(minutes=11)
    assert "How bad is it?" in asked(talk)

    talk.time_passes(minutes=20)

    found = asked(talk)
    assert "2 things to answer here" in found
    assert "How bad is it?" in found
    assert "Nobody leads yet" in found
    assert len([post for post in talk.posts() if "to answer here" in str(post)]) == 2
    assert len(talk.posts("chat.delete")) == 1


def test_a_result_that_is_due_is_asked_of_its_owner_and_answered_by_one_tap(talk: Talk) -> None:
    led(talk)
    talk.logs("ana", "test: run the collator on 8 rows (10m) @U0BEN for A")
    talk.time_passes(minutes=11)
    found = asked(talk)
    assert "<@U0BEN>" in found
    assert "T1 is due: run the collator on 8 rows" in found

    talk.taps("ben", "found:T1:positive")

    assert living(talk) == []
    assert rows(talk, PromptKind.RESULT)[0].answered_at


def test_a_result_that_was_written_in_the_thread_is_not_asked_for(talk: Talk) -> None:
    led(talk)
    talk.logs("ana", "test: run the collator on 8 rows (10m) for A")
    talk.logs("ben", "result: T1 positive KeyError 'text'")

    talk.time_passes(minutes=11)

    assert living(talk) == []


def test_an_unanswered_result_is_asked_twice_then_told_and_never_again(talk: Talk) -> None:
    led(talk)
    talk.logs("ana", "test: run the collator on 8 rows (10m) for A")

    for _ in range(30):
        talk.time_passes(minutes=10)

    [row] = rows(talk, PromptKind.RESULT)
    assert row.asks == 2
    assert row.escalated_at
    assert len([told for told in escalations(talk) if "the result of T1" in told]) == 1


def test_a_window_that_is_over_asks_what_became_of_it(talk: Talk) -> None:
    led(talk)
    talk.logs("ana", "fix: rolled back to 3f2a; expect loss < 4 within 10m; revert: git revert 3f2a")
    talk.time_passes(minutes=11)
    assert "The window of A1 (rolled back to 3f2a) is over. Expected: loss < 4." in asked(talk)

    talk.taps("ben", "ended:A1:failed")

    assert "The window of A1" not in "".join(living(talk))
    talk.time_passes(minutes=6)
    assert "A1 failed and is still in place. Has it been taken back? To revert: git revert 3f2a" in asked(
        talk
    )


def test_a_failed_intervention_calls_a_time_out(talk: Talk) -> None:
    led(talk)
    talk.logs("ana", "fix: rolled back; revert: forward again")
    talk.logs("ana", "outcome: A1 failed")

    assert "Time-out. The last intervention failed. What else could it be" in asked(talk)

    talk.taps("ana", "answered:time-out:failed A1")
    assert "Time-out" not in "".join(living(talk))
    [row] = [row for row in rows(talk, PromptKind.TIME_OUT) if row.about == "failed A1"]
    assert row.answered_by == "U0ANA"


def test_a_re_evaluation_comes_with_its_interval_and_vital_signs_answer_it(talk: Talk) -> None:
    led(talk)
    talk.time_passes(minutes=31)
    assert "Time to look again" in asked(talk)

    talk.logs("ana", "vital: loss=2.1")

    assert living(talk) == []
    read_at = talk.entries()[-1].at
    following = [row for row in rows(talk, PromptKind.REEVALUATION) if row.open]
    assert [row.due_at for row in following] == [read_at + timedelta(minutes=30)]


def test_nothing_has_changed_is_an_answer_to_a_re_evaluation(talk: Talk) -> None:
    led(talk)
    talk.time_passes(minutes=31)
    [row] = [row for row in rows(talk, PromptKind.REEVALUATION) if row.asks]

    talk.taps("ben", f"answered:re-evaluation:{row.about}")

    assert living(talk) == []
    assert "Answered." in "\n".join(talk.thread())


def test_people_at_work_put_a_re_evaluation_off_but_not_a_result(talk: Talk) -> None:
    led(talk)
    talk.logs("ana", "test: run the collator on 8 rows (30m) for A")
    talk.time_passes(minutes=27)
    talk.replies("ben", "still looking at the collator")

    talk.time_passes(minutes=4)

    found = asked(talk)
    assert "T1 is due" in found
    assert "Time to look again" not in found
    talk.time_passes(minutes=8)
    assert "Time to look again" in asked(talk)


def test_worse_vital_signs_ask_at_once_whether_the_severity_still_holds(talk: Talk) -> None:
    led(talk, "sev3 loss is odd")

    talk.logs("ana", "vital: loss=nan")

    found = asked(talk)
    assert "The vital signs call for a look: loss is NaN" in found
    assert "Is it still SEV3?" in found
    talk.logs("ana", "sev: 2 it diverges")
    assert "call for a look" not in "".join(living(talk))


def test_two_beats_that_nobody_noticed_are_told_to_the_channel_once(talk: Talk) -> None:
    led(talk, "sev1 loss is NaN")

    for _ in range(13):
        talk.time_passes(minutes=15)

    assert len([told for told in escalations(talk) if "re-evaluation" in told]) == 1
    assert len([row for row in rows(talk, PromptKind.REEVALUATION) if row.asks]) >= 13


def test_what_the_channel_was_told_is_taken_back_once_somebody_has_answered(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    talk.time_passes(minutes=5)
    talk.time_passes(minutes=5)
    assert len(escalations(talk)) == 1

    talk.logs("ben", "lead: me")

    assert escalations(talk) == []
    assert "INC-1: who leads, answered." in "\n".join(talk.thread())


def test_a_re_evaluation_that_nobody_answered_stands_until_the_next_is_asked(talk: Talk) -> None:
    led(talk)
    talk.time_passes(minutes=31)
    assert "Time to look again" in asked(talk)

    talk.time_passes(minutes=20)
    talk.replies("ben", "still looking")
    talk.time_passes(minutes=11)

    assert "Time to look again" in asked(talk)
    talk.time_passes(minutes=12)
    # Once in its words, and once in its blocks.
    assert asked(talk).count("Time to look again") == 2


def test_a_prompt_calls_whoever_leads_now(talk: Talk) -> None:
    led(talk)
    talk.time_passes(minutes=31)
    assert "<@U0ANA>" in asked(talk)

    talk.says("ana", "/incident lead INC-1 @ben")
    talk.settles()

    assert "<@U0BEN>" in asked(talk)
    assert "<@U0ANA>" not in asked(talk)
