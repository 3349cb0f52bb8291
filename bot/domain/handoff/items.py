"""The score's items of the document: what each looks for, and what would mend what it misses.

Item ids, points and predicates are those of the score's table. A mend is the word and the details of the
button that opens or does what is missing, as in `Offer`: "impact", "todo:TD1", "attest:actions".
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.diagnosis.differential import FEWEST
from bot.domain.handoff.document import Handoff, Suspected, Tested, ToDo, Tried
from bot.domain.handoff.faults import interval_of
from bot.domain.offer import Offer
from bot.domain.readiness.said import Nothing
from bot.domain.signs.stability import Stability
from bot.domain.terms import written_span

SUMMARY = 280
# Three items miss the same where nobody has thought of the actions.
_NO_ACTION = "What is to be done next: no action is open, and nobody has said that none is needed."
WORD_OF_THE_SIGNS = frozenset({Stability.STABLE, Stability.WATCHER, Stability.UNSTABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What is missing of an *item*, in *words*, and the button (*label*, *mend*) that mends it at once."""

    item: str
    words: str
    mend: str
    label: str

    @property
    def offer(self) -> Offer:
        """The button."""
        return Offer(label=self.label, does=self.mend)


@dataclass(frozen=True, slots=True)
class Found:
    """Which share of an item a document has, and what is missing of the rest."""

    share: float
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentItem:
    """An item: its id, its points, and how a document is looked at."""

    id: str
    of: int
    look: Callable[[Handoff], Found]


def _all(present: bool, *missing: Missing) -> Found:  # noqa: FBT001 - a predicate's value is all it takes.
    return Found(1.0) if present else Found(0.0, missing)


def _share(item_count: int, missing: Iterable[Missing]) -> Found:
    """One part for every row: what is missing is one of each incomplete row; no rows are complete."""
    every = tuple(missing)
    return Found(1 - len(every) / item_count if item_count else 1.0, every)


def attested(handoff: Handoff, what: Nothing) -> bool:
    """Whether somebody has said that there is none, and it still counts.

    That there is nothing to do stands until there is something; what was said of signs and events counts for
    the watch it was said in.
    """
    said = handoff.attested.get(what)
    return said is not None and (what is Nothing.ACTIONS or said.at >= handoff.patient.since)


def _label(handoff: Handoff) -> Found:
    known = handoff.illness.stability in WORD_OF_THE_SIGNS
    if attested(handoff, Nothing.VITALS):
        words = "Nobody has said how stable it is, and no vital sign can tell."
        return _all(known, Missing(item="I1", words=words, mend="stability", label="How stable is it…"))
    words = "How stable it is: no vital sign is known."
    return _all(known, Missing(item="I1", words=words, mend="vital", label="Vital signs…"))


def _grounds(handoff: Handoff) -> Found:
    illness = handoff.illness
    if illness.stability not in WORD_OF_THE_SIGNS:
        return Found(0.0)
    told = Missing(
        item="I2",
        words=f"Why it is called {illness.stability}, against what the signs say.",
        mend="stability",
        label="How stable is it…",
    )
    return _all(not illness.overridden_by or bool(illness.reason.strip()), told)


def _fresh(handoff: Handoff) -> Found:
    """Whether somebody has looked within the interval; whoever found nothing to measure has looked."""
    interval = interval_of(handoff.illness.severity)
    looks = [handoff.illness.read_at]
    if attested(handoff, Nothing.VITALS):
        looks.append(handoff.attested[Nothing.VITALS].at)
    last = max((at for at in looks if at), default=None)
    words = f"A reading of the vital signs from the last {written_span(interval)}."
    fresh = last is not None and handoff.asked.compiled_at - last <= interval
    return _all(fresh, Missing(item="I3", words=words, mend="vital", label="Vital signs…"))


def _summary(handoff: Handoff) -> Found:
    words = "A title: what is wrong, in one line."
    present = 1 <= len(handoff.patient.title.strip()) <= SUMMARY
    return _all(present, Missing(item="P1", words=words, mend="log", label="Log…"))


def _beginning(handoff: Handoff) -> Found:
    patient = handoff.patient
    missing = []
    if patient.onset is None:
        words = "Since when it has been so: nobody has said when it began."
        missing.append(Missing(item="P2", words=words, mend="onset", label="Since when…"))
    if patient.detected_at is None:
        words = "When it was noticed."
        missing.append(Missing(item="P2", words=words, mend="onset", label="Since when…"))
    if not patient.impact.strip():
        words = "Who or what suffers from it, and how much."
        missing.append(Missing(item="P2", words=words, mend="impact", label="Impact…"))
    return _share(3, missing)


