"""What each kind of prompt asks, in words, and the buttons that answer it where it stands."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.domain.diagnosis.differential import MUCH_OTHER, OTHER
from bot.domain.diagnosis.estimate import percent
from bot.domain.offer import Offer
from bot.domain.prompts.question import Prompt, PromptKind
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render import buttons as button_rows

TEXT_LIMIT = 160
CALLS = {
    "sure": "Nearly sure after fewer than two tests that tell hypotheses apart.",
    "failed": "The last intervention failed.",
    "handed": "It was just handed over: look at it as if you were the first.",
    "unchanged": "Nothing has moved for as long as two re-evaluations take.",
}
TIME_OUT = "What else could it be, what is the worst it could be, and what does not fit?"
HYPOTHESIS = Offer(label="Hypothesis…", does="hypothesis")
HAND_OVER = Offer(label="Hand over…", does="hand_over")
SEVERITY = Offer(label="Severity…", does="severity")


def said(text: str, chart: Chart) -> str:
    """Somebody's words as a part of a sentence of ours."""
    return blocks.one_line(text, chart.names, TEXT_LIMIT).rstrip(".?")


def sentence(text: str, chart: Chart) -> str:
    """Somebody's words as a sentence of their own; a question stays one."""
    words = blocks.one_line(text, chart.names, TEXT_LIMIT).rstrip(".")
    return words if words.endswith(("?", "…")) else f"{words}."


def words_of(prompt: Prompt, chart: Chart) -> str:
    """What a prompt asks, in a sentence or two."""
    return _WORDS[prompt.kind](prompt, chart)


def _lead(_: Prompt, __: Chart) -> str:
    return "Nobody leads yet. Who takes it?"


def _unowned(_: Prompt, chart: Chart) -> str:
    lead = chart.incident.lead
    who = blocks.one_line(f"@{lead}", chart.names, TEXT_LIMIT) if lead else "Whoever led"
    return f"{who} is off shift, and nobody has taken over. Who owns it now?"


def _read_back(_: Prompt, __: Chart) -> str:
    return "A handoff waits for your read-back. Until then nobody has taken over."


def _returned(_: Prompt, __: Chart) -> str:
    return "The handoff was declined, so it is still yours. Who else could take it, or do you keep it?"


def _handoff(prompt: Prompt, chart: Chart) -> str:
    if prompt.about.startswith("shift"):
        ends_at = datetime.strptime(prompt.about.split()[1], "%Y%m%dT%H%M").replace(tzinfo=UTC)
        lead = blocks.one_line(f"@{chart.incident.lead}", chart.names, TEXT_LIMIT)
        now = f"{lead}: hand it over now, or say that you stay on."
        return f"{lead}'s shift ends {ends_at:%H:%M} UTC. {now}"
    return "You have led for as long as one person should. Hand it over, or say that you stay on."


def _without(_: Prompt, chart: Chart) -> str:
    lead = blocks.one_line(f"@{chart.incident.lead}", chart.names, TEXT_LIMIT)
    return f"{lead} took the lead without a handoff. What do you know that the chart does not say?"


def _triage(_: Prompt, chart: Chart) -> str:
    return f"How bad is it? It counts as SEV{chart.incident.severity.value} until somebody says."


def _differential(_: Prompt, chart: Chart) -> str:
    count = len(chart.workup.differential.hypotheses)
    so_far = ("Nobody has named a hypothesis yet", "One hypothesis so far", "Two hypotheses so far")[
        min(count, 2)
    ]
    return f"{so_far}. What else could it be, and what is the worst it could be?"


def _result(prompt: Prompt, chart: Chart) -> str:
    test = chart.workup.test(int(prompt.about.removeprefix("T")))
    question = sentence(test.question, chart) if test else ""
    ask = "What keeps it?" if prompt.asks > 1 else "What did it show?"
    return f"{prompt.about} is due: {question} {ask}"


def _window(prompt: Prompt, chart: Chart) -> str:
    name = prompt.about.rstrip("+")
    found = chart.workup.intervention(name)
    done = f" ({said(found.text, chart)})" if found else ""
    expected = f" Expected: {said(found.expect, chart)}." if found and found.expect else ""
    return f"The window of {name}{done} is over.{expected} What became of it? Before and after, please."


def _revert(prompt: Prompt, chart: Chart) -> str:
    found = chart.workup.intervention(prompt.about)
    if found and found.irreversible:
        return f"{prompt.about} failed and cannot be undone. Who answers for leaving it, and why?"
    by = f" To revert: {said(found.revert, chart)}." if found and found.revert else ""
    return f"{prompt.about} failed and is still in place. Has it been taken back?{by}"


def _action(prompt: Prompt, chart: Chart) -> str:
    action = next((each for each in chart.workup.actions if each.name == prompt.about), None)
    return f"{prompt.about} is due: {said(action.text, chart) if action else ''}. Is it done?"


