"""What a text takes is its own time: nobody's text is refused because the interpreter tidied up meanwhile."""

from __future__ import annotations

import gc
import time

from peerlearn.core import allowance


def test_looking_for_garbage_is_not_the_text_s_time() -> None:
    heap = [[number] for number in range(300_000)]
    spent, own = time.thread_time(), allowance.thread_seconds()
    gc.collect()
    spent, own = time.thread_time() - spent, allowance.thread_seconds() - own
    assert len(heap) == 300_000
    assert own < spent / 3, f"{own} of {spent} seconds"


def test_work_is() -> None:
    own = allowance.thread_seconds()
    assert sum(number % 7 for number in range(300_000)) > 0
    assert allowance.thread_seconds() - own > 0
