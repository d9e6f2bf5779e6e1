"""Forgetting what has been kept long enough, a portion at a time: nobody waits long for whoever forgets."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, select

from peerlearn.core.db import Base, ask, start_writing, table_of

PORTION = 1_000


def forget(model: type[Base], *conditions: ColumnElement[bool]) -> bool:
    """Remove the oldest rows of a table that these are true of; whether more may be left. The table has an `id`."""
    table = table_of(model)
    oldest = select(table.c.id).where(*conditions).order_by(table.c.id).limit(PORTION)
    ids = list(ask(oldest).scalars())
    if ids:
        start_writing()
        ask(delete(table).where(table.c.id.in_(ids)))
    return len(ids) == PORTION
