"""Which addresses published lessons cite, who may see that, and which of them changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, load_only

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask, db
from peerlearn.core.paging import PAGE, Page, page_of
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, LessonLink, Topic, hue_step
from peerlearn.verification.models import SourceChange

CHANGES_SHOWN = 10
REASONS_SHOWN = 3


@dataclass(frozen=True)
class Source:
    """An address that lessons cite: how many, and when it last changed as far as somebody said so."""

    key: str
    link: str
    lessons: int
    changed_on: date | None


@dataclass(frozen=True)
class Citing:
    """A lesson that cites an address."""

    lesson_id: int
    title: str
    slug: str
    topic: str
    hue: int
    owner: str
    check_on: date
    link: str

    @property
    def hue_step(self) -> int:
        """The topic's colour as one of the twelve steps that the look knows."""
        return hue_step(self.hue)


def looks_after_all(person: Person) -> bool:
    """Whether somebody sees the sources of all lessons that they may see, not only of their own."""
    return person.may("curate") or person.may("manage_topics")


def _seen_by(person: Person) -> tuple[ColumnElement[bool], ...]:
    shown = Lesson.state == "published", visibility.is_listed_for(person.id)
    return shown if looks_after_all(person) else (*shown, Lesson.owner_id == person.id)


def cited(person: Person, words: str = "", after: str | None = None) -> Page[Source]:
    """What lessons cite that this person sees, in the order of the addresses. One statement."""
    last = select(func.max(SourceChange.changed_on)).where(SourceChange.key == LessonLink.key).scalar_subquery()
    statement = (
        select(LessonLink.key, LessonLink.link, func.count(), last)
        .join(Lesson, Lesson.id == LessonLink.lesson_id)
        .where(*_seen_by(person))
        .group_by(LessonLink.key, LessonLink.link)
        .order_by(LessonLink.link)
        .limit(PAGE + 1)
    )
    if words:
        statement = statement.where(LessonLink.link.icontains(words, autoescape=True))
    if after:
        statement = statement.where(LessonLink.link > _link_of(after))
    return page_of([Source(*row) for row in ask(statement)], lambda source: source.key)


def _link_of(key: str) -> Any:
    return select(func.max(LessonLink.link)).where(LessonLink.key == key).scalar_subquery()


def citing(key: str, person: Person, after: int | None = None) -> Page[Citing]:
    """The lessons that this person sees and that cite an address, the oldest first. One statement."""
    statement = (
        select(
            Lesson.id, Lesson.title, Lesson.slug, Topic.name, Topic.hue, Person.name, Lesson.check_on, LessonLink.link
        )
        .join(LessonLink, LessonLink.lesson_id == Lesson.id)
        .join(Topic, Topic.id == Lesson.topic_id)
        .join(Person, Person.id == Lesson.owner_id)
        .where(LessonLink.key == key, *_seen_by(person))
        .order_by(Lesson.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        statement = statement.where(Lesson.id > after)
    return page_of([Citing(*row) for row in ask(statement)], lambda row: row.lesson_id)


def changes_of(key: str) -> Sequence[SourceChange]:
    """When an address was said to have changed, the newest first."""
    statement = select(SourceChange).where(SourceChange.key == key).order_by(SourceChange.changed_on.desc())
    named = joinedload(SourceChange.by).options(load_only(Person.id, Person.name))
    return db.session.scalars(statement.options(named).limit(CHANGES_SHOWN)).all()


def reasons_to_check(lesson: Lesson) -> Sequence[Any]:
    """What changed of the sources of a lesson since it was last checked: address, day and words."""
    statement = (
        select(LessonLink.link, SourceChange.changed_on, SourceChange.note)
        .join(LessonLink, LessonLink.key == SourceChange.key)
        .where(LessonLink.lesson_id == lesson.id, SourceChange.at > lesson.verified_at)
        .order_by(SourceChange.changed_on.desc(), LessonLink.link)
        .limit(REASONS_SHOWN)
    )
    rows: Sequence[Any] = ask(statement).all()
    return rows


def owners_citing(key: str) -> Sequence[tuple[int, int]]:
    """Every published lesson that cites an address, whoever may see it, with its owner."""
    statement = (
        select(Lesson.id, Lesson.owner_id)
        .join(LessonLink, LessonLink.lesson_id == Lesson.id)
        .where(LessonLink.key == key, Lesson.state == "published")
        .order_by(Lesson.id)
    )
    return [(row[0], row[1]) for row in ask(statement)]
