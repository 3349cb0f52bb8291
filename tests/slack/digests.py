"""Digests to look at: from one in which nothing is open to one with too much of everything."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.digest.document import (
    Day,
    Digest,
    HandedOver,
    Late,
    Leading,
    Place,
    Running,
    Settled,
    Standing,
    Trends,
)
from bot.domain.ids import IncidentNumber
from bot.domain.incident import Phase, Severity
from bot.domain.signs.stability import Stability
from tests.slack.charts import ANA, BEN, HERE, ROOT

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
TODAY = date(2026, 11, 23)


def place(number: int, title: str = "loss is NaN since step 3100") -> Place:
    return Place(number=IncidentNumber(number), title=title, channel=HERE, thread_ts=ROOT)


def standing(number: int, text: str = "loss is NaN since step 3100", **changes: Any) -> Standing:
    fields: dict[str, Any] = {
        "place": place(number, text),
        "severity": Severity.SEV2,
        "severity_before": None,
        "stability": Stability.UNKNOWN,
        "score": None,
        "score_before": None,
        "phase": Phase.TESTING,
        "lead": BEN,
        "leading": None,
        "must_not_miss": (),
        "running": None,
        "owes_revert": None,
        "reverted": (),
        "late": (),
        "prompts": (),
        "opened_at": NOON - 30 * AN_HOUR,
        "changed_at": NOON - 3 * AN_HOUR,
    }
    return Standing(**fields | changes)


def busy(number: int, text: str = "loss is NaN since step 3100", **changes: Any) -> Standing:
    """An incident of which there is as much to tell as can be."""
    fields: dict[str, Any] = {
        "severity_before": Severity.SEV4,
        "stability": Stability.UNSTABLE,
        "score": 9,
        "score_before": 4,
        "leading": Leading(letter="A", statement=text, p=0.62),
        "must_not_miss": ("A", "C"),
        "running": Running(name="A1", target="A", until=NOON + AN_HOUR / 3),
        "owes_revert": "B1",
        "reverted": ("C1",),
        "late": (Late(what="result", about="T1", since=NOON - AN_HOUR),),
        "prompts": (Late(what="re-evaluation", since=NOON - 2 * AN_HOUR),),
    }
    return standing(number, text, **fields | changes)


def digest(*found: Standing, **changes: Any) -> Digest:
    days = [TODAY - timedelta(days=13 - each) for each in range(14)]
    fields: dict[str, Any] = {
        "channel": HERE,
        "address": "https://x.slack.com/",
        "zone": "Europe/Berlin",
        "date": TODAY,
        "at": NOON,
        "since": NOON - timedelta(days=1),
        "due_at": NOON,
        "late": False,
        "standing": found,
        "resolved": (),
        "trends": Trends(
            days=tuple(
                Day(date=day, open=place % 5, opened=place % 3, resolved=place % 2)
                for place, day in enumerate(days)
            ),
            differential=timedelta(minutes=12),
            differentials=8,
            resolution=timedelta(hours=3, minutes=20),
            resolutions=7,
            score=91.5,
            handoffs=4,
        ),
        "names": {BEN: "ben", ANA: "ana"},
    }
    return Digest(**fields | changes)


def everything(text: str) -> Digest:
    """A digest with too much of everything, in which every word somebody typed is *text*."""
    found = [
        busy(number, text, severity=Severity(number // 40 + 1), lead=BEN if number % 2 else None)
        for number in range(200)
    ]
    resolved = [
        Settled(place=place(number, text), cause=text, opened_at=NOON - AN_HOUR, resolved_at=NOON)
        for number in range(60)
    ]
    handed = [
        HandedOver(place=place(number, text), giver=ANA, receiver=BEN, since=NOON) for number in range(30)
    ]
    return digest(
        *found, resolved=tuple(resolved), handoffs=tuple(handed), late=True, names={BEN: text, ANA: text}
    )


LOOKS = {
    "digest": digest(
        busy(4, "cluster is burning", severity=Severity.SEV1, lead=None),
        standing(7),
        standing(9, stability=Stability.STABLE, score=1, score_before=1),
        resolved=(
            Settled(
                place=place(3, "eval is slow"),
                cause="cold cache",
                opened_at=NOON - 5 * AN_HOUR,
                resolved_at=NOON - 2 * AN_HOUR,
            ),
        ),
    ),
    "digest_of_nothing": digest(trends=Trends(), late=True),
}
