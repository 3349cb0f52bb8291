"""Checks what a running bot needs, and says of each thing that is wrong how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.config import BadSettings, Settings, from_environment
from bot.manifests import manifest_data
from bot.slack.gateway import CannotRead, Gateway
from bot.store import backlog, reviews, shifts
from bot.store.schema import WrongSchema, check
from bot.store.session import Database, Unavailable

_LIST = "; see `rounds outbox list`"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    ok: bool
    what: str


def examine(now: datetime) -> Iterator[Finding]:
    """Look at the settings, the database and Slack, in this order, as they are *now*."""
    try:
        settings = from_environment()
    except BadSettings as error:
        yield Finding(ok=False, what=f"Settings: {error}")
        return
    yield Finding(ok=True, what="Settings: complete")
    yield from _database(settings, now)
    yield from _slack(settings)


def _database(settings: Settings, now: datetime) -> Iterator[Finding]:
    database = Database(settings.rounds_database_url)
    try:
        check(database)
        with database.reading() as session:
            owed, failing = backlog.measured(session), backlog.failing(session)
            asked = reviews.late(session, now)
            unread = shifts.troubles(session)
    except (WrongSchema, Unavailable) as error:
        yield Finding(ok=False, what=f"Database: {error}")
    else:
        yield Finding(ok=True, what="Database: reachable, at the newest revision")
        yield Finding(
            ok=not (owed.blocked or owed.given_up),
            what=f"Outbox: {owed.waiting} waiting, {owed.blocked} parked, {owed.given_up} given up"
            + _since(owed.oldest)
            + (_LIST if owed.blocked or owed.given_up else ""),
        )
        yield Finding(
            ok=not failing,
            what=f"Prompts: {asked.due} due, {failing} failing"
            + _since(asked.oldest)
            + (_LIST if failing else ""),
        )
        for each in unread:
            since = f" since {each.since:%Y-%m-%d %H:%M} UTC" if each.since else ""
            what = f"Shifts: {each.label} cannot be read{since}: {each.problem}"
            yield Finding(ok=False, what=f"{what}; what was read last still counts")
    finally:
        database.close()


def _since(oldest: datetime | None) -> str:
    return f", the oldest since {oldest:%Y-%m-%d %H:%M} UTC" if oldest else ""


def _slack(settings: Settings) -> Iterator[Finding]:
    token = settings.slack_bot_token.get_secret_value()
    try:
        who = Gateway(token, settings.slack_api_url).whoami()
    except CannotRead as error:
        yield Finding(ok=False, what=f"Slack: {error}; check SLACK_BOT_TOKEN and the network")
        return
    yield Finding(ok=True, what=f"Slack: {who['user']} in {who['team']}")
    yield from _scopes(settings, token)
    if settings.slack_app_token:
        yield _socket(settings)


def _scopes(settings: Settings, token: str) -> Iterator[Finding]:
    """Slack names the granted scopes in a header of each answer."""
    answer = WebClient(token=token, base_url=settings.slack_api_url).auth_test()
    named = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), None)
    if named is None:
        return
    granted = {scope.strip() for scope in (named if isinstance(named, str) else ",".join(named)).split(",")}
    missing = sorted(set(manifest_data("socket")["oauth_config"]["scopes"]["bot"]) - granted)
    if missing:
        again = "update the app from `rounds manifest` and install it again"
        yield Finding(ok=False, what=f"Scopes: {', '.join(missing)} missing; {again}")
    else:
        yield Finding(ok=True, what="Scopes: all granted")


def _socket(settings: Settings) -> Finding:
    assert settings.slack_app_token  # noqa: S101 - the caller has looked.
    client = WebClient(base_url=settings.slack_api_url)
    try:
        client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except (SlackClientError, OSError) as error:
        return Finding(
            ok=False,
            what=f"Socket Mode: {error}; SLACK_APP_TOKEN needs the scope connections:write, and the app "
            "Socket Mode switched on",
        )
    return Finding(ok=True, what="Socket Mode: Slack accepts a connection")
