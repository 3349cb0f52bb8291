"""Files: how the bot uploads them, how they are shared, and how they are served without harm."""

import http.client
from urllib.parse import quote, urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig

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


def share(web: WebClient, file_id: str, root: str) -> None:
    web.files_completeUploadExternal(
        files=[{"id": file_id, "title": "Loss"}], channel_id=HERE, thread_ts=root, initial_comment="Here"
    )


def ticket(web: WebClient, **more: str) -> tuple[str, str]:
    found = web.files_getUploadURLExternal(filename="loss.png", length=4, **more)
    return found["file_id"], found["upload_url"]


def sent(address: str, content: bytes = b"\x89PNG") -> int:
    target = urlsplit(address)
    connection = http.client.HTTPConnection(target.netloc, timeout=5)
    try:
        connection.request("POST", target.path, content)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def test_a_picture_keeps_its_description(slack: SandboxClient, web: WebClient) -> None:
    root = slack.message("U0ANA", HERE, "root")
    file_id, address = ticket(web, alt_txt="Loss rises.")
    sent(address)
    share(web, file_id, root)

    [shown] = slack.messages(HERE, thread_ts=root)[1]["files"]
    assert shown["alt_txt"] == "Loss rises."


@pytest.mark.usefixtures("slack")
def test_a_description_that_is_too_long_is_refused(web: WebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        ticket(web, alt_txt="x" * 1001)


def test_what_was_not_uploaded_or_was_shared_before_cannot_be_shared(
    slack: SandboxClient, web: WebClient
) -> None:
    root = slack.message("U0ANA", HERE, "root")
    file_id, address = ticket(web)

    with pytest.raises(SlackApiError, match="file_not_found"):
        share(web, file_id, root)
    assert sent(address) == 200
    share(web, file_id, root)
    with pytest.raises(SlackApiError, match="file_not_found"):
        share(web, file_id, root)
    assert len(slack.messages(HERE, thread_ts=root)) == 2


def test_the_sending_of_bytes_can_fail_like_any_call(slack: SandboxClient, web: WebClient) -> None:
    slack.fault("upload", "server_error", times=1)
    slack.fault("upload", "reset_after", times=1)
    _, first = ticket(web)
    _, second = ticket(web)

    assert sent(first) == 503
    with pytest.raises(http.client.RemoteDisconnected):
        sent(second)
    assert sent(first) == 200
    assert sent(second) == 404
    assert [call["status"] for call in slack.calls("upload")] == [503, 200, 200, 404]


def test_an_app_without_the_scope_may_not_upload() -> None:
    manifest = {"oauth_config": {"scopes": {"bot": ["chat:write", "files:read"]}}}
    with Sandbox(SandboxConfig(manifest=manifest)) as sandbox:
        web = WebClient(base_url=sandbox.api_url, token=SandboxConfig.bot_token, retry_handlers=[])

        with pytest.raises(SlackApiError, match="missing_scope") as refused:
            ticket(web)

    assert refused.value.response["needed"] == "files:write"
