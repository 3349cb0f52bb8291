"""Finding incidents again, told as stories: what is searched, and what a new incident reminds of."""

import json
from typing import Any

from tests.conversation import Talk, user, words_of

SECRET = "C0SECRET"


def settled(talk: Talk, title: str, *, fix: str, cause: str, channel: str = "C0INCIDENTS") -> str:
    """An incident that was opened, treated and resolved; the ts of its chart."""
    talk.opens("ana", f"sev2 {title}", channel=channel)
    talk.logs("ana", f"fix: {fix}")
    talk.logs("ana", "outcome: worked, loss is finite")
    talk.logs("ana", f"resolve: {cause}; gone: an hour without NaN")
    return talk.root


def searched(talk: Talk, who: str, words: str, channel: str = "C0INCIDENTS") -> Any:
    """The whole answer to a search."""
    return talk.slack.command(user(who), channel, "/incident", f"search {words}")["response"]


def test_what_was_said_a_moment_ago_is_found_with_its_thread_and_the_words_around_it(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    ts = talk.replies(
        "ben", "note: <!channel> the KeyError comes from *string_columns* in the <b>collator</b>"
    )
    assert talk.slack.settle()

    answer = searched(talk, "ben", "keyerror")

    told = words_of(answer)
    assert "1 incident found for “keyerror”" in told
    assert "INC-1" in told
    assert "open" in told
    built = json.dumps(answer["blocks"])
    assert f"/archives/C0INCIDENTS/p{talk.root.replace('.', '')}" in built
    assert {"type": "text", "text": "KeyError", "style": {"bold": True}} in answer["blocks"][1]["elements"][
        1
    ]["elements"]
    talk.deletes("ben", ts)
    assert "Nothing found for “keyerror”" in words_of(searched(talk, "ben", "keyerror"))


def test_ten_are_shown_and_a_button_shows_more(talk: Talk) -> None:
    for place in range(12):
        assert "is open" in talk.says("ana", f"/incident open sev4 disk {place} is full")
    talk.settles()

    answer = searched(talk, "ben", "disk open since 2d")
    more = answer["blocks"][-1]["elements"][0]
    before = [
        message
        for message in talk.slack.messages("C0INCIDENTS", viewer=user("ben"))
        if message.get("is_ephemeral")
    ]
    found = talk.slack.click(user("ben"), more["action_id"], channel="C0INCIDENTS", ts=before[-1]["ts"])

    assert "12 incidents found for “disk” among what is open, opened in the last 2d, 1 to 10" in words_of(
        answer
    )
    assert found["status"] == "ok"
    told = talk.whispers("ben")[-1]
    assert "11 to 12" in told
    assert "INC-2 " in told.replace("\n", " ")
    assert "INC-12" not in told


def test_what_finds_nothing_says_what_would_and_no_words_are_asked_for(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")

    nothing = talk.says("ana", '/incident search "zebra crossing" resolved')
    no_words = talk.says("ana", "/incident search open")
    hostile = talk.says("ana", '/incident find loss* OR " NEAR( <!channel>')
    dated = [talk.says("ana", f"/incident search loss since {year}-01-01") for year in (2020, 2099)]

    assert "Nothing found for “&quot;zebra" in nothing.replace('"', "&quot;")
    assert "without `resolved`" in nothing
    assert "What shall I look for?" in no_words
    assert "INC-1" in hostile
    assert "INC-1" in dated[0]
    assert "Nothing found for “loss”, opened since 2099-01-01" in dated[1]
    assert "<!channel>" not in hostile


def test_a_new_incident_says_on_its_first_card_what_it_reminds_of_and_what_worked(talk: Talk) -> None:
    settled(
        talk,
        "loss is NaN after datasets upgrade",
        fix="pin datasets<3.0",
        cause="string columns reached the collator",
    )
    updates = len(talk.posts("chat.update"))

    talk.opens("ben", "sev2 loss NaN since the upgrade of datasets")
    first = talk.card()

    assert "Seen before?" in first
    assert "INC-1" in first
    assert "string columns reached the collator, fixed by A1 pin datasets<3.0" in first
    assert len(talk.posts("chat.update")) == updates
    talk.says("ana", "/incident reopen INC-1 it is back")
    talk.logs("ben", "note: looking")
    assert "Seen before?" not in talk.card()


def test_nothing_private_is_found_by_others_or_named_beside_what_is_public(talk: Talk) -> None:
    settled(
        talk, "api key leaked in training logs", fix="rotate the key", cause="debug logging", channel=SECRET
    )

    talk.opens("ben", "sev2 api key leaked in training logs")
    public = talk.card()
    talk.opens("ana", "sev2 api key leaked in training logs again", channel=SECRET)

    assert "Seen before?" not in public
    assert "debug logging" in talk.card()
    assert "Nothing found" in words_of(searched(talk, "dev", "rotate"))
    assert "debug logging" not in words_of(searched(talk, "dev", "key leaked resolved"))
    assert "INC-1" in words_of(searched(talk, "ben", "rotate"))
