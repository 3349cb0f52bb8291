"""Who has a part in a workup, so that all of them can be shown by name."""

from bot.domain.heard import mentioned
from bot.domain.readiness import judging as readiness
from bot.domain.work.workup import Workup


def people_in(workup: Workup) -> set[str]:
    """Everybody whom the workup may have to name."""
    owners = {test.owner for test in workup.tests if test.owner} | {each.owner for each in workup.actions}
    authors = {each.author for each in workup.differential.hypotheses}
    arguing = {said.by for each in workup.evidence.values() for said in each}
    texts = " ".join(
        [
            *(each.statement for each in workup.differential.hypotheses),
            *(test.question for test in workup.tests),
            *(each.text for each in workup.interventions),
            *(plan.text for plan in workup.plans),
            *(f"{each.text} {each.words}" for each in workup.actions),
            *readiness.texts(workup),
        ]
    )
    acting = {each.by for each in workup.interventions} | {each.by for each in workup.history}
    answering = {each.revert_waived_by for each in workup.interventions if each.revert_waived_by}
    answering |= {each.waived_by for each in workup.differential.hypotheses if each.waived_by}
    answering |= {each.done_by for each in workup.actions if each.done_by}
    answering |= readiness.people(workup)
    return owners | authors | arguing | acting | answering | {*mentioned(texts)}
