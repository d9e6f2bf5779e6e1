"""Where a language model helped with a lesson, a person checks each of its questions before it is handed in.

What was checked is known by what the question says, whatever ids it has. Who checked it is kept with the revision, and
goes on to the next one as long as the question stays as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotValid
from peerlearn.core.words import N_
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import QuestionCheck, Revision
from peerlearn.quizzes import queries as quizzes
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.textform import print_question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is to be checked, as its author wrote it."""

    number: int
    title: str
    text: str
    mark: str


class NotChecked(NotValid):
    """Not every question was checked: `asked` has the number and the mark of each that is to be."""

    default = N_("A language model helped with this lesson. Check each question below and say so, then hand it in.")

    def __init__(self, asked: tuple[tuple[int, str], ...]) -> None:
        super().__init__()
        self.asked = asked

    def asked_of(self, file: LessonFile) -> list[Asked]:
        """These questions as they stand in a file."""
        found = [(number, mark, file.questions[number - 1]) for number, mark in self.asked]
        return [Asked(number, KINDS[one.kind].title, print_question(one), mark) for number, mark, one in found]


class _All:
    def __contains__(self, mark: object) -> bool:
        return True


ALL: Container[str] = _All()
"""Every question: whoever hands in answers for all of them, as with a folder of files at the command line."""


@dataclass(frozen=True, slots=True)
class Check:
    """Who checked a question, and when."""

    person_id: int
    at: datetime


def mark_of(question: Question) -> str:
    """A fingerprint of what a question says: its text, key and explanations, without the ids that are added for it."""
    said = json.dumps(_bare(question.to_json()), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode("ascii")).hexdigest()


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bare(each) for name, each in value.items() if name != "uid"}
    return [_bare(each) for each in value] if isinstance(value, list) else value


def insist(
    file: LessonFile, lesson_id: int, published: Revision | None, checked: Container[str], by: Person
) -> dict[str, Check]:
    """Who checked which question of a text that is handed in. Raises NotChecked while one is waiting.

    What stands unchanged in the published revision was read by a curator and is not asked for again.
    """
    if not file.front.ai_assisted:
        return {}
    known = _known(lesson_id)
    now = clock.now()
    marks = [mark_of(question) for question in file.questions]
    found = {mark: known.get(mark) or Check(by.id, now) for mark in marks if mark in known or mark in checked}
    if any(mark not in found for mark in marks):
        standing = _standing(published)
        asked = [(n, mark) for n, mark in enumerate(marks, start=1) if mark not in known and mark not in standing]
        if any(mark not in found for _number, mark in asked):
            raise NotChecked(tuple(asked))
    return found


def _standing(published: Revision | None) -> set[str]:
    """The questions of the published revision."""
    return {mark_of(one.question) for one in quizzes.load_quiz(published.quiz_id)} if published else set()


def answered_for(file: LessonFile, by: Person) -> dict[str, Check]:
    """The checks of a new lesson whose questions somebody answers for, all of them."""
    now = clock.now()
    return {mark_of(question): Check(by.id, now) for question in file.questions} if file.front.ai_assisted else {}


def _known(lesson_id: int) -> dict[str, Check]:
    """The first who checked each question, of whatever revision."""
    statement = select(QuestionCheck).where(QuestionCheck.lesson_id == lesson_id).order_by(QuestionCheck.id.desc())
    return {row.mark: Check(row.person_id, row.at) for row in db.session.scalars(statement)}


def keep(revision: Revision, checks: dict[str, Check]) -> None:
    """Keep with a revision who checked its questions, in the place of what was kept with an earlier text of it."""
    db.session.execute(delete(QuestionCheck).where(QuestionCheck.revision_id == revision.id))
    keep_all([(revision.lesson_id, revision.id, checks)])


def keep_all(checked: list[tuple[int, int, dict[str, Check]]]) -> None:
    """The same for new revisions of many lessons: lesson, revision, and who checked what."""
    rows = [
        {"lesson_id": lesson_id, "revision_id": revision_id, "mark": mark, "person_id": check.person_id, "at": check.at}
        for lesson_id, revision_id, checks in checked
        for mark, check in checks.items()
    ]
    if rows:
        db.session.execute(insert(QuestionCheck), rows)


def by_whom(revision_id: Any) -> Any:
    """The names of those who checked the questions of a revision, as part of a statement."""
    theirs = select(QuestionCheck.person_id).where(QuestionCheck.revision_id == revision_id)
    theirs = theirs.correlate_except(QuestionCheck)  # however deep in a statement it stands
    names = select(func.aggregate_strings(Person.name, ", ")).where(Person.id.in_(theirs))
    return names.correlate_except(Person, QuestionCheck).scalar_subquery()
