"""Who owes the answer to a question."""

from bot.domain.handoff.transfer import Handing
from bot.domain.ids import UserId
from bot.domain.prompts.question import PromptKind
from bot.domain.work.workup import Workup

_OF_GIVER = frozenset({PromptKind.RETURNED, PromptKind.WITHOUT})
# What somebody has promised, done, given or received is asked of them; all else of whoever leads.
OWNED = _OF_GIVER | {
    PromptKind.RESULT,
    PromptKind.WINDOW,
    PromptKind.REVERT,
    PromptKind.ACTION,
    PromptKind.READ_BACK,
}


def owner_of(kind: PromptKind, about: str, workup: Workup, handing: Handing) -> UserId | None:
    """Who owes the answer; None where it is anybody's."""
    if kind is PromptKind.READ_BACK:
        return handing.newest.receiver if handing.newest else None
    if kind in _OF_GIVER:
        return handing.newest.giver if handing.newest else None
    if kind is PromptKind.RESULT:
        test = workup.test(int(about.removeprefix("T")))
        return test.owner if test else None
    if kind in {PromptKind.WINDOW, PromptKind.REVERT}:
        found = workup.intervention(about.rstrip("+"))
        return found.by if found else None
    action = next((each for each in workup.actions if each.name == about), None)
    return action.owner if action and kind is PromptKind.ACTION else None
