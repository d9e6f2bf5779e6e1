"""Storing what changed of a row whose version number tells that somebody else was quicker.

The statements are made once. Everybody waits for whoever writes, and the session takes several times as long to find
out what has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, bindparam, exists, update
from sqlalchemy.orm.attributes import set_committed_value

from peerlearn.core.db import Base, ask, database, table_of
from peerlearn.core.errors import Conflict

Told = tuple[ColumnElement[Any], ...]


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


def store(*changes: Change, told: Told = (), about: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Store one change or two, all or none; Conflict when somebody else stored something meanwhile.

    What the last statement is to tell of other rows comes back by name, which spares a statement of its own: `told` are
    labelled columns, made once, and `about` the values of their parameters.
    """
    *first, last = changes
    values = last.values | dict(about or {})
    if first and database() == "postgresql":
        return _run(_both(first[0].model, first[0].names, last.model, last.names, told), first[0].values | values)
    for change in first:
        _run(_update(change.model, change.names), change.values)
    return _run(_update(last.model, last.names, told), values)


def save(row: Any, **changes: Any) -> None:
    """Change a row and store it."""
    store(put(row, **changes))


def _run(statement: Any, values: dict[str, Any]) -> dict[str, Any]:
    found = ask(statement, values)
    rows = [dict(row._mapping) for row in found] if found.returns_rows else [{}] * found.rowcount
    if len(rows) != 1:
        raise Conflict()
    return rows[0]


def _bound(model: type[Base], name: str) -> str:
    return f"{model.__tablename__}_{name}"


@cache
def _update(model: type[Base], names: tuple[str, ...], told: Told = ()) -> Any:
    table = table_of(model)
    is_same = and_(
        table.c.id == bindparam(_bound(model, "row_id")), table.c.saves == bindparam(_bound(model, "row_saves"))
    )
    statement = update(table).where(is_same)
    changed = statement.values({name: bindparam(_bound(model, name)) for name in ("saves", *names)})
    return changed.returning(*told) if told else changed


@cache
def _both(
    first: type[Base], first_names: tuple[str, ...], second: type[Base], second_names: tuple[str, ...], told: Told
) -> Any:
    """Both in one statement, which PostgreSQL can: the second happens only if nobody else had changed the first."""
    done = _update(first, first_names).returning(table_of(first).c.id).cte("done")
    return _update(second, second_names, told).where(exists().select_from(done)).add_cte(done)
