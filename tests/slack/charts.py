"""Charts to look at: the work of an incident as steps, and the judges of everything we render."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import Block as SdkBlock

from bot.domain.chart import Entry, File, Kind
from bot.domain.diagnosis.arguing import Stance
from bot.domain.diagnosis.estimate import How
from bot.domain.diagnosis.next_test import advise
from bot.domain.diagnosis.opinions import Judged, Round
from bot.domain.diagnosis.testing import Verdict
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.domain.incident import Incident, Phase, Severity
from bot.domain.signs.stability import Stability
from bot.domain.signs.vital_grammar import read
from bot.domain.therapy.treatment import Outcome
from bot.domain.triage import Answers
from bot.domain.ward import Chart
from bot.domain.work.fold import fold
from bot.domain.work.steps import (
    Argued,
    Asked,
    Completed,
    Ended,
    Expected,
    Found,
    Happened,
    ImpactSaid,
    Measured,
    Named,
    OnsetSaid,
    Planned,
    Prepared,
    Promised,
    Recorded,
    Revoked,
    StabilitySaid,
    Started,
    Step,
    Suspect,
)
from bot.sandbox.blockkit.blocks import BLOCK, MOST_BLOCKS, VIEWS
from bot.sandbox.blockkit.fields import Report, array
from bot.slack.render.calls import View

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUARTER_PAST = NOON + timedelta(minutes=15)
ANA, BEN = UserId("U0ANA"), UserId("U0BEN")
HERE, ROOT = ChannelId("C0HERE"), MessageTs("1700000000.000100")
SEVEN = IncidentNumber(7)
NAMES = {ANA: "ana", BEN: "ben"}
HOSTILE = [
    "<!channel> <!here> <@U0BEN> @here @channel @Everyone",
    "&lt;!channel&gt; &amp;",
    "``` unclosed ` and *bold _and ~strike",
    "x" * 40_000,
    "\u202e txet lortnoc \u2066 \u200b\u200d",
    "\x00\x07\x1b[31m\ud800",
    "   \n\t ",
    "<https://x.y|click> <mailto:a@b>",
    "@U0BEN " * 500,
    "a line; costs 10m; irreversible\n" * 30,
]
PINGS = re.compile(r"<!|<@|@(here|channel|everyone)\b", re.IGNORECASE)
# What a message may hold in all its blocks before Slack calls it too long, with a reserve.
MESSAGE_BUDGET = 10_000

COLLATOR = Named(
    hypotheses=(
        Suspect(letter="A", statement="collator gets string columns", p=0.3, how=How.NUMBER, impact=3),
        Suspect(letter="B", statement="learning rate too high after the warm-up", p=0.4, how=How.NUMBER),
        Suspect(
            letter="C",
            statement="last checkpoint is corrupt",
            p=0.1,
            how=How.WORD,
            impact=5,
            assumption="input",
        ),
    )
)


def incident(text: str, **changes: Any) -> Incident:
    fields: dict[str, Any] = {
        "team": TeamId("T0"),
        "number": SEVEN,
        "title": text,
        "seen": text + " ",
        "severity": Severity.SEV2,
        "triaged_at": NOON,
        "lead": BEN,
        "private": False,
        "channel": HERE,
        "thread_ts": ROOT,
        "opened_by": ANA,
        "opened_at": NOON,
        "active_at": NOON,
    }
    return Incident(**fields | changes)


def entry(kind: Kind, text: str, **changes: Any) -> Entry:
    fields: dict[str, Any] = {
        "incident": SEVEN,
        "seq": 1,
        "kind": kind,
        "text": text,
        "author": BEN,
        "at": NOON,
        "logged_by": BEN,
    }
    return Entry(**fields | changes)


def after(
    steps: Sequence[Step], *, minutes: int = 20, text: str = "Loss is NaN since step 3100", **changes: Any
) -> Chart:
    """The chart of an incident after *steps*, one a minute, as it looks some minutes after noon."""
    recorded = [
        Recorded(seq=place, step=step, by=ANA, at=NOON + timedelta(minutes=place))
        for place, step in enumerate(steps)
    ]
    workup = fold(recorded)
    fields: dict[str, Any] = {
        "incident": incident(text),
        "phase": Phase.TESTING,
        "first_severity": Severity.SEV3,
        "recent": (),
        "names": NAMES,
        "at": NOON + timedelta(minutes=minutes),
        "workup": workup,
        "advice": advise(workup.differential, workup.open_tests) if workup.open_tests else None,
    }
    return Chart(**fields | changes)


def measured() -> list[Step]:
    """Vital signs that got worse and better, while a fix was tried."""
    return [
        Measured(readings=tuple(read("loss=1.8 throughput=1x grad_norm=3 median 3.1"))),
        Measured(readings=tuple(read("loss=nan grad_norm=812 throughput=0.4x p99=2.1s gpus_idle=16"))),
        Started(name="A1", plan="A", text="rolled back to 3f2a", window=timedelta(minutes=30)),
        Measured(readings=tuple(read("loss=1.8 throughput=0.95x grad_norm=3.3"))),
    ]


def promised() -> list[Step]:
    """Three actions: one is late, one has no time, and one is done."""
    return [
        Promised(action=1, text="rerun the eval", owner=BEN, due=NOON + timedelta(minutes=10)),
        Promised(action=2, text="ask the vendor", owner=ANA),
        Promised(action=3, text="pause the job", owner=ANA, due=NOON + timedelta(minutes=30)),
        Completed(action=3, words="its GPUs are idle"),
    ]


def ready() -> list[Step]:
    """What the next person has to know: contingencies of each state, impact, onset, and a person's word."""
    return [
        COLLATOR,
        Measured(readings=tuple(read("loss=1.8 throughput=1x"))),
        ImpactSaid(words="eval pipeline of 3 teams blocked"),
        OnsetSaid(onset=NOON - timedelta(hours=2)),
        StabilitySaid(word=Stability.WATCHER, reason="cache is cold, may tip over"),
        Prepared(contingency=1, when="loss > 4", then="roll back to step 2900", owner=BEN, about=("A",)),
        Prepared(contingency=2, when="a node is lost", then="drain its shard", owner=ANA),
        Prepared(contingency=3, when="the vendor calls", then="page @U0BEN", owner=ANA, about=("B", "C")),
        Happened(contingency=2, words="node 7"),
        Revoked(contingency=3, words="ticket closed"),
    ]


