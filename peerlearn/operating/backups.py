"""One file with everything: the database as it was at one moment, and the pictures; and back from it.

The database comes first and the pictures second. Pictures never change and are stored before rows name them, so each
one that the saved database names is there.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import click
from sqlalchemy.exc import DBAPIError

from peerlearn.config import Settings
from peerlearn.core import clock, revisions
from peerlearn.core.db import database
from peerlearn.core.files import Store, sync_folder
from peerlearn.operating import archive, copies_postgresql, copies_sqlite
from peerlearn.operating.copied import Contents
from peerlearn.progress import progress


class Copies(Protocol):
    """What is done in another way on each database."""

    NAME: str

    def workshop(self, instance: Path, /) -> Path: ...
    def contents(self) -> Contents | None: ...
    def take(self, copy: Path) -> Contents: ...
    def check(self, copy: Path, wanted: Contents, /) -> None: ...
    def insist_unused(self) -> bool: ...
    def put(self, copy: Path, wanted: Contents, /) -> str | None: ...


COPIES: dict[str, Copies] = {"sqlite": copies_sqlite, "postgresql": copies_postgresql}
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Saved:
    """What a backup holds, and what it could not take along."""

    bytes: int
    people: int
    pictures: int
    damaged: list[str]


def save(target: Path, settings: Settings) -> Saved:
    """Write a backup under this name: whole, or not at all."""
    if target.exists():
        raise click.ClickException(f"There is a file {target} already. Choose another name.")
    try:
        with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".peerlearn-backup-") as folder:
            return _save(target, settings, Path(folder))
    except (OSError, sqlite3.Error) as error:
        said = (isinstance(error, OSError) and error.strerror) or error
        raise click.ClickException(f"The backup could not be written: {said}. Nothing is left of it.") from None


def _save(target: Path, settings: Settings, folder: Path) -> Saved:
    copies, part = COPIES[database()], folder / "whole.zip"
    copy = folder / copies.NAME
    made = clock.now().isoformat(timespec="seconds")
    taken = copies.take(copy)
    store = Store(settings.media)
    digests = list(store.digests())
    show = progress("Pictures copied", len(digests))
    about = {"made": made, "release": version("peerlearn"), "database": database()}
    held = {"revision": taken.revision, "rows": dict(taken.rows)}
    damaged = archive.write(part, about | held, copy, store, digests, show)
    part.chmod(0o600)  # it holds what everybody wrote
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    sync_folder(target.absolute().parent)
    return Saved(target.stat().st_size, taken.people, len(digests) - len(damaged), damaged)


@dataclass(frozen=True)
class Restored:
    """What came back, and where the database is kept that was there before."""

    manifest: archive.Manifest
    aside: str | None


def restore(source: Path, settings: Settings, *, replace: bool) -> Restored:
    """Put a backup in place. Everything is checked before anything is changed."""
    copies = COPIES[database()]
    try:
        with archive.opened(source) as found:
            _insist_fitting(found.manifest)
            _insist_free(replace)
            copies.insist_unused()
            with tempfile.TemporaryDirectory(dir=copies.workshop(settings.instance), prefix=".restore-") as folder:
                copy = Path(folder) / copies.NAME
                return Restored(found.manifest, _restore(found, copy, settings))
    except (OSError, sqlite3.Error) as error:
        said = (isinstance(error, OSError) and error.strerror) or error
        raise click.ClickException(f"The backup could not be restored: {said}. The database is as it was.") from None


def _restore(found: archive.Archive, copy: Path, settings: Settings) -> str | None:
    copies, manifest = COPIES[database()], found.manifest
    wanted = Contents(manifest.revision, manifest.rows)
    click.echo("Checking the backup …")
    found.unpack(copy)
    copies.check(copy, wanted)
    found.insist_pictures()
    store, show = Store(settings.media), progress("Pictures put back", manifest.pictures)
    for number, (digest, data) in enumerate(found.pictures(), start=1):
        there = store.path_of(digest)
        if there.exists() and there.read_bytes() != data:
            store.remove(digest)  # damaged on disk
        store.put(data)
        show(number)
    return copies.put(copy, wanted)


def _insist_fitting(manifest: archive.Manifest) -> None:
    if manifest.revision not in revisions.known():
        raise click.ClickException(
            f"This backup is at revision {manifest.revision}, which this release does not know. "
            f"Install the release that made it ({manifest.release}) or a newer one."
        )
    if manifest.database != database() or manifest.name != COPIES[database()].NAME:
        raise click.ClickException(
            f"This backup is of {TITLES.get(manifest.database, 'another database')}, "
            f"and PEERLEARN_DATABASE_URL names {TITLES[database()]}. Name a database of the same kind."
        )


def _insist_free(replace: bool) -> None:
    if replace:
        return
    again = "To put the backup in its place add --replace; the old one is kept aside."
    try:
        there = COPIES[database()].contents()
    except DBAPIError as error:
        raise click.ClickException(f"The database that is there cannot be read: {error.orig}. {again}") from None
    if there and there.people:
        raise click.ClickException(f"The database that is there has {there.people} people in it. {again}")
