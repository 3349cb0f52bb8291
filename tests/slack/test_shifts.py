"""People say who is on duty, exchange hours, and let a calendar say it, over the real wire."""

from datetime import datetime, timedelta

from bot.domain.ids import ChannelId
from bot.store import shifts
from bot.usecases.read_shift import duty_at
from tests.conversation import HERE, TEAM, Talk, user
from tests.slack.feeds import calendar, feed, shift

HOUR = timedelta(hours=1)


def on_duty(talk: Talk, channel: str = HERE) -> str | None:
    with talk.bot.desk.database.reading() as session:
        duty = duty_at(session, TEAM, ChannelId(channel), talk.clock())
    return duty.person if duty else None


def refreshes(talk: Talk) -> None:
    talk.bot.rosters.tick()
    talk.settles()


def hour_of(at: datetime) -> str:
    return f"{at:%H:%M}"


def test_people_take_turns_and_anybody_sees_who_is_on_duty_and_who_is_next(talk: Talk) -> None:
    before = talk.says("ana", "/incident shift")
    hour = talk.clock() - HOUR

    set_up = talk.says("ana", f"/incident shift @ana @ben every 12h at {hour_of(hour)} utc")
    shown = talk.says("cho", "/incident shift")

    assert "Nobody has said" in before
    assert f"<@{user('ana')}> is on duty until" in set_up
    assert f"Then <@{user('ben')}>" in set_up
    assert f"<@{user('ana')}> is on duty until" in shown
    assert f"<@{user('ben')}>" in shown
    assert "for this channel" in shown
    assert (on_duty(talk), on_duty(talk, "C0TRAINING")) == (user("ana"), None)


def test_hours_are_taken_exchanged_and_the_whole_of_it_is_forgotten(talk: Talk) -> None:
    ana, cho = (f"<@{user(name)}>" for name in ("ana", "cho"))
    hour = talk.clock() - HOUR
    talk.says("ana", f"/incident shift @ana @ben every 12h at {hour_of(hour)} utc everywhere")

    refused = talk.says("ana", "/incident shift @cho for @ben for 1h")
    taken = talk.says("ana", "/incident shift @cho for @ana for 2h")
    now = on_duty(talk), on_duty(talk, "C0TRAINING")
    swapped = talk.says("ana", "/incident shift swap @ana @ben")
    talk.time_passes(hours=12)
    exchanged = on_duty(talk)
    elsewhere = talk.says("ana", "/incident shift off")
    gone = talk.says("ana", "/incident shift off everywhere")
    gone_already = talk.says("ana", "/incident shift off everywhere")
    talk.says("ana", "/incident shift @ana @ben daily at 09:00 utc from 2099-01-05")
    later = talk.says("ana", "/incident shift")

    assert "is not on duty then" in refused
    assert f"{cho} is on duty for {ana}" in taken
    assert now == (user("cho"), user("cho"))
    assert "Exchanged" in swapped
    assert exchanged == user("ana")
    assert "everywhere" in elsewhere
    assert "any more" in gone
    assert "everywhere" not in gone_already
    assert f"2099-01-05 09:00 UTC>, with {ana}" in later
    assert on_duty(talk) is None


def test_a_user_group_takes_turns_and_who_joins_it_joins_in(talk: Talk) -> None:
    hour = talk.clock() - HOUR

    answer = talk.says("ana", f"/incident shift @ml-oncall daily at {hour_of(hour)} Etc/UTC")
    unknown = talk.says("ana", "/incident shift @nobody daily at 09:00")
    before = on_duty(talk)
    talk.slack.usergroup("S0ONCALL", [user("cho"), user("ana")])
    talk.time_passes(minutes=16)
    refreshes(talk)
    talk.time_passes(hours=24)

    assert f"<@{user('ana')}>, <@{user('ben')}>" in answer
    assert "no user group" in unknown
    assert before == user("ana")
    assert on_duty(talk) == user("cho")


