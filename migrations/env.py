"""How Alembic meets the application: its engine, its tables, and what it must leave alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from peerlearn.core import fulltext
from peerlearn.core.db import db


def include_object(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """The search tables belong to the database's own full-text engine."""
    return not (kind == "table" and fulltext.is_index_table(name)) and not (
        kind == "index" and fulltext.is_index_table(thing.table.name)
    )


@contextmanager
def references_unwatched(connection: Connection) -> Iterator[None]:
    """Let SQLite drop a table that others refer to while batch mode makes it anew; all references hold at the end."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # has no effect once the transaction has begun
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def insist_on_references(connection: Connection) -> None:
    """Refuse what a migration did when a row refers to one that is not there."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise RuntimeError(f"a row of {broken[0]} refers to a row of {broken[2]} that is not there")


def run() -> None:
    """Run the migrations on the application's database, all in one transaction."""
    Path(current_app.instance_path).mkdir(parents=True, exist_ok=True)
    options = current_app.extensions["migrate"].configure_args
    given: Connection | None = context.config.attributes.get("connection")
    with nullcontext(given) if given else db.engine.connect() as connection, references_unwatched(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            transaction_per_migration=False,
            transactional_ddl=True,  # SQLite's is too: our transactions begin with a BEGIN
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
            insist_on_references(connection)


run()
