"""A deed is one thing a person does: everything it changes and everything that follows, all or nothing.

Actions are deeds and may call each other. When the outermost returns, its events are stored as facts and handed up the
staircase, each listener getting all of its events at once. Since listeners stand above what they hear, one pass usually
settles everything; when a listener acts on a lower feature, what that announces is handed round again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

from peerlearn.core import clock, facts
from peerlearn.core.db import db
from peerlearn.core.events import SUBSCRIPTIONS, Event, Recorded

P = ParamSpec("P")
R = TypeVar("R")


class Actor(Protocol):
    """Whoever acts: an id and a time zone are all the kernel needs to know."""

    @property
    def id(self) -> int: ...
    @property
    def timezone(self) -> str: ...


@dataclass
class _Deed:
    announced: list[Recorded] = field(default_factory=list)
    log: list[Recorded] = field(default_factory=list)


_current: ContextVar[_Deed | None] = ContextVar("deed", default=None)


def publish(event: Event, *, by: Actor | None, day: date | None = None) -> None:
    """Announce what happened; it is delivered when the outermost deed ends. `day`: when it is not the actor's today."""
    deed = _current.get()
    if deed is None:
        raise RuntimeError(f"{type(event).__name__} was announced outside a deed")
    now = clock.now()
    day = day or clock.day_of(now, by.timezone if by else "UTC")
    deed.announced.append(Recorded(event, now, day, by.id if by else None))


def deed(action: Callable[P, R]) -> Callable[P, R]:
    """Make an action a deed: the outermost one flushes and delivers before it returns."""

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _current.get() is not None:
            return action(*args, **kwargs)
        current = _Deed()
        token = _current.set(current)
        try:
            result = action(*args, **kwargs)
            _settle(current)
            return result
        finally:
            _current.reset(token)

    return run


def _settle(current: _Deed) -> None:
    heard = [0] * len(SUBSCRIPTIONS)
    _record(current)
    news = True
    while news:
        news = False
        for position, subscription in enumerate(SUBSCRIPTIONS):
            fresh = [r for r in current.log[heard[position] :] if isinstance(r.event, subscription.types)]
            heard[position] = len(current.log)
            if fresh:
                news = True
                subscription.listener(fresh)
                _record(current)


def _record(current: _Deed) -> None:
    db.session.flush()
    announced, current.announced = current.announced, []
    kept = [record for record in announced if record.event.kept]
    stored = iter(facts.store(kept) if kept else ())
    current.log += [next(stored) if record.event.kept else record for record in announced]
