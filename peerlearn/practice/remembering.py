"""Writing memories down, and reading them as values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from peerlearn.core.db import ask, database
from peerlearn.core.upsert import insert_for
from peerlearn.practice.models import DailySet, Memory
from peerlearn.practice.state import State

NAMES = tuple(State.__slots__)


def state_of(row: Memory | None) -> State | None:
    """A stored memory as a value."""
    return State(**{name: getattr(row, name) for name in NAMES}) if row else None


def columns_of(state: State) -> dict[str, Any]:
    """A state as the columns of its row."""
    return {name: getattr(state, name) for name in NAMES}


def keep(person_id: int, set_id: int, state: State, where: dict[str, int]) -> None:
    """Write a memory down, whether there was one or not, and wait for one's turn in that set.

    `where`: its item, wording, lesson and topic.
    """
    ask(_keep(database()), {"person_id": person_id, "of_set": set_id} | where | columns_of(state))


def wait_turn(set_id: int) -> None:
    """Let answers of a set wait for each other, so that one of them knows that it is the last; PostgreSQL only.

    SQLite has one writer at a time.
    """
    if database() == "postgresql":
        ask(select(_TURN), {"of_set": set_id}).all()


def keep_all(rows: Sequence[dict[str, Any]]) -> None:
    """Write memories down, given as rows, in one statement."""
    if rows:
        ask(_upsert(database()), rows)


_TURN = select(DailySet.id).where(DailySet.id == bindparam("of_set")).with_for_update().scalar_subquery()


@cache
def _keep(dialect: str) -> Any:
    return _upsert(dialect).returning(_TURN)


@cache
def _upsert(dialect: str) -> Any:
    statement = insert_for(dialect, Memory)
    changed = {name: statement.excluded[name] for name in NAMES}
    return statement.on_conflict_do_update(index_elements=("person_id", "item_id"), set_=changed)
