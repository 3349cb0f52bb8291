"""One sandbox and one migrated database of each kind for all tests; a fresh world and a copy for each."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from bot.manifests import manifest_data
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig
from tests.conversation import Talk, conversation
from tests.databases import PostgresTemplate, SqliteTemplate, quick_folder

# How long an example takes is a benchmark's business.
hypothesis.settings.register_profile("rounds", deadline=None)
hypothesis.settings.load_profile("rounds")


@pytest.fixture(scope="session")
def small_slack() -> Iterator[Sandbox]:
    """A sandbox that grants what our manifest asks for, and nothing else."""
    with Sandbox(SandboxConfig(manifest=manifest_data("socket"))) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def database_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with quick_folder(tmp_path_factory.mktemp("databases")) as folder:
        yield folder


@pytest.fixture(scope="session")
def sqlite_template(database_folder: Path) -> SqliteTemplate:
    return SqliteTemplate(database_folder)


@pytest.fixture(scope="session")
def postgres_template(database_folder: Path) -> Iterator[PostgresTemplate]:
    template = PostgresTemplate(database_folder)
    yield template
    template.drop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, database_folder: Path) -> Iterator[str]:
    """A migrated, empty database, once of each kind."""
    name = "sqlite_template" if request.param == "sqlite" else "postgres_template"
    template: SqliteTemplate | PostgresTemplate = request.getfixturevalue(name)
    with tempfile.TemporaryDirectory(dir=database_folder) as folder, template.copy(Path(folder)) as url:
        yield url


@pytest.fixture
def small_world(small_slack: Sandbox) -> Iterator[SandboxClient]:
    """The sandbox's control, in a fresh world."""
    with SandboxClient(small_slack.url) as client:
        client.reset()
        # Slack waits for three seconds. A story is not about how busy the machine is that tells it.
        client.delivery(answer_timeout=10.0)
        yield client
        client.clear_faults()


@pytest.fixture
def talk(small_slack: Sandbox, small_world: SandboxClient, database_url: str) -> Iterator[Talk]:
    """A conversation with the real bot, on each database."""
    with conversation(small_slack, small_world, database_url) as found:
        yield found
        assert small_world.complaints() == []
