"""How vital signs are typed: `loss=nan grad norm: 812 median 3.1, throughput=0.4x p99=2.1s/1s`.

Reading is forgiving: words between the signs are passed over, and a name that nobody knows is kept as it is.
Only a known sign whose value says nothing, and a text without any sign, are refused.
"""

import re
from collections.abc import Iterable, Mapping
from math import isfinite

from bot.domain.errors import NotUnderstood
from bot.domain.signs.vitals import (
    FALLING,
    FINITE,
    FLAT,
    INF,
    MEASURES,
    MENU,
    MISMATCH,
    NAN,
    OK,
    PERCENT,
    STALLED,
    TIMEOUTS,
    Measure,
    Reading,
)

_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    NAN: (NAN,),
    INF: (INF, "-inf", "+inf", "infinite", "infinity", "∞", "-∞", "+∞", "−∞"),
    FINITE: (FINITE, "ok"),
    STALLED: (STALLED, "stuck", "hung", "hanging", "frozen"),
    TIMEOUTS: (TIMEOUTS, "timeout", "timing out", "timed out"),
    FLAT: (FLAT, "plateau", "no decrease", "not decreasing"),
    FALLING: (FALLING, "decreasing", "down"),
    OK: (OK, "same", "unchanged", "matches", "valid"),
    MISMATCH: (MISMATCH, "broken", "changed", "bad", "wrong", "missing", "invalid"),
}
_UNITS: Mapping[str, tuple[str, ...]] = {
    "s": ("s", "sec", "secs", "second", "seconds"),
    "ms": ("ms", "msec", "millis", "milliseconds"),
    "us": ("us", "µs", "μs"),
    "min": ("min", "mins", "minute", "minutes"),
    "h": ("h", "hour", "hours"),
    "x": ("x", "×"),
}
UNITS = "`x`, `%`, `s`, `ms`, `us`, `min`, `h`, `tokens/s`"
# What is counted a second; people say so without the second.
_COUNTED = frozenset(
    {"tps", "qps", "rps", "ips", "sps", "fps", "tok", "tokens", "steps", "samples", "it", "req", "requests"}
)
_NEVER_NEGATIVE = frozenset({"grad_norm", "throughput", "burn_rate", "p99", "drift", "null_rate"})
_WITH_UNIT = frozenset({"throughput", "p99"})
_UNIT_OF = {spelling: unit for unit, spellings in _UNITS.items() for spelling in spellings}
_THOUSANDS = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9}
BASES = (
    *("of", "vs", "vs.", "versus", "against", "slo", "median", "best", "baseline", "base"),
    *("normal", "normally", "usual", "usually", "target", "limit"),
)


def _any(spellings: Iterable[str]) -> str:
    """A pattern for one of several names, in which spaces, underscores and hyphens are the same.

    Only ASCII letters are alike in both cases, or a Turkish dotless i would make a name that is none.
    """
    each = sorted({*spellings}, key=len, reverse=True)
    names = "|".join(re.sub(r"(?:\\ |_)+", r"[\\s_\\-]*", re.escape(name)) for name in each)
    return f"(?ai:{names or '(?!)'})"


_NAMES = {spelling: name for name, each in MEASURES.items() for spelling in (name, *each.synonyms)}
_WHOLE = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]+)?)"
_NUMBER = rf"[-+]?(?:{_WHOLE}|\.[0-9]+)(?:e[-+]?[0-9]+)?"
_UNIT = (
    r"(?:%|×|[^\W\d_]+(?:/[^\W\d_]+)*|(?:/[^\W\d_]+)+"
    rf"|\s(?:%|/s|[^\W\d_]{{1,20}}/(?:s|sec|min|h)|{_any(_UNIT_OF)})(?!\w|\s*[=:]))?"
)
_END = r"(?!\w|[.\-:]\w|,[0-9])"
_VALUE = re.compile(
    rf"[~≈]?\s?(?P<value>{_NUMBER})(?P<unit>{_UNIT}){_END}"
    rf"(?:\s?\(?(?:/|(?:{_any(BASES)}\b\.?\s?[=:]?\s?){{1,3}})\s?"
    rf"(?P<base>{_NUMBER})(?P<base_unit>{_UNIT}){_END}\)?)?",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    rf"(?P<name>{_any(_NAMES)})(?!\w)(?:\s*(?P<sure>[=:])+\s*|\s+(?:(?:is|at|now)\s+)*)", re.IGNORECASE
)
_OTHER = re.compile(r"(?P<name>[^\W\d]\w*(?:[.\-/]\w+)*)\s*[=:]\s*(?=[^\s/,;=:])")
_BARE = re.compile(rf"{_any([STALLED])}(?:\s*[=:]\s*(?:yes|true|[0-9.]+\s*[a-z]+))?(?![\w=:])", re.IGNORECASE)
_SKIPPED = re.compile(r"[^\s,;(]+[\s,;(]*|[\s,;(]+")
# One word and nothing else, up to a comma or the end.
_ALONE = re.compile(r"\s([^\W\d_]{2,})\s*(?=$|[,;])")
_WORD = re.compile(r"[^\s,;]+(?:,(?=[0-9])[^\s,;]+)*")
_MARKUP = re.compile(r"[*`]")


def read(text: str) -> list[Reading]:
    """The readings of a text, in their order.

    Raises:
        NotUnderstood: There is none, or a known sign has a value that says nothing.
    """
    text, found, at = " ".join(_MARKUP.sub("", text).split()), list[Reading](), 0
    while at < len(text):
        reading, end = _at(text, at)
        if reading:
            found.append(reading)
        at = end
    if not found:
        raise NotUnderstood(
            f"“{' '.join(text.split())[:60]}” names no vital sign.", f"{MENU}, or `name=value`"
        )
    return found


