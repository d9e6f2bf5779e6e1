"""Copies of a SQLite database: taken while others write, and put in place of the one there is.

A copy in steps begins anew whenever another process has written, unless a transaction holds one moment fast from the
first page to the last. In WAL mode such a transaction keeps no writer waiting.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from peerlearn.core.db import db, reading
from peerlearn.core.files import sync_folder
from peerlearn.operating.copied import Contents, contents_of, insist, insist_alike, stamp
from peerlearn.progress import progress

NAME = "database.sqlite"
PAGES = 2_000  # of a step: 8 MB
IN_USE = "Somebody is using this database. Stop PeerLearn, then try again."


def place() -> Path:
    """Where the database lies."""
    return Path(db.engine.url.database or "").resolve()


def workshop(_instance: Path) -> Path:
    """A folder on the same disk, so that a copy takes its place in one step."""
    place().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place().parent


def contents() -> Contents | None:
    """What the database in place holds; nothing when there is none."""
    if not place().exists():
        return None
    with reading(), db.engine.connect() as connection:
        return contents_of(connection)


def take(copy: Path) -> Contents:
    """Copy the database as it is at one moment, whoever writes meanwhile; what the copy holds."""
    if not place().exists():
        return insist(None)
    with reading(), db.engine.connect() as connection:
        taken = insist(contents_of(connection))  # the first question: from here on the transaction sees one moment
        source: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        show = progress("Database pages copied", connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        with closing(sqlite3.connect(copy)) as target:
            source.backup(target, pages=PAGES, progress=lambda _status, left, total: show(total - left))
            target.execute("PRAGMA journal_mode=DELETE")  # one file that needs no other
    check(copy, taken)
    return taken


def check(copy: Path, wanted: Contents) -> None:
    """Refuse a copy that is damaged, or that holds something else than it should."""
    engine = create_engine(f"sqlite:///{copy}", poolclass=NullPool)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise click.ClickException(f"The database is damaged: {found}. Restore the newest backup that is whole.")
        insist_alike(contents_of(connection), wanted)


def put(copy: Path, _wanted: Contents) -> str | None:
    """Put a copy in place of the database; where the one that was there is kept now."""
    target, aside, is_settled = place(), None, insist_unused()
    if target.exists():
        aside = target.with_name(f"{target.name}.before-restore-{stamp()}")
        if not is_settled:
            for suffix in ("-wal", "-shm"):
                if (beside := target.with_name(target.name + suffix)).exists():
                    beside.replace(aside.with_name(aside.name + suffix))
        os.link(target, aside)  # there is no moment without a database
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    copy.replace(target)
    sync_folder(target.parent)
    return str(aside) if aside else None


def insist_unused() -> bool:
    """Bring all changes into the one file, which only works when nobody else has it open; False when it is damaged."""
    db.session.remove()
    db.engine.dispose()
    if not place().exists():
        return True
    try:
        with closing(sqlite3.connect(place(), timeout=1, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise click.ClickException(IN_USE) from None
        return False
    return True
