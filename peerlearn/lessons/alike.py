"""Published lessons that say nearly the same as a text."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from peerlearn.core import text
from peerlearn.core.db import db
from peerlearn.lessons import fileformat, prints, queries
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import Lesson, Origin, Revision


@dataclass(frozen=True)
class Similar:
    """A published lesson that shares text with another; `score` is the shared part, 0 to 1."""

    lesson_id: int
    slug: str
    title: str
    score: float


@dataclass(frozen=True)
class MadeFrom:
    """The lesson that another one was made from, and the part of the words that both share, 0 to 1."""

    slug: str
    title: str
    state: str
    classification: str
    share: float


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


def made_from(revision_ids: Collection[int], *which: ColumnElement[bool]) -> dict[int, MadeFrom]:
    """The lessons (some of `which` only) that the lessons of these revisions were made from; one statement."""
    mine = aliased(Revision)
    origin = (Lesson.slug, Lesson.title, Lesson.state, Lesson.classification)
    statement = (
        select(mine.id, mine.source.label("text"), *origin, Revision.source)
        .join(Origin, Origin.lesson_id == mine.lesson_id)
        .join(Lesson, Lesson.id == Origin.origin_id)
        .join(Revision, Revision.id == Lesson.published_id)
        .where(mine.id.in_(revision_ids), *which)
    )
    return {
        row.id: MadeFrom(*row[2:6], text.shared(_shingles_of(row.text), _shingles_of(row.source)))
        for row in (db.session.execute(statement) if revision_ids else ())
    }


@lru_cache(maxsize=64)
def _shingles_of(source: str) -> frozenset[int]:
    """What the cards of a stored text say; kept, since an author is compared with the same lessons again and again."""
    return text.shingles(queries.card_text(fileformat.parse(source)))
