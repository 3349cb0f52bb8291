"""How far an upload has come is known after every step, and forgotten with the notice that wanted it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.domain.notice import PictureWanted
from bot.store import outbox, uploads
from bot.store.session import Database
from bot.store.uploads import Upload

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEAM, OTHER_TEAM = TeamId("T0"), TeamId("T1")
KEY = "picture:1"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as found:
        yield found


def find(database: Database, team: TeamId = TEAM) -> Upload | None:
    with database.reading() as session:
        return uploads.find(session, team, KEY)


def begin(database: Database, file_id: str, team: TeamId = TEAM) -> None:
    with database.writing() as session:
        uploads.begin(session, team, KEY, file_id)


def test_an_upload_that_was_not_begun_is_not_known(database: Database) -> None:
    assert find(database) is None


def test_each_step_is_known_once_it_is_done(database: Database) -> None:
    begin(database, "F1")
    begun = find(database)
    with database.writing() as session:
        uploads.uploaded(session, TEAM, KEY, NOON)
    uploaded = find(database)
    with database.writing() as session:
        uploads.completed(session, TEAM, KEY, NOON + timedelta(seconds=1))

    assert begun == Upload(file_id="F1", uploaded_at=None, completed_at=None)
    assert uploaded == Upload(file_id="F1", uploaded_at=NOON, completed_at=None)
    assert find(database) == Upload(file_id="F1", uploaded_at=NOON, completed_at=NOON + timedelta(seconds=1))


def test_an_upload_that_begins_anew_forgets_how_far_the_last_one_came(database: Database) -> None:
    begin(database, "F1")
    with database.writing() as session:
        uploads.uploaded(session, TEAM, KEY, NOON)

    begin(database, "F2")

    assert find(database) == Upload(file_id="F2", uploaded_at=None, completed_at=None)


def test_workspaces_have_uploads_of_their_own(database: Database) -> None:
    begin(database, "F1")
    begin(database, "F2", OTHER_TEAM)
    with database.writing() as session:
        uploads.uploaded(session, OTHER_TEAM, KEY, NOON)

    assert find(database) == Upload(file_id="F1", uploaded_at=None, completed_at=None)


def test_an_upload_is_forgotten_when_no_notice_wants_it_any_more(database: Database) -> None:
    begin(database, "F1")
    begin(database, "F2", OTHER_TEAM)
    with database.writing() as session:
        wanted = PictureWanted(incident=IncidentNumber(1), by=UserId("U0ANA"))
        outbox.put(session, TEAM, wanted, key=KEY, now=NOON)

    with database.writing() as session:
        uploads.forget_old(session)

    assert find(database) is not None
    assert find(database, OTHER_TEAM) is None
