"""Rounds of second opinions: who may be asked, who may answer, and that they close once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.diagnosis.opinions import Round
from bot.domain.errors import AlreadyResolved, NoSuchIncident, NotAMember, NotUnderstood, Refused, RoundsError
from bot.domain.heard import Who
from bot.domain.ids import ChannelId, IncidentNumber, TeamId, UserId
from bot.domain.incident import Severity
from bot.domain.work.steps import Named, Pooled, Suspect
from bot.store import incidents, people, steps
from bot.store.session import Database
from bot.store.tables import outbox
from bot.usecases.follow_workup import read_workup
from bot.usecases.open_incident import Opening, open_incident
from bot.usecases.second_opinion import (
    Asking,
    Invited,
    answer,
    ask,
    close_round,
    read_invitation,
    read_round,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEAM, HERE, ELSEWHERE = TeamId("T0"), ChannelId("C0HERE"), ChannelId("C0ELSEWHERE")
ANA, BEN, CHO, DEV = UserId("U0ANA"), UserId("U0BEN"), UserId("U0CHO"), UserId("U0DEV")
ONE = IncidentNumber(1)


class Ward:
    """One open incident, and short words for what people do with it."""

    def __init__(self, database: Database, *, private: bool = False, severity: int = 2) -> None:
        self.database = database
        self.keys = iter(range(10_000))
        with database.writing() as session:
            people.know_channel(session, TEAM, HERE, private=private)
            people.joined(session, TEAM, HERE, [ANA, BEN])
            opening = Opening(who=self.who(ANA), channel=HERE, seen="NaN", severity=Severity(severity))
            open_incident(session, opening, key="open", now=NOON)

    def who(self, user: UserId, channel: ChannelId = HERE) -> Who:
        return Who(team=TEAM, user=user, channel=channel)

    def asks(
        self, *chosen: UserId, minutes: float | None = None, at: datetime = NOON, key: str | None = None
    ) -> Invited:
        takes = None if minutes is None else timedelta(minutes=minutes)
        asking = Asking(who=self.who(ANA), number=ONE, people=chosen, takes=takes, bots={UserId("U0BOT")})
        with self.database.writing() as session:
            return ask(session, asking, key=key or f"ask{next(self.keys)}", now=at)

    def answers(
        self,
        user: UserId,
        text: str,
        *,
        round_: int = 1,
        at: datetime = NOON,
        channel: ChannelId = ELSEWHERE,
    ) -> None:
        with self.database.writing() as session:
            key = f"answer{next(self.keys)}"
            answer(session, self.who(user, channel), ONE, round_, text, key=key, now=at)

    def closes(self, *, round_: int = 1, at: datetime = NOON) -> None:
        with self.database.writing() as session:
            close_round(session, TEAM, ONE, round_, at)

    def round(self, round_: int = 1) -> Round:
        with self.database.reading() as session:
            found = read_round(session, TEAM, ONE, round_)
        assert found is not None
        return found

    def pooled(self) -> list[Pooled]:
        with self.database.reading() as session:
            found = [each.step for each in steps.of(session, TEAM, ONE)]
        return [step for step in found if isinstance(step, Pooled)]

    def probabilities(self) -> dict[str, float]:
        with self.database.reading() as session:
            return read_workup(session, TEAM, ONE).differential.probabilities

    def owed(self, prefix: str) -> dict[str, datetime]:
        """The notices whose keys begin so, and when they are due."""
        with self.database.reading() as session:
            found = session.execute(
                select(outbox.c.key, outbox.c.due_at).where(outbox.c.key.startswith(prefix))
            )
            return {row.key: row.due_at for row in found}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as found:
        yield found


@pytest.fixture
def ward(database: Database) -> Ward:
    return Ward(database)


def test_each_person_is_asked_in_private_and_one_timer_waits_for_all(ward: Ward) -> None:
    invited = ward.asks(BEN, CHO, BEN)

    assert (invited.round, invited.fresh, invited.already) == (1, (BEN, CHO), ())
    assert set(ward.owed("opinion:")) == {"opinion:1:1:U0BEN", "opinion:1:1:U0CHO"}
    assert ward.owed("opinions_due:") == {"opinions_due:1:1": NOON + timedelta(minutes=15)}


def test_who_asks_may_be_the_only_one_who_is_asked(ward: Ward) -> None:
    ward.asks(ANA)
    ward.answers(ANA, "collator 60%")

    assert ward.probabilities()["A"] == pytest.approx(0.6)


def test_at_sev1_there_is_less_time_and_whoever_says_so_gives_another(database: Database) -> None:
    ward = Ward(database, severity=1)

    assert ward.asks(BEN).due_at == NOON + timedelta(minutes=5)
    assert ward.asks(CHO, minutes=40).due_at == NOON + timedelta(minutes=40)


@pytest.mark.parametrize(
    ("chosen", "minutes", "why"),
    [
        ((), None, "Whose opinion"),
        ((UserId("U0BOT"), UserId("USLACKBOT")), None, "Whose opinion"),
        (tuple(UserId(f"U0{place}") for place in range(10)), None, "More than 9"),
        ((BEN,), 0.5, "no time to wait"),
        ((BEN,), 1441, "no time to wait"),
    ],
)
def test_who_cannot_answer_is_not_asked(
    ward: Ward, chosen: tuple[UserId, ...], minutes: float | None, why: str
) -> None:
    with pytest.raises(NotUnderstood, match=why):
        ward.asks(*chosen, minutes=minutes)

    assert ward.owed("opinion") == {}


def test_in_a_private_incident_only_members_are_asked_and_the_other_is_named(database: Database) -> None:
    ward = Ward(database, private=True)

    with pytest.raises(NotAMember, match=DEV):
        ward.asks(BEN, DEV)
    assert ward.owed("opinion") == {}
    assert ward.asks(BEN).fresh == (BEN,)


def test_about_what_is_resolved_nobody_is_asked(ward: Ward, database: Database) -> None:
    with database.writing() as session:
        resolved = incidents.locked(session, TEAM, ONE).resolve(by=ANA, cause="disk", at=NOON)
        incidents.save(session, resolved)

    with pytest.raises(AlreadyResolved):
        ward.asks(BEN)


def test_the_same_request_twice_asks_once(ward: Ward) -> None:
    ward.asks(BEN, key="same")
    again = ward.asks(BEN, key="same")

    assert (again.round, again.fresh, again.already) == (1, (), (BEN,))
    assert len(ward.owed("opinion:")) == 1


def test_who_is_asked_while_a_round_is_open_joins_it_and_it_waits_for_them(ward: Ward) -> None:
    ward.asks(BEN)
    later = NOON + timedelta(minutes=10)
    joined = ward.asks(BEN, CHO, at=later)
    ward.closes(at=NOON + timedelta(minutes=15))

    assert (joined.round, joined.fresh, joined.already) == (1, (CHO,), (BEN,))
    assert joined.due_at == later + timedelta(minutes=15)
    assert sorted(ward.owed("opinions_due:").values()) == [NOON + timedelta(minutes=15), joined.due_at]
    assert ward.round().closed_at is None


def test_nobody_sees_who_has_answered_or_what_before_all_have(ward: Ward) -> None:
    ward.asks(BEN, CHO)
    ward.answers(BEN, "collator 60%\nbad batch 30%")
    before = ward.round()
    ward.answers(CHO, "collator 20%")

    assert (before.answered, before.judged, before.other) == ((), (), 1.0)
    assert ward.round().answered == (BEN, CHO)
    assert [each.statement for each in ward.round().judged] == ["collator", "bad batch"]
    assert ward.round().judged[0].said == pytest.approx({BEN: 0.6, CHO: 0.2})


def test_before_a_round_is_closed_nothing_changes_for_the_team(ward: Ward) -> None:
    ward.asks(BEN, CHO)
    ward.answers(BEN, "collator 60%")

    assert ward.probabilities() == {"other": 1.0}
    assert ward.owed("pooled:") == {}


def test_what_was_pooled_is_what_the_team_goes_on_with(ward: Ward, database: Database) -> None:
    with database.writing() as session:
        named = Named(hypotheses=(Suspect(letter="A", statement="disk full", p=0.5),))
        steps.add(session, TEAM, ONE, [named], entry=None, by=ANA, at=NOON, now=NOON)
    ward.asks(BEN, CHO)
    ward.answers(BEN, "A 40%\ncollator 40%")
    ward.answers(CHO, "Disk  full. 40%\ncollator 40%")

    assert ward.probabilities() == pytest.approx({"A": 0.4, "B": 0.4, "other": 0.2})
    assert [(each.letter, each.statement) for each in ward.round().judged] == [
        ("A", "disk full"),
        ("B", "collator"),
    ]
    assert set(ward.owed("pooled:")) == {"pooled:1:1"}


def test_an_own_list_may_be_replaced_while_the_round_is_open_and_is_shown_to_its_author(
    ward: Ward, database: Database
) -> None:
    ward.asks(BEN, CHO)
    ward.answers(BEN, "collator 60%")
    with database.reading() as session:
        shown = read_invitation(session, ward.who(BEN), ONE, 1).list
    ward.answers(BEN, "disk 30%")
    ward.answers(CHO, "disk 30%")

    assert shown == "collator 60%"
    assert [each.statement for each in ward.round().judged] == ["disk"]


def test_when_the_time_is_up_the_answers_that_came_are_pooled(ward: Ward) -> None:
    ward.asks(BEN, CHO)
    ward.answers(BEN, "collator 60%")
    ward.closes(at=NOON + timedelta(minutes=14))
    early = ward.round().closed_at
    ward.closes(at=NOON + timedelta(minutes=15))

    assert early is None
    assert (ward.round().answered, ward.round().silent) == ((BEN,), (CHO,))
    assert ward.probabilities()["A"] == pytest.approx(0.6)


def test_a_round_that_nobody_answered_closes_and_says_so(ward: Ward) -> None:
    ward.asks(BEN)
    ward.closes(at=NOON + timedelta(minutes=15))

    assert (ward.round().silent, ward.round().judged) == ((BEN,), ())
    assert ward.pooled() == []
    assert set(ward.owed("pooled:")) == {"pooled:1:1"}


def test_a_round_closes_once_however_often_it_is_told_to(ward: Ward) -> None:
    ward.asks(BEN)
    ward.answers(BEN, "collator 60%")
    for _ in range(3):
        ward.closes(at=NOON + timedelta(minutes=20))

    assert len(ward.pooled()) == 1
    assert ward.round().closed_at == NOON


def test_after_a_round_the_next_one_is_another(ward: Ward) -> None:
    ward.asks(BEN)
    ward.closes(at=NOON + timedelta(minutes=15))
    second = ward.asks(BEN, CHO, at=NOON + timedelta(minutes=16))
    ward.answers(BEN, "collator 60%", round_=2)
    ward.answers(CHO, "collator 60%", round_=2)
    third = ward.asks(BEN, at=NOON + timedelta(minutes=17))
    ward.answers(BEN, "A 20%", round_=3)

    assert (second.round, third.round) == (2, 3)
    assert [ward.round(each).judged[0].p for each in (2, 3)] == pytest.approx([0.6, 0.2])


@pytest.mark.parametrize(
    ("user", "round_", "why"),
    [(DEV, 1, "Nobody has asked"), (BEN, 2, "Nobody has asked"), (CHO, 1, "is closed")],
)
def test_who_was_not_asked_or_is_too_late_gets_a_reason(
    ward: Ward, user: UserId, round_: int, why: str
) -> None:
    ward.asks(BEN, CHO)
    ward.closes(at=NOON + timedelta(minutes=15))

    with pytest.raises(Refused, match=why):
        ward.answers(user, "collator 60%", round_=round_, at=NOON + timedelta(minutes=16))


def test_who_left_a_private_incident_cannot_answer_any_more(database: Database) -> None:
    ward = Ward(database, private=True)
    ward.asks(BEN)
    with database.writing() as session:
        people.left(session, TEAM, HERE, BEN)

    with pytest.raises(NoSuchIncident):
        ward.answers(BEN, "collator 60%")
    with database.reading() as session, pytest.raises(NoSuchIncident):
        read_invitation(session, ward.who(BEN, ELSEWHERE), ONE, 1)


def test_a_list_that_is_none_is_refused_and_the_earlier_one_stays(ward: Ward) -> None:
    ward.asks(BEN, CHO)
    ward.answers(BEN, "collator 60%")

    with pytest.raises(RoundsError, match="no probability"):
        ward.answers(BEN, "collator maybe")
    ward.answers(CHO, "collator 60%")

    assert ward.round().judged[0].p == pytest.approx(0.6)


def test_all_who_answer_at_the_same_moment_are_heard_and_the_round_closes_once(ward: Ward) -> None:
    chosen = [UserId(f"U0{place}") for place in range(9)]
    ward.asks(*chosen)

    with ThreadPoolExecutor(9) as pool:
        list(pool.map(lambda user: ward.answers(user, "collator 60%"), chosen))

    assert len(ward.pooled()) == 1
    assert set(ward.round().answered) == set(chosen)


def test_a_round_of_another_workspace_is_none_of_ours(ward: Ward, database: Database) -> None:
    ward.asks(BEN)
    other = replace(ward.who(BEN), team=TeamId("T1"))

    with database.writing() as session, pytest.raises(NoSuchIncident):
        answer(session, other, ONE, 1, "collator 60%", key="other", now=NOON)
