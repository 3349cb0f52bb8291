"""Run the migrations on the connection that is given, or on ROUNDS_DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection

from bot.store.session import Database
from bot.store.tables import metadata


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The index over terms is another one on each database, and no table that the code describes."""
    return kind != "table" or not (name or "").startswith("search_terms")


def run(connection: Connection) -> None:
    """Migrate, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=_is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with Database(os.environ["ROUNDS_DATABASE_URL"]).engine.begin() as own:
        run(own)
