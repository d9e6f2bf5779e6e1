"""How far a lesson may go that was made from another one: no further than that one, or than it was let go already."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Team
from peerlearn.core.db import ask
from peerlearn.lessons.inspection import Reach
from peerlearn.lessons.models import Lesson, LessonTeam, Origin


def reaches(lesson_ids: Collection[int]) -> dict[int, tuple[Reach, ...]]:
    """How far those of these lessons may go that were made from others, the other one's reach first; one statement."""
    bound = aliased(Lesson)
    is_itself = bound.id == Origin.lesson_id
    statement = (
        select(Origin.lesson_id, bound.id, bound.classification, Team.slug)
        .join(bound, or_(bound.id == Origin.origin_id, and_(is_itself, bound.published_id.is_not(None))))
        .outerjoin(LessonTeam, LessonTeam.lesson_id == bound.id)
        .outerjoin(Team, Team.id == LessonTeam.team_id)
        .where(Origin.lesson_id.in_(lesson_ids))
        .order_by(Origin.lesson_id, case((is_itself, 1), else_=0))
    )
    found: dict[int, dict[int, Reach]] = {}
    for lesson_id, bound_id, classification, slug in ask(statement) if lesson_ids else ():
        bounds = found.setdefault(lesson_id, {})
        audience = bounds[bound_id].audience if bound_id in bounds else frozenset()
        bounds[bound_id] = Reach(classification, audience | ({slug} if slug else set()))
    return {lesson_id: tuple(bounds.values()) for lesson_id, bounds in found.items()}
