"""What the end of a shift does: both are told before, the next one is asked, and nobody is forgotten."""

from datetime import timedelta

from bot.domain.ids import ChannelId, UserId
from bot.domain.shifts.kept import Source
from bot.domain.shifts.rotation import Rotation
from bot.store import shifts
from bot.usecases.look_again import look_again
from tests.conversation import HERE, TEAM, Talk, user
from tests.slack.handing import attempts, lead, offer, reads_back, ready
from tests.slack.prompted import asked, escalations

PLACE = ChannelId(HERE)


def on_shifts(talk: Talk, *people: str, ends_in: timedelta) -> None:
    """People who take turns of twelve hours; the first one's ends so soon."""
    first = talk.clock().replace(tzinfo=None, second=0, microsecond=0) + ends_in - timedelta(hours=12)
    rotation = Rotation(
        people=tuple(UserId(user(name)) for name in people),
        length=timedelta(hours=12),
        first=first,
        zone="UTC",
    )
    source = Source(
        zone="UTC", set_by=UserId(user("ana")), set_in=PLACE, set_at=talk.clock(), rotation=rotation
    )
    with talk.bot.desk.database.writing() as session:
        shifts.put(session, TEAM, PLACE, source)
        look_again(session, TEAM, PLACE, talk.clock())
    talk.settles()


def test_both_are_told_before_a_shift_ends_and_at_its_end_the_next_one_is_asked(talk: Talk) -> None:
    ready(talk)
    on_shifts(talk, "ana", "ben", ends_in=timedelta(minutes=70))
    early = "\n".join(talk.thread())
    talk.time_passes(minutes=42)
    before, none_yet = asked(talk), attempts(talk)

    talk.logs("ana", "vital: loss=2.1 throughput=1.0x")
    talk.time_passes(minutes=29)
    talk.time_passes(seconds=10)

    assert "shift ends" not in early
    assert "shift ends" in before
    assert f"<@{user('ben')}>" in before or user("ben") in before
    assert none_yet == []
    [transfer] = attempts(talk)
    assert (transfer.giver, transfer.receiver, transfer.reason.value) == (user("ana"), user("ben"), "shift")
    assert "has read it back" in offer(talk)
    assert lead(talk) == user("ana")
    reads_back(talk)
    assert lead(talk) == user("ben")


def test_a_shift_that_ended_while_we_were_away_is_handed_over_once_we_are_back(talk: Talk) -> None:
    ready(talk)
    on_shifts(talk, "ana", "ben", "cho", ends_in=timedelta(hours=2))
    talk.clock.passed += timedelta(hours=15)

    talk.time_passes(seconds=1)
    talk.time_passes(seconds=10)

    [transfer] = attempts(talk)
    assert (transfer.giver, transfer.receiver) == (user("ana"), user("cho"))


def test_an_incident_whose_lead_is_off_shift_is_nobodys_until_somebody_takes_it(talk: Talk) -> None:
    ready(talk)
    on_shifts(talk, "ana", "ben", ends_in=timedelta(minutes=20))
    talk.time_passes(minutes=21)
    talk.taps("ana", "take_back")
    talk.time_passes(minutes=6)
    question = asked(talk)
    talk.time_passes(minutes=16)
    told, digest = escalations(talk), talk.says("cho", "/incident digest")

    talk.taps("ben", "lead")
    talk.time_passes(minutes=6)

    assert "is off shift" in question
    assert any("who owns it" in said for said in told)
    assert "lead\u00a0off\u00a0shift" in digest
    assert "is off shift" not in "\n".join(talk.news())


def test_what_could_not_be_sent_at_the_end_of_a_shift_is_nobodys_as_well(talk: Talk) -> None:
    talk.opens("ana", "sev3 eval fails")
    talk.logs("ana", "lead: me")
    on_shifts(talk, "ana", "ben", ends_in=timedelta(minutes=20))

    talk.time_passes(minutes=21)
    talk.time_passes(minutes=6)
    question = asked(talk)
    talk.time_passes(minutes=16)

    [draft] = attempts(talk)
    assert draft.sent_at is None
    assert "@ben does next" in offer(talk)
    assert "is off shift" in question
    assert f"<@{user('ben')}>" in question
    [told] = [said for said in escalations(talk) if "who owns it" in said]
    assert f"<@{user('ben')}>" in told


def test_whoever_leads_for_too_long_is_asked_to_hand_over(talk: Talk) -> None:
    ready(talk)

    talk.time_passes(hours=12, minutes=6)

    assert "as long as one person should" in asked(talk)
