"""What happens in a simulated ward: who opens what, who answers, and what breaks when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.ids import IncidentNumber
from tests.benchmarks.clock_digests import Wish
from tests.benchmarks.clock_handoffs import Shifts
from tests.benchmarks.clock_ward import Ward
from tests.conversation import HERE, user

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BEFORE, LASTS = 3 * DAY, 10 * DAY
# Each severity's share of the incident-days.
SHARES = {1: 0.04, 2: 0.06, 3: 0.17, 4: 0.33, 5: 0.40}
# Nobody ever answers, somebody does now and then, or somebody nearly always does.
DILIGENCE = (0.0, 0.35, 0.8)
UNTRIAGED = 0.15
WORKS_EVERY = 16 * HOUR
QUIET = ("22:00-07:00", "23:30-06:15")
ON_DUTY, DUTY_HOUR = ("ana", "ben", "cho"), 9
OTHER_ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


@dataclass(frozen=True, slots=True)
class Setting:
    """A ward to be: its zone, the moment at which clocks change there, and a digest's time just then."""

    name: str
    zone: str
    changes: datetime
    hour: int
    minute: int
    out_for: timedelta

    @property
    def begins(self) -> datetime:
        """When the first incident can be opened."""
        return self.changes - BEFORE

    @property
    def ends(self) -> datetime:
        """When the last one is resolved."""
        return self.begins + LASTS


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SETTINGS = (
    Setting("Berlin, spring", "Europe/Berlin", _at("2026-03-29T01:00"), 2, 30, HOUR),
    Setting("New York, autumn", "America/New_York", _at("2026-11-01T06:00"), 1, 30, 4 * HOUR),
    Setting("Lord Howe, spring", "Australia/Lord_Howe", _at("2026-10-03T15:30"), 2, 15, HOUR),
    Setting("Berlin, autumn", "Europe/Berlin", _at("2026-10-25T01:00"), 2, 30, 4 * HOUR),
    Setting("New York, spring", "America/New_York", _at("2026-03-08T07:00"), 2, 30, HOUR),
    Setting("Lord Howe, autumn", "Australia/Lord_Howe", _at("2026-04-04T15:00"), 1, 45, 4 * HOUR),
)


def stage(ward: Ward, setting: Setting, days: float) -> list[Wish]:
    """Prepare everything that will happen; the digests that were ordered."""
    _breaks(ward, setting)
    left = days
    while left > 0:
        life = min(ward.people.draw.uniform(1, 5), left)
        left -= life
        _lives(ward, setting, life * DAY)
    ward.listens()
    people, wishes = ward.people, _wishes(ward, setting)
    people.types("ana", HERE, f"quiet {QUIET[0]} {setting.zone}")
    people.types("ben", HERE, f"quiet me {QUIET[1]} America/New_York")
    for wish in wishes:
        people.types("ana", wish.channel, wish.said)
    _takes_turns(ward, setting)
    return wishes


def _takes_turns(ward: Ward, setting: Setting) -> None:
    """In one channel three people are on duty in turn, a day each by the clock on the wall."""
    names = " ".join(f"@{name}" for name in ON_DUTY)
    said = f"shift {names} daily at {DUTY_HOUR:02}:00 {setting.zone}"
    ward.people.types("ana", "C0TRAINING", said)
    calendar = Wish("C0TRAINING", setting.zone, DUTY_HOUR, 0)
    changes = [at for _, at in calendar.slots(setting.begins, setting.ends + 2 * DAY)]
    ward.shifts["C0TRAINING"] = Shifts([user(name) for name in ON_DUTY], changes)
    for at in changes:
        ward.at(at, ward.duty_goes_over)


def _wishes(ward: Ward, setting: Setting) -> list[Wish]:
    """One digest just when the clocks change, and others in two more zones."""
    third = ward.slack.channel("U0ANA", "night-shift")["id"]
    for invitee in ("U0BEN", "U0CHO", "U0DEV", "U0ROUNDS"):
        ward.slack.invite("U0ANA", third, invitee)
    others = [zone for zone in OTHER_ZONES if zone != setting.zone]
    return [
        Wish(HERE, setting.zone, setting.hour, setting.minute),
        Wish("C0TRAINING", others[0], 9, 0),
        Wish(third, others[1], 8, 30),
    ]


def _lives(ward: Ward, setting: Setting, life: timedelta) -> None:
    """An incident is opened, worked on as its people are, and resolved."""
    draw = ward.people.draw
    severity = draw.choices([*SHARES], [*SHARES.values()])[0]
    opens = setting.begins + timedelta(seconds=draw.randint(3600, int(4 * DAY / timedelta(seconds=1))))
    channel, care = draw.choice((HERE, "C0TRAINING")), draw.choice(DILIGENCE)

    def open_it() -> None:
        number = ward.people.opens(channel, severity, named=draw.random() >= UNTRIAGED)
        ward.care[number] = care
        ward.touch(number)
        ward.does(ward.clock.now + life, lambda: _resolves(ward, number))
        if care:
            _works(ward, number, ward.clock.now + life)

    ward.does(opens, open_it)


def _resolves(ward: Ward, number: IncidentNumber) -> None:
    ward.people.resolves(number)
    ward.touch(number)


def _works(ward: Ward, number: IncidentNumber, until: datetime) -> None:
    """Now and then somebody does something that nobody asked for."""
    moment = ward.clock.now
    while (moment := moment + ward.people.draw.expovariate(1.0) * WORKS_EVERY) < until:
        act = ward.people.talks if ward.people.draw.random() < 0.3 else ward.people.works
        ward.works_on(number, moment, act)


def _breaks(ward: Ward, setting: Setting) -> None:
    """Restarts, deaths and outages, one of them over a digest's hour; answers that get lost on the way."""
    draw, begins = ward.people.draw, setting.begins
    for place in range(16):
        ward.at(begins + place * 12 * HOUR + draw.random() * 10 * HOUR, draw.choice((ward.restart, ward.die)))
    for _ in range(12):
        ward.at(begins + draw.random() * 8 * DAY, lambda: ward.slack_loses(draw.randint(1, 3)))
    outage = begins + 1.4 * DAY + draw.random() * 5 * HOUR
    ward.at(outage, lambda: ward.slack_is_out(draw.uniform(1, 3) * HOUR))
    ward.at(begins + 2.2 * DAY, lambda: ward.database_is_out(draw.uniform(20, 90) * MINUTE))
    # Clocks show the same two days after they have changed as they did two days before.
    ward.at(setting.changes + 2 * DAY - 20 * MINUTE, lambda: ward.nothing_runs(setting.out_for))