def test_a_calendar_says_who_is_on_duty_and_when_it_breaks_that_is_said_once(talk: Talk) -> None:
    now = talk.clock()
    with feed() as found:
        found.content = calendar(
            shift("On call: Ben Okafor", now - HOUR, 8),
            shift("On call", now + 7 * HOUR, 8, "ATTENDEE:mailto:cho@acme-ml.example"),
            shift("On call: Zoe Nobody", now + 15 * HOUR, 8),
        )
        answer = talk.says("ana", f"/incident shift calendar {found.address}")
        refreshes(talk)
        told, first = talk.whispers("ana"), on_duty(talk)
        found.content = b"<html>"
        for _ in range(2):
            talk.time_passes(minutes=16)
            refreshes(talk)
        shown, broken = talk.says("cho", "/incident shift"), talk.whispers("ana")
        with talk.bot.desk.database.reading() as session:
            [trouble] = shifts.troubles(session)

    assert "127.0.0.1" in answer
    assert first == user("ben")
    assert any("I follow the calendar" in each and "“Zoe Nobody”" in each for each in told)
    assert len([each for each in broken if "any more" in each]) == 1
    assert "web page" in shown
    assert (trouble.label, trouble.problem) == ("127.0.0.1", "it is a web page, and no calendar")
    assert f"<@{user('ben')}> is on duty until" in shown
    assert f"<@{user('cho')}>" in shown
    assert "secret-4711" not in "\n".join([answer, shown, *told, *broken])


def test_an_address_without_a_calendar_leaves_what_was_said_before(talk: Talk) -> None:
    set_up = talk.says("ana", "/incident shift @ana @ben weekly")
    with feed() as found:
        found.status = 404
        talk.says("ana", f"/incident shift {found.address}")
        waiting = talk.says("ana", "/incident shift")
        refreshes(talk)

    assert "Weekly, on Monday at 09:00" in set_up
    assert "is being read" in waiting
    [refused] = [each for each in talk.whispers("ana") if "could not use" in each]
    assert "404" in refused
    assert "What was said before still counts" in refused
    assert on_duty(talk) == user("ana")


def test_a_calendar_that_cannot_be_read_leaves_no_shifts_behind_where_there_were_none(talk: Talk) -> None:
    with feed() as found:
        found.status = 500
        talk.says("ana", f"/incident shift calendar {found.address}")
        refreshes(talk)

    assert any("500" in each and "still no shifts" in each for each in talk.whispers("ana"))
    assert "Nobody has said" in talk.says("ana", "/incident shift")


def test_bots_and_words_without_sense_are_refused_with_what_would_have_worked(talk: Talk) -> None:
    answers = [
        talk.says("ana", f"/incident shift {words}")
        for words in ("@rounds daily", "@ana", "@ana daily Berlun", "swap", "calendar x", "@ana yesterday")
    ]

    assert "bot" in answers[0]
    assert all("Try: " in each for each in answers)
    with talk.bot.desk.database.reading() as session:
        assert shifts.count(session) == 0


def test_a_calendar_may_be_a_file_that_is_read_once(talk: Talk) -> None:
    now = talk.clock()
    content = calendar(shift("On call: Ben Okafor", now - HOUR, 8, "RRULE:FREQ=DAILY"))

    talk.says("ana", "/incident shift calendar")
    empty = talk.submits("ana")
    kept = talk.slack.upload(user("ana"), "oncall.ics", content.decode())
    talk.submits("ana", file=[kept["id"]])
    refreshes(talk)
    first, shown = on_duty(talk), talk.says("cho", "/incident shift")
    talk.time_passes(days=1)
    refreshes(talk)
    broken = talk.slack.upload(user("ana"), "broken.ics", "junk")
    talk.says("ana", "/incident shift calendar")
    talk.submits("ana", file=[broken["id"]])
    refreshes(talk)

    assert "has an address, or it is a file" in str(empty)
    assert "I could not use the calendar of broken.ics" in talk.whispers("ana")[-1]
    assert "ends in `.ics`" in talk.whispers("ana")[-1]
    assert first == on_duty(talk) == user("ben")
    assert "From the calendar of oncall.ics" in shown
