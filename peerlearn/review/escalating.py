"""What waits longer than promised is told once to the curators who may decide, and then to administrators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import ask, db, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.review import conflicts, handing_up
from peerlearn.review.events import ReviewOverdue, StandInOverdue
from peerlearn.review.models import Review
from peerlearn.review.rules import POLICY, working_days_before

AT_ONCE = 100


def escalate() -> bool:
    """Tell of what waits too long; whether more is left. Nothing is written for nothing."""
    now = clock.now()
    waits = _late(now), _undecided(now), _handed_up_late(now), _handed_up_undecided(now)
    if not db.session.scalar(select(or_(*(which.exists() for which in waits)))):
        return False
    start_writing()
    return _tell() == AT_ONCE


@deed
def _tell() -> int:
    now = clock.now()
    late = _mark(_late(now), now, "escalated_at", "widened_at")
    people = _who_may([review_id for review_id, _lesson in late], now)
    for review_id, lesson_id in late:
        publish(ReviewOverdue(review_id, lesson_id, people.get(review_id, ()), is_up=False), by=None)
    undecided = _mark(_undecided(now), now, "escalated_up_at")
    administrators = handing_up.administrators() if undecided else ()
    for review_id, lesson_id in undecided:
        publish(ReviewOverdue(review_id, lesson_id, administrators, is_up=True), by=None)
    handed_up = _tell_of_handed_up(now)
    return max(len(late), len(undecided), handed_up)


def _tell_of_handed_up(now: datetime) -> int:
    """Tell administrators, and curators who may decide by now, of what was handed up and is late; how many at most."""
    undecided = _mark(_handed_up_undecided(now), now, "escalated_up_at")
    late = _mark(_handed_up_late(now), now, "escalated_at")
    ids = sorted(review_id for review_id, _lesson in (*undecided, *late))
    if not ids:
        return 0
    curators, stand_ins = _who_may(ids, now), handing_up.who_may_stand_in(ids, now)
    free = {one: tuple(sorted({*curators.get(one, ()), *stand_ins.get(one, ())})) for one in ids}
    everyone = handing_up.administrators()
    for what, reviews in (("decision", undecided), ("answer", late)):
        for review_id, lesson_id in reviews:
            who = free[review_id], () if free[review_id] else everyone
            publish(StandInOverdue(review_id, lesson_id, what, *who), by=None)
    return max(len(undecided), len(late))


def _who_may(review_ids: Sequence[int], now: datetime) -> dict[int, tuple[int, ...]]:
    """The curators who may decide about each of these reviews."""
    found: dict[int, tuple[int, ...]] = {}
    for review_id, person_id in ask(_curators(), {"ids": list(review_ids)} | conflicts.bound(now)):
        found[review_id] = (*found.get(review_id, ()), person_id)
    return found


def _mark(which: Any, now: datetime, column: str, *also: str) -> list[tuple[int, int]]:
    """Write down that these are told; what another process told meanwhile is left out.

    What is late is also open to whoever comes second, and they are told with the others.
    """
    statement = (
        update(Review)
        .where(Review.id.in_(which), _is_untold(Review, getattr(Review, column)))
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


def _handed_up_late(now: datetime) -> Any:
    """What nobody answered in time since it was handed up; what is to be decided by now is told as such."""
    review = aliased(Review)
    since, undecided = (_promised_from(days, now) for days in (POLICY.response_days, POLICY.decision_days))
    is_late = review.handed_up_at < since, review.handed_up_at >= undecided, review.responded_at.is_(None)
    waits = review.state == "open", _is_untold(review, review.escalated_at)
    return select(review.id).where(*waits, *is_late).limit(AT_ONCE)


def _handed_up_undecided(now: datetime) -> Any:
    review = aliased(Review)
    waits = review.state == "open", _is_untold(review, review.escalated_up_at)
    return (
        select(review.id).where(*waits, review.handed_up_at < _promised_from(POLICY.decision_days, now)).limit(AT_ONCE)
    )


def _promised_from(days: int, now: datetime) -> datetime:
    """What was handed up before this moment was promised for one that is past."""
    return working_days_before(now, days, clock.zone(clock.organisation_zone()))


def _is_untold(review: Any, told_at: Any) -> ColumnElement[bool]:
    """Whether nobody was told of this wait; what was told before a review was handed up was told to others."""
    return or_(told_at.is_(None), told_at < review.handed_up_at)


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
