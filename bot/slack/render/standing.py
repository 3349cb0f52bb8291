"""Where the work stands, as parts of a rich text: interventions, tests, what to do next, what is late."""

from collections.abc import Iterable, Iterator

from bot.domain.chart import FENCE, Entry
from bot.domain.diagnosis.differential import Trigger, triggers
from bot.domain.diagnosis.next_test import explain
from bot.domain.diagnosis.testing import Result, Test, missing
from bot.domain.doing.action import Action
from bot.domain.signs.stability import Taken, title
from bot.domain.signs.vital_grammar import written_value
from bot.domain.therapy.intervention import Intervention, bundle_of
from bot.domain.therapy.treatment import Outcome
from bot.domain.ward import Chart
from bot.domain.work.waiting import label_of, waits_for
from bot.domain.work.workup import Workup
from bot.slack.render import blocks
from bot.slack.render.calls import Block
from bot.slack.render.differential import person

TEXT_LIMIT = 120
TESTS_SHOWN, RESULTS_SHOWN, ENDED_SHOWN, TREAT_SHOWN, VITALS_SHOWN = 3, 2, 2, 2, 6
ACTIONS_SHOWN, DONE_SHOWN = 3, 1
NEXT_LIMIT = 200

# The first that applies is asked; the words are those of a diagnostic time-out.
DOUBTS = {
    Trigger.PREMATURE: "Nearly sure after fewer than two tests: what does not fit?",
    Trigger.TOO_MANY: "More than five hypotheses: can two be one?",
    Trigger.NEW_HYPOTHESES: "Something else is likely: what else could it be?",
    Trigger.TOO_FEW: "Fewer than three hypotheses: what else, and what is the worst it could be?",
}


def overdue(chart: Chart) -> Iterator[Block]:
    """What should have happened by now, in one line."""
    workup = chart.workup
    late = [(f"{each.name} result", each.due) for each in workup.open_tests if each.due]
    if workup.active:
        late.append((f"{workup.active.name} outcome", workup.active.due))
    late += [(f"action {each.name}", each.due) for each in workup.open_actions if each.due]
    over = [(what, due) for what, due in late if due <= chart.at]
    if over:
        parts = [blocks.emoji("hourglass"), blocks.words(" Overdue: ", bold=True)]
        for place, (what, due) in enumerate(over[:4]):
            parts += [blocks.words(f"{', ' if place else ''}{what} since "), blocks.moment(due)]
        yield blocks.line(*parts)


def vitals(chart: Chart) -> Iterator[Block]:
    """How the incident is by its vital signs: the score, the word and why, then the last reading of each."""
    taken, condition = chart.workup.vitals.latest, chart.workup.condition
    if not taken:
        return
    score = "" if condition.score is None else f" {condition.score}"
    shown = [_vital(each) for each in sorted(taken, key=_gravity)]
    left = len(shown) - VITALS_SHOWN
    said = ", ".join([*shown[:VITALS_SHOWN], *([f"and {left} more"] if left > 0 else [])])
    unknown = ", ".join(each.value for each in condition.unknown)
    yield blocks.line(
        blocks.words(f"Vitals{score}, {condition.word.value}: ", bold=True),
        blocks.words(blocks.one_line(f"{condition.why}. Last: {said}.", chart.names, 400)),
        blocks.faint(f" Unknown: {unknown}. " if unknown else " "),
        blocks.moment(chart.workup.vitals.series[-1].at),
    )


def _gravity(each: Taken) -> tuple[int, bool]:
    """Places the worst first, and what has no score last."""
    return -(each.score or 0), each.score is None


def _vital(each: Taken) -> str:
    """A last reading: "throughput 0.4x (3)"; a known sign without a score says so."""
    score = f" ({each.score})" if each.score else " (no score)" if each.lacking else ""
    return f"{title(each.reading.name)} {written_value(each.reading)}{score}"


def interventions(chart: Chart) -> Iterator[Block]:
    """What is running, what failed and is still in place, and how the last ones ended."""
    workup = chart.workup
    active, owing = workup.active, workup.owing_revert
    if active:
        yield from running(chart, active)
    if owing:
        yield owed(chart, owing)
    for each in past(workup)[-ENDED_SHOWN:]:
        yield ended(chart, each)


def past(workup: Workup) -> list[Intervention]:
    """The interventions that nothing is waited for: neither their outcome, nor that of their bundle."""
    first = workup.active.name if workup.active else None
    return [
        each
        for each in workup.interventions
        if not each.active and (first is None or each.bundled_with != first) and each != workup.owing_revert
    ]


def running(chart: Chart, each: Intervention) -> Iterator[Block]:
    """An intervention whose outcome is waited for, and what was done beside it."""
    over = each.due <= chart.at
    target = f" for {each.target}" if each.target else ""
    yield blocks.line(
        blocks.emoji("wrench"),
        blocks.words(f" {each.name}{target}: ", bold=True),
        blocks.words(_said(each.text, chart)),
        blocks.words(", window over since " if over else ", until ", bold=over),
        blocks.moment(each.due),
        *([blocks.faint(" (extended)")] if each.extended else []),
    )
    expected = f"Expect {_said(each.expect, chart)}. " if each.expect else ""
    yield blocks.line(blocks.words(expected), *_way_back(each, chart))
    for other in bundle_of(chart.workup.interventions, each):
        yield blocks.line(
            blocks.words(f"+ {other.name}: {_said(other.text, chart)}"),
            blocks.faint("  confounded: nobody can tell which of the two acts"),
        )


