"""Lessons that went into others, as their readers meet them: the old address leads on, and what was learned stays."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.learn.models import Attempt
from peerlearn.lessons import merging, visibility
from peerlearn.lessons.models import Lesson, LessonMerge


@dataclass(frozen=True)
class Former:
    """A lesson that went into the one that is shown, and whether its reader passed it."""

    slug: str
    title: str
    passed: bool


def leads_on(lesson: Lesson | None) -> str | None:
    """Where the address of a lesson leads that went into another one."""
    return merging.leads_to(lesson.id) if lesson is not None and lesson.state == "archived" else None


def former(slug: str | None, into: Lesson, person: Person) -> Former | None:
    """What a reader who came by the address of a lesson that went into this one should know."""
    if not slug:
        return None
    passed = exists().where(Attempt.lesson_id == Lesson.id, Attempt.person_id == person.id, Attempt.is_passed)
    statement = (
        select(Lesson.slug, Lesson.title, passed)
        .join(LessonMerge, LessonMerge.lesson_id == Lesson.id)
        .where(Lesson.slug == slug[:200], LessonMerge.into_id == into.id, LessonMerge.ended_at.is_(None))
        .where(visibility.is_for(person.id))
    )
    row = db.session.execute(statement).first()
    return Former(row[0], row[1], bool(row[2])) if row else None
