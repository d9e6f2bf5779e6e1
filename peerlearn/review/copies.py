"""Publishing a new lesson pays nothing where most of its text stands in a lesson by others.

What it was begun from counts for nothing, unless it is all but the same: to build on a lesson and say so is welcome. A
curator who approves a lesson that takes much over can say that it stands for itself all the same.

Lessons that are not for everybody count where one of its authors may open them, and nobody is told which: what is said
to curators is of lessons for all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, exists, false, or_, select, true, union_all
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask, db
from peerlearn.lessons import alike, fileformat, prints, visibility
from peerlearn.lessons import queries as lesson_queries
from peerlearn.lessons.alike import Similar
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import Lesson, LessonAuthor, Origin, Revision
from peerlearn.lessons.rules import FOR_SOME, Classification
from peerlearn.review import history, ties
from peerlearn.review.models import Review, ReviewAct
from peerlearn.review.rules import POLICY, State

ACT = "own_lesson"
CLOSED = 50  # lessons that are not for everybody, of which the texts are compared
_Author = aliased(LessonAuthor)


@dataclass(frozen=True)
class Likeness:
    """How much of a new lesson published ones say."""

    nearest: Similar | None = None  # which of those for all shares most with it
    source: Similar | None = None  # in which one by others most of its text stands; `score` is that part of it
    is_its_own: bool = False  # as a curator said
    closest: float = 0.0  # how much the one shares that shares most of all, what it was begun from included
    is_source_closed: bool = False  # not for everybody

    @property
    def is_copied(self) -> bool:
        """Whether so much stands in a lesson by others that nobody is paid for it."""
        return self.source is not None and self.source.score >= POLICY.copied_much

    @property
    def is_asked(self) -> bool:
        """Whether a curator can say that it is a lesson of its own: never of one that is all but the same.

        Nor where the other one is not for everybody: to ask would tell of it.
        """
        return self.is_copied and not self.is_source_closed and self.closest < POLICY.similar_too_much


def likeness(review: Review) -> Likeness:
    """What published lessons say of a lesson that never was; in one statement, by few texts of each sort."""
    if review.lesson.published_id is not None:
        return Likeness()
    file = fileformat.parse(review.revision.source)
    near = select(Origin.origin_id).where(Origin.lesson_id == review.lesson_id)
    rows = ask(
        union_all(
            _texts(review.lesson_id, false()).where(Lesson.id.in_(alike.maybe_similar(file, review.lesson_id))),
            _texts(review.lesson_id, false()).where(Lesson.id.in_(_closed(file, review.lesson_id))),
            _texts(review.lesson_id, true()).where(Lesson.id.in_(near)),
        )
    ).all()
    found = [row for row in rows if not row.is_origin]
    closed = {row.id for row in rows if row.classification in FOR_SOME}
    source = alike.holding_most(
        file, [row for row in found if row.by_others], [row.source for row in rows if row.is_origin]
    )
    return Likeness(
        nearest=next(iter(alike.nearest(file, [row for row in found if row.id not in closed], 1)), None),
        source=source,
        closest=max((each.score for each in alike.nearest(file, rows, 1)), default=0.0),
        is_source_closed=source is not None and source.lesson_id in closed,
    )


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
    return replace(found, is_its_own=is_its_own)


def allow(review: Review, by: Person, *, is_its_own: bool) -> None:
    """Write down that a curator finds it a lesson of its own, where that is asked."""
    if is_its_own and likeness(review).is_asked:
        history.note(review, ACT, by.id)


def _closed(file: LessonFile, lesson_id: int) -> Select[Any]:
    """Published lessons that are not for everybody and that an author of this one may open, so may have copied.

    Of those that stand in no index, the newest: they are few.
    """
    alike_ids = prints.like_any_text(lesson_queries.card_text(file), lesson_id)
    statement = (
        select(Lesson.id)
        .where(Lesson.classification.in_(sorted(FOR_SOME)), Lesson.state == "published", Lesson.id != lesson_id)
        .where(or_(Lesson.classification == str(Classification.CONFIDENTIAL), Lesson.id.in_(alike_ids)))
        .where(visibility.is_named_to_an_author_of(lesson_id))
    )
    return statement.order_by(Lesson.id.desc()).limit(CLOSED).correlate(None)


def _texts(lesson_id: int, is_origin: Any) -> Select[Any]:
    """Published texts, and whether they are by others: somebody among the authors of this lesson did not write them."""
    wrote = ties.is_or_was_author(_Author.person_id, Lesson.id)
    by_others = exists().where(_Author.lesson_id == lesson_id, ~wrote).correlate(Lesson)
    columns = Lesson.id, Lesson.slug, Lesson.title, Lesson.classification, Revision.source
    statement = select(*columns, by_others.label("by_others"), is_origin.label("is_origin"))
    return statement.join(Revision, Revision.id == Lesson.published_id)
