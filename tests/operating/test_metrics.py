"""What is told to Prometheus: to whoever has the token, of requests, queue, engine and database, and of nobody."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from peerlearn.config import Settings, SettingsError
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.operating import metrics
from peerlearn.points.models import HeldEntry
from tests import factories
from tests.conftest import own_application
from tests.journeys.house import free_port
from tests.operating.conftest import ROOT, Install
from tests.page import Client
from tests.reach import POSTGRESQL

TOKEN = "a token that is long enough"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(tmp_path: Path, migrated: str) -> Iterator[Flask]:
    """An application that may be looked at."""
    yield from own_application(tmp_path, "metrics", migrated, metrics_token=TOKEN)


def found(text: str) -> dict[tuple[str, ...], float]:
    """Each value by its name and what its labels say, in the order of their names."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {
        (sample.name, *(word for _label, word in sorted(sample.labels.items()))): sample.value for sample in samples
    }


def test_without_a_token_there_is_no_such_page(client: Client) -> None:
    assert "metrics" not in client.app.extensions
    client.get("/metrics", status=404)
    assert client.http.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.own_database
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", f"Bearer {TOKEN} ", TOKEN, f"Basic {TOKEN}", "Bearer ä"])
def test_nobody_else_looks(watched: Flask, header: str) -> None:
    assert watched.test_client().get("/metrics", headers={"Authorization": header}).status_code == 404


def test_a_token_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(SettingsError, match="METRICS_TOKEN is too short"):
        Settings.from_env({"PEERLEARN_SECRET_KEY": "a secret that only the tests know", "PEERLEARN_METRICS_TOKEN": "x"})


@pytest.mark.own_database
def test_requests_are_counted_by_what_they_ask_for(watched: Flask) -> None:
    browser = watched.test_client()
    for path in ("/healthz", "/healthz", "/no/such/page", "/another", "/lessons/none"):
        browser.get(path)
    browser.open("/healthz", method="BREW")
    values = found(browser.get("/metrics", headers=BEARER).text)
    assert values["peerlearn_requests_total", "home.healthz", "GET", "200"] == 2
    assert values["peerlearn_requests_total", "none", "GET", "404"] == 2
    assert values["peerlearn_request_seconds_count", "home.healthz"] == 2
    assert {name[2] for name in values if name[0] == "peerlearn_requests_total"} <= {"GET", "other"}
    assert not any("such" in label or "another" in label for name in values for label in name)


@pytest.mark.own_database
def test_queue_and_engine_are_told(watched: Flask) -> None:
    with watched.app_context():
        lesson = factories.published_lesson()
        factories.failed_job()
        name = lesson.owner.name
        day = clock.now().date()
        values = {"person_id": lesson.owner_id, "track": "learning", "rule_version": 1, "amount": 5, "day": day}
        for number, state in enumerate(("pending", "pending", "refused")):
            held = HeldEntry(
                rule="L1", source=str(number), at=clock.now(), is_workday=True, reason="", state=state, **values
            )
            db.session.add(held)
        db.session.commit()
    text = watched.test_client().get("/metrics", headers=BEARER).text
    values = found(text)
    assert values["peerlearn_jobs", "failed"] == 1
    assert values["peerlearn_jobs", "due"] == 0
    assert values["peerlearn_jobs_late_seconds",] == 0
    assert values["peerlearn_facts_total",] > 0
    assert values["peerlearn_ledger_entries_total",] > 0
    assert values["peerlearn_points_held",] == 2
    assert values["peerlearn_database_connections",] == 1
    assert name not in text


@pytest.mark.own_database
def test_statements_and_waiting_for_ones_turn_to_write_are_told(watched: Flask) -> None:
    browser = watched.test_client()
    browser.get("/readyz")
    lock = watched.extensions[metrics.LOCK]
    if lock is not None:
        assert lock.acquire(1)
        writer = threading.Thread(target=lock.acquire, args=(5,))
        writer.start()
        time.sleep(0.05)
        lock.release()
        writer.join()
        lock.release()
    values = found(browser.get("/metrics", headers=BEARER).text)
    assert values["peerlearn_statements_total",] >= 1
    waited = values.get(("peerlearn_write_lock_seconds_total",))
    assert waited is None if POSTGRESQL else 0.03 < waited < 5


@pytest.mark.own_database
def test_looking_costs_few_statements(watched: Flask) -> None:
    from bench.measure import counted

    browser = watched.test_client()
    with counted(watched) as seen:
        browser.get("/metrics", headers=BEARER)
    assert len(seen) <= 4, seen


@pytest.mark.own_database
@pytest.mark.skipif(not POSTGRESQL, reason="SQLite serves from one process")
def test_several_processes_count_together(install: Install, tmp_path: Path) -> None:
    app = install("first")
    settings, port = app.config["SETTINGS"], free_port()
    environment: dict[str, Any] = os.environ | {
        "PEERLEARN_SECRET_KEY": settings.secret_key,
        "PEERLEARN_DATABASE_URL": settings.database_url,
        "PEERLEARN_INSTANCE": str(settings.instance),
        "PEERLEARN_METRICS_TOKEN": TOKEN,
    }
    command = [sys.executable, "-m", "peerlearn", "serve", "--no-worker", "--workers", "3", "--port", str(port)]
    alone = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert alone.returncode == 1
    assert "set PROMETHEUS_MULTIPROC_DIR to one" in alone.stderr
    assert "Traceback" not in alone.stderr
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "counter_1.db").write_bytes(b"of an earlier process")
    with subprocess.Popen(command, cwd=ROOT, env=environment | {"PROMETHEUS_MULTIPROC_DIR": str(shared)}) as server:
        try:
            wait_for(port)
            for _number in range(30):
                assert ask(port, "/readyz") == b"ready"
            values = found(ask(port, "/metrics").decode())
        finally:
            server.terminate()
    assert values["peerlearn_requests_total", "home.readyz", "GET", "200"] >= 30


def ask(port: int, path: str) -> bytes:
    """The answer to a request on a connection of its own, which any process may take."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers=BEARER)
    body = connection.getresponse().read()
    connection.close()
    return body


def wait_for(port: int) -> None:
    """Until it serves."""
    latest = time.monotonic() + 90
    while time.monotonic() < latest:
        try:
            ask(port, "/healthz")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("it does not serve")
