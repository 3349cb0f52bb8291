"""A second opinion, told as stories: asked in private, answered apart, shown together."""

from datetime import timedelta

import pytest

from bot.domain.diagnosis.opinions import MOST_PEOPLE
from bot.domain.errors import NotUnderstood
from bot.slack.line.reading import parse
from bot.slack.line.requests import SecondOpinion
from tests.conversation import Talk, user, words_of


def gives(talk: Talk, who: str, text: str, *, round_: int = 1) -> None:
    """Open the modal from the direct message, and send a list."""
    opens_list(talk, who, round_=round_)
    talk.submits(who, list=text)


def opens_list(talk: Talk, who: str, *, round_: int = 1) -> None:
    """Press the button of the newest direct message that asks for a list."""
    place = f"D0{who.upper()}"
    asked = [each for each in talk.slack.messages(place) if "second opinion" in words_of(each).casefold()]
    found = talk.slack.click(user(who), f"opinion:{round_}", channel=place, ts=asked[-1]["ts"])
    assert found["status"] == "ok", found


def asks(talk: Talk, who: str) -> None:
    """Come to the modal that asks for opinions, the way that people do."""
    talk.clicks(who, "workup")
    talk.clicks_in_modal(who, "second_opinion")


def pooled(talk: Talk) -> list[str]:
    """The posts of the thread that show what lists come to."""
    return [text for text in talk.news() if "Second opinion" in text]


def test_each_is_asked_in_private_and_nothing_is_shown_until_all_have_answered(talk: Talk) -> None:
    talk.opens("ana")

    answer = talk.says("ana", "/incident second-opinion INC-1 @ben @cho 20m")
    talk.settles()
    gives(talk, "ben", "wrong tokenizer 60%\nbad batch 20%")
    before = [*talk.news(), talk.card(), talk.says("ana", "/incident show INC-1")]
    gives(talk, "cho", "Bad batch 50%\nlearning rate too high 20%")

    assert "<@U0BEN>" in answer
    assert all("INC-1" in talk.told_in_private(who)[-1] for who in ("ben", "cho"))
    assert not [text for text in before if "tokenizer" in text or "Second opinion" in text]
    [post] = pooled(talk)
    for said in ("wrong tokenizer", "learning rate", "ben 60%", "cho 50%", "cho 20%"):
        assert said in post
    assert "tokenizer" in talk.card()


def test_nothing_is_said_of_who_has_answered_to_whoever_asks_again(talk: Talk) -> None:
    talk.opens("ana")
    talk.says("ana", "/incident second-opinion INC-1 @ben @cho")
    talk.settles()
    before = talk.says("ana", "/incident second-opinion INC-1 @ben @cho")
    gives(talk, "ben", "wrong tokenizer 60%")

    after = talk.says("ana", "/incident second-opinion INC-1 @ben @cho")
    talk.settles()

    assert after == before
    assert len(talk.told_in_private("ben")) == 1


def test_a_list_may_be_given_again_and_the_form_shows_the_earlier_one(talk: Talk) -> None:
    talk.opens("ana")
    talk.says("ana", "/incident second-opinion INC-1 @ben @cho")
    talk.settles()
    gives(talk, "ben", "wrong tokenizer 60%")

    opens_list(talk, "ben")
    shown = str(talk.modal("ben"))
    talk.submits("ben", list="bad batch 30%")
    gives(talk, "cho", "bad batch 30%")

    assert "wrong tokenizer 60%" in shown
    assert "wrong tokenizer" not in pooled(talk)[0]


def test_what_is_no_list_is_said_in_the_form(talk: Talk) -> None:
    talk.opens("ana")
    talk.says("ana", "/incident second-opinion INC-1 @ben")
    talk.settles()
    opens_list(talk, "ben")

    found = talk.submits("ben", list="bad batch maybe")

    assert "no probability" in str(found)
    assert pooled(talk) == []


def test_when_the_time_is_up_the_lists_that_came_are_shown_and_who_was_silent(talk: Talk) -> None:
    talk.opens("ana")
    talk.says("ana", "/incident second-opinion INC-1 @ben @cho 20m")
    talk.settles()
    gives(talk, "ben", "wrong tokenizer 60%")

    talk.time_passes(minutes=18)
    early = pooled(talk)
    talk.time_passes(minutes=3)

    assert early == []
    [post] = pooled(talk)
    assert "wrong tokenizer" in post
    assert "No answer from cho" in post


