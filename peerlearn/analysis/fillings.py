"""What analysis puts into the pages of lessons."""

from __future__ import annotations

from typing import Any

from peerlearn.accounts import current
from peerlearn.learn.models import Attempt
from peerlearn.learn.remarking import Ruling
from peerlearn.lessons import access as lessons
from peerlearn.lessons.models import Lesson


def marked_again(attempt: Attempt) -> dict[str, Any] | None:
    """On the result: which questions were faulty when they were asked, and what was decided, so that it is another."""
    ruled = {
        str(ruling): [row.position for row in attempt.asked if row.ruling == ruling]
        for ruling in Ruling
        if any(row.ruling == ruling for row in attempt.asked)
    }
    return {"ruled": ruled} if ruled else None


def link(lesson: Lesson, **context: Any) -> dict[str, Any] | None:
    """Under a lesson: the way to its questions, for those who may see their keys."""
    me = current.person_or_none()
    if me is None or not (lessons.is_author(lesson, me) or lessons.curates(lesson, me)):
        return None
    return {"lesson": lesson}
