"""The demo: sandbox, bot and SQLite in one process, and an incident by hand or as a replayed case study."""

import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType

import typer
from pydantic import SecretStr

from bot import logs
from bot.config import Settings
from bot.domain.diagnosis.differential import OTHER, by_likelihood, unsettled
from bot.domain.diagnosis.estimate import percent
from bot.domain.ids import IncidentNumber, UserId
from bot.domain.prompts.question import Prompt
from bot.domain.therapy.intervention import Intervention
from bot.domain.work.workup import Workup
from bot.manifests import manifest_data
from bot.sandbox.cases import collator, gru_heads
from bot.sandbox.cases.player import CaseError, LetPass, Telling
from bot.sandbox.cases.player import play as play_case
from bot.sandbox.client import SandboxClient
from bot.sandbox.config import SandboxConfig
from bot.sandbox.server import Sandbox
from bot.store import backlog, digests, entries, handoffs, incidents, prompts, reviews
from bot.store.handoffs import Version
from bot.store.schema import migrate
from bot.store.session import Database
from bot.store.sole import Busy
from bot.usecases.follow_workup import read_workup
from bot.wiring import Bot, utc_now, wire

CASES = {"collator": collator.CASE, "gru-heads": gru_heads.CASE}
PATIENCE = 5.0
# What is due and cannot be done just now is waited for in steps of this, not for ever.
STRIDE = timedelta(seconds=1)
# A stranger is shown what any member of the workspace may see.
NOBODY = UserId("")


def play(*, folder: Path | None, case: str | None, port: int, fast: bool) -> None:
    """Run the demo until it is interrupted; a fast replay ends by itself."""
    if case is not None and case not in CASES:
        raise typer.BadParameter(f"There is no case {case!r}. There are: {', '.join(CASES)}.")
    logs.configure("text", level=logs.QUIET)
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rounds-")))
        sandbox = _sandbox(port)
        stack.callback(sandbox.stop)
        client = stack.enter_context(SandboxClient(sandbox.url))
        clock = Clock(client)
        if case:
            clock.moves(-CASES[case].story)
        bot = stack.enter_context(running(sandbox, place / "rounds.db", clock))
        typer.echo(f"Open {sandbox.url} in a browser. Database: {place / 'rounds.db'}. Ctrl-C ends it.")
        if case:
            _replay(bot, clock, case, fast=fast)
        if not (case and fast):
            _until_interrupted()


class Clock:
    """The real time, moved for the sandbox and the bot alike: a case begins in the past and ends now."""

    def __init__(self, client: SandboxClient) -> None:
        self.client = client
        self._moved = timedelta()

    def __call__(self) -> datetime:
        """What time it is in the story."""
        return utc_now() + self._moved

    def moves(self, span: timedelta) -> None:
        """Move both clocks."""
        self._moved += span
        self.client.clock(advance=span.total_seconds())


