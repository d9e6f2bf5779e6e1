"""Publishing a new lesson pays nothing where most of its text stands in a lesson by others.

What it was begun from counts for nothing: that it builds on a lesson and says so is welcome. A curator who approves a
lesson that takes much over can say that it stands for itself all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, false, select, true, union_all
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask, db
from peerlearn.lessons import alike, fileformat
from peerlearn.lessons.alike import Similar
from peerlearn.lessons.models import Lesson, LessonAuthor, Origin, Revision
from peerlearn.review import history, ties
from peerlearn.review.models import Review, ReviewAct
from peerlearn.review.rules import POLICY, State

ACT = "own_lesson"


@dataclass(frozen=True)
class Likeness:
    """How much of a new lesson published ones say."""

    nearest: Similar | None = None  # which of them shares most with it
    source: Similar | None = None  # in which one by others most of its text stands; `score` is that part of it
    is_its_own: bool = False  # as a curator said

    @property
    def is_copied(self) -> bool:
        """Whether so much stands in a lesson by others that nobody is paid for it."""
        return self.source is not None and self.source.score >= POLICY.copied_much

    @property
    def is_asked(self) -> bool:
        """Whether a curator can say that it is a lesson of its own: never of one that is all but the same."""
        return self.is_copied and (self.nearest is None or self.nearest.score < POLICY.similar_too_much)


def likeness(review: Review) -> Likeness:
    """What published lessons say of a lesson that never was; in one statement, by thirteen texts at most."""
    if review.lesson.published_id is not None:
        return Likeness()
    file = fileformat.parse(review.revision.source)
    near = select(Origin.origin_id).where(Origin.lesson_id == review.lesson_id)
    rows = ask(
        union_all(
            _texts(review.lesson_id, false()).where(Lesson.id.in_(alike.maybe_similar(file, review.lesson_id))),
            _texts(review.lesson_id, true()).where(Lesson.id.in_(near)),
        )
    ).all()
    found = [row for row in rows if not row.is_origin]
    nearest = next(iter(alike.nearest(file, found, 1)), None)
    by_others = [row for row in found if row.by_others]
    return Likeness(nearest, alike.holding_most(file, by_others, [row.source for row in rows if row.is_origin]))


def to_tell(review: Review) -> Similar | None:
    """The lesson by others of which whoever decides is told: they can say that this is one of its own.

    It costs a statement only where something was alike when the text came in.
    """
    if review.state != State.OPEN or review.similar_id is None:
        return None
    found = likeness(review)
    return found.source if found.is_asked else None


def look_again(review: Review) -> Likeness:
    """What is published by now, when a lesson is: others may have waited beside it."""
    found = likeness(review)
    if review.lesson.published_id is None:
        review.similarity = found.nearest.score if found.nearest else 0.0
        review.similar_id = found.nearest.lesson_id if found.nearest else None
    said = exists().where(ReviewAct.review_id == review.id, ReviewAct.act == ACT)
    is_its_own = found.is_copied and bool(db.session.scalar(select(said)))
    return Likeness(found.nearest, found.source, is_its_own)


def allow(review: Review, by: Person, *, is_its_own: bool) -> None:
    """Write down that a curator finds it a lesson of its own, where that is asked."""
    if is_its_own and likeness(review).is_asked:
        history.note(review, ACT, by.id)


def _texts(lesson_id: int, is_origin: Any) -> Select[Any]:
    """Published texts, and whether they are by others: somebody among the authors of this lesson did not write them."""
    author = aliased(LessonAuthor)
    wrote = ties.is_or_was_author(author.person_id, Lesson.id)
    by_others = exists().where(author.lesson_id == lesson_id, ~wrote).correlate(Lesson)
    columns = Lesson.id, Lesson.slug, Lesson.title, Revision.source
    statement = select(*columns, by_others.label("by_others"), is_origin.label("is_origin"))
    return statement.join(Revision, Revision.id == Lesson.published_id)
