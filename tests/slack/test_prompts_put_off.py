"""What people do with a prompt besides answering it, and what it survives: snoozes, silence, outages."""

from datetime import timedelta

import pytest

from bot.domain.heard import Who
from bot.domain.ids import ChannelId, UserId
from bot.domain.prompts.question import PromptKind
from bot.store import backlog
from bot.usecases.answer_prompt import NothingAsked, snooze
from tests.conversation import TEAM, Talk, user, words_of
from tests.slack.prompted import NUMBER, asked, led, living, rows


def test_a_snooze_puts_off_once_and_what_is_snoozed_comes_back(talk: Talk) -> None:
    led(talk)
    talk.logs("ana", "test: run the collator on 8 rows (10m) for A")
    talk.time_passes(minutes=11)

    talk.taps("ana", "snooze:15")
    assert living(talk) == []
    assert "Snoozed until" in "\n".join(talk.thread())

    talk.time_passes(minutes=10)
    assert living(talk) == []
    talk.time_passes(minutes=6)
    found = asked(talk)
    assert "T1 is due" in found
    assert "Snooze" not in found


def test_a_snooze_moves_the_next_prompt_of_the_card_and_a_late_click_is_told_that_nothing_is_asked(
    talk: Talk,
) -> None:
    led(talk)
    talk.time_passes(minutes=31)
    talk.taps("ana", "snooze:60")
    [row] = [row for row in rows(talk, PromptKind.REEVALUATION) if row.asks]
    assert row.snoozed_until
    assert f"{row.snoozed_until:%H:%M}" in talk.card().split("Next prompt")[1][:60]

    talk.time_passes(minutes=30)
    assert living(talk) == []
    assert f"{row.snoozed_until:%H:%M}" in talk.card().split("Next prompt")[1][:60]
    assert talk.says("ana", "/incident prompts INC-1").count("re-evaluation, snoozed") == 1

    # An old client may still show the button.
    late = Who(team=TEAM, user=UserId(user("ben")), channel=ChannelId(talk.channel))
    with talk.bot.desk.database.writing() as session, pytest.raises(NothingAsked):
        snooze(session, late, NUMBER, talk.clock() + timedelta(hours=1), key="late", now=talk.clock())


def test_a_time_to_be_asked_again_can_be_picked(talk: Talk) -> None:
    led(talk)
    talk.logs("ana", "test: run the collator on 8 rows (10m) for A")
    talk.time_passes(minutes=11)
    talk.taps("ana", "snooze_until")

    too_far = talk.clock() + timedelta(days=8)
    refused = talk.submits("ana", until=int(too_far.timestamp()))
    assert "for a week at most" in refused["errors"]["until"]

    until = talk.clock() + timedelta(minutes=20)
    talk.submits("ana", until=int(until.timestamp()))

    [row] = rows(talk, PromptKind.RESULT)
    assert row.snoozed_until == until.replace(microsecond=0)
    talk.time_passes(minutes=22)
    assert "T1 is due" in asked(talk)


