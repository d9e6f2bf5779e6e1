"""Long work on many items at once: spread over the processors, handed back in the order it was given."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")

FEW = 64  # so few are done before helpers have started
CHUNK = 16


def spread(work: Callable[[Item], Done], items: Sequence[Item], *, few: int = FEW) -> Iterator[Done]:
    """What `work` makes of each item. It is a function of a module and knows neither application nor database.

    A few items, or one processor, and it is done here; else by as many helpers as there are processors.
    """
    helpers = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 8)
    if len(items) <= few or helpers < 2:
        yield from map(work, items)
        return
    # fresh processes: nothing of this one, no open connection and no lock, is taken along
    pool = ProcessPoolExecutor(helpers, multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        yield from pool.map(work, items, chunksize=CHUNK)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """Helpers end when their work is called off, not by themselves at Ctrl+C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
