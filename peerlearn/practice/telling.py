"""What a person was told of a question, wherever it was asked: in practice, or in a quiz that they got wrong.

An answer that came too fast is not explained. A copy of a question in another lesson means the same. All of it is found
by the person and the wording, or the person and the lesson, so that it costs the same after years.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from peerlearn.learn import withheld
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.rules import Told
from peerlearn.learn.telling import told_by
from peerlearn.lessons.models import Revision
from peerlearn.practice import rules
from peerlearn.practice.models import SetQuestion
from peerlearn.quizzes.models import ItemVersion, QuizItem
from peerlearn.quizzes.rules import Mode


@told_by
def told(person_id: Any, meaning: Any) -> ColumnElement[int]:
    """What a person was told of a question that means this, and whether they recalled it when it was due since."""
    return case(
        (_was_missed(person_id, meaning), int(Told.TOLD)),
        (_was_practised(person_id, meaning, *_recalls(SetQuestion)), int(Told.RECALLED)),
        (_was_practised(person_id, meaning), int(Told.TOLD)),
        else_=int(Told.NOTHING),
    )


def _recalls(question: Any) -> tuple[ColumnElement[bool], ...]:
    """Whether an answer in practice was right at a due review, without a hint."""
    is_due = and_(question.kind == rules.DUE, question.rating.is_not(None))
    return is_due, question.is_right.is_(True), question.hints_seen == 0


def _wordings(meaning: Any) -> Select[int]:
    """The wordings that mean this; as a list it leads by an index to what one person answered of them."""
    wording = aliased(ItemVersion)
    return select(wording.id).where(wording.meaning == meaning).correlate_except(wording)


def _was_practised(person_id: Any, meaning: Any, *so: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether practice asked it and had an answer, not too fast."""
    asked = and_(SetQuestion.person_id == person_id, SetQuestion.version_id.in_(_wordings(meaning)))
    answered = and_(SetQuestion.answered_at.is_not(None), ~SetQuestion.is_rapid)
    return exists().where(asked, answered, *so).correlate_except(SetQuestion)


def _was_missed(person_id: Any, meaning: Any) -> ColumnElement[bool]:
    """Whether an attempt got it wrong and told what is right, and no due review recalled it since.

    What was right at the first try was known. In a check or an exam what is right is told when it shows its keys.
    """
    attempt, asked, question = aliased(Attempt), aliased(Asked), aliased(SetQuestion)
    lessons = (
        select(Revision.lesson_id)
        .join(QuizItem, QuizItem.quiz_id == Revision.quiz_id)
        .where(QuizItem.version_id.in_(_wordings(meaning)))
        .correlate_except(Revision, QuizItem)
    )
    is_told = case(
        (attempt.mode == Mode.LEARN.value, asked.answered_at.is_not(None)),
        else_=and_(attempt.state == "finished", withheld.showed(attempt)),
    )
    recalled_since = (
        exists()
        .where(question.person_id == person_id, question.version_id.in_(_wordings(meaning)), *_recalls(question))
        .where(question.answered_at > func.coalesce(asked.answered_at, attempt.finished_at))
        .correlate_except(question)
    )
    return (
        exists()
        .where(attempt.person_id == person_id, attempt.lesson_id.in_(lessons))
        .where(asked.attempt_id == attempt.id, asked.version_id.in_(_wordings(meaning)))
        .where(~asked.is_right, ~asked.is_left_out, is_told, ~recalled_since)
        .correlate_except(attempt, asked)
    )
