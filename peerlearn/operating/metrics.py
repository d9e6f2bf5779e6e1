"""What this instance says of itself to Prometheus: requests, the queue, the engine, the database; never of anybody.

It is loaded only where it is wanted. Requests are counted in each process; where several serve, they count into files
of a folder that they share, and any of them answers for all. All else is asked of the database when somebody looks.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from sqlalchemy import func, select

from peerlearn.config import SettingsError
from peerlearn.core import clock, jobs, trail
from peerlearn.core.db import FairLock, ask, db
from peerlearn.core.facts import Fact
from peerlearn.operating import queries
from peerlearn.points.models import HeldEntry, LedgerEntry

SHARED = "PROMETHEUS_MULTIPROC_DIR"
SLOW = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
KEY, LOCK = "metrics", "write lock"


class Metrics:
    """What is counted in this process, and what is asked when somebody looks."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.registry = CollectorRegistry()
        self.requests = Counter(
            "peerlearn_requests", "Requests answered", ["method", "endpoint", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "peerlearn_request_seconds", "Time to an answer", ["endpoint"], buckets=SLOW, registry=self.registry
        )
        self.statements = Counter("peerlearn_statements", "Statements that requests sent", registry=self.registry)

    def count(self, response: Response) -> Response:
        """Count a request by what it asked for, which is one of few words, whatever the address was."""
        endpoint = request.endpoint or "none"
        method = request.method if request.method in METHODS else "other"
        self.requests.labels(method, endpoint, str(response.status_code)).inc()
        if (now := trail.current()) is not None:
            self.seconds.labels(endpoint).observe(time.perf_counter() - now.began)
            self.statements.inc(now.statements)
        return response

    def text(self) -> bytes:
        """Everything, in the format that Prometheus reads."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        asked = CollectorRegistry()
        asked.register(Asked())
        counted = self.registry
        if SHARED in os.environ:
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        return generate_latest(counted) + generate_latest(asked)


class Asked:
    """What the database knows, in statements whose cost does not grow with what it holds."""

    def collect(self) -> Iterator[Any]:
        """The queue, the engine and this process's connections."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        queue, oldest = queries.queue(), jobs.oldest_due()
        waiting = GaugeMetricFamily("peerlearn_jobs", "Work for later", labels=["state"])
        for state in ("due", "resting", "failed"):
            waiting.add_metric([state], getattr(queue, state))
        yield waiting
        late = max(0.0, (clock.now() - oldest).total_seconds()) if oldest else 0.0
        yield GaugeMetricFamily("peerlearn_jobs_late_seconds", "How late the oldest job is", value=late)
        newest = [select(func.max(each.id)).scalar_subquery() for each in (Fact, LedgerEntry)]
        held = select(func.count()).select_from(HeldEntry).where(HeldEntry.state == "pending").scalar_subquery()
        facts, entries, waiting_points = ask(select(*newest, held)).one()
        yield CounterMetricFamily("peerlearn_facts", "What happened and is kept", value=facts or 0)
        yield CounterMetricFamily("peerlearn_ledger_entries", "Lines of the ledger of points", value=entries or 0)
        yield GaugeMetricFamily("peerlearn_points_held", "Points that wait for a decision", value=waiting_points)
        lock: FairLock | None = current_app.extensions[LOCK]
        if lock is not None:
            yield CounterMetricFamily(
                "peerlearn_write_lock_seconds", "Time that requests waited for their turn to write", value=lock.waited
            )
        pool: Any = db.engine.pool
        yield GaugeMetricFamily(
            "peerlearn_database_connections", "Connections in use by the process that answers", value=pool.checkedout()
        )


def init_app(app: Flask, token: str) -> None:
    """Count requests, if somebody may look: whoever has the token."""
    if not token:
        return
    metrics = app.extensions[KEY] = Metrics()
    app.after_request_funcs.setdefault(None, []).insert(0, metrics.count)  # the last to run: all others are over


def may_look(authorization: str) -> bool:
    """Whether a header brings the token. Without one set, nobody may."""
    token: str = current_app.config["SETTINGS"].metrics_token
    return bool(token) and hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())


def begin_anew(workers: int) -> None:
    """Forget what earlier processes counted. Several that do not count together would each tell their own part."""
    if KEY not in current_app.extensions:
        return
    folder = os.environ.get(SHARED)
    if folder is None and workers > 1:
        raise SettingsError(f"Several processes count together in a folder: set {SHARED} to one.")
    for file in Path(folder).glob("*.db") if folder else ():
        file.unlink()
