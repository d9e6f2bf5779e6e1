"""Work that nobody has to wait for: it runs in this process once the response is sent, in a transaction of its own.

There is no scheduler and no queue. A job is for what can be worked out again from the database at any time: when the
process ends before its turn, the next one that is asked for does it too. So a job must be safe to run twice, and in two
processes at once. What many requests ask of a job before its turn it does once, in portions of what they asked about.
An error is logged and shown to nobody. Commands and tests run their jobs themselves.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager

from flask import Flask, Response, current_app, g, has_request_context

from peerlearn.core import trail
from peerlearn.core.db import db, set_reading

log = logging.getLogger(__name__)
Job = Callable[..., bool]  # does some of the work, given all that it was asked about, if that was said; is more left?
Asked = Mapping[Job, Collection[Hashable]]
PAUSE = 3.0  # seconds between two rounds
PORTION = 25  # a job is given no more than these at once, such as people: one that takes long lets others answer
BREATH = 0.05  # seconds between two portions


class Worker:
    """Runs the jobs that wait, one at a time, in a thread that ends when none is left."""

    def __init__(self, app: Flask, pause: float = PAUSE) -> None:
        self.app = app
        self.pause = pause
        self.waiting: dict[Job, set[Hashable]] = {}
        self._wanted_by: dict[Job, str] = {}  # the newest request of those that want it
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def take(self, jobs: Asked) -> None:
        """Let these jobs wait for their turn; the same job waits once, for all that it is asked about."""
        with self._lock:
            for job, about in jobs.items():
                self.waiting.setdefault(job, set()).update(about)
                self._wanted_by[job] = trail.request_id()

    def start(self) -> None:
        """Begin to work, unless it is being worked already."""
        with self._lock:
            if self.waiting and self._thread is None:
                self._thread = threading.Thread(target=self._work, name="afterwards", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while jobs := self._next():
            for job, portion in in_portions(jobs):
                with trail.of_job(job.__name__, self._wanted_by[job]):
                    if run(self.app, job, portion):
                        self.take({job: portion})
                time.sleep(min(BREATH, self.pause))
            time.sleep(self.pause)

    def _next(self) -> Asked:
        with self._lock:
            jobs, self.waiting = self.waiting, {}
            if not jobs:
                self._thread = None
            return jobs


def in_portions(jobs: Asked) -> Iterator[tuple[Job, Collection[Hashable]]]:
    """Each job with a part of what it is asked about at a time; once where it is asked about nothing."""
    for job, about in jobs.items():
        every = list(about)
        for start in range(0, max(1, len(every)), PORTION):
            yield job, every[start : start + PORTION]


def run(app: Flask, job: Job, about: Collection[Hashable] = ()) -> bool:
    """Run a job now, and store what it did; whether more is left."""
    with app.app_context():
        set_reading(True)  # whoever writes says so: nobody else waits meanwhile
        try:
            more = job(about) if about else job()
            db.session.commit()
        except Exception:
            log.exception("a job failed: %s", job)
            db.session.rollback()
            return False
        return more


def store() -> None:
    """Store what a long job has done so far, and let others write while it goes on reading."""
    db.session.commit()
    set_reading(True)


@contextmanager
def by_itself(part: object) -> Iterator[None]:
    """A part of a long job in a transaction of its own: when it fails that is logged, and the job goes on."""
    try:
        yield
        db.session.commit()
    except Exception:
        log.exception("a part of a job failed: %s", part)
        db.session.rollback()
    finally:
        set_reading(True)


def afterwards(job: Job, *about: Hashable) -> None:
    """Let a job run once the response to this request is sent, if what the request did is stored.

    `about`: what the job is for, such as ids of people. It is given all that was said before its turn, some at once.
    """
    if has_request_context():
        g.setdefault("afterwards", {}).setdefault(job, set()).update(about)


def hand_over(response: Response) -> Response:
    """Give the jobs of a request to the worker, which begins when the last byte has left."""
    jobs = g.get("afterwards")
    if jobs and response.status_code < 400:
        worker: Worker = current_app.extensions["afterwards"]
        worker.take(jobs)
        if not current_app.testing:
            response.call_on_close(worker.start)
    return response


def init_app(app: Flask) -> None:
    """Give an application its worker."""
    app.extensions["afterwards"] = Worker(app)
    app.after_request(hand_over)
