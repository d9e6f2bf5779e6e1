"""The facts table: every kept event, append-only, ids only. The ledger can be drawn from it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Index, Integer, insert, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from peerlearn.core.db import Base, ask, table_of
from peerlearn.core.events import Event, Recorded
from peerlearn.core.likewise import but


class Fact(Base):
    """One thing that happened. Rows are never changed or removed; the database refuses both."""

    __tablename__ = "facts"
    __table_args__ = (
        Index("ix_facts_actor_type_day", "actor_id", "type", "day"),
        Index("ix_facts_type_id", "type", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    day: Mapped[date]  # the actor's local date when it happened
    type: Mapped[str]
    actor_id: Mapped[int | None]
    data: Mapped[dict[str, Any]]


@dataclass(frozen=True)
class Question:
    """What a listener wants to know about whoever acts, as a column about their id."""

    types: tuple[type[Event], ...]
    about: Callable[[ColumnElement[int]], ColumnElement[Any]]
    early: bool


ALONG: dict[str, Question] = {}


def ask_along(
    name: str, types: tuple[type[Event], ...], about: Callable[[ColumnElement[int]], Any], *, early: bool = False
) -> None:
    """Let the statement that stores facts of these types also answer a question: `record.known[name]`.

    It spares whoever listens a statement of its own. The column must not read the facts themselves. What may be known
    `early` is answered by a statement of the action itself, where the action asks for it; see `early_answers`.
    """
    ALONG[name] = Question(types, about, early)


def early_answers(kind: type[Event], actor_id: ColumnElement[int]) -> list[ColumnElement[Any]]:
    """The columns that an action's last statement may tell before it announces a kind of event; see `deeds.know`."""
    return [q.about(actor_id).label(name) for name, q in ALONG.items() if q.early and issubclass(kind, q.types)]


def store(records: Sequence[Recorded]) -> list[Recorded]:
    """Write the facts in one statement; the records with their ids and what was asked along.

    Both databases number the rows of one VALUES list in its order, so sorted rows are the records' own.
    """
    asked = tuple(name for name, q in ALONG.items() if any(map(partial(_lacks, name, q), records)))
    rows = [
        {
            "at": record.at,
            "day": record.day,
            "type": type(record.event).__name__,
            "actor_id": record.actor_id,
            "data": dict(vars(record.event)),
        }
        for record in records
    ]
    stored = sorted(ask(_store(asked), rows), key=lambda row: row[0])
    return [
        but(record, fact_id=row[0], known={**record.known, **dict(zip(asked, row[1:], strict=True))})
        for record, row in zip(records, stored, strict=True)
    ]


def _lacks(name: str, question: Question, record: Recorded) -> bool:
    return isinstance(record.event, question.types) and name not in record.known


@cache
def _store(asked: tuple[str, ...]) -> Any:
    actor = literal_column("facts.actor_id", Integer)  # as text: what RETURNING names has no FROM to be found in
    answers = (ALONG[name].about(actor).label(name) for name in asked)
    return insert(table_of(Fact)).returning(table_of(Fact).c.id, *answers)
