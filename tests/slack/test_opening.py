"""Opening an incident: the command, the modal, the shortcut, and what the channel sees."""

import pytest

from tests.conversation import RECEIPT, Talk, user, words_of


def test_opening_posts_the_chart_as_a_root_and_says_in_its_thread_how_to_log(talk: Talk) -> None:
    answer = talk.opens("ana", "sev2 loss is NaN since step 3100")

    assert "INC-1" in answer
    assert "SEV2" in answer
    assert "loss is NaN since step 3100" in talk.card()
    assert [text for text in talk.news() if "dx: " in text]
    assert len(talk.posts()) == 2


@pytest.mark.parametrize(
    "typed",
    [
        "open sev2 loss is NaN",
        "OPEN SEV-2 loss is NaN",
        "open sev 2: loss is NaN",
        "  open   Sev2\nloss is NaN ",
        "“open sev2 loss is NaN”",
        "open\u00a0sev2\u00a0loss is NaN",
        "declare severity 2 - loss is NaN",
        "open SEV-02 loss is NaN",
        "open p2: loss is NaN",
        "open sev2 'loss is NaN'",
        "open „sev2 loss is NaN“",
        "\u200e«open sev2 loss is NaN»\ufeff",
    ],
)
def test_the_command_is_read_forgivingly(talk: Talk, typed: str) -> None:
    talk.says("ana", f"/incident {typed}")

    assert (talk.incident().severity, talk.incident().title) == (2, "loss is NaN")


@pytest.mark.parametrize(
    "title", ['"x" is null', 'x is not "y"', '"x" is not "y"', "“x” is ‘null’", "'a' or 'b'", "»x« is «null»"]
)
def test_quotation_marks_that_enclose_a_part_belong_to_the_title(talk: Talk, title: str) -> None:
    talk.says("ana", f"/incident open sev2 {title}")
    talk.says("ben", f"/incident open {title}")

    assert [talk.incident(1).title, talk.incident(2).title] == [title, title]


def test_a_title_with_the_word_payload_opens_over_http_too(talk: Talk) -> None:
    talk.opens("ana", "payload service is down")

    assert talk.incident().title == "payload service is down"


def test_the_same_words_within_two_minutes_find_the_first_incident_again(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")

    again = talk.says("ana", "/incident open sev2 loss is NaN")
    talk.settles()

    assert "it is *INC-1*" in again
    assert len(talk.charts()) == 1


def test_whoever_means_it_opens_another_with_the_button(talk: Talk) -> None:
    talk.opens("ana")
    talk.says("ana", "/incident open sev2 loss is NaN")

    shown = talk.slack.messages(talk.channel, viewer=user("ana"))
    offer = next(message for message in shown if "it is *INC-1*" in words_of(message))
    talk.clicks("ana", "open_another", offer["ts"])
    talk.settles()

    assert talk.incident(2).seen == "loss is NaN"
    assert len(talk.charts()) == 2


def test_somebody_else_opens_their_own_with_the_same_words(talk: Talk) -> None:
    talk.opens("ana")
    talk.opens("ben")

    assert talk.incident(2).opened_by == user("ben")


def test_without_words_a_modal_asks_and_its_questions_decide_the_severity(talk: Talk) -> None:
    talk.says("ana", "/incident open")
    talk.submits("ana", title="Loss is NaN", seen="step 3100\nRuntimeError: x", true=["B"], lead=user("ben"))

    found = talk.incident()
    assert (found.title, found.severity, found.lead) == ("Loss is NaN", 2, user("ben"))
    assert found.seen == "step 3100\nRuntimeError: x"


def test_the_modal_of_the_global_shortcut_asks_for_the_channel(talk: Talk) -> None:
    talk.slack.shortcut(user("ana"), "open_incident")
    talk.submits("ana", where="C0TRAINING", title="GPU 3 fell off the bus", severity="1")

    assert len(talk.charts("C0TRAINING")) == 1
    assert (talk.incident().severity, talk.incident().channel) == (1, "C0TRAINING")


def test_a_modal_submitted_without_a_severity_stays_untriaged(talk: Talk) -> None:
    talk.says("ana", "/incident open")
    talk.submits("ana", title="Loss is NaN")

    assert talk.incident().triaged_at is None


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("shwo INC-1", "/incident show INC-n"),
        ("sev INC-1 banana", "/incident sev INC-n sevN reason"),
        ("sev banana", "/incident sev INC-n sevN reason"),
        ("lead INC-1 nobody", "/incident lead INC-n @user"),
        ("resolve INC-1", "/incident resolve INC-n cause"),
        ("show INC-77", "There is no INC-77"),
        ("frobnicate", "/incident help"),
        ("statsu INC-1", "/incident show INC-n"),
        ("open sev0 it burns", "from sev1 (worst) to sev5"),
        ("open sev9 it burns", "from sev1 (worst) to sev5"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_would_work(talk: Talk, typed: str, advice: str) -> None:
    talk.opens("ana")

    assert advice in talk.says("ben", f"/incident {typed}")


def test_incident_alone_shows_help_and_what_is_open(talk: Talk) -> None:
    talk.opens("ana", "sev1 cluster is burning")

    answer = talk.says("ben", "/incident")

    assert "/incident open [sev1..sev5]" in answer
    assert "cluster is burning" in answer


def test_the_list_shows_the_worst_first_and_show_the_whole_chart(talk: Talk) -> None:
    talk.opens("ana", "sev4 slow eval")
    talk.opens("ana", "sev1 cluster is burning")
    talk.logs("ben", "fix: cordoned node 3")

    listed = talk.says("ben", "/incident list")
    shown = talk.says("ben", "/incident show 2")

    assert listed.index("cluster is burning") < listed.index("slow eval")
    assert "cordoned node 3" in shown


def test_status_shows_the_chart(talk: Talk) -> None:
    talk.opens("ana", "sev1 cluster is burning")

    assert "cluster is burning" in talk.says("ben", "/incident status INC-1")


def test_the_list_and_help_say_how_many_are_open_and_how_many_of_them_they_show(talk: Talk) -> None:
    for number in range(52):
        talk.says("ana", f"/incident open sev3 eval {number} is slow")

    shown = [talk.says("ben", f"/incident {word}") for word in ("list", "help")]

    assert all("52 open incidents, the worst 50:" in each for each in shown)


def test_several_incidents_run_in_one_channel_each_in_its_thread(talk: Talk) -> None:
    talk.opens("ana", "sev2 first")
    first = talk.root
    talk.opens("ben", "sev3 second")
    talk.logs("ben", "note: of the second")
    talk.root = first
    talk.logs("ana", "note: of the first")

    assert talk.logged(1) == [("note", "of the first")]
    assert talk.logged(2) == [("note", "of the second")]


def test_the_card_shows_title_number_severity_phase_lead_and_the_last_entries(talk: Talk) -> None:
    talk.opens("ana", "sev2 loss is NaN")
    talk.logs("ben", "lead: me")
    ts = talk.logs("ben", "dx: fp16 overflow\nfix: back to bf16")

    card = talk.card()
    for shown in (
        "INC-1",
        "loss is NaN",
        "SEV2",
        "Intervention",
        f"<@{user('ben')}>",
        "fp16 overflow",
        "back to bf16",
    ):
        assert shown in card
    assert talk.reactions(ts) == {RECEIPT: 1}
