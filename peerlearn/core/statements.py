"""Which statements take long: a line of the log with their text, and never with what they were about.

What is measured is the database's work until the first row is there. Waiting for one's turn to write is no part of it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import Engine

from peerlearn.core import trail

LONGEST = 1000  # characters of a statement
_VALUE = r"(?:\?|%\(\w+\)s(?:::\w+(?: \w+)*)?)"
_LISTS = re.compile(rf"\(\s*{_VALUE}(?:\s*,\s*{_VALUE})*\s*\)")
_TEXTS = re.compile(r"'(?:[^']|'')*'")
_WORD = re.compile(r"'[a-z_-]{0,30}'")
log = logging.getLogger(__name__)


def normalised(statement: str) -> str:
    """A statement as one of its kind: without its texts, and with a list in place of each list, however long."""
    statement = _TEXTS.sub(lambda found: found[0] if _WORD.fullmatch(found[0]) else "'…'", statement)
    return " ".join(_LISTS.sub("(…)", statement).split())[:LONGEST]


def watch(engine: Engine, slow_ms: int) -> None:
    """Count the statements of each request and job; write down the slow ones, also those that fail. 0: none is slow.

    It stands around the three ways in which a dialect sends statements. SQLAlchemy's events would cost each statement
    ten times as much.
    """
    limit = slow_ms / 1000 if slow_ms else float("inf")
    dialect: Any = engine.dialect
    for name in ("do_execute", "do_execute_no_params", "do_executemany"):
        setattr(dialect, name, _timed(getattr(dialect, name), limit))


def _timed(send: Callable[..., None], limit: float) -> Callable[..., None]:
    now, current = time.perf_counter, trail.current

    def timed(cursor: Any, statement: str, *rest: Any, **context: Any) -> None:
        began = now()
        try:
            send(cursor, statement, *rest, **context)
        finally:
            took = now() - began
            doing = current()
            if doing is not None:
                doing.statements += 1
            if took > limit:
                figures = {"ms": round(took * 1000, 1), "statement": normalised(statement)}
                log.warning("a statement took long", extra={"figures": figures})

    return timed