def _events(handoff: Handoff) -> Found:
    present = bool(handoff.patient.events or handoff.patient.left_out) or attested(handoff, Nothing.EVENTS)
    words = "What has happened since the last handoff: nothing was logged."
    return _all(present, Missing(item="P3", words=words, mend="attest:events", label="Nothing has changed"))


def _differential(handoff: Handoff) -> Found:
    """A third for three hypotheses, or fewer with a reason; the rest for probability, impact and status."""
    active = [each for each in handoff.patient.hypotheses if each.considered]
    enough = len(active) >= FEWEST or (bool(active) and handoff.patient.few_by is not None)
    missing = []
    if not enough:
        words = f"What else it could be: {_count(len(active))}, and at least {FEWEST} are asked for."
        missing.append(Missing(item="P4", words=words, mend="hypothesis", label="What could it be…"))
    unrated = [each for each in active if each.p is None or each.impact is None or each.status is None]
    missing += [_unrated(each) for each in unrated]
    rated = (len(active) - len(unrated)) / len(active) if active else 0.0
    return Found((2 * enough + 4 * rated) / 6, tuple(missing))


def _count(active: int) -> str:
    return {0: "no hypothesis is named", 1: "one hypothesis is named"}.get(active, f"{active} are named")


def _unrated(each: Suspected) -> Missing:
    lacks = "how bad it would be (its impact)" if each.p is not None else "how likely it is"
    words = f"Of {each.letter}, {lacks}: {each.statement}"
    return Missing(item="P4", words=words, mend=f"hypothesis:{each.letter}", label=f"{each.letter}…")


def _results(handoff: Handoff) -> Found:
    since = handoff.patient.since
    finished = [
        each
        for each in handoff.patient.tests
        if each.verdict
        and (each.found_at is None or not handoff.patient.handed_over_before or each.found_at > since)
    ]
    vague = [each for each in finished if not each.direction and handoff.patient.hypotheses]
    return _share(len(finished), map(_vague, vague))


def _vague(each: Tested) -> Missing:
    words = f"What the result of {each.name} speaks for or against: {each.question}"
    return Missing(item="P5", words=words, mend=f"expects:{each.name}", label=f"{each.name} expects…")


def _interventions(handoff: Handoff) -> Found:
    now, since = handoff.asked.compiled_at, handoff.patient.since
    recent = [
        each
        for each in handoff.patient.interventions
        if not handoff.patient.handed_over_before
        or each.started_at > since
        or each.ended_at is None
        or each.ended_at > since
    ]
    return _share(len(recent), (_open_end(each) for each in recent if not _told(each, now)))


def _told(each: Tried, now: datetime) -> bool:
    """Whether its outcome is told, or still to come within its window, and whether it is still in place."""
    return (each.outcome is not None or each.until > now) and each.revert_state is not None


def _open_end(each: Tried) -> Missing:
    words = f"What became of {each.name}, whose time is over: {each.text}"
    first = each.bundled_with or each.name
    return Missing(item="P6", words=words, mend="log:outcome", label=f"Outcome of {first}…")


def _any_action(handoff: Handoff) -> Found:
    missing = Missing(
        item="A1",
        words=_NO_ACTION,
        mend="todo",
        label="To do…",
    )
    return _all(bool(handoff.actions.open) or attested(handoff, Nothing.ACTIONS), missing)


def _of_actions(
    handoff: Handoff, item: str, lacking: Sequence[ToDo], mend: Callable[[ToDo], Missing]
) -> Found:
    """A share of the open actions; where there are none, all of it only if somebody has said so."""
    if not handoff.actions.open and not attested(handoff, Nothing.ACTIONS):
        return Found(
            0.0, (Missing(item=item, words=_NO_ACTION, mend="attest:actions", label="Nothing to do"),)
        )
    return _share(len(handoff.actions.open), map(mend, lacking))


def _owners(handoff: Handoff) -> Found:
    unowned = [each for each in handoff.actions.open if not each.owner]
    return _of_actions(handoff, "A2", unowned, _unowned)


def _unowned(each: ToDo) -> Missing:
    words = f"Who does {each.name}: {each.text}"
    return Missing(item="A2", words=words, mend=f"todo:{each.name}", label=f"Who does {each.name}…")


