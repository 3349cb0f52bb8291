"""The modals of the diagnosis: hypotheses, tests, what each expects of one, and results.

What was answered becomes the words of a reply, so that a modal and a person who types say the same.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from bot.domain.diagnosis import estimate
from bot.domain.diagnosis.arguing import Argued, RuledOut, Stance, written_argument
from bot.domain.diagnosis.asking import Asked, Found, written_result, written_test
from bot.domain.diagnosis.differential import (
    IMPACTS,
    MUST_NOT_MISS,
    OTHER,
    Hypothesis,
    Proposed,
    by_likelihood,
)
from bot.domain.diagnosis.estimate import Estimate, percent
from bot.domain.diagnosis.proposing import Revised, read_line, written
from bot.domain.diagnosis.testing import TAPS, Test, Verdict, missing, read_likelihood
from bot.domain.errors import NotUnderstood
from bot.domain.ids import ChannelId, UserId, shown
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.asked import TAP_NAMES, tap_of
from bot.slack.render.calls import Block, View
from bot.slack.render.modals.form import (
    Submission,
    about,
    asking,
    choice,
    hinted,
    modal,
    number,
    one_line,
    option,
    place_of,
    radio,
    ticks,
    with_fence,
    words,
)

ASSUMPTIONS = {
    "shape": "the shape of the data",
    "dtype": "the type of the data",
    "schema": "the schema",
    "input": "what goes into the model",
    "output": "what comes out of the model",
}
IMPACT_MEANS = {1: "mild", 2: "annoying", 3: "bad", 4: "must not be missed", 5: "the worst"}
BY_HAND = "nobody"
STANCES = {
    Stance.FOR: "What speaks for it?",
    Stance.AGAINST: "What speaks against it?",
    Stance.ABSENT: "What would you expect to see, and do not?",
}
MOST_ASKED = 30
_PARTS = re.compile(r"[,;\n]+\s*(?=[A-Za-z]+(?:\s*[:=]|\s))|\n+")
_EXACT = re.compile(
    r"(?P<name>[A-Za-z]{1,2}|other|something else)(?:\s*[:=]\s*|\s+)(?P<said>.+)", re.IGNORECASE
)


# Changes are behind most outages of services (some 70 % in Google's Site Reliability Engineering, chapter 1).
FIRST_SUSPECT = "A recent change: "


def hypothesis_view(chart: Chart, here: ChannelId | None, *, text: str = "") -> View:
    """Ask for a new hypothesis."""
    asked = [
        words(
            "statement",
            "What could it be?",
            placeholder="The collator gets string columns",
            value=one_line(text)[:300] or ("" if chart.workup.differential.hypotheses else FIRST_SUSPECT),
        ),
        _probability(""),
        _impact(None),
        _assumption(None),
        *_evidence(),
    ]
    return modal("hypothesis", _title(chart, "hypothesis"), "Add", asked, place_of(chart, here))


def revise_view(chart: Chart, here: ChannelId | None, letter: str) -> View:
    """Ask what is now thought of a hypothesis, what argues about it, and whether something ruled it out.

    Raises:
        NotUnderstood: There is no such letter.
    """
    each = chart.workup.differential.named(letter)
    said = blocks.one_line(each.statement, chart.names, 600)
    p = percent(chart.workup.differential.p(letter)) if each.live else "ruled out"
    asked = [
        blocks.rich(blocks.line(blocks.words(f"{letter} {p} ", bold=True), blocks.words(said))),
        _probability("leave it empty to leave it as it is; "),
        _impact(each.impact),
        _assumption(each.assumption),
        *_evidence(),
    ]
    if each.live:
        asked.append(_ruled_out_by(chart))
    data = place_of(chart, here) | {"letter": letter}
    return modal("revise", _title(chart, letter), "Change", asked, data)


def _title(chart: Chart, about: str) -> str:
    return f"{shown(chart.incident.number)}: {about}"


def _probability(note: str) -> Block:
    question = words("probability", "How likely is it?", optional=True, placeholder="30%, or likely")
    return hinted(question, f"{note}{estimate.menu()}")


def _impact(now: int | None) -> Block:
    options = [option(f"{level}: {IMPACT_MEANS[level]}", str(level)) for level in IMPACTS]
    question = choice(
        "impact", "How bad would it be?", options, chosen=str(now) if now else None, optional=True
    )
    return hinted(question, f"From {MUST_NOT_MISS} on it has to be excluded before this can be closed.")


def _assumption(now: str | None) -> Block:
    options = [option(f"{name}: {means}", name) for name, means in ASSUMPTIONS.items()]
    return choice("assumption", "Which assumption does it break?", options, chosen=now, optional=True)


def _evidence() -> Iterator[Block]:
    for stance, question in STANCES.items():
        yield words(stance.value, question, lines=True, optional=True)


def _ruled_out_by(chart: Chart) -> Block:
    finished = [chart.workup.test(result.test) for result in reversed(chart.workup.results)]
    options = [
        option(f"{test.name}: {blocks.one_line(test.question, chart.names, 60)}", str(test.number))
        for test in finished[:50]
        if test
    ]
    options.append(option("Ruled out, by nobody's test", BY_HAND))
    return choice("ruled_out_by", "Is it ruled out? By which test?", options, optional=True)


def hypothesis_lines(form: Submission, known: Collection[str] = ()) -> str:
    """The new hypothesis as it would be typed beside the *known* letters; evidence needs its letter first.

    Raises:
        NotUnderstood: It says nothing, or its probability means nothing.
    """
    statement = one_line(form.text("statement"))
    with about("statement"):
        if not statement:
            raise NotUnderstood("A hypothesis needs its statement.", "“collator gets string columns”")
    impact = form.option("impact")
    said = Proposed(
        statement=statement,
        estimate=_estimate(form),
        impact=int(impact) if impact else None,
        assumption=form.option("assumption"),
    )
    line = written(said, known)
    # Whatever is no statement, such as a comma alone, is refused in the reader's own words.
    with about("statement"):
        read_line(line, known)
    return line


def _estimate(form: Submission) -> Estimate | None:
    said = form.text("probability")
    with about("probability"):
        return estimate.read(said) if said else None


def argued_lines(form: Submission, letter: str) -> str:
    """What argues about a hypothesis, a line each; "" for nothing."""
    said = [(stance, one_line(form.text(stance.value))) for stance in STANCES]
    return "\n".join(
        written_argument(Argued(letter=letter, stance=stance, words=given)) for stance, given in said if given
    )


def revised_lines(form: Submission, now: Hypothesis) -> str:
    """What is new about a hypothesis, a line each as it would be typed; what stayed as it was is left out.

    Raises:
        NotUnderstood: Nothing is new, or the probability means nothing.
    """
    letter, impact, assumption = now.letter, form.option("impact"), form.option("assumption")
    revised = Revised(
        letter=letter,
        estimate=_estimate(form),
        impact=int(impact) if impact and int(impact) != now.impact else None,
        assumption=assumption if assumption != now.assumption else None,
    )
    lines = [argued_lines(form, letter), _exclusion(form, letter)]
    if revised != Revised(letter=letter):
        lines.insert(0, written(revised, {letter}))
    said = "\n".join(line for line in lines if line)
    if not said:
        raise NotUnderstood(f"That says nothing new of {letter}.", "another number, or evidence")
    return said


def _exclusion(form: Submission, letter: str) -> str:
    by = form.option("ruled_out_by")
    if by is None:
        return ""
    return written_argument(RuledOut(letter=letter, test=None if by == BY_HAND else int(by)))


def test_view(chart: Chart, here: ChannelId | None) -> View:
    """Ask for a new test."""
    live = by_likelihood(chart.workup.differential)
    asked = [
        words("question", "What is done, or looked at?", placeholder="Run the collator on 8 rows"),
        number("minutes", "How many minutes does it take?"),
        asking("owner", "Who does it?", {"type": "users_select"}, optional=True),
        asking("due", "When is the result due?", {"type": "datetimepicker"}, optional=True),
        _assumption(None),
        words("script", "A minimal script, if there is one", lines=True, optional=True),
    ]
    if live:
        asked.insert(4, ticks("bears_on", "Which hypotheses does it tell apart?", _letters(chart, live)))
    return modal("test", _title(chart, "test"), "Ask", asked, place_of(chart, here))


def _letters(chart: Chart, live: list[Hypothesis]) -> list[Block]:
    return [
        option(f"{each.letter}: {blocks.one_line(each.statement, chart.names, 68)}", each.letter)
        for each in live
    ]


def test_text(form: Submission) -> str:
    """The new test as it would be typed; its due time is ``form.moment("due")``.

    Raises:
        NotUnderstood: It asks nothing.
    """
    question = one_line(form.text("question"))
    with about("question"):
        if not question:
            raise NotUnderstood("A test needs its question.", "“run the collator on 8 rows”")
    minutes = form.number("minutes")
    asked = Asked(
        question=question,
        takes=timedelta(minutes=minutes) if minutes else None,
        owner=UserId(form.user("owner") or "") or None,
        bears_on=tuple(sorted(form.ticked("bears_on"), key=lambda letter: (len(letter), letter))),
        assumption=form.option("assumption"),
    )
    return with_fence(written_test(asked), form.text("script"))


def expects_view(chart: Chart, here: ChannelId | None, test: int) -> View:
    """Ask for each live hypothesis how likely a positive result would be.

    Raises:
        NotUnderstood: There is no such test.
    """
    asked_of = known_test(chart, test)
    silent = [each.letter for each in missing(asked_of, chart.workup.differential)]
    ordered = sorted(by_likelihood(chart.workup.differential), key=lambda each: each.letter not in silent)
    question = blocks.one_line(asked_of.question, chart.names, 600)
    asked = [
        blocks.rich(blocks.line(blocks.words(f"{asked_of.name} ", bold=True), blocks.words(question))),
        *(_expected(chart, each, asked_of) for each in ordered[:MOST_ASKED]),
        hinted(
            words("exact", "Exact numbers: how likely is a positive result?", lines=True, optional=True),
            "One for each letter, such as “A .9, B 20%, C very unlikely”. They count before the taps.",
        ),
    ]
    data = place_of(chart, here) | {"test": test}
    return modal("expects", _title(chart, f"{asked_of.name} expects"), "Say so", asked, data)


def known_test(chart: Chart, number_: int) -> Test:
    """The test of that number.

    Raises:
        NotUnderstood: There is none.
    """
    found = chart.workup.test(number_)
    if found is None:
        names = ", ".join(each.name for each in chart.workup.tests[:10]) or "`test: what to look at (5m)`"
        raise NotUnderstood(f"There is no test T{number_}.", names)
    return found


def _expected(chart: Chart, each: Hypothesis, test: Test) -> Block:
    said = test.likelihoods.get(each.letter)
    exact = f" (now {percent(said)})" if said is not None and tap_of(said) is None else ""
    label = f"If it is {each.letter}: {blocks.one_line(each.statement, chart.names, 100)}{exact}"
    options = [option(f"{test.name} {means}", tap) for tap, means in TAP_NAMES.items()]
    return radio(f"expects-{each.letter}", label, options, chosen=tap_of(said), optional=True)


def expectations(form: Submission) -> dict[str, float]:
    """How likely each hypothesis makes a positive result; what nobody said is left out.

    Raises:
        NotUnderstood: A number means nothing or belongs to no hypothesis, or nothing was said.
    """
    letters = [block_id.removeprefix("expects-") for block_id in form.values if "expects-" in block_id]
    taps = {letter: form.option(f"expects-{letter}") for letter in letters}
    said = {letter: TAPS[TAP_NAMES[tap]] for letter, tap in taps.items() if tap}
    with about("exact"):
        said |= _exact_numbers(form.text("exact"), letters)
        if not said:
            raise NotUnderstood("Nothing was said.", "a tap for one hypothesis, or “A .9, B 20%”")
    return said


def _exact_numbers(text: str, letters: list[str]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for part in (each.strip(" ,;") for each in _PARTS.split(text)):
        match = _EXACT.fullmatch(part) if part else None
        if match:
            name = match["name"].upper() if len(match["name"]) <= len("AA") else OTHER
            if name not in {*letters, OTHER}:
                raise NotUnderstood(f"There is no hypothesis {name}.", ", ".join(letters))
            found[name] = read_likelihood(match["said"])
        elif part:
            raise NotUnderstood(f"“{part[:60]}” says nothing of a hypothesis.", "“A .9, B 20%”")
    return found


def result_view(chart: Chart, here: ChannelId | None, test: int) -> View:
    """Ask what a test showed.

    Raises:
        NotUnderstood: There is no such test.
    """
    asked_of = known_test(chart, test)
    question = blocks.one_line(asked_of.question, chart.names, 600)
    options = [option(verdict.value.capitalize(), verdict.value) for verdict in Verdict]
    asked = [
        blocks.rich(blocks.line(blocks.words(f"{asked_of.name} ", bold=True), blocks.words(question))),
        radio("verdict", "What did it show?", options),
        words("words", "In your words", optional=True, placeholder="KeyError 'text' in row 3"),
        words("output", "Its output", lines=True, optional=True),
    ]
    data = place_of(chart, here) | {"test": test}
    return modal("result", _title(chart, f"{asked_of.name} result"), "Log", asked, data)


def result_text(form: Submission) -> str:
    """The result as it would be typed.

    Raises:
        NotUnderstood: It has no verdict.
    """
    verdict, test = form.option("verdict"), int(form.data["test"])
    if verdict is None:
        raise NotUnderstood(f"What did T{test} show?", f"`result: T{test} positive`")
    found = Found(words=one_line(form.text("words")), test=test, verdict=Verdict(verdict))
    return with_fence(written_result(found), form.text("output"))
