"""Reactions, the message shortcut, buttons and modals: everything a reply can do, without typing a word."""

import pytest

from tests.conversation import RECEIPT, REFUSAL, Talk, user, words_of


def test_a_typed_reaction_logs_that_very_reply(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "before")
    ts = talk.logs("ben", "I restarted the loader")
    talk.logs("ben", "after")

    talk.reacts("cho", ts, "wrench")

    [entry] = talk.entries()
    assert (entry.kind, entry.text) == ("fix", "I restarted the loader")
    assert (entry.author, entry.logged_by) == (user("ben"), user("cho"))
    assert talk.reactions(ts) == {"wrench": 1, RECEIPT: 1}


def test_the_entry_goes_with_the_last_such_reaction_and_comes_back_with_a_new_one(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "loss is finite in fp32")
    talk.reacts("cho", ts, "mag")
    talk.reacts("ana", ts, "mag")

    talk.reacts("cho", ts, "mag", remove=True)
    still = talk.logged()
    talk.reacts("ana", ts, "mag", remove=True)
    gone = (talk.logged(), talk.reactions(ts))
    talk.reacts("ben", ts, "mag")

    assert still == [("result", "loss is finite in fp32")]
    assert gone == ([], {})
    assert talk.logged() == still
    assert talk.reactions(ts) == {"mag": 1, RECEIPT: 1}


def test_other_reactions_and_other_threads_mean_nothing(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "looks good")
    talk.reacts("cho", ts, "tada")
    elsewhere = talk.slack.message(user("ben"), talk.channel, "unrelated")
    talk.slack.react(user("cho"), talk.channel, elsewhere, "wrench")
    talk.settles()

    assert talk.logged() == []
    assert talk.posts("reactions.add") == []


def test_a_reaction_on_a_typed_reply_of_the_same_kind_changes_nothing(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "fix: drained node 3")

    talk.reacts("cho", ts, "wrench")

    assert talk.logged() == [("fix", "drained node 3")]


def test_a_message_that_cannot_be_read_is_told_to_the_person_who_marked_it(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "drained node 3")
    talk.slack.fault("conversations.replies", "error", error="channel_not_found", times=1)

    talk.reacts("cho", ts, "wrench")

    assert talk.logged() == []
    assert "could not read the message" in "".join(talk.whispers("cho"))


def test_the_edit_of_a_marked_message_revises_its_entry(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "drained node 3")
    talk.reacts("cho", ts, "wrench")

    talk.edits("ben", ts, "drained node 4")

    [entry] = talk.entries()
    assert (entry.text, talk.history(entry)) == ("drained node 4", ["drained node 3"])


def test_the_shortcut_logs_a_message_of_the_thread(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "drained node 3")

    talk.slack.shortcut(user("cho"), "log_to_incident", channel=talk.channel, ts=ts)
    found = talk.submits("cho", kind="fix")

    assert found["response_action"] is None
    assert talk.logged() == [("fix", "drained node 3")]
    assert talk.reactions(ts) == {RECEIPT: 1}


def test_the_shortcut_logs_a_long_message_from_another_channel_whole(talk: Talk) -> None:
    talk.opens("ana", "sev3 first")
    talk.opens("ana", "sev1 second")
    text = "trace " * 1000
    ts = talk.slack.message(user("dev"), "C0TRAINING", text.strip())

    talk.slack.shortcut(user("dev"), "log_to_incident", channel="C0TRAINING", ts=ts)
    talk.submits("dev", incident="1", kind="result")

    assert talk.logged(1) == [("result", text.strip())]
    assert talk.logged(2) == []


def test_the_shortcut_says_so_when_nothing_is_open(talk: Talk) -> None:
    ts = talk.slack.message(user("dev"), "C0TRAINING", "loss is NaN")

    talk.slack.shortcut(user("dev"), "log_to_incident", channel="C0TRAINING", ts=ts)

    assert "Nothing is open" in words_of(talk.modal("dev"))


def test_the_card_logs_with_a_button_and_shows_the_entry_to_the_thread(talk: Talk) -> None:
    talk.opens("ana")

    talk.clicks("ben", "log")
    talk.submits("ben", kind="result", text="NaN starts at step 3097")

    assert talk.logged() == [("result", "NaN starts at step 3097")]
    assert any("NaN starts at step 3097" in text for text in talk.news())
    assert "NaN starts at step 3097" in talk.card()


def test_the_thread_has_buttons_for_what_is_logged_most(talk: Talk) -> None:
    talk.opens("ana")
    found = talk.slack.messages(talk.channel, thread_ts=talk.root)
    guide = next(message["ts"] for message in found if "is the chart of" in words_of(message))

    for kind in ("fix", "result", "note"):
        talk.clicks("ben", f"log:{kind}", guide)
        talk.submits("ben", text=f"a {kind}")

    assert talk.logged() == [("fix", "a fix"), ("result", "a result"), ("note", "a note")]


