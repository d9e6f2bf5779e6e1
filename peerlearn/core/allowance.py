"""Processor time that several texts share: each alone may be quick, and all of them together take too long."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Allowance:
    """So many seconds of processor time, and how many of them are spent."""

    seconds: float
    spent: float = 0.0

    @property
    def left(self) -> float:
        """What is still there to be spent."""
        return max(0.0, self.seconds - self.spent)

    @property
    def is_half_spent(self) -> bool:
        """Whether what comes next must be held to its time."""
        return self.spent > self.seconds / 2


class _Tidying(threading.local):
    """How long this thread looked for garbage: work that is done for all, in whatever thread it falls due."""

    began = 0.0
    seconds = 0.0

    def __call__(self, phase: str, _about: dict[str, int]) -> None:
        if phase == "start":
            self.began = time.thread_time()
        else:
            self.seconds += time.thread_time() - self.began


_tidying = _Tidying()
gc.callbacks.append(_tidying)


def thread_seconds() -> float:
    """The processor time of this thread for its own work: in a large process, looking for garbage can take a second."""
    return time.thread_time() - _tidying.seconds


_SHARED: ContextVar[Allowance | None] = ContextVar("shared_allowance", default=None)


@contextmanager
def shared(seconds: float) -> Iterator[Allowance]:
    """All texts that are rendered inside share this time; inside another one, they share that one's."""
    outer = _SHARED.get()
    if outer is not None:
        yield outer
        return
    mine = Allowance(seconds)
    token = _SHARED.set(mine)
    try:
        yield mine
    finally:
        _SHARED.reset(token)


def current(seconds: float) -> Allowance:
    """What a text may take now: what is shared, or so much for itself alone."""
    return _SHARED.get() or Allowance(seconds)
