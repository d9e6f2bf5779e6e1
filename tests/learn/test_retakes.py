"""Retakes on a real database: what is asked again, what is asked instead, and what a newer version changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict
from peerlearn.core.facts import Fact
from peerlearn.learn import access, pool
from peerlearn.learn.models import Attempt
from peerlearn.lessons import actions as lessons
from peerlearn.lessons.models import Lesson
from tests import factories
from tests.factories import Walk

SPARE = """
## true-false variant ^{mark}

Every step is shown, is it not?

- [x] True ^a
  > Yes, each of them.
- [ ] False ^b
  > Look at the second card again.

Card: 1
"""


@pytest.fixture
def walk(person: Person) -> Walk:
    """The person before a lesson with a spare question on its first card."""
    return Walk(person, factories.published_lesson(more=SPARE.format(mark="spare1")).slug)


def uids(walk: Walk, attempt: Attempt) -> list[str]:
    """The ends of the marks of what is asked."""
    return [row.version.body["uid"][-4:] for row in access.sitting_of(attempt.id, walk.person).attempt.asked]


def test_a_spare_is_asked_instead_of_what_was_missed_on_its_card(walk: Walk) -> None:
    walk.read()
    first = walk.quiz(False, True, False).attempt
    assert uids(walk, first) == ["aaaa", "bbbb", "cccc"]
    assert (first.total, first.needed) == (3, 3)
    walk.moment += timedelta(minutes=10)
    second = walk.start().attempt
    assert uids(walk, second) == ["are1", "cccc"], "the text question has no card, so it is asked again"
    assert second.asked[0].instead_of_id == first.asked[0].version_id
    assert (second.total, second.carried) == (3, 1)
    walk.answer(access.sitting_of(second.id, walk.person))
    walk.answer(access.sitting_of(second.id, walk.person), right=False)
    db.session.commit()
    walk.moment += timedelta(minutes=10)
    third = walk.start().attempt
    assert uids(walk, third) == ["cccc"], "the spare was right in the place of the first question"
    assert (third.total, third.carried) == (3, 2)


def test_answers_given_too_fast_do_not_make_a_question_look_quick(walk: Walk) -> None:
    walk.read()
    attempt = walk.quiz(seconds=1).attempt
    other = Walk(factories.person(), walk.slug)
    other.read()
    other.quiz(seconds=30)
    versions = [row.version_id for row in access.sitting_of(attempt.id, walk.person).attempt.asked]
    assert pool.response_times(versions) == {version: [30] for version in versions}


def test_only_first_answers_are_of_record(walk: Walk) -> None:
    walk.read()
    walk.quiz(False, True, True)
    walk.moment += timedelta(minutes=10)
    walk.quiz(True)
    said = db.session.scalars(select(Fact.data).where(Fact.type == "QuestionAnswered").order_by(Fact.id))
    assert [fact["is_first"] for fact in said] == [True, True, True, False]


def test_practice_changes_nothing_of_record(walk: Walk) -> None:
    walk.read()
    for _attempt in range(3):
        walk.quiz(*[False] * 3)
        walk.moment += timedelta(minutes=11)
    assert not walk.quiz(*[True] * 3).attempt.is_scored
    walk.moment += timedelta(hours=24)
    fifth = walk.start().attempt
    assert fifth.is_scored
    assert len(fifth.asked) == 3, "what was right in practice is still to be answered"


def test_the_best_attempt_stands(walk: Walk) -> None:
    walk.read()
    for rights in ((False, True, True), (False,), (True,)):
        walk.quiz(*rights)
        walk.moment += timedelta(minutes=10)
    _lesson, where = access.lesson_to_read(walk.slug, walk.person)
    assert [attempt.score for attempt in where.scored] == [2, 2, 3]
    assert where.best is where.attempts[2]
    assert where.best is where.passed


def test_a_drawn_quiz_asks_so_many_and_wants_its_share_of_them(person: Person) -> None:
    more = "".join(SPARE.format(mark=f"pool{n}").replace(" variant", "") for n in range(5))
    walk = Walk(person, factories.published_lesson(front="pass_mark: 100\ndraw: 4\n", more=more).slug)
    walk.read()
    attempt = walk.quiz().attempt
    assert (len(attempt.asked), attempt.total, attempt.needed) == (4, 4, 4)
    assert attempt.is_passed


def new_version(walk: Walk, old: str, new: str) -> Lesson:
    """The lesson is published again with a change."""
    lesson, _where = access.lesson_to_read(walk.slug, walk.person)
    owner = db.session.get_one(Person, lesson.owner_id)
    draft = lessons.revise(lesson, by=owner)
    assert old in draft.source
    lessons.save_draft(draft, draft.source.replace(old, new, 1), base_version=draft.version, by=owner)
    lessons.submit(draft, by=owner)
    published = lessons.publish(draft, by=owner)
    db.session.commit()
    db.session.expire(published, ["published"])
    return published


def test_an_open_attempt_of_an_older_version_can_be_finished(walk: Walk) -> None:
    walk.read()
    sitting = walk.start()
    walk.answer(sitting)
    assert new_version(walk, "You want to begin.", "You want to start well.").major == 2
    _lesson, where = access.lesson_to_read(walk.slug, walk.person)
    assert (where.open, where.older) == (None, sitting.attempt)
    sitting = access.sitting_of(sitting.attempt.id, walk.person)
    for _question in range(2):
        walk.answer(sitting)
    assert sitting.attempt.is_passed
    assert sitting.attempt.major == 1
    _lesson, where = access.lesson_to_read(walk.slug, walk.person)
    assert (where.passed, where.older) == (None, None)


def test_a_newer_version_sets_an_open_attempt_aside_once_it_is_begun(walk: Walk) -> None:
    walk.read()
    sitting = walk.start()
    old = sitting.attempt
    walk.answer(sitting)
    walk.answer(sitting)
    new_version(walk, "You want to begin.", "You want to start well.")
    walk.read()
    attempt = walk.quiz().attempt
    assert (attempt.major, attempt.number, attempt.is_passed) == (2, 1, True)
    db.session.refresh(old)
    assert (old.state, old.is_passed) == ("left", False)
    said = db.session.scalars(select(Fact.data).where(Fact.type == "QuestionAnswered").order_by(Fact.id)).all()
    said_now = [fact["is_first"] for fact in said][2:]
    assert said_now == [True, False, True], "the second question means what it meant when it was answered"


def test_a_small_change_keeps_the_attempt_and_what_was_right(walk: Walk) -> None:
    walk.read()
    walk.quiz(False, True, True)
    assert new_version(walk, "That comes last.", "That comes at the very end.").major == 1
    walk.moment += timedelta(minutes=10)
    assert (walk.start().attempt.carried, walk.start().attempt.total) == (2, 3)


def test_what_was_missed_and_is_not_asked_any_more_passes(person: Person) -> None:
    fourth = SPARE.format(mark="fourth").replace(" variant", "")
    walk = Walk(person, factories.published_lesson(front="pass_mark: 100\n", more=fourth).slug)
    walk.read()
    assert not walk.quiz(False, True, True, True).attempt.is_passed
    new_version(walk, "## single scenario ^", "## single scenario variant ^")
    walk.moment += timedelta(minutes=10)
    attempt = walk.start().attempt
    assert (attempt.state, attempt.total, attempt.carried, attempt.is_passed) == ("finished", 3, 3, True)


def test_a_lesson_whose_questions_all_rest_says_so(walk: Walk, monkeypatch: Any) -> None:
    walk.read()
    monkeypatch.setattr("peerlearn.learn.pool.candidates_for", lambda quiz_id, person: [])
    with pytest.raises(Conflict, match="mended"):
        walk.start()
