"""Ask people apart from each other what they think, wait for all or for the time, and pool their lists.

A round is closed by its last answer or by the clock. Until then nobody learns what, or whether, anybody has
answered: a list that was made after reading another is worth little.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.diagnosis.opinions import (
    MOST_PEOPLE,
    Consulted,
    Round,
    patience,
    pool,
    read_list,
    told,
    written,
)
from bot.domain.errors import AlreadyResolved, NotAMember, NotUnderstood, Refused
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber, TeamId, UserId, shown
from bot.domain.incident import Incident
from bot.domain.notice import OpinionAsked, OpinionsDue, OpinionsPooled
from bot.domain.terms import written_span
from bot.domain.work.steps import Pooled
from bot.store import incidents, opinions, outbox, people, receipts, steps
from bot.store.session import Session
from bot.usecases.follow_workup import read_workup, settle
from bot.usecases.open_incident import want_names, want_people
from bot.usecases.show_again import chart_changed

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=1)
EXAMPLE = "`/incident second-opinion INC-n @ana @ben 20m`"
# Slack's own bot is in every workspace and answers nobody.
SLACKBOT = UserId("USLACKBOT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whom somebody wants to ask about an incident; *takes* is how long they have, *bots* cannot be asked."""

    who: Who
    number: IncidentNumber
    people: Sequence[UserId]
    takes: timedelta | None = None
    bots: Collection[UserId] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """The round that people were asked in, who of them is *fresh* and who had been asked before."""

    incident: Incident
    round: int
    fresh: tuple[UserId, ...]
    already: tuple[UserId, ...]
    due_at: datetime


def ask(session: Session, asking: Asking, *, key: str, now: datetime) -> Invited:
    """Ask people in private, in the round that is open or else in a new one.

    Raises:
        NotUnderstood: Nobody is named who could answer, too many are, or the time makes no sense.
        NotAMember: Somebody may not see the incident.
        AlreadyResolved: It is resolved.
    """
    who, number = asking.who, asking.number
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    incident = incidents.locked(session, who.team, number)
    chosen = _chosen(session, asking, incident)
    last = opinions.last_round(session, who.team, number)
    before = opinions.of_round(session, who.team, number, last)
    if not receipts.first_time(session, who.team, key, now):
        return _invited(incident, last, before, chosen, ())
    is_open = any(each.closed_at is None for each in before)
    round_, present = (last, before) if is_open else (last + 1, [])
    known = {each.person for each in present}
    fresh = tuple(person for person in chosen if person not in known)
    if len(known) + len(fresh) > MOST_PEOPLE:
        raise NotUnderstood(f"More than {MOST_PEOPLE} lists at a time help nobody.", "fewer people")
    if fresh:
        due = now + (asking.takes or patience(incident.severity))
        _invite(session, asking, round_, present, fresh, due=due, now=now)
    after = opinions.of_round(session, who.team, number, round_)
    return _invited(incident, round_, after, chosen, fresh)


def _chosen(session: Session, asking: Asking, incident: Incident) -> list[UserId]:
    """The people who can be asked, each once."""
    who = asking.who
    if incident.resolved_at is not None:
        raise AlreadyResolved(incident.number)
    if asking.takes is not None and not SHORTEST <= asking.takes <= LONGEST:
        raise NotUnderstood(
            f"{written_span(asking.takes)} is no time to wait for an answer.", "`20m`, from 1m to 1d"
        )
    chosen = [each for each in dict.fromkeys(asking.people) if each not in {*asking.bots, SLACKBOT}]
    if not chosen:
        raise NotUnderstood("Whose opinion is wanted? Only people can be asked.", EXAMPLE)
    for person in chosen:
        hidden = incident.private and person != who.user
        if hidden and not people.is_member(session, who.team, incident.channel, person):
            raise NotAMember(person)
    return chosen


def _invite(  # noqa: PLR0913 - who is asked by whom, with whom, and until when.
    session: Session,
    asking: Asking,
    round_: int,
    present: Sequence[Consulted],
    fresh: Sequence[UserId],
    *,
    due: datetime,
    now: datetime,
) -> None:
    """Ask *fresh* people; those who are *present* wait as long as the last of them may take."""
    team, number = asking.who.team, asking.number
    latest = max([due, *(each.due_at for each in present)])
    opinions.ask(session, team, number, round_, fresh, by=asking.who.user, due=latest, now=now)
    opinions.extend(session, team, number, round_, latest)
    for person in fresh:
        notice = OpinionAsked(incident=number, round=round_, user=person)
        outbox.put(session, team, notice, key=f"opinion:{number}:{round_}:{person}", now=now)
    timer = f"opinions_due:{number}:{round_}"
    if present:
        # The first timer will find that there is more time.
        timer += f":{latest.timestamp():.0f}"
    outbox.put(session, team, OpinionsDue(incident=number, round=round_), key=timer, now=now, due=latest)
    want_people(session, team, fresh, now)


