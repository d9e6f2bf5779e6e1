"""Checks and exams: answers are kept as they stand and can be changed until all of them are handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.afterwards import by_itself
from peerlearn.core.db import ask, start_writing
from peerlearn.core.deeds import deed
from peerlearn.core.errors import Conflict, NotFound, NotValid
from peerlearn.core.versioned import put, store
from peerlearn.core.words import N_
from peerlearn.learn import finishing, queries
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.queries import Sitting
from peerlearn.learn.remarking import Ruling
from peerlearn.lessons import visibility
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.answering import Answer, Grade, Unreadable
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question

SAY_HOW_SURE = N_("Say how sure you are before you answer.")
AT_ONCE = 20  # attempts that one look hands in, each in a transaction of its own


@dataclass(frozen=True)
class Sheet:
    """The form of one question as it stands: what it says, how sure of it one is, and all that was filled in."""

    given: Answer | Unreadable
    confidence: str | None
    typed: dict[str, Any]


@deed
def keep(sitting: Sitting, position: int, sheet: Sheet, *, insist: bool, by: Person) -> bool:
    """Keep the form of a question as it stands: an answer once it can be read and says how sure one is.

    With `insist` a form that is no answer yet is refused. False when the time was over: then what had been kept before
    is handed in, and this is not.
    """
    attempt = sitting.attempt
    asked = _under_way(attempt, position)
    if quizzes.is_over(attempt.due_at, clock.now()):
        start_writing(keep=True)
        _finish(sitting, by)
        return False
    question = Question.from_json(asked.version.body)
    kind = kind_of(question)
    sure = sheet.confidence if kind.counts and sheet.confidence in set(quizzes.Confidence) else None
    if insist and isinstance(sheet.given, Unreadable):
        raise NotValid(sheet.given.message)
    if insist and kind.counts and sure is None:
        raise NotValid(SAY_HOW_SURE)
    answer = sheet.given if isinstance(sheet.given, Answer) and (sure or not kind.counts) else None
    grade = kind.grade(question, answer) if answer else None
    if asked.ruling == Ruling.FULL and asked.answer:  # full marks were promised, whatever becomes of the answer
        answer, sure, grade = answer or Answer.from_json(asked.answer), sure or asked.confidence, Grade(1)
    start_writing(keep=True)
    seconds = _spent_on(asked)
    change = put(
        asked,
        typed=sheet.typed,
        answer=answer.to_json() if answer else None,
        confidence=sure if answer else None,
        answered_at=clock.now() if answer else None,
        mark=grade.mark if grade else None,
        is_right=bool(grade and grade.right),
        seconds=seconds,
        is_rapid=bool(answer) and seconds < asked.rapid_below,
    )
    store(change, put(attempt))  # whoever hands in at the same time notices
    return True


def _under_way(attempt: Attempt, position: int) -> Asked:
    """A question that was opened in a check or an exam that is not handed in."""
    asked = next((row for row in attempt.asked if row.position == position), None)
    if asked is None or attempt.state != "open" or attempt.mode == quizzes.Mode.LEARN:
        raise NotFound()
    if asked.asked_at is None:
        raise Conflict()
    return asked


def _spent_on(asked: Asked) -> float:
    """The seconds spent on a question, all visits together."""
    assert asked.asked_at is not None
    return (asked.seconds or 0.0) + (clock.now() - asked.asked_at).total_seconds()


@deed
def turn_to(sitting: Sitting, position: int, *, by: Person) -> bool:
    """Open a question of a check or an exam; its clock goes on. False when the time was over: then it is handed in."""
    attempt = sitting.attempt
    asked = next((row for row in attempt.asked if row.position == position), None)
    if asked is None or attempt.state != "open" or attempt.mode == quizzes.Mode.LEARN:
        raise NotFound()
    if hand_in_if_over(sitting, by=by):
        return False
    store(put(asked, asked_at=clock.now()))
    return True


@deed
def hand_in(sitting: Sitting, *, by: Person) -> None:
    """Finish a check or an exam with what was answered. Twice is once."""
    if sitting.attempt.state != "open":
        return
    if sitting.attempt.mode == quizzes.Mode.LEARN:
        raise Conflict(N_("Answer the question at hand first."))
    _finish(sitting, by)


@deed
def hand_in_if_over(sitting: Sitting, *, by: Person) -> bool:
    """Whether the time of an open attempt was over; then it is handed in with what was kept."""
    is_over = sitting.attempt.state == "open" and quizzes.is_over(sitting.attempt.due_at, clock.now())
    if is_over:
        _finish(sitting, by)
    return is_over


_OVERDUE = (
    select(Attempt.id, Attempt.person_id)
    .join(Attempt.lesson)
    .join(Person, Person.id == Attempt.person_id)
    .where(Attempt.state == "open", Attempt.due_at < bindparam("before"))
    .where(Person.is_active, visibility.is_for(Attempt.person_id))
    .order_by(Attempt.due_at)
    .limit(AT_ONCE)
)
_TAKE = (
    select(Attempt.id)
    .where(Attempt.id == bindparam("attempt"), Attempt.state == "open")
    .with_for_update(skip_locked=True)
)


def hand_in_overdue() -> bool:
    """Hand in attempts whose time was over while their people were away, each by itself; whether more are left.

    What comes of them is what would come if they had looked in at this moment. It may happen in two processes at once.
    """
    found = ask(_OVERDUE, {"before": clock.now() - quizzes.DEFAULT.late}).all()
    done = 0
    for attempt_id, person_id in found:
        with by_itself(f"handing in attempt {attempt_id}"):
            _hand_in_overdue(attempt_id, person_id)
            done += 1
    return done == AT_ONCE


def _hand_in_overdue(attempt_id: int, person_id: int) -> None:
    start_writing()
    if ask(_TAKE, {"attempt": attempt_id}).scalar() is None:
        return  # somebody is at it
    sitting = queries.sitting(attempt_id, person_id)
    assert sitting is not None
    hand_in_if_over(sitting, by=accounts.people_by_id([person_id])[person_id])


def _finish(sitting: Sitting, by: Person) -> None:
    store(finishing.close(sitting.attempt, clock.now()))
    for asked in sitting.attempt.asked:
        finishing.announce_answer(sitting, asked, by)
    finishing.announce(sitting, by)
