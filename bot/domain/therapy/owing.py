"""What is owed for an intervention that failed: to take it back, or somebody who answers for leaving it."""

from collections.abc import Iterable

from bot.domain.offer import Offer
from bot.domain.therapy.intervention import Intervention, is_reverted, with_bundle

FOR_GOOD = "cannot be undone, so somebody has to answer for it"


def ways_out(interventions: Iterable[Intervention], owing: Intervention) -> tuple[Offer, ...]:
    """The buttons that end the wait; what cannot be undone is never offered to be reverted."""
    every = list(interventions)
    leave = Offer(label=f"Leave {with_bundle(every, owing)} in place…", does=f"leave:{owing.name}")
    if owing.irreversible:
        return (leave,)
    return (Offer(label=is_reverted(every, owing), does=f"ended:{owing.name}:reverted"), leave)
