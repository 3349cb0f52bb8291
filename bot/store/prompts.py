"""What became of the questions an incident asked."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.dialects.postgresql import Insert, insert  # Serves both databases, see incidents.py.

from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.prompts.question import Prompt, PromptKind
from bot.store.session import Session, carry_out, rows
from bot.store.tables import prompts

# Re-evaluations come again and again; those of long ago decide nothing any more.
REMEMBERED = timedelta(days=2)

# Built once, see incidents.py.
_OF = (
    select(prompts)
    .where(
        prompts.c.team_id == bindparam("team"),
        prompts.c.incident == bindparam("number"),
        or_(
            prompts.c.answered_at.is_(None),
            prompts.c.kind != PromptKind.REEVALUATION.value,
            prompts.c.due_at > bindparam("since"),
        ),
    )
    .order_by(prompts.c.due_at, prompts.c.kind, prompts.c.about)
)
_PLAIN = tuple(field.name for field in fields(Prompt) if field.name != "kind")
_KEY = ("team_id", "incident", "kind", "about")
_ADD = insert(prompts)
_KEEP = _ADD.on_conflict_do_update(
    index_elements=_KEY, set_={name: _ADD.excluded[name] for name in _PLAIN if name not in _KEY}
)


def of(session: Session, team: TeamId, number: IncidentNumber, now: datetime) -> list[Prompt]:
    """The prompts of an incident that still decide something."""
    found = rows(session, _OF, {"team": team, "number": number, "since": now - REMEMBERED})
    return [_value(row) for row in found]


def begin(session: Session, team: TeamId, number: IncidentNumber, first: Sequence[Prompt]) -> None:
    """Store the first prompts of an incident that nobody else can know of yet, in one statement."""
    if not first:
        return
    values = {
        f"{name}_{place}": value
        for place, prompt in enumerate(first)
        for name, value in _columns(team, number, prompt).items()
    }
    carry_out(session, _so_many(len(first)), values)


@lru_cache
def _so_many(count: int) -> Insert:
    names = [*_KEY, *(name for name in _PLAIN if name not in _KEY)]
    return insert(prompts).values(
        [{name: bindparam(f"{name}_{place}") for name in names} for place in range(count)]
    )


def keep(session: Session, team: TeamId, number: IncidentNumber, changed: Iterable[Prompt]) -> None:
    """Store prompts, new or changed; call it with the incident's row locked."""
    for prompt in changed:
        carry_out(session, _KEEP, _columns(team, number, prompt))


def _columns(team: TeamId, number: IncidentNumber, prompt: Prompt) -> dict[str, object]:
    plain = {name: getattr(prompt, name) for name in _PLAIN}
    return {"team_id": team, "incident": number, "kind": prompt.kind.value} | plain


def _value(row: Any) -> Prompt:  # noqa: ANN401 - a row of SQLAlchemy's, or of our own.
    return Prompt(kind=PromptKind(row.kind), **{name: getattr(row, name) for name in _PLAIN})
