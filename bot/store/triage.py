"""The answers to the questions of triage."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.domain.triage import Answers, Question
from bot.store.session import Session, rows
from bot.store.tables import triage_answers

# Built once, see incidents.py.
_OF = select(triage_answers.c.question, triage_answers.c.answer).where(
    triage_answers.c.team_id == bindparam("team"), triage_answers.c.incident == bindparam("number")
)


def answers(session: Session, team: TeamId, number: IncidentNumber) -> Answers:
    """What was answered so far."""
    found = {row.question: row.answer for row in rows(session, _OF, {"team": team, "number": number})}
    return Answers.of({Question(name): answer for name, answer in found.items()})


def answer(  # noqa: PLR0913 - who answers which question of which incident, how and when.
    session: Session,
    team: TeamId,
    number: IncidentNumber,
    question: Question,
    value: int,
    *,
    by: UserId,
    now: datetime,
) -> None:
    """Keep the newest answer to a question."""
    values = {"answer": value, "by": by, "at": now}
    session.execute(
        insert(triage_answers)
        .values(team_id=team, incident=number, question=question.value, **values)
        .on_conflict_do_update(index_elements=["team_id", "incident", "question"], set_=values)
    )
