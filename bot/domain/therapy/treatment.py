"""Interventions: how a plan and its outcome are typed, which plan comes first, and what an outcome says.

`fix: A roll back to commit 3f2a; expect loss finite within 10m; revert: redeploy 9c1d`. Everything after the
plain words may be left out. A plan is typed in the same way, and `fix: B` starts plan B.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import fsum

from bot.domain.cadence import CADENCE
from bot.domain.diagnosis.differential import OTHER, Differential, by_likelihood, updated
from bot.domain.errors import NotUnderstood
from bot.domain.incident import Severity
from bot.domain.terms import ALONE, read_span, shortest, written_span

# A fix of the true cause is likely to work and another is unlikely to; symptoms also come and go by
# themselves, so an outcome is a weaker witness than a test (a likelihood ratio of 4).
WORKS_IF_TRUE, WORKS_ANYWAY = 0.8, 0.2
PLAN_EXAMPLE = "`plan: B pin datasets<3.0; costs 10m; saves 2h; for A`"

# "I" alone is the writer: that plan needs its word or a colon.
_PLAN = re.compile(r"(?:plan\s+([A-Z]|\?)|(?!I\s+[^\s:])([A-Z]))(?:\s*:\s*|\s+)(?=\S)")
_BARE = re.compile(r"(?!I$)(?:plan\s+)?([A-Z])\s?:?")
_WITHIN = re.compile(r"(?:^|\s)within\s+([0-9][0-9a-z ]*)$", re.IGNORECASE)
_PART = re.compile(
    r"(?P<key>expect(?:ing|ed)?|revert|undo|for|target|within|costs?|sav(?:es?|ing)|irreversible)\s*[:=]?\s*(?P<value>.*)",
    re.IGNORECASE | re.ASCII,  # Or a Turkish dotless i would make a word that is none of ours.
)
_KEYS = {
    "undo": "revert",
    "target": "for",
    "cost": "costs",
    "save": "saves",
    "saving": "saves",
    "expecting": "expect",
    "expected": "expect",
}


class Outcome(StrEnum):
    """What became of an intervention; a revert is recorded in the same way."""

    WORKED = "worked"
    FAILED = "failed"
    UNCLEAR = "unclear"
    REVERTED = "reverted"


# These also begin sentences ("works on my machine"), so they count only where they stand alone.
_IN_SHORT = {
    "works": Outcome.WORKED,
    "fail": Outcome.FAILED,
    "fails": Outcome.FAILED,
    "unsure": Outcome.UNCLEAR,
}
_OUTCOME = re.compile(
    r"(?:(?P<plan>[A-Z])(?P<number>[0-9]{1,9})(?:\s*[:,]\s*|\s+|$)|\?\s+)?"
    rf"(?:(?P<word>(?ai:{'|'.join(Outcome)})|\?)(?:\s*[:;,.]\s*|\s+|$)"
    rf"|(?P<short>(?ai:{'|'.join(_IN_SHORT)})){ALONE})?"
    r"(?P<words>.*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An intervention as it was typed; what is None was left out and has a default or is asked for later.

    Without *text* it is the plan of that letter, to be started. *costs* is what trying it takes, and what is
    lost if its target is not true; *saves* is what treating at once saves if its target is true.
    """

    text: str
    plan: str | None = None
    target: str | None = None
    expect: str | None = None
    window: timedelta | None = None
    revert: str | None = None
    costs: timedelta | None = None
    saves: timedelta | None = None
    irreversible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An outcome as it was typed: of which intervention (A1), what, and in whose words."""

    words: str
    intervention: str | None = None
    outcome: Outcome | None = None


def read_fix(text: str) -> Plan:
    """The intervention that a reply says; "B" alone, or "plan B", starts the plan of that letter.

    Raises:
        NotUnderstood: It says none.
    """
    said = _read(text)
    if not said.text and not said.plan:
        raise NotUnderstood("An intervention needs to say what is done.", "`fix: rolled back to 3f2a`")
    return said


def read_plan(text: str) -> Plan:
    """The intervention that a reply says could be made; its words are those of `read_fix`.

    Raises:
        NotUnderstood: It does not say what would be done.
    """
    said = _read(text)
    if not said.text:
        raise NotUnderstood("A plan needs to say what would be done.", PLAN_EXAMPLE)
    return said


def _read(text: str) -> Plan:
    start = " ".join(text.split())
    words, found = _parts(start)
    bare, named = _BARE.fullmatch(words), _PLAN.match(start)
    plan = None
    if bare:
        plan, words = bare[1], ""
    elif named:
        plan = named[1] or named[2]
        words, found = _parts(start[named.end() :])
    expect, window = _expectation(found.get("expect", ""))
    return Plan(
        text=words,
        plan=None if plan == "?" or not (words or bare) else plan,
        target=found.get("for"),
        expect=expect,
        window=read_span(found.get("within", "")) or window,
        revert=found.get("revert"),
        costs=read_span(found.get("costs", "")),
        saves=read_span(found.get("saves", "")),
        irreversible="irreversible" in found,
    )


def _parts(text: str) -> tuple[str, dict[str, str]]:
    """What is done, and the parts that begin with a word of ours; any other part belongs to what is done."""
    said, found = list[str](), dict[str, str]()
    for part in (each.strip() for each in text.split(";")):
        match = _PART.fullmatch(part) if said else None
        key = match["key"].casefold() if match else ""
        key = _KEYS.get(key, key)
        if match and key not in found and _means(key, match["value"].strip()):
            found[key] = match["value"].strip()
        elif part:
            said.append(part)
    return "; ".join(said), found


def _means(key: str, value: str) -> bool:
    """Whether a part says what its first word promises."""
    if key in {"within", "costs", "saves"}:
        return read_span(value) is not None
    if key == "for":
        return re.fullmatch(r"[A-Z]{1,2}", value) is not None
    return not value if key == "irreversible" else bool(value)


def _expectation(said: str) -> tuple[str | None, timedelta | None]:
    """What is expected, and the window where it ends in one."""
    within = _WITHIN.search(said)
    span = read_span(within[1]) if within else None
    if within is None or span is None:
        return said or None, None
    return said[: within.start()].strip() or None, span


def written_fix(plan: Plan) -> str:
    """The reply that `read_fix`, and of what has a text `read_plan`, takes back to the very same value."""
    within = f"within {written_span(plan.window)}" if plan.window else ""
    expect = f"expect {plan.expect}" if plan.expect else ""
    rest = [
        f"revert: {plan.revert}" if plan.revert else "",
        f"for {plan.target}" if plan.target else "",
        f"costs {written_span(plan.costs)}" if plan.costs else "",
        f"saves {written_span(plan.saves)}" if plan.saves else "",
        "irreversible" if plan.irreversible else "",
    ]
    # The second of two parts with the same first word belongs to the text: it has to come after the first.
    first, *others = f"plan {plan.plan or '?'}: {plan.text}".split("; ")
    forms = (
        [f"{plan.plan or ''} {plan.text}", f"{expect} {within}", *rest],
        [first, *others, f"{expect} {within}", *rest],
        [first, expect.replace("expect", "expect:", 1), within, *rest, *others],
    )
    lines = ("; ".join(part.strip() for part in form if part.strip()) for form in forms)
    return shortest(plan, lines, read_fix)


def read_outcome(text: str) -> Ended:
    """What a reply says became of an intervention; without a clear word somebody has to be asked."""
    said = " ".join(text.split())
    found = _OUTCOME.fullmatch(said)
    if not found:
        return Ended(words=said)
    intervention = f"{found['plan']}{int(found['number'])}" if found["plan"] else None
    word, short = ((found[name] or "").casefold() for name in ("word", "short"))
    outcome = Outcome(word) if word not in {"", "?"} else _IN_SHORT.get(short)
    return Ended(words=found["words"], intervention=intervention, outcome=outcome)


def written_outcome(ended: Ended) -> str:
    """The reply that `read_outcome` takes back to the very same value."""
    outcome = ended.outcome.value if ended.outcome else None
    short = " ".join(part for part in (ended.intervention, outcome, ended.words) if part)
    long = f"{ended.intervention or '?'} {outcome or '?'} {ended.words}".strip()
    return shortest(ended, (short, long), read_outcome)


def default_window(severity: Severity) -> timedelta:
    """How long to wait for an effect where nobody says: until the next re-evaluation, or the daily digest."""
    return CADENCE[severity].reevaluation or timedelta(days=1)


def default_target(differential: Differential) -> str | None:
    """What a fix is for where nobody says: the likeliest hypothesis."""
    return next((each.letter for each in by_likelihood(differential)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A plan that could be started: how likely it hits the cause, and the minutes that trying it costs."""

    name: str
    p: float
    minutes: float
    reversible: bool = True


