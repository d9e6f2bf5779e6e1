"""Where every curator of a lesson's topics is too close to it, administrators are asked: never silence."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import publish
from peerlearn.lessons.models import LessonAuthor
from peerlearn.review import conflicts, history
from peerlearn.review.events import ReviewHandedUp


def hand_up(lesson_ids: Sequence[int] | None = None) -> int:
    """Ask administrators to decide what no curator may; how many reviews. What is handed up stays so."""
    now = clock.now()
    found = conflicts.without_curator(now, lesson_ids)
    if not found:
        return 0
    asked = administrators()
    authors = _authors_of([review.lesson_id for review in found])
    for review in found:
        review.handed_up_at = now
        history.note(review, "handed_up", review.submitted_by_id)
        publish(ReviewHandedUp(review.id, review.lesson_id, authors[review.lesson_id], asked), by=None)
    db.session.flush()
    return len(found)


def administrators() -> tuple[int, ...]:
    """Everybody who may stand in for curators."""
    roles = accounts.PERMISSIONS["stand_in"].roles
    statement = select(Grant.person_id).join(Person, Person.id == Grant.person_id)
    found = db.session.scalars(statement.where(Grant.role.in_(roles), Person.is_active).distinct())
    return tuple(sorted(found))


def _authors_of(lesson_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    statement = select(LessonAuthor.lesson_id, LessonAuthor.person_id).where(LessonAuthor.lesson_id.in_(lesson_ids))
    found: dict[int, tuple[int, ...]] = {}
    for lesson_id, person_id in db.session.execute(statement.order_by(LessonAuthor.position)):
        found[lesson_id] = (*found.get(lesson_id, ()), person_id)
    return found
