"""What entries mean for the vital signs: readings, what they add, and what is missing to score them."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.errors import NotUnderstood
from bot.domain.readiness.judging import rejudged
from bot.domain.readiness.said import Nothing
from bot.domain.readiness.telling import read_nothing
from bot.domain.signs.stability import Taken, Taking, with_taking
from bot.domain.signs.vital_grammar import read, written
from bot.domain.signs.vitals import MEASURES, Reading
from bot.domain.work.saying import Meaning, Saying, prose
from bot.domain.work.steps import Measured, Recorded
from bot.domain.work.workup import Workup

SHOWN = 3


def read_vitals(saying: Saying, workup: Workup) -> Meaning:
    """What was read of the signs; a message that was not written for us may say nothing of them.

    Raises:
        NotUnderstood: It was, and says nothing of them, or of one in a way that nobody understands.
    """
    nothing = read_nothing(Nothing.VITALS, saying)
    if nothing:
        return nothing
    try:
        readings = read(prose(saying.text))
    except NotUnderstood:
        if saying.typed:
            raise
        return Meaning()
    step = Measured(readings=tuple(readings))
    recorded = Recorded(seq=0, step=step, by=saying.by, at=saying.at)
    last = measured(workup, step, recorded, None).vitals.series[-1]
    return Meaning((step,), _wanted([each.reading for each in last.taken if each.lacking]))


def _wanted(unscored: Sequence[Reading]) -> str:
    """Ask what the readings are to be compared with that say nothing by themselves."""
    if not unscored:
        return ""
    said = ", ".join(f"`{written([each])}`" for each in unscored[:SHOWN])
    examples = ", ".join(f"`{MEASURES[each.name].example}`" for each in unscored[:SHOWN])
    return f"That is logged, but {said} has no score alone. Say what it compares with, once: {examples}."


def measured(workup: Workup, step: Measured, recorded: Recorded, _: object) -> Workup:
    """The workup after vital signs were read."""
    taking = Taking(
        taken=tuple(Taken(reading=each) for each in step.readings),
        at=recorded.at,
        by=recorded.by,
        source=step.source,
        message=recorded.message,
        support=workup.active.name if workup.active else None,
    )
    return rejudged(workup, replace(workup, vitals=with_taking(workup.vitals, taking)))
