"""A question of a published lesson is put right: the same lesson, with another key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import markdown
from peerlearn.core.db import db as database
from peerlearn.core.errors import Conflict, NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.lessons import actions, correcting, fileformat, queries
from peerlearn.lessons.models import Lesson, LessonLink, Revision
from peerlearn.quizzes import queries as quizzes
from peerlearn.quizzes.question import Question
from tests import factories


@pytest.fixture
def lesson(db: Any) -> Lesson:
    found = queries.lesson_by_id(factories.published_lesson().id)
    assert found is not None
    return found


@pytest.fixture
def curator(db: Any) -> Person:
    return factories.person()


def published(lesson: Lesson) -> Revision:
    return database.session.get_one(Revision, lesson.published_id)


def first_question(lesson: Lesson) -> Question:
    return fileformat.parse(published(lesson).source).questions[0]


def with_key(question: Question, uid: str) -> Question:
    return replace(question, options=tuple(replace(o, right=o.uid == uid) for o in question.options))


def test_an_address_in_a_corrected_explanation_is_cited(lesson: Lesson, curator: Person) -> None:
    question = first_question(lesson)
    why = "The handbook says so: https://handbook.example.org/start"
    options = tuple(replace(option, why=why) for option in question.options)
    correcting.correct_question(lesson, replace(question, options=options), by=curator)
    links = select(LessonLink.link).where(LessonLink.lesson_id == lesson.id)
    assert database.session.scalars(links).all() == ["https://handbook.example.org/start"]


def test_a_correction_that_makes_the_lesson_too_slow_is_refused(
    lesson: Lesson, curator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, question = published(lesson), first_question(lesson)
    options = tuple(replace(option, why="`a" * 300) for option in question.options)
    monkeypatch.setattr(markdown, "RENDER_SECONDS", 0.0005)
    with pytest.raises(NotValid, match="too long to show"):
        correcting.correct_question(lesson, replace(question, options=options), by=curator)
    assert published(lesson) is before


def test_a_key_in_a_corrected_explanation_is_refused(lesson: Lesson, curator: Person) -> None:
    question = first_question(lesson)
    options = tuple(replace(option, why="Use ghp_k7Rw2Zq9Xc4Vb1Nm6Ty3Ui8Op5As0Df2Gh4J") for option in question.options)
    with pytest.raises(NotValid, match="Others would read it"):
        correcting.correct_question(lesson, replace(question, options=options), by=curator)


def test_the_correction_is_a_revision_of_the_same_version(lesson: Lesson, curator: Person) -> None:
    old = published(lesson)
    before, major = quizzes.load_quiz(old.quiz_id), lesson.major
    correcting.correct_question(lesson, with_key(first_question(lesson), "a"), by=curator)
    new = published(lesson)
    assert (old.state, new.state, new.number, new.base_id) == ("superseded", "published", old.number + 1, old.id)
    assert (lesson.major, new.is_major, new.cards, new.writer_id) == (major, False, old.cards, curator.id)
    after = quizzes.load_quiz(new.quiz_id)
    assert [stored.item_id for stored in after] == [stored.item_id for stored in before]
    assert [stored.meaning == other.meaning for stored, other in zip(after, before, strict=True)] == [False, True, True]
    assert after[1].version_id == before[1].version_id
    assert [o.uid for o in after[0].question.options if o.right] == ["a"]
    said = database.session.scalars(select(Fact.data).where(Fact.type == "LessonPublished").order_by(Fact.id)).all()[-1]
    assert (said["revision_id"], said["is_first"], said["major"]) == (new.id, False, major)


def test_a_question_that_could_not_be_asked_is_refused(lesson: Lesson, curator: Person) -> None:
    question = first_question(lesson)
    with pytest.raises(NotValid, match="all are wrong"):
        correcting.correct_question(lesson, with_key(question, "nobody"), by=curator)
    with pytest.raises(NotFound):
        correcting.correct_question(lesson, replace(question, uid="elsewhere"), by=curator)
    assert published(lesson).number == 1


def test_only_what_is_published_is_corrected(lesson: Lesson, curator: Person) -> None:
    question = first_question(lesson)
    actions.archive(lesson, by=curator)
    with pytest.raises(Conflict):
        correcting.correct_question(lesson, with_key(question, "a"), by=curator)


def test_a_draft_takes_the_correction_over(lesson: Lesson, curator: Person) -> None:
    draft = actions.revise(lesson, by=lesson.authors[0].person)
    draft.source = draft.source.replace("The middle part", "The middle").replace("= final step", "= the last")
    question = fileformat.parse(published(lesson).source).questions[2]
    correcting.correct_question(lesson, replace(question, accepted=("first step",)), by=curator)
    mended = fileformat.parse(draft.source)
    assert mended.questions[2].accepted == ("last step", "the last"), "its author has changed this question"
    question = fileformat.parse(published(lesson).source).questions[1]
    correcting.correct_question(lesson, with_key(question, "b"), by=curator)
    mended = fileformat.parse(draft.source)
    assert [o.right for o in mended.questions[1].options] == [False, True]
    assert mended.questions[0].options[2].text == "The middle"


def test_what_waits_for_review_takes_it_over_with_its_questions(lesson: Lesson, curator: Person) -> None:
    author = lesson.authors[0].person
    draft = actions.revise(lesson, by=author)
    actions.save_draft(draft, draft.source.replace("Forgetting", "Leaving out"), base_version=draft.version, by=author)
    actions.submit(draft, by=author)
    correcting.correct_question(lesson, with_key(first_question(lesson), "a"), by=curator)
    waiting = quizzes.load_quiz(draft.quiz_id)
    assert draft.state == "submitted"
    assert [o.uid for o in waiting[0].question.options if o.right] == ["a"]
    assert "Leaving out" in draft.source
