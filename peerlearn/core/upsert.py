"""Inserting what may be there already: both databases know `ON CONFLICT`, SQLAlchemy spells it per dialect."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from peerlearn.core.db import Base, database, table_of


def insert_into(model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT into a model's table that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_for(database(), model)


def insert_for(database: str, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """The same for a database by its name: what is often asked is made once for each. Rows are given when it runs."""
    if database == "postgresql":
        return postgresql.insert(table_of(model))
    return sqlite.insert(table_of(model))
