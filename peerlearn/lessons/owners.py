"""Who looks after a lesson when its owner cannot any more. None of it commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.orm.util import identity_key

from peerlearn.core.db import ask, db, table_of
from peerlearn.core.deeds import deed
from peerlearn.core.upsert import insert_into
from peerlearn.lessons.models import Lesson, LessonAuthor

_AUTHORS = table_of(LessonAuthor)
_LESSON: Any = bindparam("for_lesson")
_PERSON: Any = bindparam("new_owner")
_CHANGED = ("owner_id", "version")
_LAST = select(func.max(_AUTHORS.c.position)).where(_AUTHORS.c.lesson_id == _LESSON).scalar_subquery()
_IS_FIRST = and_(_AUTHORS.c.lesson_id == _LESSON, _AUTHORS.c.position == 0)
_MOVE_BACK = update(_AUTHORS).where(_IS_FIRST).values(position=_LAST + 1)
_OWN = update(table_of(Lesson)).where(Lesson.id == _LESSON).values(owner_id=_PERSON, version=Lesson.version + 1)


@deed
def hand_over(new_owners: Mapping[int, int]) -> None:
    """Give lessons to new owners, by lesson. Who wrote one keeps their share; who only looks after it has none."""
    if not new_owners:
        return
    pairs = [{"for_lesson": lesson_id, "new_owner": person_id} for lesson_id, person_id in new_owners.items()]
    ask(_MOVE_BACK, pairs)
    rows = [
        {"lesson_id": lesson_id, "person_id": person_id, "position": 0, "share": 0.0}
        for lesson_id, person_id in new_owners.items()
    ]
    key = ("lesson_id", "person_id")
    ask(insert_into(LessonAuthor).on_conflict_do_update(index_elements=key, set_={"position": 0}), rows)
    ask(_OWN, pairs)
    for lesson_id in new_owners:
        known = db.session.identity_map.get(identity_key(Lesson, lesson_id))
        if known is not None:
            db.session.expire(known, _CHANGED)
