"""Private stays private: what is opened in a closed conversation is seen by its members only."""

from tests.conversation import REFUSAL, Talk, user


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
