"""The course of an incident, read from its record: the first differential, the wrong turns, the true cause.

All of it is computed from what the record holds, so a report can be written anew wherever the record goes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.chart import Kind
from bot.domain.diagnosis.differential import OTHER, Hypothesis
from bot.domain.diagnosis.testing import EITHER, Test
from bot.domain.export.record import EntryRow, IncidentRecord
from bot.domain.ids import MessageTs, UserId
from bot.domain.work.closing import Closing, read_closing
from bot.domain.work.fold import fold
from bot.domain.work.ordering import in_order
from bot.domain.work.steps import Asked, Recorded, Started
from bot.domain.work.workup import Change, Workup


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongTurn:
    """A hypothesis that was pursued and was not the cause.

    It was pursued from the first test or intervention that was aimed at it until it was ruled out, *by* a
    test or a person; where nobody did that, until the end.
    """

    hypothesis: Hypothesis
    aimed: tuple[str, ...]
    begun: datetime
    ended: datetime
    by: str | None

    @property
    def took(self) -> timedelta:
        """The time spent on it."""
        return max(self.ended - self.begun, timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """An incident from its opening to its end, or to the moment *until* which it is told.

    *first* is the first differential, and *truth* the hypothesis that was the cause. It is None while nobody
    knows, or where the cause is none of those that were named.
    """

    record: IncidentRecord
    until: datetime
    entries: tuple[EntryRow, ...]
    recorded: tuple[Recorded, ...]
    workup: Workup
    closing: Closing | None
    truth: Hypothesis | None
    first: Change | None

    @property
    def names(self) -> Mapping[str, str]:
        """The names of the people, as far as they are known."""
        return {each.person: each.name for each in self.record.people if each.name}

    @property
    def live(self) -> tuple[EntryRow, ...]:
        """The entries that count."""
        return tuple(each for each in self.entries if each.withdrawn_at is None)


def recorded_steps(record: IncidentRecord) -> list[Recorded]:
    """The steps as the workup is folded from them."""
    by_seq = {entry.seq: entry for entry in record.entries}
    return [
        Recorded(
            seq=row.seq,
            step=row.body,
            by=UserId(row.by),
            at=row.at,
            live=row.withdrawn_at is None and (entry is None or entry.withdrawn_at is None),
            entry=row.entry,
            message=MessageTs(entry.ts) if entry and entry.ts else None,
        )
        for row in record.steps
        for entry in [by_seq.get(row.entry) if row.entry is not None else None]
    ]


def course(record: IncidentRecord, at: datetime) -> Course:
    """The course of an incident as it is known *at* a moment."""
    recorded = recorded_steps(record)
    workup = fold(recorded)
    closing = _closing(record)
    return Course(
        record=record,
        until=record.incident.resolved_at or max(at, record.incident.opened_at),
        entries=tuple(sorted(record.entries, key=lambda each: (each.at, each.seq))),
        recorded=tuple(each for each in in_order(recorded) if each.live),
        workup=workup,
        closing=closing,
        truth=true_cause(workup, record.incident.diagnosis, closing),
        first=first_differential(workup),
    )


def _closing(record: IncidentRecord) -> Closing | None:
    """What was said when it was closed, where it is closed now."""
    if record.incident.resolved_at is None:
        return None
    said = [each for each in record.entries if each.kind is Kind.RESOLVE and each.withdrawn_at is None]
    return read_closing(max(said, key=lambda each: (each.at, each.seq)).text) if said else None


def first_differential(workup: Workup) -> Change | None:
    """When somebody first named a cause, and how likely each one was then."""
    return next((change for change in workup.history if change.probabilities.keys() - {OTHER}), None)


def true_cause(workup: Workup, diagnosis: str | None, closing: Closing | None = None) -> Hypothesis | None:
    """The hypothesis that the diagnosis names: by its letter, or in its very words."""
    said = [text.strip(" .").casefold() for text in (diagnosis, closing.cause if closing else None) if text]
    for each in workup.differential.hypotheses if diagnosis else ():
        if each.letter.casefold() in said or each.statement.strip(" .").casefold() in said:
            return each
    return None


def ranks(probabilities: Mapping[str, float]) -> dict[str, int]:
    """The place of each letter, the likeliest first; those that are as likely share the better place."""
    named = {letter: p for letter, p in probabilities.items() if letter != OTHER}
    return {letter: 1 + sum(other > p for other in named.values()) for letter, p in named.items()}


def first_named(workup: Workup, letter: str) -> datetime | None:
    """When a hypothesis came up."""
    return next((change.at for change in workup.history if letter in change.probabilities), None)


def ruled_out_at(workup: Workup, letter: str) -> datetime | None:
    """When a hypothesis was ruled out for good; None for one that is still considered."""
    gone = None
    known = False
    for change in workup.history:
        there = letter in change.probabilities
        known = known or there
        gone = None if there else (gone or change.at if known else None)
    return gone


def wrong_turns(found: Course) -> list[WrongTurn]:
    """What was pursued and was not the cause, as it happened. Nothing while the cause is not known."""
    if found.record.incident.resolved_at is None:
        return []
    others = [each for each in found.workup.differential.hypotheses if each != found.truth]
    turns = [turn for each in others if (turn := _turn(found, each))]
    return sorted(turns, key=lambda turn: (turn.begun, turn.hypothesis.letter))


def _turn(found: Course, hypothesis: Hypothesis) -> WrongTurn | None:
    aimed = _aimed_at(found, hypothesis)
    if not aimed:
        return None
    gone = ruled_out_at(found.workup, hypothesis.letter)
    # Without a true cause among them, only what was ruled out is known to be wrong.
    if gone is None and found.truth is None:
        return None
    return WrongTurn(
        hypothesis=hypothesis,
        aimed=tuple(aimed),
        begun=min(aimed.values()),
        ended=gone or found.until,
        by=hypothesis.eliminated_by,
    )


def _aimed_at(found: Course, hypothesis: Hypothesis) -> dict[str, datetime]:
    """The tests and interventions for a hypothesis, and the test that ruled it out, by their names."""
    aimed: dict[str, datetime] = {}
    for each in found.recorded:
        match each.step:
            case Asked(test=number):
                test = found.workup.test(number)
                if test and (hypothesis.letter in looked_for(test) or hypothesis.eliminated_by == test.name):
                    aimed.setdefault(test.name, each.at)
            case Started(name=name, target=target):
                if target == hypothesis.letter:
                    aimed.setdefault(name, each.at)
            case _:
                continue
    return aimed


def looked_for(test: Test) -> Collection[str]:
    """What a test looks for: of the hypotheses that it bears on, those that make a positive result likely.

    While nobody has said what is expected of it, it looks for all of them.
    """
    expected = {letter: test.likelihoods[letter] for letter in test.bears_on if letter in test.likelihoods}
    return [letter for letter, p in expected.items() if p > EITHER] if expected else test.bears_on