def _invited(
    incident: Incident,
    round_: int,
    present: Sequence[Consulted],
    chosen: Sequence[UserId],
    fresh: tuple[UserId, ...],
) -> Invited:
    already = tuple(person for person in chosen if person not in fresh)
    due = max((each.due_at for each in present), default=incident.active_at)
    return Invited(incident=incident, round=round_, fresh=fresh, already=already, due_at=due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a person who was asked needs to answer: the incident, how long, and the list they gave before."""

    incident: Incident
    due_at: datetime
    list: str


def read_invitation(session: Session, who: Who, number: IncidentNumber, round_: int) -> Invitation:
    """What somebody may answer, before they do.

    Raises:
        NoSuchIncident: They may not see it.
        Refused: They were not asked, or the round is closed.
    """
    incident = incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    own = _own(opinions.of_round(session, who.team, number, round_), who.user, number)
    return Invitation(incident=incident, due_at=own.due_at, list=written(own.answer or ()))


def answer(  # noqa: PLR0913 - who answers what in which round, and when.
    session: Session, who: Who, number: IncidentNumber, round_: int, text: str, *, key: str, now: datetime
) -> None:
    """Keep somebody's list, in place of the one they gave before; the last answer closes the round.

    Raises:
        NoSuchIncident: They may not see it.
        Refused: They were not asked, or the round is closed.
        NotUnderstood: The text is no list.
    """
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    incidents.locked(session, who.team, number)
    if not receipts.first_time(session, who.team, key, now):
        return
    _own(opinions.of_round(session, who.team, number, round_), who.user, number)
    workup = read_workup(session, who.team, number)
    own = read_list(text, workup.differential.hypotheses)
    opinions.answer(session, who.team, number, round_, who.user, own, now=now)
    close_round(session, who.team, number, round_, now)


def _own(present: Sequence[Consulted], user: UserId, number: IncidentNumber) -> Consulted:
    """The place that somebody has in an open round."""
    own = next((each for each in present if each.person == user), None)
    name = shown(number)
    if own is None:
        raise Refused(
            f"Nobody has asked for your list on {name}. `/incident second-opinion {name} @you` does, "
            "with your own name."
        )
    if own.closed_at is not None:
        raise Refused(
            f"This round on {name} is closed: its thread shows what came of it. "
            "There a reply such as `dx: what it could be 30%` still counts."
        )
    return own


def close_round(session: Session, team: TeamId, number: IncidentNumber, round_: int, now: datetime) -> None:
    """Close a round once all have answered or the time is up; otherwise, and a second time, do nothing."""
    incident = incidents.locked(session, team, number)
    present = opinions.of_round(session, team, number, round_)
    waiting = [each for each in present if each.answer is None]
    if not present or present[0].closed_at or (waiting and now < present[0].due_at):
        return
    lists = {each.person: each.answer for each in present if each.answer}
    if lists:
        before = read_workup(session, team, number)
        found = pool(lists, before)
        by = present[0].asked_by
        steps.add(session, team, number, found.steps, entry=None, by=by, at=now, now=now)
        lists = dict(found.lists)
        want_names(session, team, " ".join(each.statement for own in lists.values() for each in own), now)
        settle(session, incident, now, before=before, cause=f"opinions:{round_}")
    opinions.close(session, team, number, round_, lists, now)
    chart_changed(session, team, number, now)
    pooled = OpinionsPooled(incident=number, round=round_)
    outbox.put(session, team, pooled, key=f"pooled:{number}:{round_}", now=now)


def read_round(session: Session, team: TeamId, number: IncidentNumber, round_: int) -> Round | None:
    """A round as anybody who sees the incident may see it; None where there is none."""
    present = opinions.of_round(session, team, number, round_)
    if not present:
        return None
    # Rounds follow each other, so the first of them that anybody answered made the first such step. A round
    # that closes while we look has made a step too many.
    rounds = opinions.answered_rounds(session, team, number)
    recorded = steps.of(session, team, number)
    made = [each.step for each in recorded if isinstance(each.step, Pooled)]
    step = dict(zip(rounds, made, strict=False)).get(round_)
    return told(round_, present, step, read_workup(session, team, number))
