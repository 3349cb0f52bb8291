"""How prompts are called in a few words, wherever they are listed."""

from collections.abc import Callable, Mapping

from bot.domain.prompts.question import Prompt, PromptKind

_NAMES: Mapping[PromptKind, Callable[[str], str]] = {
    PromptKind.LEAD: lambda _: "who leads",
    PromptKind.UNOWNED: lambda _: "who owns it now",
    PromptKind.READ_BACK: lambda _: "the read-back",
    PromptKind.RETURNED: lambda _: "who takes it, as the handoff was declined",
    PromptKind.HANDOFF: lambda _: "a handoff",
    PromptKind.WITHOUT: lambda _: "a word from who led before",
    PromptKind.TRIAGE: lambda _: "triage",
    PromptKind.DIFFERENTIAL: lambda _: "a first differential",
    PromptKind.RESULT: lambda about: f"the result of {about}",
    PromptKind.WINDOW: lambda about: f"the outcome of {about.rstrip('+')}",
    PromptKind.REVERT: lambda about: f"the revert of {about}",
    PromptKind.ACTION: lambda about: f"whether {about} is done",
    PromptKind.WORSE: lambda _: "the severity, as the vital signs got worse",
    PromptKind.REEVALUATION: lambda _: "re-evaluation",
    PromptKind.OTHER: lambda _: "what else it could be",
    PromptKind.TIME_OUT: lambda _: "a time-out",
}


def named(prompt: Prompt) -> str:
    """What a prompt asks for, as a part of a sentence: "the result of T1"."""
    return _NAMES[prompt.kind](prompt.about)
