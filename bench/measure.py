"""How two things are compared: in turns, in the same run, by the medians of several rounds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import event

from bench.servers import Request, Server
from peerlearn.core.db import db, set_reading

ROUNDS = 5
SAMPLES = 5
Take = Callable[[int], list[Request]]  # the next so many requests
NOT_COUNTED = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


@dataclass(frozen=True)
class Row:
    """One line of the report."""

    name: str
    ours: str
    anchor: str
    found: float
    goal: float
    unit: str = "×"
    statements: int | None = None

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        return self.found <= self.goal


@dataclass(frozen=True)
class Cost:
    """Server processor time of one request, in milliseconds: ours and the anchor's, and their ratio."""

    ours: float
    anchor: float
    ratio: float


class Failed(Exception):
    """A request was not answered as it should be, so there is nothing to measure."""


def same(request: Request) -> Take:
    """The same request again and again."""
    return lambda count: [request] * count


def each(requests: Iterator[Request]) -> Take:
    """Every request once."""
    return lambda count: [next(requests) for _ in range(count)]


def cost(server: Server, requests: Sequence[Request]) -> float:
    """Server processor time per request, in milliseconds."""
    before = server.cpu()
    answers = server.send(requests)
    spent = server.cpu() - before
    if answers.failures:
        raise Failed(answers.failures[0])
    return 1000 * spent / len(requests)


def compare(ours: tuple[Server, Take], anchor: tuple[Server, Take], count: int = 30, rounds: int = ROUNDS) -> Cost:
    """Measure both in turns; the ratio is the median of each round's."""
    pairs = []
    for number in range(rounds + 1):
        pair = cost(ours[0], ours[1](count)), cost(anchor[0], anchor[1](count))
        if number:  # the first round warms up
            pairs.append(pair)
    mine, theirs = zip(*pairs, strict=True)
    return Cost(median(mine), median(theirs), median(a / b for a, b in pairs))


def quickest(act: Callable[[], Any], samples: int = SAMPLES) -> float:
    """Milliseconds that something takes when nothing is in its way."""
    times = []
    for _ in range(samples):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that the application's database is asked inside."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(NOT_COUNTED):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def statements(app: Flask, take: Take) -> int:
    """How many statements the second of two such requests takes: the first fills caches."""
    client = app.test_client(use_cookies=False)
    for request in take(2):
        with counted(app) as seen:
            method = "POST" if request.form else "GET"
            client.open(request.path, method=method, data=request.form or None, headers=request.headers)
    set_reading(False)  # a request in this thread may have said otherwise
    return len(seen)
