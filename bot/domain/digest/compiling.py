"""Compile a digest from values: what each open incident comes to, and what the last two weeks come to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from bot.domain.diagnosis.differential import by_likelihood, unsettled
from bot.domain.digest.calibration import calibration
from bot.domain.digest.document import (
    Day,
    Digest,
    HandedOver,
    Late,
    Leading,
    Place,
    Running,
    Settled,
    Standing,
    Trends,
)
from bot.domain.digest.schedule import start_of
from bot.domain.handoff.transfer import Handing
from bot.domain.heard import mentioned
from bot.domain.ids import ChannelId, TeamId, UserId
from bot.domain.incident import Incident, Phase, Severity
from bot.domain.readiness.judging import stability_word
from bot.domain.signs.stability import Vitals, condition_of
from bot.domain.work.workup import Workup

DAYS = 14
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """For which channel of a workspace a digest is, and when.

    *due_at* is None where somebody asks for it now and waits; then the work-ups of *most* incidents are read.
    """

    team: TeamId
    channel: ChannelId
    address: str
    zone: str
    date: date
    at: datetime
    due_at: datetime | None = None
    late: bool = False
    most: int | None = None

    @property
    def since(self) -> datetime:
        """What happened before this was told the day before."""
        return (self.due_at or self.at) - A_DAY

    @property
    def first_day(self) -> datetime:
        """When the two weeks began of which the trends tell."""
        zone = ZoneInfo(self.zone)
        return start_of(self.at.astimezone(zone).date() - (DAYS - 1) * A_DAY, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of an open incident; *severities* are all it had, with the moments they were given at.

    *prompts* are what was asked of its people and not answered.
    """

    incident: Incident
    phase: Phase
    workup: Workup
    severities: Sequence[tuple[datetime, Severity]]
    changed_at: datetime
    prompts: Sequence[Late] = ()
    handing: Handing = field(default_factory=Handing)


