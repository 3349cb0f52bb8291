"""What entries mean for the diagnosis: hypotheses, tests and their results."""

from collections.abc import Sequence
from itertools import chain, count

from bot.domain.diagnosis import asking, pooling, proposing
from bot.domain.diagnosis.arguing import Argued as Argument
from bot.domain.diagnosis.arguing import RuledOut as Exclusion
from bot.domain.diagnosis.differential import MUST_NOT_MISS, Proposed, letter_of
from bot.domain.diagnosis.estimate import Estimate, How
from bot.domain.diagnosis.proposing import Revised
from bot.domain.diagnosis.testing import Verdict
from bot.domain.errors import NotUnderstood, Refused
from bot.domain.offer import Offer
from bot.domain.work.saying import Meaning, Saying, fenced, prose, short, statement_of
from bot.domain.work.steps import Argued, Asked, Found, Named, Reestimated, RuledOut, Step, Suspect
from bot.domain.work.workup import Workup

# What a line that is read as hypotheses may say.
Said = Proposed | Revised | Argument | Exclusion


def read_hypotheses(saying: Saying, workup: Workup) -> Meaning:
    """New hypotheses, and what is said about those that have their letters."""
    if not saying.typed:
        statement = statement_of(saying) or "(see its files)"
        letter = _letters([statement], saying, workup)[0]
        return Meaning((Named(hypotheses=(Suspect(letter=letter, statement=statement),)),))
    known = {each.letter for each in workup.differential.hypotheses}
    lines = proposing.read(prose(saying.text), known)
    statements = [line.statement for line in lines if isinstance(line, Proposed)]
    _refuse_repetition(statements, saying, workup)
    letters = iter(_letters(statements, saying, workup))
    steps: list[Step] = []
    for said in lines:
        step = _about(said, workup, steps)
        if step is not None:
            steps.append(step)
        elif isinstance(said, Proposed):
            _join(steps, suspect_of(said, next(letters)))
    return Meaning(tuple(steps))


def _own(saying: Saying) -> list[Suspect]:
    """The hypotheses that an earlier version of the entry named."""
    return [each for step in saying.before if isinstance(step, Named) for each in step.hypotheses]


def _letters(statements: Sequence[str], saying: Saying, workup: Workup) -> list[str]:
    """The letters for hypotheses: those that an earlier version of the entry gave them.

    What is worded otherwise takes what is left of them, so that a mended word keeps its letter.
    """
    had = {pooling.key(each.statement): each.letter for each in reversed(_own(saying))}
    same = [had.get(pooling.key(statement)) for statement in statements]
    left = (each.letter for each in _own(saying) if each.letter not in same)
    fresh = chain(left, (letter_of(place) for place in count(workup.letters_given)))
    return [letter or next(fresh) for letter in same]


def _about(said: Said, workup: Workup, steps: Sequence[Step]) -> Step | None:
    """The step that is about a hypothesis which has its letter; None where a new one is named.

    *steps* are those of the lines before.
    """
    match said:
        case Argument():
            return Argued(letter=said.letter, stance=said.stance, words=said.words)
        case Exclusion():
            return _exclusion(said, workup, steps)
        case Revised(estimate=None):
            return Reestimated(letter=said.letter, impact=said.impact, assumption=said.assumption)
        case Revised(estimate=Estimate(p=p, how=how)):
            return Reestimated(
                letter=said.letter, p=p, how=how, impact=said.impact, assumption=said.assumption
            )
        case _:
            return None


def suspect_of(said: Proposed, letter: str) -> Suspect:
    """A proposal with its letter."""
    estimate = said.estimate
    return Suspect(
        letter=letter,
        statement=said.statement,
        p=estimate.p if estimate else None,
        how=estimate.how if estimate else How.RANKING,
        impact=said.impact,
        assumption=said.assumption,
    )


def _join(steps: list[Step], suspect: Suspect) -> None:
    """Hypotheses in a row are one list."""
    last = steps[-1] if steps else None
    if isinstance(last, Named):
        steps[-1] = Named(hypotheses=(*last.hypotheses, suspect))
    else:
        steps.append(Named(hypotheses=(suspect,)))


