"""Files: how the bot uploads them, how they are shared, and how they are served without harm."""

import http.client
from urllib.parse import quote, urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import SandboxClient

HERE = "C0INCIDENTS"


@pytest.mark.parametrize(
    ("name", "mimetype", "disposition"),
    [
        ("loss.png", "image/png", None),
        ("loss.webp", "image/webp", None),
        ("page.html", "text/html", "attachment; filename*=utf-8''page.html"),
        ("loss.svg", "image/svg+xml", "attachment; filename*=utf-8''loss.svg"),
        ('läuft "so".txt', "text/plain", "attachment; filename*=utf-8''l%C3%A4uft%20%22so%22.txt"),
    ],
)
def test_only_pictures_are_shown_and_everything_else_is_saved(
    slack: SandboxClient, name: str, mimetype: str, disposition: str | None
) -> None:
    slack.message("U0ANA", HERE, "look", files=[{"name": name, "content": "x", "mimetype": mimetype}])
    address = urlsplit(slack.messages(HERE)[0]["files"][0]["url_private"])
    connection = http.client.HTTPConnection(address.netloc, timeout=5)
    connection.request("GET", quote(address.path))

    answer = connection.getresponse()
    served = "application/octet-stream" if disposition else mimetype

    assert (answer.status, answer.headers["content-type"]) == (200, served)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == disposition
    connection.close()


def test_an_upload_is_shared_in_its_thread(slack: SandboxClient, web: WebClient) -> None:
    root = slack.message("U0ANA", HERE, "root")

    uploaded = web.files_upload_v2(
        channel=HERE,
        thread_ts=root,
        content=b"\x89PNG",
        filename="loss.png",
        alt_txt="Loss",
        initial_comment="Here",
    )

    reply = slack.messages(HERE, thread_ts=root)[1]
    assert (reply["subtype"], reply["text"], reply["files"][0]["name"]) == ("file_share", "Here", "loss.png")
    described = web.files_info(file=uploaded["files"][0]["id"])["file"]
    assert described["shares"]["public"][HERE][0]["ts"] == reply["ts"]
    assert described["mimetype"] == "image/png"


@pytest.mark.usefixtures("slack")
def test_a_picture_in_a_block_must_have_been_completed(web: WebClient) -> None:
    picture = {"type": "image", "alt_text": "x", "slack_file": {"id": "F0NONE"}}
    uploaded = web.files_upload_v2(channel=HERE, content=b"\x89PNG", filename="loss.png")

    with pytest.raises(SlackApiError, match="invalid_blocks"):
        web.chat_postMessage(channel=HERE, text="x", blocks=[picture])
    there = picture | {"slack_file": {"id": uploaded["files"][0]["id"]}}
    assert web.chat_postMessage(channel=HERE, text="x", blocks=[there])["ok"]
