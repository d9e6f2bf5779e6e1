"""Workers as processes: beside a web server, by themselves, told to stop, and killed at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.cli import worker
from peerlearn.core import jobs, mail
from peerlearn.core.db import db, reading
from peerlearn.core.jobs import QueuedJob
from tests.journeys.house import free_port
from tests.operating.conftest import ROOT, Install, begin, run

pytestmark = pytest.mark.own_database
HELLO = mail.Mail("ada@example.org", "Hello", "Words.")
NUMBER, ROUNDS = 150, 20
WORK = """
import os, signal, sys, time
from datetime import timedelta
from peerlearn.app import create_app
from peerlearn.config import Settings
from peerlearn.core import clock, jobs
from peerlearn.core.db import db, start_writing
from peerlearn.core.working import Runner

jobs.KINDS.clear()
jobs.LEASE = timedelta(seconds=1)

@jobs.kind("effect", "Effect")
def effect(payload):
    pass

@jobs.kind("mark", "Mark")
def mark(payload):
    start_writing()
    jobs.enqueue("effect", payload, at=clock.now() + timedelta(days=9))
    if os.environ.get("PLANTED"):
        db.session.commit()
        time.sleep(0.02)

app = create_app(Settings.from_env())
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    worker = os.fork()
    if not worker:
        Runner(app).run()
    print(worker, flush=True)
"""


def until(happened: Callable[[], object], seconds: float = 90) -> None:
    """Wait for another process."""
    latest = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < latest, "it did not happen"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody asked about does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(stat.strip()) and not stat.startswith("Z")


def post(app: Flask) -> int:
    """Let a mail wait; its number in the queue."""
    with app.app_context():
        mail.post(HELLO)
        db.session.commit()
        return db.session.scalar(select(func.max(QueuedJob.id))) or 0


def doer(app: Flask, job_id: int) -> int:
    """The process that did a job; 0 as long as nobody has."""
    with app.app_context(), reading():
        job = db.session.get(QueuedJob, job_id)
        assert job is not None
        return int(str(job.taken_by).rpartition(":")[2].partition("/")[0]) if job.state == "done" else 0


def test_once_does_what_is_due_and_ends(install: Install) -> None:
    app = install("first")
    post(app)
    recurring = len(jobs.routines())
    told = run(app, worker, "--once")
    assert told.output.endswith(f"{recurring + 1} jobs done.\n"), told.output
    assert run(app, worker, "--once").output.endswith("0 jobs done.\n")
    with app.app_context(), reading():
        assert set(db.session.scalars(select(QueuedJob.state))) == {"done"}
    assert len(list((app.config["SETTINGS"].instance / "outbox").glob("*.eml"))) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_ends_well(install: Install, number: signal.Signals) -> None:
    app = install("first")
    process = begin(app, "worker")
    try:
        job_id = post(app)
        until(lambda: doer(app, job_id) == process.pid)
        process.send_signal(number)
        assert process.wait(10) == 0
    finally:
        process.kill()
        said = process.communicate()[0]
    assert "Traceback" not in said, said


@pytest.mark.parametrize("ends", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_lives_beside_the_web_server(install: Install, ends: signal.Signals) -> None:
    """It is started again when it dies, and never outlives the server, whichever way that ends."""
    app = install("first")
    process = begin(app, "serve", "--port", free_port())
    try:
        first, second = post(app), 0
        until(lambda: doer(app, first))
        assert doer(app, first) != process.pid
        if ends is signal.SIGTERM:
            os.kill(doer(app, first), signal.SIGKILL)
            second = post(app)
            until(lambda: doer(app, second))
            assert doer(app, second) not in {doer(app, first), process.pid}
        process.send_signal(ends)
        process.wait(20)
        until(lambda: not is_alive(doer(app, second or first)), 10)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("is_planted", [False, True])
def test_whoever_is_killed_at_any_moment_loses_nothing_and_does_nothing_twice(
    install: Install, is_planted: bool
) -> None:
    """Where work is stored apart from its end, which is planted, the same kills do find that it comes twice."""
    app = install("first")
    settings = app.config["SETTINGS"]
    with app.app_context():
        jobs.KINDS["mark"] = jobs.KINDS["mail"]
        for number in range(NUMBER):
            jobs.enqueue("mark", {"number": number})
        db.session.commit()
        del jobs.KINDS["mark"]
    environment = os.environ | {
        "PEERLEARN_SECRET_KEY": settings.secret_key,
        "PEERLEARN_DATABASE_URL": settings.database_url,
        "PEERLEARN_INSTANCE": str(settings.instance),
        "PLANTED": "yes" if is_planted else "",
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", WORK], cwd=ROOT, env=environment, text=True, **pipes) as nursery:  # type: ignore[call-overload]
        for turn in range(ROUNDS):
            before, pid = effects(app), begun(nursery)
            until(lambda before=before: effects(app) > before or not left(app))  # type: ignore[misc]
            time.sleep(0.002 * turn)
            os.kill(pid, signal.SIGKILL)
        pid = begun(nursery)
        until(lambda: not left(app))
        os.kill(pid, signal.SIGKILL)
    found = effects(app)
    assert (found > NUMBER) if is_planted else (found == NUMBER), found


def begun(nursery: subprocess.Popen[str]) -> int:
    """One more worker."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write("another\n")
    nursery.stdin.flush()
    return int(nursery.stdout.readline())


def effects(app: Flask) -> int:
    """How many marks were made."""
    with app.app_context(), reading():
        return db.session.scalar(select(func.count()).where(QueuedJob.name == "effect")) or 0


def left(app: Flask) -> int:
    """How many marks nobody has made."""
    with app.app_context(), reading():
        statement = select(func.count()).where(QueuedJob.name == "mark", QueuedJob.state == "open")
        return db.session.scalar(statement) or 0
