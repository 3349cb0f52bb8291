"""Brings events, commands and clicks to the bot, with Slack's patience: three seconds, three tries more.

How the bot is reached (socket or HTTP) is a function given; here live order, copies, holding and retries.
"""

import asyncio
import heapq
import itertools
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.sandbox.config import Json
from bot.sandbox.journal import Journal

RETRY_DELAYS = (0.0, 60.0, 300.0)


@dataclass(frozen=True)
class Answer:
    """How one attempt ended, and what the bot said."""

    outcome: str
    status: int | None = None
    body: str = ""
    no_retry: bool = False


@dataclass
class Job:
    """One thing to deliver; `first` is set when its first attempt has been answered or given up."""

    kind: str
    type: str
    id: str
    payload: Json
    first: "asyncio.Future[Answer]"
    world: int = 0
    attempt: int = 0
    failure: str = ""


@dataclass(frozen=True)
class Settings:
    """What the control API can bend."""

    copies: int = 1
    parallel: bool = False
    hold: bool = False
    drop: int = 0
    answer_timeout: float = 3.0


Send = Callable[[Job, float], Awaitable[Answer]]


@dataclass
class Delivery:
    """The postman: all that is under way, held back or waiting for its next try."""

    send: Send
    now: Callable[[], float]
    journal: Journal
    settings: Settings = Settings()
    held: list[Job] = field(default_factory=list)
    _world: int = 0
    _later: list[tuple[float, int, Job]] = field(default_factory=list)
    _order: "itertools.count[int]" = field(default_factory=itertools.count)
    _under_way: set["asyncio.Task[None]"] = field(default_factory=set)
    _collected: list[Job] | None = None
    _clock_moved: asyncio.Event = field(default_factory=asyncio.Event)

    def submit(self, kind: str, kind_type: str, identifier: str, payload: Json) -> Job:
        """Starts the first attempt at once, unless events are held."""
        first: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        job = Job(kind, kind_type, identifier, payload, first, self._world)
        if self._collected is not None:
            self._collected.append(job)
        if kind == "event" and self.settings.hold:
            self.held.append(job)
            self._note(job, Answer("held"), 0.0)
            job.first.set_result(Answer("held"))
        else:
            self._start(job)
        return job

    @contextmanager
    def collecting(self) -> Iterator[list[Job]]:
        """Lists the jobs that the body submits; the body must not await."""
        jobs: list[Job] = []
        self._collected = jobs
        try:
            yield jobs
        finally:
            self._collected = None

    async def release(self, order: str, seed: int | None) -> int:
        """Delivers what was held, in that order, and stops holding."""
        jobs, self.held = self.held, []
        self.configure(hold=False)
        if order == "reverse":
            jobs.reverse()
        elif order == "random":
            random.Random(seed).shuffle(jobs)  # noqa: S311 - a repeatable shuffle is the point.
        for job in jobs:
            job.first = asyncio.get_running_loop().create_future()
            self._start(job)
            if not self.settings.parallel:
                await job.first
        await asyncio.gather(*(job.first for job in jobs))
        return len(jobs)

    def configure(self, **changes: object) -> None:
        """Takes over the settings named."""
        self.settings = Settings(**{**vars(self.settings), **changes})

    def clear(self) -> None:
        """Forgets what is held or waiting for a retry; what is under way ends unseen and is not repeated."""
        self._world += 1
        self.settings = Settings()
        self.held.clear()
        self._later.clear()

    def waiting(self) -> int:
        """How many retries are booked."""
        return len(self._later)

    async def settled(self, seconds: float) -> bool:
        """Whether nothing was under way any more before the time ran out."""
        end = time.monotonic() + seconds
        while self._under_way:
            left = end - time.monotonic()
            if left <= 0:
                return False
            await asyncio.wait(self._under_way, timeout=left)
        return True

    def clock_moved(self) -> None:
        """The sandbox's clock has jumped: retries may be due."""
        self._clock_moved.set()

    async def keep_retrying(self) -> None:
        """Runs for ever: starts each booked retry when the sandbox's clock reaches it."""
        while True:
            while self._later and self._later[0][0] <= self.now():
                self._start(heapq.heappop(self._later)[2])
            pause = self._later[0][0] - self.now() if self._later else None
            try:
                async with asyncio.timeout(pause):
                    await self._clock_moved.wait()
            except TimeoutError:
                continue
            self._clock_moved.clear()

    def _start(self, job: Job) -> None:
        task = asyncio.get_running_loop().create_task(self._run(job))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _run(self, job: Job) -> None:
        while True:
            answer = await self._attempt(job)
            if not job.first.done():
                job.first.set_result(answer)
            if answer.outcome == "ok" or not self._repeats(job, answer):
                return
            delay = RETRY_DELAYS[job.attempt]
            job.attempt += 1
            job.failure = answer.outcome
            if delay:
                heapq.heappush(self._later, (self.now() + delay, next(self._order), job))
                self._clock_moved.set()
                return

    def _repeats(self, job: Job, answer: Answer) -> bool:
        """Whether Slack would try once more; what belongs to a world before a reset is left alone."""
        left = job.attempt < len(RETRY_DELAYS) and job.world == self._world
        return job.kind == "event" and left and not answer.no_retry

    async def _attempt(self, job: Job) -> Answer:
        if job.kind == "event" and job.attempt == 0 and self.settings.drop:
            self.configure(drop=self.settings.drop - 1)
            self._note(job, Answer("dropped"), 0.0)
            return Answer("dropped")
        copies = self.settings.copies if job.kind == "event" else 1
        if self.settings.parallel:
            return (await asyncio.gather(*(self._once(job) for _ in range(copies))))[0]
        answers = [await self._once(job) for _ in range(copies)]
        return answers[0]

    async def _once(self, job: Job) -> Answer:
        began = time.monotonic()
        answer = await self.send(job, self.settings.answer_timeout)
        self._note(job, answer, (time.monotonic() - began) * 1000)
        return answer

    def _note(self, job: Job, answer: Answer, took: float) -> None:
        if job.world != self._world:
            return
        self.journal.delivery(
            {
                "id": job.id,
                "kind": job.kind,
                "type": job.type,
                "attempt": job.attempt,
                "outcome": answer.outcome,
                "status": answer.status,
                "ms": round(took, 2),
            }
        )
