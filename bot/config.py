"""The settings: read once from the environment, frozen, and wrong ones named by their variable at start."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SLACK_API = "https://slack.com/api/"


class BadSettings(Exception):
    """A setting is missing or wrong; the text names the variable and says what would do."""


class Settings(BaseSettings):
    """Everything that can be set. Field names in capitals are the variables' names."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr = Field(description="The bot token, `xoxb-…`. Needed.")
    slack_app_token: SecretStr | None = Field(
        default=None, description="The app-level token, `xapp-…`: with it, rounds uses Socket Mode."
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="The signing secret: without an app-level token, rounds serves HTTP."
    )
    slack_api_url: str = Field(
        default=SLACK_API, description="The Web API's address; any Slack-compatible server will do."
    )
    rounds_database_url: str = Field(
        default="sqlite:///rounds.db",
        description="`sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.",
    )
    rounds_host: str = Field(default="127.0.0.1", description="The address to serve HTTP on.")
    rounds_port: int = Field(
        default=8080,
        ge=0,
        le=65535,
        description="The port to serve HTTP on: Slack's requests, and `/health`.",
    )
    rounds_log: Literal["json", "text"] = Field(default="json", description="How to log: `json` or `text`.")
    rounds_pace: Literal["slack", "none"] = Field(
        default="slack",
        description="`slack` posts as fast as Slack allows, about one message a second in a channel; `none` "
        "is for a server without such limits.",
    )
    rounds_watchdog_seconds: float = Field(
        default=300,
        gt=0,
        description="How long no socket may live, while Slack answers, before rounds exits.",
    )

    @field_validator("slack_bot_token")
    @classmethod
    def _is_bot_token(cls, value: SecretStr) -> SecretStr:
        return _begins(value, "xoxb-", "xoxe.")

    @field_validator("slack_app_token")
    @classmethod
    def _is_app_token(cls, value: SecretStr | None) -> SecretStr | None:
        return value and _begins(value, "xapp-")

    @field_validator("rounds_database_url")
    @classmethod
    def _is_known_database(cls, value: str) -> str:
        return _known_database(value)

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_slash(cls, value: str) -> str:
        return value if value.endswith("/") else f"{value}/"

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database; None for PostgreSQL."""
        return _file(self.rounds_database_url)


class DatabaseSettings(BaseSettings):
    """What commands need that never speak to Slack."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    rounds_database_url: str = "sqlite:///rounds.db"

    @field_validator("rounds_database_url")
    @classmethod
    def _is_known_database(cls, value: str) -> str:
        return _known_database(value)

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database; None for PostgreSQL."""
        return _file(self.rounds_database_url)


def _known_database(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return value


def _file(url: str) -> Path | None:
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def _begins(value: SecretStr, *prefixes: str) -> SecretStr:
    if not value.get_secret_value().startswith(prefixes):
        raise ValueError(f"must begin with {prefixes[0]}")
    return value


def of_the_database() -> DatabaseSettings:
    """The settings of commands that never speak to Slack.

    Raises:
        BadSettings: The database's address is wrong.
    """
    try:
        return DatabaseSettings()
    except ValidationError as error:
        raise _bad(error) from None


def _bad(error: ValidationError) -> BadSettings:
    """What is wrong with which variable; the input is left out, because it may be a secret."""
    lines = [f"{str(found['loc'][0]).upper()}: {found['msg']}" for found in error.errors(include_input=False)]
    return BadSettings("\n".join(lines))


def from_environment() -> Settings:
    """The settings.

    Raises:
        BadSettings: A variable is missing or wrong, or no way to reach Slack is given.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        raise _bad(error) from None
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise BadSettings(
            "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET: one is needed. With an app-level token (xapp-…) rounds "
            "uses Socket Mode, with a signing secret it serves HTTP."
        )
    if {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"} <= os.environ.keys():
        # Bolt reads these by itself, and would then ask an empty store of installations for a token.
        raise BadSettings(
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET: they belong to apps that many workspaces install. "
            "Rounds serves the workspace of SLACK_BOT_TOKEN; unset them."
        )
    return settings
