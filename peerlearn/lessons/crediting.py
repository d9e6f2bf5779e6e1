"""Whom a lesson thanks: those who are no authors and whose words stand in it for good. None of it commits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask
from peerlearn.core.upsert import insert_into
from peerlearn.lessons import hands
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonHelper, LessonMerge, WrittenPart
from peerlearn.lessons.rules import LEAST_SHARE

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


def count_words(lesson_id: int, person_id: int, before: str, after: str) -> None:
    """Remember how much of a lesson is by somebody whose words were taken over; who wrote much never judges it."""
    statement = insert_into(WrittenPart)
    more = {"share": WrittenPart.share + statement.excluded.share}
    statement = statement.on_conflict_do_update(index_elements=("lesson_id", "person_id"), set_=more)
    ask(statement, {"lesson_id": lesson_id, "person_id": person_id, "share": hands.part_new(before, after)})


def wrote_much(person_id: Any, part: Any) -> tuple[ColumnElement[bool], ...]:
    """Which parts are by this person and as large as the least that an author has of a lesson."""
    return part.person_id == person_id, part.share >= LEAST_SHARE


def told() -> Any:
    """All helpers of a lesson in one text, so that the page of a lesson asks no further question: see `read`.

    The authors of lessons that went into it are among them, and of those that had gone into these.
    """
    name = case((LessonHelper.is_named, Person.name), else_="")
    helpers = select(func.aggregate_strings(_line(LessonHelper.id, Person.id, name), _END))
    helpers = helpers.select_from(LessonHelper).join(Person, Person.id == LessonHelper.person_id)
    helpers = helpers.where(LessonHelper.lesson_id == Lesson.id)
    other = aliased(LessonMerge)
    before = select(other.lesson_id).where(other.into_id == Lesson.id, other.ended_at.is_(None)).correlate(Lesson)
    merged = (
        select(func.aggregate_strings(_line(LessonMerge.id, Person.id, Person.name), _END))
        .select_from(LessonMerge)
        .join(LessonAuthor, LessonAuthor.lesson_id == LessonMerge.lesson_id)
        .join(Person, Person.id == LessonAuthor.person_id)
        .where(LessonMerge.ended_at.is_(None), or_(LessonMerge.into_id == Lesson.id, LessonMerge.into_id.in_(before)))
    )
    parts = (func.coalesce(part.correlate(Lesson).scalar_subquery(), "") for part in (merged, helpers))
    return next(parts) + _END + next(parts)


def _line(number: Any, person_id: Any, name: Any) -> Any:
    return cast(number, String) + _MARK + cast(person_id, String) + _MARK + name


def read(text: str | None, authors: Collection[int] = ()) -> Thanks:
    """The helpers that `told` tells of; those who are authors by now are named as such."""
    lines = [line.split(_MARK, 2) for line in (text or "").split(_END) if line]
    lines.sort(key=lambda line: int(line[0]))
    named = {int(person_id): name for _id, person_id, name in lines if name}
    others = {int(person_id) for _id, person_id, name in lines if not name} - named.keys()
    wrote = set(authors)
    return Thanks(tuple((one, name) for one, name in named.items() if one not in wrote), len(others - wrote))
