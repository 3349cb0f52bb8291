"""A figure with its aim, and how figures are shown."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Literal, TypeVar

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured; *better* says on which side of its *aim* it should be."""

    name: str
    value: float
    unit: str
    aim: float | None = None
    better: Literal["more", "less"] = "less"

    @property
    def met(self) -> bool | None:
        """Whether it is where it should be; None where it only informs."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.better == "more" else self.value <= self.aim


def interleaved(variants: Mapping[str, Callable[[], Found]], rounds: int) -> dict[str, list[Found]]:
    """Measure A B A B, so that what else the machine does falls on all of them alike."""
    found: dict[str, list[Found]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, measure in variants.items():
            found[name].append(measure())
    return found


def middle(found: Sequence[Found], read: Callable[[Found], float]) -> float:
    """The median of what is read off each."""
    return median(read(one) for one in found)


def ratio(found: Sequence[Found], against: Sequence[Found], read: Callable[[Found], float]) -> float:
    """The median of the ratios within each round."""
    return median(read(one) / read(other) for one, other in zip(found, against, strict=True))


def table(figures: Sequence[Figure]) -> str:
    """All figures, one a line."""
    width = max(len(figure.name) for figure in figures)
    return "\n".join(line(figure, width) for figure in figures)


def line(figure: Figure, width: int = 0) -> str:
    """One figure in a line."""
    value = f"{figure.value:.3g}" if abs(figure.value) < 100 else f"{figure.value:.0f}"
    told = f"{figure.name:<{width}}  {value:>7} {figure.unit:<4}"
    if figure.aim is None:
        return told.rstrip()
    sign = ">=" if figure.better == "more" else "<="
    return f"{told}  aim {sign} {figure.aim:<5g} {'ok' if figure.met else 'MISSED'}"


def as_json(figures: Sequence[Figure]) -> str:
    """The same for a program."""
    return json.dumps([asdict(figure) | {"met": figure.met} for figure in figures], indent=2)
