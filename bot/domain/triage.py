"""Triage: four questions that give a severity.

The algorithm is the Emergency Severity Index (ESI handbook, AHRQ, chapter 2), asked of an incident:
A is it dying, B can it not wait, C how many resources will a decision need, D are vital signs in danger.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.incident import Severity

QUESTIONS = {
    "A": "Total outage, a run diverged and burning the cluster, data or checkpoints being destroyed, "
    "harmful output live?",
    "B": "Irreversible loss possible within an hour, security or privacy, silent wrong predictions, "
    "last good checkpoint at risk?",
    "C": "How many resources (teams, or tests that are not trivial) will a decision need?",
    "D": "Is a vital sign in danger: NaN, no progress, error budget burning, schema broken?",
}
# The same in a few words, for where a question has to fit into a line.
IN_SHORT = {
    "A": ("It is dying", "outage, run diverged, data being destroyed, harmful output live"),
    "B": ("It cannot wait", "loss within the hour, security, silent wrong predictions"),
    "D": ("A vital sign is in danger", "NaN, no progress, error budget burning, schema broken"),
}
MANY_RESOURCES = 2


class Question(StrEnum):
    """The four questions, by their letters."""

    DYING = "A"
    CANNOT_WAIT = "B"
    RESOURCES = "C"
    DANGER = "D"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered so far; None is a question nobody has answered."""

    dying: bool | None = None
    cannot_wait: bool | None = None
    resources: int | None = None
    danger: bool | None = None

    @classmethod
    def of(cls, said: Mapping[Question, int]) -> "Answers":
        """The answers by their questions; yes is 1 and no is 0."""

        def truth(question: Question) -> bool | None:
            return bool(said[question]) if question in said else None

        return cls(
            dying=truth(Question.DYING),
            cannot_wait=truth(Question.CANNOT_WAIT),
            resources=said.get(Question.RESOURCES),
            danger=truth(Question.DANGER),
        )


def decide(answers: Answers, standing: Severity | None = None) -> Severity | None:
    """The severity that the answers lead to, in the order A, B, C, D; None while they decide nothing.

    What is worse than what is *standing* counts at once; what is milder only when no question that is still
    open could make it worse. So C and D, which come last, count once A and B are both answered with no.
    """
    level = _level(answers)
    if level is None or standing is None or level <= standing or _complete(answers):
        return level
    return None


def _complete(answers: Answers) -> bool:
    """Whether no answer that is missing could change the severity."""
    if answers.dying is None:
        return False
    few = answers.resources is not None and answers.resources < MANY_RESOURCES
    return answers.dying or answers.cannot_wait is True or few or answers.danger is not None


def _level(answers: Answers) -> Severity | None:
    if answers.dying:
        return Severity.SEV1
    if answers.cannot_wait:
        return Severity.SEV2
    if answers.dying is None or answers.cannot_wait is None or answers.resources is None:
        return None
    if answers.resources >= MANY_RESOURCES:
        return Severity.SEV2 if answers.danger else Severity.SEV3
    return Severity.SEV4 if answers.resources else Severity.SEV5


def in_words(answers: Answers) -> str:
    """The answers as a reason: "by the four questions: A no, B yes"."""
    truth = {None: None, True: "yes", False: "no"}
    resources = None if answers.resources is None else ("none", "one", "two or more")[answers.resources]
    said = {
        "A": truth[answers.dying],
        "B": truth[answers.cannot_wait],
        "C": resources,
        "D": truth[answers.danger],
    }
    return "by the four questions: " + ", ".join(f"{name} {word}" for name, word in said.items() if word)
