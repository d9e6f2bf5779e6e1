"""How far a lesson may go that was made from another one: no further than that one, or than it was let go already.

A translation is made from what it translates.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Team
from peerlearn.core.db import ask
from peerlearn.lessons import standing
from peerlearn.lessons.frontmatter import Front
from peerlearn.lessons.inspection import Reach
from peerlearn.lessons.models import Lesson, LessonTeam, Origin

_Bound = aliased(Lesson)


def reaches(lesson_ids: Collection[int]) -> dict[int, tuple[Reach, ...]]:
    """How far those of these lessons may go that were made from others, the other one's reach first; one statement."""
    is_itself = _Bound.id == Origin.lesson_id
    statement = (
        select(Origin.lesson_id, _Bound.id, _Bound.classification, Team.slug)
        .join(_Bound, or_(_Bound.id == Origin.origin_id, and_(is_itself, _Bound.published_id.is_not(None))))
        .outerjoin(LessonTeam, LessonTeam.lesson_id == _Bound.id)
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


def of_translations(fronts: Iterable[Front]) -> dict[str, tuple[Reach, ...]]:
    """The same for those of these texts that are translations, by their ids; without any nothing is asked."""
    named = {front.id: front.translation_of for front in fronts if front.translation_of}
    known: dict[str, Reach] = {}
    for portion in standing.portions({*named, *named.values()}):
        statement = (
            select(Lesson.uid, Lesson.classification, Team.slug)
            .outerjoin(LessonTeam, LessonTeam.lesson_id == Lesson.id)
            .outerjoin(Team, Team.id == LessonTeam.team_id)
            .where(Lesson.uid.in_(portion), Lesson.published_id.is_not(None))
        )
        for uid, classification, slug in ask(statement):
            audience = known[uid].audience if uid in known else frozenset()
            known[uid] = Reach(classification, audience | ({slug} if slug else set()))
    bounds = {uid: [source, *([uid] if uid in known else [])] for uid, source in named.items() if source in known}
    return {uid: tuple(known[one] for one in both) for uid, both in bounds.items()}
