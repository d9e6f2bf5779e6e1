"""By their prints, published lessons are found that say nearly the same as a text, or are called nearly the same.

They are kept when a lesson is published and gone when it is hidden. What fifty lessons hold tells none of them apart:
it is kept for these fifty alone, so that finding others takes the same time however many lessons there are.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import aliased

from peerlearn.core import prints
from peerlearn.core.db import ask, table_of
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, LessonPrint

HOLDERS = 50  # that keep the same print
FOUND = 12  # lessons of which the texts are compared
TITLES = 50
_Other = aliased(Lesson)


def keep(lesson_id: int, title: str, cards: str) -> None:
    """Let a lesson be found by what its cards say and by its title, in the place of what they were before."""
    wanted = prints.of_text(cards) | prints.of_title(title)
    by_others = LessonPrint.key.in_(wanted), LessonPrint.lesson_id != lesson_id
    enough = select(LessonPrint.key).where(*by_others).group_by(LessonPrint.key).having(func.count() >= HOLDERS)
    kept = wanted.difference(ask(enough).scalars())
    forget(lesson_id)
    rows = [{"key": key, "lesson_id": lesson_id} for key in sorted(kept)]
    if rows:
        ask(insert(table_of(LessonPrint)), rows)


def forget(lesson_id: int) -> None:
    """Let a lesson be found no more."""
    ask(delete(table_of(LessonPrint)).where(LessonPrint.lesson_id == lesson_id))


def like_text(cards: str, lesson_id: int) -> Select[Any]:
    """The lessons for all that share most prints with these cards, this one apart; some share by chance."""
    found = _sharing(prints.of_text(cards), lesson_id).join(_Other, _Other.id == LessonPrint.lesson_id)
    return found.where(visibility.is_for_all(_Other)).limit(FOUND)


def like_any_text(cards: str, lesson_id: int) -> Select[Any]:
    """The same among all lessons, also those that are not for everybody: for what is told to nobody."""
    return _sharing(prints.of_text(cards), lesson_id).limit(FOUND)


def like_title(title: str, lesson_id: int) -> Select[Any]:
    """The lessons that are called nearly so, this one apart; some are not."""
    return _sharing(prints.of_title(title), lesson_id).limit(TITLES)


def _sharing(keys: frozenset[int], lesson_id: int) -> Select[Any]:
    return (
        select(LessonPrint.lesson_id)
        .where(LessonPrint.key.in_(keys), LessonPrint.lesson_id != lesson_id)
        .group_by(LessonPrint.lesson_id)
        .order_by(func.count().desc(), LessonPrint.lesson_id)
        .correlate(None)
    )
