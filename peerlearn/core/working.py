"""A worker: looks at the clock, takes jobs that are due, does them, and stops between two steps when it is told to."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from flask import Flask, g
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from peerlearn.core import afterwards, jobs, trail
from peerlearn.core.db import db, reading, set_reading, start_writing
from peerlearn.core.errors import TooBusy

log = logging.getLogger(__name__)
PAUSE = 2.0  # seconds between two looks at an empty queue
LOOK_EVERY = 20.0  # seconds between two looks at the clock
LONGEST_REST = 60.0  # seconds, where the database does not answer


class Stopped(Exception):
    """The worker has been told to stop."""


class Runner:
    """Does the jobs of an application, one at a time."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.stop = threading.Event()
        self._looked = -LOOK_EVERY

    def run(self) -> None:
        """Work until told to stop. Where the database does not answer it waits for it, ever longer."""
        rest = PAUSE
        while not self.stop.is_set():
            try:
                self.work_off()
                rest = PAUSE
            except (SQLAlchemyError, TooBusy) as error:
                log.warning("The queue cannot be read (%s); trying again in %.0f s.", type(error).__name__, rest)
                rest = min(LONGEST_REST, 2 * rest)
            self.stop.wait(rest)

    def work_off(self) -> int:
        """Do all that is due; how many jobs that were."""
        done = 0
        while not self.stop.is_set():
            set_reading(False)
            with self.app.app_context():
                self._look_at_the_clock()
                job = self._take()
            if job is None:
                break
            self._do(job)
            done += 1
        return done

    def _look_at_the_clock(self) -> None:
        if time.monotonic() - self._looked < LOOK_EVERY:
            return
        with reading():
            missing = jobs.missing_slots()
            db.session.rollback()
        if missing:
            jobs.enqueue_slots(missing)
            db.session.commit()
        self._looked = time.monotonic()

    def _take(self) -> Row[Any] | None:
        with reading():  # an empty queue keeps nobody from writing
            is_due = jobs.is_any_due()
            db.session.rollback()
        if not is_due:
            return None
        job = jobs.take(self.name)
        db.session.commit()
        return job

    def _do(self, job: Row[Any]) -> None:
        """A job in a context like that of a request, so that its mails know the addresses of pages."""
        base_url = self.app.config["SETTINGS"].base_url
        payload, wanted_by = trail.unsigned(job.payload)
        with self.app.test_request_context(base_url=base_url), trail.of_job(job.name, wanted_by):
            try:
                self._steps(job, payload)
            except Exception as error:
                db.session.rollback()
                set_reading(False)
                self._after_error(job, error)
            later = g.pop("afterwards", {})
        for each, portion in afterwards.in_portions(later):
            while afterwards.run(self.app, each, portion):
                pass

    def _steps(self, job: Row[Any], payload: dict[str, Any]) -> None:
        kind = jobs.KINDS.get(job.name)
        if kind is None:
            raise LookupError(job.name)  # of another release, whose workers know it
        set_reading(True)
        work: Iterable[Any] = kind.work(payload) or ()
        for _step in work:
            self._store(job, jobs.renew)
            if self.stop.is_set():
                raise Stopped
            set_reading(True)
        self._store(job, jobs.finish)

    def _store(self, job: Row[Any], end: Any) -> None:
        start_writing(keep=True)
        end(job)
        db.session.commit()

    def _after_error(self, job: Row[Any], error: Exception) -> None:
        with suppress(jobs.LeaseLost):
            if isinstance(error, Stopped):
                jobs.give_back(job)
            elif not isinstance(error, jobs.LeaseLost):
                log.exception("A job failed: %s, try %d", job.name, job.tries)
                jobs.fail(job, error)
            db.session.commit()
