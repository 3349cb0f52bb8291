"""The next best test, the tests that would change nothing, and why: as values, then in words.

No model writes these sentences: the same facts always give the same words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.diagnosis import choosing
from bot.domain.diagnosis.choosing import Choice, Question
from bot.domain.diagnosis.differential import EXCLUDED, OTHER, Differential, by_likelihood, unsettled
from bot.domain.diagnosis.estimate import percent
from bot.domain.diagnosis.testing import EITHER, Test, Verdict, after, likelihoods_of, missing
from bot.domain.ids import UserId

# The minutes that acting on a wrong diagnosis costs, where nobody says otherwise.
WRONG_MINUTES = 240.0
# A result that leaves a hypothesis this share of its odds rules it out (a moderate likelihood ratio);
# so does one that leaves at most half of them and takes it below 1 %.
RULES_OUT, HALF = 0.2, 0.5
# Above and below these a hypothesis expects a test to be positive, or negative.
EXPECTS, DENIES = 0.65, 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A test and what it would do. *positive* and *negative* are the probabilities after each outcome."""

    name: str
    question: str
    minutes: float
    assumed_minutes: bool
    owner: UserId | None
    bits: float
    p_positive: float
    expected_by: tuple[str, ...]
    denied_by: tuple[str, ...]
    now: Mapping[str, float]
    positive: Mapping[str, float]
    negative: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to test next. *changes_nothing* and *unranked* name tests that are listed and not suggested.

    *best* is None where no test is worth its minutes; *rules_out* says that it is suggested only because a
    must-not-miss is still open; *exact* that no order of tests is expected to cost less.
    """

    best: Suggestion | None
    rules_out: bool = False
    exact: bool = True
    changes_nothing: tuple[str, ...] = ()
    unranked: tuple[str, ...] = ()


def advise(
    differential: Differential,
    tests: Sequence[Test],
    *,
    wrong: float = WRONG_MINUTES,
    limits: Mapping[str, Sequence[float]] | None = None,
) -> Advice:
    """What to test next among the open *tests*.

    *limits* are the probabilities of a hypothesis at which the advice to treat or to watch changes.
    """
    ordered = sorted(tests, key=lambda test: test.number)
    ranked = [test for test in ordered if not missing(test, differential)]
    unranked = tuple(test.name for test in ordered if missing(test, differential))
    now = differential.probabilities
    questions = [question_of(test, list(now)) for test in ranked]
    choice = choosing.choose(list(now.values()), questions, wrong=wrong)
    best, rules_out = _suggested(ranked, choice, differential)
    return Advice(
        best=suggestion(best, differential) if best else None,
        rules_out=rules_out,
        exact=choice.exact,
        changes_nothing=tuple(
            test.name
            for place, test in enumerate(ranked)
            if _is_idle(place, questions[place], choice)
            and not may_rule_out(test, differential)
            and not _moves(test, differential, limits or {})
        ),
        unranked=unranked,
    )


def question_of(test: Test, letters: Sequence[str]) -> Question:
    """The test as the chooser sees it: positive, then negative, for each letter."""
    positive = tuple(test.likelihoods.get(letter, EITHER) for letter in letters)
    return Question(test.cost, (positive, tuple(1 - p for p in positive)))


def _is_idle(place: int, question: Question, choice: Choice) -> bool:
    """Whether the best plan costs the same without a question.

    It does where the plan never comes to it. So of two tests that would do equally well one is kept. Where
    there are too many for an exact plan, only a test that everything expects alike is sure to be idle.
    """
    if choice.used is not None:
        return place not in choice.used
    return all(len(set(row)) == 1 for row in question.chances)


def may_rule_out(test: Test, differential: Differential) -> bool:
    """Whether an outcome would exclude a must-not-miss that is open, or make it five times less likely."""
    return any(
        _rules_out(test, verdict, each.letter, differential)
        for each in unsettled(differential)
        for verdict in (Verdict.POSITIVE, Verdict.NEGATIVE)
    )


def _rules_out(test: Test, verdict: Verdict, letter: str, differential: Differential) -> bool:
    then, now = after(differential, test, verdict).p(letter), differential.p(letter)
    left = then / (1 - then) / (now / (1 - now))
    return left <= (HALF if then < EXCLUDED else RULES_OUT)


def _moves(test: Test, differential: Differential, limits: Mapping[str, Sequence[float]]) -> bool:
    """Whether an outcome by itself changes what leads, or takes a hypothesis over one of its limits."""
    outcomes = [after(differential, test, verdict) for verdict in (Verdict.POSITIVE, Verdict.NEGATIVE)]
    before = _stance(differential, limits)
    return any(_stance(outcome, limits) != before for outcome in outcomes)


def _stance(differential: Differential, limits: Mapping[str, Sequence[float]]) -> tuple[str, list[bool]]:
    """What the team would do now: the leader, and the side of every limit."""
    now = differential.probabilities
    sides = [now.get(letter, 0.0) >= limit for letter, each in limits.items() for limit in each]
    return max(now, key=lambda letter: now[letter]), sides


def _suggested(
    ranked: Sequence[Test], choice: Choice, differential: Differential
) -> tuple[Test | None, bool]:
    """The chooser's test; where it would stop, the test that best looks after an open must-not-miss."""
    if choice.best is not None:
        return ranked[choice.best], False
    exempt = [test for test in ranked if may_rule_out(test, differential)]
    if not exempt:
        return None, False
    return max(exempt, key=lambda test: (bits_of(test, differential) / test.cost, -test.number)), True


