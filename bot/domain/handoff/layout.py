"""What the whole document is made of when it is printed: sections with columns and rows, all of it text.

People stand in it as "Ana (@U0ANA)" and moments in UTC, as ISO 8601 writes them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.chart import TITLES
from bot.domain.handoff.document import Handoff, Sighted, Suspected, Tested, Tried
from bot.domain.heard import MENTION
from bot.domain.ids import UserId, shown
from bot.domain.signs.stability import title

LIST = ("what", "is")


@dataclass(frozen=True, slots=True)
class Section:
    """A table under its heading; *part* is the heading of I-PASS above it."""

    part: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Names:
    """How people are written."""

    known: Mapping[UserId, str]

    def person(self, who: UserId | None) -> str:
        """Somebody by name and id; "" for nobody."""
        if not who:
            return ""
        name = self.known.get(who)
        return f"{name} (@{who})" if name else f"@{who}"

    def text(self, words: str) -> str:
        """A text in which whoever is mentioned has a name."""
        return MENTION.sub(lambda found: self.person(UserId(found[1])), words)


def moment(at: datetime | None) -> str:
    """A moment such as 2026-11-24T18:00:00Z; "" for none."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z" if at else ""


def sections(handoff: Handoff) -> tuple[Section, ...]:
    """The document from beginning to end."""
    names = Names(handoff.asked.names)
    parts: Iterable[tuple[str, Callable[[Handoff, Names], Iterable[Section]]]] = (
        ("I: Illness severity", _illness),
        ("P: Patient summary", _patient),
        ("A: Action list", _actions),
        ("S: Situation awareness and contingencies", _awareness),
        ("S: Synthesis by receiver", _synthesis),
    )
    return tuple(
        Section(part, section.heading, section.columns, section.rows)
        for part, tell in parts
        for section in tell(handoff, names)
    )


def _list(heading: str, values: Mapping[str, str]) -> Section:
    return Section("", heading, LIST, tuple(values.items()))