@dataclass(frozen=True, slots=True)
class Stay:
    """From when to when an incident was open; *resolved_at* is None while it is."""

    opened_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened in the last two weeks: *stays* are those that began or ended in them.

    *closed* are the last work-ups that were closed, with their diagnoses, *scores* those of the handoffs
    that were accepted.
    """

    stays: Sequence[Stay] = ()
    differentials: Sequence[timedelta] = ()
    resolved: Sequence[Incident] = ()
    closed: Sequence[tuple[Workup, str]] = ()
    scores: Sequence[int] = ()


def compile_digest(
    occasion: Occasion, cases: Iterable[Case], history: History, names: Mapping[UserId, str]
) -> Digest:
    """The digest: the worst first, within a severity what nobody leads first, then the oldest."""
    ordered = sorted(cases, key=lambda case: gravest_first(case.incident))
    standing = [_standing(case, occasion) for case in ordered]
    return Digest(
        channel=occasion.channel,
        address=occasion.address,
        zone=occasion.zone,
        date=occasion.date,
        at=occasion.at,
        since=occasion.since,
        due_at=occasion.due_at,
        late=occasion.late,
        standing=tuple(standing),
        unread=max(len(standing) - occasion.most, 0) if occasion.most is not None else 0,
        handoffs=tuple(found for case in ordered if (found := _handed_over(case))),
        resolved=tuple(_settled(each) for each in history.resolved),
        trends=_trends(occasion, len(standing), history),
        calibration=calibration(history.closed),
        names=names,
    )


def people_in(cases: Iterable[Case], resolved: Iterable[Incident]) -> set[UserId]:
    """Everybody whom a digest of these may have to name."""
    found: set[UserId] = set()
    for case in cases:
        said = [case.incident.title, *(each.statement for each in case.workup.differential.hypotheses)]
        found |= {*mentioned(" ".join(said))} | ({case.incident.lead} if case.incident.lead else set())
        found |= {case.handing.waiting.receiver} if case.handing.waiting else set()
    return found | {who for each in resolved for who in mentioned(f"{each.title} {each.diagnosis or ''}")}


def gravest_first(incident: Incident) -> tuple[int, bool, int]:
    """The order in which a digest tells incidents: what nobody leads comes first within its severity."""
    return incident.severity, incident.lead is not None, incident.number


def _standing(case: Case, occasion: Occasion) -> Standing:
    incident, workup = case.incident, case.workup
    condition = workup.condition
    return Standing(
        place=_place(incident),
        severity=incident.severity,
        severity_before=_severity_before(case, occasion.since),
        stability=stability_word(workup)[0],
        score=condition.score,
        score_before=_score_before(workup.vitals, occasion.since),
        phase=case.phase,
        lead=incident.lead,
        leading=_leading(workup),
        must_not_miss=tuple(each.letter for each in unsettled(workup.differential)),
        running=_running(workup),
        owes_revert=workup.owing_revert.name if workup.owing_revert else None,
        reverted=_reverted(workup, occasion.since),
        late=tuple(_late(workup, occasion.at)),
        prompts=tuple(case.prompts),
        opened_at=incident.opened_at,
        changed_at=max(case.changed_at, incident.opened_at),
        unowned_since=_unowned_since(case),
    )


def _unowned_since(case: Case) -> datetime | None:
    """Since when nobody who is there owns the incident; None where somebody does."""
    if case.incident.lead is None:
        return case.incident.opened_at
    watch = case.handing.watch
    return watch.ended_at if watch and watch.over else None


def _handed_over(case: Case) -> HandedOver | None:
    """The handoff that its receiver has not accepted yet."""
    waiting = case.handing.waiting
    if waiting is None or waiting.sent_at is None:
        return None
    place = _place(case.incident)
    return HandedOver(place=place, giver=waiting.giver, receiver=waiting.receiver, since=waiting.sent_at)


def _place(incident: Incident) -> Place:
    return Place(
        number=incident.number,
        title=incident.title,
        channel=incident.channel,
        thread_ts=incident.thread_ts,
    )


def _severity_before(case: Case, since: datetime) -> Severity | None:
    """The severity of the day before, or the first one of what is newer; None where it still is that."""
    in_time = sorted(case.severities, key=lambda given: given[0])
    earlier = [severity for at, severity in in_time if at <= since] or [each for _, each in in_time[:1]]
    before = earlier[-1] if earlier else case.incident.severity
    return None if before == case.incident.severity else before


def _score_before(vitals: Vitals, since: datetime) -> int | None:
    """The score of the last reading of the day before; where there is none, that of the reading before."""
    earlier = [each for each in vitals.series if each.at <= since] or [*vitals.series[:-1]]
    if not earlier:
        return None
    then = replace(vitals, series=tuple(earlier))
    return condition_of(then, earlier[-1].support).score


def _leading(workup: Workup) -> Leading | None:
    found = next(iter(by_likelihood(workup.differential)), None)
    if found is None:
        return None
    p = workup.differential.p(found.letter)
    return Leading(letter=found.letter, statement=found.statement, p=p)


def _running(workup: Workup) -> Running | None:
    active = workup.active
    if active is None:
        return None
    return Running(name=active.name, target=active.target, until=active.due)


def _reverted(workup: Workup, since: datetime) -> tuple[str, ...]:
    return tuple(each.name for each in workup.interventions if each.reverted_at and each.reverted_at > since)


def _late(workup: Workup, now: datetime) -> Iterator[Late]:
    for test in workup.open_tests:
        if test.due and test.due <= now:
            yield Late(what="result", about=test.name, since=test.due)
    if workup.active and workup.active.due <= now:
        yield Late(what="outcome", about=workup.active.name, since=workup.active.due)


def _settled(incident: Incident) -> Settled:
    assert incident.resolved_at is not None  # noqa: S101 - only what is resolved is handed to us.
    return Settled(
        place=_place(incident),
        cause=incident.diagnosis or "",
        opened_at=incident.opened_at,
        resolved_at=incident.resolved_at,
    )


def _trends(occasion: Occasion, open_now: int, history: History) -> Trends:
    ended = [
        each.resolved_at - each.opened_at
        for each in history.stays
        if each.resolved_at and each.resolved_at >= occasion.first_day
    ]
    return Trends(
        days=tuple(_days(occasion, open_now, history.stays)),
        differential=_median(history.differentials),
        differentials=len(history.differentials),
        resolution=_median(ended),
        resolutions=len(ended),
        score=median(history.scores) if history.scores else None,
        handoffs=len(history.scores),
    )


def _median(spans: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(span.total_seconds() for span in spans)) if spans else None


def _days(occasion: Occasion, open_now: int, stays: Sequence[Stay]) -> list[Day]:
    """The days, the last one first counted: how many were open at its end is known from what is open now.

    What was opened again counts as open all the time.
    """
    zone = ZoneInfo(occasion.zone)
    opened = _per_date((each.opened_at for each in stays), zone)
    resolved = _per_date((each.resolved_at for each in stays if each.resolved_at), zone)
    today = occasion.at.astimezone(zone).date()
    found, at_end = list[Day](), open_now
    for day in (today - place * A_DAY for place in range(DAYS)):
        came, went = opened.get(day, 0), resolved.get(day, 0)
        found.append(Day(date=day, open=at_end, opened=came, resolved=went))
        at_end += went - came
    return found[::-1]


def _per_date(moments: Iterable[datetime], zone: ZoneInfo) -> dict[date, int]:
    counted: dict[date, int] = {}
    for at in moments:
        day = at.astimezone(zone).date()
        counted[day] = counted.get(day, 0) + 1
    return counted
