"""The first post of a thread: four questions that give the severity, the log, and how to work here."""

from collections.abc import Iterator, Mapping

from bot.domain.chart import LOGGABLE, Kind
from bot.domain.ids import shown
from bot.domain.notice import ThreadStarted
from bot.domain.triage import IN_SHORT, MANY_RESOURCES, Answers, decide
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.calls import Block

QUICK_KINDS = (Kind.INTERVENTION, Kind.RESULT, Kind.NOTE)
TAUGHT_KINDS = (
    Kind.HYPOTHESIS,
    Kind.TEST,
    Kind.RESULT,
    Kind.INTERVENTION,
    Kind.OUTCOME,
    Kind.ACTION,
    Kind.NOTE,
)
YES_NO = {"yes": "Yes", "no": "No"}
RESOURCES = {"0": "0", "1": "1", "2": "2 or more"}
_ASKED = {"A": "Is it dying?", "B": "Can it not wait?", "D": "Is a vital sign in danger?"}
QUESTIONS = {
    letter: f"*{letter}. {question}* {IN_SHORT[letter][1][0].upper()}{IN_SHORT[letter][1][1:]}"
    for letter, question in _ASKED.items()
} | {"C": "*C. How many resources will a decision need?* Teams, or tests that are not trivial"}


def welcome_post(notice: ThreadStarted, chart: Chart) -> tuple[str, list[Block]]:
    """The questions of triage first, because they are asked at once, then how to work in the thread."""
    name, value = shown(notice.incident), str(notice.incident)
    text = (
        f"This thread is the chart of {name}. Begin a reply with a word and a colon to log it. "
        f"{_standing(chart)}"
    )
    built = [
        blocks.section(f"*How bad is it?* {_standing(chart)}"),
        *_questions(chart, value),
        blocks.context("Anybody may change it: *Severity…* on the chart, or `sev: 2 why`."),
        blocks.divider(),
        *_how_to(name, value),
    ]
    return text, built


def _standing(chart: Chart) -> str:
    """The severity that the answers led to, or the one that stands while they decide nothing."""
    now, first = chart.incident.severity, chart.first_severity
    decided = decide(chart.answers, now)
    if decided == now:
        return f"Your answers say SEV{decided.value}."
    if decided:
        return f"Your answers say SEV{decided.value}; somebody set it to SEV{now.value}."
    if chart.incident.triaged_at is None:
        return f"Four taps say; until then it counts as SEV{now.value}."
    if now != first:
        return f"It is SEV{now.value} (named at opening: SEV{first.value}); four questions check it."
    return f"Named at opening: SEV{now.value}; four questions check it."


def _questions(chart: Chart, value: str) -> Iterator[Block]:
    said = _said(chart.answers)
    for letter in sorted(QUESTIONS):
        if said[letter] is None and not _matters(letter, chart.answers):
            continue
        captions = RESOURCES if letter == "C" else YES_NO
        yield blocks.section(QUESTIONS[letter])
        yield blocks.actions(f"triage-{letter}", _answers(letter, captions, said[letter], value))


def _answers(letter: str, captions: Mapping[str, str], said: str | None, value: str) -> Iterator[Block]:
    for answer, caption in captions.items():
        chosen = answer == said
        yield blocks.button(
            f"✓ {caption}" if chosen else caption,
            f"triage:{letter}:{answer}",
            value,
            label=f"Question {letter}: {caption}",
            style="primary" if chosen else None,
        )


def _said(answers: Answers) -> dict[str, str | None]:
    """Each answer as its button names it."""

    def yes_no(answer: bool | None) -> str | None:  # noqa: FBT001 - It is the answer itself.
        return None if answer is None else "yes" if answer else "no"

    resources = answers.resources
    return {
        "A": yes_no(answers.dying),
        "B": yes_no(answers.cannot_wait),
        "C": None if resources is None else str(min(resources, MANY_RESOURCES)),
        "D": yes_no(answers.danger),
    }


def _matters(letter: str, answers: Answers) -> bool:
    """Whether an answer could still change the severity: a dying patient is not asked about resources."""
    if answers.dying:
        return letter == "A"
    if answers.cannot_wait:
        return letter in {"A", "B"}
    few = answers.resources is not None and answers.resources < MANY_RESOURCES
    return not (few and letter == "D")


def _how_to(name: str, value: str) -> Iterator[Block]:
    yield blocks.section(
        f"This thread is the chart of *{name}*. A reply that begins with a word and a colon is logged and "
        "gets :memo:. Everything else is just talk."
    )
    examples = [word.example for word in LOGGABLE if word.kind in TAUGHT_KINDS]
    yield blocks.rich(blocks.code("\n".join(examples)))
    others = " · ".join(f"`{word.kind.value}:`" for word in LOGGABLE if word.kind not in TAUGHT_KINDS)
    more = "`sev: 2 why` · `lead: me` · `handoff: @ben` · `resolve: cause` · edit or delete to correct"
    yield blocks.context(f"{others} · {more}")
    buttons = [
        blocks.button(f"{word.title}…", f"log:{word.kind.value}", value)
        for word in LOGGABLE
        if word.kind in QUICK_KINDS
    ]
    log = blocks.button("Add the log…", f"log:{Kind.LOG.value}", value, label=f"Add the log of {name}")
    checklist = blocks.button("Checklist", "checklist", value, label=f"Post the checklist into {name}")
    yield blocks.actions("quick", [log, *buttons, checklist])