def _refuse_repetition(statements: Sequence[str], saying: Saying, workup: Workup) -> None:
    own = {each.letter for each in _own(saying)}
    said = {pooling.key(each.statement): each for each in workup.differential.hypotheses}
    seen: set[str] = set()
    for statement in statements:
        name = pooling.key(statement)
        each = said.get(name)
        if each and each.letter not in own:
            gone = "" if each.live else ", and it was ruled out"
            raise NotUnderstood(f"{each.letter} says that already{gone}.", f"`dx: {each.letter} 40%`")
        if name in seen:
            raise NotUnderstood(f"“{short(statement)}” is named twice.", "one line for each")
        seen.add(name)


def _exclusion(said: Exclusion, workup: Workup, steps: Sequence[Step]) -> RuledOut:
    """A hypothesis taken off the list by hand. A must-not-miss needs a test that says so, or a name."""
    result = None if said.test is None else workup.result(said.test)
    if said.test is not None and (result is None or result.verdict is Verdict.INCONCLUSIVE):
        raise NotUnderstood(
            f"T{said.test} has no result that could rule {said.letter} out.",
            f"`result: T{said.test} negative what it showed`",
        )
    impacts = [workup.differential.named(said.letter).impact]
    impacts += [step.impact for step in steps if isinstance(step, Reestimated) and step.letter == said.letter]
    impact = next((each for each in reversed(impacts) if each is not None), 0)
    if impact >= MUST_NOT_MISS and said.test is None:
        raise Refused(
            f"{said.letter} must not be missed (impact {impact}), so a test has to rule it out, "
            "or somebody has to answer for it by name.",
            (Offer(label=f"Waive {said.letter}…", does=f"waive:{said.letter}"),),
        )
    return RuledOut(letter=said.letter, test=said.test)


def read_test(saying: Saying, workup: Workup) -> Meaning:
    """A new test, with its script where one stands in a code fence."""
    number = next((step.test for step in saying.before if isinstance(step, Asked)), workup.tests_given + 1)
    if not saying.typed:
        return Meaning((Asked(test=number, question=statement_of(saying) or "(see its files)"),))
    asked = asking.read_test(prose(saying.text), {each.letter for each in workup.differential.hypotheses})
    step = Asked(
        test=number,
        question=asked.question,
        minutes=asked.minutes,
        owner=asked.owner,
        due=saying.due or (saying.at + asked.takes if asked.takes else None),
        bears_on=asked.bears_on,
        assumption=asked.assumption,
        script=fenced(saying.text),
    )
    return Meaning((step,))


def is_plain_finding(text: str) -> bool:
    """Whether a result names neither a test nor a verdict."""
    found = asking.read_result(prose(text))
    return found.test is None and found.verdict is None


def read_result(saying: Saying, workup: Workup) -> Meaning:
    """What a test showed; a finding that belongs to no test stays in the chart alone."""
    if not saying.typed:
        return Meaning()
    found = asking.read_result(prose(saying.text))
    earlier = next((step.test for step in saying.before if isinstance(step, Found)), None)
    number = found.test if found.test is not None else earlier
    number = number if number is not None else _the_open_test(found.verdict, workup)
    if number is None:
        return Meaning()
    test = workup.test(number)
    if test is None:
        names = ", ".join(each.name for each in workup.tests) or "`test: what to look at (5m)` first"
        raise NotUnderstood(f"There is no test T{number}.", names)
    step = Found(test=number, verdict=found.verdict, words=found.words, output=fenced(saying.text))
    if found.verdict is not None or workup.result(number):
        return Meaning((step,))
    offers = tuple(
        Offer(label=f"{test.name} {verdict.value}", does=f"found:{test.name}:{verdict.value}")
        for verdict in Verdict
    )
    return Meaning((step,), f"That is logged. Was {test.name} positive or negative?", offers)


def _the_open_test(verdict: Verdict | None, workup: Workup) -> int | None:
    """Which test a verdict without a number is about: the only open one."""
    open_tests = workup.open_tests
    if verdict is None or not open_tests:
        return None
    if len(open_tests) > 1:
        names = " or ".join(f"`result: {test.name} {verdict.value}`" for test in open_tests)
        raise NotUnderstood(f"Which test was {verdict.value}?", names)
    return open_tests[0].number
