"""Short-lived credentials: trigger ids for views, and response URLs."""

import time
from dataclasses import dataclass, field

from bot.sandbox.config import SlackError

TRIGGER_SECONDS = 3.0
RESPONSE_USES = 5
RESPONSE_SECONDS = 1800.0


@dataclass
class Trigger:
    """What a person did that allows one view; it ages in real time, because a person is waiting."""

    user: str
    born: float
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """Where answers to one interaction go: a conversation, a person, and the message they clicked on."""

    channel: str
    user: str
    born: float
    message_ts: str | None = None
    uses: int = 0


@dataclass
class Tickets:
    """All credentials handed out since the last reset."""

    triggers: dict[str, Trigger] = field(default_factory=dict)
    responses: dict[str, ResponseUrl] = field(default_factory=dict)

    def exchange(self, trigger_id: str) -> Trigger:
        """Uses a trigger up, or refuses it in Slack's words."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.born > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