def expecting(test: int, **likelihoods: float) -> Expected:
    return Expected(test=test, likelihoods=likelihoods)


def the_work() -> list[Step]:
    """A differential, a result that moved it, an open test, a plan, and a fix that is running."""
    return [
        COLLATOR,
        Argued(letter="A", stance=Stance.FOR, words="KeyError 'text' in row 3"),
        Argued(letter="A", stance=Stance.ABSENT, words="a warning of the tokenizer"),
        Asked(test=1, question="run the collator on 8 rows", minutes=5, owner=ANA, bears_on=("A", "B")),
        expecting(1, A=0.95, B=0.05, C=0.5),
        Found(test=1, verdict=Verdict.POSITIVE, words="KeyError 'text'"),
        Asked(
            test=2, question="load the checkpoint on one GPU", minutes=10, due=NOON + timedelta(minutes=15)
        ),
        expecting(2, A=0.05, B=0.05, C=0.95),
        Asked(test=3, question="halve the learning rate for 50 steps", owner=BEN),
        Planned(
            plan="B",
            text="pin datasets<3.0",
            target="A",
            costs=timedelta(minutes=10),
            saves=timedelta(hours=2),
            revert="unpin it",
        ),
        Started(
            name="A1",
            plan="A",
            text="roll back to commit 3f2a",
            target="A",
            expect="loss is finite",
            window=timedelta(minutes=30),
            revert="redeploy 9c1d",
        ),
    ]


def round_of(*found: Judged, answered: tuple[UserId, ...], silent: tuple[UserId, ...] = ()) -> Round:
    """A round of second opinions that is over."""
    return Round(
        number=1,
        asked_by=ANA,
        asked=(*answered, *silent),
        due_at=NOON,
        closed_at=NOON,
        answered=answered,
        judged=found,
        other=1 - sum(each.p for each in found),
    )


def failed() -> list[Step]:
    """The same, and the fix did not work."""
    return [*the_work(), Ended(name="A1", outcome=Outcome.FAILED, words="still NaN")]


