"""Work after the response: once, one at a time, again while more is left, and no error reaches anybody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from peerlearn.app import create_app
from peerlearn.core.afterwards import PORTION, Worker, afterwards, by_itself, hand_over
from peerlearn.core.db import db as database
from tests.conftest import settings_for

pytestmark = pytest.mark.own_database


@pytest.fixture
def own_app(tmp_path: Path) -> Iterator[Flask]:
    """An application of its own: the worker's thread has its own session."""
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'afterwards.db'}", tmp_path))
    yield app
    with app.app_context():
        database.engine.dispose()


@pytest.fixture
def worker(own_app: Flask) -> Worker:
    return Worker(own_app, pause=0.01)


def until(happened: Callable[[], bool]) -> None:
    """Wait a little for another thread."""
    for _ in range(500):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")


def test_a_job_that_is_asked_for_twice_runs_once(worker: Worker) -> None:
    done: list[str] = []

    def job() -> bool:
        done.append(threading.current_thread().name)
        return False

    worker.take({job: ()})
    worker.take({job: ()})
    assert done == []
    worker.start()
    until(lambda: worker._thread is None)
    assert done == ["afterwards"]


def test_a_job_is_done_once_for_all_that_it_is_asked_about(own_app: Flask, worker: Worker) -> None:
    given: list[list[int]] = []

    def job(about: set[int]) -> bool:
        given.append(sorted(about))
        return len(given) == 1  # some are left: it is given all of them again

    own_app.extensions["afterwards"] = worker
    for about in ((3, 1), (2,), (3,)):
        with own_app.test_request_context():
            afterwards(job, *about)
            afterwards(job, about[0])
            hand_over(own_app.response_class(status=302))
    worker.start()
    until(lambda: worker._thread is None)
    assert given == [[1, 2, 3], [1, 2, 3]]


def test_many_are_done_in_portions_and_only_those_that_are_left_again(own_app: Flask, worker: Worker) -> None:
    given: list[list[int]] = []

    def job(about: list[int]) -> bool:
        given.append(sorted(about))
        return len(given) == 2

    own_app.extensions["afterwards"] = worker
    with own_app.test_request_context():
        afterwards(job, *range(2 * PORTION + 1))
        hand_over(own_app.response_class())
    worker.start()
    until(lambda: worker._thread is None)
    assert [len(portion) for portion in given] == [PORTION, PORTION, 1, PORTION]
    assert given[3] == given[1]
    assert sorted(number for portion in given[:3] for number in portion) == list(range(2 * PORTION + 1))


def test_a_part_that_fails_is_undone_and_logged_and_the_rest_is_stored(
    own_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with own_app.app_context():
        database.session.execute(text("CREATE TABLE parts (number INTEGER)"))
        database.session.commit()
        for number in (1, 2, 3):
            with by_itself(f"part {number}"):
                database.session.execute(text("INSERT INTO parts VALUES (:number)"), {"number": number})
                if number == 2:
                    raise RuntimeError
        database.session.rollback()
        assert database.session.scalars(text("SELECT number FROM parts ORDER BY number")).all() == [1, 3]
        database.session.remove()
    assert "a part of a job failed: part 2" in caplog.text


def test_a_job_goes_on_while_more_is_left_and_never_twice_at_once(worker: Worker) -> None:
    running, most, left = [0], [0], [5]

    def job() -> bool:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.01)
        running[0] -= 1
        left[0] -= 1
        return left[0] > 0

    for _ in range(20):
        worker.take({job: ()})
        worker.start()
    until(lambda: left[0] <= 0 and worker._thread is None)
    assert most == [1]


def test_an_error_is_logged_and_the_others_go_on(worker: Worker, caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def broken() -> bool:
        raise RuntimeError("no")

    def sound() -> bool:
        done.append("sound")
        return False

    worker.take({broken: (), sound: ()})
    worker.start()
    until(lambda: worker._thread is None)
    assert done == ["sound"]
    assert "a job failed: <function test_an_error" in caplog.text


@pytest.mark.parametrize(("status", "waits"), [(200, True), (302, True), (422, False), (500, False)])
def test_only_what_was_stored_has_a_sequel(own_app: Flask, status: int, waits: bool) -> None:
    def job() -> bool:
        return False

    with own_app.test_request_context():
        afterwards(job)
        hand_over(own_app.response_class(status=status))
    waiting = own_app.extensions["afterwards"].waiting
    assert (job in waiting) is waits


def test_outside_a_request_nothing_waits(own_app: Flask) -> None:
    with own_app.app_context():
        afterwards(lambda: False)
    assert not own_app.extensions["afterwards"].waiting
