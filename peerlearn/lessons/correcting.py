"""A question of a published lesson is put right: the same lesson, with another key. None of it commits.

The correction is a revision like any other, so the history shows it; revisions before it never change. It is no new
major version: nobody has to learn the lesson again because of our mistake.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.core.deeds import publish as announce
from peerlearn.core.errors import Conflict, NotFound, NotValid
from peerlearn.lessons import actions, amending, citations, events, fileformat, preparing, queries, rules, sharing
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lessons.rules import State
from peerlearn.quizzes import actions as quizzes
from peerlearn.quizzes import textform
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question


@deed
def correct_question(lesson: Lesson, question: Question, *, by: Person) -> Revision:
    """Publish the lesson with this question in the place of the one that has its id.

    A revision that is being written or reviewed takes the correction over where the question stands in it unchanged.
    Where it does not, its authors choose before they hand it in; out of a review it goes back to them.
    `lesson` comes with its authors and topics. Raises NotValid for a question that could not be asked, or not be shown
    in time.
    """
    old = shown_text(lesson)
    question = askable(question)
    file = fileformat.parse(old.source)
    before = next((each for each in file.questions if each.uid == question.uid), None)
    if before is None:
        raise NotFound()
    changed = replace(file, questions=tuple(question if each.uid == question.uid else each for each in file.questions))
    _cards, html = preparing.render_all(changed)
    revision = _successor(old, fileformat.print_file(changed), quizzes.store_quiz(changed.questions, html), by)
    old.state = State.SUPERSEDED
    db.session.flush()
    db.session.add(revision)
    db.session.flush()
    lesson.published_id = revision.id
    citations.keep(lesson.id, revision.source)
    _carry_over(lesson, old.id, before, question, by)
    shares = tuple((author.person_id, author.share) for author in lesson.authors)
    topic_ids = tuple(topic.topic_id for topic in lesson.topics)
    published = events.LessonPublished(lesson.id, revision.id, lesson.major, False, topic_ids, shares, True)
    announce(published, by=by)
    return revision


def shown_text(lesson: Lesson) -> Revision:
    """The text in which a question can be put right: the one that colleagues read. Raises Conflict for none."""
    found = db.session.get(Revision, lesson.published_id) if lesson.published_id else None
    if found is None or lesson.state != "published":
        raise Conflict(amending.NOT_SHOWN)
    return found


def askable(question: Question) -> Question:
    """The question as it is stored. Raises NotValid for one that could not be asked."""
    question = textform.normal(question)
    wrong = [problem for problem in kind_of(question).check(question) if problem.level == "error"]
    if wrong:
        values: dict[str, Any] = dict(wrong[0].values)
        raise NotValid(wrong[0].said.what, None, **values)
    sharing.unleaked(textform.print_question(question), "why")
    return question


def _successor(old: Revision, source: str, quiz_id: int, by: Person) -> Revision:
    """The revision after this one: the same cards, another quiz."""
    now = clock.now()
    newest = db.session.scalar(select(func.max(Revision.number)).where(Revision.lesson_id == old.lesson_id)) or 0
    kept = ("title", "summary", "kind", "minutes", "words", "cards", "extras", "renderer", "lesson_id")
    return Revision(
        **{name: getattr(old, name) for name in kept},
        number=newest + 1,
        state=State.PUBLISHED,
        source=source,
        base_id=old.id,
        writer_id=by.id,
        is_major=False,
        quiz_id=quiz_id,
        saved_at=now,
        submitted_at=now,
        published_at=now,
    )


def _carry_over(lesson: Lesson, old_id: int, before: Question, after: Question, by: Person) -> None:
    """Put the correction into the open revision, if the question stands there word for word.

    Else its authors choose. So that no curator and no day lets the wrong key out again, it waits for nobody until then.
    """
    found = queries.open_revision(lesson.id)
    if found is None:
        return
    text = textform.print_question(before)
    if found.source.count(text) != 1:
        if not rules.is_editable(found.state):
            actions.withdraw(found, by=by)
        return
    found.source = found.source.replace(text, textform.print_question(after))
    if found.quiz_id is not None:
        found.quiz_id = quizzes.store_quiz(fileformat.parse(found.source).questions)
    if found.base_id == old_id:
        found.base_id = lesson.published_id
