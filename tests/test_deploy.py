"""What stands in deploy/ can be used as it is: Slack takes the manifests, pip the pins, Docker the rest."""

import copy
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
MANIFESTS = ("socket", "http")
EVENTS_URL = "https://YOUR-HOST/slack/events"

# The scope that Slack asks for before it lets an app subscribe to an event; None where it asks for none.
SCOPE_OF_EVENT = {
    "app_home_opened": None,
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_unarchive": "groups:read",
    "channel_id_changed": "channels:read",
    "app_uninstalled": None,
    "tokens_revoked": None,
}


def text(at_least: int, at_most: int, pattern: str = "") -> dict[str, Any]:
    return {"type": "string", "minLength": at_least, "maxLength": at_most, "pattern": pattern}


def record(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def several(items: dict[str, Any], at_least: int, at_most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": at_least, "maxItems": at_most, "uniqueItems": True}


FLAG = {"type": "boolean"}
NUMBER = {"type": "integer"}
ADDRESS = text(1, 3000, r"^https?://")
SCOPES = several(text(1, 50, r"^[a-z]+(:[a-z.]+)?$"), 0, 255)

# Slack's app manifest schema 2.0.0, as far as our manifests go: whatever is not listed is refused.
MANIFEST = record(
    ("display_information",),
    _metadata=record(major_version={"const": 2}, minor_version=NUMBER),
    display_information=record(
        ("name",),
        name=text(1, 35),
        description=text(1, 140),
        long_description=text(175, 4000),
        background_color=text(4, 7, r"^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"),
    ),
    features=record(
        app_home=record(
            home_tab_enabled=FLAG, messages_tab_enabled=FLAG, messages_tab_read_only_enabled=FLAG
        ),
        bot_user=record(("display_name",), display_name=text(1, 80), always_online=FLAG),
        slash_commands=several(
            record(
                ("command", "description"),
                command=text(2, 32, r"^/"),
                url=ADDRESS,
                description=text(1, 2000),
                usage_hint=text(1, 1000),
                should_escape=FLAG,
            ),
            1,
            50,
        ),
        shortcuts=several(
            record(
                ("name", "type", "callback_id", "description"),
                name=text(1, 24),
                type={"enum": ["message", "global"]},
                callback_id=text(1, 255),
                description=text(1, 150),
            ),
            1,
            10,
        ),
    ),
    oauth_config=record(scopes=record(bot=SCOPES, bot_optional=SCOPES)),
    settings=record(
        event_subscriptions=record(request_url=ADDRESS, bot_events=several(text(1, 50), 0, 100)),
        interactivity=record(("is_enabled",), is_enabled=FLAG, request_url=ADDRESS),
        org_deploy_enabled=FLAG,
        socket_mode_enabled=FLAG,
        token_rotation_enabled=FLAG,
    ),
)


def manifest(transport: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DEPLOY / f"slack-manifest.{transport}.json").read_text("utf-8"))
    return loaded


def scopes(transport: str = "socket") -> list[str]:
    granted = manifest(transport)["oauth_config"]["scopes"]
    return [*granted["bot"], *granted["bot_optional"]]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, comments dropped and continued lines joined."""
    source = (DEPLOY / "Dockerfile").read_text("utf-8")
    lines = "\n".join(line for line in source.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(number for number, (word, _) in enumerate(found) if word == "FROM")
    return found[start:]


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return loaded


def pins() -> dict[str, str]:
    lines = (DEPLOY / "constraints.txt").read_text("utf-8").splitlines()
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    found = [Requirement(line) for group in groups for line in group]
    return [requirement for requirement in found if requirement.name != project["name"]]


def needed_by(requirement: Requirement) -> Iterator[Requirement]:
    extras = {"", *requirement.extras}
    for line in importlib.metadata.requires(requirement.name) or []:
        needed = Requirement(line)
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
            yield needed


def all_needed() -> list[Requirement]:
    found: dict[tuple[str, frozenset[str]], Requirement] = {}
    waiting = declared()
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key not in found:
            found[key] = requirement
            waiting.extend(needed_by(requirement))
    return list(found.values())


def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("transport", MANIFESTS)
def test_slack_takes_the_manifest(transport: str) -> None:
    problems = [error.message for error in Draft7Validator(MANIFEST).iter_errors(manifest(transport))]

    assert problems == []


@pytest.mark.parametrize("transport", MANIFESTS)
def test_every_subscribed_event_has_its_scope(transport: str) -> None:
    events = manifest(transport)["settings"]["event_subscriptions"]["bot_events"]
    wanted = {SCOPE_OF_EVENT[event] for event in events} - {None}

    assert wanted <= set(manifest(transport)["oauth_config"]["scopes"]["bot"])


def test_the_manifests_differ_only_in_how_slack_reaches_the_bot() -> None:
    http = copy.deepcopy(manifest("http"))
    addresses = {
        http["features"]["slash_commands"][0].pop("url"),
        http["settings"]["event_subscriptions"].pop("request_url"),
        http["settings"]["interactivity"].pop("request_url"),
    }
    socket_mode = http["settings"].pop("socket_mode_enabled")
    socket = manifest("socket")

    assert addresses == {EVENTS_URL}
    assert (socket_mode, socket["settings"].pop("socket_mode_enabled")) == (False, True)
    assert http == socket


def test_a_person_may_write_to_the_bot_and_tokens_are_not_rotated() -> None:
    socket = manifest("socket")

    assert socket["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert socket["settings"]["interactivity"]["is_enabled"] is True
    assert socket["settings"]["token_rotation_enabled"] is False


def test_mentions_in_a_command_arrive_as_ids() -> None:
    (command,) = manifest("socket")["features"]["slash_commands"]

    assert command["command"] == "/incident"
    assert command["should_escape"] is True


@pytest.mark.parametrize("scope", scopes())
def test_the_readme_says_why_a_scope_is_asked_for(scope: str) -> None:
    row = re.search(rf"^\|\s*`{re.escape(scope)}`[^|]*\|\s*([^|\s][^|]*)\|", readme(), re.MULTILINE)

    assert row, f"README.md has no table row with a reason for {scope}"


def test_pins_are_names_and_versions_and_nothing_else() -> None:
    lines = (DEPLOY / "constraints.txt").read_text("utf-8").splitlines()

    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.+!]+", line)] == []
    assert lines == sorted(lines, key=lambda line: canonicalize_name(line.partition("==")[0]))


def test_everything_the_project_needs_is_pinned_to_a_version_it_allows() -> None:
    wrong = [
        str(requirement)
        for requirement in all_needed()
        if not requirement.specifier.contains(pins().get(canonicalize_name(requirement.name), "0"))
    ]

    assert wrong == []


def test_nothing_is_pinned_that_the_project_does_not_need() -> None:
    needed = {canonicalize_name(requirement.name) for requirement in all_needed()}

    assert set(pins()) - needed == set()


def test_the_image_is_built_in_one_stage_and_runs_in_another_without_root() -> None:
    stages = [rest for word, rest in instructions() if word == "FROM"]
    users = [rest for word, rest in last_stage() if word == "USER"]

    assert stages == ["python:3.11-slim AS build", "python:3.11-slim"]
    assert users == ["rounds"]


def test_the_image_installs_the_pinned_versions_with_postgresql_and_pictures() -> None:
    runs = [rest for word, rest in instructions() if word == "RUN"]

    assert any("-c deploy/constraints.txt" in run and "'.[charts,postgres]'" in run for run in runs)


def test_the_image_runs_the_bot_and_says_how_to_stop_it_and_whether_it_lives() -> None:
    stage = dict(last_stage())

    assert json.loads(stage["CMD"]) == ["rounds", "run"]
    assert stage["STOPSIGNAL"] == "SIGTERM"
    assert "http://127.0.0.1:8080/health" in stage["HEALTHCHECK"]


def test_the_image_copies_only_what_exists_and_the_builder_may_see() -> None:
    copied = [rest.split()[:-1] for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    allowed = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    sources = [source for group in copied for source in group]

    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if f"!{source}" not in allowed] == []
    assert "**/.env" in allowed


def test_compose_migrates_a_healthy_database_before_the_bot_starts() -> None:
    services = compose()["services"]

    assert re.fullmatch(r"postgres:1[78]", services["db"]["image"])
    assert services["db"]["healthcheck"]["test"][1] == "pg_isready"
    assert services["migrate"]["command"] == ["rounds", "migrate"]
    assert services["migrate"]["restart"] == "no"
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert services["bot"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_compose_gives_the_bot_its_settings_from_the_environment_and_keeps_its_data() -> None:
    wanted = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "ROUNDS_DATABASE_URL"}
    file = compose()
    mounted = {
        mount.partition(":")[0] for one in file["services"].values() for mount in one.get("volumes", [])
    }

    assert wanted <= set(file["services"]["bot"]["environment"])
    assert wanted <= set(file["services"]["migrate"]["environment"])
    assert mounted == set(file["volumes"])


def test_compose_builds_from_the_dockerfile() -> None:
    build = compose()["services"]["bot"]["build"]

    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Dockerfile"


def test_ci_is_a_script_that_bash_can_run() -> None:
    script = ROOT / ".ci" / "run"
    bash = shutil.which("bash")
    assert bash

    checked = subprocess.run([bash, "-n", script], capture_output=True, text=True, check=False, timeout=10)

    assert (checked.returncode, checked.stderr) == (0, "")
    assert os.access(script, os.X_OK)


def test_ci_finds_one_test_command_in_the_readme() -> None:
    fenced = re.findall(r"^```.*?\n(.*?)^```", readme(), re.MULTILINE | re.DOTALL)
    commands = [line for block in fenced for line in block.splitlines() if line.endswith("python -m tests")]

    assert len([line for line in commands if "-m venv" in line and "deploy/constraints.txt" in line]) == 1
