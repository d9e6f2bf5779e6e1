"""Sets of earlier days can be answered later, and count as what they are by then: nothing is due twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.points.models import LedgerEntry
from peerlearn.practice import rules
from peerlearn.practice.models import Memory, SetQuestion
from peerlearn.streaks.models import ActiveDay
from tests import factories
from tests.factories import Walk
from tests.practice.days import Practice

DAY = timedelta(days=1)


@pytest.fixture
def learner(app: Any) -> tuple[Person, Practice]:
    """Somebody to whom three questions are due, and who leaves the set of that day alone."""
    person = factories.person(work_days="1234567")
    walk = Walk(person, factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    left = Practice(person, walk.moment + 2 * DAY)
    left.start()
    return person, left


def _answer_all(person: Person, practice: Practice, right: bool = True) -> None:
    practice.person = factories.reloaded(person)
    while practice.waiting:
        practice.answer(right)


def _facts(kind: str, *names: str) -> list[tuple[Any, ...]]:
    rows = db.session.scalars(select(Fact).where(Fact.type == kind).order_by(Fact.id))
    return [tuple(fact.data[name] for name in names) for fact in rows]


def _paid(rule: str) -> list[int]:
    return list(db.session.scalars(select(LedgerEntry.amount).where(LedgerEntry.rule == rule).order_by(LedgerEntry.id)))


def test_what_was_answered_in_the_next_set_is_not_due_in_the_one_before(learner: tuple[Person, Practice]) -> None:
    person, left = learner
    next_day = Practice(person, left.moment + DAY)
    next_day.start()
    _answer_all(person, next_day)
    tiers = [memory.tiers for memory in db.session.scalars(select(Memory))]
    left.moment += 2 * DAY
    _answer_all(person, left)
    assert _facts("ItemReviewed", "was_due", "scheduled_days") == [(True, 2)] * 3 + [(False, 0)] * 3
    assert [memory.tiers for memory in db.session.scalars(select(Memory))] == tiers, "the next tier is still to be paid"
    assert _paid("L2") == [2, 2, 2]
    stored = db.session.execute(select(SetQuestion.kind, SetQuestion.interval).where(SetQuestion.set_id == left.set_id))
    assert set(map(tuple, stored)) == {(rules.EARLY, 0)}


def test_finishing_the_set_of_an_earlier_day_is_no_set_of_today(learner: tuple[Person, Practice]) -> None:
    person, left = learner
    left.moment += 5 * DAY
    _answer_all(person, left)
    assert _facts("ItemReviewed", "was_due", "scheduled_days") == [(True, 2)] * 3, "they are due, long since"
    assert _paid("L2") == [2, 2, 2]
    assert _facts("DailySetFinished", "is_late") == [(True,)]
    assert sum(_paid("L3")) == 0
    day = db.session.scalars(select(ActiveDay).where(ActiveDay.day == left.moment.date())).one()
    assert day.counts, "three due reviews make an active day, whatever set they were in"


def test_a_stock_of_drawn_sets_is_worth_one(app: Any) -> None:
    """Somebody draws a set each day, answers none, and then one a day: the same questions are due once."""
    person = factories.person(work_days="1234567")
    walk = Walk(person, factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    stock = []
    for day in range(2, 7):
        practice = Practice(person, walk.moment + day * DAY)
        practice.start()
        stock.append(practice)
    for number, practice in enumerate(stock):
        practice.moment = walk.moment + (7 + number) * DAY
        _answer_all(person, practice)
    due = [was_due for (was_due,) in _facts("ItemReviewed", "was_due")]
    assert due == [True] * 3 + [False] * 12
    assert _paid("L2") == [2, 2, 2]
    assert sum(_paid("L3")) == 0


def test_what_was_forgotten_in_between_is_due_again_for_what_it_was_put_off(learner: tuple[Person, Practice]) -> None:
    person, left = learner
    next_day = Practice(person, left.moment + DAY)
    next_day.start()
    _answer_all(person, next_day, right=False)
    left.moment += 4 * DAY
    with clock.at(left.moment):
        planned = {row.item_id: (row.due_on - row.answered_on).days for row in db.session.scalars(select(Memory))}
    _answer_all(person, left)
    facts = _facts("ItemReviewed", "item_id", "was_due", "scheduled_days")[3:]
    assert facts == [(item_id, True, planned[item_id]) for item_id, *_said in facts]
