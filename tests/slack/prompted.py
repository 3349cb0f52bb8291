"""What stands in a thread of what the bot asks by itself, for the stories about it."""

from bot.domain.ids import IncidentNumber
from bot.domain.prompts.question import Prompt, PromptKind
from bot.store import prompts
from tests.conversation import TEAM, Talk

NUMBER = IncidentNumber(1)


def rows(talk: Talk, kind: PromptKind) -> list[Prompt]:
    with talk.bot.desk.database.reading() as session:
        found = prompts.of(session, TEAM, NUMBER, talk.clock())
    return [prompt for prompt in found if prompt.kind is kind]


def living(talk: Talk) -> list[str]:
    """The prompts that stand in the thread."""
    return [said for said in talk.thread() if "to answer here" in said]


def asked(talk: Talk) -> str:
    """What the one living prompt asks."""
    [found] = living(talk)
    return found


def escalations(talk: Talk) -> list[str]:
    return [said for said in talk.thread() if said.startswith("Situation: ")]


def led(talk: Talk, text: str = "sev2 loss is NaN") -> None:
    """An incident that somebody leads and has thought about, so that nothing but its clock asks."""
    talk.opens("ana", text)
    talk.logs("ana", "lead: me")
    talk.logs("ana", "dx: collator 50% impact 3\ndx: learning rate 30%\ndx: bad batch 10%")
