"""The read-back: what the receiver picks from mixed lists, how well that agrees, and what does not.

The wrong options are rows of the same incident: what was excluded, done or revoked, and what others are to
do; nothing is made up. They are drawn and mixed by a hash, so that the same document always asks the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.domain.handoff.document import Handoff, IfThen, Status
from bot.domain.handoff.read_back import Picked
from bot.domain.incident import Severity

# Slack shows ten boxes at most; so many of them may be right, or none would be left for what is wrong.
OPTIONS, RIGHT = 10, 7
WRONG = 3
ARROW = " → "
_ONE = frozenset({"severity", "leading"})


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may be picked; *why* says of a wrong one what it is, and of a right one its name."""

    id: str
    text: str
    right: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """What is asked: one severity, one hypothesis, any actions and contingencies; or nothing of a kind."""

    severity: tuple[Option, ...] = ()
    leading: tuple[Option, ...] = ()
    actions: tuple[Option, ...] = ()
    contingencies: tuple[Option, ...] = ()


def quiz(handoff: Handoff, *, short: bool = False) -> Quiz:
    """What the receiver is asked; in *short*, for what is stable and not grave, only what is theirs to do."""
    seed = f"{handoff.patient.number}:{handoff.asked.receiver}"
    actions = _mixed(seed, _actions(handoff), _other_actions(handoff), _no_actions(handoff))
    if short:
        return Quiz(actions=actions)
    return Quiz(
        severity=_severities(handoff),
        leading=_mixed(seed, _leading(handoff), _other_hypotheses(handoff)),
        actions=actions,
        contingencies=_contingency_options(seed, handoff),
    )


def _contingency_options(seed: str, handoff: Handoff) -> tuple[Option, ...]:
    patient = handoff.patient
    return _mixed(
        seed,
        _contingencies(handoff),
        _idle_contingencies(handoff),
        _crossed_contingencies(handoff, ((each.name, each.then) for each in _standing(handoff))),
        _crossed_contingencies(handoff, ((each.name, each.text) for each in handoff.actions.open)),
        _crossed_contingencies(handoff, ((f"plan {each.plan}", each.text) for each in patient.plans)),
        _crossed_contingencies(handoff, ((each.name, each.text) for each in patient.interventions)),
    )


def _severities(handoff: Handoff) -> tuple[Option, ...]:
    real = handoff.illness.severity
    why = f"it is SEV{real}"
    return tuple(Option(f"SEV{each}", f"SEV{each}", each == real, why) for each in Severity)


def _leading(handoff: Handoff) -> Iterator[Option]:
    leading = handoff.patient.leading
    if leading:
        yield Option(leading.letter, leading.statement, right=True, why=leading.letter)


def _other_hypotheses(handoff: Handoff) -> Iterator[Option]:
    leading = handoff.patient.leading
    why = f"the likeliest is {leading.letter}, {leading.statement}" if leading else ""
    for each in handoff.patient.hypotheses if leading else ():
        if each != leading:
            gone = f"it was ruled out by {each.by}; " if each.status is Status.EXCLUDED and each.by else ""
            yield Option(each.letter, each.statement, right=False, why=f"{gone}{why}")


def _actions(handoff: Handoff) -> Iterator[Option]:
    for each in handoff.mine:
        yield Option(each.name, each.text, right=True, why=each.name)


def _other_actions(handoff: Handoff) -> Iterator[Option]:
    """What is done, and what others are to do."""
    mine = {each.name for each in handoff.mine}
    for each in handoff.actions.open:
        if each.name not in mine:
            whose = f"@{each.owner}'s" if each.owner else "nobody's"
            yield Option(each.name, each.text, right=False, why=f"{each.name} is {whose}")
    for done in handoff.actions.done:
        yield Option(done.name, done.text, right=False, why=f"{done.name} is done")


def _no_actions(handoff: Handoff) -> Iterator[Option]:
    """What reads like an action and is none: finished tests, and plans that wait."""
    for test in handoff.patient.tests:
        if not test.running:
            yield Option(
                test.name, test.question, right=False, why=f"that was {test.name}, and it is finished"
            )
    for plan in handoff.patient.plans:
        yield Option(f"plan {plan.plan}", plan.text, right=False, why=f"plan {plan.plan} was not started")


def _contingencies(handoff: Handoff) -> Iterator[Option]:
    for each in _standing(handoff):
        yield Option(each.name, _if_then(each.when, each.then), right=True, why=each.name)


