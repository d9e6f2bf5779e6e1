"""The commands of whoever runs PeerLearn: saving everything, bringing it back, upgrading, and looking at all of it."""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext

from peerlearn.config import Settings
from peerlearn.core import revisions
from peerlearn.operating import backups, examination, moving, upgrading
from peerlearn.operating.finding import Finding, Level, bad


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def tidily() -> Iterator[None]:
    """Asked to stop, put back what was begun and leave nothing half, whatever was being done at that moment.

    A stop can hit a library anywhere, which then complains of a file that is half written: that is no news to somebody
    who asked for it, and neither is what it says while it is thrown away. A second stop does not disturb the tidying.
    """
    asked = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        sys.unraisablehook = lambda _complaint: None
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in STOPPING}
    try:
        yield
    except BaseException:
        if asked:
            raise KeyboardInterrupt from None
        raise
    finally:
        if not asked:
            for number, handler in before.items():
                signal.signal(number, handler)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
@tidily()
def backup(file: Path) -> None:
    """Save the database and the pictures to one file, while PeerLearn serves."""
    start = time.monotonic()
    saved = backups.save(file, _settings())
    _tell(file, saved, time.monotonic() - start)


def _tell(file: Path, saved: backups.Saved, seconds: float) -> None:
    click.echo(
        f"Saved {saved.people} people, what they did and {saved.pictures} pictures to {file}: "
        f"{saved.bytes / 1_000_000:.1f} MB in {seconds:.1f} s."
    )
    for digest in saved.damaged:
        click.echo(f"The picture {digest} is damaged on disk and was left out. An older backup may have it.", err=True)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Take the place of a database with people in it, which is kept aside.")
@with_appcontext
@tidily()
def restore(file: Path, replace: bool) -> None:
    """Bring back what a backup holds. Stop PeerLearn before."""
    start = time.monotonic()
    restored = backups.restore(file, _settings(), replace=replace)
    manifest = restored.manifest
    click.echo(
        f"Restored {manifest.rows.get('people', 0)} people, what they did and {manifest.pictures} pictures, "
        f"saved at {manifest.made}, in {time.monotonic() - start:.1f} s."
    )
    if restored.aside:
        click.echo(f"What was there before is kept: {restored.aside}")
    if manifest.revision != revisions.newest():
        click.echo(
            f"It is at revision {manifest.revision}, this code needs {revisions.newest()}. Run: peerlearn upgrade"
        )
    else:
        click.echo("Compare ledger, sums and facts before you serve: peerlearn points verify")


@click.command("upgrade")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Folder of the backup.")
@click.option("--no-backup", is_flag=True, help="You have another backup.")
@with_appcontext
@tidily()
def upgrade(folder: Path | None, no_backup: bool) -> None:
    """Save everything, then bring the database to the newest revision. Another upgrade meanwhile waits for this one."""
    settings = _settings()
    with upgrading.alone():
        before = upgrading.found()
        upgrading.insist_known(before)
        if before == revisions.newest():
            click.echo(f"The database is at the newest revision, {before}. There is nothing to do.")
            return
        if before and not no_backup:
            start = time.monotonic()
            file, saved = upgrading.save_before(before, folder or settings.instance / "backups", settings)
            _tell(file, saved, time.monotonic() - start)
        start = time.monotonic()
        for title in upgrading.migrate(before):
            click.echo(f"  {title}")
    click.echo(
        f"Brought the database from revision {before or 'none'} to {revisions.newest()} "
        f"in {time.monotonic() - start:.1f} s. Start PeerLearn anew, if it runs."
    )


@click.command("move")
@click.option(
    "--to",
    "address",
    required=True,
    envvar="PEERLEARN_MOVE_TO",
    help="postgresql://user:password@host/name, which is empty. PEERLEARN_MOVE_TO keeps it out of sight of others.",
)
@with_appcontext
@tidily()
def move(address: str) -> None:
    """Carry everything from SQLite over to PostgreSQL. Stop PeerLearn before."""
    start = time.monotonic()
    moved = moving.move(address)
    click.echo(
        f"Carried over {moved.people} people and all that they did, {moved.rows} rows and {moved.documents} texts to "
        f"search, in {time.monotonic() - start:.1f} s. Every value was read again and compared, and the sums agree."
    )
    click.echo("Set PEERLEARN_DATABASE_URL to the new database and start PeerLearn. The SQLite database is as it was.")
    click.echo(f"Pictures stay where they are: {_settings().media}")


@click.command("doctor")
@click.pass_obj
def doctor(info: ScriptInfo) -> None:
    """Look at all that PeerLearn needs, and say how to mend what is not good; exit 1 when something is bad."""
    levels: Counter[Level] = Counter()
    for subject, finding in _findings(info):
        levels[finding.level] += 1
        for line in finding.lines(subject):
            click.echo(line)
    click.echo(", ".join(f"{levels[level]} {level}" for level in Level))
    raise SystemExit(1 if levels[Level.BAD] else 0)


def _findings(info: ScriptInfo) -> Iterator[tuple[str, Finding]]:
    try:
        app = info.load_app()
    except Exception as error:  # what is set is wrong: that is what it is asked to find
        yield "settings", bad(f"PeerLearn does not start: {error}", "Set that right, then look again.")
        return
    yield from examination.examine(app)


OPERATING = (backup, restore, upgrade, move)
