"""Published lessons that say nearly the same as a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from peerlearn.core import text
from peerlearn.core.db import db
from peerlearn.lessons import fileformat, prints, queries
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import Lesson, Revision


@dataclass(frozen=True)
class Similar:
    """A published lesson that shares text with another; `score` is the shared part, 0 to 1."""

    lesson_id: int
    slug: str
    title: str
    score: float


def similar_published(file: LessonFile, *, lesson_id: int, limit: int = 3) -> list[Similar]:
    """Published lessons for all whose cards share text with this one, the nearest first; one statement."""
    statement = (
        select(Lesson.id, Lesson.slug, Lesson.title, Revision.source)
        .join(Revision, Revision.id == Lesson.published_id)
        .where(Lesson.id.in_(maybe_similar(file, lesson_id)))
    )
    return nearest(file, db.session.execute(statement).all(), limit)


def maybe_similar(file: LessonFile, lesson_id: int) -> Select[Any]:
    """The published lessons for all that most likely say nearly the same, for the statement that reads their texts."""
    return prints.like_text(queries.card_text(file), lesson_id)


def nearest(file: LessonFile, rows: Iterable[Any], limit: int = 3) -> list[Similar]:
    """Those of some lessons (id, slug, title, source) whose cards share text with this one, the nearest first."""
    mine = text.shingles(queries.card_text(file))
    found = [Similar(row.id, row.slug, row.title, text.shared(mine, _shingles_of(row.source))) for row in rows]
    return sorted((each for each in found if each.score > 0), key=lambda each: -each.score)[:limit]


def holding_most(file: LessonFile, rows: Iterable[Any], apart: Iterable[str]) -> Similar | None:
    """In which of these lessons most of a text's cards stands; its `score` is that part of them, however long it is.

    What stands in the texts `apart` counts for none.
    """
    mine = text.shingles(queries.card_text(file))
    free = mine.difference(*map(_shingles_of, apart))
    found = [Similar(row.id, row.slug, row.title, len(free & _shingles_of(row.source)) / len(mine)) for row in rows]
    return max((each for each in found if each.score > 0), key=lambda each: each.score, default=None)


@lru_cache(maxsize=64)
def _shingles_of(source: str) -> frozenset[int]:
    """What the cards of a stored text say; kept, since an author is compared with the same lessons again and again."""
    return text.shingles(queries.card_text(fileformat.parse(source)))
