"""Whom a lesson thanks: those who are no authors and whose words stand in it for good. None of it commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, String, case, cast, func, or_, select

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask
from peerlearn.core.upsert import insert_into
from peerlearn.lessons.models import Lesson, LessonHelper

_MARK, _END = "|", "\n"


@dataclass(frozen=True, slots=True)
class Thanks:
    """Those who helped and are named, who came first is first; and how many wish not to be named."""

    named: tuple[tuple[int, str], ...] = ()
    others: int = 0

    def __bool__(self) -> bool:
        return bool(self.named or self.others)


def credit(lesson_id: int, person_id: int, *, is_named: bool) -> None:
    """Thank somebody on a lesson. Whoever was named once stays so."""
    statement = insert_into(LessonHelper)
    named = or_(LessonHelper.is_named, statement.excluded.is_named)
    statement = statement.on_conflict_do_update(index_elements=("lesson_id", "person_id"), set_={"is_named": named})
    ask(statement, {"lesson_id": lesson_id, "person_id": person_id, "is_named": is_named})


def told() -> ScalarSelect[Any]:
    """All helpers of a lesson in one text, so that the page of a lesson asks no further question: see `read`."""
    name = case((LessonHelper.is_named, Person.name), else_="")
    line = cast(LessonHelper.id, String) + _MARK + cast(LessonHelper.person_id, String) + _MARK + name
    helpers = select(func.aggregate_strings(line, _END)).join(Person, Person.id == LessonHelper.person_id)
    return helpers.where(LessonHelper.lesson_id == Lesson.id).correlate(Lesson).scalar_subquery()


def read(text: str | None) -> Thanks:
    """The helpers that `told` tells of."""
    lines = [line.split(_MARK, 2) for line in (text or "").split(_END) if line]
    lines.sort(key=lambda line: int(line[0]))
    named = tuple((int(person_id), name) for _id, person_id, name in lines if name)
    return Thanks(named, len(lines) - len(named))