def test_severity_lead_resolution_and_reopening_have_buttons_that_tell_the_thread(talk: Talk) -> None:
    talk.opens("ana", "sev3 loss is NaN")

    talk.clicks("ben", "lead")
    talk.settles()
    talk.clicks("ben", "severity")
    talk.submits("ben", severity="1", reason="checkpoints are at risk")
    talk.clicks("ben", "resolve")
    talk.submits("ben", cause="fp16 overflow")
    talk.clicks("cho", "reopen")
    talk.submits("cho", reason="NaN again at step 9000")

    found, said = talk.incident(), "\n".join(talk.news())
    assert (found.lead, found.severity, found.resolved_at) == (user("ben"), 1, None)
    for words in (
        "leads INC-1",
        "SEV3 → SEV1",
        "at risk",
        "INC-1 is resolved",
        "overflow",
        "open again",
        "NaN again",
    ):
        assert words in said


def test_a_modal_that_decides_nothing_says_what_is_missing_and_keeps_what_was_typed(talk: Talk) -> None:
    talk.opens("ana")

    talk.clicks("ben", "severity")
    found = talk.submits("ben", reason="worse")

    assert found["response_action"] == "errors"
    assert "decides no severity" in found["errors"]["severity"]


def test_commands_change_the_incident_and_tell_the_thread(talk: Talk) -> None:
    talk.opens("ana", "sev3 loss is NaN")

    talk.says("ben", "/incident sev INC-1 sev1 checkpoints are at risk")
    talk.says("ben", "/incident lead INC-1 @cho")
    talk.says("ben", "/incident resolve inc 1 fp16 overflow")
    talk.says("ben", "/incident reopen 1 again")
    talk.settles()

    assert (talk.incident().severity, talk.incident().lead) == (1, user("cho"))
    assert [entry.kind.value for entry in talk.entries()] == ["sev", "lead", "resolve", "reopen"]
    assert len(talk.news()) == 5


def test_an_old_button_of_a_resolved_incident_answers_with_what_would_work(talk: Talk) -> None:
    talk.opens("ana")
    talk.clicks("ben", "resolve")
    talk.says("cho", "/incident resolve INC-1 overflow")

    found = talk.submits("ben", cause="bad batch")

    assert "already resolved" in "".join(found["errors"].values())


def test_whoever_takes_the_lead_again_changes_and_tells_nothing(talk: Talk) -> None:
    talk.opens("ana")
    talk.clicks("ana", "lead")
    talk.settles()
    before = (talk.news(), talk.logged())

    talk.clicks("ana", "lead")
    answer = talk.says("ben", "/incident lead INC-1 @ana")
    talk.settles()

    assert (talk.news(), talk.logged()) == before
    assert "<@U0ANA> leads" in answer


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("@rounds", "is a bot"),
        ("<@USLACKBOT>", "is a bot"),
        ("<@UNOBODY>", "nobody called UNOBODY"),
    ],
)
def test_only_a_person_is_made_lead(talk: Talk, named: str, why: str) -> None:
    talk.opens("ana")

    answer = talk.says("ana", f"/incident lead INC-1 {named}")

    assert why in answer
    assert "/incident lead INC-n @user" in answer
    assert talk.incident().lead is None


@pytest.mark.parametrize("named", ["@rounds", "<@USLACKBOT>"])
def test_a_reply_makes_no_bot_lead(talk: Talk, named: str) -> None:
    talk.opens("ana")

    ts = talk.logs("ana", f"lead: {named}")

    assert talk.reactions(ts) == {REFUSAL: 1}
    assert "only a person can lead" in "".join(talk.whispers("ana"))
    assert talk.incident().lead is None


def test_where_slack_does_not_say_who_somebody_is_they_may_lead(talk: Talk) -> None:
    talk.opens("ana")
    talk.slack.fault("users.info", "error", error="internal_error", times=1)

    talk.says("ana", "/incident lead INC-1 @ben")

    assert talk.incident().lead == user("ben")


def test_the_shortcut_offers_the_incidents_of_its_channel_before_worse_ones(talk: Talk) -> None:
    talk.says("ana", "/incident open sev4 slow eval", channel="C0TRAINING")
    for number in range(100):
        talk.says("ana", f"/incident open sev1 node {number} is on fire")
    ts = talk.slack.message(user("ana"), "C0TRAINING", "hm")

    talk.slack.shortcut(user("ana"), "log_to_incident", channel="C0TRAINING", ts=ts)

    found = next(block for block in talk.modal("ana")["blocks"] if block.get("block_id") == "incident")
    offered = [each["value"] for each in found["element"]["options"]]
    assert (offered[:2], len(offered)) == (["1", "2"], 100)
