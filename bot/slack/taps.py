"""Buttons that do something at once: one tap, one entry of the chart, as if it had been typed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.chart import Kind
from bot.domain.diagnosis.testing import TAPS
from bot.domain.heard import Who
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs
from bot.domain.notice import InsistWanted
from bot.domain.prompts.question import PromptKind
from bot.domain.readiness.said import Nothing
from bot.domain.triage import Question
from bot.slack import requests
from bot.slack.desk import Desk
from bot.slack.render import answers
from bot.slack.render.asked import TAP_NAMES
from bot.store import incidents, outbox
from bot.store.session import Session
from bot.usecases.accept_handoff import confirm
from bot.usecases.answer_prompt import answer, snooze
from bot.usecases.change_incident import change_lead
from bot.usecases.expect_result import expect_result
from bot.usecases.hand_over import take_back
from bot.usecases.keep_checklist import post_checklist
from bot.usecases.log_entry import Written, log_entry
from bot.usecases.open_incident import open_another
from bot.usecases.show_picture import show_picture
from bot.usecases.triage_incident import answer_question
from bot.usecases.watch_symptom import watch_symptom

Body = dict[str, Any]
Tap = Callable[[Session, Who, IncidentNumber, list[str], str, datetime], None]

# What the middle of a tap's id says, as the words that `testing.TAPS` knows.
EXPECTATIONS = {name: TAPS[words] for name, words in TAP_NAMES.items()}
# What a tap says of which there is nothing, as it would be typed.
ATTESTED = {
    Nothing.ACTIONS: (Kind.ACTION, "none"),
    Nothing.VITALS: (Kind.VITAL, "none"),
    Nothing.EVENTS: (Kind.NOTE, "no change"),
}
TRUTHS = {"yes": 1, "no": 0}


def tap(desk: Desk, body: Body, name: str, number: IncidentNumber, details: list[str]) -> None:
    """Do what a button says, once however often its click arrives."""
    who, key = requests.actor(desk.identity().team, body), requests.action_key(body)
    with desk.database.writing() as session:
        TAPS_BY_NAME[name](session, who, number, details, key, desk.clock())


def open_one_more(desk: Desk, body: Body, number: IncidentNumber) -> None:
    """Open the same incident once more, and say so to the person who insisted."""
    who, key = requests.actor(desk.identity().team, body), requests.action_key(body)
    with desk.database.writing() as session:
        first = incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
        opened = open_another(session, who, first, key=key, now=desk.clock())
    desk.gateway.whisper_back(body["response_url"], answers.opened(opened.incident, repeated=False)["text"])


class _Act(Protocol):
    """What is done to an incident as a whole."""

    def __call__(
        self, session: Session, who: Who, number: IncidentNumber, /, *, key: str, now: datetime
    ) -> object: ...


def _of_all(act: _Act) -> Tap:
    """The tap of a button that says nothing more than which incident it is about."""

    def tapped(
        session: Session, who: Who, number: IncidentNumber, _details: list[str], key: str, now: datetime
    ) -> None:
        act(session, who, number, key=key, now=now)

    return tapped


def _lead(
    session: Session, who: Who, number: IncidentNumber, _details: list[str], key: str, now: datetime
) -> None:
    change_lead(session, who, number, who.user, key=key, now=now)


def _ended(
    session: Session, who: Who, number: IncidentNumber, details: list[str], key: str, now: datetime
) -> None:
    written = Written(kind=Kind.OUTCOME, text=" ".join(details))
    log_entry(session, who, number, written, key=key, now=now)


def _found(
    session: Session, who: Who, number: IncidentNumber, details: list[str], key: str, now: datetime
) -> None:
    written = Written(kind=Kind.RESULT, text=" ".join(details))
    log_entry(session, who, number, written, key=key, now=now)


def _expects(
    session: Session, who: Who, number: IncidentNumber, details: list[str], key: str, now: datetime
) -> None:
    test, letter, said = details
    likelihoods = {letter: EXPECTATIONS[said]}
    expect_result(session, who, number, int(test.removeprefix("T")), likelihoods, key=key, now=now)


def _triage(
    session: Session, who: Who, number: IncidentNumber, details: list[str], key: str, now: datetime
) -> None:
    letter, said = details
    value = TRUTHS[said] if said in TRUTHS else int(said)
    answer_question(session, who, number, Question(letter), value, key=key, now=now)


def _insist(
    session: Session, who: Who, number: IncidentNumber, details: list[str], key: str, now: datetime
) -> None:
    incident = incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    channel = ChannelId(who.channel or incident.channel)
    wanted = InsistWanted(channel=channel, ts=MessageTs(details[0]), user=who.user)
    outbox.put(session, who.team, wanted, key=f"insist:{key}", now=now)


def _answered(
    session: Session, who: Who, number: IncidentNumber, details: list[str], key: str, now: datetime
) -> None:
    kind, about = details
    answer(session, who, number, (PromptKind(kind), about), key=key, now=now)


def _snooze(
    session: Session, who: Who, number: IncidentNumber, details: list[str], key: str, now: datetime
) -> None:
    snooze(session, who, number, now + timedelta(minutes=int(details[0])), key=key, now=now)


def _happened(
    session: Session, who: Who, number: IncidentNumber, details: list[str], key: str, now: datetime
) -> None:
    written = Written(kind=Kind.CONTINGENCY, text=f"{details[0]} happened")
    log_entry(session, who, number, written, key=key, now=now)


def _attest(
    session: Session, who: Who, number: IncidentNumber, details: list[str], key: str, now: datetime
) -> None:
    kind, text = ATTESTED[Nothing(details[0])]
    log_entry(session, who, number, Written(kind=kind, text=text), key=key, now=now)


TAPS_BY_NAME: dict[str, Tap] = {
    "lead": _lead,
    "ended": _ended,
    "happened": _happened,
    "attest": _attest,
    "found": _found,
    "expects": _expects,
    "triage": _triage,
    "watch": _of_all(watch_symptom),
    "bundle": _insist,
    "sure": _insist,
    "picture": _of_all(show_picture),
    "checklist": _of_all(post_checklist),
    "answered": _answered,
    "take_back": _of_all(take_back),
    "confirm": _of_all(confirm),
    "snooze": _snooze,
}
