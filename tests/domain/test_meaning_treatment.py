"""What entries mean for the treatment: one at a time, refusals with their way out, edits, outcomes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.chart import Kind
from bot.domain.errors import NotUnderstood, Refused
from bot.domain.incident import Severity
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.saying import Meaning
from bot.domain.work.steps import Ended, Planned, RevertWaived, Started
from tests.domain.table import Table, said, table

TWO = "dx: bad batch 60%\nleak 20% impact 5"
FIX = "fix: rolled back to 3f2a; revert: redeploy 9c1d"


def the_start(found: Meaning) -> Started:
    step = found.steps[0]
    assert isinstance(step, Started)
    return step


def the_plan(found: Meaning) -> Planned:
    step = found.steps[0]
    assert isinstance(step, Planned)
    return step


def test_a_few_words_are_enough_for_an_intervention() -> None:
    assert table(TWO).says("fix: rolled back").steps == (
        Started(name="A1", plan="A", text="rolled back", target="A", window=timedelta(minutes=30)),
    )


def test_an_intervention_says_all_that_it_can() -> None:
    line = "fix: B pin it; for B; expect loss finite within 5m; revert: unpin it"
    step = the_start(table(TWO).says(line))

    assert (step.name, step.target, step.expect) == ("B1", "B", "loss finite")
    assert (step.window, step.revert) == (timedelta(minutes=5), "unpin it")


@pytest.mark.parametrize(
    ("severity", "window"), [(Severity.SEV1, timedelta(minutes=15)), (Severity.SEV5, timedelta(days=1))]
)
def test_the_window_follows_the_severity_where_nobody_says(severity: Severity, window: timedelta) -> None:
    saying = replace(said("rolled back", Kind.INTERVENTION), severity=severity)

    assert the_start(Table().hears(saying)).window == window


def test_an_intervention_without_hypotheses_is_for_none() -> None:
    assert the_start(table().says("fix: rolled back")).target is None


@pytest.mark.parametrize("line", ["fix: rolled back; for Q", "plan: roll back; for Q"])
def test_a_target_that_nobody_named_is_refused_with_those_there_are(line: str) -> None:
    with pytest.raises(NotUnderstood, match=r"There is no hypothesis Q\.\nTry: A, B"):
        table(TWO).says(line)


def test_a_plan_is_started_by_its_letter_with_all_that_it_says() -> None:
    found = table(TWO, "plan: pin it; for B; expect loss finite within 5m; revert: unpin it; costs 10m")
    step = the_start(found.says("fix: A"))

    assert step == Started(
        name="A1",
        plan="A",
        text="pin it",
        target="B",
        expect="loss finite",
        window=timedelta(minutes=5),
        revert="unpin it",
    )


def test_a_plan_that_nobody_made_is_not_started() -> None:
    with pytest.raises(NotUnderstood, match=r"There is no plan C\."):
        table(TWO).says("fix: C")


def test_plans_take_letters_in_turn() -> None:
    found = table(TWO, "plan: pin it", "plan: wait", "plan: D look")

    assert [(plan.plan, plan.text) for plan in found.workup.plans] == [
        ("A", "pin it"),
        ("B", "wait"),
        ("D", "look"),
    ]


def test_a_message_does_not_replace_the_plan_of_another() -> None:
    found = table(TWO, "plan: pin it", "plan: wait")

    with pytest.raises(
        NotUnderstood, match=r"Plan A is “pin it”\.\nTry: `plan: C unpin it`, or edit the message of plan A"
    ):
        found.says("plan: A unpin it")
    assert found.edits(2, "A unpin it; costs 5m").ask == ""
    assert [plan.text for plan in found.workup.plans] == ["unpin it", "wait"]


def test_a_plan_that_is_said_again_may_say_more_and_stays_for_what_it_is_for() -> None:
    found = table(TWO, "plan: pin it; for B", "plan: A Pin  it.; costs 5m")

    (plan,) = found.workup.plans
    assert (plan.target, plan.costs) == ("B", timedelta(minutes=5))


def test_the_form_replaces_a_plan_because_it_shows_what_it_replaces() -> None:
    found = table(TWO, "plan: pin it")
    found.hears(replace(said("A unpin it", Kind.PLAN, minute=9), ts=None))

    assert [plan.text for plan in found.workup.plans] == ["unpin it"]


def test_a_message_that_was_not_written_for_us_replaces_nothing() -> None:
    found = table(TWO, "plan: restart it")
    found.hears(replace(said("A restart everything", Kind.PLAN, minute=9), typed=False))

    assert [(plan.plan, plan.text) for plan in found.workup.plans] == [
        ("A", "restart it"),
        ("B", "A restart everything"),
    ]


@pytest.mark.parametrize(
    ("line", "target"), [("B restart it", "B"), ("B restart it; for A", "A"), ("C x", "A")]
)
def test_a_letter_that_is_no_plan_but_a_hypothesis_says_what_it_is_for(line: str, target: str) -> None:
    plan, start = the_plan(table(TWO).says(f"plan: {line}")), the_start(table(TWO).says(f"fix: {line}"))

    assert (plan.plan, plan.target) == (line[0], target)
    assert (start.name, start.target) == (f"{line[0]}1", target)


def test_the_letter_of_a_plan_that_is_kept_is_no_hypothesis() -> None:
    found = table(TWO, "plan: A wait", "plan: B pin it; for A")

    assert the_start(found.says("fix: B pin it at once")).target == "A"


def test_the_letter_of_what_was_ruled_out_says_nothing_of_a_target() -> None:
    found = table("dx: bad batch 60%\nleak 20%", "dx: B ruled out")

    assert the_start(found.says("fix: B restart it")).target == "A"


def test_an_edit_that_adds_a_letter_says_what_it_is_for() -> None:
    found = table(TWO, "fix: restarted it")
    found.edits(2, "B restarted it")

    assert [(each.name, each.target) for each in found.workup.interventions] == [("A1", "B")]


def test_the_second_try_of_a_plan_has_the_next_name() -> None:
    found = table(TWO, "fix: A rolled back", "outcome: A1 worked", "fix: A rolled back further")

    assert [each.name for each in found.workup.interventions] == ["A1", "A2"]


def test_what_comes_after_the_plan_z_has_a_name_that_can_be_typed() -> None:
    found = Table()
    for number in range(28):
        found.says(f"fix: idea {number}")
        found.says("outcome: worked")

    assert [each.name for each in found.workup.interventions][-3:] == ["Z1", "Z2", "Z3"]
    assert found.says("outcome: Z3 failed").steps == (Ended(name="Z3", outcome=Outcome.FAILED),)


def test_a_second_one_is_refused_with_the_ways_out() -> None:
    found = table(TWO, FIX)

    with pytest.raises(Refused, match=r"A1 is still running \(rolled back to 3f2a\)") as refusal:
        found.says("fix: lowered the rate")
    ts = said("", minute=3).ts
    assert [(offer.label, offer.does) for offer in refusal.value.offers] == [
        ("A1 worked", "ended:A1:worked"),
        ("A1 failed", "ended:A1:failed"),
        ("Already done: bundle with A1", f"bundle:{ts}"),
    ]


def test_a_modal_has_no_message_that_could_be_bundled() -> None:
    with pytest.raises(Refused) as refusal:
        table(TWO, FIX).hears(replace(said("lowered it", Kind.INTERVENTION, minute=9), ts=None))

    assert [offer.does for offer in refusal.value.offers] == ["ended:A1:worked", "ended:A1:failed"]


def test_nothing_is_started_while_a_failed_one_is_in_place() -> None:
    found = table(TWO, FIX, "outcome: failed")

    with pytest.raises(
        Refused, match=r"A1 failed and is still in place.* first \(redeploy 9c1d\)"
    ) as refusal:
        found.says("fix: lowered the rate")
    assert [offer.label for offer in refusal.value.offers] == [
        "A1 is reverted",
        "Leave A1 in place…",
        "Already done: log it",
    ]
    found.taps(RevertWaived(name="A1", reason="harmless"))
    assert the_start(found.says("fix: lowered the rate")).name == "B1"


def test_after_the_revert_the_next_one_may_start() -> None:
    found = table(TWO, FIX, "outcome: failed", "outcome: reverted", "fix: lowered the rate")

    assert [each.name for each in found.workup.interventions] == ["A1", "B1"]


@pytest.mark.parametrize(("typed", "insists"), [(True, True), (False, False)])
def test_what_has_happened_already_is_always_recorded(*, typed: bool, insists: bool) -> None:
    saying = said("restarted it; irreversible", Kind.INTERVENTION, minute=9)
    done = replace(saying, typed=typed, done=insists)

    running, owing = table(TWO, FIX), table(TWO, FIX, "outcome: failed")
    assert the_start(running.hears(done)).bundled_with == "A1"
    assert the_start(owing.hears(done)).bundled_with is None
    assert the_start(table(TWO).hears(done)).name == "A1"


def test_a_bundle_that_failed_is_taken_back_as_one() -> None:
    found = table(TWO, FIX)
    found.hears(replace(said("restarted it", Kind.INTERVENTION, minute=3), done=True))
    found.says("outcome: A1 failed")

    with pytest.raises(Refused, match="A1 and A2 failed and are still in place") as refusal:
        found.says("fix: lowered the rate")
    assert refusal.value.offers[0].label == "A1 and A2 are reverted"
    found.says("outcome: reverted")
    assert found.workup.owing_revert is None


def test_what_cannot_be_undone_asks_twice() -> None:
    drop = replace(said("drop the table; irreversible", Kind.INTERVENTION, minute=2), sure=False)

    with pytest.raises(Refused, match="“drop the table” cannot be undone") as refusal:
        table(TWO).hears(drop)
    assert [offer.does for offer in refusal.value.offers] == [f"sure:{drop.ts}"]
    assert the_start(table(TWO).hears(replace(drop, sure=True))).irreversible
    with pytest.raises(Refused) as of_modal:
        table(TWO).hears(replace(drop, ts=None))
    assert of_modal.value.offers == ()


def test_an_edited_intervention_keeps_its_name_and_does_not_refuse_itself() -> None:
    found = table(TWO, "fix: rolled bakc")
    found.edits(2, "rolled back; revert: redeploy")

    active = found.workup.active
    assert active is not None
    assert (active.name, active.text, active.revert) == ("A1", "rolled back", "redeploy")


def test_an_edited_intervention_stays_for_what_it_was_for() -> None:
    found = table("dx: bad batch 60%\nleak 30%", "fix: rolled bakc", "outcome: failed")
    assert found.workup.differential.p("B") > found.workup.differential.p("A")
    before = found.workup.differential
    found.edits(2, "rolled back")

    assert found.workup.interventions[0].target == "A"
    assert found.workup.differential == before
    found.edits(2, "rolled back; for B")
    assert found.workup.interventions[0].target == "B"


def test_an_edited_one_of_a_bundle_stays_in_it() -> None:
    found = table(TWO, FIX)
    found.hears(replace(said("restarted it", Kind.INTERVENTION, minute=3), done=True))
    found.edits(3, "restarted the loader")
    found.edits(2, "rolled back")

    assert [(each.name, each.bundled_with) for each in found.workup.interventions] == [
        ("A1", None),
        ("A2", "A1"),
    ]


def test_an_edited_plan_keeps_its_letter_and_its_target() -> None:
    found = table("dx: bad batch 60%\nleak 30%", "plan: pin it", "plan: wait", "dx: B 80%")
    found.edits(2, "pin datasets")

    assert [(plan.plan, plan.text, plan.target) for plan in found.workup.plans] == [
        ("A", "pin datasets", "A"),
        ("B", "wait", "A"),
    ]


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("outcome: A1 failed still NaN", Ended(name="A1", outcome=Outcome.FAILED, words="still NaN")),
        ("outcome: worked", Ended(name="A1", outcome=Outcome.WORKED)),
        ("outcome: A1 reverted", Ended(name="A1", outcome=Outcome.REVERTED)),
        ("outcome: unclear", Ended(name="A1", outcome=Outcome.UNCLEAR)),
    ],
)
def test_an_outcome_is_about_the_one_it_names_or_the_one_that_runs(line: str, step: Ended) -> None:
    assert table(TWO, FIX).says(line) == Meaning((step,))


def test_an_outcome_without_a_name_is_asked_about_where_nothing_runs() -> None:
    found = table(TWO, FIX, "outcome: failed", "outcome: reverted", "fix: restarted it", "outcome: worked")
    heard = found.says("outcome: failed after all")

    assert (heard.steps, heard.ask) == (
        (),
        "That is logged, but nothing is running. Which one is it about?",
    )
    assert [(offer.label, offer.does) for offer in heard.offers] == [
        ("B1 failed", "ended:B1:failed"),
        ("A1 failed", "ended:A1:failed"),
    ]


def test_an_outcome_without_a_name_is_about_what_is_still_to_be_taken_back() -> None:
    found = table(TWO, FIX, "outcome: failed")

    assert found.says("outcome: worked after all").steps == (
        Ended(name="A1", outcome=Outcome.WORKED, words="after all"),
    )


def test_what_is_asked_about_is_one_of_the_last_four() -> None:
    found = table(TWO)
    for number in range(5):
        found.says(f"fix: idea {number}")
        found.says("outcome: worked")

    assert [offer.label for offer in found.says("outcome: reverted").offers] == [
        "E1 reverted",
        "D1 reverted",
        "C1 reverted",
        "B1 reverted",
    ]


def test_a_revert_is_of_what_failed_even_while_another_runs() -> None:
    found = table(TWO, FIX, "outcome: failed")
    found.hears(replace(said("restarted it", Kind.INTERVENTION, minute=4), done=True))

    assert found.says("outcome: reverted").steps == (Ended(name="A1", outcome=Outcome.REVERTED),)


def test_an_outcome_of_nothing_stays_in_the_chart_alone() -> None:
    assert table(TWO).says("outcome: worked") == Meaning()


def test_an_outcome_of_what_nobody_did_is_refused_with_what_there_is() -> None:
    with pytest.raises(NotUnderstood, match=r"There is no intervention C7\.\nTry: A1"):
        table(TWO, FIX).says("outcome: C7 worked")
    with pytest.raises(NotUnderstood, match="fix: what was done"):
        table(TWO).says("outcome: C7 worked")


def test_words_without_an_outcome_are_asked_about() -> None:
    found = table(TWO, FIX).says("outcome: loss is finite again")

    assert (found.steps, found.ask) == ((), "That is logged. Did A1 work?")
    assert [offer.does for offer in found.offers] == [
        "ended:A1:worked",
        "ended:A1:failed",
        "ended:A1:unclear",
    ]
    assert table(TWO, FIX, "outcome: worked").says("outcome: loss is finite") == Meaning()


def test_an_edited_outcome_stays_with_its_intervention() -> None:
    found = table(TWO, FIX, "outcome: failed", "outcome: reverted", "fix: lowered the rate")
    found.edits(3, "worked after all")

    assert [(each.name, each.outcome) for each in found.workup.interventions] == [
        ("A1", Outcome.WORKED),
        ("B1", None),
    ]


def test_an_outcome_that_is_edited_into_mere_words_is_asked_about() -> None:
    found = table(TWO, FIX, "outcome: failed")

    assert found.edits(3, "no idea").ask == "That is logged. Did A1 work?"
    assert found.workup.active is not None
