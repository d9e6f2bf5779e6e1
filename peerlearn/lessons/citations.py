"""Which published lesson cites what: written when a text is published, so that it can be asked for."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from peerlearn.core.db import ask, table_of
from peerlearn.lessons import citing
from peerlearn.lessons.models import LessonLink

_KEPT = select(LessonLink.key).where(LessonLink.lesson_id == bindparam("lesson"))


def keep(lesson_id: int, source: str) -> None:
    """Keep what a lesson cites from now on, in the place of what it cited before."""
    cited = citing.keys_of(citing.cited(source))
    kept = set(ask(_KEPT, {"lesson": lesson_id}).scalars())
    if kept == set(cited):
        return
    if kept:
        ask(delete(table_of(LessonLink)).where(LessonLink.lesson_id == lesson_id))
    if cited:
        rows = [{"lesson_id": lesson_id, "key": key, "link": link} for key, link in cited.items()]
        ask(insert(table_of(LessonLink)), rows)
