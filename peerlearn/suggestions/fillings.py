"""What suggestions put into the pages of lessons."""

from __future__ import annotations

from typing import Any

from flask import request

from peerlearn.accounts import current
from peerlearn.core.paging import key_from
from peerlearn.lessons.models import Lesson
from peerlearn.suggestions import queries


def on_lesson(lesson: Lesson, **context: Any) -> dict[str, Any] | None:
    """Under a lesson of others: where to suggest other words."""
    me = current.person_or_none()
    if me is None or lesson.state != "published" or any(author.person_id == me.id for author in lesson.authors):
        return None
    return {"lesson": lesson}


def in_history(lesson: Lesson, **context: Any) -> dict[str, Any] | None:
    """In a lesson's history: what readers suggested and was taken over."""
    before = key_from(request.args.get("accepted"))
    page = queries.accepted_of(lesson.id, before)
    return {"page": page, "lesson": lesson, "is_first": before is None} if page.rows else None