def _dues(handoff: Handoff) -> Found:
    now, until = handoff.asked.compiled_at, handoff.actions.until
    undated = [
        each
        for each in handoff.actions.open
        if each.due is None or each.due < now or (until is not None and each.due > until)
    ]
    return _of_actions(handoff, "A3", undated, lambda each: _undated(each, now))


def _undated(each: ToDo, now: datetime) -> Missing:
    why = "by when it is to be done"
    if each.due is not None:
        why = "a time in the next shift" if each.due >= now else "a new time, for the old one is past"
    words = f"For {each.name}, {why}: {each.text}"
    return Missing(item="A3", words=words, mend=f"todo:{each.name}", label=f"{each.name} is due…")


def _expected(handoff: Handoff) -> Found:
    running = [each for each in handoff.patient.tests if each.running]
    return _share(len(running), (_unexpected(each) for each in running if each.due is None))


def _unexpected(each: Tested) -> Missing:
    words = f"When the result of {each.name} is due: {each.question}"
    return Missing(item="A4", words=words, mend=f"result:{each.name}", label=f"{each.name} result…")


def _abnormal(handoff: Handoff) -> Found:
    """The share of bad signs that are named with a value; no reading at all is no good news."""
    awareness = handoff.awareness
    if not awareness.takings and not awareness.abnormal:
        since = " since the last handoff" if handoff.patient.handed_over_before else ""
        words = f"How the vital signs are: nobody has read any{since}, nor said that none can be measured."
        mend = Missing(item="S1", words=words, mend="vital", label="Vital signs…")
        none = Missing(item="S1", words=words, mend="attest:vitals", label="None can be measured")
        return _all(attested(handoff, Nothing.VITALS), mend, none)
    unnamed = [each for each in awareness.abnormal if not all(one.value.strip() for one in each.readings)]
    unnamed += [each for each in awareness.abnormal if not each.readings]
    missing = (
        Missing(item="S1", words=f"What {each.name} was.", mend="vital", label="Vital signs…")
        for each in unnamed
    )
    return _share(len(awareness.abnormal), missing)


def _ready(handoff: Handoff) -> Found:
    """The share of what leads and what must not be missed for which somebody has said what to do if."""
    wanted = list(_to_be_ready_for(handoff))
    if not wanted:
        words = "What it could be: without a hypothesis nobody can say what to do if it gets worse."
        return Found(0.0, (Missing(item="S2", words=words, mend="hypothesis", label="What could it be…"),))
    standing = [each for each in handoff.awareness.contingencies if each.holds and each.well_formed]
    covered = {letter for each in standing for letter in each.about}
    return _share(len(wanted), (_unready(each) for each in wanted if each.letter not in covered))


def _to_be_ready_for(handoff: Handoff) -> Iterator[Suspected]:
    """The likeliest hypothesis, and those that must not be missed and are not ruled out."""
    leading = handoff.patient.leading
    for each in handoff.patient.hypotheses:
        if each.considered and (each == leading or each.must_not_miss):
            yield each


def _unready(each: Suspected) -> Missing:
    words = f"If {each.letter} is true, what shows it and what is done then: {each.statement}"
    return Missing(item="S2", words=words, mend=f"if:{each.letter}", label=f"If {each.letter}…")


def _mitigations(handoff: Handoff) -> Found:
    active = handoff.awareness.mitigations
    loose = [
        each
        for each in active
        if each.review_at is None or not (each.irreversible or (each.revert or "").strip())
    ]
    missing = (
        Missing(
            item="S3",
            words=f"How {each.name} is taken back: {each.text}",
            mend=f"revert:{each.name}",
            label=f"Revert of {each.name}…",
        )
        for each in loose
    )
    return _share(len(active), missing)


ITEMS = (
    DocumentItem("I1", 5, _label),
    DocumentItem("I2", 5, _grounds),
    DocumentItem("I3", 5, _fresh),
    DocumentItem("P1", 3, _summary),
    DocumentItem("P2", 4, _beginning),
    DocumentItem("P3", 3, _events),
    DocumentItem("P4", 6, _differential),
    DocumentItem("P5", 5, _results),
    DocumentItem("P6", 4, _interventions),
    DocumentItem("A1", 3, _any_action),
    DocumentItem("A2", 6, _owners),
    DocumentItem("A3", 6, _dues),
    DocumentItem("A4", 5, _expected),
    DocumentItem("S1", 8, _abnormal),
    DocumentItem("S2", 10, _ready),
    DocumentItem("S3", 7, _mitigations),
)
