"""Lessons that went into others: what holds, where addresses lead, and when it ends. None of it commits.

Who may merge, and who hears of it, is for review to say.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload, load_only

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, db, table_of
from peerlearn.core.deeds import deed
from peerlearn.core.errors import Conflict
from peerlearn.core.words import N_
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, LessonMerge

CHANGED = N_("One of the two lessons changed since. Bring this one back by hand instead.")
_NAMED = load_only(Lesson.id, Lesson.slug, Lesson.title, Lesson.state, Lesson.published_id, Lesson.version)


@deed
def keep(lesson: Lesson, into: Lesson, *, by: Person) -> LessonMerge:
    """Keep that a lesson, archived a moment ago, went into another one."""
    db.session.flush()
    merge = LessonMerge(
        lesson_id=lesson.id,
        into_id=into.id,
        by_id=by.id,
        lesson_version=lesson.version,
        into_revision_id=into.published_id,
    )
    db.session.add(merge)
    return merge


def end(lesson_id: int) -> None:
    """A lesson is one of its own again."""
    holds = update(table_of(LessonMerge)).where(LessonMerge.lesson_id == lesson_id, LessonMerge.ended_at.is_(None))
    ask(holds.values(ended_at=clock.now()))


def merge_of(lesson_id: int) -> LessonMerge | None:
    """The merge of a lesson that holds now, with both lessons as they stand."""
    statement = (
        select(LessonMerge)
        .where(LessonMerge.lesson_id == lesson_id, LessonMerge.ended_at.is_(None))
        .options(joinedload(LessonMerge.lesson).options(_NAMED), joinedload(LessonMerge.into).options(_NAMED))
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(statement).one_or_none()


def is_as_it_was(merge: LessonMerge) -> bool:
    """Whether nothing changed since, so that a merge can be undone."""
    stays = merge.into.state == "published" and merge.into.published_id == merge.into_revision_id
    return stays and merge.lesson.state == "archived" and merge.lesson.version == merge.lesson_version


def check_undoable(merge: LessonMerge) -> None:
    """Raises Conflict when something changed since."""
    if not is_as_it_was(merge):
        raise Conflict(CHANGED)


def leads_to(lesson_id: int) -> str | None:
    """The address of the lesson that this one went into, while that is for everybody."""
    statement = select(Lesson.slug).join(LessonMerge, LessonMerge.into_id == Lesson.id)
    return db.session.scalar(
        statement.where(LessonMerge.lesson_id == lesson_id, LessonMerge.ended_at.is_(None), visibility.is_for_all())
    )
