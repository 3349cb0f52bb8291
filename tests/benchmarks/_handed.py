"""How long it takes to hand over everything that somebody leads, with real rows on a real database."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.chart import Kind
from bot.domain.heard import Who
from bot.domain.ids import ChannelId, IncidentNumber, TeamId, UserId
from bot.store import people
from bot.store.session import Database
from bot.usecases.change_incident import change_lead
from bot.usecases.hand_over import hand_over
from bot.usecases.log_entry import Written, log_entry
from bot.usecases.open_incident import Opening, open_incident
from tests.benchmarks._figures import Figure
from tests.databases import PostgresTemplate, SqliteTemplate

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ANA, BEN = UserId("U0ANA"), UserId("U0BEN")
WHO = Who(team=TeamId("T0"), user=ANA, channel=ChannelId("C0"))
SAID = (
    (Kind.HYPOTHESIS, "collator gets string columns 60% impact 3\nlearning rate 20% impact 4"),
    (Kind.VITAL, "loss=2.1 throughput=0.6x p99=0.5s"),
    (Kind.TEST, "run the collator on 8 rows (5m) for A"),
    (Kind.INTERVENTION, "A roll back to 3f2a; revert: redeploy"),
    (Kind.ACTION, f"@{BEN} rerun the eval in 2h"),
)


def shift_ends(amount: int) -> Iterator[Figure]:
    """What one person hands over at the end of a shift: compiled, scored, kept and owed to the other."""
    with tempfile.TemporaryDirectory(prefix="rounds-handed-") as folder:
        templates: dict[str, SqliteTemplate | PostgresTemplate] = {
            "SQLite": SqliteTemplate(Path(folder)),
            "PostgreSQL": PostgresTemplate(Path(folder), durable=True),
        }
        for name, template in templates.items():
            place = Path(folder) / name
            place.mkdir()
            with template.copy(place) as url, closing(Database(url)) as database:
                with database.writing() as session:
                    people.know_channel(session, WHO.team, ChannelId("C0"), private=False)
                numbers = [_incident(database, each) for each in range(amount)]
                started = time.perf_counter()
                with database.writing() as session:
                    hand_over(session, WHO, numbers, BEN, key="all", now=NOW)
                took = 1000 * (time.perf_counter() - started)
            yield Figure(name=f"{name}: {amount} incidents handed over at once", value=took, unit="ms")


def _incident(database: Database, each: int) -> IncidentNumber:
    key = f"open{each}"
    with database.writing() as session:
        opening = Opening(who=WHO, channel=ChannelId("C0"), seen=f"loss is NaN on shard {each}")
        number = open_incident(session, opening, key=key, now=NOW).incident.number
        change_lead(session, WHO, number, ANA, key=f"{key}:lead", now=NOW)
    for place, (kind, text) in enumerate(SAID):
        with database.writing() as session:
            log_entry(session, WHO, number, Written(kind=kind, text=text), key=f"{key}:{place}", now=NOW)
    return number
