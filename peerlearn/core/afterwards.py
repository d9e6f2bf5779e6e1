"""Work that nobody has to wait for: it runs in this process once the response is sent, in a transaction of its own.

There is no scheduler and no queue. A job is for what can be worked out again from the database at any time: when the
process ends before its turn, the next one that is asked for does it too. So a job must be safe to run twice, and in two
processes at once. An error is logged and shown to nobody. Commands and tests run their jobs themselves.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from flask import Flask, Response, current_app, g, has_request_context

from peerlearn.core.db import db, set_reading

log = logging.getLogger(__name__)
Job = Callable[[], bool]  # does some of the work; whether more is left
PAUSE = 3.0  # seconds between two rounds


class Worker:
    """Runs the jobs that wait, one at a time, in a thread that ends when none is left."""

    def __init__(self, app: Flask, pause: float = PAUSE) -> None:
        self.app = app
        self.pause = pause
        self.waiting: dict[Job, None] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def take(self, jobs: Iterable[Job]) -> None:
        """Let these jobs wait for their turn; the same job waits once."""
        with self._lock:
            self.waiting.update(dict.fromkeys(jobs))

    def start(self) -> None:
        """Begin to work, unless it is being worked already."""
        with self._lock:
            if self.waiting and self._thread is None:
                self._thread = threading.Thread(target=self._work, name="afterwards", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while jobs := self._next():
            self.take([job for job in jobs if run(self.app, job)])
            time.sleep(self.pause)

    def _next(self) -> list[Job]:
        with self._lock:
            jobs = list(self.waiting)
            self.waiting.clear()
            if not jobs:
                self._thread = None
            return jobs


def run(app: Flask, job: Job) -> bool:
    """Run a job now, and store what it did; whether more is left."""
    with app.app_context():
        set_reading(True)  # whoever writes says so: nobody else waits meanwhile
        try:
            more = job()
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


def afterwards(job: Job) -> None:
    """Let a job run once the response to this request is sent, if what the request did is stored."""
    if has_request_context():
        g.setdefault("afterwards", {})[job] = None


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
