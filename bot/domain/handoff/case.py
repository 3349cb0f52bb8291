"""What a handoff is compiled from: the rows of one incident, as values, in any order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.chart import Entry
from bot.domain.ids import UserId
from bot.domain.incident import Incident, Severity
from bot.domain.prompts.question import Prompt
from bot.domain.work.workup import Workup


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that is recorded of an incident and has a part in its handoff.

    *severities* are the changes of severity, with their moments. *entries* are those of the timeline at least
    since *handed_at*, when it was last accepted, if it ever was; withdrawn ones are left out. *prompts* are
    what was asked of its people. *roster* is who may be on duty, None where nobody has made one.
    """

    incident: Incident
    first_severity: Severity
    severities: Sequence[tuple[datetime, Severity]] = ()
    workup: Workup = field(default_factory=Workup)
    entries: Sequence[Entry] = ()
    handed_at: datetime | None = None
    prompts: Sequence[Prompt] = ()
    names: Mapping[UserId, str] = field(default_factory=dict)
    roster: Collection[UserId] | None = None