def _way_back(each: Intervention, chart: Chart) -> Iterator[Block]:
    if each.irreversible:
        yield blocks.emoji("warning")
        yield blocks.words(" It cannot be undone.", bold=True)
    elif each.revert:
        yield blocks.words(f"Revert: {_said(each.revert, chart)}.")
    else:
        yield blocks.words("Nobody has said how to revert it.", bold=True)


def owed(chart: Chart, each: Intervention) -> Block:
    """An intervention that failed and is still in place."""
    done = _said(each.text, chart)
    if each.irreversible:
        return blocks.line(
            blocks.emoji("warning"),
            blocks.words(f" {each.name} failed and cannot be undone", bold=True),
            blocks.words(f" ({done}). Somebody has to answer for it: leave it, and say why."),
        )
    by = f": {_said(each.revert, chart)}" if each.revert else " (nobody has said how)"
    return blocks.line(
        blocks.emoji("rewind"),
        blocks.words(f" {each.name} failed and is still in place", bold=True),
        blocks.words(f" ({done}). Revert it first{by}, or say why it stays."),
    )


def ended(chart: Chart, each: Intervention) -> Block:
    """How an intervention ended."""
    target = f" for {each.target}" if each.target else ""
    return blocks.line(
        blocks.words(f"{each.name}{target} {_outcome(each)}: ", bold=True),
        blocks.words(_said(each.text, chart)),
        blocks.faint(f"  {_said(each.words, chart)}" if each.words else ""),
        blocks.faint(_aftermath(each, chart)),
    )


def _outcome(each: Intervention) -> str:
    return each.outcome.value if each.outcome else "is over"


def _aftermath(each: Intervention, chart: Chart) -> str:
    notes = [
        f"in a bundle with {each.bundled_with}" if each.bundled_with else "",
        "reverted" if each.reverted_at else "",
        f"left in place by {person(each.revert_waived_by, chart.names)}" if each.revert_waived_by else "",
        "cannot be undone" if each.irreversible and each.outcome is Outcome.FAILED else "",
    ]
    line = ", ".join(note for note in notes if note)
    return f" · {line}" if line else ""


def next_test(chart: Chart) -> Iterator[Block]:
    """Which test to run next, what it tells apart, and what each outcome would do to the leader."""
    if chart.advice and chart.workup.open_tests and chart.workup.differential.live:
        first, *rest = [
            blocks.one_line(each, chart.names, NEXT_LIMIT) for each in explain(chart.advice).splitlines()
        ]
        yield blocks.line(blocks.words(first, bold=True))
        apart, outcomes = rest[:1], " ".join(rest[1:])
        for each in filter(None, [*apart, outcomes]):
            yield blocks.line(blocks.words(each))


def tests(chart: Chart) -> Iterator[Block]:
    """Open tests and the newest results; the work-up has the others."""
    open_ones, results = chart.workup.open_tests, chart.workup.results
    listed = [test_line(chart, each) for each in _most_urgent(chart, open_ones)]
    listed += [result_line(chart, each) for each in newest_results(chart.workup)[-RESULTS_SHOWN:]]
    left = max(len(open_ones) - TESTS_SHOWN, 0) + max(len(results) - RESULTS_SHOWN, 0)
    if left:
        listed.append(blocks.line(blocks.faint(f"and {left} more in the work-up")))
    if listed:
        yield blocks.line(blocks.words("Tests", bold=True))
        yield blocks.bullets(listed)


def _most_urgent(chart: Chart, open_ones: Iterable[Test]) -> list[Test]:
    """The suggested test first, then what is due soonest, then the newest."""
    best = chart.advice.best.name if chart.advice and chart.advice.best else ""

    def urgency(each: Test) -> tuple[bool, float, int]:
        due = each.due.timestamp() if each.due else float("inf")
        return each.name != best, due, -each.number

    return sorted(open_ones, key=urgency)[:TESTS_SHOWN]


def test_line(chart: Chart, each: Test) -> Block:
    """An open test: its question, minutes, owner, due time, and what nobody has said of it."""
    parts = [blocks.words(f"{each.name} ", bold=True), blocks.words(_said(each.question, chart))]
    parts.append(blocks.faint(f"  {test_facts(chart, each)}"))
    if each.due:
        parts += [
            blocks.faint(", late since " if each.due <= chart.at else ", due "),
            blocks.moment(each.due),
        ]
    silent = [hypothesis.letter for hypothesis in missing(each, chart.workup.differential)]
    if silent:
        parts.append(blocks.words(f"; nobody has said what {', '.join(silent[:6])} expect", bold=True))
    return blocks.line(*parts)


