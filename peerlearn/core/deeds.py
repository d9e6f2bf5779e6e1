"""A deed is one thing a person does: everything it changes and everything that follows, all or nothing.

Actions are deeds and may call each other. When the outermost returns, its events are handed up the staircase, each
listener getting all of its events at once; they are stored as facts, in one statement, before the first listener that
needs them so. Since listeners stand above what they hear, one pass usually settles everything; when a listener acts on
a lower feature, what that announces is handed round again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from peerlearn.core import clock, facts
from peerlearn.core.db import db
from peerlearn.core.events import SUBSCRIPTIONS, Event, Recorded, Subscription

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
    log: list[Recorded] = field(default_factory=list)
    recorded: int = 0  # how many of them are facts
    known: dict[int, dict[str, Any]] = field(default_factory=dict)  # by the id of whoever acts


_current: ContextVar[_Deed | None] = ContextVar("deed", default=None)


def publish(event: Event, *, by: Actor | None, day: date | None = None) -> None:
    """Announce what happened; it is delivered when the outermost deed ends. `day`: when it is not the actor's today."""
    deed = _current.get()
    if deed is None:
        raise RuntimeError(f"{type(event).__name__} was announced outside a deed")
    now = clock.now()
    day = day or clock.day_of(now, by.timezone if by else "UTC")
    actor_id = by.id if by else None
    deed.log.append(Recorded(event, now, day, actor_id, known=deed.known.get(actor_id or 0, {})))


def know(by: Actor, told: Mapping[str, Any]) -> None:
    """Hand on what a statement of this deed told of whoever acts, with all that is announced from now on."""
    deed = _current.get()
    if deed is None:
        raise RuntimeError("What is known was told outside a deed")
    deed.known.setdefault(by.id, {}).update(told)


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
    db.session.flush()
    news = True
    while news:
        news = False
        for position, subscription in enumerate(SUBSCRIPTIONS):
            since, heard[position] = heard[position], len(current.log)
            fresh = _fresh(current, since, subscription)
            if not fresh:
                continue
            if not all(map(subscription.ahead, fresh)):
                _record(current)
                fresh = _fresh(current, since, subscription)
            news = True
            subscription.listener(fresh)
            db.session.flush()
    _record(current)


def _fresh(current: _Deed, since: int, subscription: Subscription) -> list[Recorded]:
    if since == len(current.log):
        return []
    return [record for record in current.log[since:] if isinstance(record.event, subscription.types)]


def _record(current: _Deed) -> None:
    """Store what was announced since the last time and is kept."""
    waiting = current.log[current.recorded :]
    kept = [record for record in waiting if record.event.kept]
    stored = iter(facts.store(kept) if kept else ())
    current.log[current.recorded :] = [next(stored) if record.event.kept else record for record in waiting]
    current.recorded = len(current.log)
