"""What waits longer than promised is told once to the curators who may decide, and then to administrators."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import ask, db, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.review import conflicts, handing_up
from peerlearn.review.events import ReviewOverdue
from peerlearn.review.models import Review

AT_ONCE = 100


def escalate() -> bool:
    """Tell of what waits too long; whether more is left. Nothing is written for nothing."""
    now = clock.now()
    if not db.session.scalar(select(or_(_late(now).exists(), _undecided(now).exists()))):
        return False
    start_writing()
    return _tell() == AT_ONCE


@deed
def _tell() -> int:
    now = clock.now()
    late = _mark(_late(now), now, "escalated_at", "widened_at")
    people: dict[int, list[int]] = {review_id: [] for review_id, _lesson in late}
    for review_id, person_id in ask(_curators(), {"ids": list(people)} | conflicts.bound(now)):
        people[review_id].append(person_id)
    for review_id, lesson_id in late:
        publish(ReviewOverdue(review_id, lesson_id, tuple(people[review_id]), is_up=False), by=None)
    undecided = _mark(_undecided(now), now, "escalated_up_at")
    administrators = handing_up.administrators() if undecided else ()
    for review_id, lesson_id in undecided:
        publish(ReviewOverdue(review_id, lesson_id, administrators, is_up=True), by=None)
    return max(len(late), len(undecided))


def _mark(which: Any, now: datetime, column: str, *also: str) -> list[tuple[int, int]]:
    """Write down that these are told; what another process told meanwhile is left out.

    What is late is also open to whoever comes second, and they are told with the others.
    """
    statement = (
        update(Review)
        .where(Review.id.in_(which), getattr(Review, column).is_(None))
        .values({column: now} | {name: func.coalesce(getattr(Review, name), now) for name in also})
        .returning(Review.id, Review.lesson_id)
    )
    found = db.session.execute(statement, execution_options={"synchronize_session": False})
    return sorted((row[0], row[1]) for row in found)


def _late(now: datetime) -> Any:
    review = aliased(Review)
    answer_late = and_(review.responded_at.is_(None), review.due_at < now)
    waits = (review.state == "open", review.handed_up_at.is_(None), review.escalated_at.is_(None))
    return select(review.id).where(*waits, or_(answer_late, review.decide_by < now)).limit(AT_ONCE)


def _undecided(now: datetime) -> Any:
    review = aliased(Review)
    waits = (review.state == "open", review.handed_up_at.is_(None), review.escalated_up_at.is_(None))
    return select(review.id).where(*waits, review.decide_by < now).limit(AT_ONCE)


@cache
def _curators() -> Any:
    """The curators of some reviews who may decide about them."""
    curator, grant = aliased(Person), aliased(Grant)
    return (
        select(Review.id, curator.id)
        .select_from(Review)
        .join(grant, conflicts.curates(grant, Review.topic_id, Review.lesson_id))
        .join(curator, curator.id == grant.person_id)
        .where(
            Review.id.in_(bindparam("ids", expanding=True)),
            curator.is_active,
            ~conflicts.hand(curator.id, Review.lesson_id),
            conflicts.closeness(curator.id, Review, conflicts.BOUND).is_(None),
        )
        .distinct()
        .order_by(Review.id, curator.id)
    )
