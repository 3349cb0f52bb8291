"""The known vital signs of a training run or a service: their measures, bands, and the score of a value.

Bands and not weights, as in the National Early Warning Score (NEWS2). The thresholds are those of SageMaker
Debugger's rules (finite tensors, loss, gradients, stalls), of the SRE workbook (burn rates) and of Evidently
(drift).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

NAN, INF, FINITE = "nan", "inf", "finite"
STALLED, TIMEOUTS, FLAT, FALLING, OK, MISMATCH = "stalled", "timeouts", "flat", "falling", "ok", "mismatch"
TIMES = "x"
PERCENT = "%"
SECONDS: Mapping[str, float] = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}
WORST = 3
# No gradient is larger than the norm of all, so a norm below this means that they have vanished.
VANISHED = 1e-7


class Vital(StrEnum):
    """The signs that are scored, by their titles; a sign is as bad as the worst of its measures."""

    FINITENESS = "finite numbers"
    LOSS_TREND = "loss trend"
    GRAD_NORM = "grad norm"
    THROUGHPUT = "throughput"
    BURN_RATE = "burn rate"
    LATENCY = "p99"
    INPUT_DATA = "input data"


# A 3 in one of these makes an incident unstable on its own.
GRAVE = frozenset({Vital.FINITENESS, Vital.BURN_RATE, Vital.INPUT_DATA})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value as somebody read it: a number with its unit or a word, and what it is to be compared with.

    Numbers are finite; what is not is a word.
    """

    name: str
    value: float | None = None
    unit: str = ""
    word: str = ""
    base: float | None = None
    base_unit: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """What readings of a measure are compared with: its SLO, its median, what is usual."""

    value: float
    unit: str = ""


def _loss_trend(ratio: float) -> int:
    return _above(ratio, (1.02, 1.1, 2))


def _grad_norm(ratio: float) -> int:
    if ratio == 0:
        return WORST
    return _above(ratio, (3, 10, 100)) if ratio >= 1 else (ratio < 0.1) + (ratio < 0.01)  # noqa: PLR2004


def _throughput(ratio: float) -> int:
    return sum(ratio < edge for edge in (0.9, 0.7, 0.5))


def _burn_rate(rate: float) -> int:
    return sum(rate >= edge for edge in (1, 6, 14.4))


def _latency(ratio: float) -> int:
    return _above(ratio, (0.8, 1, 2))


def _drift(distance: float) -> int:
    return (distance >= 0.1) + (distance > 0.2)  # noqa: PLR2004 - the bands are what this function says.


def _null_rate(ratio: float) -> int:
    return 2 if ratio >= 3 else 0  # noqa: PLR2004 - the bands are what this function says.


