"""Four published networks as problems of diagnosis: causes, tests with costs, and the exact joint table.

The networks are read from the wheel of pgmpy, installed without what it depends on, because it is never
imported. None of them has costs, so each test is given one of five by a hash of its name.
"""

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from importlib.metadata import PackageNotFoundError, distribution
from itertools import product
from math import fsum, prod
from pathlib import Path

COSTS = (1.0, 2.0, 5.0, 15.0, 30.0)
WHEEL = "pgmpy==1.1.2"
INSPECTED = 6
ALARM_FINDINGS = ("BP", "CVP", "EXPCO2", "HISTORY", "HRBP", "MINVOL", "PAP", "PCWP", "PRESS")
ALARM_FAULTS = (
    "HYPOVOLEMIA",
    "LVFAILURE",
    "INSUFFANESTH",
    "ANAPHYLAXIS",
    "KINKEDTUBE",
    "PULMEMBOLUS",
    "DISCONNECT",
)
# Causes that are less likely than this, given the complaint, are left out.
NEGLIGIBLE = 1e-4

Table = dict[tuple[str, ...], float]
State = Mapping[str, str]


@dataclass(frozen=True)
class Factor:
    """A table over some variables."""

    names: tuple[str, ...]
    table: Table

    def given(self, known: State) -> "Factor":
        """What is left of it when some variables are known."""
        keep = [place for place, name in enumerate(self.names) if name not in known]
        fits = [(place, known[name]) for place, name in enumerate(self.names) if name in known]
        table = {
            tuple(key[place] for place in keep): p
            for key, p in self.table.items()
            if all(key[place] == state for place, state in fits)
        }
        return Factor(tuple(self.names[place] for place in keep), table)

    def times(self, other: "Factor") -> "Factor":
        """The product."""
        shared = [
            (self.names.index(name), place) for place, name in enumerate(other.names) if name in self.names
        ]
        fresh = [place for place, name in enumerate(other.names) if name not in self.names]
        rows: dict[tuple[str, ...], list[tuple[tuple[str, ...], float]]] = {}
        for key, p in other.table.items():
            at = tuple(key[place] for _, place in shared)
            rows.setdefault(at, []).append((tuple(key[place] for place in fresh), p))
        table = {
            key + more: p * q
            for key, p in self.table.items()
            for more, q in rows.get(tuple(key[place] for place, _ in shared), ())
        }
        return Factor(self.names + tuple(other.names[place] for place in fresh), table)

    def without(self, name: str) -> "Factor":
        """Summed over one variable."""
        place = self.names.index(name)
        table: Table = {}
        for key, p in self.table.items():
            rest = key[:place] + key[place + 1 :]
            table[rest] = table.get(rest, 0.0) + p
        return Factor(self.names[:place] + self.names[place + 1 :], table)


@dataclass(frozen=True)
class Network:
    """The states of each variable, and its table given its parents."""

    states: Mapping[str, tuple[str, ...]]
    factors: Mapping[str, Factor]

    @property
    def roots(self) -> list[str]:
        """The variables without parents."""
        return [name for name, factor in self.factors.items() if len(factor.names) == 1]

    def joint(self, kept: Sequence[str], known: State) -> Factor:
        """The exact joint table of some variables and what is known, by variable elimination."""
        needed, fresh = set[str](), [*kept, *known]
        while fresh:
            name = fresh.pop()
            if name not in needed:
                needed.add(name)
                fresh += self.factors[name].names[:-1]
        left = [self.factors[name].given(known) for name in self.factors if name in needed]
        for _ in range(len(needed - {*kept, *known})):
            left = self._eliminated(left, kept)
        return reduce(Factor.times, left, Factor((), {(): 1.0}))

    def _eliminated(self, left: list[Factor], kept: Sequence[str]) -> list[Factor]:
        """One variable fewer: the one whose elimination makes the smallest table."""

        def size(name: str) -> int:
            scope = {each for factor in left if name in factor.names for each in factor.names}
            return prod(len(self.states[each]) for each in scope)

        name = min({each for factor in left for each in factor.names} - set(kept), key=lambda n: (size(n), n))
        touched = sorted((factor for factor in left if name in factor.names), key=lambda f: len(f.table))
        return [
            *(factor for factor in left if name not in factor.names),
            reduce(Factor.times, touched).without(name),
        ]


def network(name: str) -> Network:
    """A network by its name in the Bayesian Network Repository."""
    # importlib.resources would import the package, and that everything it needs.
    try:
        packed = distribution("pgmpy").locate_file(f"pgmpy/utils/example_models/{name}.bif.gz")
    except PackageNotFoundError:
        raise SystemExit(f"The networks come with a wheel: pip install --no-deps {WHEEL}") from None
    text = gzip.decompress(Path(str(packed)).read_bytes()).decode()
    states = {
        found[1]: tuple(re.split(r"\s*,\s*", found[2].strip()))
        for found in re.finditer(r"variable (\S+) \{[^{]*\{([^}]*)\}", text)
    }
    factors = {}
    for found in re.finditer(r"probability \(\s*(\S+)\s*(?:\|([^)]*))?\)\s*\{(.*?)\n\}", text, re.DOTALL):
        parents = tuple(re.findall(r"[^\s,]+", found[2] or ""))
        table = {
            (*key, state): p
            for key, row in _rows(found[3])
            for state, p in zip(states[found[1]], row, strict=True)
        }
        factors[found[1]] = Factor((*parents, found[1]), table)
    return Network(states, factors)