def crowded(text: str, *, hypotheses: int = 12, tests: int = 20) -> Chart:
    """A chart with too much of everything, in which every word somebody typed is *text*."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:hypotheses]
    suspects = tuple(
        Suspect(letter=letter, statement=text, impact=4 + place % 2, assumption="dtype")
        for place, letter in enumerate(letters)
    )
    steps: list[Step] = [Named(hypotheses=suspects)]
    for letter in letters:
        steps += [Argued(letter=letter, stance=stance, words=text) for stance in Stance]
    for test in range(1, tests + 1):
        steps.append(Asked(test=test, question=text, owner=BEN, due=NOON, script=text, assumption=text))
        if test % 3:
            steps.append(Expected(test=test, likelihoods=dict.fromkeys(letters, 0.5) | {letters[0]: 0.95}))
        if test % 2:
            steps.append(Found(test=test, verdict=Verdict.POSITIVE, words=text, output=text))
    steps += [
        Planned(plan=letter, text=text, target="A", expect=text, revert=text, costs=timedelta(minutes=3))
        for letter in letters
    ]
    steps += [
        Started(name="A1", plan="A", text=text, target="A", window=timedelta(minutes=1), expect=text),
        Ended(name="A1", outcome=Outcome.FAILED, words=text),
        Started(name="B1", plan="B", text=text, window=timedelta(minutes=1), revert=text, irreversible=True),
        Started(name="C1", plan="C", text=text, window=timedelta(minutes=1), bundled_with="B1"),
        *(Promised(action=number, text=text, owner=BEN, due=NOON) for number in range(1, 20)),
        *(Completed(action=number, words=text) for number in range(10, 20)),
        *(
            Prepared(contingency=number, when=text, then=text, owner=BEN, about=tuple(letters[:9]))
            for number in range(1, 20)
        ),
        *(Happened(contingency=number, words=text) for number in range(1, 5)),
        *(Revoked(contingency=number, words=text) for number in range(10, 20)),
        ImpactSaid(words=text),
        OnsetSaid(onset=NOON),
        StabilitySaid(word=Stability.UNSTABLE, reason=text),
    ]
    return after(
        steps,
        minutes=500,
        text=text,
        names={BEN: text, ANA: text},
        treat=(text, text, text),
        log=entry(Kind.LOG, text, files=(File(text, "https://files.example.com/1"),)),
        answers=Answers(cannot_wait=True, resources=3),
        recent=tuple(entry(kind, text) for kind in Kind),
    )


def judged(built: Sequence[Any], surface: str = "message") -> None:
    """Slack would take every block: so say its SDK's models and the sandbox's tables."""
    report = Report(surface)
    array(BLOCK, MOST_BLOCKS[surface])(list(built), "/blocks", report)
    assert report.errors == []
    for block in built:
        parsed = SdkBlock.parse(block)
        assert parsed is not None
        parsed.validate_json()
    ids = [block["block_id"] for block in built if "block_id" in block]
    assert len(ids) == len(set(ids))
    for block in built:
        actions = [node["action_id"] for node in nodes(block) if "action_id" in node]
        assert len(actions) == len(set(actions))
    if surface == "message":
        texts = (node["text"] for node in nodes(list(built)) if isinstance(node.get("text"), str))
        assert sum(len(text) for text in texts) <= MESSAGE_BUDGET


def judged_view(view: View) -> None:
    """Slack would open the modal."""
    report = Report("modal")
    VIEWS["modal"](view, "/view", report)
    assert report.errors == []
    judged(view["blocks"], "modal")
    assert len(str(view)) < 200_000
    assert ("submit" in view) == any(block["type"] == "input" for block in view["blocks"])


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a tree of blocks."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from nodes(inner)


def quiet(text: str) -> bool:
    """Whether a text mentions nobody but the people we mean."""
    return not PINGS.search(re.sub(r"<@U0(ANA|BEN)>|<!date\^[^>]*>", "", text))


def all_quiet(built: Any) -> bool:
    """Whether nothing that Slack would parse pings anybody."""
    return all(quiet(node["text"]) for node in nodes(built) if node.get("type") == "mrkdwn")


def words_of(value: Any) -> str:
    """All that is to be read, part by part; a date is its fallback."""
    found = [
        node.get("text") or node.get("fallback")
        for node in nodes(value)
        if node.get("type") in {"text", "mrkdwn", "plain_text", "date"}
    ]
    return "".join(f"{text} " for text in found if text).replace("\N{NO-BREAK SPACE}", " ")


def captions(value: Any) -> dict[str, str]:
    """What each button says, by what it does."""
    return {node["action_id"]: node["text"]["text"] for node in nodes(value) if node.get("type") == "button"}