def test_after_the_time_is_up_a_list_is_refused_with_what_still_counts(talk: Talk) -> None:
    talk.opens("ana")
    talk.says("ana", "/incident second-opinion INC-1 @ben")
    talk.settles()
    opens_list(talk, "ben")
    talk.time_passes(minutes=16)

    found = talk.submits("ben", list="wrong tokenizer 60%")

    assert "is closed" in str(found)
    assert len(pooled(talk)) == 1


def test_at_sev1_five_minutes_are_waited(talk: Talk) -> None:
    talk.opens("ana", "sev1 cluster is burning")
    talk.says("ana", "/incident second-opinion INC-1 @ben")
    talk.settles()

    talk.time_passes(minutes=6)

    assert len(pooled(talk)) == 1


def test_asked_again_after_the_round_people_answer_anew(talk: Talk) -> None:
    talk.opens("ana")
    talk.says("ana", "/incident second-opinion INC-1 @ben")
    talk.settles()
    gives(talk, "ben", "wrong tokenizer 60%")
    talk.says("ana", "/incident second-opinion INC-1 @ben @cho 5m")
    talk.settles()
    gives(talk, "ben", "A 20%\nbad batch 60%", round_=2)

    talk.time_passes(minutes=6)

    assert len(pooled(talk)) == 2
    assert len(talk.told_in_private("ben")) == 2


def test_outsiders_are_not_asked_about_a_private_incident(talk: Talk) -> None:
    talk.opens("ana", "sev2 leaked key", channel="C0SECRET")

    refused = talk.says("ana", "/incident second-opinion INC-1 @ben @dev")
    hidden = talk.says("dev", "/incident second-opinion INC-1 @dev", channel="C0INCIDENTS")
    talk.settles()
    asked = [talk.told_in_private(who) for who in ("ben", "dev")]
    talk.says("ana", "/incident second-opinion INC-1 @ben")
    talk.settles()
    gives(talk, "ben", "key in a notebook 80%")

    assert "<@U0DEV> is not in this private conversation" in refused
    assert "There is no INC-1" in hidden
    assert asked == [[], []]
    assert "key in a notebook" in pooled(talk)[0]


def test_the_form_offers_as_many_people_and_as_much_time_as_the_command_does(talk: Talk) -> None:
    offered = []
    for severity in ("sev1", "sev2"):
        talk.opens("ana", f"{severity} loss is NaN in {severity}")
        asks(talk, "ana")
        people, minutes = (block["element"] for block in talk.modal("ana")["blocks"])
        offered.append((people["max_selected_items"], minutes["initial_value"]))

    assert offered == [(MOST_PEOPLE, "5"), (MOST_PEOPLE, "15")]


def test_people_chosen_in_the_form_are_asked_and_we_ourselves_are_not(talk: Talk) -> None:
    talk.opens("ana")
    asks(talk, "ana")
    alone = talk.submits("ana", people=["U0ROUNDS"], minutes="20")
    talk.submits("ana", people=["U0BEN", "U0ROUNDS"], minutes="20")

    gives(talk, "ben", "wrong tokenizer 60%")

    assert "Only people can be asked" in str(alone)
    assert "1 list" in pooled(talk)[0]


@pytest.mark.parametrize(
    "typed",
    [
        "second-opinion INC-1 @U0BEN @U0CHO 20m",
        "Second opinion inc 1: @U0BEN, @U0CHO within 20 min",
        "opinions 1 @U0BEN and @U0CHO for 20m",
        "opinion #1 20m @U0BEN @U0BEN @U0CHO",
    ],
)
def test_the_request_is_read_forgivingly(typed: str) -> None:
    found = parse(typed)

    assert isinstance(found, SecondOpinion)
    assert (found.number, found.people, found.takes) == (1, ("U0BEN", "U0CHO"), timedelta(minutes=20))


@pytest.mark.parametrize("typed", ["opinion @U0BEN", "opinion INC-1 @ml-oncall", "opinion INC-1 @U0BEN soon"])
def test_a_request_that_names_nobody_is_answered_with_one_that_would(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="second-opinion INC-n @user @user"):
        parse(typed)
