"""Private stays private: what is opened in a closed conversation is seen by its members only."""

import pytest

from bot.domain.chart import Kind
from bot.domain.errors import Refused
from bot.domain.heard import Reply, Who
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, UserId
from bot.usecases.log_entry import log_message
from tests.conversation import REFUSAL, TEAM, Talk, user, words_of


def points_at(talk: Talk, who: str, channel: str, *, text: str = "the key is 4711") -> None:
    """Say something in a conversation and use the shortcut on it."""
    ts = talk.slack.message(user(who), channel, text)
    talk.slack.shortcut(user(who), "log_to_incident", channel=channel, ts=ts)


def offered(talk: Talk, who: str) -> tuple[list[str], str | None]:
    """The incidents that the shortcut offers, and the one it has chosen already."""
    found = next(block for block in talk.modal(who)["blocks"] if block.get("block_id") == "incident")
    chosen = found["element"].get("initial_option")
    return [each["value"] for each in found["element"]["options"]], chosen and chosen["value"]


def test_a_private_incident_is_in_nobody_elses_list_or_show(talk: Talk) -> None:
    talk.opens("ana", "sev2 leaked key", channel="C0SECRET")

    for question in ("list", "show INC-1", "help"):
        assert "leaked key" not in talk.says("dev", f"/incident {question}", channel="C0INCIDENTS")
    assert "leaked key" in talk.says("ben", "/incident list", channel="C0INCIDENTS")


def test_nobody_else_can_change_a_private_incident(talk: Talk) -> None:
    talk.opens("ana", "sev2 leaked key", channel="C0SECRET")

    for command in ("sev INC-1 sev5 boring", "lead INC-1 me", "resolve INC-1 done"):
        assert "There is no INC-1" in talk.says("dev", f"/incident {command}", channel="C0INCIDENTS")

    assert talk.incident().severity == 2


def test_whoever_joins_sees_it_and_whoever_leaves_does_not(talk: Talk) -> None:
    talk.opens("ana", "sev2 leaked key", channel="C0SECRET")

    talk.slack.invite(user("ana"), "C0SECRET", user("dev"))
    joined = talk.says("dev", "/incident list", channel="C0INCIDENTS")
    talk.slack.leave(user("ben"), "C0SECRET")
    left = talk.says("ben", "/incident list", channel="C0INCIDENTS")

    assert "leaked key" in joined
    assert "leaked key" not in left


def test_a_public_incident_is_everybodys(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")

    assert "loss is NaN" in talk.says("dev", "/incident list", channel="C0GENERAL")
    assert talk.incident().private is False


def test_an_incident_runs_in_the_direct_messages_with_the_bot(talk: Talk) -> None:
    talk.opens("ana", "sev4 only I see this", channel="D0ANA")
    talk.logs("ana", "note: to myself")

    assert talk.logged() == [("note", "to myself")]
    assert "only I see" not in talk.says("ben", "/incident list", channel="C0INCIDENTS")


def test_the_shortcut_offers_no_private_incident_to_others(talk: Talk) -> None:
    talk.opens("ana", "sev2 leaked key", channel="C0SECRET")
    ts = talk.slack.message(user("dev"), "C0TRAINING", "hm")

    talk.slack.shortcut(user("dev"), "log_to_incident", channel="C0TRAINING", ts=ts)

    assert "leaked key" not in str(talk.modal("dev"))


def test_nobody_is_made_lead_of_what_they_may_not_see(talk: Talk) -> None:
    talk.opens("ana", "sev2 leaked key", channel="C0SECRET")

    refused = talk.says("ana", "/incident lead INC-1 @dev")
    ts = talk.logs("ana", "lead: @dev")
    accepted = talk.says("ana", "/incident lead INC-1 @ben")

    assert "Invite them first" in refused
    assert talk.reactions(ts) == {REFUSAL: 1}
    assert "<@U0BEN> leads" in accepted
    assert talk.incident().lead == user("ben")


@pytest.mark.parametrize("place", ["C0SECRET", "C0BOARD", "D0ANA", "G0ALL", "D0ANABEN"])
def test_what_is_said_in_private_is_offered_to_no_incident_of_another_place(talk: Talk, place: str) -> None:
    talk.opens("ana", "sev2 loss is NaN", channel="C0TRAINING")

    points_at(talk, "ana", place)

    shown = words_of(talk.modal("ana"))
    assert "This conversation is private" in shown
    assert "/incident open" in shown
    assert "loss is NaN" not in str(talk.modal("ana"))


def test_what_is_said_in_private_is_logged_to_an_incident_of_that_very_conversation(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN", channel="C0TRAINING")
    talk.opens("ana", "sev3 leaked key", channel="C0SECRET")

    points_at(talk, "ben", "C0SECRET")
    found = offered(talk, "ben")
    talk.submits("ben", kind="note")

    assert found == (["2"], "2")
    assert talk.logged(2) == [("note", "the key is 4711")]
    assert talk.logged(1) == []


def test_a_private_message_is_refused_by_another_incident_however_it_comes(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN", channel="C0TRAINING")
    place, ts = ChannelId("D0ANA"), MessageTs("1700000000.000100")
    said = Reply(
        team=TEAM, channel=place, thread_ts=ts, ts=ts, version=ts, author=UserId("U0ANA"), text="the key"
    )
    who = Who(team=TEAM, user=UserId("U0ANA"), channel=place)

    with talk.bot.desk.database.writing() as session, pytest.raises(Refused, match="private conversation"):
        log_message(session, who, IncidentNumber(1), Kind.NOTE, said, whole=True, key="x", now=talk.clock())

    assert talk.logged(1) == []


def test_where_slack_does_not_say_what_a_conversation_is_it_counts_as_private(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    talk.slack.fault("conversations.info", "error", error="internal_error", times=1)

    points_at(talk, "ana", "C0TRAINING")
    unknown = words_of(talk.modal("ana"))
    points_at(talk, "ana", "C0TRAINING")

    assert "This conversation is private" in unknown
    assert offered(talk, "ana") == (["1"], None)


def test_nothing_is_chosen_beforehand_but_the_incident_of_the_thread_or_the_only_one_of_the_channel(
    talk: Talk,
) -> None:
    talk.opens("ana", "sev1 cluster is burning", channel="C0INCIDENTS")
    points_at(talk, "dev", "C0TRAINING")
    elsewhere = offered(talk, "dev")
    talk.opens("ana", "sev4 slow eval", channel="C0TRAINING")
    root = talk.root
    points_at(talk, "dev", "C0TRAINING")
    only = offered(talk, "dev")
    talk.opens("ana", "sev3 loss is NaN", channel="C0TRAINING")
    points_at(talk, "dev", "C0TRAINING")
    one_of_two = offered(talk, "dev")
    ts = talk.slack.message(user("dev"), "C0TRAINING", "hm", thread_ts=root)
    talk.slack.shortcut(user("dev"), "log_to_incident", channel="C0TRAINING", ts=ts)

    assert elsewhere == (["1"], None)
    assert only == (["2", "1"], "2")
    assert one_of_two == (["3", "2", "1"], None)
    assert offered(talk, "dev") == (["3", "2", "1"], "2")