def bits_of(test: Test, differential: Differential) -> float:
    """The information that a test is expected to bring now."""
    now = differential.probabilities
    return choosing.bits(list(now.values()), question_of(test, list(now)))


def suggestion(test: Test, differential: Differential) -> Suggestion:
    """What a test separates, costs and would do to each hypothesis; its likelihoods are complete."""
    now = differential.probabilities
    expects = likelihoods_of(test, Verdict.POSITIVE, differential)
    order = [each.letter for each in by_likelihood(differential)]
    high, low = _sides(order, expects)
    return Suggestion(
        name=test.name,
        question=test.question,
        minutes=test.cost,
        assumed_minutes=test.minutes is None,
        owner=test.owner,
        bits=bits_of(test, differential),
        p_positive=sum(p * expects[letter] for letter, p in now.items()),
        expected_by=high,
        denied_by=low,
        now=now,
        positive=after(differential, test, Verdict.POSITIVE).probabilities,
        negative=after(differential, test, Verdict.NEGATIVE).probabilities,
    )


def _sides(order: Sequence[str], expects: Mapping[str, float]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The letters that expect a positive result, and those that deny it; else the two extremes."""
    high = tuple(letter for letter in order if expects[letter] >= EXPECTS)
    low = tuple(letter for letter in order if expects[letter] <= DENIES)
    top, bottom = (
        (max(order, key=lambda a: expects[a]), min(order, key=lambda a: expects[a])) if order else ("", "")
    )
    if (high and low) or not order or expects[top] == expects[bottom]:
        return high, low
    return high or (top,), low or (bottom,)


def explain(advice: Advice) -> str:
    """The advice in words for somebody who is tired."""
    if advice.best is None:
        return _no_test(advice)
    best = advice.best
    owner = f", @{best.owner}" if best.owner else ""
    about = " assumed" if best.assumed_minutes else ""
    why = " Nothing else is worth its minutes, but a must-not-miss is still open." if advice.rules_out else ""
    return "\n".join(
        [
            f"Next: {best.name} {best.question} ({best.minutes:g} min{about}{owner}).{why}",
            _separates(best),
            f"If positive ({percent(best.p_positive)}): {_then(best.now, best.positive)}.",
            f"If negative ({percent(1 - best.p_positive)}): {_then(best.now, best.negative)}.",
        ]
    )


def _no_test(advice: Advice) -> str:
    if advice.unranked:
        names = ", ".join(advice.unranked)
        return f"Nothing to suggest yet: say for {names} what each hypothesis expects (three taps)."
    if advice.changes_nothing:
        names = ", ".join(advice.changes_nothing)
        return f"No open test is worth its minutes now: {names} will not change what we do."
    return "No open test is worth its minutes now."


def _separates(best: Suggestion) -> str:
    if best.expected_by and best.denied_by:
        return f"It tells {_listed(best.expected_by)} from {_listed(best.denied_by)}."
    tested = best.expected_by or best.denied_by
    return f"It tells {_listed(tested)} from something else." if tested else "It tells nothing apart."


def _listed(letters: Sequence[str]) -> str:
    return letters[0] if len(letters) == 1 else f"{', '.join(letters[:-1])} and {letters[-1]}"


def _then(now: Mapping[str, float], then: Mapping[str, float]) -> str:
    """What becomes of the leader, and who leads instead."""
    leader, next_leader = max(now, key=lambda a: now[a]), max(then, key=lambda a: then[a])
    line = f"{_name(leader)} {percent(now[leader])} → {percent(then[leader])}"
    if next_leader == leader:
        return line
    return f"{line}, {_name(next_leader)} leads with {percent(then[next_leader])}"


def _name(letter: str) -> str:
    return "something else" if letter == OTHER else letter


def details(best: Suggestion) -> str:
    """The numbers behind a suggestion, for the button."""
    rows = [
        f"{_name(letter)}: {percent(p)} now, {percent(best.positive[letter])} if positive, "
        f"{percent(best.negative[letter])} if negative"
        for letter, p in best.now.items()
    ]
    return "\n".join([f"{best.name}: {best.bits:.2f} bit in {best.minutes:g} min", *rows])
