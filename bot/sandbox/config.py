"""What a running sandbox is told from outside; everything else it decides itself."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class SandboxConfig:
    """Address, credentials, manifest; port 0 takes any free port, no request_url means Socket Mode."""

    host: str = "127.0.0.1"
    port: int = 0
    manifest: Json | None = None
    request_url: str | None = None
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105 - it guards nothing, the sandbox is local.
    bot_token: str = "xoxb-sandbox-bot"  # noqa: S105 - the same.
    app_token: str = "xapp-sandbox-app"  # noqa: S105 - the same.


class SlackError(Exception):
    """An answer of the Web API with ok false; `extra` holds the other keys Slack sends along."""

    def __init__(self, code: str, **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


class ControlError(Exception):
    """A sentence for whoever used the control API wrongly."""
