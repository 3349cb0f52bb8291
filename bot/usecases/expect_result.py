"""Say how likely a positive result of a test would be under each hypothesis: a tap each, or exact numbers."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.errors import NotUnderstood
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber
from bot.domain.work.steps import Expected
from bot.store import incidents, receipts
from bot.store.session import Session
from bot.usecases.follow_workup import settle, sit, store_steps, tell
from bot.usecases.show_again import asked_key, chart_changed, show_again


def expect_result(  # noqa: PLR0913 - who expects what of which test, and when.
    session: Session,
    who: Who,
    number: IncidentNumber,
    test: int,
    likelihoods: Mapping[str, float],
    *,
    key: str,
    now: datetime,
) -> None:
    """Keep what hypotheses expect of a test; a result that waited for it counts from now on.

    Raises:
        NotUnderstood: There is no such test, or no such hypothesis.
    """
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    incident = incidents.locked(session, who.team, number)
    before = sit(session, incident).before
    if before.test(test) is None:
        raise NotUnderstood(f"There is no test T{test}.", ", ".join(each.name for each in before.tests))
    for letter in likelihoods:
        before.differential.named(letter)
    if not likelihoods or not receipts.first_time(session, who.team, key, now):
        return
    step = Expected(test=test, likelihoods=dict(likelihoods))
    store_steps(session, incident, [step], entry=None, by=who.user, at=now, now=now)
    found = settle(session, incident, now, before=before, cause=key)
    tell(session, incident, found, cause=key, now=now)
    show_again(session, who.team, number, asked_key(number, test), cause=key, now=now)
    chart_changed(session, who.team, number, now)
