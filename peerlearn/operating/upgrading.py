"""Bringing the database to the newest revision: one at a time, after a backup, and whole or not at all."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import text

from peerlearn.config import Settings
from peerlearn.core import revisions
from peerlearn.core.db import database, db, reading
from peerlearn.operating import backups, copies_sqlite
from peerlearn.operating.copied import stamp

WAITING = "Somebody else is upgrading this database. Waiting for them …"
_LOCK = 0x7065_6572_6C65_6172  # "peerlear": a number that no other program takes


@contextmanager
def alone() -> Iterator[None]:
    """Keep other upgrades of this database waiting, from whichever process or machine. A lock ends with its process."""
    with _alone_on_a_file() if database() == "sqlite" else _alone_on_a_server():
        yield


@contextmanager
def _alone_on_a_file() -> Iterator[None]:
    place = copies_sqlite.place()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with place.with_name(f"{place.name}.upgrade-lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            click.echo(WAITING)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _alone_on_a_server() -> Iterator[None]:
    number = {"number": _LOCK}
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), number):
            click.echo(WAITING)
            connection.execute(text("SELECT pg_advisory_lock(:number)"), number)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), number)


def found() -> str | None:
    """The revision the database is at; None when it has no tables of ours yet."""
    if database() == "sqlite" and not copies_sqlite.place().exists():
        return None
    with reading(), db.engine.connect() as connection:
        return revisions.found_in(connection)


def insist_known(revision: str | None) -> None:
    """Refuse a database that a newer release made."""
    if revision and revision not in revisions.known():
        raise click.ClickException(
            f"The database is at revision {revision}, which this release does not know. "
            "Install the release that made it, or a newer one."
        )


def save_before(revision: str, folder: Path, settings: Settings) -> tuple[Path, backups.Saved]:
    """Make a backup whose name says of which revision."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"The folder {folder} for the backup cannot be used: {error.strerror}.") from None
    file = folder / f"peerlearn-{revision}-{stamp()}.zip"
    return file, backups.save(file, settings)


def migrate(before: str | None) -> list[str]:
    """Run the migrations in one transaction; what each does."""
    try:
        revisions.upgrade()
    except (Exception, SystemExit) as error:
        said = getattr(error, "orig", error)
        raise click.ClickException(
            f"The upgrade did not succeed: {said}. The database is as it was, at revision {before or 'none'}."
        ) from error
    return revisions.titles_after(before)
