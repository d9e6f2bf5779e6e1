"""What came in from a quiz page: a clean answer, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peerlearn.learn.handing_in import Sheet
from peerlearn.learn.models import Asked, Attempt, Reading
from peerlearn.quizzes.answering import Answer, Presented, Render, Unreadable, values
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.question import Question


def read_answer(attempt: Attempt, asked: Asked, form: Mapping[str, Any]) -> Answer | Unreadable:
    """The answer to a question of an attempt."""
    question = Question.from_json(asked.version.body)
    return kind_of(question).read(question, attempt.seed, form)


FIELD, SURE = "answer", "confidence"
MAX_FIELDS, MAX_CHARS = 60, 2000


def read_sheet(attempt: Attempt, asked: Asked, form: Mapping[str, Any]) -> Sheet:
    """The form of a question as it stands, complete or not; only the fields that belong to a question."""
    names = [name for name in form if name in {FIELD, SURE} or name.startswith(f"{FIELD}-")]
    typed = {name: [text[:MAX_CHARS] for text in values(form, name)[:MAX_FIELDS]] for name in names[:MAX_FIELDS]}
    return Sheet(read_answer(attempt, asked, form), form.get(SURE), typed)


def read_rating(asked: Asked, form: Mapping[str, Any]) -> Answer | Unreadable | None:
    """An answer together with what its writer says of it; None where that is not asked."""
    if asked.answer is None:
        return None
    question = Question.from_json(asked.version.body)
    return kind_of(question).rate(Answer.from_json(asked.answer), form)


def read_pretest(reading: Reading, version: ItemVersion, form: Mapping[str, Any]) -> Answer | Unreadable | None:
    """The answer to the question before reading; None when it was skipped."""
    if form.get("skip"):
        return None
    question = Question.from_json(version.body)
    return kind_of(question).read(question, _seed(reading), form)


def present_pretest(reading: Reading, version: ItemVersion, block: Render, line: Render) -> Presented:
    """The question before reading, as a learner may see it."""
    question = Question.from_json(version.body)
    return kind_of(question).present(question, _seed(reading), render=block, render_line=line)


def _seed(reading: Reading) -> str:
    return f"pretest:{reading.id}"
