"""Where every curator of a lesson's topics is too close to it, administrators are asked: never silence."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import publish
from peerlearn.lessons.models import LessonAuthor
from peerlearn.review import conflicts, history
from peerlearn.review.events import ReviewHandedUp
from peerlearn.review.models import Review


def hand_up(lesson_ids: Sequence[int] | None = None) -> int:
    """Ask administrators to decide what no curator may; how many reviews. What is handed up stays so."""
    now = clock.now()
    found = conflicts.without_curator(now, lesson_ids)
    if not found:
        return 0
    asked, authors = administrators(), _authors_of([review.lesson_id for review in found])
    ids = [review.id for review in found]
    handed_up = update(Review).where(Review.id.in_(ids)).values(handed_up_at=now, version=Review.version + 1)
    db.session.execute(handed_up, execution_options={"synchronize_session": "fetch"})
    history.note_all("handed_up", ((review.id, review.lesson_id, review.submitted_by_id) for review in found))
    for review in found:
        publish(ReviewHandedUp(review.id, review.lesson_id, authors[review.lesson_id], asked), by=None)
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
