"""Which migration the database stands at, and how it gets to the newest one."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from bot.store.session import Database

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic takes a third of a second to import, so only what migrates imports it.
_PACKAGED = Path(__file__).parents[1] / "migrations"
_BESIDE = Path(__file__).parents[2] / "migrations"


class WrongSchema(Exception):
    """The database is not at the revision this program was written for."""


def folder() -> Path:
    """Where the migrations are: inside an installed package, or at the top of the repository."""
    return _PACKAGED if _PACKAGED.is_dir() else _BESIDE


def newest() -> str:
    """The newest revision, read from the names of the migration files: ``0001_the_ward.py`` is ``0001``."""
    return max(path.name.split("_")[0] for path in (folder() / "versions").glob("[0-9]*.py"))


def current(database: Database) -> str | None:
    """The revision of the database; None where there are no tables yet."""
    with database.reading() as session:
        if not inspect(session).has_table("alembic_version"):
            return None
        found: str | None = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def check(database: Database) -> None:
    """Make sure the database is at the newest revision.

    Raises:
        WrongSchema: It is not; the text says what to run.
    """
    found, wanted = current(database), newest()
    if found == wanted:
        return
    if found is None or found < wanted:
        stands = f"is at revision {found}" if found else "has no tables yet"
        raise WrongSchema(f"The database {stands}; this version needs {wanted}. Run: rounds migrate")
    raise WrongSchema(
        f"The database is at revision {found}, which this version (up to {wanted}) does not know. "
        "Start a version of rounds that is at least as new as the database."
    )


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the database to *revision*.

    Raises:
        WrongSchema: A newer version has been at it.
    """
    from alembic import command  # noqa: PLC0415 - slow to import, see above.

    found = current(database)
    if found is not None and found > newest():
        check(database)

    with database.unhurried() as session:
        config = alembic_config()
        config.attributes["connection"] = session
        command.upgrade(config, revision)


def alembic_config() -> "Config":
    """Alembic's settings, independent of the folder the program is started in."""
    from alembic.config import Config  # noqa: PLC0415 - slow to import, see above.

    config = Config()
    config.set_main_option("script_location", str(folder()))
    return config