def _worse(_: Prompt, chart: Chart) -> str:
    why = blocks.one_line(chart.workup.condition.why, chart.names, TEXT_LIMIT)
    grade = f"SEV{chart.incident.severity.value}"
    return f"The vital signs call for a look: {why}. Is it still {grade}?"


def _reevaluation(_: Prompt, chart: Chart) -> str:
    unknown = [each.value for each in chart.workup.condition.unknown]
    known = chart.workup.vitals.scores
    missing = f" Nobody has said: {', '.join(unknown)}." if known and unknown else ""
    return f"Time to look again: how are the vital signs, and what has changed?{missing}"


def _other(_: Prompt, chart: Chart) -> str:
    shares = dict(chart.workup.differential.probabilities)
    other = shares.pop(OTHER)
    said = f"“Something else” has {percent(other)}"
    if other < MUCH_OTHER and shares:
        said = f"Nothing named is likely: the likeliest has only {percent(max(shares.values()))}"
    return f"{said}. What else could it be, before the next test?"


def _time_out(prompt: Prompt, _: Chart) -> str:
    return f"Time-out. {CALLS.get(prompt.about.split()[0], '')} {TIME_OUT}"


_WORDS: Mapping[PromptKind, Callable[[Prompt, Chart], str]] = {
    PromptKind.LEAD: _lead,
    PromptKind.UNOWNED: _unowned,
    PromptKind.READ_BACK: _read_back,
    PromptKind.RETURNED: _returned,
    PromptKind.HANDOFF: _handoff,
    PromptKind.WITHOUT: _without,
    PromptKind.TRIAGE: _triage,
    PromptKind.DIFFERENTIAL: _differential,
    PromptKind.RESULT: _result,
    PromptKind.WINDOW: _window,
    PromptKind.REVERT: _revert,
    PromptKind.ACTION: _action,
    PromptKind.WORSE: _worse,
    PromptKind.REEVALUATION: _reevaluation,
    PromptKind.OTHER: _other,
    PromptKind.TIME_OUT: _time_out,
}


def offers_of(prompt: Prompt, chart: Chart) -> list[Offer]:
    """The buttons that answer a prompt where it stands."""
    return _OFFERS[prompt.kind](prompt, chart)


def _answered(prompt: Prompt, label: str) -> Offer:
    """Somebody's word for it is enough."""
    return Offer(label=label, does=f"answered:{prompt.kind.value}:{prompt.about}")


def _grades(prompt: Prompt, chart: Chart) -> list[Offer]:
    return [SEVERITY, _answered(prompt, f"SEV{chart.incident.severity.value} stays")]


def _verdicts(prompt: Prompt, chart: Chart) -> list[Offer]:
    test = chart.workup.test(int(prompt.about.removeprefix("T")))
    return button_rows.verdicts(test) if test else []


def _endings(prompt: Prompt, chart: Chart) -> list[Offer]:
    found = chart.workup.intervention(prompt.about.rstrip("+"))
    return button_rows.endings(found) if found else []


def _reverts(prompt: Prompt, chart: Chart) -> list[Offer]:
    found = chart.workup.intervention(prompt.about)
    return button_rows.reverts(found) if found else []


_OFFERS: Mapping[PromptKind, Callable[[Prompt, Chart], list[Offer]]] = {
    PromptKind.LEAD: lambda _, __: [Offer(label="Take the lead", does="lead")],
    PromptKind.UNOWNED: lambda _, __: [Offer(label="Take the lead", does="lead"), HAND_OVER],
    PromptKind.READ_BACK: lambda _, __: [
        Offer(label="Read back…", does="read_back"),
        Offer(label="Decline handoff…", does="decline_handoff"),
    ],
    PromptKind.RETURNED: lambda prompt, _: [HAND_OVER, _answered(prompt, "I keep it")],
    PromptKind.HANDOFF: lambda prompt, _: [HAND_OVER, _answered(prompt, "I stay on")],
    PromptKind.WITHOUT: lambda prompt, _: [
        Offer(label="Note…", does="log:note"),
        _answered(prompt, "We have talked"),
    ],
    PromptKind.TRIAGE: lambda _, __: [SEVERITY],
    PromptKind.DIFFERENTIAL: lambda _, __: [
        HYPOTHESIS,
        Offer(label="Second opinion…", does="second_opinion"),
    ],
    PromptKind.RESULT: _verdicts,
    PromptKind.WINDOW: _endings,
    PromptKind.REVERT: _reverts,
    PromptKind.ACTION: lambda prompt, _: [Offer(label=f"{prompt.about} done…", does=f"done:{prompt.about}")],
    PromptKind.WORSE: _grades,
    PromptKind.REEVALUATION: lambda prompt, _: [
        Offer(label="Vital signs…", does="vital"),
        _answered(prompt, "Nothing has changed"),
    ],
    PromptKind.OTHER: lambda _, __: [HYPOTHESIS],
    PromptKind.TIME_OUT: lambda prompt, _: [HYPOTHESIS, _answered(prompt, "Nothing new")],
}
