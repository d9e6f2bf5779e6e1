"""Who opened a lesson that is confidential. Its authors and curators see it, and whoever opens it is told so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask
from peerlearn.learn.models import Reading
from peerlearn.lessons.models import Lesson
from peerlearn.lessons.rules import Classification

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody who read a lesson, in any of its texts: when they began, and when they last turned a card."""

    name: str
    first: datetime
    last: datetime


def openings(lesson_id: int) -> Sequence[Opening]:
    """Who opened a lesson, whoever read it last first."""
    first, last = func.min(Reading.started_at), func.max(Reading.touched_at)
    statement = (
        select(Person.name, first, last)
        .join(Person, Person.id == Reading.person_id)
        .where(Reading.lesson_id == lesson_id)
        .group_by(Person.id, Person.name)
        .order_by(last.desc(), Person.id)
        .limit(SHOWN)
    )
    return [Opening(*row) for row in ask(statement)]


def in_history(lesson: Lesson, **context: Any) -> dict[str, Any] | None:
    """In a lesson's history: who opened it, where it is confidential. For all others this is nobody's business."""
    if lesson.classification != Classification.CONFIDENTIAL:
        return None
    return {"openings": openings(lesson.id), "most": SHOWN}
