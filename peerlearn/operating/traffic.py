"""How many requests are answered: counted in each process, and added to the database's sums every five minutes.

A request costs an addition. When a span of time is over, the next request lets its sums be stored once the answer is
sent. A process that ends takes up to five minutes of figures with it.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

from flask import Flask, Response, current_app, request
from sqlalchemy import delete

from peerlearn.core import afterwards, clock, trail
from peerlearn.core.db import ask, start_writing, table_of
from peerlearn.core.upsert import insert_into
from peerlearn.operating.models import RequestSum

SPAN = 300  # seconds
KEPT = timedelta(days=8)
PROBES = frozenset({"home.healthz", "home.readyz", "operating.look"})  # asked by machines all the time
KEY = "traffic"
_SUMS = table_of(RequestSum).c


class Traffic:
    """The sums of this process that are not stored yet, by when their span begins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: dict[int, list[int]] = {}

    def add(self, moment: float, status: int, milliseconds: int) -> bool:
        """Count a request; whether there are sums of a span that is over."""
        span = int(moment) // SPAN
        with self._lock:
            sums = self._sums.get(span)
            if sums is None:
                sums = self._sums[span] = [0, 0, 0]
            sums[0] += 1
            sums[1] += status >= 500
            sums[2] += milliseconds
            return len(self._sums) > 1

    def take(self) -> dict[datetime, list[int]]:
        """All sums, which are the taker's to keep from now on."""
        with self._lock:
            sums, self._sums = self._sums, {}
        return {datetime.fromtimestamp(span * SPAN, UTC): each for span, each in sums.items()}


def init_app(app: Flask) -> None:
    """Count the requests of an application."""
    app.extensions[KEY] = Traffic()
    app.after_request_funcs.setdefault(None, []).insert(0, _count)  # the last to run: all others are over


def _count(response: Response) -> Response:
    now = trail.current()
    if now is None or request.endpoint in PROBES:
        return response
    traffic: Traffic = current_app.extensions[KEY]
    took = round((time.perf_counter() - now.began) * 1000)
    if traffic.add(clock.now().timestamp(), response.status_code, took) and not current_app.testing:
        worker: afterwards.Worker = current_app.extensions["afterwards"]
        worker.take({store: ()})
        response.call_on_close(worker.start)
    return response


def store() -> bool:
    """Add this process's sums to those of all."""
    traffic: Traffic = current_app.extensions[KEY]
    names = ("requests", "failed", "milliseconds")
    rows = [{"begins_at": span, **dict(zip(names, sums, strict=True))} for span, sums in traffic.take().items()]
    if rows:
        start_writing()
        insert = insert_into(RequestSum)
        added = {name: _SUMS[name] + insert.excluded[name] for name in names}
        ask(insert.on_conflict_do_update(index_elements=["begins_at"], set_=added), rows)
    return False


def forget_old() -> None:
    """Take away what no page shows any more."""
    ask(delete(RequestSum).where(RequestSum.begins_at < clock.now() - KEPT))
