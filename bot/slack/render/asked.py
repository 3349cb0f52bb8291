"""A new test in the thread: three taps per hypothesis say what a result would mean."""

from collections.abc import Iterator

from bot.domain.diagnosis.differential import MOST, Hypothesis, by_likelihood
from bot.domain.diagnosis.estimate import percent
from bot.domain.diagnosis.testing import TAPS, Result, Test, missing
from bot.domain.notice import TestAsked
from bot.domain.ward import Chart
from bot.domain.work.waiting import waits_for
from bot.slack.render import blocks
from bot.slack.render import buttons as button_rows
from bot.slack.render.calls import Block
from bot.slack.render.standing import test_facts

# What a tap is called in an id, and on a button that has to fit beside two others on a phone.
TAP_NAMES = {"positive": "would be positive", "either": "could be either", "negative": "would be negative"}


def tap_of(likelihood: float | None) -> str | None:
    """The tap that says exactly this likelihood; None for another number, or for none."""
    return next((tap for tap, words in TAP_NAMES.items() if TAPS[words] == likelihood), None)


def asked_post(notice: TestAsked, chart: Chart) -> tuple[str, list[Block]]:
    """A test, what each hypothesis expects of it, and what is still to be said."""
    test = chart.workup.test(notice.test)
    if test is None:
        gone = f"T{notice.test} was withdrawn."
        return gone, [blocks.section(gone)]
    question = blocks.one_line(test.question, chart.names, 300)
    facts = test_facts(chart, test)
    text = f"*{test.name}*: {blocks.escape(question)} ({blocks.escape(facts)})"
    head = blocks.line(
        blocks.emoji("test_tube"),
        blocks.words(f" {test.name}: ", bold=True),
        blocks.words(question),
        blocks.faint(f" ({facts})"),
    )
    script = [blocks.code(blocks.plain(test.script, {}, 700))] if test.script else []
    built = [blocks.rich(head, *script), *_rest(test, chart)]
    return text, built


def _rest(test: Test, chart: Chart) -> Iterator[Block]:
    value = button_rows.value_of(chart)
    result = chart.workup.result(test.number)
    live = by_likelihood(chart.workup.differential)
    if result:
        yield _found(test, result, chart)
    if result and not waits_for(result, chart.workup):
        return
    if not live:
        yield blocks.context("Name what could be wrong (`dx: …`), and I ask what each expects of this test.")
        yield from blocks.offers("verdict", button_rows.verdicts(test), value)
        return
    yield blocks.section(f"*If it is this, {test.name} would be…*")
    for each in _inline(test, live):
        yield from _row(test, each, chart)
    yield from _state(test, chart, len(live))
    if result:
        return
    # The words of these buttons are much like those of the rows above.
    yield blocks.section(f"*When {test.name} has run, it was…*")
    yield from blocks.offers("verdict", button_rows.verdicts(test), value)


def _inline(test: Test, live: list[Hypothesis]) -> list[Hypothesis]:
    """Those that the test bears on first, then by likelihood; what does not fit is asked in the modal."""
    return sorted(live, key=lambda each: each.letter not in test.bears_on)[:MOST]


def _row(test: Test, each: Hypothesis, chart: Chart) -> Iterator[Block]:
    said = test.likelihoods.get(each.letter)
    chosen = tap_of(said)
    number = f"  positive in {percent(said)}" if said is not None and chosen is None else ""
    yield blocks.rich(
        blocks.line(
            blocks.words(f"{each.letter} ", bold=True),
            blocks.words(blocks.one_line(each.statement, chart.names, 120)),
            *([blocks.faint(number)] if number else []),
        )
    )
    buttons = [
        blocks.button(
            f"✓ {tap}" if tap == chosen else tap,
            f"expects:{test.name}:{each.letter}:{tap}",
            button_rows.value_of(chart),
            label=f"If it is {each.letter}, {test.name} {words}",
            style="primary" if tap == chosen else None,
        )
        for tap, words in TAP_NAMES.items()
    ]
    yield blocks.actions(f"expects-{each.letter}", buttons)


def _state(test: Test, chart: Chart, live: int) -> Iterator[Block]:
    result = chart.workup.result(test.number)
    left = [each.letter for each in missing(test, chart.workup.differential)]
    if result:
        left = [*waits_for(result, chart.workup)]
    if left:
        letters, then = ", ".join(left[:10]), "counts" if result else "is ranked"
        yield blocks.context(f"{test.name} {then} once {letters} {_has(len(left))} an answer.")
    else:
        yield blocks.context(f"{test.name} is ranked.")
    caption = "Exact numbers…" if live <= MOST else f"The other {live - MOST}, and exact numbers…"
    exact = blocks.button(caption, f"expects:{test.name}", button_rows.value_of(chart))
    yield blocks.actions("exact", [exact])


def _has(amount: int) -> str:
    return "has" if amount == 1 else "have"


def _found(test: Test, result: Result, chart: Chart) -> Block:
    parts = [blocks.words(f"{test.name} {result.verdict.value}", bold=True)]
    if result.words.strip():
        parts.append(blocks.words(f": {blocks.one_line(result.words, chart.names, 300)}"))
    return blocks.rich(blocks.line(*parts))
