"""The people of a simulated ward who answer a handoff: by its buttons, and by the forms behind them."""

import json
import random
from typing import Any

from sqlalchemy import select

from bot.domain.incident import Incident
from bot.sandbox.client import SandboxClient
from bot.store.session import Database
from bot.store.tables import handoffs, outbox

# What a form is filled in with; whatever else it asks is left as it is.
SAID = {
    "read_back": ("synthesis", "It is slow, so I look at the shards next"),
    "decline_handoff": ("reason", "busy with another one"),
    "send_anyway": ("reason", "nobody can say more"),
}
DOES = ("read_back", "read_back", "decline_handoff", "take_back", "confirm", "send_anyway", "send_anyway")
BY_GIVER = ("take_back", "confirm", "send_anyway")


class Givers:
    """Whoever gives or gets an incident."""

    def __init__(self, slack: SandboxClient, eyes: Database, draw: random.Random) -> None:
        self._slack, self._eyes, self._draw = slack, eyes, draw

    def answer(self, incident: Incident) -> bool:
        """Do something about the handoff that waits; False where none does."""
        with self._eyes.reading() as session:
            of = (handoffs.c.incident == incident.number) & handoffs.c.waiting
            found = session.execute(
                select(handoffs.c.giver, handoffs.c.receiver, handoffs.c.number).where(of)
            ).first()
            key = f"handoff:{incident.number}:{found.number if found else 0}"
            ts = session.execute(select(outbox.c.slack_ts).where(outbox.c.key == key)).scalar()
        if found is None or ts is None:
            return False
        thread = self._slack.messages(incident.channel, thread_ts=incident.thread_ts)
        post = next((each for each in thread if each["ts"] == ts), {})
        offered = json.dumps(post.get("blocks") or [])
        does = [name for name in DOES if f'"{name}"' in offered]
        if not does:
            return False
        name = self._draw.choice(does)
        who = found.giver if name in BY_GIVER else found.receiver
        self._slack.click(who, name, channel=incident.channel, ts=ts)
        if name in SAID:
            self._fill_in(who, *SAID[name])
        return True

    def _fill_in(self, who: str, block: str, text: str) -> None:
        """Fill in the form that has opened, and put it away if it stays."""
        self._slack.settle()
        view = self._form(who)
        fields = [each for each in view["blocks"] if each.get("block_id") == block] if view else []
        if view and fields:
            values = {block: {fields[0]["element"]["action_id"]: text}}
            self._slack.submit(who, view["id"], values)
            view = self._form(who)
        if view:
            self._slack.close_view(who, view["id"])

    def _form(self, who: str) -> dict[str, Any] | None:
        found = [each["view"] for each in self._slack.world()["views"] if each["user"] == who]
        return found[-1] if found else None
