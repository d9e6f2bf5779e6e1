"""What a second attempt promised is paid once, whichever comes second: the pass, or the recall of what was missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons.models import Lesson
from peerlearn.points import actions as points
from peerlearn.points.models import LedgerEntry
from tests import factories
from tests.factories import Walk
from tests.practice.days import Practice

DAY = timedelta(days=1)


@pytest.fixture
def walk(app: Any) -> Walk:
    """Somebody who has read a lesson."""
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    return walk


def lines(person: Person) -> list[tuple[str, int, str]]:
    """What passing lessons brought, and what followed it."""
    rows = select(LedgerEntry).where(LedgerEntry.person_id == person.id, LedgerEntry.rule.in_(("L1", "L1-later")))
    return [(row.rule, row.amount, row.reason) for row in db.session.scalars(rows.order_by(LedgerEntry.id))]


def paid(person: Person) -> list[tuple[str, int]]:
    return [(rule, amount) for rule, amount, _ in lines(person)]


def practise(walk: Walk, moment: datetime, right: bool = True) -> None:
    """Finish the set of a day."""
    practice = Practice(walk.person, moment)
    practice.start()
    while practice.waiting:
        practice.answer(right)
    walk.moment = practice.moment


def new_version(walk: Walk) -> None:
    """A new version of the lesson, with other words in one question, and its cards read."""
    lesson = db.session.scalars(select(Lesson).where(Lesson.slug == walk.slug)).one()
    with clock.at(walk.moment):
        factories.republish(lesson, lambda text: text.replace("Every step is shown.", "All steps are shown."))
    assert db.session.scalar(select(Lesson.major).where(Lesson.id == lesson.id)) > 1
    walk.read()


def test_what_is_recalled_before_the_pass_releases_its_points_with_it(walk: Walk) -> None:
    walk.quiz(True, False, False)
    practise(walk, walk.moment + 2 * DAY)
    assert paid(walk.person) == []
    walk.moment += DAY
    walk.quiz(True, True)
    assert paid(walk.person) == [("L1", 0), ("L1-later", 5)]
    assert "You had recalled a missed question before" in lines(walk.person)[0][2]
    practise(walk, walk.moment + 30 * DAY)
    assert paid(walk.person) == [("L1", 0), ("L1-later", 5)], "once"
    assert points.verify() == []


def test_a_pass_promises_nothing_that_cannot_come(walk: Walk) -> None:
    walk.quiz(True, False, False)
    practise(walk, walk.moment + 2 * DAY, right=False)
    walk.moment += DAY
    walk.quiz(True, True)
    [(rule, amount, reason)] = lines(walk.person)
    assert (rule, amount) == ("L1", 0)
    assert "nothing follows" in reason
    practise(walk, walk.moment + 30 * DAY)
    assert len(lines(walk.person)) == 1


def test_a_question_missed_again_has_its_first_review_before_it_again(walk: Walk) -> None:
    walk.quiz(True, False, False)
    practise(walk, walk.moment + 2 * DAY, right=False)
    walk.moment += DAY
    walk.quiz(True, False)
    walk.moment += DAY
    walk.quiz(True)
    assert "follow" in lines(walk.person)[0][2]
    practise(walk, walk.moment + 30 * DAY)
    assert paid(walk.person) == [("L1", 0), ("L1-later", 2)]


def test_what_a_new_version_missed_counts_however_often_it_was_reviewed_before(walk: Walk) -> None:
    walk.quiz()
    practise(walk, walk.moment + 2 * DAY)
    walk.moment += DAY
    new_version(walk)
    walk.quiz(True, True, False)
    walk.moment += timedelta(minutes=11)
    walk.quiz(True)
    assert paid(walk.person) == [("L1", 10), ("L1", 0)]
    practise(walk, walk.moment + 30 * DAY)
    assert paid(walk.person) == [("L1", 10), ("L1", 0), ("L1-later", 5)]


def test_what_was_missed_on_the_day_of_its_review_counts_as_missed(walk: Walk) -> None:
    walk.quiz()
    walk.moment += 2 * DAY
    new_version(walk)
    practise(walk, walk.moment)
    walk.quiz(True, True, False)
    walk.moment += timedelta(minutes=11)
    walk.quiz(True)
    practise(walk, walk.moment + 30 * DAY)
    assert paid(walk.person) == [("L1", 10), ("L1", 0), ("L1-later", 5)]


def test_a_new_version_does_not_take_a_promise_away(walk: Walk) -> None:
    walk.quiz(True, True, False)
    walk.moment += timedelta(minutes=11)
    walk.quiz(True)
    new_version(walk)
    walk.quiz()
    assert paid(walk.person) == [("L1", 0), ("L1", 0)], "the new one rests on what the first had told"
    practise(walk, walk.moment + 5 * DAY)
    assert sorted(paid(walk.person)) == [("L1", 0), ("L1", 0), ("L1-later", 5), ("L1-later", 10)]