def _replay(bot: Bot, clock: Clock, case: str, *, fast: bool) -> None:
    """Play a case, then say how it went and how it ended."""
    telling = Telling(say=typer.echo, speed=0.0 if fast else 1.0, let_pass=passing(bot, clock))
    try:
        summary = play_case(clock.client, CASES[case], telling)
    except CaseError as error:
        typer.echo(f"The case cannot go on. {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(str(summary))
    for line in ending(bot, IncidentNumber(int(summary.incident.removeprefix("INC-")))):
        typer.echo(f"  {line}")


def passing(bot: Bot, clock: Clock) -> LetPass:
    """Lets time pass for a case, however fast it is told: what falls due on the way is done in its moment."""

    def let_pass(span: timedelta) -> None:
        left = span
        _wait_until_quiet(bot, clock.client)
        while left > timedelta():
            hop = min(left, _next_event(bot, clock(), left))
            clock.moves(hop)
            left -= hop
            _wait_until_quiet(bot, clock.client)

    return let_pass


def _next_event(bot: Bot, now: datetime, within: timedelta) -> timedelta:
    """How long it is until the next prompt or digest falls due, or *within* if none does so soon."""
    with bot.desk.database.reading() as session:
        asked = reviews.late(session, now + within).oldest
        orders = digests.orders(session, bot.desk.identity().team, viewer=NOBODY, here=None)
    due = min((at for at in (asked, *(order.due_at for order in orders)) if at), default=now + within)
    return max(due - now, STRIDE)


def _wait_until_quiet(bot: Bot, client: SandboxClient) -> None:
    """Do what is due and wait for what is being sent: were time to pass meanwhile, it would seem lost."""
    client.settle()
    bot.clockwork.tick()
    bot.relay.wake()
    deadline = time.monotonic() + PATIENCE
    while _waiting(bot) and time.monotonic() < deadline:
        time.sleep(0.02)


def _waiting(bot: Bot) -> int:
    with bot.desk.database.reading() as session:
        return backlog.owed(session).waiting


def ending(bot: Bot, number: IncidentNumber) -> Iterator[str]:
    """How an incident ended: its cause, what was ruled out and tried, its handoffs, what is still open."""
    team = bot.desk.identity().team
    with bot.desk.database.reading() as session:
        incident = incidents.get(session, team, number)
        workup = read_workup(session, team, number)
        handed = handoffs.accepted(session, team, number)
        amount = len(entries.of(session, team, number))
        # As of its opening, nothing that was asked is long ago.
        asked = prompts.of(session, team, number, incident.opened_at)
    yield f"Resolved: {incident.diagnosis}" if incident.resolved_at else "Not resolved"
    yield from _worked_up(workup)
    yield f"Handoff: {_list(map(_handed, handed))}"
    yield f"Entries: {amount}"
    yield _asked(asked)


def _worked_up(workup: Workup) -> Iterator[str]:
    now = workup.differential
    shown = [f"{each.letter} {percent(now.p(each.letter))}" for each in by_likelihood(now)]
    yield f"Differential: {', '.join([*shown, f'something else {percent(now.p(OTHER))}'])}"
    gone = [each for each in now.hypotheses if not each.live]
    yield f"Ruled out: {_list(f'{each.letter} by {each.eliminated_by}' for each in gone)}"
    yield f"Waived: {_list(each.letter for each in now.hypotheses if each.waived_by)}"
    yield f"Interventions: {_list(map(_tried, workup.interventions))}"
    running = [each.name for each in (workup.active, workup.owing_revert) if each]
    tests = [test.name for test in workup.open_tests]
    yield f"Still open: {_list([*running, *tests, *(each.letter for each in unsettled(now))])}"


def _handed(each: Version) -> str:
    """An accepted handoff, with the score of what was handed over and read back."""
    asked = each.document.asked
    giver, receiver = (asked.names.get(who, who) for who in (asked.giver, asked.receiver or NOBODY))
    elements = "all five elements" if each.five_elements else "not all five elements"
    return f"{giver} to {receiver}, read back, score {each.score} of 100, {elements}"


def _asked(every: Iterable[Prompt]) -> str:
    """What became of the questions that were asked; what happened answers as well as a person does."""
    found = [each for each in every if each.asks]
    declined = sum(each.declined_at is not None for each in found)
    answered = sum(each.answered_at is not None and each.declined_at is None for each in found)
    told = sum(each.escalated_at is not None for each in found)
    return f"Prompts: {len(found)} asked, {answered} answered, {declined} declined, {told} escalated"


def _tried(each: Intervention) -> str:
    outcome = each.outcome.value if each.outcome else "is running"
    return f"{each.name} {outcome}{' and was reverted' if each.reverted_at else ''}"


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"


def _sandbox(port: int) -> Sandbox:
    """A sandbox on the port.

    Raises:
        Busy: Something else has it.
    """
    sandbox = Sandbox(SandboxConfig(port=port, manifest=manifest_data("socket")))
    try:
        sandbox.start()
    except OSError as error:
        raise Busy(
            f"Port {port} cannot be used ({error.strerror}). Take any free one with --port 0."
        ) from error
    return sandbox


@contextmanager
def running(sandbox: Sandbox, file: Path, clock: Callable[[], datetime] = utc_now) -> Iterator[Bot]:
    """A bot on its own SQLite file, connected to the sandbox."""
    url = f"sqlite:///{file}"
    file.parent.mkdir(parents=True, exist_ok=True)
    database = Database(url)
    migrate(database)
    database.close()
    bot = wire(
        Settings(
            slack_bot_token=SecretStr(sandbox.config.bot_token),
            slack_app_token=SecretStr(sandbox.config.app_token),
            slack_api_url=sandbox.api_url,
            rounds_database_url=url,
            rounds_port=0,
            # The sandbox takes any number of messages, and a case that is replayed at once has many.
            rounds_pace="none",
        ),
        clock,
    )
    bot.start()
    try:
        bot.socket_ready()
        yield bot
    finally:
        bot.stop()


def _until_interrupted() -> None:
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    ended.wait()