def _above(value: float, edges: tuple[float, ...]) -> int:
    """How many edges a value is beyond; on an edge it belongs to the better band."""
    return sum(value > edge for edge in edges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One way to read a sign.

    *bands* are None where its number means nothing but that there is one, and *base* says what the number is
    compared with, "" where it counts as it is. *share* says that a percentage is a part of the base, and not
    a number of its own.
    """

    name: str
    vital: Vital
    example: str
    bands: Callable[[float], int] | None = None
    synonyms: tuple[str, ...] = ()
    words: Mapping[str, int] = field(default_factory=dict)
    base: str = ""
    share: bool = True
    finite: bool = False


_FINITE = {NAN: WORST, INF: WORST, FINITE: 0}
_MEASURES = (
    Measure(
        name="loss",
        vital=Vital.LOSS_TREND,
        bands=_loss_trend,
        example="loss=nan",
        synonyms=("train loss", "training loss"),
        words=_FINITE,
        base="best",
        share=False,
        finite=True,
    ),
    Measure(
        name="val_loss",
        vital=Vital.FINITENESS,
        example="val_loss=nan",
        synonyms=("validation loss", "eval loss"),
        words=_FINITE,
        finite=True,
    ),
    Measure(
        name="params",
        vital=Vital.FINITENESS,
        example="params=finite",
        synonyms=("weights", "parameters"),
        words=_FINITE,
        finite=True,
    ),
    Measure(
        name="loss_trend",
        vital=Vital.LOSS_TREND,
        bands=_loss_trend,
        example="loss_trend=1.3x",
        synonyms=("trend", "loss ratio", "loss ema", "ema ratio"),
        words={FALLING: 0, FLAT: 1},
        base="best",
    ),
    Measure(
        name="grad_norm",
        vital=Vital.GRAD_NORM,
        bands=_grad_norm,
        example="grad_norm=812 median 3.1",
        synonyms=("gradient norm", "gnorm", "grads", "grad", "gradients"),
        words=_FINITE,
        base="median",
        finite=True,
    ),
    Measure(
        name="throughput",
        vital=Vital.THROUGHPUT,
        bands=_throughput,
        example="throughput=0.4x",
        synonyms=("tput", "tokens/s", "tok/s", "steps/s", "samples/s"),
        words={STALLED: WORST},
        base="baseline",
    ),
    Measure(
        name="burn_rate",
        vital=Vital.BURN_RATE,
        bands=_burn_rate,
        example="burn=6",
        synonyms=("burn", "budget burn", "error budget burn"),
    ),
    Measure(
        name="p99",
        vital=Vital.LATENCY,
        bands=_latency,
        example="p99=2.1s slo 1s",
        synonyms=("p99 latency", "latency", "latency p99", "tail latency"),
        words={TIMEOUTS: WORST},
        base="slo",
    ),
    Measure(
        name="drift",
        vital=Vital.INPUT_DATA,
        bands=_drift,
        example="drift=0.15",
        synonyms=("psi", "data drift", "wasserstein"),
    ),
    Measure(
        name="schema",
        vital=Vital.INPUT_DATA,
        example="schema=mismatch",
        synonyms=("data schema", "input schema"),
        words={OK: 0, MISMATCH: WORST},
    ),
    Measure(
        name="null_rate",
        vital=Vital.INPUT_DATA,
        bands=_null_rate,
        example="null_rate=12% of 4%",
        synonyms=("nulls", "null share"),
        base="baseline",
        share=False,
    ),
)
MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _MEASURES}
MENU = ", ".join(f"`{measure.example}`" for measure in _MEASURES if measure.name != "val_loss")


def scores(reading: Reading, base: Base | None = None) -> dict[Vital, int]:
    """What a reading says of the signs, each from 0 (well) to 3; nothing where nobody could know.

    *base* is what was said before that it is to be compared with; the reading's own comes first.
    """
    measure = MEASURES.get(reading.name)
    if measure is None:
        return {}
    found: dict[Vital, int] = {}
    if measure.finite and (reading.value is not None or reading.word in _FINITE):
        found[Vital.FINITENESS] = _FINITE.get(reading.word, 0)
    if reading.word and not measure.finite:
        found[measure.vital] = measure.words[reading.word]
    known = quantity(reading, base)
    if known is not None and measure.bands:
        found[measure.vital] = measure.bands(known)
    return found


def quantity(reading: Reading, base: Base | None = None) -> float | None:
    """The number whose band counts: a ratio where the measure is one; None where it is not known."""
    measure, value = MEASURES[reading.name], reading.value
    if value is None or value < 0 or measure.bands is None:
        return None
    if not measure.base:
        return {"": value, TIMES: value, PERCENT: value / 100}.get(reading.unit)
    if reading.unit == TIMES:
        return value
    if reading.unit == PERCENT and measure.share:
        return value / 100
    if reading.name == "grad_norm" and not reading.unit and value < VANISHED:
        return 0.0
    return _ratio(reading, base_of(reading) or base)


def base_of(reading: Reading) -> Base | None:
    """What a reading says it is to be compared with."""
    return None if reading.base is None else Base(reading.base, reading.base_unit)


def _ratio(reading: Reading, base: Base | None) -> float | None:
    """The value as a part of its base, where their units allow it.

    A unit that was left out is that of the base, but not for times: people mean seconds or milliseconds.
    """
    if base is None or base.value <= 0 or reading.value is None:
        return None
    if reading.unit in SECONDS and base.unit in SECONDS:
        return reading.value / base.value * (SECONDS[reading.unit] / SECONDS[base.unit])
    left_out = not reading.unit and base.unit not in SECONDS
    same = reading.unit.casefold() == base.unit.casefold()
    return reading.value / base.value if same or left_out else None
