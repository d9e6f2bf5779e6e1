"""What helps to judge a text: lessons that say nearly the same, and how its authors' texts fared before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Integer, Select, String, and_, case, func, literal, select, union_all
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask
from peerlearn.lessons import alike, fileformat
from peerlearn.lessons.alike import Similar
from peerlearn.lessons.models import Lesson, LessonAuthor, Revision
from peerlearn.review.models import Review

SHOWN = 5
LEAST = 0.02  # alike, to be worth a look


@dataclass(frozen=True)
class Past:
    """How one author's other texts fared."""

    person_id: int
    name: str
    published: int  # lessons that were ever published
    decided: int  # texts that were published or not accepted
    accepted: int
    rounds: float | None  # on average, of those that were published

    @property
    def is_new(self) -> bool:
        """Whether nothing of theirs was decided before."""
        return not self.decided


@dataclass(frozen=True)
class Background:
    """What stands around a text that waits."""

    similar: Sequence[Similar]
    authors: Sequence[Past]


def background(review: Review, *, with_authors: bool) -> Background:
    """Similar lessons, and the authors' past unless it is hidden; one statement."""
    file = fileformat.parse(review.revision.source)
    parts = [_sources(alike.maybe_similar(file, review.lesson_id))]
    if with_authors:
        parts.append(_authors(review.lesson_id))
    rows = ask(union_all(*parts)).all()
    texts = [SimpleNamespace(id=row.id, slug=row.slug, title=row.name, source=row.source) for row in rows if row.slug]
    similar = [one for one in alike.nearest(file, texts, SHOWN) if one.score >= LEAST]
    return Background(similar, sorted((_past(row) for row in rows if not row.slug), key=lambda one: one.name))


def _past(row: Any) -> Past:
    return Past(
        row.id, row.name, row.published, row.decided, row.accepted, row.rounds / row.accepted if row.accepted else None
    )


def _sources(lesson_ids: Select[Any]) -> Any:
    none = literal(0, Integer)
    numbers = (none.label(name) for name in ("published", "decided", "accepted", "rounds"))
    return (
        select(Lesson.id, Lesson.slug, Lesson.title.label("name"), Revision.source, *numbers)
        .join(Revision, Revision.id == Lesson.published_id)
        .where(Lesson.id.in_(lesson_ids))
    )


def _authors(lesson_id: int) -> Any:
    """Counts over the other lessons of this one's authors."""
    other = aliased(LessonAuthor)
    final = Review.state.in_(("approved", "rejected"))
    accepted = Review.state == "approved"
    return (
        select(
            Person.id,
            literal("", String).label("slug"),
            Person.name,
            literal("", String).label("source"),
            func.count(case((Lesson.published_at.is_not(None), Lesson.id)).distinct()).label("published"),
            func.count(case((final, Review.revision_id)).distinct()).label("decided"),
            func.count(case((accepted, Review.revision_id)).distinct()).label("accepted"),
            func.coalesce(func.sum(case((accepted, Review.round))), 0).label("rounds"),
        )
        .select_from(LessonAuthor)
        .join(Person, Person.id == LessonAuthor.person_id)
        .outerjoin(other, and_(other.person_id == LessonAuthor.person_id, other.lesson_id != lesson_id))
        .outerjoin(Lesson, Lesson.id == other.lesson_id)
        .outerjoin(Review, Review.lesson_id == Lesson.id)
        .where(LessonAuthor.lesson_id == lesson_id)
        .group_by(Person.id, Person.name)
    )
