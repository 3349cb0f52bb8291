"""One bot in a process of its own: `python -m tests.benchmarks._bot bare|rounds|delivering`.

*bare* is a Bolt app built the same way, behind the same server, whose listeners only acknowledge. *rounds*
is the real bot, which answers requests but leaves what it owes; *delivering* also pays it. Settings come from
the environment, the address goes to the standard output, and the end of the standard input ends it.
"""

import os
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

ANYTHING = re.compile(".*")


def bare() -> None:
    """Serve a Bolt app that knows nothing."""
    from slack_bolt import Ack, App, BoltResponse  # noqa: PLC0415 - each bot imports only what it needs.
    from slack_bolt.authorization import AuthorizeResult  # noqa: PLC0415 - as above.

    from bot.web.server import LISTENERS, server, site  # noqa: PLC0415 - as above.
    from tests.benchmarks._load import SECRET, TEAM  # noqa: PLC0415 - as above.

    known = AuthorizeResult(
        enterprise_id=None, team_id=TEAM, bot_user_id="U0ROUNDS", bot_id="B0ROUNDS", bot_token="xoxb-bench"
    )
    app = App(
        authorize=lambda: known,
        signing_secret=SECRET,
        process_before_response=True,
        ignoring_self_events_enabled=False,
        before_authorize=lambda next: next(),  # noqa: A006 - Bolt's name.
    )

    @app.command("/incident")
    def commanded(ack: Ack, command: dict[str, Any]) -> None:  # noqa: ARG001 - as the real listener.
        ack()

    @app.event("message")
    def wrote(event: dict[str, Any]) -> None:
        """Acknowledge."""

    @app.error
    def failed(error: Exception) -> BoltResponse:  # noqa: ARG001 - as the real one.
        return BoltResponse(status=500)

    pool = ThreadPoolExecutor(LISTENERS)
    web = server(
        site(app, lambda: {"ok": True, "waiting": 0}, pool),
        "127.0.0.1",
        int(os.environ.get("ROUNDS_PORT", "0")),
    )
    threading.Thread(target=web.run, daemon=True).start()
    while not web.started:
        threading.Event().wait(0.001)
    _until_ended(f"http://127.0.0.1:{web.servers[0].sockets[0].getsockname()[1]}")


def rounds(*, delivering: bool) -> None:
    """Serve the real bot."""
    from bot import config, logs  # noqa: PLC0415 - as above.
    from bot.wiring import wire  # noqa: PLC0415 - as above.

    settings = config.from_environment()
    logs.configure(settings.rounds_log)
    bot = wire(settings)
    if delivering:
        bot.start()
    else:
        bot.serve()
    _until_ended(bot.url)
    bot.stop()


def _until_ended(url: str) -> None:
    print(url, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare()
    else:
        rounds(delivering=sys.argv[1] == "delivering")
