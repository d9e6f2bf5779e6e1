"""A topic is held by all its questions, so practice asks those too that a passed lesson kept in reserve."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict
from peerlearn.learn import actions as learn
from peerlearn.learn.actions import Sheet
from peerlearn.practice import actions as practice_actions
from peerlearn.practice import holding, material, offering
from peerlearn.practice.models import Memory, SetQuestion
from peerlearn.quizzes.answering import Answer
from tests import factories
from tests.factories import Walk
from tests.practice.days import Practice

DAY = timedelta(days=1)
RIGHT = Answer("single", ("b",))


def _quiz(asked: int, spare: int = 0) -> str:
    """Easy questions, some of them spares."""
    marks = [""] * asked + [" variant"] * spare
    return "# Quiz\n" + "".join(
        f"""
## single easy{mark} ^{{number}}step{number}

When is step {number} taken?

- [ ] At noon ^a
  > No, that is too late.
- [x] In the morning ^b
  > Yes, before anybody comes.
- [ ] In the evening ^c
  > No, nobody is there then.
"""
        for number, mark in enumerate(marks)
    )


def _learner(front: str, quiz: str) -> Walk:
    """Somebody who works every day and has read a lesson."""
    walk = Walk(factories.person(work_days="1234567"), factories.published_lesson(front=front, quiz=quiz).slug)
    walk.read()
    return walk


def _take(walk: Walk, right: bool = True) -> None:
    """Take the quiz of its lesson, as a check where it is one."""
    given = RIGHT if right else Answer("single", ("a",))
    walk.person = factories.reloaded(walk.person)
    sitting = walk.start()
    is_handed_in = sitting.attempt.mode != "learn"
    for asked in list(sitting.attempt.asked):
        walk.moment += 30 * timedelta(seconds=1)
        with clock.at(walk.moment):
            if is_handed_in:
                learn.turn_to(sitting, asked.position, by=walk.person)
            else:
                learn.next_question(sitting.attempt, by=walk.person)
        walk.moment += 30 * timedelta(seconds=1)
        with clock.at(walk.moment):
            if is_handed_in:
                learn.keep(sitting, asked.position, Sheet(given, "certain", {}), insist=True, by=walk.person)
            else:
                learn.answer(sitting, asked.position, given, "certain", by=walk.person)
    with clock.at(walk.moment):
        if is_handed_in:
            learn.hand_in(sitting, by=walk.person)
        db.session.commit()


def _practise(walk: Walk, days: int) -> None:
    """Answer the set of each of the next days rightly, where there is one."""
    for number in range(1, days + 1):
        practice = Practice(factories.reloaded(walk.person), walk.moment + number * DAY)
        try:
            practice.start()
        except Conflict:
            continue
        for question in practice.again().questions:
            with clock.at(practice.moment):
                practice_actions.ask_question(question, by=practice.person)
            practice.moment += 20 * timedelta(seconds=1)
            with clock.at(practice.moment):
                practice_actions.answer(practice.again(), question.position, RIGHT, "certain", by=practice.person)
                db.session.commit()
    walk.moment += days * DAY


def _asked() -> int:
    return db.session.scalar(select(func.count(func.distinct(SetQuestion.item_id)))) or 0


@pytest.mark.parametrize(
    ("front", "quiz", "in_quiz", "items"),
    [
        ("", _quiz(5, 2), 5, 7),
        ("mode: check\n", _quiz(5, 2), 5, 7),
        ("mode: exam\ndraw: 3\n", _quiz(6), 3, 6),
    ],
    ids=["lesson", "check", "exam"],
)
def test_whoever_answers_all_that_is_asked_becomes_a_holder(
    app: Any, front: str, quiz: str, in_quiz: int, items: int
) -> None:
    walk = _learner(front, quiz)
    _take(walk)
    assert db.session.scalar(select(func.count()).select_from(Memory)) == in_quiz
    _practise(walk, 40)
    assert _asked() == items
    with clock.at(walk.moment):
        (line,) = holding.overview(walk.person).topics
    assert line.known == line.held.items == items
    assert line.held.is_holder()


@pytest.mark.parametrize("front", ["mode: check\n", "mode: exam\nattempts: 3\n"])
def test_a_check_keeps_its_spares_until_it_is_passed(app: Any, front: str) -> None:
    walk = _learner(front, _quiz(5, 2))
    _take(walk, right=False)
    _practise(walk, 3)
    assert _asked() == 0
    with clock.at(walk.moment):
        assert not offering.is_something_new(walk.person, walk.moment.date(), 5)


def test_a_spare_is_offered_and_drawn_where_nothing_is_due(app: Any) -> None:
    """The page that offers a set and the draw say the same, with many statements neither."""
    walk = _learner("", _quiz(5, 2))
    _take(walk)
    day = (walk.moment + DAY).date()
    with clock.at(walk.moment + DAY):
        assert offering.is_something_new(walk.person, day, 5)
        found = material.fresh(walk.person, day, [], 5)
    assert [one.is_spare for one in found] == [True, True]


def test_who_only_read_a_lesson_is_not_asked_for_what_it_keeps_in_reserve_however_easy(app: Any) -> None:
    walk = _learner("", _quiz(5, 2))
    with clock.at(walk.moment + DAY):
        assert all(not one.is_spare for one in material.fresh(walk.person, (walk.moment + DAY).date(), [], 5))
