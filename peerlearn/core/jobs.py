"""Work for later: a row of the transaction that wants it, and a lease for whoever does it.

A job is stored or not together with what asks for it. A worker takes the oldest that is due and has it for the time of
a lease; when the worker dies, the lease ends and another one takes it. What a job changes in the database is stored
together with its end, and only by whoever still has it: so each effect comes once. What leaves the database, such as a
mail, can come twice where a worker dies between the two; it carries a number by which its receiver knows it again.

What recurs is a routine. Its jobs are keyed by slots of time (`schedule`), so that any number of workers may look at
the clock and there is still one schedule. A job that fails is tried again, ever later, and then waits for somebody.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Index, Row, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from peerlearn.core import clock, logs, trail
from peerlearn.core.db import Base, Word, ask, db, table_of
from peerlearn.core.schedule import Rhythm
from peerlearn.core.upsert import insert_into

LEASE = timedelta(minutes=5)  # each step of a job begins it anew
TRIES = 8  # over a day and a half
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=12)
LATE = timedelta(minutes=15)  # a worker that is there begins sooner, unless the job before takes longer
KEPT = timedelta(days=40)  # longer than the longest slot, whose name must be known until it is over
ERROR_LENGTH = 200


_OPEN, _FAILED = text("state = 'open'"), text("state = 'failed'")


class GiveUp(Exception):
    """Trying again is in vain."""


class LeaseLost(Exception):
    """Somebody else has this job by now."""


class QueuedJob(Base):
    """Something to be done once. While somebody has it, `due_at` is when their lease ends."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state in ('open', 'done', 'failed')", name="state"),
        Index("ix_jobs_open", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_jobs_failed", "id", sqlite_where=_FAILED, postgresql_where=_FAILED),
        Index("ix_jobs_name", "name", "id"),
        Index("ix_jobs_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Word]
    key: Mapped[str | None] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]]  # emptied when it is done: it may hold a mail
    state: Mapped[Word]  # open, done or failed
    due_at: Mapped[datetime]
    tries: Mapped[int]
    taken_by: Mapped[str | None]  # who has it, or had it last
    error: Mapped[str | None]  # what kind of error it was, never what it said: that may name people
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


Work = Callable[[Mapping[str, Any]], Iterable[Any] | None]
"""Does a job, given its payload. It begins reading, and says when it writes (`start_writing`).

What it yields ends a step: what was done so far is stored, and the lease begins anew.
"""


@dataclass(frozen=True)
class Kind:
    """A kind of job: what does it, what administrators read of it, and its rhythm if it recurs."""

    name: str
    work: Work
    title: str
    rhythm: Rhythm | None = None


KINDS: dict[str, Kind] = {}


def kind(name: str, title: str) -> Callable[[Work], Work]:
    """Make a function what does jobs of this name. `title`: said to administrators."""

    def keep(work: Work) -> Work:
        KINDS[name] = Kind(name, work, title)
        return work

    return keep


Routine = Callable[[], Iterable[Any] | None]


def routine(name: str, title: str, rhythm: Rhythm) -> Callable[[Routine], Routine]:
    """Let a function run once in each slot of a rhythm. Of slots in which nobody worked the newest is made up for."""

    def keep(function: Routine) -> Routine:
        KINDS[name] = Kind(name, lambda _payload: function(), title, rhythm)
        return function

    return keep


def while_more(job: Callable[[], bool]) -> Routine:
    """A routine of a job that does a portion and says whether more is left."""

    def portions() -> Iterator[None]:
        while job():
            yield

    return portions


def wait_before(tries: int) -> timedelta:
    """How long a job rests that failed so many times: a minute, then five times as long each time, up to half a day."""
    return min(LONGEST_WAIT, FIRST_WAIT * int(5 ** (tries - 1)))


def enqueue(name: str, payload: Mapping[str, Any], *, key: str | None = None, at: datetime | None = None) -> None:
    """Let this be done once the running transaction is stored, at `at` or soon; nothing if its key was there before."""
    assert name in KINDS, name
    _insert([_row(name, payload, key, at or clock.now())])


def _row(name: str, payload: Mapping[str, Any], key: str | None, due_at: datetime) -> dict[str, Any]:
    fixed = {"state": "open", "tries": 0, "created_at": clock.now()}
    return {"name": name, "payload": trail.signed(payload), "key": key, "due_at": due_at, **fixed}


def _insert(rows: Sequence[Mapping[str, Any]]) -> None:
    db.session.connection().execute(insert_into(QueuedJob).on_conflict_do_nothing(index_elements=["key"]), rows)


def routines() -> list[Kind]:
    """What recurs, in the order in which it is done."""
    return [each for each in KINDS.values() if each.rhythm]


def slot_keys(moment: datetime) -> dict[str, tuple[str, datetime]]:
    """For each routine its key in the slot that has begun last, and when that was."""
    zone = clock.zone(clock.organisation_zone())
    found = {}
    for each in routines():
        assert each.rhythm
        slot = each.rhythm.slot(moment, zone)
        found[each.name] = (f"{each.name}@{slot.name}", slot.begins)
    return found