def _standing(handoff: Handoff) -> list[IfThen]:
    """The contingencies one is to act by: those that belong only to what was excluded are idle."""
    gone = {each.letter for each in handoff.patient.hypotheses if not each.considered}
    every = handoff.awareness.contingencies
    return [each for each in every if each.holds and not (each.about and gone.issuperset(each.about))]


def _if_then(when: str, then: str) -> str:
    return f"{when}{ARROW}{then}"


def _idle_contingencies(handoff: Handoff) -> Iterator[Option]:
    standing = _standing(handoff)
    for each in handoff.awareness.contingencies:
        if each not in standing:
            why = "is revoked" if not each.holds else "belongs to what was ruled out"
            yield Option(each.name, _if_then(each.when, each.then), right=False, why=f"{each.name} {why}")


def _crossed_contingencies(handoff: Handoff, ends: Iterable[tuple[str, str]]) -> Iterator[Option]:
    """The right conditions with what other rows say is to be done."""
    others = list(ends)
    for each in _standing(handoff):
        for name, then in others:
            if name != each.name:
                why = f"{each.name} says: {each.then}"
                yield Option(f"{each.name}-{name}", _if_then(each.when, then), right=False, why=why)


def _mixed(seed: str, right: Iterable[Option], *wrong: Iterable[Option]) -> tuple[Option, ...]:
    """The right options among wrong ones, the first of those before the next, in an order that tells nothing.

    Nothing that reads alike is in it twice.
    """
    told: dict[str, Option] = {}
    for each in list(right)[:RIGHT]:
        told.setdefault(_alike(each.text), each)
    most = min(OPTIONS, len(told) + max(WRONG, len(told)))
    for kind in wrong:
        for each in _shuffled(seed, [one for one in kind if one.text.strip()]):
            if len(told) < most:
                told.setdefault(_alike(each.text), each)
    return tuple(_shuffled(f"{seed}:order", list(told.values())))


def _alike(text: str) -> str:
    return " ".join(text.casefold().split())


def _shuffled(seed: str, options: Sequence[Option]) -> list[Option]:
    return sorted(options, key=lambda each: sha256(f"{seed}:{each.id}:{each.text}".encode()).hexdigest())


def f1(asked: Quiz, picked: Picked) -> float:
    """How well what was picked agrees, from 0 to 1; of nothing to pick, nothing picked is all of it."""
    truth, said = _truth(asked), _said(asked, picked)
    if not truth and not said:
        return 1.0
    return 2 * len(truth & said) / (len(truth) + len(said))


def _truth(asked: Quiz) -> set[tuple[str, str]]:
    return {(kind, each.id) for kind, options in _kinds(asked) for each in options if each.right}


def _said(asked: Quiz, picked: Picked) -> set[tuple[str, str]]:
    """What was picked of what is asked."""
    said = {
        "severity": {picked.severity} - {None},
        "leading": {picked.leading} - {None},
        "action": picked.actions,
        "contingency": picked.contingencies,
    }
    return {(kind, str(each)) for kind, options in _kinds(asked) if options for each in said[kind]}


def _kinds(asked: Quiz) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    return (
        ("severity", asked.severity),
        ("leading", asked.leading),
        ("action", asked.actions),
        ("contingency", asked.contingencies),
    )


def differences(asked: Quiz, picked: Picked) -> tuple[str, ...]:
    """What does not agree, in words; people stand in them as "@U0BEN"."""
    said = _said(asked, picked)
    found = [words for kind, options in _kinds(asked) for words in _of_kind(kind, options, said)]
    known = {(kind, each.id) for kind, options in _kinds(asked) for each in options}
    found += [f"{each} is not in the handoff any more." for kind, each in sorted(said - known)]
    return tuple(found)


def _of_kind(kind: str, options: Sequence[Option], said: set[tuple[str, str]]) -> Iterator[str]:
    wrong = [each for each in options if (kind, each.id) in said and not each.right]
    for each in wrong:
        yield f"“{each.text}”: {each.why}."
    # Where one is picked of several, the wrong one has told already which is right.
    for each in () if wrong and kind in _ONE else options:
        if each.right and (kind, each.id) not in said:
            yield _left_out(kind, each)


def _left_out(kind: str, each: Option) -> str:
    return {
        "severity": f"How bad it is: {each.why}.",
        "leading": f"What it probably is: {each.why}, {each.text}.",
        "action": f"{each.why} is yours: {each.text}",
        "contingency": f"{each.why} holds: if {each.text}",
    }[kind]
