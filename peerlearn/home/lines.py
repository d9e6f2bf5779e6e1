"""What pages that show a little of everything are made of: lines of one shape, asked for in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Integer, Select, String, cast, literal, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from peerlearn.core.db import UTCDateTime
from peerlearn.lessons.models import Lesson, LessonAuthor, Topic

NO_NUMBER, NO_WORD = literal(0, Integer), literal("", String)
NO_MOMENT = cast(null(), UTCDateTime)


def together(*parts: Select[Any]) -> CompoundSelect[Any]:
    """All these lines in one statement."""
    return union_all(*(select(part.subquery()) for part in parts))


def line(
    kind: str,
    ident: Any = NO_NUMBER,
    slug: Any = NO_WORD,
    title: Any = NO_WORD,
    topic: Any = NO_WORD,
    hue: Any = NO_NUMBER,
    part: Any = NO_NUMBER,
    whole: Any = NO_NUMBER,
    at: Any = NO_MOMENT,
) -> Select[Any]:
    """One kind of line; all kinds have the same columns, in the order of `Task`."""
    return select(
        literal(kind, String).label("kind"),
        ident.label("id"),
        slug.label("slug"),
        title.label("title"),
        topic.label("topic"),
        hue.label("hue"),
        part.label("part"),
        whole.label("whole"),
        at.label("at"),
    )


def of_lesson(kind: str, **columns: Any) -> Select[Any]:
    """A line about a lesson, with its topic; the caller joins both."""
    return line(kind, slug=Lesson.slug, topic=Topic.name, hue=Topic.hue, **columns)


def is_author(person_id: Any, lesson_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether this person is one of the lesson's authors."""
    return lesson_id.in_(select(LessonAuthor.lesson_id).where(LessonAuthor.person_id == person_id))


def by_kind_of(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """The lines found, by their kind."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    return found
