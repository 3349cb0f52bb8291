"""What people do around a handoff, for the stories about it."""

from bot.domain.handoff.transfer import Transfer
from bot.domain.ids import IncidentNumber
from bot.store import handoffs
from tests.conversation import TEAM, Talk, words_of

NUMBER = IncidentNumber(1)
SENTENCE = "Strings reach the collator, so I rerun the eval"


def ready(talk: Talk, severity: str = "sev3", title: str = "eval fails since the release") -> None:
    """An incident that ana leads, that ben knows of, and of whose handoff nothing critical is missing."""
    talk.opens("ana", f"{severity} {title}")
    for line in (
        "lead: me",
        "dx: collator gets string columns 60% impact 3\ndx: learning rate 20% impact 2",
        "vital: loss=2.1 throughput=1.0x p99=0.5s",
        "todo: @ben rerun the eval in 2h",
    ):
        talk.logs("ana", line)


def given(talk: Talk, severity: str = "sev3") -> None:
    """The same, handed over to ben, who has not answered yet."""
    ready(talk, severity)
    talk.says("ana", "/incident handoff @ben INC-1")
    talk.time_passes(seconds=6)


def attempts(talk: Talk) -> list[Transfer]:
    with talk.bot.desk.database.reading() as session:
        return list(handoffs.of_incident(session, TEAM, NUMBER))


def lead(talk: Talk) -> str | None:
    return talk.incident().lead


def reads_back(talk: Talk, who: str = "ben", **answers: object) -> None:
    """Open the read-back and send it; ben is the one who has something to do."""
    talk.taps(who, "read_back")
    own = {"actions": ["TD1"]} if who == "ben" else {}
    talk.submits(who, **({"synthesis": SENTENCE} | own | answers))


def modal_words(talk: Talk, who: str) -> str:
    return words_of(talk.modal(who))


def offer(talk: Talk) -> str:
    """The newest post of an attempt, as it stands."""
    return [said for said in talk.thread() if "*Handoff of INC-1*" in said][-1]