def _table(heading: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Section:
    return Section("", heading, columns, tuple(rows))


def _number(value: float | None) -> str:
    return "" if value is None else str(value)


def _yes(value: bool) -> str:  # noqa: FBT001 - how a yes or a no is written.
    return "yes" if value else "no"


def _illness(handoff: Handoff, names: Names) -> Iterable[Section]:
    each = handoff.illness
    yield _list(
        "How bad it is",
        {
            "severity": f"SEV{each.severity}",
            "first severity": f"SEV{each.first_severity}",
            "stability": each.stability,
            "why": names.text(each.reason),
            "score": _number(each.score),
            "the signs say": each.signs_say or "",
            "said by": names.person(each.overridden_by),
            "said at": moment(each.overridden_at),
            "signs last read": moment(each.read_at),
        },
    )
    rows = ((moment(one.at), f"SEV{one.severity}") for one in each.changes)
    yield _table("Changes of severity", ("at", "severity"), rows)


def _patient(handoff: Handoff, names: Names) -> Iterable[Section]:
    yield _summary(handoff, names)
    hypotheses, tests = handoff.patient.hypotheses, handoff.patient.tests
    columns = ("hypothesis", "statement", "probability", "impact", "status", "by", "assumes")
    yield _table("Differential", columns, (_hypothesis(each, names) for each in hypotheses))
    said = (
        (each.letter, one.stance, names.text(one.words), names.person(one.by))
        for each in hypotheses
        for one in each.evidence
    )
    yield _table("Evidence", ("hypothesis", "stance", "words", "by"), said)
    asked = ("test", "question", "state", "result", "words", "speaks", "found", "owner", "due")
    yield _table("Tests", asked, (_test(each, names) for each in tests))
    yield _table("Interventions", TRIED, (_tried(each, names) for each in handoff.patient.interventions))
    plans = (
        (each.plan, names.text(each.text), each.target or "", names.text(each.revert or ""))
        for each in handoff.patient.plans
    )
    yield _table("Plans not started", ("plan", "text", "for", "revert"), plans)
    yield from _timeline(handoff, names)


def _summary(handoff: Handoff, names: Names) -> Section:
    each = handoff.patient
    return _list(
        "Summary",
        {
            "incident": shown(each.number),
            "title": names.text(each.title),
            "first words": names.text(each.seen),
            "channel": each.channel,
            "thread": each.thread_ts or "",
            "private": _yes(each.private),
            "onset": moment(each.onset),
            "noticed": moment(each.detected_at),
            "impact": names.text(each.impact),
            "opened at": moment(each.opened_at),
            "opened by": names.person(each.opened_by),
            "lead": names.person(each.lead),
            "told since": moment(each.since),
            "handed over before": _yes(each.handed_over_before),
            "no more hypotheses, says": names.person(each.few_by),
        },
    )


def _hypothesis(each: Suspected, names: Names) -> tuple[str, ...]:
    return (
        each.letter,
        names.text(each.statement),
        _number(each.p),
        _number(each.impact),
        each.status or "",
        names.text(each.by),
        names.text(each.assumption),
    )


def _test(each: Tested, names: Names) -> tuple[str, ...]:
    return (
        each.name,
        names.text(each.question),
        "running" if each.running else "finished",
        each.verdict or "",
        names.text(each.words),
        ", ".join(f"{letter}: {way}" for letter, way in each.direction.items()),
        moment(each.found_at),
        names.person(each.owner),
        moment(each.due),
    )


TRIED = (
    "intervention",
    "plan",
    "text",
    "for",
    "expected",
    "outcome",
    "words",
    "revert",
    "state",
    "started",
    "by",
    "until",
    "ended",
    "reverted",
    "irreversible",
    "left by",
    "left because",
    "bundled with",
)


def _tried(each: Tried, names: Names) -> tuple[str, ...]:
    return (
        each.name,
        each.plan,
        names.text(each.text),
        each.target or "",
        names.text(each.expect or ""),
        each.outcome or "running",
        names.text(each.words),
        names.text(each.revert or ""),
        each.revert_state or "",
        moment(each.started_at),
        names.person(each.by),
        moment(each.until),
        moment(each.ended_at),
        moment(each.reverted_at),
        _yes(each.irreversible),
        names.person(each.left_by),
        names.text(each.left_why),
        each.bundled_with or "",
    )


def _timeline(handoff: Handoff, names: Names) -> Iterable[Section]:
    patient = handoff.patient
    rows = (
        (
            moment(each.at),
            TITLES[each.kind],
            names.text(each.text),
            names.person(each.who),
            "\n".join(each.files),
        )
        for each in patient.events
    )
    yield _table("Since the last handoff", ("at", "kind", "text", "who", "files"), rows)
    left = ((kind, str(count)) for kind, count in patient.left_out.items())
    yield _table("Earlier lines left out", ("kind", "count"), left)


def _actions(handoff: Handoff, names: Names) -> Iterable[Section]:
    actions, mine = handoff.actions, {each.name for each in handoff.mine}
    rows = (
        (
            each.name,
            names.text(each.text),
            names.person(each.owner),
            moment(each.due),
            _yes(each.name in mine),
        )
        for each in actions.open
    )
    yield _table("To do", ("action", "text", "owner", "due", "receiver's"), rows)
    done = (
        (
            each.name,
            names.text(each.text),
            names.person(each.owner),
            moment(each.done_at),
            names.text(each.words),
        )
        for each in actions.done
    )
    yield _table("Done", ("action", "text", "owner", "done", "how one knows"), done)
    yield _list("Shift", {"the next shift ends": moment(actions.until)})


SIGNS = ("sign", "value", "unit", "compared with", "score", "at")


def _sighted(each: Sighted) -> tuple[str, ...]:
    return (each.name, each.value, each.unit, each.compared_with, _number(each.score), moment(each.at))


def _awareness(handoff: Handoff, names: Names) -> Iterable[Section]:
    each = handoff.awareness
    bad = ((*_sighted(one), str(sign.count)) for sign in each.abnormal for one in sign.readings)
    yield _table("Abnormal signs", (*SIGNS, "times"), bad)
    yield _table("Signs as last read", SIGNS, map(_sighted, each.latest))
    yield _table("Signs that nobody knows", ("sign",), ((title(name),) for name in each.unknown))
    yield _table(
        "Contingencies",
        ("contingency", "if", "then", "owner", "for", "happened", "seen", "revoked", "why"),
        _if_then(handoff, names),
    )
    mitigations = (
        (
            one.name,
            names.text(one.text),
            names.text(one.revert or ""),
            _yes(one.irreversible),
            moment(one.review_at),
            _yes(one.failed),
        )
        for one in each.mitigations
    )
    columns = ("intervention", "text", "revert", "irreversible", "review", "failed")
    yield _table("In place and not settled", columns, mitigations)
    waiting = ((one.what, moment(one.since)) for one in each.waiting)
    yield _table("Questions nobody has answered", ("question", "since"), waiting)
    yield _list("Looks", {"signs read since the last handoff": str(each.takings)})


def _if_then(handoff: Handoff, names: Names) -> Iterable[tuple[str, ...]]:
    for each in handoff.awareness.contingencies:
        yield (
            each.name,
            names.text(each.when),
            names.text(each.then),
            names.person(each.owner),
            ", ".join(each.about),
            moment(each.happened_at),
            names.text(each.happened_words),
            moment(each.revoked_at),
            names.text(each.revoked_words),
        )


def _synthesis(handoff: Handoff, names: Names) -> Iterable[Section]:
    asked = handoff.asked
    rows = (
        (what, names.text(said.words), names.person(said.by), moment(said.at))
        for what, said in handoff.attested.items()
    )
    yield _table("Attested that there is none", ("what", "words", "by", "at"), rows)
    values = {
        "from": names.person(asked.giver),
        "to": names.person(asked.receiver),
        "on the roster": _yes(asked.on_roster),
        "compiled at": moment(asked.compiled_at),
    }
    yield _list("Who hands over to whom", values)
