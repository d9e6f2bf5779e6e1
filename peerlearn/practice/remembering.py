"""Writing memories down, and reading them as values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from peerlearn.core.db import ask, database
from peerlearn.core.upsert import insert_for
from peerlearn.practice.models import Memory
from peerlearn.practice.state import State

NAMES = tuple(State.__slots__)


def state_of(row: Memory | None) -> State | None:
    """A stored memory as a value."""
    return State(**{name: getattr(row, name) for name in NAMES}) if row else None


def columns_of(state: State) -> dict[str, Any]:
    """A state as the columns of its row."""
    return {name: getattr(state, name) for name in NAMES}


def keep(person_id: int, state: State, where: dict[str, int]) -> None:
    """Write a memory down, whether there was one or not. `where`: its item, wording, lesson and topic."""
    keep_all([{"person_id": person_id} | where | columns_of(state)])


def keep_all(rows: Sequence[dict[str, Any]]) -> None:
    """Write memories down, given as rows, in one statement."""
    if rows:
        ask(_upsert(database()), rows)


@cache
def _upsert(dialect: str) -> Any:
    statement = insert_for(dialect, Memory)
    changed = {name: statement.excluded[name] for name in NAMES}
    return statement.on_conflict_do_update(index_elements=("person_id", "item_id"), set_=changed)
