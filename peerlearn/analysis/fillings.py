"""What analysis puts into the pages of lessons."""

from __future__ import annotations

from typing import Any

from peerlearn.accounts import current
from peerlearn.learn.models import Attempt
from peerlearn.lessons import access as lessons
from peerlearn.lessons.models import Lesson


def marked_again(attempt: Attempt) -> dict[str, Any] | None:
    """On the result: which questions had a wrong key when they were answered, so that the marks are others now."""
    numbers = [row.position for row in attempt.asked if row.answered_at and row.version.created_at > row.answered_at]
    return {"numbers": numbers} if numbers else None


def link(lesson: Lesson, **context: Any) -> dict[str, Any] | None:
    """Under a lesson: the way to its questions, for those who may see their keys."""
    me = current.person_or_none()
    if me is None or not (lessons.is_author(lesson, me) or lessons.curates(lesson, me)):
        return None
    return {"lesson": lesson}
