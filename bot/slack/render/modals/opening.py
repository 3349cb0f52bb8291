"""The modals that open an incident and grade it: what is wrong, the log, and the four questions."""

from bot.domain.ids import ChannelId, IncidentNumber, shown
from bot.domain.incident import Severity, title_of
from bot.domain.triage import IN_SHORT, MANY_RESOURCES, QUESTIONS
from bot.slack.render.calls import Block, View
from bot.slack.render.modals.form import (
    BY_QUESTIONS,
    TYPED_LIMIT,
    asking,
    choice,
    modal,
    option,
    place,
    ticks,
    words,
)

_RESOURCES = {"0": "None: it can be decided now", "1": "One", str(MANY_RESOURCES): "Two or more"}
_SEVERITY_MEANS = {
    Severity.SEV1: "SEV1: dying, act now",
    Severity.SEV2: "SEV2: cannot wait",
    Severity.SEV3: "SEV3: serious, several to look",
    Severity.SEV4: "SEV4: one look will do",
    Severity.SEV5: "SEV5: can wait for the day",
}


def open_view(channel: ChannelId | None, *, text: str = "", severity: Severity | None = None) -> View:
    """Ask for a new incident; without *channel* it also asks where."""
    rest = "" if title_of(text) == text else text[:TYPED_LIMIT]
    asked = [
        words("title", "What is wrong?", placeholder="Loss is NaN since step 3100", value=title_of(text)),
        words("seen", "What was seen?", lines=True, optional=True, value=rest),
        *_triage(severity),
        words("log", "Log or traceback: paste it…", lines=True, optional=True),
        asking("files", "…or attach it", {"type": "file_input", "max_files": 10}, optional=True),
        asking("lead", "Who leads?", {"type": "users_select"}, optional=True),
    ]
    if channel is None:
        asked.insert(0, _where())
    return modal("open_incident", "Open an incident", "Open", asked, {"channel": channel})


def _where() -> Block:
    element = {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return asking("where", "In which channel?", element)


def _triage(severity: Severity | None) -> list[Block]:
    """The four questions of triage, or a severity straight away."""
    levels = [option(_SEVERITY_MEANS[level], str(level.value)) for level in Severity]
    by_questions = option("Decide by the questions below", BY_QUESTIONS)
    chosen = str(severity.value) if severity else BY_QUESTIONS
    boxes = [option(title, letter, meaning) for letter, (title, meaning) in IN_SHORT.items()]
    resources = [option(said, value) for value, said in _RESOURCES.items()]
    return [
        choice("severity", "How bad is it?", [by_questions, *levels], chosen=chosen),
        ticks("true", "Tick what is true", boxes),
        choice("resources", QUESTIONS["C"], resources, optional=True),
    ]


def severity_view(number: IncidentNumber, here: ChannelId | None) -> View:
    """Ask for another severity."""
    asked = [*_triage(None), words("reason", "Why?", lines=True, optional=True)]
    return modal("change_severity", f"{shown(number)}: severity", "Change", asked, place(number, here))
