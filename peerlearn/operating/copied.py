"""What a copy of the database holds: its revision, and how many rows each table has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import click
from sqlalchemy import func, inspect, literal, select, table, union_all
from sqlalchemy.engine import Connection

from peerlearn.core import clock, fulltext, revisions


@dataclass(frozen=True)
class Contents:
    """What can be compared to know that two databases hold the same."""

    revision: str
    rows: Mapping[str, int]

    @property
    def people(self) -> int:
        """How many people have an account."""
        return self.rows.get("people", 0)


def contents_of(connection: Connection) -> Contents | None:
    """What a database holds in this very transaction; None when it has no tables of ours."""
    revision = revisions.found_in(connection)
    if revision is None:
        return None
    names = sorted(name for name in inspect(connection).get_table_names() if not fulltext.is_index_table(name))
    counts = union_all(*(select(literal(name), func.count()).select_from(table(name)) for name in names))
    return Contents(revision, {row[0]: row[1] for row in connection.execute(counts)})


def insist(contents: Contents | None) -> Contents:
    """The contents, if there are any."""
    if contents is None:
        raise click.ClickException("This database has no tables of PeerLearn yet. Run: peerlearn upgrade")
    return contents


def insist_alike(found: Contents | None, wanted: Contents) -> None:
    """Refuse a copy that holds something else than it says."""
    if found != wanted:
        raise click.ClickException("The rows in this backup are not those that it says it has. Take another backup.")


def stamp() -> str:
    """This moment as a part of a name; names in this form sort by time."""
    return f"{clock.now():%Y%m%d-%H%M%S-%f}"[:-3]
