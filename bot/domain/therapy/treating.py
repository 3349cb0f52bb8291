"""What entries mean for the treatment: plans, interventions one at a time, and their outcomes."""

from itertools import count

from bot.domain.diagnosis.differential import letter_of
from bot.domain.diagnosis.pooling import key
from bot.domain.errors import NotUnderstood, Refused
from bot.domain.offer import Offer
from bot.domain.therapy import treatment
from bot.domain.therapy.intervention import Intervention, with_bundle
from bot.domain.therapy.owing import FOR_GOOD, ways_out
from bot.domain.therapy.treatment import Outcome, Plan
from bot.domain.work.saying import Meaning, Saying, prose, short, statement_of
from bot.domain.work.steps import Ended, Planned, Started
from bot.domain.work.workup import Workup

# The newest ones that have ended, when it is asked which of them an outcome is about.
_MOST_ASKED = 4


def read_plan(saying: Saying, workup: Workup) -> Meaning:
    """A way to put it right that has not been started."""
    marked = Plan(text=statement_of(saying) or "(see its files)")
    said = treatment.read_plan(prose(saying.text)) if saying.typed else marked
    earlier = next((step for step in saying.before if isinstance(step, Planned)), None)
    if said.plan and saying.ts:
        _refuse_taken(said, saying, workup)
    step = Planned(
        plan=said.plan or (earlier.plan if earlier else _next_plan(workup)),
        text=said.text,
        target=_target(said, workup, earlier),
        expect=said.expect,
        window=said.window,
        revert=said.revert,
        costs=said.costs,
        saves=said.saves,
        irreversible=said.irreversible,
    )
    return Meaning((step,))


def _target(said: Plan, workup: Workup, earlier: Planned | Started | None) -> str | None:
    """Which hypothesis a plan or an intervention is for: the one it names, or the likeliest.

    A plan that is kept stays for what it is for, and any other letter may be that of a hypothesis. What leads
    now says nothing about what an *earlier* version was for.
    """
    if said.target is not None:
        return workup.differential.named(said.target).letter
    if earlier and said.plan in {None, earlier.plan}:
        return earlier.target
    kept = _kept(said.plan, workup)
    if kept and kept.target:
        return kept.target
    if kept is None and any(each.letter == said.plan for each in workup.differential.live):
        return said.plan
    return earlier.target if earlier else treatment.default_target(workup.differential)


def _kept(letter: str | None, workup: Workup) -> Planned | None:
    return next((plan for plan in workup.plans if plan.plan == letter), None)


def _refuse_taken(said: Plan, saying: Saying, workup: Workup) -> None:
    """A message does not replace in silence what another one planned; the form shows what it replaces."""
    kept = _kept(said.plan, workup)
    if kept is None or kept in saying.before or key(kept.text) == key(said.text):
        return
    raise NotUnderstood(
        f"Plan {kept.plan} is “{short(kept.text)}”.",
        f"`plan: {_next_plan(workup)} {short(said.text)}`, or edit the message of plan {kept.plan}",
    )


def _next_plan(workup: Workup) -> str:
    """The first letter that no plan and no intervention ever had; what comes after Z shares it."""
    letters = [letter_of(place) for place in range(26)]
    return next((letter for letter in letters if letter not in workup.plans_given), letters[-1])


def read_intervention(saying: Saying, workup: Workup) -> Meaning:
    """Something that is done now; what was done already is recorded beside what is still running."""
    earlier = next((step for step in saying.before if isinstance(step, Started)), None)
    said = treatment.read_fix(prose(saying.text)) if saying.typed else Plan(text=statement_of(saying))
    said = _as_planned(said, workup)
    if earlier is None and saying.typed and not saying.done:
        _refuse_second(saying, workup)
        _ask_twice(said, saying)
    running = workup.active
    bundled_with = earlier.bundled_with if earlier else running.name if running else None
    plan = earlier.plan if earlier else said.plan or (running.plan if running else _next_plan(workup))
    step = Started(
        name=earlier.name if earlier else _name(plan, workup),
        plan=plan,
        text=said.text,
        target=_target(said, workup, earlier),
        expect=said.expect,
        window=said.window or treatment.default_window(saying.severity),
        revert=said.revert,
        irreversible=said.irreversible,
        bundled_with=bundled_with,
    )
    return Meaning((step,))


