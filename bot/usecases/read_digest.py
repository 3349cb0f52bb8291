"""Compile a digest from what is stored. It only reads, so however long it takes, nobody waits for it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from bot.domain.digest.compiling import Case, History, Occasion, compile_digest, gravest_first, people_in
from bot.domain.digest.document import Digest, Late
from bot.domain.handoff.transfer import Handing
from bot.domain.incident import Incident, phase_of
from bot.domain.prompts.question import PromptKind
from bot.domain.work.workup import Workup
from bot.store import people, rounds
from bot.store.rounds import Unanswered
from bot.store.session import Session
from bot.usecases.follow_workup import read_workup
from bot.usecases.read_handing import read_handing

# What an unanswered prompt asks for. Nobody leading, results, windows and reverts are told by themselves.
WORDS: Mapping[str, str] = {
    PromptKind.TRIAGE: "triage",
    PromptKind.DIFFERENTIAL: "first differential",
    PromptKind.ACTION: "action",
    PromptKind.WORSE: "a look at worse signs",
    PromptKind.REEVALUATION: "re-evaluation",
    PromptKind.OTHER: "what else it could be",
    PromptKind.TIME_OUT: "time-out",
}
# How many of the last that were closed tell how well estimates are calibrated, and how old they may be.
CLOSED, CLOSED_SINCE = 50, timedelta(days=90)


def read_digest(session: Session, occasion: Occasion) -> Digest:
    """The digest of a channel, as everything stands."""
    team, channel = occasion.team, occasion.channel
    found = sorted(rounds.open_now(session, team, channel), key=gravest_first)
    cases = [*_cases(session, occasion, found)]
    history = History(
        stays=rounds.stays(session, team, channel, occasion.first_day),
        differentials=rounds.first_differentials(session, team, channel, occasion.first_day),
        resolved=rounds.resolved_since(session, team, channel, occasion.since),
        scores=rounds.scores(session, team, channel, occasion.first_day),
        closed=[
            (read_workup(session, team, each.number), each.diagnosis or "")
            for each in rounds.last_diagnosed(session, team, channel, occasion.at - CLOSED_SINCE, CLOSED)
        ],
    )
    names = people.names(session, team, people_in(cases, history.resolved))
    return compile_digest(occasion, cases, history, names)


def _cases(session: Session, occasion: Occasion, found: Sequence[Incident]) -> Iterator[Case]:
    team, numbers = occasion.team, [incident.number for incident in found]
    logged = rounds.logged(session, team, numbers)
    severities = rounds.severities(session, team, numbers)
    unanswered = rounds.unanswered(session, team, numbers, occasion.at)
    for place, incident in enumerate(found):
        number, unread = incident.number, occasion.most is not None and place >= occasion.most
        workup = Workup() if unread else read_workup(session, team, number)
        log = logged.get(number)
        yield Case(
            incident=incident,
            phase=phase_of(log.kinds if log else (), resolved=False, running=workup.active is not None),
            workup=workup,
            severities=severities.get(number, ()),
            changed_at=log.at if log else incident.opened_at,
            prompts=_in_words(unanswered.get(number, ())),
            handing=Handing() if unread else read_handing(session, incident, occasion.at),
        )


def _in_words(found: Sequence[Unanswered]) -> list[Late]:
    """Each question once, since it first was due; what comes again and again is about nothing else."""
    told: dict[tuple[str, str], Late] = {}
    for each in found:
        words = WORDS.get(each.kind)
        about = each.about if each.kind == PromptKind.ACTION else ""
        if words:
            told.setdefault((words, about), Late(what=words, about=about, since=each.since))
    return list(told.values())
