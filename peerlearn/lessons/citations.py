"""Which published lesson cites what: written when a text is published, so that it can be asked for."""

from __future__ import annotations

from sqlalchemy import delete, insert

from peerlearn.core.db import ask, table_of
from peerlearn.lessons import citing
from peerlearn.lessons.models import LessonLink


def keep(lesson_id: int, source: str, *, before: str) -> None:
    """Keep what a lesson cites from now on. Costs nothing where that is what the text before it cited."""
    now, then = citing.cited(source), citing.cited(before)
    if set(now) == set(then):
        return
    if then:
        ask(delete(table_of(LessonLink)).where(LessonLink.lesson_id == lesson_id))
    if now:
        rows = [{"lesson_id": lesson_id, "key": key, "link": link} for key, link in citing.keys_of(now).items()]
        ask(insert(table_of(LessonLink)), rows)
