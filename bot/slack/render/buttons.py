"""Buttons that appear in more than one place: what they say, what they do, and what a screen reader reads."""

from collections.abc import Iterator, Sequence

from bot.domain.diagnosis.differential import Hypothesis, unsettled
from bot.domain.diagnosis.testing import Test, Verdict, missing
from bot.domain.doing.action import Action
from bot.domain.ids import shown
from bot.domain.offer import Offer
from bot.domain.readiness.contingency import Contingency
from bot.domain.therapy.intervention import Intervention
from bot.domain.therapy.treatment import Outcome
from bot.domain.ward import Chart
from bot.domain.work.waiting import waiting
from bot.slack.render import blocks
from bot.slack.render.calls import Block

ENDINGS = (Outcome.WORKED, Outcome.FAILED, Outcome.UNCLEAR)


def value_of(chart: Chart) -> str:
    """What every button carries: the incident's number."""
    return str(chart.incident.number)


def now(chart: Chart) -> Iterator[Block]:
    """What one tap settles just now: how the running intervention ended, or the revert of a failed one."""
    active, owing = chart.workup.active, chart.workup.owing_revert
    offered: list[Offer] = []
    if active:
        offered += endings(active)
    if owing:
        offered += reverts(owing)
    yield from blocks.offers("now", offered, value_of(chart))


def endings(each: Intervention) -> list[Offer]:
    """The outcomes of a running intervention, and the question for its revert step where nobody said one."""
    name = each.name
    offered = [Offer(label=f"{name} {end.value}", does=f"ended:{name}:{end.value}") for end in ENDINGS]
    if each.revert is None and not each.irreversible:
        offered.append(Offer(label=f"Revert of {name}…", does=f"revert:{name}"))
    return offered


def reverts(each: Intervention) -> list[Offer]:
    """What ends the wait for a revert; what cannot be undone can only be answered for."""
    leave = Offer(label=f"Leave {each.name}…", does=f"leave:{each.name}")
    if each.irreversible:
        return [leave]
    return [Offer(label=f"{each.name} reverted", does=f"ended:{each.name}:{Outcome.REVERTED.value}"), leave]


def around_test(chart: Chart) -> Iterator[Block]:
    """The buttons beside the next best test."""
    advice = chart.advice
    if advice is None or not chart.workup.open_tests or not chart.workup.differential.live:
        return
    offered = []
    if advice.best:
        name = advice.best.name
        offered = [Offer(label=f"{name} result…", does=f"result:{name}")]
    elif advice.unranked:
        name = advice.unranked[0]
        offered = [expectation_of(name)]
    offered.append(Offer(label="Why this test?" if advice.best else "Why?", does="why"))
    yield from blocks.offers("next", offered, value_of(chart))


def of_hypothesis(chart: Chart, each: Hypothesis) -> list[Offer]:
    """What can be done about one hypothesis."""
    letter = each.letter
    offered = [Offer(label=f"Change {letter}…", does=f"hypothesis:{letter}")]
    if each.live:
        offered.append(Offer(label=f"Fix {letter}…", does=f"fix:{letter}"))
    if each in unsettled(chart.workup.differential):
        offered.append(Offer(label=f"Waive {letter}…", does=f"waive:{letter}"))
    return offered


def of_test(chart: Chart, each: Test) -> list[Offer]:
    """What can be done about an open test."""
    name = each.name
    known = not missing(each, chart.workup.differential)
    offered = [Offer(label=f"{name} result…", does=f"result:{name}")]
    if chart.workup.differential.live:
        caption = f"{name} expects…" if known else f"{name}: say what is expected…"
        offered.append(Offer(label=caption, does=f"expects:{name}"))
    return offered


def of_waiting(chart: Chart) -> Iterator[Block]:
    """Beside results that move nothing yet: what their tests were expected to show."""
    offered = [expectation_of(f"T{test}") for test in waiting(chart.workup)]
    yield from blocks.offers("waiting", offered, value_of(chart))


def expectation_of(test: str) -> Offer:
    """The question what each hypothesis expects of a test, by its name."""
    return Offer(label=f"{test}: what is expected…", does=f"expects:{test}")


def of_actions(chart: Chart, shown_ones: Sequence[Action]) -> Iterator[Block]:
    """Beside the actions on the card: each is done in one tap and a sentence."""
    offered = [Offer(label=f"{each.name} is done…", does=f"done:{each.name}") for each in shown_ones]
    yield from blocks.offers("actions", offered, value_of(chart))


def of_action(each: Action) -> list[Offer]:
    """What can be done about an action that is open."""
    return [
        Offer(label=f"{each.name} is done…", does=f"done:{each.name}"),
        Offer(label=f"Change {each.name}…", does=f"todo:{each.name}"),
    ]


def of_contingency(each: Contingency) -> list[Offer]:
    """What can be done about a contingency that holds."""
    return [
        Offer(label=f"{each.name} happened", does=f"happened:{each.name}"),
        Offer(label=f"Change {each.name}…", does=f"if:{each.name}"),
        Offer(label=f"{each.name} no longer holds…", does=f"if_off:{each.name}"),
    ]


def verdicts(each: Test) -> list[Offer]:
    """A result in one tap, or in words."""
    offered = [
        Offer(label=f"{each.name} {verdict.value}", does=f"found:{each.name}:{verdict.value}")
        for verdict in Verdict
    ]
    return [*offered, Offer(label=f"{each.name} result…", does=f"result:{each.name}")]


def of_chart(chart: Chart) -> Iterator[Block]:
    """The rows at the bottom of the card: the work first, then the incident itself."""
    name, value = shown(chart.incident.number), value_of(chart)
    log = blocks.button("Log…", "log", value, label=f"Log an entry for {name}", style="primary")
    more = blocks.button("Work-up…", "workup", value, label=f"Everything about {name}")
    if chart.incident.resolved_at:
        reopen = blocks.button("Reopen…", "reopen", value, label=f"Reopen {name}")
        yield blocks.actions("chart", [log, reopen, more])
        return
    yield blocks.actions("chart", [*_work(name, value), log])
    yield blocks.actions("more", [more, *_incident(name, value)])


def _work(name: str, value: str) -> Sequence[Block]:
    return (
        blocks.button("Hypothesis…", "hypothesis", value, label=f"Name what {name} could be"),
        blocks.button("Test…", "test", value, label=f"Ask for a test in {name}"),
        blocks.button("Fix…", "fix", value, label=f"Say what was done about {name}"),
    )


def _incident(name: str, value: str) -> Sequence[Block]:
    return (
        blocks.button("Severity…", "severity", value, label=f"Change the severity of {name}"),
        blocks.button("Take the lead", "lead", value, label=f"Take the lead of {name}"),
        blocks.button("Hand over…", "hand_over", value, label=f"Hand {name} over to somebody"),
        blocks.button("Resolve…", "resolve", value, label=f"Resolve {name}"),
    )
