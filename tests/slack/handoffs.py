"""Handoffs and an App Home to look at: an attempt in each of its states, and too much of everything."""

from datetime import timedelta
from typing import Any

from bot.domain.handoff.case import Case
from bot.domain.handoff.document import Handoff
from bot.domain.handoff.read_back import READ_BACK, Picked, ReadBack
from bot.domain.handoff.scoring import score
from bot.domain.handoff.transfer import MOST_ROUNDS, Reason, Transfer
from bot.domain.home import Asked, Home, Shift
from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.incident import Severity
from bot.domain.prompts.question import Prompt, PromptKind
from bot.domain.shifts.roster import Span
from bot.slack.render.handoff import Shown
from bot.slack.text import typed
from tests.domain.handed import NOW, SHIFT_END, case, handed, read_back, table_of
from tests.slack.charts import ANA, BEN, HERE, NOON, SEVEN, crowded, incident

LATER = NOW + timedelta(minutes=5)
WORDS = "Strings reach the collator. I watch loss until 14:00, and roll back above 4."
# Two hypotheses, and nothing else that the next person has to know.
LITTLE = ("dx: string columns reach the collator 50% impact 3", "dx: bad shard 20% impact 5")
# Stable, and one thing to do.
STABLE = (
    "dx: bad shard 20% impact 2",
    "vital: loss=2.1 throughput=1.0x",
    "todo: @U0BEN rerun the eval in 2h",
)
WRONG = Picked(severity="SEV5", leading="B", actions=frozenset({"TD2"}))


def attempt(**changes: Any) -> Transfer:
    """Ana hands incident 7 over to Ben."""
    fields: dict[str, Any] = {
        "team": TeamId("T0"),
        "incident": SEVEN,
        "number": 1,
        "bundle": "b",
        "giver": ANA,
        "receiver": BEN,
        "asked_by": ANA,
        "asked_at": NOW,
        "reason": Reason.ASKED,
        "version": 1,
        "sent_at": NOW,
    }
    return Transfer(**fields | changes)


def document(lines: tuple[str, ...] | None = None, *, severity: int = 2, number: int = SEVEN) -> Handoff:
    """The document of an incident, of all that can be known or of these lines."""
    of = case(table_of(lines) if lines else None, severity=severity)
    known = {"number": IncidentNumber(number), "lead": ANA, "severity": Severity(severity)}
    numbered = incident("Loss is NaN since step 3100", **known)
    return handed(Case(**{name: getattr(of, name) for name in of.__slots__} | {"incident": numbered}))


def shown(given: Handoff | None = None, answer: ReadBack | None = None, **changes: Any) -> Shown:
    """The attempt with its document, and with what was read back."""
    of = given or document()
    said = {"read_back": READ_BACK.dump_json(answer).decode()} if answer else {}
    return Shown(transfer=attempt(**said | changes), document=of, score=score(of, answer))


DRAFT = shown(document(LITTLE), sent_at=None)
SENT = shown()
ANYWAY = shown(document(LITTLE), overridden_by=ANA, override_reason="the metrics are down")
ACCEPTED = shown(answer=read_back(words=WORDS), accepted_at=LATER)
DECLINED = shown(declined_at=LATER, decline_reason="I am on INC-4 until 18:00")
DOUBTED = shown(answer=read_back(words=WORDS, f1=0.4, accepted_at=None), rounds=MOST_ROUNDS)
QUIET = shown(document(STABLE, severity=4))
BUNDLE = [shown(document(STABLE, number=number), incident=IncidentNumber(number)) for number in (7, 8, 9)]


def too_much(text: str, **changes: Any) -> Shown:
    """A handoff with too much of everything, in which every word somebody typed is *text*."""
    chart = crowded(typed(text))
    of = Case(
        incident=chart.incident,
        first_severity=Severity.SEV3,
        severities=((NOON, Severity.SEV3), (NOW, Severity.SEV2)),
        workup=chart.workup,
        entries=chart.recent,
        names=chart.names,
    )
    reasons = {"override_reason": text, "overridden_by": ANA, "decline_reason": text, "cancel_reason": text}
    return shown(handed(of, now=chart.at), read_back(words=typed(text)), **reasons | changes)


def home(text: str = "Loss is NaN since step 3100", *, many: int = 1) -> Home:
    """Ben's home: something to read back, to answer, and to lead; all of it so many times."""
    led = [
        incident(text, number=IncidentNumber(number), severity=Severity(number % 5 + 1), lead=lead)
        for number, lead in enumerate((ANA, BEN, None) * many, start=7)
    ]
    prompt = Prompt(kind=PromptKind.READ_BACK, due_at=NOON, asks=1)
    return Home(
        user=BEN,
        at=NOW,
        ward=led,
        total=len(led) + many,
        asked=[Asked(each, prompt) for each in led[::3]],
        handoffs=[attempt(incident=each.number) for each in led[::3]],
        shift=Shift(Span(BEN, NOW, SHIFT_END), HERE),
        names={ANA: text, BEN: text} if many > 1 else {ANA: "ana", BEN: "ben"},
    )


NOBODYS = Home(user=BEN, at=NOW, ward=[], total=0, asked=[], handoffs=[], shift=None, names={})