def test_a_declined_question_is_never_asked_again_and_the_chart_keeps_why(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    talk.logs("ana", "lead: me")
    talk.logs("ana", "dx: collator 90%")
    talk.time_passes(minutes=31)
    assert "One hypothesis so far" in asked(talk)
    talk.taps("ana", "decline")

    talk.submits("ana", asked=["differential|"], reason="there is one commit only")

    assert "One hypothesis so far" not in "".join(living(talk))
    assert ("note", "Not to be asked again (a first differential): there is one commit only") in talk.logged()
    talk.time_passes(minutes=60)
    found = asked(talk)
    assert "One hypothesis so far" not in found
    assert "Time to look again" in found

    talk.taps("ana", "decline")
    beat = [row for row in rows(talk, PromptKind.REEVALUATION) if row.open and row.asks][-1]
    talk.submits("ana", asked=[f"re-evaluation|{beat.about}"], reason="it trains on")
    assert ("note", "Not this time (re-evaluation): it trains on") in talk.logged()


def test_after_a_long_silence_of_ours_one_prompt_says_what_is_due_now(talk: Talk) -> None:
    led(talk)
    talk.logs("ana", "test: run the collator on 8 rows (10m) for A")

    talk.time_passes(hours=9)

    found = asked(talk)
    assert "T1 is due" in found
    assert "Time to look again" in found
    assert len([post for post in talk.posts() if "to answer here" in str(post)]) == 1


def test_prompts_that_slack_does_not_take_become_one_when_it_does(talk: Talk) -> None:
    led(talk)
    talk.logs("ana", "test: run the collator on 8 rows (10m) for A")
    talk.slack.fault("chat.postMessage", "server_error", times=1000)

    for _ in range(12):
        talk.time_passes(minutes=10)
    talk.slack.clear_faults()
    talk.time_passes(minutes=2)

    assert len(living(talk)) == 1
    before = len([post for post in talk.posts() if "to answer here" in str(post)])
    talk.time_passes(minutes=2)
    assert len([post for post in talk.posts() if "to answer here" in str(post)]) == before == 1


def test_a_resolved_incident_asks_nothing_and_takes_its_prompt_away(talk: Talk) -> None:
    talk.opens("ana", "sev1 loss is NaN")
    talk.time_passes(minutes=16)
    assert living(talk)

    talk.logs("ana", "resolve: unknown")

    assert living(talk) == []
    posted = len(talk.posts())
    talk.time_passes(hours=5)
    assert len(talk.posts()) == posted


def test_prompts_can_be_switched_off_and_on_and_asked_at_another_pace(talk: Talk) -> None:
    led(talk)
    talk.time_passes(minutes=31)
    assert "Time to look again" in asked(talk)
    said = talk.says("cho", "/incident prompts INC-1 off")
    talk.settles()
    assert "Prompts are off" in said
    assert "Prompts are off, by @" in talk.card()
    assert "somebody" not in talk.card()
    assert living(talk) == []
    talk.time_passes(hours=3)
    assert living(talk) == []

    said = talk.says("ana", "/incident prompts INC-1 on")
    assert said.count("• re-evaluation") == 1
    talk.settles()
    assert "Time to look again" in asked(talk)

    said = talk.says("ana", "/incident prompts INC-1 every 20m")
    assert "INC-1" in said
    assert "which incident" in talk.says("ana", "/incident prompts")


def test_a_pace_that_nobody_could_bear_is_refused_with_what_would_work(talk: Talk) -> None:
    led(talk)

    assert "every 20m" in talk.says("ana", "/incident prompts INC-1 every 1m")
    assert "prompts INC-n [off / on / every 20m]" in talk.says("ana", "/incident prompts INC-1 sometimes")


def test_a_process_that_dies_and_another_that_looks_as_well_ask_nothing_twice(talk: Talk) -> None:
    led(talk)
    talk.time_passes(minutes=31)

    for _ in range(3):
        talk.bot.clockwork.tick()
        talk.settles()

    assert len([post for post in talk.posts() if "to answer here" in str(post)]) == 1


def around(talk: Talk, hours: int) -> str:
    """Quiet hours that have begun and last so many hours from now on."""
    now = talk.clock()
    starts, ends = now - timedelta(hours=1), now + timedelta(hours=hours)
    return f"{starts:%H:%M}-{ends:%H:%M} UTC"


def test_quiet_hours_hold_back_what_can_wait_until_they_end(talk: Talk) -> None:
    said = talk.says("ana", f"/incident quiet {around(talk, 3)}")
    assert "Quiet hours here: " in said
    assert "SEV1 and SEV2 ask at any hour" in said
    led(talk, "sev3 loss is odd")
    talk.logs("ana", "test: run the collator on 8 rows (10m) for A")

    talk.time_passes(minutes=90)
    assert living(talk) == []

    talk.time_passes(minutes=95)
    assert "T1 is due" in asked(talk)


def test_a_worse_severity_is_asked_at_any_hour(talk: Talk) -> None:
    talk.says("ana", f"/incident quiet {around(talk, 3)}")
    led(talk, "sev2 loss is NaN")

    talk.time_passes(minutes=31)

    assert "Time to look again" in asked(talk)


def test_somebody_s_own_quiet_hours_count_for_what_is_asked_of_them(talk: Talk) -> None:
    talk.says("ben", f"/incident quiet me {around(talk, 3)}")
    led(talk, "sev3 loss is odd")
    talk.logs("ana", "test: swap the node (10m) @U0BEN for A\ntest: look at the collator (10m) @U0ANA for A")

    talk.time_passes(minutes=12)

    found = asked(talk)
    assert "T2 is due" in found
    assert "T1 is due" not in found
    assert "Yours, in their place" in talk.says("ben", "/incident quiet me 22-7 Europe/Berlin")
    assert "There are no quiet hours here." in talk.says("ben", "/incident quiet me off")
    # Slack is asked for the zone of somebody whom nobody knows yet.
    assert "Yours, in their place: 22:00-07:00 Asia/Seoul" in talk.says("cho", "/incident quiet me 10pm-7am")
    talk.slack.fault("users.info", "server_error", times=1)
    said = talk.says("dev", "/incident quiet me 22:00-07:00")
    assert "22:00-07:00 UTC" in said
    assert "I do not know your time zone" in said


def test_hours_that_are_none_are_refused_with_an_example(talk: Talk) -> None:
    assert "`22:00-07:00`" in talk.says("ana", "/incident quiet at night")
    assert "time zone" in talk.says("ana", "/incident quiet 22:00-07:00 Atlantis")


def test_what_a_person_asks_for_shows_every_open_question_with_its_time(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")

    said = talk.says("ana", "/incident prompts INC-1")

    for what in ("who leads", "a first differential", "re-evaluation"):
        assert f"• {what}, due" in said


def test_a_prompt_that_people_deleted_leaves_no_trouble_behind(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    talk.time_passes(minutes=6)
    [found] = [
        message["ts"]
        for message in talk.slack.messages(talk.channel, thread_ts=talk.root)
        if "to answer here" in words_of(message)
    ]
    talk.slack.delete(talk.bot.desk.identity().user, talk.channel, found)
    talk.settles()

    talk.logs("ana", "lead: me")
    talk.time_passes(minutes=40)

    assert "Time to look again" in asked(talk)
    with talk.bot.desk.database.reading() as session:
        assert backlog.troubles(session) == []