def test_facts(chart: Chart, each: Test) -> str:
    """What a test takes and whose it is: "5 min, @ana"."""
    about = "" if each.minutes else " assumed"
    owner = f", @{person(each.owner, chart.names)}" if each.owner else ""
    assumption = f", checks {blocks.one_line(each.assumption, {}, 30)}" if each.assumption else ""
    return f"{each.cost:g} min{about}{owner}{assumption}"


def result_line(chart: Chart, each: Result) -> Block:
    """What a test showed, and what is missing where it moves nothing yet."""
    test = chart.workup.test(each.test)
    said = _said(each.words or (test.question if test else ""), chart)
    silent = waits_for(each, chart.workup)
    parts = [blocks.words(f"{label_of(each)}: ", bold=True), blocks.words(said)]
    if silent:
        letters, expect = ", ".join(silent[:6]), "expects" if len(silent) == 1 else "expect"
        missing_word = f"; moves nothing until somebody says what {letters} {expect} of T{each.test}"
        parts.append(blocks.words(missing_word, bold=True))
    return blocks.line(*parts)


def newest_results(workup: Workup) -> list[Result]:
    """The results, the newest last, and behind them those that move nothing until somebody speaks."""
    return sorted(workup.results, key=lambda each: bool(waits_for(each, workup)))


def actions(chart: Chart) -> Iterator[Block]:
    """What is to be done, the most urgent first, and what was done last; the work-up has the others."""
    waiting, done = by_urgency(chart.workup.open_actions), last_done(chart.workup)
    listed = [action_line(chart, each) for each in waiting[:ACTIONS_SHOWN]]
    listed += [action_line(chart, each) for each in done[:DONE_SHOWN]]
    left = len(waiting) + len(done) - len(listed)
    if left:
        listed.append(blocks.line(blocks.faint(f"and {left} more in the work-up")))
    if listed:
        yield blocks.line(blocks.words("Actions", bold=True))
        yield blocks.bullets(listed)


def by_urgency(open_ones: Iterable[Action]) -> list[Action]:
    """Open actions: what is due soonest first, then what has no time."""

    def urgency(each: Action) -> tuple[float, int]:
        return each.due.timestamp() if each.due else float("inf"), each.number

    return sorted(open_ones, key=urgency)


def last_done(workup: Workup) -> list[Action]:
    """The actions that are done, the newest first."""
    done = ((each.done_at, each.number, each) for each in workup.actions if each.done_at)
    return [each for _, _, each in sorted(done, reverse=True)]


def action_line(chart: Chart, each: Action) -> Block:
    """An action: whose it is and by when, or how one knows that it is done."""
    if not each.open:
        by = person(each.done_by or each.owner, chart.names)
        return blocks.line(
            blocks.words(f"{each.name} done: ", bold=True),
            blocks.words(_said(each.words, chart)),
            blocks.faint(f"  {by} · {_said(each.text, chart)}"),
        )
    late = each.late(chart.at)
    time = [blocks.words(", late since ", bold=True) if late else blocks.faint(", due ")] if each.due else []
    return blocks.line(
        blocks.words(f"{each.name} ", bold=True),
        blocks.words(_said(each.text, chart)),
        blocks.faint(f"  @{person(each.owner, chart.names)}"),
        *time,
        blocks.moment(each.due) if each.due else blocks.faint(", no time"),
    )


def treat(chart: Chart) -> Iterator[Block]:
    """Whether to treat, to test or to watch, where somebody named what plans cost."""
    for each in chart.treat[:TREAT_SHOWN]:
        yield blocks.line(blocks.words(blocks.one_line(each, chart.names, 200)))


def doubts(chart: Chart) -> Iterator[Block]:
    """What the shape of the differential asks of the team: one question at a time."""
    found = triggers(chart.workup.differential, discriminating=chart.workup.discriminating)
    question = next((DOUBTS[trigger] for trigger in DOUBTS if trigger in found), None)
    if question and chart.workup.differential.live:
        yield blocks.line(blocks.emoji("thinking_face"), blocks.words(f" {question}"))


def last_change(chart: Chart) -> Iterator[Block]:
    """What last moved the numbers."""
    change = next((each for each in reversed(chart.workup.history) if each.moved), None)
    if change:
        said = blocks.one_line(change.told, chart.names, 200)
        yield blocks.line(blocks.faint(f"{said}, "), blocks.moment(change.at))


def log_line(log: Entry, chart: Chart) -> Block:
    """The newest log, folded into a line: "Log: 42 lines, by Ana: first line"."""
    lines = [line for line in log.text.replace(FENCE, "\n").splitlines() if line.strip()]
    files = ", ".join(file.name for file in log.files[:3])
    amount = f"{len(lines)} line{'' if len(lines) == 1 else 's'}" if lines else ""
    attached = f"[{blocks.one_line(files, {}, TEXT_LIMIT)}]" if files else ""
    head = ", ".join(part for part in (amount, attached, f"by {person(log.author, chart.names)}") if part)
    first = f": {_said(lines[0], chart)}" if lines else ""
    return blocks.line(blocks.words("Log: ", bold=True), blocks.words(head + first))


def _said(text: str, chart: Chart) -> str:
    return blocks.one_line(text, chart.names, TEXT_LIMIT)
