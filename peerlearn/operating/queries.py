"""What the queue of work for later says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select, union_all

from peerlearn.core import clock, jobs
from peerlearn.core.db import ask, db
from peerlearn.core.jobs import Kind, QueuedJob
from peerlearn.core.paging import PAGE, Page, key_from, page_of


@dataclass(frozen=True)
class Recurring:
    """A routine with its newest job, and when it is due next."""

    kind: Kind
    last: QueuedJob | None
    next_at: datetime


@dataclass(frozen=True)
class Queue:
    """How much waits, by now and for another try, and how much failed for good."""

    due: int
    resting: int
    failed: int


def queue() -> Queue:
    """How long the queue is."""
    is_open, is_due = QueuedJob.state == "open", QueuedJob.due_at <= clock.now()
    waiting = select(func.count(case((is_due, 1))), func.count(case((~is_due, 1)))).where(is_open)
    due, resting = ask(waiting).one()
    failed = ask(select(func.count()).select_from(QueuedJob).where(QueuedJob.state == "failed")).scalar()
    return Queue(due, resting, failed)


def recurring() -> list[Recurring]:
    """All routines, in their order."""
    moment, zone = clock.now(), clock.zone(clock.organisation_zone())
    known = jobs.routines()
    newest = union_all(*(select(func.max(QueuedJob.id)).where(QueuedJob.name == each.name) for each in known))
    last = {job.name: job for job in db.session.scalars(select(QueuedJob).where(QueuedJob.id.in_(newest)))}
    return [Recurring(each, last.get(each.name), each.rhythm.slot(moment, zone).ends) for each in known if each.rhythm]


def failed(after: str | None) -> Page[QueuedJob]:
    """What failed for good, the newest first."""
    statement = select(QueuedJob).where(QueuedJob.state == "failed").order_by(QueuedJob.id.desc()).limit(PAGE + 1)
    if (last := key_from(after)) is not None:
        statement = statement.where(QueuedJob.id < last)
    return page_of(db.session.scalars(statement).all(), lambda job: job.id)
