"""Events, commands and interactions over HTTP: Slack's signatures, retry headers and bodies."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

from bot.sandbox.delivery import Answer, Job
from bot.sandbox.http_post import HttpPoster, Reply

FORM = "application/x-www-form-urlencoded"
REASONS = {"timeout": "http_timeout", "dropped": "http_timeout"}
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature."""
    return (
        "v0="
        + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    )


async def post_job(poster: HttpPoster, url: str, secret: str, job: Job, seconds: float) -> Answer:
    """One attempt to deliver the job to the request URL."""
    content_type, body = _body(job)
    # The signature carries real time: a real Bolt app refuses what is five minutes off.
    timestamp = str(int(time.time()))
    headers = {
        "content-type": content_type,
        "user-agent": AGENT,
        "accept": "*/*",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": sign(secret, timestamp, body),
    }
    if job.attempt:
        headers["x-slack-retry-num"] = str(job.attempt)
        headers["x-slack-retry-reason"] = REASONS.get(job.failure, job.failure)
    try:
        return _answer(await poster.post(url, headers, body, seconds))
    except TimeoutError:
        return Answer("timeout")
    except OSError:
        return Answer("connection_failed")


def _body(job: Job) -> tuple[str, bytes]:
    if job.kind == "event":
        return "application/json", json.dumps(job.payload).encode()
    if job.kind == "command":
        return FORM, urlencode(job.payload).encode()
    return FORM, urlencode({"payload": json.dumps(job.payload)}).encode()


def _answer(reply: Reply) -> Answer:
    good = 200 <= reply.status < 300  # noqa: PLR2004 - the class of statuses that Slack takes as done.
    no_retry = reply.headers.get("x-slack-no-retry") == "1"
    text = reply.body.decode("utf-8", "replace")
    return Answer("ok" if good else "http_error", reply.status, text, no_retry=no_retry)
