"""One running sandbox and one Bolt app per transport for all tests here; each test starts afresh."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig
from tests.sandbox.bolt_bot import BoltBot, http_bot, socket_mode_bot


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def control(running: Sandbox) -> Iterator[SandboxClient]:
    with SandboxClient(running.url) as client:
        yield client


@pytest.fixture
def slack(control: SandboxClient) -> SandboxClient:
    """The control client of a world without a bot."""
    control.reset()
    control.transport("http://127.0.0.1:9/nobody")
    return control


@pytest.fixture
def web(running: Sandbox) -> WebClient:
    return WebClient(base_url=running.api_url, token=SandboxConfig.bot_token, retry_handlers=[])


@pytest.fixture(scope="session")
def socket_bot(running: Sandbox) -> Iterator[BoltBot]:
    with socket_mode_bot(running) as bot:
        yield bot


@pytest.fixture(scope="session")
def posted_bot(running: Sandbox) -> Iterator[BoltBot]:
    with http_bot(running) as bot:
        yield bot


@pytest.fixture(params=["socket_bot", "posted_bot"])
def bot(request: pytest.FixtureRequest, control: SandboxClient) -> BoltBot:
    """The Bolt app, once over each transport, in a fresh world."""
    chosen: BoltBot = request.getfixturevalue(request.param)
    control.reset()
    control.transport(chosen.request_url)
    control.settle()
    chosen.forget()
    return chosen


@pytest.fixture
def http(slack: SandboxClient, posted_bot: BoltBot) -> BoltBot:
    """The Bolt app over signed HTTP only, in the fresh world of `slack`."""
    slack.transport(posted_bot.request_url)
    slack.settle()
    posted_bot.forget()
    return posted_bot


@pytest.fixture
def talk(bot: BoltBot, control: SandboxClient) -> SandboxClient:
    """The control client of a world in which the bot listens."""
    control.transport(bot.request_url)
    return control
