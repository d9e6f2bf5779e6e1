"""A timed attempt is handed in when its time is over, whether its person comes back or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn import cli
from peerlearn.core import clock
from peerlearn.core.db import db, reading
from peerlearn.core.facts import Fact
from peerlearn.learn import actions as learn
from peerlearn.learn import handing_in
from peerlearn.learn.models import Attempt
from peerlearn.lessons.models import Lesson
from peerlearn.points.models import LedgerEntry
from peerlearn.practice.models import Memory
from peerlearn.review import tending
from tests import factories
from tests.factories import Walk
from tests.learn.test_checks import keep

EVENING = datetime(2026, 1, 5, 22, 30, tzinfo=UTC)  # 23:30 where the learner is


@pytest.fixture
def exam(app: Any) -> Walk:
    """Somebody who reads a lesson with an exam of twenty minutes, late in the evening."""
    lesson = factories.published_lesson(front="mode: exam\ntime_limit: 20\n")
    walk = Walk(factories.person(), lesson.slug, EVENING)
    walk.read()
    return walk


def answered(walk: Walk, *rights: bool) -> Attempt:
    """An attempt with these answers kept, which nobody hands in."""
    sitting = walk.start()
    for position, right in enumerate(rights, start=1):
        keep(walk, sitting, position, right)
    db.session.commit()
    return sitting.attempt


def look(moment: datetime) -> bool:
    """What happens by itself at this moment; whether more is left."""
    with clock.at(moment), reading():
        found = learn.hand_in_overdue()
        db.session.commit()
    db.session.expire_all()
    return found


def facts(walk: Walk, kind: str) -> list[Fact]:
    rows = select(Fact).where(Fact.actor_id == walk.person.id, Fact.type == kind).order_by(Fact.id)
    return list(db.session.scalars(rows))


def test_it_is_handed_in_as_of_its_end_with_all_that_follows(exam: Walk) -> None:
    attempt = answered(exam, True, True, True)
    due = attempt.due_at
    assert due is not None
    assert not look(due + timedelta(seconds=10))
    assert attempt.state == "open", "an answer of the last second may still come"
    assert not look(due + timedelta(hours=9))
    assert (attempt.state, attempt.finished_at, attempt.is_passed) == ("finished", due, True)
    ended_on = EVENING.date()
    assert [fact.day for fact in facts(exam, "LessonPassed")] == [ended_on], "the day on which it ended"
    lines = select(LedgerEntry.amount, LedgerEntry.day).where(LedgerEntry.person_id == exam.person.id)
    assert [tuple(row) for row in db.session.execute(lines.where(LedgerEntry.rule == "L1"))] == [(10, ended_on)]
    days = select(Memory.answered_on).where(Memory.person_id == exam.person.id)
    assert set(db.session.scalars(days)) == {ended_on}
    look(due + timedelta(hours=10))
    assert len(facts(exam, "AttemptFinished")) == 1


def test_what_was_not_answered_by_then_is_not_answered(exam: Walk) -> None:
    attempt = answered(exam, True)
    look(exam.moment + timedelta(hours=1))
    assert (attempt.state, attempt.right, attempt.total, attempt.is_passed) == ("finished", 1, 3, False)


def test_what_has_no_time_or_cannot_be_opened_is_left_alone(exam: Walk) -> None:
    attempt = answered(exam, True, True, True)
    check = Walk(exam.person, factories.published_lesson(front="mode: check\n").slug, exam.moment)
    check.read()
    untimed = answered(check, True, True, True)
    lesson = db.session.get_one(Lesson, attempt.lesson_id)
    lesson.classification, was = "confidential", lesson.classification
    db.session.commit()
    look(exam.moment + timedelta(days=1))
    assert (attempt.state, untimed.state) == ("open", "open")
    lesson.classification = was
    db.session.commit()
    look(exam.moment + timedelta(days=1))
    assert (attempt.state, untimed.state) == ("finished", "open")


def test_it_happens_in_batches_from_a_timer_and_after_responses(exam: Walk, app: Flask) -> None:
    assert learn.hand_in_overdue in tending.JOBS
    long_ago = clock.now() - timedelta(days=2)
    people = [factories.person(team=exam.person.team) for _ in range(handing_in.AT_ONCE + 1)]
    for person in people:
        Walk(person, exam.slug, long_ago).start()
    db.session.commit()
    still_open = select(Attempt.id).where(Attempt.state == "open")
    assert look(clock.now())
    assert len(db.session.scalars(still_open).all()) == 1
    done = app.test_cli_runner().invoke(cli.review_group, ["tend"])
    assert done.exit_code == 0, done.output
    assert db.session.scalars(still_open).all() == []
