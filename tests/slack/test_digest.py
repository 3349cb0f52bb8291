"""The ward round: one line an incident, to whoever asks, and once a day to the channels that ordered it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.heard import Who
from bot.domain.ids import ChannelId, UserId
from bot.domain.incident import Severity
from bot.sandbox.server import Sandbox
from bot.usecases.open_incident import Opening, open_incident
from bot.wiring import wire
from tests.conversation import HERE, TEAM, Talk, settings, user, words_of

SECRET = "C0SECRET"
NBSP = "\N{NO-BREAK SPACE}"


def digests_in(talk: Talk, channel: str = HERE) -> list[str]:
    """The digests that stand in a channel."""
    found = [words_of(message).replace(NBSP, " ") for message in talk.charts(channel)]
    return [text for text in found if text.startswith("Digest, ")]


def asks_now(talk: Talk, who: str = "ana", channel: str = HERE) -> str:
    return talk.says(who, "/incident digest", channel=channel).replace(NBSP, " ")


def until(talk: Talk, moment: str, zone: str = "Europe/Madrid") -> timedelta:
    """How long until clocks in a zone show this next: "09:00", or with a date."""
    now = talk.clock().astimezone(ZoneInfo(zone))
    wanted = datetime.fromisoformat(moment if "T" in moment else f"{now.date()}T{moment}")
    while wanted.replace(tzinfo=ZoneInfo(zone)) <= now:
        wanted += timedelta(days=1)
    return wanted.replace(tzinfo=ZoneInfo(zone)) - talk.clock()


def goes_to(talk: Talk, moment: str, zone: str = "Europe/Madrid") -> None:
    """Let time pass until then, and what is due happen."""
    talk.time_passes(seconds=until(talk, moment, zone).total_seconds())


def came_and_went(talk: Talk) -> None:
    """An incident of which nothing is asked any more."""
    talk.opens("ana")
    talk.says("ana", "/incident resolve INC-1 unknown")
    talk.settles()


def test_who_asks_sees_at_once_what_is_open_with_its_state_and_its_thread(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    talk.logs("ana", "dx: collator gets strings 60% impact 5\nvital: loss=nan")
    talk.logs("ben", "lead: me")
    talk.opens("ben", "sev1 cluster is burning")

    said = asks_now(talk, "cho")

    assert "2 open: 1 SEV1, 1 SEV2." in said
    assert said.index("cluster is burning") < said.index("loss is NaN")
    for shown in ("nobody leads", "unstable 3", "A 60% collator gets strings", "Must not be missed"):
        assert shown in said
    assert talk.incident().thread_ts is not None
    assert digests_in(talk) == []


def test_an_ordered_digest_comes_once_at_its_hour_with_its_picture_below(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    goes_to(talk, "08:00")

    answer = talk.says("ana", "/incident digest here at 9am Europe/Madrid")
    early = digests_in(talk)
    goes_to(talk, "09:00:05")

    assert "every day at 09:00 (Europe/Madrid)" in answer
    assert early == []
    [said] = digests_in(talk)
    assert "loss is NaN" in said
    assert "Late" not in said
    assert len(talk.posts("files.completeUploadExternal")) == 1


def test_the_order_says_when_the_first_one_comes_in_the_zone_of_who_orders(talk: Talk) -> None:
    goes_to(talk, "08:00", zone="Asia/Seoul")

    today = talk.says("cho", "/incident digest here at 9")
    tomorrow = talk.says("cho", "/incident digest 07.30 weekdays")
    named = talk.says("cho", "/incident digest @ 9pm new york")

    local = talk.clock().astimezone(ZoneInfo("Asia/Seoul"))
    assert (
        f"every day at 09:00 (Asia/Seoul). The first one comes on {local:%A} {local.day} {local:%B} at 09:00."
        in today
    )
    assert "from Monday to Friday at 07:30 (Asia/Seoul)" in tomorrow
    assert "at 21:00 (America/New_York)" in named


def test_where_slack_does_not_tell_the_zone_it_is_utc_and_says_so(talk: Talk) -> None:
    talk.slack.fault("users.info", "error", error="internal_error", times=1)

    said = talk.says("ana", "/incident digest here at 9")

    assert "every day at 09:00 (UTC)" in said
    assert "I do not know your time zone" in said
    assert "/incident digest here at 09:00 Europe/Berlin" in said


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("here at 9 Europe/Berln", "`Europe/Berlin`"),
        ("here", "/incident digest here at 09:00"),
        ("at 25:00", "25:00” is no time of day"),
    ],
)
def test_an_order_that_is_not_understood_changes_nothing(talk: Talk, typed: str, advice: str) -> None:
    assert advice in talk.says("ana", f"/incident digest {typed}")
    assert "No channel gets one yet" in talk.says("ana", "/incident digest list")


def test_a_digest_comes_also_when_nothing_is_open_and_has_no_picture(talk: Talk) -> None:
    goes_to(talk, "08:00")
    talk.says("ana", "/incident digest here at 9")
    goes_to(talk, "09:00:05")

    [said] = digests_in(talk)
    assert "Nothing is open." in said
    assert talk.posts("files.completeUploadExternal") == []


def test_what_is_called_off_comes_no_more(talk: Talk) -> None:
    goes_to(talk, "08:00")
    talk.says("ana", "/incident digest here at 9")
    answer = talk.says("ben", "/incident digest here off")
    again = talk.says("ben", "/incident digest off")
    goes_to(talk, "09:00:05")

    assert "comes here no more" in answer
    assert "No digest was ordered" in again
    assert digests_in(talk) == []


def test_a_second_order_takes_the_place_of_the_first_and_a_date_has_one_digest(talk: Talk) -> None:
    goes_to(talk, "08:00")
    talk.says("ana", "/incident digest here at 9")
    goes_to(talk, "09:00:05")
    tomorrow = (talk.clock().astimezone(ZoneInfo("Europe/Madrid")) + timedelta(days=1)).day
    answer = talk.says("ana", "/incident digest here at 10")
    goes_to(talk, "10:00:05")
    same_day = len(digests_in(talk))
    goes_to(talk, "10:00:05")

    assert f" {tomorrow} " in answer
    assert same_day == 1
    assert len(digests_in(talk)) == 2


def test_the_list_tells_who_may_know_which_channels_get_one(talk: Talk) -> None:
    talk.says("ana", "/incident digest here at 9", channel="C0TRAINING")
    talk.says("ana", "/incident digest here at 10 UTC weekdays", channel=SECRET)
    talk.settles()

    assert talk.says("dev", "/incident digest list") == "<#C0TRAINING>: every day at 09:00 (Europe/Madrid)"
    assert f"<#{SECRET}>: from Monday to Friday at 10:00 (UTC)" in talk.says("ben", "/incident digest list")


def test_a_digest_that_comes_late_says_so(talk: Talk) -> None:
    goes_to(talk, "08:00")
    talk.says("ana", "/incident digest here at 9")
    goes_to(talk, "11:30")

    [said] = digests_in(talk)
    assert "*Late*: I could not send it at 09:00." in said
    assert "As of 11:30" in said


def test_after_three_hours_the_next_one_is_waited_for(talk: Talk) -> None:
    goes_to(talk, "08:00")
    talk.says("ana", "/incident digest here at 9")
    goes_to(talk, "12:01")
    missed = digests_in(talk)
    goes_to(talk, "09:00:05")

    [said] = digests_in(talk)
    assert missed == []
    assert "Late" not in said


def test_after_days_away_only_the_digest_of_today_comes(talk: Talk) -> None:
    goes_to(talk, "08:00")
    talk.says("ana", "/incident digest here at 9")
    talk.time_passes(days=4)
    goes_to(talk, "09:30")

    assert len(digests_in(talk)) == 1


def test_in_an_archived_channel_who_ordered_is_told_and_no_old_digest_comes_afterwards(talk: Talk) -> None:
    goes_to(talk, "08:00")
    talk.says("ana", "/incident digest here at 9")
    talk.slack.archive(user("ana"), HERE)
    for _ in range(2):
        goes_to(talk, "09:00:05")
    goes_to(talk, "13:00")
    talk.slack.unarchive(user("ana"), HERE)
    talk.settles()
    too_late = digests_in(talk)
    goes_to(talk, "09:00:05")

    assert too_late == []
    assert len(digests_in(talk)) == 1
    [told] = [text for text in talk.told_in_private("ana") if "the digest you ordered" in text]
    assert f"<#{HERE}>" in told


def test_a_digest_whose_post_got_no_answer_stands_there_once(talk: Talk) -> None:
    came_and_went(talk)
    goes_to(talk, "08:00")
    talk.says("ana", "/incident digest here at 9")
    talk.slack.fault("chat.postMessage", "reset_after", times=1)
    talk.slack.fault("files.completeUploadExternal", "reset_after", times=1)
    goes_to(talk, "09:00:05")
    talk.time_passes(minutes=5)
    talk.time_passes(minutes=5)

    assert len(digests_in(talk)) == 1
    assert len(talk.posts("files.completeUploadExternal")) == 1


def test_where_slack_takes_no_pictures_the_days_are_told_in_words(talk: Talk) -> None:
    came_and_went(talk)
    goes_to(talk, "08:00")
    talk.says("ana", "/incident digest here at 9")
    talk.slack.fault("files.getUploadURLExternal", "error", error="file_uploads_disabled", times=-1)
    goes_to(talk, "09:00:05")

    [root] = [each for each in talk.charts(HERE) if words_of(each).startswith("Digest, ")]
    talk.root = root["ts"]
    [said] = talk.thread()
    assert "file_uploads_disabled" in said
    assert "Open at the end of each day, opened and resolved on it" in said


def test_a_private_incident_is_in_the_digest_of_its_own_channel_only(talk: Talk) -> None:
    talk.opens("ana", "sev2 leaked key", channel=SECRET)
    talk.opens("ana", "sev2 loss is NaN", channel=HERE)
    goes_to(talk, "08:00")
    for channel in (HERE, SECRET):
        talk.says("ana", "/incident digest here at 9", channel=channel)
    goes_to(talk, "09:00:05")

    [public], [private] = digests_in(talk, HERE), digests_in(talk, SECRET)
    assert "leaked key" not in public + asks_now(talk, "ana", HERE) + asks_now(talk, "ana", "C0TRAINING")
    assert "1 open" in public
    for said in (private, asks_now(talk, "ben", SECRET)):
        assert "leaked key" in said
        assert "loss is NaN" in said


def test_what_was_resolved_is_told_with_its_cause_for_a_day(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    talk.says("ana", "/incident resolve INC-1 string columns reached the collator")
    talk.settles()
    today = asks_now(talk)
    talk.time_passes(hours=25)

    assert "Resolved since yesterday" in today
    assert "loss is NaN: string columns reached the" in today
    assert "Resolved since yesterday" not in asks_now(talk)


def test_what_is_overdue_is_told_by_what_it_is(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    talk.logs("ana", "test: run it on 8 rows by 30m\nfix: A roll back for 20m")
    talk.time_passes(hours=2)

    said = asks_now(talk)

    assert "Overdue" in said
    assert "Outcome: " in said
    assert "First differential: " in said


@pytest.mark.parametrize(
    ("day", "clock", "shown"),
    [
        ("2027-03-28", "2027-03-28T01:00:05+00:00", "As of 03:00"),
        ("2027-10-31", "2027-10-31T00:30:05+00:00", "As of 02:30"),
    ],
)
def test_when_clocks_change_it_comes_at_the_next_valid_minute_and_only_once(
    talk: Talk, day: str, clock: str, shown: str
) -> None:
    goes_to(talk, f"{day}T00:00:05")
    talk.says("ana", "/incident digest here at 02:30")
    due = datetime.fromisoformat(clock)
    talk.time_passes(seconds=(due - talk.clock()).total_seconds() - 60)
    early = digests_in(talk)
    talk.time_passes(seconds=(due - talk.clock()).total_seconds())
    first = digests_in(talk)
    talk.time_passes(hours=2)

    assert early == []
    assert [shown in text for text in first] == [True]
    assert digests_in(talk) == first


def test_two_bots_that_look_at_the_same_time_send_one(
    small_slack: Sandbox, talk: Talk, database_url: str
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("a SQLite file has one bot")
    goes_to(talk, "08:00")
    for channel in (HERE, "C0TRAINING", SECRET):
        talk.says("ana", "/incident digest here at 9", channel=channel)
    talk.clock.passed += until(talk, "09:00:05")
    other = wire(settings(small_slack, database_url), talk.clock)
    other.serve()
    bots = (talk.bot, other)

    with ThreadPoolExecutor(2) as pool:
        looked = list(pool.map(lambda bot: bot.clockwork.tick(), bots))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda bot: bot.relay.drain(), bots))
    talk.settles()
    other.stop()

    assert sum(looked) == 3
    assert [len(digests_in(talk, channel)) for channel in (HERE, "C0TRAINING", SECRET)] == [1, 1, 1]


def test_a_digest_that_fails_is_tried_again_later_and_keeps_no_other_from_being_sent(talk: Talk) -> None:
    talk.opens("ana", "sev2 leaked key", channel=SECRET)
    talk.logs("ana", "dx: somebody has it")
    goes_to(talk, "08:00")
    for channel in (SECRET, HERE):
        talk.says("ana", "/incident digest here at 9", channel=channel)
    with talk.bot.desk.database.quietly() as session:
        session.exec_driver_sql("CREATE TABLE kept AS SELECT seq, body FROM steps")
        session.exec_driver_sql("UPDATE steps SET body = '{}'")
    goes_to(talk, "09:00:05")
    meanwhile = len(digests_in(talk, HERE)), len(digests_in(talk, SECRET))
    with talk.bot.desk.database.quietly() as session:
        session.exec_driver_sql("UPDATE steps SET body = (SELECT body FROM kept WHERE kept.seq = steps.seq)")
    talk.time_passes(minutes=4)

    assert meanwhile == (1, 0)
    assert "leaked key" in digests_in(talk, SECRET)[0]


def test_two_hundred_incidents_fold_and_are_still_one_message_that_slack_takes(talk: Talk) -> None:
    who = Who(team=TEAM, user=UserId(user("ana")), channel=ChannelId(HERE))
    talk.says("ana", "/incident digest here at 9")
    with talk.bot.desk.database.quietly() as session:
        for number in range(200):
            severity = Severity(number % 4 + 1)
            opening = Opening(who=who, channel=ChannelId(HERE), seen=f"it burns {number}", severity=severity)
            open_incident(session, opening, key=f"many:{number}", now=talk.clock())
        session.exec_driver_sql("UPDATE outbox SET settled_at = owed_at")
        session.exec_driver_sql("UPDATE cards SET sent = wanted")
        session.exec_driver_sql("UPDATE reviews SET due_at = NULL")

    said = asks_now(talk)
    goes_to(talk, "09:00:05")

    assert "200 open: 50 SEV1, 50 SEV2, 50 SEV3, 50 SEV4." in said
    assert "And 164 more (14 SEV1, 50 SEV2, 50 SEV3, 50 SEV4): `/incident list` shows them." in said
    assert len(digests_in(talk)) == 1
