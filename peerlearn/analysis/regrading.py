"""A question was faulty: what its stored answers count is decided anew, and everybody concerned hears why."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.analysis import deciding, resting
from peerlearn.analysis.access import Deciding
from peerlearn.analysis.events import FullMarksGiven, ItemLeftOut, KeyCorrected
from peerlearn.core.db import ask, db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict
from peerlearn.learn import corrections, underway
from peerlearn.learn.corrections import Key, Remarked
from peerlearn.learn.remarking import Ruling
from peerlearn.lessons import correcting
from peerlearn.practice import corrections as practice
from peerlearn.quizzes.models import ItemVersion, QuizItem
from peerlearn.quizzes.question import Question, sight


def foreseen(found: Deciding, ruling: Ruling, question: Question | None = None) -> Remarked:
    """What a decision would change, before it is made. Raises NotValid for a question that could not be asked."""
    key = _key(found, ruling, correcting.askable(question) if question else None)
    if ruling is Ruling.LEFT_OUT:
        return corrections.foreseen(key)
    practised = practice.answers(key)
    done = corrections.foreseen(key, practice.shown(practised))
    return replace(done, answers=done.answers + practice.count(practised))


@deed
def correct(found: Deciding, question: Question, *, by: Person) -> Remarked:
    """Publish the question with its right key and mark all stored answers again, in quizzes and in practice.

    Who passes now is paid, and who passed only through the wrong key gives the points back, with a reason. What was
    answered after our wrong key had been shown is held against nobody. The figures begin anew with the new key.
    """
    old_revision_id = correcting.shown_text(found.lesson).id
    deciding.insist_on_question(found)
    question = correcting.askable(question)
    deciding.close(found, "corrected", "", by)
    revision = correcting.correct_question(found.lesson, question, by=by)
    corrections.keep_readings(old_revision_id, revision.id)
    version_id = _version(revision.quiz_id, found.row.item_id)
    return _marked_again(found, replace(_key(found, Ruling.KEY, question), version_id=version_id), revision.id, by)


@deed
def follow_new_key(found: Deciding, *, by: Person) -> Remarked:
    """The key of before was wrong, and a revision has mended it: mark all answers from before by the key of now."""
    assert found.lesson.published_id is not None
    if not found.is_rekeyed:
        raise Conflict()
    deciding.close(found, "corrected", "", by)
    return _marked_again(found, _key(found, Ruling.KEY), found.lesson.published_id, by)


@deed
def give_full_marks(found: Deciding, reason: str, *, retire: bool, by: Person) -> Remarked:
    """The question was faulty: everybody who answered it has full marks for it. It is asked again, or retired."""
    deciding.insist_on_question(found)
    reason = deciding.checked_reason(reason)
    item_id, lesson = found.row.item_id, found.lesson
    deciding.close(found, "excused_retired" if retire else "excused", reason, by)
    done = _in_quizzes_and_practice(_key(found, Ruling.FULL), by)
    if retire:
        resting.rest([item_id], "retired")
    else:
        resting.ask_again([item_id])
    said = FullMarksGiven(found.row.id, lesson.id, item_id, lesson.owner_id, retire, done.answers, done.gained)
    publish(said, by=by)
    return done


@deed
def leave_out(found: Deciding, reason: str, *, by: Person) -> Remarked:
    """The question was faulty: it is asked no more, and attempts are marked as if it had not been asked.

    Who passes by that has passed and is paid. Nobody loses a pass or points: a faulty question shows nothing. What
    was answered in practice stays as it was.
    """
    deciding.insist_on_question(found)
    reason = deciding.checked_reason(reason)
    deciding.close(found, "left_out", reason, by)
    resting.rest([found.row.item_id], "retired")
    done = corrections.mark_again(_key(found, Ruling.LEFT_OUT), by=by)
    lesson = found.lesson
    publish(ItemLeftOut(lesson.id, found.row.item_id, lesson.owner_id, done.answers, done.gained), by=by)
    return done


def _key(found: Deciding, ruling: Ruling, question: Question | None = None) -> Key:
    """What is decided, about which answers; without a question it stays as it is asked now."""
    assert found.report is not None
    question = question or found.report.question
    wordings, looks = _wordings(found.row.meaning_id), sight(question)
    return Key(
        lesson_id=found.lesson.id,
        item_id=found.row.item_id,
        before=found.before,
        old_versions=frozenset(wordings),
        version_id=found.report.version.id,
        question=question,
        ruling=ruling,
        alike=frozenset(version_id for version_id, each in wordings.items() if sight(each) == looks),
    )


def _marked_again(found: Deciding, key: Key, revision_id: int, by: Person) -> Remarked:
    done = _in_quizzes_and_practice(key, by)
    lesson = found.lesson
    said = KeyCorrected(lesson.id, revision_id, key.item_id, lesson.owner_id, done.answers, done.gained, done.lost)
    publish(said, by=by)
    return done


def _in_quizzes_and_practice(key: Key, by: Person) -> Remarked:
    """What is still to be answered comes first: so each answer is marked again now, or by the new key when it comes."""
    underway.follow(key)
    practice.follow(key)
    practised = practice.answers(key)
    done = corrections.mark_again(key, by=by, shown=practice.shown(practised))
    return replace(done, answers=done.answers + practice.mark_again(key, practised, done, by=by))


def _wordings(meaning_id: int) -> dict[int, Question]:
    """All wordings of the question that had the same key, by their ids."""
    first = aliased(ItemVersion)
    same = select(ItemVersion.id, ItemVersion.body).join(
        first, (first.item_id == ItemVersion.item_id) & (first.meaning == ItemVersion.meaning)
    )
    return {row.id: Question.from_json(row.body) for row in ask(same.where(first.id == meaning_id))}


def _version(quiz_id: int | None, item_id: int) -> int:
    """The wording of a question in a quiz."""
    wanted = select(ItemVersion.id).join(QuizItem, QuizItem.version_id == ItemVersion.id)
    return db.session.scalars(wanted.where(QuizItem.quiz_id == quiz_id, ItemVersion.item_id == item_id)).one()
