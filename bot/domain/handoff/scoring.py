"""The Handoff Completeness Score: how much of what I-PASS asks for a document says, from 0 to 100.

The items are those of the I-PASS observation tools, with the omissions that the studies of emergency handoffs
found: a predicate or a share of rows each. A document scores up to 85 when it is compiled; the receiver's
read-back is worth the other 15. A share of no rows counts only where it is attested that there are none:

- P5, P6, A4, S3: by the rows themselves, for a test, an intervention or its window exists only as a row.
- A1, A2, A3: by `todo: none` alone, for nobody may have thought of the actions.
- S1: by any reading since the last handoff (none of them bad), or by `vital: none`; P3: by `note: no change`.
- P4, S2: by nothing, for an incident that nobody has a hypothesis of cannot be handed over as understood.

Filling a field never lowers the score, unless it brings a duty with it: a hypothesis that turns out to be a
must-not-miss wants its if/then.
"""

from dataclasses import dataclass
from math import floor, fsum

from bot.domain.handoff.document import Handoff
from bot.domain.handoff.faults import penalty_of
from bot.domain.handoff.items import ITEMS, Missing
from bot.domain.handoff.read_back import ReadBack
from bot.domain.handoff.synthesis import SYNTHESIS

# So much is complete, and an omission of one of these makes it dangerous whatever the rest says.
COMPLETE = 85
CRITICAL = ("I1", "A2", "S1")
SYNTHESISED = "R2"
# What a computer adds up to 84.999… is 85.
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Item:
    """One item: how many points it has *of* so many."""

    id: str
    points: float
    of: int

    @property
    def full(self) -> bool:
        """Whether nothing of it is missing."""
        return self.points >= self.of - _TINY


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The score, its *items*, what was taken off for faults, and what is *missing*, with what mends it."""

    items: tuple[Item, ...]
    penalty: int
    faults: tuple[str, ...]
    missing: tuple[Missing, ...]

    def item(self, name: str) -> Item:
        """The item of that id."""
        return next(each for each in self.items if each.id == name)

    @property
    def doc(self) -> float:
        """What the document is worth, from 0 to 85."""
        points = fsum(each.points for each in self.items if not each.id.startswith("R"))
        return max(0.0, points - self.penalty)

    @property
    def total(self) -> float:
        """What document and read-back are worth, from 0 to 100."""
        return max(0.0, fsum(each.points for each in self.items) - self.penalty)

    @property
    def shown(self) -> int:
        """The total in whole points, never more than it is."""
        return floor(self.total + _TINY)

    @property
    def critical(self) -> tuple[str, ...]:
        """The items for which it must not be sent, unless somebody answers for that by name."""
        return tuple(name for name in CRITICAL if not self.item(name).full)

    @property
    def five_elements(self) -> bool:
        """Whether all five elements of I-PASS are there, as the studies of I-PASS count them."""
        full = all(self.item(name).full for name in ("I1", "P1", "A1", "A2", SYNTHESISED))
        return full and self.item("P4").points >= 4 - _TINY and self.item("S2").points >= 5 - _TINY

    @property
    def complete(self) -> bool:
        """Whether nothing that counts is missing."""
        safe = not self.critical and self.item(SYNTHESISED).full
        return self.total >= COMPLETE - _TINY and self.five_elements and safe


def score(handoff: Handoff, read_back: ReadBack | None = None) -> Score:
    """The score of a document, and of what its receiver has read back, if they have."""
    items, missing = list[Item](), list[Missing]()
    for each in ITEMS:
        found = each.look(handoff)
        items.append(Item(each.id, each.of * found.share, each.of))
        missing.extend(found.missing)
    for one in SYNTHESIS:
        items.append(Item(one.id, one.of * one.share(handoff, read_back), one.of))
    faults = penalty_of(handoff, read_back)
    return Score(
        items=tuple(items),
        penalty=sum(points for points, _ in faults),
        faults=tuple(words for _, words in faults),
        missing=tuple(missing),
    )
