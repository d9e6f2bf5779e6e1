"""Whether an application may serve: asked by every web server before its first request, and by `/readyz`."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial

from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from peerlearn.accounts.models import Person
from peerlearn.config import Settings
from peerlearn.core import revisions
from peerlearn.core.db import db, reading
from peerlearn.core.logs import kind_of

log = logging.getLogger(__name__)
PATIENCE = 0.8  # seconds that a probe waits


def check_ready(app: Flask) -> Flask:
    """The same application, if it may serve: a database at the newest revision, and no demo people by mistake."""
    with app.app_context(), reading():
        try:
            problem = _sentences(other_revision()) or _demo_people(app.config["SETTINGS"])
        except DBAPIError as error:
            problem = f"The database does not answer: {error.orig}."
        finally:
            db.session.remove()
    if problem:
        raise SystemExit(problem)
    return app


def unready() -> str | None:
    """Why no request can be served just now, in words that anybody may read; None when all is well.

    Whoever asks has an answer within a second, also where the database has none.
    """
    question: Question = current_app.extensions.setdefault("ready", Question())
    return question.ask(current_app._get_current_object())  # type: ignore[attr-defined]


class Question:
    """Asks the database in a thread of its own, one at a time: whoever asks meanwhile hears the same answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answer: Future[str | None] | None = None

    def ask(self, app: Flask) -> str | None:
        """What is wrong, as far as it is known in time."""
        with self._lock:
            answer = self._answer
            if answer is None or answer.done():
                answer = self._answer = Future()
                find = partial(copy_context().run, self._find, app, answer)
                threading.Thread(target=find, name="ready", daemon=True).start()
        try:
            return answer.result(PATIENCE)
        except TimeoutError:
            return "The database does not answer in time."

    def _find(self, app: Flask, answer: Future[str | None]) -> None:
        problem: str | None = "The database does not answer."
        try:
            with app.app_context(), reading():
                problem = _sentences(other_revision())
                db.session.rollback()
        except SQLAlchemyError as error:
            log.warning("The database cannot be asked: %s", kind_of(error))
        finally:
            answer.set_result(problem)


def other_revision() -> tuple[str, str] | None:
    """What is wrong when the database is not at the revision of this code, and what to do."""
    found, wanted = revisions.found_in(db.session.connection()), revisions.newest()
    if found == wanted:
        return None
    is_newer = found and found not in revisions.known()
    mend = "Start the release that made it, or a newer one." if is_newer else "Run: peerlearn upgrade"
    return f"The database is at revision {found or 'none'}, this code needs {wanted}.", mend


def _sentences(problem: tuple[str, str] | None) -> str | None:
    return " ".join(problem) if problem else None


def _demo_people(settings: Settings) -> str | None:
    demo_people = db.session.scalar(select(func.count()).select_from(Person).where(Person.is_demo))
    if demo_people and not settings.demo:
        return (
            f"This database holds {demo_people} demo accounts with a known password. "
            "Set PEERLEARN_DEMO=1 to run it as a demo, or use a new database."
        )
    return None
