"""People who are asked for their own list, in rounds, and their lists."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, insert, select, update

from bot.domain.diagnosis.opinions import OWN_LIST, Consulted, OwnList
from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.store.session import Session
from bot.store.tables import opinions


def last_round(session: Session, team: TeamId, number: IncidentNumber) -> int:
    """The number of the newest round; 0 where nobody was ever asked."""
    found = select(func.max(opinions.c.round)).where(
        opinions.c.team_id == team, opinions.c.incident == number
    )
    return session.execute(found).scalar_one() or 0


def of_round(session: Session, team: TeamId, number: IncidentNumber, round_: int) -> list[Consulted]:
    """Who was asked in a round, in the order of asking; nobody where there is no such round."""
    found = session.execute(
        select(opinions).where(*_of(team, number, round_)).order_by(opinions.c.asked_at, opinions.c.person)
    )
    return [_value(row) for row in found]


def answered_rounds(session: Session, team: TeamId, number: IncidentNumber) -> list[int]:
    """The closed rounds in which somebody answered, in their order: each has made a step of the workup."""
    found = select(opinions.c.round).where(
        opinions.c.team_id == team,
        opinions.c.incident == number,
        opinions.c.closed_at.is_not(None),
        opinions.c.answer.is_not(None),
    )
    return list(session.execute(found.distinct().order_by(opinions.c.round)).scalars())


def ask(  # noqa: PLR0913 - who asks whom, in which round, until when.
    session: Session,
    team: TeamId,
    number: IncidentNumber,
    round_: int,
    people: Sequence[UserId],
    *,
    by: UserId,
    due: datetime,
    now: datetime,
) -> None:
    """Add people to a round; call it with the incident's row locked."""
    place = {"team_id": team, "incident": number, "round": round_}
    request = {"asked_by": by, "asked_at": now, "due_at": due}
    rows = [place | request | {"person": person} for person in people]
    if rows:
        session.execute(insert(opinions), rows)


def extend(session: Session, team: TeamId, number: IncidentNumber, round_: int, due: datetime) -> None:
    """Give everybody in a round until *due*."""
    session.execute(update(opinions).where(*_of(team, number, round_)).values(due_at=due))


def answer(  # noqa: PLR0913 - who answers what, in which round, and when.
    session: Session,
    team: TeamId,
    number: IncidentNumber,
    round_: int,
    person: UserId,
    own: OwnList,
    *,
    now: datetime,
) -> None:
    """Keep a person's list in place of the one they gave before."""
    mine = (*_of(team, number, round_), opinions.c.person == person)
    session.execute(update(opinions).where(*mine).values(answer=_json(own), answered_at=now))


def close(
    session: Session,
    team: TeamId,
    number: IncidentNumber,
    round_: int,
    lists: Mapping[UserId, OwnList],
    now: datetime,
) -> None:
    """End a round; its *lists* are kept with the letters that their hypotheses have from now on."""
    session.execute(update(opinions).where(*_of(team, number, round_)).values(closed_at=now))
    for person, own in lists.items():
        mine = (*_of(team, number, round_), opinions.c.person == person)
        session.execute(update(opinions).where(*mine).values(answer=_json(own)))


def _of(team: TeamId, number: IncidentNumber, round_: int) -> tuple[ColumnElement[bool], ...]:
    return (opinions.c.team_id == team, opinions.c.incident == number, opinions.c.round == round_)


def _json(own: OwnList) -> str:
    return OWN_LIST.dump_json(own).decode()


def _value(row: Row[tuple[object, ...]]) -> Consulted:
    return Consulted(
        person=row.person,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        due_at=row.due_at,
        answer=None if row.answer is None else OWN_LIST.validate_json(row.answer),
        answered_at=row.answered_at,
        closed_at=row.closed_at,
    )
