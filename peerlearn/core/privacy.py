"""What is kept of a person, and where: each feature says it of its own tables, in its `privacy.py`.

One declaration for each column that names somebody: what of the row they are given when they ask for all that is kept
of them, and what becomes of the row when they are erased. A test insists that no such column is forgotten. Columns that
name other people are never given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, RowMapping, Table, case, delete, null, select, update

from peerlearn.core.db import Base, db, table_of

AT_ONCE = 500  # rows that are in memory together
PEOPLE = "people"

About = Callable[[int], ColumnElement[bool]]
Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True)
class Fate:
    """What becomes of rows about somebody who is erased."""

    goes: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    where: ColumnElement[bool] | None = None  # of these rows only


STAYS = Fate()  # and names the pseudonym
GOES = Fate(goes=True)


def emptied(where: ColumnElement[bool] | None = None, **values: Any) -> Fate:
    """The row stays, and these columns get these values."""
    return Fate(values=values, where=where)


@dataclass(frozen=True)
class Part:
    """Rows of one table that are about a person in one way. `veil`: of which rows some columns may not be told yet."""

    name: str
    table: Table
    column: str
    owner: About
    shown: tuple[str, ...]
    where: ColumnElement[bool] | None
    veil: About | None
    veiled: frozenset[str]
    fate: Fate


PARTS: list[Part] = []
NOT_THEIRS: dict[tuple[str, str], str] = {}
BRINGERS: list[Callable[[int], Files]] = []
REMOVERS: list[Callable[[int], None]] = []


def keeps(
    model: type[Base],
    column: str,
    *,
    only: str = "",
    without: str = "",
    erased: Fate = STAYS,
    owner: About | None = None,
    where: ColumnElement[bool] | None = None,
    veil: tuple[About, str] | None = None,
) -> None:
    """Declare the rows whose `column` names a person, or whose `owner` does by a way of its own.

    They are told `only` these columns, or all `without` some. `veil`: rows of which some columns are not told yet.
    """
    table = table_of(model)
    left_out = {
        *without.split(),
        *(each.name for each in table.columns if each.name != column and names_somebody(each)),
    }
    shown = tuple(only.split()) or tuple(each.name for each in table.columns if each.name not in left_out)
    area = model.__module__.split(".")[1]
    again = any(part.table is table for part in PARTS)
    name = f"{area}/{table.name}" + (f"-{column.removesuffix('_id')}" if again else "")
    about = owner or (lambda person_id: table.c[column] == person_id)
    told_when, veiled = veil or (None, "")
    PARTS.append(Part(name, table, column, about, shown, where, told_when, frozenset(veiled.split()), erased))


def not_theirs(model: type[Base], column: str, why: str) -> None:
    """Declare that a column names a person whose row it is not, and why they are not told."""
    NOT_THEIRS[table_of(model).name, column] = why


def brings(function: Callable[[int], Files]) -> Callable[[int], Files]:
    """Let a function bring files of a person, each with its name: what is more than rows."""
    BRINGERS.append(function)
    return function


def removes(function: Callable[[int], None]) -> Callable[[int], None]:
    """Let a function remove what is kept of a person in another way than rows that name them."""
    REMOVERS.append(function)
    return function


def names_somebody(column: Column[Any]) -> bool:
    """Whether a column names a person."""
    return any(key.column.table.name == PEOPLE for key in column.foreign_keys)


def rows_of(part: Part, person_id: int) -> Iterator[RowMapping]:
    """What a person is told of this part, in the order in which it came; never all in memory."""
    hidden = part.veil(person_id) if part.veil else None
    shown = [part.table.c[name] for name in part.shown]
    columns = [_veiled(each, hidden) if hidden is not None and each.name in part.veiled else each for each in shown]
    statement = select(*columns).where(part.owner(person_id)).order_by(*part.table.primary_key.columns)
    if part.where is not None:
        statement = statement.where(part.where)
    yield from db.session.execute(statement, execution_options={"yield_per": AT_ONCE}).mappings()


def _veiled(column: Column[Any], hidden: ColumnElement[bool]) -> ColumnElement[Any]:
    return case((hidden, null()), else_=column).label(column.name)


def erase(person_id: int) -> None:
    """Do to all rows about a person what was declared. It can be done again."""
    for part in PARTS:
        if part.fate.goes:
            db.session.execute(delete(part.table).where(part.owner(person_id)))
        elif part.fate.values:
            statement = update(part.table).where(part.owner(person_id)).values(**part.fate.values)
            db.session.execute(statement if part.fate.where is None else statement.where(part.fate.where))
    for remove in REMOVERS:
        remove(person_id)
