"""Which reactions count: the votes on whether a lesson helped are of those who passed it, once each (ENGINE E13)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from peerlearn.learn.models import Attempt, Reaction
from peerlearn.learn.rules import VOTES


def counts() -> ColumnElement[bool]:
    """Whether a reaction is counted: a vote is once its person passed the lesson, in whichever version; others are."""
    passed = (
        select(1)
        .where(Attempt.lesson_id == Reaction.lesson_id, Attempt.person_id == Reaction.person_id, Attempt.is_passed)
        .correlate(Reaction)
        .exists()
    )
    return or_(Reaction.kind.not_in(VOTES), passed)
