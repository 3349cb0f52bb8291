"""The differential: what could be wrong, how likely each is, and how harmful it would be to miss.

Weights are exact products of priors and likelihoods, so that the order of independent results does not
matter; the floor under "something else" is put under what is *shown*, and under every new estimate.

How one number moves the others: a new hypothesis takes its probability out of "something else", because it
was part of it before it had a name, down to the floor of 5 %; only what is missing then is taken from the
others, in proportion. A changed estimate moves all others, "something else" included, in proportion.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import fsum

from bot.domain.diagnosis.estimate import Estimate, How, by_rank, percent
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId

# The name under which "something else" stands among the letters, and the least it is given.
OTHER = "other"
LEAST_OTHER = 0.05
# What the rest keeps at least when somebody is nearly sure, so that later evidence can still revive it.
LEAST_REST = 0.01
# What hypotheses without a number share at least, so that a late thought is not buried.
LEAST_UNNUMBERED = 0.25
IMPACTS = range(1, 6)
MUST_NOT_MISS = 4
# An impact nobody has rated counts as the middle: neither hidden nor first.
UNRATED = 3
EXCLUDED = 0.01
# New hypotheses are asked for where "something else" has this much, or no named one has at least that much.
MUCH_OTHER, WEAK_LEADER = 0.3, 0.2
# Being this sure after fewer tests than these is closing too early, the commonest fault of diagnosis.
SURE, ENOUGH_TESTS = 0.8, 2
# How many hypotheses a team can work with.
FEWEST, MOST = 3, 5
# What all that is named keeps beside "something else", or a new number could not be shared out among it.
_LEAST_NAMED = 1e-9
# Far below any doubt, and above what a computer would round to nothing.
_TINIEST = 1e-300


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One thing that could be wrong; its letter is its name for life."""

    letter: str
    statement: str
    author: UserId
    impact: int | None = None
    how: How = How.NUMBER
    assumption: str | None = None
    eliminated_by: str | None = None
    waived_by: UserId | None = None

    @property
    def live(self) -> bool:
        """Whether it is still considered; an eliminated one stays on the list, struck through."""
        return self.eliminated_by is None

    @property
    def must_not_miss(self) -> bool:
        """Whether missing it would be so bad that it has to be excluded, however unlikely it is."""
        return self.impact is not None and self.impact >= MUST_NOT_MISS


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A new hypothesis as it was typed; what is None was left out."""

    statement: str
    estimate: Estimate | None = None
    impact: int | None = None
    assumption: str | None = None


@dataclass(frozen=True, slots=True)
class Differential:
    """All hypotheses ever named, in the order of their letters, with their weights, and "something else"."""

    hypotheses: tuple[Hypothesis, ...] = ()
    weights: tuple[float, ...] = ()
    other: float = 1.0

    @property
    def live(self) -> tuple[Hypothesis, ...]:
        """The hypotheses that are still considered."""
        return tuple(each for each in self.hypotheses if each.live)

    @property
    def probabilities(self) -> dict[str, float]:
        """What is shown: a number per live letter, and "something else" with at least 5 %; they sum to 1."""
        named = {each.letter: weight for each, weight in self.pairs() if each.live}
        mass = fsum(named.values())
        if not mass:
            return {OTHER: 1.0}
        other = min(max(LEAST_OTHER, self.other / (mass + self.other)), 1 - _LEAST_NAMED)
        return {letter: weight * (1 - other) / mass for letter, weight in named.items()} | {OTHER: other}

    def p(self, letter: str) -> float:
        """The probability shown for one letter; an eliminated hypothesis has none."""
        return self.probabilities.get(letter, 0.0)

    def named(self, letter: str) -> Hypothesis:
        """The hypothesis of a letter.

        Raises:
            NotUnderstood: There is none.
        """
        found = next((each for each in self.hypotheses if each.letter == letter), None)
        if found is None:
            letters = ", ".join(each.letter for each in self.hypotheses) or "`dx: what it could be 30%`"
            raise NotUnderstood(f"There is no hypothesis {letter[:20]}.", letters)
        return found

    def pairs(self) -> Iterable[tuple[Hypothesis, float]]:
        """Each hypothesis with its weight."""
        return zip(self.hypotheses, self.weights, strict=True)


def letter_of(place: int) -> str:
    """The letter of the hypothesis at *place*: A to Z, then AA, AB and so on."""
    letters = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def place_of(letter: str) -> int:
    """The place that `letter_of` gives this letter to."""
    place = 0
    for each in letter:
        place = place * 26 + ord(each) - ord("A") + 1
    return place - 1


def added(
    before: Differential, proposals: Sequence[Proposed], *, by: UserId, letters: Sequence[str] | None = None
) -> Differential:
    """The differential with new hypotheses; they take *letters*, or those after the last, in the order given.

    Those without a number are a ranking: with "something else" last, they share what it has, the next place
    0.6 times as likely as the one before.
    """
    named = letters if letters is not None else _next_letters(before, len(proposals))
    shown = before.probabilities
    asked = _asked(proposals, shown[OTHER])
    room = 1 - LEAST_OTHER - (LEAST_REST if before.live else 0)
    given = [p * min(1.0, room / fsum(asked)) for p in asked] if asked else []
    taken = fsum(given)
    other = max(LEAST_OTHER, shown[OTHER] - taken) if before.live else 1 - taken
    rest = 1 - taken - other
    kept = {letter: p / (1 - shown[OTHER]) * rest for letter, p in shown.items() if letter != OTHER}
    rebased = _weighing(before, kept | {OTHER: other})
    new = (
        Hypothesis(
            letter=letter,
            statement=proposal.statement,
            author=by,
            impact=proposal.impact,
            how=proposal.estimate.how if proposal.estimate else How.RANKING,
            assumption=proposal.assumption,
        )
        for letter, proposal in zip(named, proposals, strict=True)
    )
    pairs = [*rebased.pairs(), *zip(new, given, strict=True)]
    pairs.sort(key=lambda pair: place_of(pair[0].letter))
    return Differential(tuple(each for each, _ in pairs), tuple(weight for _, weight in pairs), other)


def _next_letters(before: Differential, amount: int) -> list[str]:
    """The letters after the last one; one between may be missing, because its hypothesis was withdrawn."""
    first = max((place_of(each.letter) + 1 for each in before.hypotheses), default=0)
    return [letter_of(place) for place in range(first, first + amount)]


def _asked(proposals: Sequence[Proposed], other: float) -> list[float]:
    """What each new hypothesis asks for; those without a number share what "something else" has left."""
    numbered = fsum(each.estimate.p for each in proposals if each.estimate)
    unnumbered = sum(each.estimate is None for each in proposals)
    pool = max(LEAST_UNNUMBERED, other - numbered)
    shares = iter(by_rank(unnumbered + 1, pool))
    return [each.estimate.p if each.estimate else next(shares) for each in proposals]


def reestimated(before: Differential, estimates: Mapping[str, Estimate]) -> Differential:
    """The differential with new estimates of some hypotheses; an eliminated one is considered again.

    Raises:
        NotUnderstood: A letter is no hypothesis.
    """
    after = before
    for letter, estimate in estimates.items():
        after = _with(after, replace(after.named(letter), eliminated_by=None, how=estimate.how))
    shown = before.probabilities
    rest = {letter: p for letter, p in shown.items() if letter not in estimates and letter != OTHER}
    asked = fsum(estimate.p for estimate in estimates.values())
    room = 1 - LEAST_OTHER - (LEAST_REST if rest else 0)
    given = {letter: estimate.p * min(1.0, room / asked) for letter, estimate in estimates.items()}
    left = 1 - fsum(given.values())
    of_rest = fsum(rest.values())
    other = max(LEAST_OTHER, left * shown[OTHER] / (of_rest + shown[OTHER])) if rest else left
    kept = {letter: p / of_rest * (left - other) for letter, p in rest.items()}
    return _weighing(after, given | kept | {OTHER: other})


def updated(before: Differential, likelihoods: Mapping[str, float]) -> Differential:
    """Bayes: each weight times how likely what was seen is under it, for instance {"A": 0.95, "B": 0.05}.

    Where *likelihoods* says nothing of "something else", what was seen could be either (0.5): nobody can say
    what an unnamed cause would show. An eliminated hypothesis of which it says nothing keeps its place.

    Raises:
        KeyError: A live hypothesis has no likelihood; those are asked for, never invented.
    """
    now = before.probabilities
    either = {OTHER: 0.5} | dict(likelihoods)
    average = fsum(p * either[letter] for letter, p in now.items())
    factors = [
        either[each.letter] if each.live else either.get(each.letter, average) for each in before.hypotheses
    ]
    weights = [weight * factor for weight, factor in zip(before.weights, factors, strict=True)]
    other = before.other * either[OTHER]
    total = other + fsum(weight for each, weight in zip(before.hypotheses, weights, strict=True) if each.live)
    return replace(
        before,
        weights=tuple(max(_TINIEST, weight / total) for weight in weights),
        other=max(_TINIEST, other / total),
    )


def _weighing(before: Differential, shown: Mapping[str, float]) -> Differential:
    """The same hypotheses with these probabilities; eliminated ones keep their weight beside them."""
    total = before.other + fsum(weight for each, weight in before.pairs() if each.live)
    weights = tuple(shown.get(each.letter, weight / total) for each, weight in before.pairs())
    return Differential(before.hypotheses, weights, shown[OTHER])


def eliminated(before: Differential, letter: str, *, by: str) -> Differential:
    """The differential without a hypothesis; *by* names the test that ruled it out."""
    return _with(before, replace(before.named(letter), eliminated_by=by))


def restored(before: Differential, letter: str) -> Differential:
    """The differential with an eliminated hypothesis again, as likely beside the others as it was."""
    return _with(before, replace(before.named(letter), eliminated_by=None))


def waived(before: Differential, letter: str, *, by: UserId) -> Differential:
    """The differential in which somebody answers for not excluding a must-not-miss."""
    return _with(before, replace(before.named(letter), waived_by=by))


def rated(before: Differential, letter: str, impact: int) -> Differential:
    """The differential with another impact of one hypothesis."""
    return _with(before, replace(before.named(letter), impact=impact))


def _with(before: Differential, changed: Hypothesis) -> Differential:
    hypotheses = (changed if each.letter == changed.letter else each for each in before.hypotheses)
    return replace(before, hypotheses=tuple(hypotheses))


def by_likelihood(differential: Differential) -> list[Hypothesis]:
    """The live hypotheses, likeliest first; equals stay in the order of their letters."""
    now = differential.probabilities
    return sorted(differential.live, key=lambda each: -now[each.letter])


def by_harm(differential: Differential) -> list[Hypothesis]:
    """The live hypotheses, the greatest expected harm first; equals stay in the order of their letters."""
    now = differential.probabilities
    return sorted(differential.live, key=lambda each: -now[each.letter] * (each.impact or UNRATED))


def unsettled(differential: Differential) -> list[Hypothesis]:
    """The must-not-miss hypotheses that are neither excluded (below 1 %) nor waived: they block closing."""
    now = differential.probabilities
    return [
        each
        for each in differential.live
        if each.must_not_miss and each.waived_by is None and now[each.letter] >= EXCLUDED
    ]


class Trigger(StrEnum):
    """What the shape of a differential asks of the team."""

    NEW_HYPOTHESES = "new hypotheses"
    PREMATURE = "premature closure"
    TOO_FEW = "too few"
    TOO_MANY = "too many"


def triggers(differential: Differential, *, discriminating: int) -> list[Trigger]:
    """What the differential asks for, after *discriminating* results that told hypotheses apart."""
    now = differential.probabilities
    named = [p for letter, p in now.items() if letter != OTHER]
    fires = {
        Trigger.NEW_HYPOTHESES: now[OTHER] >= MUCH_OTHER or max(named, default=0) < WEAK_LEADER,
        Trigger.PREMATURE: max(named, default=0) >= SURE and discriminating < ENOUGH_TESTS,
        Trigger.TOO_FEW: len(named) < FEWEST,
        Trigger.TOO_MANY: len(named) > MOST,
    }
    return [trigger for trigger, fired in fires.items() if fired]


def moved(before: Differential, after: Differential) -> str:
    """What changed, in one line: "A 31% → 79%, B ruled out, C 15% (new)"; empty where nothing did.

    What "something else" had before anything was named was nobody's estimate, so it is left out.
    """
    known = {each.letter for each in before.hypotheses}
    old, new = before.probabilities, after.probabilities
    parts = [_moved(each, old.get(each.letter), new, known) for each in after.hypotheses]
    if before.live and percent(old[OTHER]) != percent(new[OTHER]):
        parts.append(f"something else {percent(old[OTHER])} → {percent(new[OTHER])}")
    return ", ".join(part for part in parts if part)


def _moved(each: Hypothesis, was: float | None, new: Mapping[str, float], known: Collection[str]) -> str:
    """What became of one hypothesis, "" for nothing that is seen; *was* is None where it was not live."""
    if not each.live:
        return "" if was is None and each.letter in known else f"{each.letter} ruled out"
    now = percent(new[each.letter])
    if was is None:
        return f"{each.letter} {now} ({'again' if each.letter in known else 'new'})"
    return "" if percent(was) == now else f"{each.letter} {percent(was)} → {now}"
