"""Handoffs, told as stories: compiled, sent, read back, accepted; the lead moves then, and only then."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from bot.domain.errors import Refused
from bot.domain.handoff.chain import Link, verify
from bot.domain.handoff.read_back import Picked
from bot.domain.heard import Who
from bot.domain.ids import ChannelId, UserId
from bot.store import handoffs
from bot.usecases.accept_handoff import Answered, Said, read_back
from tests.conversation import HERE, TEAM, Talk, user
from tests.slack.handing import NUMBER, SENTENCE, attempts, given, lead, modal_words, offer, reads_back, ready
from tests.slack.prompted import asked, escalations


def test_the_lead_moves_when_the_receiver_has_read_back_and_not_before(talk: Talk) -> None:
    ready(talk)
    answer = talk.says("ana", "/incident handoff @ben INC-1")
    talk.time_passes(seconds=6)
    before = lead(talk)

    reads_back(talk)

    assert "Sent to" in answer
    assert before == user("ana")
    assert lead(talk) == user("ben")
    assert "accepted" in offer(talk)
    for who in ("ana", "ben"):
        [told] = talk.told_in_private(who)
        assert "accepted" in told
        assert "Read back" not in told
    assert SENTENCE in "\n".join(talk.thread())
    assert any("leads INC-1 now" in said for said in talk.thread())
    [done] = attempts(talk)
    assert (done.giver, done.receiver, done.waiting) == (user("ana"), user("ben"), False)
    assert talk.logged()[-1][0] == "handoff"
    assert "as if you were the first" in asked(talk)


def test_the_head_answers_what_a_reader_asks_and_both_are_told_in_private(talk: Talk) -> None:
    earlier = talk.slack.message(user("cho"), HERE, "the first NaN was at step 3100")
    ready(talk)
    for line in ("fix: A roll back to 3f2a", "outcome: A1 worked", "if: loss > 4 then page @cho"):
        talk.logs("ana", line)
    talk.slack.shortcut(user("cho"), "log_to_incident", channel=HERE, ts=earlier)
    talk.submits("cho", kind="note")

    talk.says("ana", "/incident handoff @ben INC-1")
    talk.time_passes(seconds=6)

    said = offer(talk)
    for words in ("SEV3", "collator", "Ruled out", "roll back to 3f2a", "rerun the eval", "loss > 4"):
        assert words in said
    assert len(said.split()) < 700
    [told] = talk.told_in_private("ben")
    assert "hands *INC-1* over to you" in told
    assert "You hand *INC-1* over" in talk.told_in_private("ana")[0]
    files = [each for each in talk.slack.messages(talk.channel, thread_ts=talk.root) if each.get("files")]
    assert [each["files"][0]["name"] for each in files] == ["inc-1-handoff-1.md"]
    with talk.bot.desk.database.reading() as session:
        version = handoffs.version(session, TEAM, NUMBER, 1)
    # What was said before the incident was opened, and logged to it later, is told as well.
    assert version
    assert version.document.patient.events[0].text == "the first NaN was at step 3100"


def test_without_anything_to_do_it_is_not_sent_until_somebody_says_so_or_answers_for_it(talk: Talk) -> None:
    talk.opens("ana", "sev3 eval fails")
    talk.logs("ana", "lead: me")

    answer = talk.says("ana", "/incident handoff @ben")
    talk.settles()
    draft = offer(talk)
    talk.logs("ana", "vital: loss=2.1")
    talk.logs("ana", "todo: none")
    talk.settles()

    assert "is not sent yet" in answer
    assert "not sent yet" in draft
    assert "critical" in draft
    assert draft.count("nobody has said that none is needed") == 1
    assert {"To do…", "Nothing to do", "Vital signs…", "None can be measured"} <= set(draft.splitlines())
    assert "until <@U0BEN> has read it back" in offer(talk)
    assert attempts(talk)[0].sent_at is not None


def test_somebody_may_answer_by_name_for_what_is_missing(talk: Talk) -> None:
    talk.opens("ana", "sev3 eval fails")
    talk.logs("ana", "lead: me")
    talk.says("ana", "/incident handoff @ben")
    talk.settles()

    talk.taps("cho", "send_anyway")
    talk.submits("cho", reason="metrics are down")

    [transfer] = attempts(talk)
    assert transfer.sent_at is not None
    assert (transfer.overridden_by, transfer.override_reason) == (user("cho"), "metrics are down")
    assert "metrics are down" in offer(talk)
    assert any("metrics are down" in said for _, said in talk.logged())


def test_a_grave_incident_asks_for_facts_twice_and_then_the_giver_confirms(talk: Talk) -> None:
    given(talk, "sev1")
    talk.taps("ben", "read_back")
    wrong = {"severity": "SEV5", "leading": "B", "actions": []}
    talk.submits("ben", synthesis=SENTENCE, **wrong)
    again = modal_words(talk, "ben")
    talk.submits("ben", synthesis=SENTENCE, **wrong)
    last, before = modal_words(talk, "ben"), lead(talk)

    talk.taps("ben", "read_back")
    closed = modal_words(talk, "ben")
    talk.taps("ben", "confirm")
    talk.logs("cho", "vital: loss=nan")
    talk.taps("ana", "confirm")
    refused, told = lead(talk), talk.thread()[-1]
    talk.taps("ana", "confirm")

    assert "Please look again" in again
    assert "SEV1" in again
    assert "Please talk to" in last
    assert "Please talk to" in closed
    assert "has changed since" in told
    assert "loss" in told
    assert before == refused == user("ana")
    assert lead(talk) == user("ben")
    assert attempts(talk)[0].confirmed_by == user("ana")
    assert any("by word of mouth" in said for said in talk.thread())


def test_a_grave_incident_is_accepted_with_the_right_facts(talk: Talk) -> None:
    given(talk, "sev2")

    reads_back(talk, severity="SEV2", leading="A", actions=["TD1"])

    assert lead(talk) == user("ben")


def test_what_has_changed_meanwhile_is_shown_before_it_can_be_accepted(talk: Talk) -> None:
    given(talk)
    talk.taps("ben", "read_back")
    talk.logs("cho", "dx: gradient overflow 10% impact 5")
    talk.submits("ben", synthesis=SENTENCE, actions=["TD1"])
    shown, before = modal_words(talk, "ben"), lead(talk)

    talk.submits("ben", synthesis=SENTENCE, actions=["TD1"])

    assert "has changed" in shown
    assert "gradient overflow" in shown
    assert before == user("ana")
    assert lead(talk) == user("ben")
    assert attempts(talk)[0].version == 2


def test_it_has_to_be_said_in_words_of_ones_own(talk: Talk) -> None:
    given(talk)
    talk.taps("ben", "read_back")

    short = talk.submits("ben", synthesis="ok")
    copied = talk.submits("ben", synthesis="eval fails since the release")

    assert "in a sentence of your own" in str(short)
    assert "what the chart says already" in str(copied)
    assert lead(talk) == user("ana")


def test_declined_it_goes_back_to_the_giver_and_cannot_be_accepted_any_more(talk: Talk) -> None:
    given(talk)
    talk.taps("ben", "decline_handoff")
    talk.submits("ben", reason="I am on INC-4")
    talk.settles()

    refused = _accepted(talk, "ben", version=1)

    assert isinstance(refused, Refused)
    assert "has declined" in str(refused)
    assert lead(talk) == user("ana")
    assert any("I am on INC-4" in said for said in talk.thread())
    assert any("declined" in said for said in escalations(talk))
    [told] = talk.told_in_private("ben")
    assert "declined" in told
    assert "Read back" not in told


def test_whoever_stays_silent_leaves_it_with_the_giver_and_is_told_of(talk: Talk) -> None:
    given(talk)
    talk.time_passes(minutes=8)
    reminder = "\n".join(talk.thread())

    talk.time_passes(minutes=8)

    assert "waits for your read-back" in reminder
    [told] = escalations(talk)
    assert "It is still yours, for ben has not read it back" in told
    assert "Take it back" in told
    assert lead(talk) == user("ana")


def test_taken_directly_it_is_recorded_as_without_handoff_and_asked_about_once(talk: Talk) -> None:
    given(talk)

    talk.taps("cho", "lead")

    assert lead(talk) == user("cho")
    first, second = attempts(talk)
    assert (first.cancel_reason, second.reason.value) == ("without handoff", "without")
    assert "without handoff" in offer(talk)
    talk.time_passes(minutes=6)
    assert "without a handoff" in "\n".join(talk.thread())
    assert isinstance(_accepted(talk, "ben", version=1), Refused)


def test_nobody_hands_over_to_themselves_to_a_bot_or_to_somebody_who_has_left(talk: Talk) -> None:
    ready(talk)
    talk.slack.deactivate(user("cho"))

    own = talk.says("ana", "/incident handoff @ana INC-1")
    bot = talk.says("ana", "/incident handoff @rounds INC-1")
    gone = talk.says("ana", "/incident handoff @cho INC-1")
    for receiver in ("@cho", "@rounds", "@ben and @dev", "somebody"):
        talk.logs("ana", f"handoff: {receiver}")
    hints = "\n".join(talk.whispers("ana"))
    talk.taps("ana", "hand_over")
    picked = talk.submits("ana", receiver=user("ana"))

    assert "needs another person" in own
    assert "@ana leads it already" in str(picked)
    assert "is a bot" in bot
    assert "has left this workspace" in gone
    for why in ("has left this workspace", "is a bot", "has one receiver", "names nobody"):
        assert why in hints
    assert "lead: me" not in hints
    assert attempts(talk) == []


def test_neither_a_bot_nor_somebody_who_has_left_owns_what_is_to_be_done(talk: Talk) -> None:
    talk.opens("ana", "sev3 eval fails")
    talk.slack.deactivate(user("dev"))

    for line in ("todo: @dev rerun it by 18:00", "todo: @rounds rerun it", "if: it fails then stop it @dev"):
        talk.logs("ana", line)
    talk.logs("ana", "todo: ask @rounds for its export by 18:00")

    hints = "\n".join(talk.whispers("ana"))
    assert hints.count("has left this workspace") == 2
    assert "is a bot" in hints
    assert [text for kind, text in talk.logged() if kind in {"todo", "if"}] == [
        "ask @U0ROUNDS for its export by 18:00"
    ]


def test_a_receiver_who_leaves_afterwards_is_escalated_and_another_can_be_asked(talk: Talk) -> None:
    ready(talk)
    talk.says("ana", "/incident handoff @ben INC-1")
    talk.slack.deactivate(user("ben"))
    talk.time_passes(minutes=8)
    talk.time_passes(minutes=8)
    told = escalations(talk)

    talk.says("ana", "/incident handoff @dev INC-1")
    talk.time_passes(seconds=6)
    reads_back(talk, "dev")

    assert any("read-back" in said for said in told)
    assert lead(talk) == user("dev")
    assert attempts(talk)[0].cancel_reason == "given to another"


def test_a_reply_hands_over_as_well_and_its_deletion_takes_nothing_back(talk: Talk) -> None:
    ready(talk)

    ts = talk.logs("ana", "handoff: @ben takes the night")
    talk.time_passes(seconds=6)
    talk.deletes("ana", ts)

    [transfer] = attempts(talk)
    assert transfer.waiting
    reads_back(talk)
    assert lead(talk) == user("ben")


def test_several_are_given_at_once_and_each_is_accepted_on_its_own(talk: Talk) -> None:
    for severity, title in (("sev3", "eval fails"), ("sev2", "loader hangs")):
        ready(talk, severity, title)

    answer = talk.says("ana", "/incident handoff @ben all")
    talk.time_passes(seconds=6)

    assert "INC-1" in answer
    assert "INC-2" in answer
    [told] = talk.told_in_private("ben")
    assert "2 incidents" in told
    assert told.rindex("loader hangs") < told.rindex("eval fails")
    talk.root = talk.charts()[0]["ts"]
    reads_back(talk)
    assert (talk.incident(1).lead, talk.incident(2).lead) == (user("ben"), user("ana"))


def test_what_cannot_be_given_with_others_is_left_out_and_keeps_none_of_them(talk: Talk) -> None:
    for title in ("eval fails", "loader hangs"):
        ready(talk, title=title)
    talk.says("ana", "/incident handoff @ben INC-1")
    talk.time_passes(seconds=6)

    answer = talk.says("ana", "/incident handoff @ben all")
    talk.time_passes(seconds=6)

    assert "INC-1* is left out" in answer
    assert "to read it back already" in answer
    assert "*INC-2*. You lead until" in answer
    assert len(talk.told_in_private("ben")) == 2


def test_whoever_hands_over_what_another_leads_is_named(talk: Talk) -> None:
    ready(talk)

    answer = talk.says("cho", "/incident handoff @ben INC-1")
    talk.time_passes(seconds=6)
    talk.says("cho", "/incident handoff @dev INC-1")
    talk.time_passes(seconds=6)

    assert f"<@{user('ana')}> leads until they have read back" in answer
    assert "(asked for by <@U0CHO>)" in offer(talk)
    assert "<@U0CHO> hands *INC-1* over to <@U0DEV> for you" in talk.told_in_private("ana")[-1]
    assert "<@U0CHO> asked for that" in talk.told_in_private("dev")[-1]
    assert "given to another" in talk.told_in_private("ben")[-1]
    [over] = [said for said in talk.thread() if said.startswith(":x: The handoff")]
    assert "given to another by <@U0CHO>." in over
    assert "goes on" not in over


def test_of_many_who_accept_at_once_one_does(talk: Talk) -> None:
    given(talk)

    with ThreadPoolExecutor(6) as crowd:
        found = [*crowd.map(lambda key: _accepted(talk, "ben", version=1, key=f"k{key}"), range(6))]

    assert [isinstance(each, Answered) and each.accepted for each in found].count(True) == 1
    talk.settles()
    assert len([said for said in talk.thread() if said.startswith(":handshake: *<@U0BEN> leads")]) == 1


def test_accepted_versions_are_chained_and_the_database_refuses_to_change_them(talk: Talk) -> None:
    given(talk)
    reads_back(talk)
    talk.time_passes(minutes=5)
    talk.logs("ben", "vital: loss=2.0")
    talk.says("ben", "/incident handoff @ana INC-1")
    talk.time_passes(seconds=6)
    reads_back(talk, "ana")

    with talk.bot.desk.database.reading() as session:
        chain = handoffs.accepted(session, TEAM, NUMBER)
        answers = {each.version: each.read_back for each in handoffs.of_incident(session, TEAM, NUMBER)}
    assert [each.previous_hash for each in chain] == [None, chain[0].hash]
    links = [
        Link(
            version=each.version,
            document=each.stored,
            read_back=answers[each.version],
            accepted_at=each.accepted_at,
            previous_hash=each.previous_hash,
            hash=each.hash,
        )
        for each in chain
        if each.accepted_at and each.hash
    ]
    assert verify(links) is None
    assert "Handoffs read back: 2, median score " in talk.says("ben", "/incident digest")
    for change in ("UPDATE handoff_versions SET document = '{}'", "DELETE FROM handoff_versions"):
        with pytest.raises(DatabaseError, match="never changed"):  # noqa: SIM117 - the transaction fails.
            with talk.bot.desk.database.writing() as session:
                session.execute(text(change))


def test_in_private_only_a_member_can_take_over_and_nobody_else_can_read_it(talk: Talk) -> None:
    channel = talk.slack.channel(user("ana"), "war-room", is_private=True)["id"]
    talk.slack.invite(user("ana"), channel, "U0ROUNDS")
    talk.opens("ana", "sev3 eval fails", channel=channel)
    talk.logs("ana", "lead: me")

    refused = talk.says("ana", "/incident handoff @ben INC-1", channel=channel)

    assert "is not in this private conversation" in refused
    assert attempts(talk) == []


def _accepted(talk: Talk, who: str, *, version: int, key: str = "k") -> Answered | Refused:
    """Accept without a modal, as somebody whose modal was open all the time."""
    said = Said(version=version, words=SENTENCE, picked=Picked(actions=frozenset({"TD1"})))
    person = Who(team=TEAM, user=UserId(user(who)), channel=ChannelId(talk.channel))
    try:
        with talk.bot.desk.database.writing() as session:
            return read_back(session, person, NUMBER, said, key=key, now=talk.clock())
    except Refused as error:
        return error
