"""Steps of every kind about a few letters, tests and interventions, with numbers up to both edges."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.domain.diagnosis.differential import OTHER
from bot.domain.signs.vitals import Reading
from bot.domain.work.steps import (
    ActionChanged,
    Argued,
    Asked,
    Attested,
    Completed,
    ContingencyChanged,
    Ended,
    Expected,
    Found,
    Happened,
    ImpactSaid,
    Measured,
    Named,
    OnsetSaid,
    Planned,
    Pooled,
    Prepared,
    Promised,
    Reestimated,
    RevertKnown,
    RevertWaived,
    Revoked,
    RuledOut,
    StabilitySaid,
    Started,
    Step,
    Suspect,
    Waived,
)

letters = st.sampled_from(["A", "B", "C", "D", "AA"])
numbers = st.integers(1, 3)
names = st.sampled_from(["A1", "A2", "B1"])
probabilities = st.floats(0, 1) | st.sampled_from([0.0, 1.0, 5e-324, 1e-12, 0.001, 0.999])
spans = st.timedeltas(timedelta(0), timedelta(days=3000))
maybe_p, impacts = st.none() | probabilities, st.none() | st.integers(1, 5)
suspects = st.lists(st.builds(Suspect, letter=letters, p=maybe_p, impact=impacts), max_size=3).map(tuple)
shares = st.dictionaries(letters | st.just(OTHER), probabilities, max_size=5)
finite = st.floats(allow_nan=False, allow_infinity=False)
readings = st.builds(
    Reading,
    name=st.sampled_from(["loss", "throughput", "anything"]),
    value=st.none() | finite,
    base=st.none() | finite,
)
moments = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - it says which.

STEPS: Mapping[type[Step], st.SearchStrategy[Step]] = {
    Named: st.builds(Named, hypotheses=suspects),
    Reestimated: st.builds(Reestimated, letter=letters, p=maybe_p, impact=impacts),
    Argued: st.builds(Argued, letter=letters),
    RuledOut: st.builds(RuledOut, letter=letters, test=st.none() | numbers),
    Waived: st.builds(Waived, letter=letters),
    Pooled: st.builds(Pooled, hypotheses=suspects, estimates=shares),
    Asked: st.builds(
        Asked,
        test=numbers,
        minutes=st.none() | st.floats(0, 1e6),
        due=st.none() | moments,
        bears_on=st.lists(letters).map(tuple),
    ),
    Expected: st.builds(Expected, test=numbers, likelihoods=shares),
    Found: st.builds(Found, test=numbers),
    Planned: st.builds(
        Planned,
        plan=letters,
        target=st.none() | letters,
        window=st.none() | spans,
        costs=st.none() | spans,
        saves=st.none() | spans,
    ),
    Started: st.builds(
        Started,
        name=names,
        plan=letters,
        target=st.none() | letters,
        window=spans,
        bundled_with=st.none() | names,
    ),
    Ended: st.builds(Ended, name=names),
    RevertKnown: st.builds(RevertKnown, name=names),
    RevertWaived: st.builds(RevertWaived, name=names),
    Promised: st.builds(Promised, action=numbers, due=st.none() | moments),
    ActionChanged: st.builds(ActionChanged, action=numbers, due=st.none() | moments),
    Completed: st.builds(Completed, action=numbers),
    Prepared: st.builds(Prepared, contingency=numbers, about=st.lists(letters, max_size=3).map(tuple)),
    ContingencyChanged: st.builds(ContingencyChanged, contingency=numbers),
    Happened: st.builds(Happened, contingency=numbers),
    Revoked: st.builds(Revoked, contingency=numbers),
    ImpactSaid: st.builds(ImpactSaid),
    OnsetSaid: st.builds(OnsetSaid, onset=moments),
    StabilitySaid: st.builds(StabilitySaid),
    Attested: st.builds(Attested),
    Measured: st.builds(Measured, readings=st.lists(readings, max_size=3).map(tuple)),
}
steps = st.one_of(*STEPS.values())
