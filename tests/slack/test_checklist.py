"""The guide and the checklist, told as stories: pages for one person, boxes for all."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bot.domain.checklist import TOTAL, Ticks
from bot.domain.ids import IncidentNumber
from bot.store import checklists
from tests.conversation import TEAM, Talk, user, words_of

Json = dict[str, Any]


def sheet(talk: Talk) -> Json:
    """The checklist's message in the thread; there is never more than one."""
    found = talk.slack.messages(talk.channel, thread_ts=talk.root)
    [message] = [each for each in found if "Debugging checklist" in each.get("text", "")]
    return message


def boxes(message: Json, group: str) -> Json:
    """The boxes of a group."""
    elements = [
        each for block in message["blocks"] for each in block.get("elements", []) if "options" in each
    ]
    [found] = [each for each in elements if f":{group}:" in each["action_id"]]
    return dict(found)


def chosen(message: Json, group: str) -> list[str]:
    return [option["value"] for option in boxes(message, group).get("initial_options", [])]


def ticks(talk: Talk, who: str, message: Json, group: str, values: list[str]) -> None:
    """Let exactly these boxes of a group be ticked, in the view that *message* was."""
    action = boxes(message, group)["action_id"]
    found = talk.slack.click(user(who), action, channel=talk.channel, ts=message["ts"], value=values)
    assert found["status"] == "ok", found


def stored(talk: Talk) -> Ticks:
    with talk.bot.desk.database.reading() as session:
        return checklists.ticks(session, TEAM, IncidentNumber(1))


def shown(talk: Talk, who: str) -> Json:
    """The newest message that only *who* sees."""
    found = talk.slack.messages(talk.channel, viewer=user(who))
    return [each for each in found if each.get("is_ephemeral")][-1]


def test_the_guide_is_read_page_by_page_in_one_message_that_only_its_reader_sees(talk: Talk) -> None:
    talk.says("cho", "/incident guide")
    first = shown(talk, "cho")
    talk.slack.click(user("cho"), "guide:contents", channel=talk.channel, ts=first["ts"])
    listed = shown(talk, "cho")
    talk.slack.click(user("cho"), "guide:workflow", channel=talk.channel, ts=first["ts"])
    talk.slack.click(user("cho"), "guide:triage", channel=talk.channel, ts=first["ts"])
    last = shown(talk, "cho")

    assert "Why emergency medicine" in words_of(first)
    assert "Best practices" in words_of(listed)
    assert "Tap the four questions" in words_of(last)
    assert first["ts"] == listed["ts"] == last["ts"]
    assert talk.whispers("ben") == []
    assert "A jump of unknown tokens" in talk.says("ben", "/incident guide tokenisation").replace(
        ": a", ": A"
    )
    assert "No page is about “quantum”" in talk.says("ben", "/incident guide quantum")


def test_the_checklist_is_ticked_by_all_and_says_who_looked_at_what(talk: Talk) -> None:
    talk.opens("ana")
    answer = talk.says("ana", "/incident checklist 1")
    talk.settles()
    ticks(talk, "ben", sheet(talk), "data", ["rows"])
    talk.settles()
    ticks(talk, "ana", sheet(talk), "data", ["rows", "schema"])
    ticks(talk, "ana", sheet(talk), "model", ["shapes"])
    talk.settles()

    assert "end of *INC-1*'s thread" in answer
    assert f"3 of {TOTAL}" in words_of(sheet(talk))
    assert chosen(sheet(talk), "data") == ["rows", "schema"]
    assert "Rows: ben" in words_of(sheet(talk))
    assert "Schema: <@U0ANA>" in words_of(sheet(talk))

    ticks(talk, "cho", sheet(talk), "data", ["schema"])
    talk.settles()

    assert chosen(sheet(talk), "data") == ["schema"]
    assert {item: (tick.on, tick.by) for item, tick in stored(talk).items()} == {
        "rows": (False, user("cho")),
        "schema": (True, user("ana")),
        "shapes": (True, user("ana")),
    }


def test_people_who_tick_at_once_in_the_same_view_lose_nothing(talk: Talk) -> None:
    talk.opens("ana")
    talk.taps("ana", "checklist")
    before = sheet(talk)
    people = {"ana": "rows", "ben": "schema", "cho": "labels", "dev": "order"}

    with ThreadPoolExecutor() as pool:
        done = [pool.submit(ticks, talk, who, before, "data", [item]) for who, item in people.items()]
    for each in done:
        each.result()
    talk.settles()

    assert chosen(sheet(talk), "data") == ["rows", "schema", "labels", "order"]
    assert {item: tick.by for item, tick in stored(talk).items()} == {
        item: user(who) for who, item in people.items()
    }


def test_asked_for_again_it_moves_to_the_end_with_its_ticks_and_strangers_get_none(talk: Talk) -> None:
    talk.channel = "C0PRIVATE"
    private = next(
        each["id"] for each in talk.slack.world()["channels"] if each.get("name") == "sec-incidents"
    )
    talk.opens("ana", channel=private)
    talk.says("ana", "/incident checklist 1")
    talk.settles()
    ticks(talk, "ana", sheet(talk), "training", ["nan"])
    talk.settles()
    earlier = sheet(talk)["ts"]
    talk.logs("ana", "note: the vendor was called")
    refused = talk.says("dev", "/incident checklist 1", channel="C0INCIDENTS")
    page = talk.says("ana", "/incident guide checklist")
    talk.clicks("ana", "checklist:1", shown(talk, "ana")["ts"])
    talk.settles()

    assert "There is no INC-1" in refused
    assert "Post it in INC-1" in page
    assert sheet(talk)["ts"] > earlier
    assert chosen(sheet(talk), "training") == ["nan"]
    assert "There is no INC-1" not in json.dumps(sheet(talk))
