"""What an earlier attempt missed and was told is nobody's own knowledge in a new version or a copy, until recalled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.core.db import db
from peerlearn.learn import pool
from peerlearn.learn.models import Attempt
from peerlearn.learn.rules import Told
from peerlearn.lessons.models import Lesson
from peerlearn.points import actions as points
from tests import factories
from tests.factories import Walk
from tests.practice.test_awaiting import lines, new_version, paid, practise
from tests.practice.test_telling import answers, facts, told

DAY, SOON = timedelta(days=1), timedelta(minutes=15)
NEVER, OWN, TOLD = (True, False), (False, False), (False, True)


@pytest.fixture
def walk(app: Any) -> Walk:
    """Somebody who has read a lesson."""
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    return walk


def copied(walk: Walk) -> Walk:
    """The same person, having read another lesson whose quiz asks the same."""
    other = Walk(walk.person, factories.published_lesson().slug, walk.moment)
    other.read()
    return other


def newest(walk: Walk) -> list[tuple[bool, bool]]:
    """The questions of the newest attempt: whether it was the first answer, and told before."""
    return sorted(answers(walk)[-3:])


def test_what_the_version_before_told_is_paid_when_it_is_recalled(walk: Walk) -> None:
    walk.quiz(False, False, False)
    walk.moment += SOON
    new_version(walk)
    assert told(walk) == {Told.TOLD, Told.NOTHING}, "a question in other words is another one"
    assert walk.quiz().attempt.is_passed
    assert newest(walk) == [TOLD, TOLD, NEVER]
    [(rule, amount, reason)] = lines(walk.person)
    assert (rule, amount) == ("L1", 0)
    assert "told" in reason
    assert not facts("LessonPassed", walk.person)[0]["is_clean"]
    assert not any(fact["is_clean"] for fact in facts("AttemptFinished", walk.person))
    practise(walk, walk.moment + 3 * DAY)
    assert paid(walk.person) == [("L1", 0), ("L1-later", 10)]
    practise(walk, walk.moment + 30 * DAY)
    assert paid(walk.person) == [("L1", 0), ("L1-later", 10)], "once"
    assert points.verify() == []


def test_what_was_right_at_the_first_try_was_known(walk: Walk) -> None:
    walk.quiz()
    walk.moment += SOON
    new_version(walk)
    assert told(walk) == {Told.NOTHING}
    walk.quiz()
    assert newest(walk) == [OWN, OWN, NEVER]
    assert paid(walk.person) == [("L1", 10), ("L1", 10)]


def test_what_was_recalled_since_is_ones_own_until_it_is_missed_again(walk: Walk) -> None:
    walk.quiz(False, False, False)
    practise(walk, walk.moment + 3 * DAY)
    assert told(walk) == {Told.RECALLED}
    walk.moment += DAY
    walk.quiz(False, True, True)
    assert told(walk) == {Told.RECALLED, Told.TOLD}
    walk.moment += SOON
    new_version(walk)
    walk.quiz()
    assert newest(walk) == [OWN, TOLD, NEVER]


def test_a_recall_that_fails_leaves_it_told(walk: Walk) -> None:
    walk.quiz(False, False, False)
    practise(walk, walk.moment + 3 * DAY, right=False)
    assert told(walk) == {Told.TOLD}


def test_a_copy_in_another_lesson_asks_the_same_question(walk: Walk) -> None:
    walk.quiz(False, False, False)
    walk.moment += SOON
    other = copied(walk)
    assert told(other) == {Told.TOLD}
    assert told(Walk(factories.person(), other.slug)) == {Told.NOTHING}, "each person for themselves"
    other.quiz()
    assert newest(other) == [TOLD] * 3
    assert paid(walk.person) == [("L1", 0)]
    practise(other, other.moment + 3 * DAY)
    assert [line for line in paid(walk.person) if line[1]] == [("L1-later", 10)]
    assert points.verify() == []


def test_a_further_attempt_at_the_same_version_is_as_it_was(walk: Walk) -> None:
    walk.quiz(False, False, False)
    walk.moment += SOON
    walk.quiz()
    assert newest(walk) == [OWN] * 3
    practise(walk, walk.moment + 3 * DAY)
    assert paid(walk.person) == [("L1", 0), ("L1-later", 5)]


def test_two_answers_in_haste_are_told_as_well(walk: Walk) -> None:
    """The second one counts as no answer, and then the page says what is right."""
    sitting = walk.start()
    for _ in range(6):
        walk.answer(walk.start(), seconds=0.5)
        db.session.commit()
    assert sitting.attempt.state == "finished"
    walk.moment += SOON
    new_version(walk)
    assert told(walk) == {Told.TOLD, Told.NOTHING}


@pytest.mark.parametrize(
    ("is_last", "state", "found"),
    [(False, "finished", Told.NOTHING), (True, "open", Told.NOTHING), (True, "finished", Told.TOLD)],
)
def test_a_check_tells_once_it_shows_its_keys(walk: Walk, is_last: bool, state: str, found: Told) -> None:
    walk.quiz(False, False, False)
    attempt = db.session.scalars(select(Attempt).where(Attempt.person_id == walk.person.id)).one()
    attempt.mode, attempt.is_last, attempt.state = "check", is_last, state
    db.session.commit()
    assert told(walk) == {found}


def test_looking_costs_the_same_after_years(walk: Walk) -> None:
    """Each table is entered by an index with the person, the meaning, or what those lead to."""
    lesson = db.session.scalars(select(Lesson).where(Lesson.slug == walk.slug)).one()
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the plan is SQLite's")
    statement = pool._drawable_for().compile(db.engine)
    values = statement.construct_params({"quiz": lesson.id, "me": walk.person.id})
    given = tuple(values[name] for name in statement.positiontup or ())
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
    plan = [row[3] for row in rows if row[3].startswith(("SCAN", "SEARCH"))]
    assert [step for step in plan if step.startswith("SCAN")] == []
    steps = [step for step in plan if "set_questions" in step]
    assert steps
    assert all("ix_set_questions_person (person_id=? AND version_id=?" in step for step in steps)
    steps = [step for step in plan if "attempts" in step]
    assert steps
    assert all("(person_id=? AND lesson_id=?" in step for step in steps)
