"""Carrying an instance from SQLite over to PostgreSQL: all of it or nothing, and compared value by value.

Everything that PostgreSQL is told stands in one transaction: the migrations, the rows, the references between them,
and the comparison with what was read. SQLite is only read, and kept from changing meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import click
from psycopg import sql
from sqlalchemy import Table, create_engine, func, inspect, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from peerlearn.config import driver_url
from peerlearn.core import fulltext, revisions
from peerlearn.core.db import database, db
from peerlearn.operating import copies_sqlite
from peerlearn.operating.copied import Contents, contents_of, insist
from peerlearn.points import actions as points
from peerlearn.progress import progress
from peerlearn.streaks import actions as streaks

ROWS = 2_000  # that are in memory at the same time
_REFERENCES = text(
    "SELECT conrelid::regclass::text AS of, conname AS name, pg_get_constraintdef(oid) AS says FROM pg_constraint"
    " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
)


@dataclass(frozen=True)
class Moved:
    """What was carried over."""

    people: int
    rows: int
    documents: int


def move(address: str) -> Moved:
    """Carry everything over to the PostgreSQL database at this address, which must have no tables yet."""
    if database() != "sqlite":
        raise click.ClickException("PEERLEARN_DATABASE_URL names the database to move from. It must be SQLite.")
    if not address.startswith(("postgresql://", "postgresql+psycopg://", "postgres://")):
        raise click.ClickException("--to should begin with postgresql://")
    wanted = _insist_newest(insist(copies_sqlite.contents()))
    if not copies_sqlite.insist_unused():
        raise click.ClickException("The SQLite database is damaged. Restore the newest backup that is whole.")
    target = create_engine(driver_url(address), poolclass=NullPool)
    try:
        with db.engine.begin() as old, target.begin() as new:  # the first holds the lock for writing
            return _move(old, new, wanted)
    except OperationalError as error:
        raise click.ClickException(f"The new database cannot be reached: {str(error.orig).splitlines()[0]}") from None
    except DBAPIError as error:
        raise click.ClickException(f"The new database refused: {error.orig}. Nothing was kept there.") from None


def _insist_newest(found: Contents) -> Contents:
    if found.revision != revisions.newest():
        raise click.ClickException(f"The database is at revision {found.revision}. Run before: peerlearn upgrade")
    return found


def _move(old: Connection, new: Connection, wanted: Contents) -> Moved:
    if inspect(new).get_table_names():
        raise click.ClickException("The new database has tables already. Name an empty one.")
    revisions.upgrade(new)
    tables = db.metadata.sorted_tables
    read = _carry(old, new, tables, wanted)
    documents = fulltext.carry(old, new)
    _compare(new, tables, read, wanted)
    _insist_no_differences(new)
    return Moved(wanted.people, sum(wanted.rows.values()), documents)


def _carry(old: Connection, new: Connection, tables: list[Table], wanted: Contents) -> dict[str, int]:
    """Write every row there is; the fingerprint of each table as it was read."""
    references = new.execute(_REFERENCES).all()
    for reference in references:
        new.exec_driver_sql(f'ALTER TABLE {reference.of} DROP CONSTRAINT "{reference.name}"')
    show, fingerprints, done = progress("Rows carried over", sum(wanted.rows.values())), {}, 0
    for table in tables:
        new.execute(table.delete())  # what migrations put there
        fingerprint = _Fingerprint()
        for rows in _rows(old, table):
            _write(new, table, map(fingerprint.take, rows))
            done += len(rows)
            show(done)
        fingerprints[table.name] = fingerprint.value
        _count_on(new, table)
    for reference in references:
        new.exec_driver_sql(f'ALTER TABLE {reference.of} ADD CONSTRAINT "{reference.name}" {reference.says}')
    return fingerprints


class _Fingerprint:
    """The sum of the digests of rows: the same for the same rows in any order."""

    def __init__(self) -> None:
        self.value = 0

    def take(self, row: Any) -> Any:
        """Count a row in, and give it back."""
        self.value = (self.value + int.from_bytes(sha256(repr(tuple(row)).encode()).digest())) % (1 << 256)
        return row


def _rows(connection: Connection, table: Table) -> Iterator[Any]:
    """All rows of a table as Python sees them, some at a time."""
    return connection.execute(select(table).execution_options(yield_per=ROWS)).partitions()


def _write(new: Connection, table: Table, rows: Iterator[Any]) -> None:
    """Store rows the way PostgreSQL takes many: COPY, with the values that SQLAlchemy would send."""
    binders = [column.type.dialect_impl(new.dialect).bind_processor(new.dialect) or _as_it_is for column in table.c]
    named = map(sql.Identifier, table.c.keys())
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), sql.SQL(", ").join(named))
    cursor: Any = new.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([bind(value) for bind, value in zip(binders, row, strict=True)])
    except new.dialect.dbapi.Error as error:  # type: ignore[union-attr]
        raise click.ClickException(
            f"PostgreSQL does not take what stands in {table.name}: {error}. Nothing was kept there."
        ) from None
    finally:
        cursor.close()


def _as_it_is(value: Any) -> Any:
    return value


def _count_on(new: Connection, table: Table) -> None:
    """Let the numbers of new rows go on after the highest there is."""
    column = table.autoincrement_column
    if column is not None:
        highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
        new.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), highest, False)))


def _compare(new: Connection, tables: list[Table], read: dict[str, int], wanted: Contents) -> None:
    """Read everything again where it is now, and refuse the smallest difference."""
    found, show, done = insist(contents_of(new)), progress("Rows compared", sum(wanted.rows.values())), 0
    differing = [name for name in wanted.rows if found.rows.get(name) != wanted.rows[name]]
    for table in tables:
        fingerprint = _Fingerprint()
        for rows in _rows(new, table):
            for row in rows:
                fingerprint.take(row)
            done += len(rows)
            show(done)
        if fingerprint.value != read[table.name]:
            differing.append(table.name)
    if differing:
        names = ", ".join(sorted(set(differing)))
        raise click.ClickException(
            f"PostgreSQL gives back something else than it was given: {names}. Nothing was kept."
        )


def _insist_no_differences(new: Connection) -> None:
    """Let PostgreSQL add up the books: for a moment the session asks the new database."""
    engines, before = db.engines, db.engine
    db.session.remove()
    engines[None] = new  # type: ignore[index]
    try:
        differences = points.verify() + streaks.verify()
        db.session.remove()
    finally:
        engines[None] = before  # type: ignore[index]
    if differences:
        raise click.ClickException(
            f"The sums do not agree with the books: {differences[0]} (and {len(differences) - 1} more). "
            "Run peerlearn points rebuild and peerlearn streaks rebuild before you move. Nothing was kept there."
        )
