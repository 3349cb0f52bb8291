"""Files that people attach in a modal: uploaded first, then named, and filled in by Slack."""

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient, SandboxError
from tests.sandbox.bolt_bot import BoltBot
from tests.sandbox.modals import a_modal, an_input, open_modal

ATTACHED = an_input(
    "files",
    {"type": "file_input", "action_id": "chosen", "max_files": 1, "filetypes": ["log"]},
    optional=True,
)


def test_a_file_of_a_modal_arrives_as_the_object_that_slack_keeps_of_it(
    slack: SandboxClient, bot: BoltBot, web: WebClient
) -> None:
    view_id = open_modal(slack, bot, web, a_modal(ATTACHED))
    kept = slack.upload("U0ANA", "train.log", "step 3100 loss nan")

    slack.submit("U0ANA", view_id, {"files": {"chosen": [{"id": kept["id"], "name": "another.log"}]}})

    state = bot.payloads("view_submission")[-1]["view"]["state"]["values"]["files"]["chosen"]
    assert state == {"type": "file_input", "files": [kept]}
    assert (kept["name"], kept["permalink"]) == ("train.log", f"{slack.url}/files/{kept['id']}/train.log")


def test_a_file_that_nobody_uploaded_or_somebody_else_did_is_refused(
    slack: SandboxClient, bot: BoltBot, web: WebClient
) -> None:
    view_id = open_modal(slack, bot, web, a_modal(ATTACHED))
    of_ben = slack.upload("U0BEN", "train.log", "step 3100 loss nan")

    for file_id in ("F0NONE", of_ben["id"]):
        with pytest.raises(SandboxError, match=f"U0ANA has uploaded no file {file_id}"):
            slack.submit("U0ANA", view_id, {"files": {"chosen": [file_id]}})


def test_files_that_the_input_does_not_take_are_refused_before_the_bot_is_asked(
    slack: SandboxClient, bot: BoltBot, web: WebClient
) -> None:
    view_id = open_modal(slack, bot, web, a_modal(ATTACHED))
    log, other, page = (slack.upload("U0ANA", name, "x") for name in ("a.LOG", "b.log", "c.html"))

    many = slack.submit("U0ANA", view_id, {"files": {"chosen": [log["id"], other["id"]]}})
    strange = slack.submit("U0ANA", view_id, {"files": {"chosen": [page["id"]]}})
    taken = slack.submit("U0ANA", view_id, {"files": {"chosen": [log["id"]]}})

    assert many["errors"] == {"files": "Please attach no more than one file."}
    assert strange["errors"] == {"files": "c.html cannot be attached here, only log."}
    assert (taken["status"], len(bot.payloads("view_submission"))) == ("ok", 1)


def test_the_content_of_an_upload_may_be_base64_and_nothing_else(slack: SandboxClient) -> None:
    taken = slack.upload("U0ANA", "loss.png", base64="iVBORw==")

    assert (taken["size"], taken["mimetype"]) == (4, "image/png")
    with pytest.raises(SandboxError, match="no base64"):
        slack.upload("U0ANA", "loss.png", base64="?")