def _rows(text: str) -> Iterator[tuple[tuple[str, ...], list[float]]]:
    """Each row of a table: the parents' states, then the probabilities."""
    for found in re.finditer(r"(?:\(([^)]*)\)|table)\s+([^;]+);", text):
        yield tuple(re.findall(r"[^\s,]+", found[1] or "")), [float(p) for p in found[2].split(",")]


@dataclass(frozen=True)
class Problem:
    """Causes and tests; *full* holds each cause's joint mass of every combination of outcomes.

    Combinations are numbered with the first test as the fastest digit.
    """

    name: str
    tests: tuple[str, ...]
    ways: tuple[int, ...]
    full: tuple[tuple[float, ...], ...]

    @property
    def prior(self) -> list[float]:
        """How likely each cause is before any test."""
        return [fsum(cause) for cause in self.full]

    @property
    def costs(self) -> list[float]:
        """The minutes of each test."""
        return [COSTS[int(hashlib.sha256(test.encode()).hexdigest(), 16) % len(COSTS)] for test in self.tests]


def problems() -> Iterator[Problem]:
    """The five problems, in order of size."""
    asia = network("asia")
    causes = [
        dict(zip(("tub", "lung", "bronc"), key, strict=True)) for key in product(("yes", "no"), repeat=3)
    ]
    yield _problem("asia", asia, causes, ["asia", "smoke", "xray", "dysp"])
    child = network("child")
    findings = "Age BirthAsphyxia CO2Report GruntingReport LVHreport LowerBodyO2 RUQO2 Sick XrayReport"
    yield _problem("child", child, [{"Disease": each} for each in child.states["Disease"]], findings.split())
    yield _problem("alarm", network("alarm"), _alarm(), ALARM_FINDINGS)
    symptoms = "PrtStatOff PrtStatMem PrtStatPaper PrtFile GDIOUT NetOK"
    yield _printer("win95pts-1", {"Problem1": "No_Output"}, symptoms.split())
    symptoms = "PrtStatMem NetOK PrtData PrtIcon REPEAT GDIOUT"
    yield _printer("win95pts-2", {"Problem2": "Too_Long"}, symptoms.split())


def _alarm() -> list[dict[str, str]]:
    """Exactly one fault of the patient's monitor, and none of the measuring errors."""
    normal = dict.fromkeys([*ALARM_FAULTS, "ERRCAUTER", "ERRLOWOUTPUT"], "FALSE") | {"INTUBATION": "NORMAL"}
    single = [normal | {fault: "TRUE"} for fault in ALARM_FAULTS]
    return single + [normal | {"INTUBATION": state} for state in ("ESOPHAGEAL", "ONESIDED")]


def _printer(name: str, complaint: dict[str, str], symptoms: Sequence[str]) -> Problem:
    """Exactly one fault of the printer given a complaint; the six likeliest faults can also be looked at."""
    net = network("win95pts")
    config = {"NetPrint", "DSApplctn", "PrtPScript", "EPSGrphc", "TrTypFnts", "PrntrAccptsTrtyp"}
    roots = [root for root in net.roots if root not in config]
    normal = {root: net.states[root][0] for root in roots}
    causes = [normal | {root: net.states[root][1]} | complaint for root in roots]
    return _problem(name, net, causes, symptoms, roots)


def _problem(
    name: str, net: Network, causes: Sequence[State], tests: Sequence[str], roots: Sequence[str] = ()
) -> Problem:
    joints = [net.joint(tests, cause) for cause in causes]
    total = fsum(fsum(joint.table.values()) for joint in joints)
    order = list(product(*(net.states[test] for test in reversed(tests))))
    full, kept = [], []
    for place, joint in enumerate(joints):
        columns = [joint.names.index(test) for test in reversed(tests)]
        mass = dict.fromkeys(order, 0.0)
        for key, p in joint.table.items():
            mass[tuple(key[column] for column in columns)] += p / total
        if fsum(mass.values()) > NEGLIGIBLE:
            full.append(tuple(mass.values()))
            kept.append(roots[place] if roots else str(place))
    ways = [len(net.states[test]) for test in tests]
    if not roots:
        return Problem(name, tuple(tests), tuple(ways), tuple(full))
    return _inspectable(Problem(name, tuple(tests), tuple(ways), tuple(full)), kept)


def _inspectable(problem: Problem, roots: Sequence[str]) -> Problem:
    """The problem with a sure look at each of the likeliest faults as further tests."""
    prior = problem.prior
    scale = 1 / fsum(prior)
    looked = sorted(range(len(prior)), key=lambda cause: -prior[cause])[:INSPECTED]
    full = []
    for cause, masses in enumerate(problem.full):
        found = [mass * scale for mass in masses]
        for fault in looked:
            empty = [0.0] * len(found)
            found = [*found, *empty] if fault == cause else [*empty, *found]
        full.append(tuple(found))
    return Problem(
        problem.name,
        (*problem.tests, *(f"insp:{roots[fault]}" for fault in looked)),
        (*problem.ways, *[2] * len(looked)),
        tuple(full),
    )
