"""Reads the Slack app manifest into what the sandbox needs of it: commands, shortcuts, scopes and events."""

from dataclasses import dataclass

from bot.sandbox.config import Json


@dataclass(frozen=True)
class Command:
    """A slash command as the app registered it."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True)
class Shortcut:
    """A global or message shortcut as the app registered it."""

    name: str
    type: str
    callback_id: str
    description: str


@dataclass(frozen=True)
class AppProfile:
    """The installed app; scopes or bot_events of None: nothing was declared, so everything is granted."""

    name: str
    bot_name: str
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    scopes: frozenset[str] | None
    bot_events: frozenset[str] | None
    home_tab: bool = True
    messages_tab: bool = True
    interactive: bool = True


DEFAULT_PROFILE = AppProfile(
    name="Rounds",
    bot_name="rounds",
    commands=(
        Command(
            "/incident", "Open, follow and hand over incidents", "open [sev] [title]", should_escape=True
        ),
    ),
    shortcuts=(),
    scopes=None,
    bot_events=None,
)


def read_manifest(manifest: Json | None) -> AppProfile:
    """The app as the manifest describes it, or one that may do everything."""
    if manifest is None:
        return DEFAULT_PROFILE
    features = manifest.get("features", {})
    settings = manifest.get("settings", {})
    home = features.get("app_home", {})
    name = manifest.get("display_information", {}).get("name", "Rounds")
    return AppProfile(
        name=name,
        bot_name=features.get("bot_user", {}).get("display_name", name),
        commands=tuple(_command(one) for one in features.get("slash_commands", [])),
        shortcuts=tuple(_shortcut(one) for one in features.get("shortcuts", [])),
        scopes=_scopes(manifest),
        bot_events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", False)),
        interactive=bool(settings.get("interactivity", {}).get("is_enabled", False)),
    )


def _scopes(manifest: Json) -> frozenset[str]:
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    return frozenset(scopes.get("bot", [])) | frozenset(scopes.get("bot_optional", []))


def _command(one: Json) -> Command:
    return Command(
        one["command"],
        one.get("description", ""),
        one.get("usage_hint", ""),
        should_escape=bool(one.get("should_escape", False)),
    )


def _shortcut(one: Json) -> Shortcut:
    return Shortcut(one["name"], one["type"], one["callback_id"], one.get("description", ""))
