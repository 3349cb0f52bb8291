"""Every listener on one page, and the one place where an error becomes an answer.

One listener for each kind of payload, and behind it a table: Bolt's own matching costs time for every
listener it has. Work is committed first and acknowledged then (`process_before_response`).
"""

import logging
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

import structlog
from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.internals import build_context

from bot.domain.errors import RoundsError, TooEarly
from bot.domain.heard import MENTION, mentioned
from bot.domain.ids import UserId
from bot.slack import actions, events, submissions
from bot.slack.commands import incident as commands
from bot.slack.desk import Desk
from bot.slack.gateway import CannotRead
from bot.slack.render import answers, modals
from bot.slack.render.blocks import explained
from bot.store import people
from bot.store.session import Unavailable

log = structlog.get_logger()
Body = dict[str, Any]
ANYTHING = re.compile(".*")


def build(desk: Desk, *, token: str, signing_secret: str | None) -> App:  # noqa: C901 - one page on purpose.
    """The Bolt app, without a connection: whoever has one brings it requests."""
    app = App(
        # Without a name, Bolt looks for one in the source of every caller, which takes 30 ms.
        name="rounds",
        # Or it warns of a token in the environment, in words that are not true of us and are no JSON.
        logger=logging.getLogger("slack_bolt"),
        authorize=_authorize(desk, token),
        signing_secret=signing_secret or "unused in Socket Mode",
        request_verification_enabled=signing_secret is not None,
        process_before_response=True,
        # The default would hide the deletion of our own chart; requests.py drops what is ours instead.
        ignoring_self_events_enabled=False,
        before_authorize=_before_authorize,
    )

    # Messages come first: every listener that a request passes by costs it time, and most are messages.
    @app.event("message")
    def wrote(event: Body) -> None:
        events.hear_message(desk, event)

    @app.command("/incident")
    def commanded(ack: Ack, command: Body) -> None:
        commands.carry_out(desk, command, ack)

    @app.event(re.compile(r"reaction_(added|removed)"))
    def reacted(event: Body) -> None:
        events.hear_reaction(desk, event)

    @app.event(ANYTHING)
    def happened(event: Body) -> None:
        events.hear_other(desk, event)

    @app.action(ANYTHING)
    def clicked(ack: Ack, body: Body) -> None:
        actions.click(desk, body)
        ack()

    @app.view(ANYTHING)
    def submitted(ack: Ack, body: Body) -> None:
        more = submissions.submit(desk, body)
        if more:
            ack(response_action="update", view=more)
        else:
            ack()

    @app.shortcut(ANYTHING)
    def shortcut(ack: Ack, body: Body) -> None:
        actions.use_shortcut(desk, body)
        ack()

    @app.error
    def failed(error: Exception, body: Body) -> BoltResponse:
        return _explain(desk, error, body)

    return app


def _authorize(desk: Desk, token: str) -> Callable[[], AuthorizeResult]:
    """Answer from memory who we are, instead of asking Slack with each request."""

    def authorize() -> AuthorizeResult:
        who = desk.identity()
        return AuthorizeResult(
            enterprise_id=None, team_id=who.team, bot_user_id=who.user, bot_id=who.bot_id, bot_token=token
        )

    return authorize


def _before_authorize(req: BoltRequest, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002 - Bolt's name.
    """What has to happen before anything else looks at a request."""
    _repair_form(req)
    if req.body.get("type") == "app_rate_limited":
        # Slack withholds events of a workspace for a minute. It is no event itself, and Bolt would refuse it.
        log.error("slack.app_rate_limited", minute=req.body.get("minute_rate_limited"))
        return BoltResponse(status=200)
    return next()


def _repair_form(req: BoltRequest) -> None:
    """Read a form that Bolt has mistaken for an interaction, because of the word "payload" in it."""
    kind = (req.headers.get("content-type") or [""])[0]
    if not req.body and req.raw_body and "form-urlencoded" in kind:
        req.body = dict(parse_qsl(req.raw_body, keep_blank_values=True))
        build_context(req.context, req.body)


def _explain(desk: Desk, error: Exception, body: Body) -> BoltResponse:
    """Turn an error into words for the person who can act on it, or into a refusal that Slack repeats."""
    if isinstance(error, TooEarly):
        return BoltResponse(status=503)
    text = _words(error)
    if "event" in body:
        return BoltResponse(status=500)
    if body.get("type") == "view_submission":
        fields = [block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"]
        named = getattr(error, "field", None)
        beside = named if named in fields else fields[-1]
        # What stands beside a field is plain text, in which nobody is known by an id.
        return _json({"response_action": "errors", "errors": {beside: _by_name(desk, text)}})
    if "command" in body:
        return _json(answers.refused(error, explained(text)))
    if body.get("response_url"):
        answer = answers.refused(error, explained(text))
        desk.gateway.whisper_back(body["response_url"], answer["text"], answer.get("blocks") or ())
    elif body.get("type") == "block_actions":
        desk.gateway.open_view(body["trigger_id"], modals.sorry_view(text), on_top=True)
    return BoltResponse(status=200)


def _by_name(desk: Desk, text: str) -> str:
    known = dict[UserId, str]()
    wanted = mentioned(text)
    # What has to be explained may be that the database is away.
    if wanted:
        with suppress(Unavailable), desk.database.reading() as session:
            known.update(people.names(session, desk.identity().team, wanted))
    return MENTION.sub(lambda found: f"@{known.get(UserId(found[1]), found[1])}", text)


def _words(error: Exception) -> str:
    if isinstance(error, RoundsError):
        return str(error)
    reference = uuid.uuid4().hex[:8]
    log.error("slack.failed", reference=reference, exc_info=error)
    if isinstance(error, Unavailable):
        why = "My database does not answer"
    elif isinstance(error, CannotRead):
        why = f"Slack did not let me ({error})"
    else:
        why = "Something broke on my side"
    return f"{why}, so nothing was changed. Please try again in a minute. (Reference {reference})"


def _json(body: Body) -> BoltResponse:
    return BoltResponse(status=200, body=body, headers={"content-type": ["application/json"]})
