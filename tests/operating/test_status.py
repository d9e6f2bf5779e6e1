"""The page that says how this instance runs, and where its figures come from."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.core import afterwards, clock
from peerlearn.core.db import ask, db, table_of
from peerlearn.operating import glance, jobs, traffic
from peerlearn.operating.models import RequestSum
from tests import factories
from tests.conftest import Statements, own_application
from tests.page import Client

ClientFor = Callable[..., Client]
PAGE = "/operating/status"
SUMS = ("requests", "failed", "milliseconds")
NOW = datetime(2026, 3, 2, 10, 17, tzinfo=UTC)


@pytest.fixture
def admin(client_for: ClientFor) -> Client:
    return client_for(factories.person(roles=(("admin", 0),)))


@pytest.fixture
def served(tmp_path: Path, migrated: str) -> Iterator[Flask]:
    """An application as it serves people: what is to be done afterwards is done."""
    yield from own_application(tmp_path, "status", migrated, testing=False)


def stored(app: Flask) -> list[tuple[datetime, int, int]]:
    with app.app_context():
        columns = RequestSum.begins_at, RequestSum.requests, RequestSum.failed
        return [tuple(row) for row in ask(select(*columns).order_by(RequestSum.begins_at))]


def put(begins_at: datetime, requests: int, failed: int = 0, milliseconds: int = 0) -> None:
    """Store the sums of some minutes."""
    db.session.add(RequestSum(begins_at=begins_at, requests=requests, failed=failed, milliseconds=milliseconds))
    db.session.commit()


def test_it_says_what_an_operator_wants_to_know(admin: Client, app: Flask, statements: Statements) -> None:
    with clock.at(NOW):
        put(NOW - timedelta(minutes=17), 40, 3, 4000)
        put(NOW - timedelta(minutes=12), 10, 0, 1000)
        put(NOW - timedelta(hours=30), 999)
        factories.failed_job()
        statements.clear()
        page = admin.get(PAGE)
        asked = len(statements)
        for minutes in range(60):
            db.session.add(RequestSum(begins_at=NOW - timedelta(minutes=30 + minutes), **dict.fromkeys(SUMS, 1)))
        db.session.commit()
        statements.clear()
        assert "110 requests" in admin.get(PAGE).text
        assert len(statements) == asked
    assert page.heading == "How it runs"
    for words in ("50 requests", "3 failed on our side", "100 ms", "1 failed for good", "No worker seems to run"):
        assert words in page.text, words
    assert "999" not in page.text
    assert ("on PostgreSQL, revision" if os.environ.get("PEERLEARN_TEST_DATABASE_URL") else "on SQLite") in page.text


@pytest.mark.parametrize(
    ("ago", "number"),
    [
        (timedelta(minutes=-59), 5),
        (timedelta(0), 5),
        (timedelta(hours=3), 5),
        (timedelta(hours=3, seconds=1), 4),
        (timedelta(hours=23), 0),
        (timedelta(hours=23, seconds=1), None),
        (timedelta(hours=-1), None),
    ],
)
def test_minutes_belong_to_their_four_hours(ago: timedelta, number: int | None) -> None:
    hour = NOW.replace(minute=0)
    begins_at = hour + timedelta(hours=1) - glance.PARTS * glance.PART
    parts = glance.in_parts(begins_at, [(hour - ago, 4, 1, 10), (hour - ago, 1, 0, 5)])
    assert len(parts) == glance.PARTS
    assert [(at, part.requests, part.failed, part.mean) for at, part in enumerate(parts) if part.requests] == (
        [] if number is None else [(number, 5, 1, 3)]
    )


def test_a_newest_backup_is_told(admin: Client, app: Flask) -> None:
    folder = app.config["SETTINGS"].instance / "backups"
    assert "in backups/ of the instance folder" in admin.get(PAGE).text
    folder.mkdir()
    try:
        (folder / "one.zip").write_bytes(b"")
        os.utime(folder / "one.zip", (NOW.timestamp(), NOW.timestamp()))
        with clock.at(NOW + timedelta(hours=3)):
            assert "3 hours ago" in admin.get(PAGE).text
    finally:
        shutil.rmtree(folder)


@pytest.mark.own_database
def test_requests_cost_nothing_and_are_added_up_by_all_processes(served: Flask) -> None:
    from bench.measure import counted

    worker: afterwards.Worker = served.extensions["afterwards"]
    worker.pause = 0
    with clock.at(NOW), counted(served) as seen:
        for path in ("/robots.txt", "/no/such/page", "/healthz", "/readyz"):
            served.test_client().get(path)
        assert not [statement for statement in seen if "request_sums" in statement]
    assert traffic.store not in worker.waiting
    span = NOW.replace(minute=15)
    with clock.at(NOW + timedelta(minutes=5)):
        served.test_client().get("/robots.txt").close()
    for _ in range(500):
        if len(stored(served)) == 2:
            break
        time.sleep(0.01)
    assert stored(served) == [(span, 2, 0), (span + timedelta(minutes=5), 1, 0)]
    another: traffic.Traffic = served.extensions[traffic.KEY]
    another.add(NOW.timestamp(), 503, 12)
    another.add(NOW.timestamp() + 1000, 200, 12)
    assert not afterwards.run(served, traffic.store)
    assert not afterwards.run(served, traffic.store)
    assert stored(served) == [
        (span, 3, 1), (span + timedelta(minutes=5), 1, 0), (span + timedelta(minutes=15), 1, 0)
    ]  # fmt: skip


def test_old_sums_are_forgotten(db: object) -> None:
    with clock.at(NOW):
        put(NOW - traffic.KEPT - timedelta(minutes=5), 1)
        put(NOW - traffic.KEPT + timedelta(minutes=5), 1)
        jobs.forget()
    assert ask(select(func.count()).select_from(table_of(RequestSum))).scalar() == 1
