"""Copies of a PostgreSQL database, made by its own pg_dump and put back by its own pg_restore."""

from __future__ import annotations

import os
import shutil
import subprocess  # nosec B404  # two programs of PostgreSQL, without a shell
from pathlib import Path

import click
from sqlalchemy import URL, text
from sqlalchemy.engine import Connection

from peerlearn.core.db import db
from peerlearn.operating.copied import Contents, contents_of, insist, insist_alike, stamp
from peerlearn.progress import progress

NAME = "database.dump"
ASIDE = "before_restore_"
LABELS = {"pg_dump": "Tables copied", "pg_restore": "Tables put back"}
IN_USE = "Somebody is using this database. Stop PeerLearn, then try again."
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)


def workshop(instance: Path) -> Path:
    """A folder for what lies on disk only while it is copied."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    return instance


def contents() -> Contents | None:
    """What the database holds."""
    with db.engine.connect() as connection:
        return contents_of(connection)


def take(copy: Path) -> Contents:
    """Copy the database as it is at one moment, whoever writes meanwhile; what the copy holds."""
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        moment = connection.scalar(text("SELECT pg_export_snapshot()"))
        taken = insist(contents_of(connection))
        leave_out = ("--no-owner", "--no-privileges", "--no-comments", f"--exclude-schema={ASIDE}*")
        words = ("--format=custom", f"--snapshot={moment}", *leave_out, f"--file={copy}")
        _run("pg_dump", "dumping contents of table", len(taken.rows), *words)
    return taken


def check(copy: Path, _wanted: Contents) -> None:
    """Refuse a copy that pg_restore cannot read; what it holds is compared when it is in place."""
    _run("pg_restore", "", 0, "--list", f"--file={os.devnull}", str(copy), on_database=False)


def insist_unused() -> bool:
    """Refuse when somebody else is connected. A server answers for its own files, so what is there is whole."""
    db.session.remove()
    db.engine.dispose()
    with db.engine.connect() as connection:
        if connection.scalar(_OTHERS):
            raise click.ClickException(IN_USE)
    return True


def put(copy: Path, wanted: Contents) -> str | None:
    """Put a copy in place of the tables there are; in which schema those are kept now.

    When it does not work everything is as it was.
    """
    insist_unused()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        aside = ASIDE + stamp().replace("-", "_")
        was_empty = contents_of(connection) is None
        anew = "CREATE SCHEMA public AUTHORIZATION pg_database_owner"
        _in_one(connection, f"ALTER SCHEMA public RENAME TO {aside}", anew)
        try:
            kept = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
            _run("pg_restore", "processing data for table", len(wanted.rows), *kept, str(copy))
            insist_alike(contents_of(connection), wanted)
        except BaseException:
            _in_one(connection, "DROP SCHEMA public CASCADE", f"ALTER SCHEMA {aside} RENAME TO public")
            raise
        if was_empty:
            _in_one(connection, f"DROP SCHEMA {aside}")
    return None if was_empty else f"the schema {aside}"


def _in_one(connection: Connection, *statements: str) -> None:
    """Several statements in one text, without parameters, are one transaction."""
    connection.exec_driver_sql("; ".join(statements), execution_options={"no_parameters": True})


def _run(program: str, counted: str, total: int, *words: str, on_database: bool = True) -> None:
    """Run a program of PostgreSQL, count up as it tells what it does, and say in one sentence why it did not work."""
    found = shutil.which(program)
    if found is None:
        raise click.ClickException(
            f"{program} is not on this machine. Install PostgreSQL's client programs (on Debian: postgresql-client)."
        )
    url = db.engine.url
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    environment = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(url.password)} if url.password else {})}
    target = (f"--dbname={bare.render_as_string()}",) if on_database else ()
    show, done, said = progress(LABELS[program], total), 0, "it ended early"
    with subprocess.Popen(  # nosec B603  # noqa: S603
        [found, "--verbose", *target, *words], env=environment, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as running:
        try:
            for line in running.stderr or ():
                if counted and counted in line:
                    done += 1
                    show(min(done, total))
                if "error:" in line:
                    said = line.split("error:", 1)[1].strip()
        except BaseException:
            running.kill()
            raise
    if running.returncode:
        raise click.ClickException(f"{program} did not succeed: {said}.")