def in_order(options: Sequence[Option]) -> list[Option]:
    """Reversible plans by probability per minute, the best first, equals by name; then what is irreversible.

    For a single fault and plans that are each checked before the next, no order is expected to cost less.
    """
    return sorted(
        options, key=lambda option: (not option.reversible, -option.p / option.minutes, option.name)
    )


def expected_cost(ordered: Sequence[Option]) -> float:
    """The minutes expected until one works, trying them in this order."""
    tried = (fsum(option.p for option in ordered[:place]) for place in range(len(ordered)))
    return fsum(option.minutes * (1 - before) for option, before in zip(ordered, tried, strict=True))


def after_outcome(
    differential: Differential, target: str, outcome: Outcome, *, bundle: Collection[str] = ()
) -> Differential:
    """The differential after an intervention on *target* worked or failed.

    An unclear outcome says nothing, nor does one of a *bundle*: which of its targets it was, nobody knows.
    Nor does an outcome say anything of a target that is eliminated.
    """
    targets = {target, *bundle}
    live = [each.letter for each in differential.live]
    if len(targets) > 1 or target not in live or outcome not in {Outcome.WORKED, Outcome.FAILED}:
        return differential
    works = dict.fromkeys([*live, OTHER], WORKS_ANYWAY) | {target: WORKS_IF_TRUE}
    if outcome is Outcome.FAILED:
        works = {letter: 1 - p for letter, p in works.items()}
    return updated(differential, works)
