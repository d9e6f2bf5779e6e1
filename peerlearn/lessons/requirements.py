"""Which lessons have to be learned before another: what its published text names, and what leads back to itself."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import String, TableValuedAlias, bindparam, func, literal, select
from sqlalchemy.orm import aliased

from peerlearn.core.db import ask, database
from peerlearn.lessons.models import Lesson, Revision


def named_by(revision: Any, database: str) -> TableValuedAlias:
    """The ids of lessons (`value`) that a revision says are to be learned first, as rows."""
    if database == "postgresql":
        return func.json_array_elements_text(revision.extras["prerequisites"]).table_valued("value")
    return func.json_each(revision.extras, "$.prerequisites").table_valued("value")


def leading_back(uid: str, prerequisites: Collection[str]) -> frozenset[str]:
    """Which of these lessons wait for the lesson with this id themselves, directly or through others; one statement."""
    if not prerequisites:
        return frozenset()
    values = {"firsts": sorted(prerequisites), "uid": uid}
    return frozenset(ask(_leading_back(database()), values).scalars())


def _leading_back(database: str) -> Any:
    first = select(Lesson.uid.label("first"), Lesson.uid.label("uid"), Lesson.published_id)
    reached = first.where(Lesson.uid.in_(bindparam("firsts", expanding=True))).cte("reached", recursive=True)
    revision, lesson = aliased(Revision), aliased(Lesson)
    named = named_by(revision, database)
    # looked up one by one: joined, SQLite would read all lessons once to know which there are
    published = select(lesson.published_id).where(lesson.uid == named.c.value, lesson.state == "published")
    next_ones = (
        select(reached.c.first, named.c.value, published.correlate(named).scalar_subquery())
        .select_from(reached)
        .join(revision, revision.id == reached.c.published_id)
        .join(named, literal(True))
    )
    reached = reached.union(next_ones)  # each lesson once: a circle ends by itself
    return select(reached.c.first).where(reached.c.uid == bindparam("uid", type_=String)).distinct()
