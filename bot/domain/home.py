"""The App Home of one person, as values: what waits for them, what is theirs, and the ward at a glance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.handoff.transfer import Transfer
from bot.domain.ids import ChannelId, IncidentNumber, UserId
from bot.domain.incident import Incident
from bot.domain.prompts.question import Prompt
from bot.domain.shifts.roster import Span


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that waits for somebody, of an incident."""

    incident: Incident
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's next shift: when, and of which channel's roster; None is the workspace's."""

    span: Span
    channel: ChannelId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The home of *user* at a moment: *ward* is what is open and theirs to see, the worst of *total*."""

    user: UserId
    at: datetime
    ward: Sequence[Incident]
    total: int
    asked: Sequence[Asked]
    handoffs: Sequence[Transfer]
    shift: Shift | None
    names: Mapping[UserId, str]

    @property
    def mine(self) -> list[Incident]:
        """The open incidents that they lead."""
        return [incident for incident in self.ward if incident.lead == self.user]

    def incident(self, number: IncidentNumber) -> Incident | None:
        """One of the ward."""
        return next((each for each in self.ward if each.number == number), None)
