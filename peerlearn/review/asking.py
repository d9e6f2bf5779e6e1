"""Who is asked about a review, was asked before, or could be: columns for the statements that look for people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Absence
from peerlearn.core.db import db
from peerlearn.practice.models import Holding
from peerlearn.review.models import Assignment, ReviewAct


def suggested_to(me: Any, review_id: Any) -> ColumnElement[bool]:
    """Whether this person is the curator who is asked to look at a review."""
    return exists().where(
        Assignment.review_id == review_id,
        Assignment.person_id == me,
        Assignment.part == "curator",
        Assignment.state == "open",
    )


def unasked(person_id: Any, review_id: Any, part: str) -> ColumnElement[bool]:
    """Whether somebody was never asked about a review, and never left it to others."""
    before = aliased(Assignment)
    asked = exists().where(before.review_id == review_id, before.person_id == person_id, before.part == part)
    return and_(~asked, ~declined(person_id, review_id))


def declined(person_id: Any, review_id: Any) -> ColumnElement[bool]:
    """Whether somebody left a review to others."""
    act = aliased(ReviewAct)
    left = act.review_id == review_id, act.actor_id == person_id, act.act == "declined"
    return exists().where(*left).correlate_except(act)


def declined_last(review_id: int, person_id: int) -> bool:
    """Whether the last thing that happened to a review is that this person left it to others."""
    last = select(ReviewAct).where(ReviewAct.review_id == review_id).order_by(ReviewAct.id.desc()).limit(1)
    act = db.session.scalar(last)
    return act is not None and act.act == "declined" and act.actor_id == person_id


def is_here_on(person_id: Any, day: Any) -> ColumnElement[bool]:
    """Whether somebody is not away on a day."""
    away = exists().where(
        Absence.person_id == person_id, Absence.first_day <= day, Absence.last_day >= day, ~Absence.is_travel
    )
    return ~away


def covered(person_id: Any, topic_id: Any) -> ColumnElement[float]:
    """How much of a topic somebody holds, from 0 to 1."""
    held = select(Holding.coverage).where(Holding.person_id == person_id, Holding.topic_id == topic_id)
    return func.coalesce(held.scalar_subquery(), 0.0)
