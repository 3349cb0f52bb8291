"""One sandbox with a small bot for all tests here, one browser per file, a fresh world for each test."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ViewportSize, expect, sync_playwright
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig
from tests.sandbox.page.small_bot import MANIFEST, small_bot
from tests.sandbox.page.visit import LAPTOP, PATIENCE_MS, Visit, Visitor

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def slack() -> Iterator[SandboxClient]:
    with Sandbox(SandboxConfig(manifest=MANIFEST)) as sandbox, SandboxClient(sandbox.url) as client:
        web = WebClient(token="xoxb-sandbox-bot", base_url=sandbox.api_url)
        handler = SocketModeHandler(small_bot(web), app_token="xapp-sandbox-app", web_client=web)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped.
        yield client
        handler.close()  # type: ignore[no-untyped-call]  # The same.


# Not longer than a file: Playwright's loop would be in the way of tests that run a loop of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    if CHROMIUM is None:
        pytest.skip("no browser: install chromium (apt-get install chromium) to test the sandbox's page")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        # One context for all: its cache spares each page the loading of the same files.
        yield started.new_context()
        started.close()


@pytest.fixture
def visit(slack: SandboxClient, browser: BrowserContext) -> Iterator[Visitor]:
    slack.reset()
    visits: list[Visit] = []

    def start(size: ViewportSize = LAPTOP, address: str = "#training-runs") -> Visit:
        page = browser.new_page()
        page.set_viewport_size(size)
        page.set_default_timeout(PATIENCE_MS)
        one = Visit(page, slack.url)
        page.on(
            "console",
            lambda line: one.grumbles.append(line.text) if line.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: one.grumbles.append(str(error)))
        page.on("request", lambda request: one.requested.append(request.url))
        visits.append(one)
        one.open(address)
        return one

    expect.set_options(timeout=PATIENCE_MS)
    yield start
    for one in visits:
        one.page.evaluate("localStorage.clear()")
        one.page.close()
    assert [line for one in visits for line in one.grumbles] == []
    assert {
        urlsplit(url).hostname for one in visits for url in one.requested if not url.startswith("data:")
    } == {"127.0.0.1"}
