"""Somebody takes an incident home: in private, or into its thread, and only if they may see it."""

import json
from typing import Any

import httpx
import pytest

from bot.domain.export.lines import from_line, to_line
from bot.slack.catch_up import catch_up
from tests.conversation import HERE, TEAM, Talk
from tests.store.test_archive import brought_in, simple


def files_for(talk: Talk, who: str) -> list[dict[str, Any]]:
    """The files that the bot brought to somebody in private."""
    found = talk.slack.messages(f"D0{who.upper()}")
    return [file for message in found if message.get("bot_id") for file in message.get("files") or ()]


def files_in_thread(talk: Talk) -> list[dict[str, Any]]:
    found = talk.slack.messages(talk.channel, thread_ts=talk.root)
    return [file for message in found if message.get("bot_id") for file in message.get("files") or ()]


def content_of(file: dict[str, Any]) -> str:
    found = httpx.get(file["url_private"])
    assert found.status_code == 200
    return found.content.decode()


def test_a_case_report_comes_in_private_and_the_whole_as_json_and_the_channel_sees_neither(
    talk: Talk,
) -> None:
    talk.opens("ana", "sev2 loss is NaN | since <b>step</b> 3100")
    talk.logs("ben", "dx: collator gets strings 60%\ndx: bad shard 30%")
    talk.logs("ben", "resolve: A; gone: loss finite for 200 steps")

    told = talk.says("cho", "/incident export INC-1")
    asked = talk.says("cho", "/incident export 1 as json")
    talk.settles()

    report, whole = files_for(talk, "cho")
    record = from_line(content_of(whole))
    assert "in our direct messages" in told
    assert "in our direct messages" in asked
    assert (report["name"], whole["name"]) == ("inc-1.md", "inc-1.json")
    assert content_of(report).startswith("# INC-1: loss is NaN &#124; since &lt;b&gt;step&lt;/b&gt; 3100\n")
    assert "| Rank of the cause at first | 1 of 2 (A, 60%) |" in content_of(report)
    assert [entry.text for entry in record.entries][:2] == ["collator gets strings 60%", "bad shard 30%"]
    assert files_in_thread(talk) == []


def test_with_here_the_thread_sees_it_and_the_same_command_twice_brings_one_file(talk: Talk) -> None:
    talk.opens("ana")

    talk.says("ana", "/incident export INC-1 here json")
    talk.settles()

    [file] = files_in_thread(talk)
    assert json.loads(content_of(file))["incident"]["title"] == "loss is NaN"
    assert files_for(talk, "ana") == []


def test_who_may_not_see_a_private_incident_cannot_take_it_home(talk: Talk) -> None:
    talk.opens("ana", channel="C0SECRET")

    refused = talk.says("cho", "/incident export INC-1", channel="C0GENERAL")
    talk.settles()

    assert "There is no INC-1 that you can see here" in refused
    assert files_for(talk, "cho") == []


@pytest.mark.parametrize("method", ["conversations.open", "files.getUploadURLExternal"])
def test_who_cannot_be_reached_in_private_is_told_what_to_do_where_they_asked(
    talk: Talk, method: str
) -> None:
    talk.opens("ana")
    talk.slack.fault(method, "error", error="cannot_dm_bot", times=-1)

    talk.says("ben", "/incident export INC-1")
    talk.settles()

    [told] = [text for text in talk.whispers("ben") if "in private" in text]
    assert "cannot_dm_bot" in told
    assert "/incident export INC-1 here" in told
    assert "rounds export INC-1 --format md" in told
    assert files_for(talk, "ben") == []


def test_a_share_without_an_answer_brings_one_file(talk: Talk) -> None:
    talk.opens("ana")
    talk.slack.fault("files.completeUploadExternal", "reset_after", times=1)

    talk.says("ana", "/incident export INC-1")
    talk.settles()
    talk.time_passes(minutes=10)

    assert len(files_for(talk, "ana")) == 1


@pytest.mark.parametrize(
    ("words", "answer"),
    [("export", "needs to know which incident"), ("export INC-1 pdf", "there are md and json")],
)
def test_words_that_ask_for_no_file_are_answered_with_what_would_work(
    talk: Talk, words: str, answer: str
) -> None:
    told = talk.says("ana", f"/incident {words}")

    assert answer in told
    assert "/incident export INC-n" in told


def test_an_open_incident_that_was_brought_in_sleeps_until_somebody_wakes_it(talk: Talk) -> None:
    thread = {"channel": HERE, "ts": "1700000007.000001"}
    base = simple(7, threads=[thread])
    there = base.incident.model_copy(update={"channel": HERE, "opened_at": talk.clock()})
    line = to_line(base.model_copy(update={"incident": there, "team": TEAM}))
    brought_in(talk.bot.desk.database, [line])

    catch_up(talk.bot.desk)
    talk.time_passes(hours=3)
    silent, said = talk.posts(), talk.says("ana", "/incident prompts INC-7")
    talk.says("ana", "/incident prompts INC-7 on")
    talk.settles()

    assert silent == []
    assert "Imported, so nothing is asked. `/incident prompts INC-7 on`" in said
    assert "INC-7" in str(talk.posts())
