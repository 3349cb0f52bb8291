"""The migrations build what the code expects, and the connections are as safe as they claim."""

from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from bot.store.schema import WrongSchema, alembic_config, check, current, migrate, newest
from bot.store.session import Database, Unavailable


def test_the_migrations_build_the_schema_the_code_expects_and_take_it_down_again(database_url: str) -> None:
    with closing(Database(database_url)) as database, database.engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection

        command.check(config)
        command.downgrade(config, "base")
        left = set(inspect(connection).get_table_names()) - {"alembic_version"}
        command.upgrade(config, "head")
        command.check(config)

    assert left == set()


def test_a_database_without_tables_is_refused_with_what_to_run(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'empty.db'}")) as database:
        with pytest.raises(WrongSchema, match="rounds migrate"):
            check(database)

        migrate(database)
        check(database)

        assert current(database) == newest()


def test_a_database_newer_than_the_program_is_refused(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

        with pytest.raises(WrongSchema, match="does not know"):
            check(database)


def test_an_acknowledged_word_survives_power_failure(database_url: str) -> None:
    with closing(Database(database_url)) as database, database.writing() as session:
        if database.is_sqlite:
            kept = [
                session.execute(text(f"PRAGMA {name}")).scalar() for name in ("synchronous", "journal_mode")
            ]
        else:
            kept = [session.execute(text("SHOW synchronous_commit")).scalar(), "wal"]

    assert kept in ([2, "wal"], ["on", "wal"])


def test_foreign_keys_are_enforced(database_url: str) -> None:
    orphan = "INSERT INTO threads (team_id, channel, ts, incident) VALUES ('T', 'C', '1.0', 7)"
    with closing(Database(database_url)) as database, pytest.raises(Exception, match=r"(?i)foreign key"):  # noqa: SIM117
        with database.writing() as session:
            session.execute(text(orphan))


def test_a_locked_database_is_unavailable_within_a_second_and_a_half(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rounds.db'}"
    with closing(Database(url)) as one, closing(Database(url)) as other:
        migrate(one)
        with one.writing(), pytest.raises(Unavailable), other.writing():
            pass
