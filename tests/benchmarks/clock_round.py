"""One simulated ward from its first incident to the referee's word on every prompt, message and digest."""

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.manifests import manifest_data
from bot.sandbox.server import Sandbox, SandboxConfig
from bot.store.session import Session
from bot.store.tables import incidents, outbox
from tests.benchmarks import clock_digests
from tests.benchmarks.clock_facts import delivered_in, with_delivery
from tests.benchmarks.clock_referee import Fault, Referee, Scene
from tests.benchmarks.clock_stage import Setting, stage
from tests.benchmarks.clock_ward import Ward, ward

HOUR = timedelta(hours=1)
# Two posts that are owed five minutes apart come so many seconds less apart, at most.
JITTER = 5.0
DAY = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class Found:
    """What came of a ward; those of several add up. Times are in seconds."""

    days: float = 0.0
    steps: int = 0
    hours: Counter[int] = field(default_factory=Counter)
    messages: Counter[int] = field(default_factory=Counter)
    prompts: Counter[int] = field(default_factory=Counter)
    worst_hour: list[int] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    delivered: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    coalesced: int = 0
    digests: int = 0
    skipped: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        """Both together."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


def play(setting: Setting, url: str, days: float, seed: int) -> Found:
    """Let a ward live, and judge it."""
    config = SandboxConfig(manifest=manifest_data("http"))
    with Sandbox(config) as sandbox, ward(sandbox, url, setting.begins, seed) as one:
        wishes = stage(one, setting, days)
        one.runs(setting.ends)
        with one.eyes.reading() as session:
            found = _judged(one, session, setting.ends)
            sent = clock_digests.judge(
                session, wishes, one.journal.posts, one.away, (setting.begins, setting.ends)
            )
            _add_faults(found, setting, [*sent.faults, *_messages(one, session, found)])
        found.digests, found.skipped, found.steps = sent.due, sent.skipped, one.steps
        complaints = one.slack.complaints()
        found.faults += [f"{setting.name}: complaint: {each}" for each in complaints[:20]]
    return found


def _add_faults(found: Found, setting: Setting, faults: list[Fault]) -> None:
    found.faults += [
        f"{setting.name}: {each.what} at {each.at:%d %H:%M:%S}: {each.detail}" for each in faults
    ]


def _judged(one: Ward, session: Session, until: datetime) -> Found:
    """What the referee says of each incident."""
    found, delivered = Found(), delivered_in(session)
    for number, recorded in one.recorded.items():
        asks = with_delivery(recorded.asks, number, delivered)
        verdict = Referee(one.away).judge(recorded.scenes, asks, until)
        found.late += [late.total_seconds() for late in verdict.late]
        found.asked += verdict.asked
        found.coalesced += verdict.coalesced
        found.kinds.update(kind for each in asks for kind, _ in each.keys)
        found.delivered += [(a.delivered - a.at).total_seconds() for a in asks if a.delivered]
        found.faults += [f"INC-{number} {f.what} at {f.at:%d %H:%M:%S}: {f.detail}" for f in verdict.faults]
        found.hours.update(_hours(recorded.scenes, until))
        found.days += sum(_hours(recorded.scenes, until).values()) / 24
    return found


def _hours(scenes: list[Scene], until: datetime) -> dict[int, float]:
    """How long an incident had each severity while it was open."""
    spent: defaultdict[int, float] = defaultdict(float)
    for each, following in zip(scenes, [*(scene.at for scene in scenes[1:]), until], strict=True):
        if not each.resolved:
            spent[each.severity] += (following - each.at) / HOUR
    return spent


def _messages(one: Ward, session: Session, found: Found) -> list[Fault]:
    """Count what stood in each thread, and look for prompts that were posted twice or stood side by side."""
    threads = {
        (row.channel, row.thread_ts): row.number
        for row in session.execute(select(incidents.c.channel, incidents.c.thread_ts, incidents.c.number))
    }
    hours: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for post in one.journal.posts:
        number = threads.get((post.channel, post.thread_ts or ""))
        if number is None:
            continue
        severity = _severity(one.recorded[number].scenes, datetime.fromtimestamp(post.at, UTC))
        found.messages[severity] += 1
        if post.key.startswith(("prompt:", "escalated:")):
            found.prompts[severity] += 1
        if post.key.startswith("prompt:"):
            # The budget of a thread does not count what is told to a person.
            hours[number, severity].append(post.at)
    found.worst_hour += [most_in_an_hour(times) for (_, severity), times in hours.items() if severity == 1]
    return [*_twice(one), *_side_by_side(one, session)]


def _severity(scenes: list[Scene], at: datetime) -> int:
    place = bisect_right([scene.at for scene in scenes], at)
    return scenes[max(place - 1, 0)].severity


def most_in_an_hour(times: list[float]) -> int:
    """The most that came within any hour, give or take what the way to Slack takes one time and another."""
    times = sorted(times)
    return max(place + 1 - bisect_right(times, at - 3600 + JITTER) for place, at in enumerate(times))


def _twice(one: Ward) -> list[Fault]:
    times = Counter(post.key for post in one.journal.posts if post.key.startswith(("prompt:", "escalated:")))
    return [Fault("posted twice", one.clock.now, f"{key} {n} times") for key, n in times.items() if n > 1]


def _side_by_side(one: Ward, session: Session) -> list[Fault]:
    """Each prompt has to be gone before the next one of its thread is posted."""
    found: Any = session.execute(
        select(outbox.c.key, outbox.c.slack_ts).where(outbox.c.key.startswith("prompt:"))
    )
    ts_of = {row.key: row.slack_ts for row in found}
    gone = {each.ts: each.place for each in one.journal.deletions}
    faults = []
    for post in one.journal.posts:
        word, _, rest = post.key.partition(":")
        if word == "prompt" and not rest.endswith(":1"):
            number, living = rest.split(":")
            before = ts_of.get(f"prompt:{number}:{int(living) - 1}")
            if before and gone.get(before, post.place) >= post.place:
                at = datetime.fromtimestamp(post.at, UTC)
                faults.append(Fault("side by side", at, f"{post.key} and the one before"))
    return faults