def _as_planned(said: Plan, workup: Workup) -> Plan:
    """What a plan's letter alone stands for: the plan as it was written down."""
    planned = _kept(said.plan, workup)
    if planned is None and not said.text:
        raise NotUnderstood(f"There is no plan {said.plan}.", "`fix: what was done`")
    if planned is None or said.text:
        return said
    return Plan(
        text=planned.text,
        plan=planned.plan,
        target=planned.target,
        expect=planned.expect,
        window=planned.window,
        revert=planned.revert,
        irreversible=planned.irreversible,
    )


def _name(plan: str, workup: Workup) -> str:
    """The next name of a plan's interventions: A1, then A2."""
    return next(name for name in (f"{plan}{number}" for number in count(1)) if name not in workup.names_given)


def _refuse_second(saying: Saying, workup: Workup) -> None:
    """One at a time: a second intervention would make the outcome of both unreadable."""
    running, owing = workup.active, workup.owing_revert
    if running:
        raise Refused(
            f"{running.name} is still running ({short(running.text)}), so nobody could tell which of the "
            "two did it. What became of it?",
            (
                Offer(label=f"{running.name} worked", does=f"ended:{running.name}:worked"),
                Offer(label=f"{running.name} failed", does=f"ended:{running.name}:failed"),
                *_already_done(saying, f"Already done: bundle with {running.name}"),
            ),
        )
    if owing:
        how = f" ({short(owing.revert)})" if owing.revert else ""
        names = with_bundle(workup.interventions, owing)
        verb, it = ("is", "it") if names == owing.name else ("are", "them")
        back = f"{it[0].upper()}{it[1:]} {FOR_GOOD}" if owing.irreversible else f"Take {it} back first{how}"
        raise Refused(
            f"{names} failed and {verb} still in place, so what comes next would stand on {it}. {back}.",
            (*ways_out(workup.interventions, owing), *_already_done(saying, "Already done: log it")),
        )


def _already_done(saying: Saying, label: str) -> tuple[Offer, ...]:
    return (Offer(label=label, does=f"bundle:{saying.ts}"),) if saying.ts else ()


def _ask_twice(said: Plan, saying: Saying) -> None:
    if said.irreversible and not saying.sure:
        offers = (Offer(label="I know: log it", does=f"sure:{saying.ts}"),) if saying.ts else ()
        raise Refused(f"“{short(said.text)}” cannot be undone. Is it meant so?", offers)


def read_outcome(saying: Saying, workup: Workup) -> Meaning:
    """What became of an intervention."""
    said = treatment.read_outcome(prose(saying.text))
    earlier = next((step.name for step in saying.before if isinstance(step, Ended)), None)
    about = _which(said, workup, earlier)
    if about is None:
        return _ask_which(said.outcome, workup)
    if said.outcome is not None:
        return Meaning((Ended(name=about.name, outcome=said.outcome, words=said.words),))
    if not about.active and about.name != earlier:
        return Meaning()
    offers = tuple(
        Offer(label=f"{about.name} {outcome.value}", does=f"ended:{about.name}:{outcome.value}")
        for outcome in (Outcome.WORKED, Outcome.FAILED, Outcome.UNCLEAR)
    )
    return Meaning((), f"That is logged. Did {about.name} work?", offers)


def _which(said: treatment.Ended, workup: Workup, earlier: str | None) -> Intervention | None:
    """Which intervention an outcome is about: the one it names, that is running, or that is to be reverted.

    An edited outcome stays with the one that its *earlier* version was about. None where that is not clear.
    """
    if said.intervention is not None:
        found = workup.intervention(said.intervention)
        if found is None:
            names = ", ".join(each.name for each in workup.interventions) or "`fix: what was done` first"
            raise NotUnderstood(f"There is no intervention {said.intervention}.", names)
        return found
    if earlier is not None:
        return workup.intervention(earlier)
    owing, running = workup.owing_revert, workup.active
    return owing or running if said.outcome is Outcome.REVERTED else running or owing


def _ask_which(outcome: Outcome | None, workup: Workup) -> Meaning:
    """Nothing is running, so an outcome without a name would change what is over already."""
    over = [each for each in workup.interventions if each.bundled_with is None]
    if outcome is None or not over:
        return Meaning()
    offers = tuple(
        Offer(label=f"{each.name} {outcome.value}", does=f"ended:{each.name}:{outcome.value}")
        for each in reversed(over[-_MOST_ASKED:])
    )
    return Meaning((), "That is logged, but nothing is running. Which one is it about?", offers)