def _at(text: str, at: int) -> tuple[Reading | None, int]:
    """The reading that begins here and where it ends; without one, where to look next."""
    bare = _BARE.match(text, at)
    if bare:
        return Reading(name="throughput", word=STALLED), bare.end()
    known = _KNOWN.match(text, at)
    found = _known(text, known) if known else None
    if found:
        return found
    other = None if known else _OTHER.match(text, at)
    if other:
        return _other(text, other)
    skipped = _SKIPPED.match(text, at)
    return None, skipped.end() if skipped else len(text)


def _known(text: str, head: re.Match[str]) -> tuple[Reading, int] | None:
    """A sign of the table. After a colon or "=" its value has to mean something, else it may be talk."""
    measure = MEASURES[_NAMES[_spelled(head["name"], _NAMES)]]
    word = _words_of(measure).match(text, head.end())
    if word:
        said = _SPELLED[measure.name][_spelled(word[0], _SPELLED[measure.name])]
        return Reading(name=measure.name, word=said), word.end()
    value = _VALUE.match(text, head.end())
    reading = _measured(measure.name, value) if value and (measure.bands or measure.finite) else None
    if reading and value and not _is_less_than_nothing(reading):
        unknown = _unknown_unit(reading, text, value.end())
        if not unknown:
            return reading, value.end()
        if head["sure"]:
            said = f"“{unknown[:40]}” is no unit of {reading.name} I know."
            raise NotUnderstood(said, f"{UNITS} as in {MENU}")
    if head["sure"]:
        said = (_WORD.match(text, head.end()) or head)[0]
        raise NotUnderstood(f"I cannot read “{said[:40]}” as {measure.name}.", f"`{measure.example}`")
    return None


def _is_less_than_nothing(reading: Reading) -> bool:
    """Whether it is negative, as no norm, rate or time can be; a loss can."""
    return reading.value is not None and reading.value < 0 and reading.name in _NEVER_NEGATIVE


def _unknown_unit(reading: Reading, text: str, at: int) -> str:
    """The unit that nobody knows; a base that has it as well makes it one that can be compared.

    Where a sign needs a unit, one word alone after its number is meant as one.
    """
    unit = reading.unit
    if not unit and reading.base is None and reading.name in _WITH_UNIT:
        alone = _ALONE.match(text, at)
        unit = alone[1] if alone else ""
    known = unit in {"", PERCENT, *_UNITS} or "/" in unit or unit.casefold() in _COUNTED
    compared = reading.base is not None and reading.base_unit.casefold() == unit.casefold()
    return "" if known or compared else unit


def _other(text: str, head: re.Match[str]) -> tuple[Reading, int]:
    """A sign of somebody's own: a number with its unit, or a word."""
    name = re.sub(r"\W+", "_", head["name"])
    name = name.lower() if name.isascii() else name
    value = _VALUE.match(text, head.end())
    reading = _measured(name, value) if value else None
    if reading and value:
        return reading, value.end()
    word = _WORD.match(text, head.end()) or head
    return Reading(name=name, word=word[0]), word.end()


def _measured(name: str, said: re.Match[str]) -> Reading | None:
    """A number, its unit and its base; None for what is too large to be one."""
    value, unit = _amount(said["value"], said["unit"])
    base, base_unit = _amount(said["base"], said["base_unit"]) if said["base"] else (None, "")
    if not isfinite(value):
        known = MEASURES.get(name)
        return Reading(name=name, word=INF) if known and known.finite else None
    base = base if base is not None and isfinite(base) else None
    # What is said of one of the two is meant of both.
    unit, base_unit = (unit or base_unit, base_unit or unit) if base is not None else (unit, "")
    return Reading(name=name, value=value, unit=unit, base=base, base_unit=base_unit)


def _amount(digits: str, unit: str | None) -> tuple[float, str]:
    """The number that is meant, and its unit: "1.2k/s" is 1200 a second."""
    number, unit = _number(digits), (unit or "").strip()
    if unit[:1] in _THOUSANDS and unit[1:2] in {"", "/"}:
        number, unit = number * _THOUSANDS[unit[0]], unit[1:]
    return number, _UNIT_OF.get(unit.lower(), unit)


def _number(digits: str) -> float:
    """Commas part thousands, or stand for the point as in many countries."""
    parted = re.fullmatch(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?", digits)
    return float(digits.replace(",", "" if parted else "."))


def _spelled(said: str, spellings: Iterable[str]) -> str:
    """Which of the spellings somebody used, whatever they put between its words."""

    def bare(text: str) -> str:
        return re.sub(r"[\s_\-]+", "", text.lower())

    return next(each for each in spellings if bare(each) == bare(said))


_SPELLED: Mapping[str, Mapping[str, str]] = {
    name: {spelling: word for word in measure.words for spelling in _SPELLINGS[word]}
    for name, measure in MEASURES.items()
}
_WORDS = {name: re.compile(rf"{_any(spellings)}(?![\w%/])") for name, spellings in _SPELLED.items()}


def _words_of(measure: Measure) -> re.Pattern[str]:
    return _WORDS[measure.name]


def written(readings: Iterable[Reading]) -> str:
    """The line that `read` takes back to the very same readings."""
    return " ".join(f"{each.name}={written_value(each)}" for each in readings)


def written_value(reading: Reading) -> str:
    """A value with its unit and its base, as it is typed."""
    if reading.value is None:
        return reading.word
    base = f" of {_plain(reading.base)}{reading.base_unit}" if reading.base is not None else ""
    return f"{_plain(reading.value)}{reading.unit}{base}"


def _plain(number: float) -> str:
    return repr(number).removesuffix(".0")