def missing_slots() -> list[dict[str, Any]]:
    """What is due by the clock and is in no queue yet."""
    keys = slot_keys(clock.now())
    known = set(ask(select(QueuedJob.key).where(QueuedJob.key.in_([key for key, _begins in keys.values()]))).scalars())
    return [_row(name, {}, key, begins) for name, (key, begins) in keys.items() if key not in known]


def enqueue_slots(rows: Sequence[Mapping[str, Any]]) -> None:
    """Put these in the queue, each unless somebody was quicker."""
    _insert(rows)


_JOBS = table_of(QueuedJob)
_MINE = (_JOBS.c.id == bindparam("job_id"), _JOBS.c.taken_by == bindparam("mine"), _JOBS.c.state == "open")
_DUE = (
    select(_JOBS.c.id)
    .where(_JOBS.c.state == "open", _JOBS.c.due_at <= bindparam("now"))
    .order_by(_JOBS.c.due_at, _JOBS.c.id)
    .limit(1)
)
_TAKE = (
    update(_JOBS)
    .where(_JOBS.c.id == _DUE.with_for_update(skip_locked=True).scalar_subquery(), _JOBS.c.state == "open")
    .values(due_at=bindparam("until"), tries=_JOBS.c.tries + 1, taken_by=bindparam("mine"))
    .returning(_JOBS.c.id, _JOBS.c.name, _JOBS.c.payload, _JOBS.c.tries, _JOBS.c.taken_by)
)
_RENEW = update(_JOBS).where(*_MINE).values(due_at=bindparam("until"))
_DONE = update(_JOBS).where(*_MINE).values(state="done", ended_at=bindparam("now"), payload={}, error=None)
_AGAIN = update(_JOBS).where(*_MINE).values(due_at=bindparam("until"), error=bindparam("said"))
_FAIL = update(_JOBS).where(*_MINE).values(state="failed", ended_at=bindparam("now"), error=bindparam("said"))
_GIVE_BACK = update(_JOBS).where(*_MINE).values(due_at=bindparam("now"), tries=_JOBS.c.tries - 1)


def is_any_due() -> bool:
    """Whether a job waits that is due; asked before anything is locked."""
    return ask(_DUE, {"now": clock.now()}).scalar() is not None


def take(worker: str) -> Row[Any] | None:
    """The oldest job that is due, for the time of a lease; None when there is none. Store that before it is done."""
    moment = clock.now()
    mine = f"{worker}/{secrets.token_hex(6)}"
    found: Row[Any] | None = ask(_TAKE, {"now": moment, "until": moment + LEASE, "mine": mine}).first()
    return found


def renew(job: Row[Any]) -> None:
    """Begin the lease anew."""
    _mine(_RENEW, job, until=clock.now() + LEASE)


def finish(job: Row[Any]) -> None:
    """It is done."""
    _mine(_DONE, job, now=clock.now())


def give_back(job: Row[Any]) -> None:
    """Let another worker take it at once; this does not count as a try."""
    _mine(_GIVE_BACK, job, now=clock.now())


def fail(job: Row[Any], error: Exception) -> None:
    """It failed: it rests and is tried again, or waits for somebody who lets it be tried again."""
    said = logs.name_of(error)[:ERROR_LENGTH]
    if isinstance(error, GiveUp):
        said = str(error)[:ERROR_LENGTH]
    if isinstance(error, GiveUp) or job.tries >= TRIES:
        _mine(_FAIL, job, now=clock.now(), said=said)
    else:
        _mine(_AGAIN, job, until=clock.now() + wait_before(job.tries), said=said)


def _mine(statement: Any, job: Row[Any], **values: Any) -> None:
    if ask(statement, {"job_id": job.id, "mine": job.taken_by, **values}).rowcount != 1:
        raise LeaseLost(job.id)


def again(job_id: int) -> bool:
    """Let a job be tried anew that has failed; whether there was one."""
    statement = (
        update(_JOBS)
        .where(_JOBS.c.id == job_id, _JOBS.c.state == "failed")
        .values(state="open", due_at=clock.now(), tries=0, ended_at=None)
    )
    return bool(ask(statement).rowcount)


def forget_old() -> None:
    """Take what ended long ago out of the table."""
    ask(delete(_JOBS).where(_JOBS.c.ended_at < clock.now() - KEPT))


def oldest_due() -> datetime | None:
    """Since when the job waits that has waited longest; None where nothing is due."""
    statement = select(func.min(QueuedJob.due_at)).where(QueuedJob.state == "open", QueuedJob.due_at <= clock.now())
    oldest: datetime | None = ask(statement).scalar()
    return oldest


def is_left_undone() -> bool:
    """Whether so much is late that no worker can be there."""
    late = clock.now() - LATE
    oldest = oldest_due()
    return (oldest is not None and oldest < late) or any(row["due_at"] < late for row in missing_slots())
