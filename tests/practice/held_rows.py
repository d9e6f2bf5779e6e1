"""Ready lessons with questions, and memories of them, for the tests of what is held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons.models import Lesson, LessonTopic, Topic
from peerlearn.practice.memory import Trace
from peerlearn.practice.models import Holding, Memory
from peerlearn.quizzes.models import Item, ItemVersion, Quiz, QuizItem
from tests import factories
from tests.home import rows

_numbers = count(1)


def lesson(
    *topics: Topic, items: int = 4, critical: Collection[int] = (), owner: Person | None = None, **values: Any
) -> Lesson:
    """A published lesson of these topics with so many questions; those at the places in `critical` are critical."""
    found = rows.lesson(owner or factories.person(), topics[0], **values)
    quiz = Quiz()
    db.session.add(quiz)
    db.session.add_all(LessonTopic(lesson_id=found.id, topic_id=topic.id, position=1) for topic in topics[1:])
    db.session.flush()
    for place in range(items):
        version = _version(["critical"] if place in critical else [])
        db.session.add(QuizItem(quiz_id=quiz.id, position=place, version_id=version.id))
    rows.revision_of(found).quiz_id = quiz.id
    db.session.commit()
    return found


def _version(flags: Sequence[str]) -> ItemVersion:
    number = next(_numbers)
    item = Item(uid=f"held{number}")
    db.session.add(item)
    db.session.flush()
    body = {"kind": "true-false", "stem": 'Is it "critical"?', "flags": list(flags)}
    version = ItemVersion(item_id=item.id, digest="d", meaning="m", kind="true-false", body=body)
    db.session.add(version)
    db.session.flush()
    return version


def versions_of(found: Lesson) -> list[ItemVersion]:
    """The questions of a lesson in order."""
    quiz_id = rows.revision_of(found).quiz_id
    statement = select(ItemVersion).join(QuizItem, QuizItem.version_id == ItemVersion.id)
    return list(db.session.scalars(statement.where(QuizItem.quiz_id == quiz_id).order_by(QuizItem.position)))


def remember(person: Person, found: Lesson, place: int, trace: Trace, *, proven: bool = False) -> None:
    """The person has answered the question at this place."""
    version = versions_of(found)[place]
    db.session.add(
        Memory(
            person_id=person.id,
            item_id=version.item_id,
            version_id=version.id,
            lesson_id=found.id,
            topic_id=found.topic_id,
            rank=1,
            stability=trace.stability,
            difficulty=trace.difficulty,
            answered_on=trace.day,
            interval=trace.interval,
            due_on=trace.day,
            is_proven=proven,
        )
    )
    db.session.commit()


def remember_all(
    person: Person, found: Lesson, *, stability: float = 1000.0, proven: bool = True, days: int = 0
) -> None:
    """The person answered every question of a lesson so many days ago."""
    day = date.fromordinal(clock.today(person.timezone).toordinal() - days)
    for place in range(len(versions_of(found))):
        remember(person, found, place, Trace(stability, 5.0, day, 1), proven=proven)


def holding(person: Person, topic: Topic, coverage: float = 0.9, *, is_holder: bool = True, **values: Any) -> Holding:
    """What was added up for the person and a topic."""
    defaults = {"held": 10 * coverage, "proven": 1.0, "items": 10, "day": clock.today(person.timezone)}
    row = Holding(person_id=person.id, topic_id=topic.id, coverage=coverage, is_holder=is_holder, **(defaults | values))
    db.session.add(row)
    db.session.commit()
    return row
