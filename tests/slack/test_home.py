"""The App Home: what waits for one person, what they lead, and nothing that is none of theirs."""

from typing import Any

from tests.conversation import Talk, user, words_of
from tests.slack.handing import ready


def home(talk: Talk, who: str) -> str:
    """What somebody reads when they open the app."""
    talk.slack.home(user(who))
    shown: dict[str, Any] = talk.slack.world()["homes"][user(who)]
    return words_of(shown)


def test_a_home_shows_what_waits_what_one_leads_and_the_ward(talk: Talk) -> None:
    empty = home(talk, "ben")
    ready(talk)
    talk.says("ana", "/incident handoff @ben INC-1")
    talk.time_passes(minutes=8)

    receiver, giver = home(talk, "ben"), home(talk, "ana")

    assert "Nothing is open" in empty
    assert "To read back (1)" in receiver
    assert "the read-back" in receiver
    assert "eval fails since the release" in receiver
    assert "To read back" not in giver
    assert "You lead" in giver
    assert giver.index("INC-1") < giver.index("The ward")


def test_the_home_of_others_says_nothing_of_a_private_incident(talk: Talk) -> None:
    channel = talk.slack.channel(user("ana"), "war-room", is_private=True)["id"]
    talk.slack.invite(user("ana"), channel, "U0ROUNDS")
    talk.opens("ana", "sev1 secret model leaks", channel=channel)
    talk.settles()

    assert "secret model" in home(talk, "ana")
    assert "secret" not in home(talk, "cho")
    assert "Nothing is open" in home(talk, "cho")
