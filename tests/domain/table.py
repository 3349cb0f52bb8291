"""A table at which people say things: entries become steps, are edited and deleted, as in the product."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.domain.chart import Kind
from bot.domain.ids import MessageTs, UserId
from bot.domain.incident import Severity
from bot.domain.work.fold import fold
from bot.domain.work.meaning import meaning
from bot.domain.work.saying import Meaning, Saying
from bot.domain.work.steps import Recorded, Step
from bot.domain.work.workup import Workup

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANA, BEN = UserId("U0ANA"), UserId("U0BEN")


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def said(text: str, kind: Kind = Kind.HYPOTHESIS, *, minute: float = 0) -> Saying:
    ts = MessageTs(f"{at(minute).timestamp():.6f}")
    return Saying(kind=kind, text=text, by=ANA, at=at(minute), severity=Severity.SEV2, ts=ts)


@dataclass
class Table:
    """All that was recorded; every entry is a message of its own, a minute after the one before."""

    recorded: list[Recorded] = field(default_factory=list)
    entries: dict[int, Saying] = field(default_factory=dict)
    given: int = 0

    @property
    def workup(self) -> Workup:
        return fold(self.recorded)

    def hears(self, saying: Saying, *, entry: int | None = None) -> Meaning:
        """What is said comes to, and is kept; *entry* is the one that it is the new text of."""
        before = [each for each in self.recorded if entry and each.live and each.entry == entry]
        found = meaning(replace(saying, before=tuple(each.step for each in before)), self.workup)
        if entry is None:
            self.given += 1
            entry = self.given
        self.entries[entry] = saying
        self.recorded = [replace(each, live=each.live and each not in before) for each in self.recorded]
        self.keeps(found.steps, saying, entry)
        return found

    def keeps(self, steps: Sequence[Step], saying: Saying, entry: int) -> None:
        for step in steps:
            self.recorded.append(
                Recorded(
                    seq=len(self.recorded) + 1,
                    step=step,
                    by=saying.by,
                    at=saying.at,
                    entry=entry,
                    message=saying.ts,
                )
            )

    def says(self, line: str) -> Meaning:
        """A line as people type it, for instance "dx: bad batch 30%", a minute after the one before."""
        word, text = line.split(":", 1)
        return self.hears(said(text.strip(), Kind(word), minute=self.given + 1))

    def edits(self, entry: int, text: str) -> Meaning:
        return self.hears(replace(self.entries[entry], text=text), entry=entry)

    def deletes(self, entry: int) -> None:
        self.recorded = [replace(each, live=each.live and each.entry != entry) for each in self.recorded]

    def taps(self, step: Step, *, minute: float | None = None) -> None:
        """A button or a modal, which know only our own clock."""
        moment = at(self.given + 1 if minute is None else minute)
        self.recorded.append(Recorded(seq=len(self.recorded) + 1, step=step, by=BEN, at=moment))


def table(*lines: str) -> Table:
    """What is on the table after these lines."""
    found = Table()
    for line in lines:
        found.says(line)
    return found


def taps(*made: Step) -> list[Recorded]:
    """Steps that buttons and modals made, one after the other."""
    return [Recorded(seq=seq, step=step, by=ANA, at=NOON) for seq, step in enumerate(made, 1)]
