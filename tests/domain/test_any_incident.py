"""Whatever people type, edit, delete and tap, in any order: it is understood or refused, and adds up."""

from collections.abc import Callable
from dataclasses import replace
from math import fsum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.chart import Kind
from bot.domain.errors import RoundsError
from bot.domain.incident import Severity
from bot.domain.work.closing import lacking
from bot.domain.work.counsel import counsel
from bot.domain.work.meaning import meaning
from bot.domain.work.news import news
from bot.domain.work.saying import Saying
from bot.domain.work.steps import (
    Ended,
    Expected,
    Pooled,
    Prepared,
    Promised,
    RevertWaived,
    Started,
    Waived,
)
from tests.domain.any_step import letters, shares
from tests.domain.table import ANA, Table, at, said, table

TWO = "dx: bad batch 60%\nleak 20% impact 5"
FIX = "fix: rolled back to 3f2a; revert: redeploy 9c1d"
words = [
    "dx: A",
    "A",
    "B",
    "I",
    "bad batch",
    "leak",
    "30%",
    "impact 5",
    "ruled out",
    "by T1",
    "for:",
    "for B",
    "T1",
    "T2",
    "positive",
    "negative",
    "A1",
    "B1",
    "worked",
    "failed",
    "unclear",
    "reverted",
    "rolled back",
    ";",
    "\n",
    "```",
    "within 5m",
    "costs 5m",
    "saves 2h",
    "irreversible",
    "revert: x",
    "(5m)",
    "(999999d)",
    "@U0BEN",
    "D1",
    "by 18:00",
    "in 2h",
    "?",
    ":",
    "maybe",
    "then",
    "→",
    "IF1",
    "happened",
    "off",
    "for A, B",
    "40m ago",
    "yesterday",
    "watcher",
    "none",
    "no change",
]
phrases = st.lists(st.sampled_from(words), max_size=7).map(" ".join)
known = table(TWO, "test: run it", "test: look", "plan: pin it", FIX)
others = (table(), known, table(TWO, FIX, "outcome: failed"))


sayings = st.builds(
    Saying,
    kind=st.sampled_from(list(Kind)),
    text=st.text() | phrases,
    by=st.just(ANA),
    at=st.just(at(99)),
    severity=st.sampled_from(list(Severity)),
    before=st.just(()),
    due=st.none(),
)


@settings(max_examples=300)
@given(sayings, st.sampled_from(others))
def test_no_text_of_any_kind_does_worse_than_to_be_refused(saying: Saying, found: Table) -> None:
    try:
        first = meaning(saying, found.workup)
    except RoundsError:
        return

    meaning(replace(saying, before=first.steps), found.workup)


class AnyIncident(RuleBasedStateMachine):
    """People type, edit, delete and tap in any order; what has to be true of a workup is, after each."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table()
        self.owners: dict[tuple[str, str], int] = {}

    def tries(self, act: Callable[[], object]) -> None:
        before = self.table.workup
        try:
            act()
        except RoundsError:
            return
        news(before, self.table.workup)

    @rule(
        kind=st.sampled_from(
            [
                Kind.HYPOTHESIS,
                Kind.TEST,
                Kind.RESULT,
                Kind.PLAN,
                Kind.INTERVENTION,
                Kind.OUTCOME,
                Kind.ACTION,
                Kind.DONE,
                Kind.CONTINGENCY,
                Kind.ONSET,
                Kind.STABILITY,
                Kind.NOTE,
            ]
        ),
        text=phrases,
        done=st.booleans(),
    )
    def somebody_types(self, kind: Kind, text: str, *, done: bool) -> None:
        saying = replace(said(text, kind, minute=self.table.given + 1), done=done, sure=done)
        self.tries(lambda: self.table.hears(saying))

    @rule(minute=st.integers(0, 99), text=phrases)
    def a_message_comes_late(self, minute: int, text: str) -> None:
        self.tries(lambda: self.table.hears(said(text, minute=minute / 100)))

    @precondition(lambda self: self.table.entries)
    @rule(data=st.data(), text=phrases)
    def somebody_edits(self, data: st.DataObject, text: str) -> None:
        entry = data.draw(st.sampled_from(sorted(self.table.entries)))
        self.tries(lambda: self.table.edits(entry, text))

    @precondition(lambda self: self.table.entries)
    @rule(data=st.data())
    def somebody_deletes(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(sorted(self.table.entries)))
        self.tries(lambda: self.table.deletes(entry))

    @rule(
        step=st.builds(Expected, test=st.integers(1, 3), likelihoods=shares)
        | st.builds(Pooled, hypotheses=st.just(()), estimates=shares)
        | st.builds(Waived, letter=letters)
        | st.builds(Ended, name=st.sampled_from(["A1", "B1"]))
        | st.builds(RevertWaived, name=st.sampled_from(["A1", "B1"])),
        minute=st.integers(-500, 500),
    )
    def somebody_taps(self, step: Expected, minute: int) -> None:
        self.tries(lambda: self.table.taps(step, minute=minute))

    @invariant()
    def the_numbers_sum_to_one(self) -> None:
        workup = self.table.workup
        assert fsum(workup.differential.probabilities.values()) == pytest.approx(1, abs=1e-9)
        for change in workup.history:
            assert fsum(change.probabilities.values()) == pytest.approx(1, abs=1e-9)

    @invariant()
    def one_intervention_runs_at_most(self) -> None:
        assert sum(each.active for each in self.table.workup.interventions) <= 1

    @invariant()
    def every_name_is_given_to_one_entry_for_life(self) -> None:
        for each in self.table.recorded:
            for name in given_by(each.step):
                owner = self.owners.setdefault(name, each.entry or 0)
                assert owner == each.entry

    @invariant()
    def something_can_always_be_said_of_it(self) -> None:
        counsel(self.table.workup)
        lacking(self.table.workup, gone="")


def given_by(step: object) -> list[tuple[str, str]]:
    """The names that a step gives for life."""
    match step:
        case Started(name=name):
            return [("intervention", name)]
        case Promised(action=number):
            return [("action", str(number))]
        case Prepared(contingency=number):
            return [("contingency", str(number))]
        case _:
            found = getattr(step, "hypotheses", ())
            return [("letter", each.letter) for each in found]


TestAnyIncident = AnyIncident.TestCase
TestAnyIncident.settings = settings(max_examples=40, stateful_step_count=25)
