"""What the doctor asks the database: its settings, its clock, the pictures it names, and the jobs that write to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

from sqlalchemy import func, select, text

from peerlearn import ready
from peerlearn.accounts.models import Person
from peerlearn.analysis import actions as analysis
from peerlearn.config import Settings
from peerlearn.core import clock, jobs
from peerlearn.core.db import database, db
from peerlearn.core.facts import Fact
from peerlearn.core.files import Store
from peerlearn.core.jobs import QueuedJob
from peerlearn.lessons.models import Picture
from peerlearn.operating import copies_sqlite
from peerlearn.operating.finding import Finding, bad, good, or_good, warn

DRIFT = 5.0  # seconds between two clocks that nobody notices
FAR = 60.0
UNREAD = 10_000  # answers that do not count yet; with fewer the next answer catches up
SQLITE = (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1))
POSTGRESQL = (("fsync", "on"), ("full_page_writes", "on"), ("synchronous_commit", "on"), ("server_encoding", "UTF8"))


def database_of(_settings: Settings) -> list[Finding]:
    """Whether it answers, is at the revision of this code, and keeps what it says it has stored."""
    if database() == "sqlite" and not copies_sqlite.place().exists():
        return [bad("There is no database yet.", "peerlearn upgrade")]
    problem = ready.other_revision()
    if problem:
        return [bad(*problem)]
    answers = f"{'SQLite' if database() == 'sqlite' else 'PostgreSQL'} answers, at the newest revision."
    return or_good(_sqlite() if database() == "sqlite" else _postgresql(), answers)


def _sqlite() -> Iterator[Finding]:
    found = {name: db.session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name, _wanted in SQLITE}
    for name, wanted in SQLITE:
        if found[name] != wanted:
            yield bad(
                f"SQLite's {name} is {found[name]}, and should be {wanted}: changes may get lost.",
                "Keep the database on a disk of this machine, not on a network drive.",
            )


def _postgresql() -> Iterator[Finding]:
    names = [name for name, _wanted in POSTGRESQL]
    asked = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
    found = {row.name: row.setting for row in db.session.execute(asked, {"names": names})}
    for name, wanted in POSTGRESQL:
        if found.get(name) != wanted:
            yield bad(
                f"PostgreSQL's {name} is {found.get(name)}, and should be {wanted}.", "Set it in postgresql.conf."
            )
    if not shutil.which("pg_dump"):
        yield warn(
            "pg_dump is not on this machine, so it makes no backups.", "On Debian: apt install postgresql-client"
        )


def people(_settings: Settings) -> list[Finding]:
    """Whether somebody can sign in."""
    active = db.session.scalar(select(func.count()).select_from(Person).where(Person.is_active)) or 0
    if active:
        return [good(f"{active} people may sign in.")]
    return [
        warn(
            "Nobody has an account: whoever comes first becomes administrator.", "peerlearn people add ADDRESS --admin"
        )
    ]


def clocks(_settings: Settings) -> list[Finding]:
    """Whether this machine's clock agrees with the database's, and does not run behind what has happened."""
    return or_good(_clocks(), "The clock agrees with the database.")


def _clocks() -> Iterator[Finding]:
    mend = "Let the machine's clock be set from the network, for example with chrony or systemd-timesyncd."
    if database() == "postgresql":
        before = clock.now()
        theirs = db.session.scalars(select(func.clock_timestamp())).one()
        apart = max((before - theirs).total_seconds(), (theirs - clock.now()).total_seconds())
        if apart > DRIFT:
            yield (bad if apart > FAR else warn)(f"This clock and the database's are {apart:.0f} seconds apart.", mend)
    newest = db.session.scalar(select(Fact.at).order_by(Fact.id.desc()).limit(1))
    if newest and (ahead := (newest - clock.now()).total_seconds()) > FAR:
        yield bad(f"What happened last is stored {ahead:.0f} seconds in the future: a clock was or is wrong.", mend)


def pictures(settings: Settings) -> list[Finding]:
    """Whether all pictures that lessons name are there."""
    named, there = set(db.session.scalars(select(Picture.digest))), set(Store(settings.media).digests())
    if missing := named - there:
        return [
            bad(
                f"{len(missing)} of {len(named)} pictures are missing, the first is {min(missing)}.",
                f"Take them from a backup: unzip -n BACKUP 'media/*' -d {settings.instance}",
            )
        ]
    return [good(f"No picture is missing; there are {len(named)}.")]


def work(_settings: Settings) -> list[Finding]:
    """Whether what should run by itself has run."""
    return or_good(_work(), "What should run by itself has run.")


def _work() -> Iterator[Finding]:
    if jobs.is_left_undone():
        yield warn(
            "Work is more than 15 minutes late: no worker runs, or it has more to do than it can.",
            "Run PeerLearn with peerlearn serve, which has one, or run peerlearn worker beside it.",
        )
    failed = db.session.scalar(select(func.count()).select_from(QueuedJob).where(QueuedJob.state == "failed")) or 0
    if failed:
        yield warn(f"{failed} jobs failed and are not tried any more.", "Look at the page What runs by itself.")
    if (left := analysis.left()) > UNREAD:
        yield warn(f"{left} facts do not count for item analysis yet.", "peerlearn analysis update")


INSIDE: list[tuple[str, Callable[[Settings], list[Finding]]]] = [
    ("people", people),
    ("clock", clocks),
    ("pictures", pictures),
    ("jobs", work),
]
