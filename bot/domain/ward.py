"""What an incident's card shows: the incident, the newest of what was logged, and where the work stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.chart import Entry, Kind
from bot.domain.diagnosis.next_test import Advice
from bot.domain.handoff.transfer import Handing
from bot.domain.ids import UserId
from bot.domain.incident import Incident, Phase, Severity
from bot.domain.prompts.question import Prompt
from bot.domain.similar import Similar
from bot.domain.triage import Answers
from bot.domain.work.workup import Workup

# Kinds the card lists, in the order in which a doctor would read them.
SHOWN_KINDS = (
    Kind.HYPOTHESIS,
    Kind.TEST,
    Kind.RESULT,
    Kind.INTERVENTION,
    Kind.OUTCOME,
    Kind.VITAL,
    Kind.ACTION,
    Kind.DONE,
    Kind.CONTINGENCY,
    Kind.NOTE,
    Kind.HANDOFF,
)
SHOWN_EACH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """An incident as its card shows it *at* a moment; *recent* is the newest first, *names* those of people.

    *prompts* are what its people were asked, *upcoming* is when the next prompt comes and for what, and
    *prompts_off_by* who wants none. *advice* is which test to run next, *treat* a line for every plan whose
    costs were named, the best plan first, and *log* the newest log that was pasted or attached. *similar* are
    resolved incidents that presented in the same way. *handing* is where its handoff stands.
    """

    incident: Incident
    phase: Phase
    first_severity: Severity
    recent: tuple[Entry, ...]
    names: Mapping[UserId, str]
    at: datetime
    answers: Answers = field(default_factory=Answers)
    workup: Workup = field(default_factory=Workup)
    advice: Advice | None = None
    treat: tuple[str, ...] = ()
    log: Entry | None = None
    prompts: tuple[Prompt, ...] = ()
    handing: Handing = field(default_factory=Handing)
    upcoming: tuple[datetime, tuple[Prompt, ...]] | None = None
    prompts_off_by: UserId | None = None
    similar: tuple[Similar, ...] = ()
