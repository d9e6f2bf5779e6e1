"""How this instance runs, at one glance."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from flask import current_app
from sqlalchemy import func, select

from peerlearn.config import Settings
from peerlearn.core import clock, jobs, revisions
from peerlearn.core.db import ask, database, db
from peerlearn.core.jobs import QueuedJob
from peerlearn.operating import queries
from peerlearn.operating.examination import LEAST_ROOM, ROOM
from peerlearn.operating.finding import megabytes
from peerlearn.operating.models import RequestSum
from peerlearn.operating.queries import Queue

PART = timedelta(hours=4)
PARTS = 6  # as many columns as a phone has room for


@dataclass(frozen=True)
class Part:
    """Four hours of the last day."""

    begins_at: datetime
    requests: int = 0
    failed: int = 0
    milliseconds: int = 0

    @property
    def mean(self) -> int:
        """Milliseconds to an answer."""
        return round(self.milliseconds / self.requests) if self.requests else 0


@dataclass(frozen=True)
class Status:
    """What an operator wants to know first."""

    release: str
    database: str
    revision: str
    saved_at: datetime | None
    free: str
    room: str  # good, warn or bad
    sends_mail: bool
    worked_at: datetime | None
    is_left_undone: bool
    queue: Queue
    parts: tuple[Part, ...]

    @property
    def requests(self) -> int:
        """Of the last day."""
        return sum(part.requests for part in self.parts)

    @property
    def failed(self) -> int:
        """Requests that failed on our side."""
        return sum(part.failed for part in self.parts)


def status() -> Status:
    """Asks the database a few things whose cost does not grow, and looks at the disk."""
    settings: Settings = current_app.config["SETTINGS"]
    free = shutil.disk_usage(settings.instance).free
    return Status(
        release=version("peerlearn"),
        database="PostgreSQL" if database() == "postgresql" else "SQLite",
        revision=revisions.found_in(db.session.connection()) or "",
        saved_at=_saved_at(settings),
        free=megabytes(free),
        room="bad" if free < LEAST_ROOM else "warn" if free < ROOM else "good",
        sends_mail=bool(settings.smtp_url),
        worked_at=ask(select(func.max(QueuedJob.ended_at))).scalar(),
        is_left_undone=jobs.is_left_undone(),
        queue=queries.queue(),
        parts=last_day(clock.now()),
    )


def _saved_at(settings: Settings) -> datetime | None:
    """When the newest backup in the usual folder was made."""
    made = [file.stat().st_mtime for file in (settings.instance / "backups").glob("*.zip")]
    return datetime.fromtimestamp(max(made), UTC) if made else None


def last_day(moment: datetime) -> tuple[Part, ...]:
    """What was answered in the last six times four hours; the last of them ends with this hour."""
    begins_at = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) - PARTS * PART
    columns = RequestSum.begins_at, RequestSum.requests, RequestSum.failed, RequestSum.milliseconds
    return in_parts(begins_at, ask(select(*columns).where(RequestSum.begins_at >= begins_at)))


def in_parts(begins_at: datetime, sums: Iterable[tuple[datetime, int, int, int]]) -> tuple[Part, ...]:
    """Sums of minutes, added up to parts of a day that begins then."""
    added = [[0, 0, 0] for _ in range(PARTS)]
    for moment, requests, failed, milliseconds in sums:
        number = (moment - begins_at) // PART
        if 0 <= number < PARTS:
            added[number] = [sum(pair) for pair in zip(added[number], (requests, failed, milliseconds), strict=True)]
    return tuple(Part(begins_at + number * PART, *figures) for number, figures in enumerate(added))
