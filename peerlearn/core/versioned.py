"""Storing what changed of a row whose version number tells that somebody else was quicker.

The statements are made once. Everybody waits for whoever writes, and the session takes several times as long to find
out what has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, bindparam, exists, update
from sqlalchemy.orm.attributes import set_committed_value

from peerlearn.core.db import Base, ask, database, table_of
from peerlearn.core.errors import Conflict


@dataclass(frozen=True)
class Change:
    """What is to be stored of a row, over the state in which it was read."""

    model: type[Base]
    names: tuple[str, ...]
    values: dict[str, Any]


def put(row: Any, **changes: Any) -> Change:
    """Change a row with `id` and `saves` in memory; `store` what comes back."""
    model = cast("type[Base]", type(row))
    values = {"row_id": row.id, "row_saves": row.saves, "saves": row.saves + 1} | changes
    for name in ("saves", *changes):
        set_committed_value(row, name, values[name])
    return Change(model, tuple(changes), {_bound(model, name): value for name, value in values.items()})


def store(*changes: Change) -> None:
    """Store one change or two, all or none; Conflict when somebody else stored something meanwhile."""
    if database() == "postgresql" and len(changes) == 2:
        first, second = changes
        _run(_both(first.model, first.names, second.model, second.names), first.values | second.values)
        return
    for change in changes:
        _run(_update(change.model, change.names), change.values)


def save(row: Any, **changes: Any) -> None:
    """Change a row and store it."""
    store(put(row, **changes))


def save_and_tell(row: Any, told: ColumnElement[Any], **changes: Any) -> Any:
    """Change a row and store it; what the same statement tells of other rows, which spares one of its own."""
    change = put(row, **changes)
    found = ask(_update_and_tell(change.model, change.names, told), change.values).all()
    if len(found) != 1:
        raise Conflict()
    return found[0][0]


def _run(statement: Any, values: dict[str, Any]) -> None:
    if ask(statement, values).rowcount != 1:
        raise Conflict()


def _bound(model: type[Base], name: str) -> str:
    return f"{model.__tablename__}_{name}"


@cache
def _update(model: type[Base], names: tuple[str, ...]) -> Any:
    table = table_of(model)
    is_same = and_(
        table.c.id == bindparam(_bound(model, "row_id")), table.c.saves == bindparam(_bound(model, "row_saves"))
    )
    return update(table).where(is_same).values({name: bindparam(_bound(model, name)) for name in ("saves", *names)})


@cache
def _update_and_tell(model: type[Base], names: tuple[str, ...], told: ColumnElement[Any]) -> Any:
    return _update(model, names).returning(told)


@cache
def _both(first: type[Base], first_names: tuple[str, ...], second: type[Base], second_names: tuple[str, ...]) -> Any:
    """Both in one statement, which PostgreSQL can: the second happens only if nobody else had changed the first."""
    done = _update(first, first_names).returning(table_of(first).c.id).cte("done")
    return _update(second, second_names).where(exists().select_from(done)).add_cte(done)
