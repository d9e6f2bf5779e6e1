"""A key was wrong: it is corrected, stored answers are marked again, and everybody concerned hears why."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.analysis import deciding
from peerlearn.analysis.access import Deciding
from peerlearn.analysis.events import KeyCorrected
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.learn import corrections
from peerlearn.learn.corrections import Key, Remarked
from peerlearn.lessons import correcting
from peerlearn.practice import corrections as practice
from peerlearn.quizzes.models import ItemVersion, QuizItem
from peerlearn.quizzes.question import Question


@deed
def correct(found: Deciding, question: Question, *, by: Person) -> Remarked:
    """Publish the question with its right key and mark all stored answers again, in quizzes and in practice.

    Who passes now is paid, and who passed only through the wrong key gives the points back, with a reason. What was
    answered after our wrong key had been shown is held against nobody. The figures begin anew with the new key.
    """
    assert found.report is not None
    old_revision_id = found.lesson.published_id
    deciding.close(found, "corrected", "", by)
    revision = correcting.correct_question(found.lesson, question, by=by)
    assert old_revision_id is not None
    corrections.keep_readings(old_revision_id, revision.id)
    key = Key(
        lesson_id=found.lesson.id,
        item_id=found.row.item_id,
        before=found.report.question,
        old_versions=_wordings(found.report.version),
        version_id=_version(revision.quiz_id, found.row.item_id),
        question=question,
    )
    practised = practice.answers(key)
    done = corrections.mark_again(key, by=by, shown=practice.shown(practised))
    done = replace(done, answers=done.answers + practice.mark_again(key, practised, done, by=by))
    lesson = found.lesson
    said = KeyCorrected(lesson.id, revision.id, key.item_id, lesson.owner_id, done.answers, done.gained, done.lost)
    publish(said, by=by)
    return done


def _wordings(version: ItemVersion) -> frozenset[int]:
    """All wordings of the question that had the wrong key."""
    same = select(ItemVersion.id).where(ItemVersion.item_id == version.item_id, ItemVersion.meaning == version.meaning)
    return frozenset(db.session.scalars(same))


def _version(quiz_id: int | None, item_id: int) -> int:
    """The wording of a question in a quiz."""
    wanted = select(ItemVersion.id).join(QuizItem, QuizItem.version_id == ItemVersion.id)
    return db.session.scalars(wanted.where(QuizItem.quiz_id == quiz_id, ItemVersion.item_id == item_id)).one()
