"""What this thread is at just now, for the log: a request or a job, under an id by which people can name it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

WANTED_BY = "_request_id"  # the entry of a job's payload that says which request wanted it


@dataclass(slots=True)
class Trail:
    """One request or job: what it is called, when it began, and how many statements it has sent."""

    request_id: str
    endpoint: str = ""
    job: str = ""
    statements: int = 0
    began: float = field(default_factory=time.perf_counter)


_trail: ContextVar[Trail | None] = ContextVar("trail", default=None)


def begin(request_id: str, endpoint: str) -> None:
    """A request begins."""
    _trail.set(Trail(request_id, endpoint))


def end() -> None:
    """Nothing is done any more."""
    _trail.set(None)


def current() -> Trail | None:
    """What is being done."""
    return _trail.get()


def request_id() -> str:
    """The id of the request that this is for, or nothing."""
    trail = _trail.get()
    return trail.request_id if trail else ""


@contextmanager
def of_job(job: str, wanted_by: str) -> Iterator[None]:
    """A job that a request wanted, or nobody but the clock."""
    token = _trail.set(Trail(wanted_by, job=job))
    try:
        yield
    finally:
        _trail.reset(token)


def signed(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A job's payload, with the request that wants it."""
    wanted_by = request_id()
    return {**payload, WANTED_BY: wanted_by} if wanted_by else dict(payload)


def unsigned(payload: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """A job's payload as it was given, and the request that wanted it."""
    given = dict(payload)
    return given, str(given.pop(WANTED_BY, ""))
