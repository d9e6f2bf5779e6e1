"""The only door by which the learner's pages obtain a lesson or an attempt."""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.core.errors import NotFound
from peerlearn.learn import queries
from peerlearn.learn.models import Asked, Attempt, Reading
from peerlearn.learn.queries import Sitting, Standing
from peerlearn.lessons.models import Lesson
from peerlearn.lessons.rules import FOR_SOME
from peerlearn.quizzes.models import ItemVersion


def lesson_to_read(slug: str, person: Person, lesson: Lesson | None = None) -> tuple[Lesson, Standing]:
    """A published lesson, or an archived one that this person has passed; with where they stand."""
    lesson = lesson or queries.lesson_by_slug(slug, person)
    if lesson is None or lesson.published is None:
        raise NotFound()
    where = queries.standing(person, lesson)
    if lesson.state == "published" or (lesson.state == "archived" and where.passed):
        return lesson, where
    raise NotFound()


def lesson_to_learn(slug: str, person: Person) -> tuple[Lesson, Standing]:
    """A published lesson that can be started now."""
    lesson, where = lesson_to_read(slug, person)
    if lesson.state != "published":
        raise NotFound()
    return lesson, where


def lesson_to_take_along(slug: str, person: Person) -> tuple[Lesson, Standing]:
    """A lesson that a device may keep: one for everybody, since what a device keeps would outlive a right."""
    lesson, where = lesson_to_read(slug, person)
    if lesson.classification in FOR_SOME:
        raise NotFound()
    return lesson, where


def sitting_of(attempt_id: int, person: Person) -> Sitting:
    """One's own attempt with all its questions."""
    found = queries.sitting(attempt_id, person.id)
    if found is None or found.attempt.lesson.state == "quarantined":
        raise NotFound()
    return found


def outcome_of(attempt_id: int, person: Person) -> tuple[Sitting, Standing]:
    """One's own attempt with all its questions, and where one stands with its version of the lesson."""
    found = queries.outcome(attempt_id, person.id)
    if found is None or found[0].attempt.lesson.state == "quarantined":
        raise NotFound()
    return found


def asked_at(attempt: Attempt, position: int) -> Asked:
    """The question at a place of an attempt."""
    found = next((row for row in attempt.asked if row.position == position), None)
    if found is None:
        raise NotFound()
    return found


def pretest_of(reading: Reading) -> ItemVersion:
    """The question that was drawn to be asked before this reading."""
    version = queries.version_by_id(reading.pretest_version_id) if reading.pretest_version_id else None
    if version is None:
        raise NotFound()
    return version
