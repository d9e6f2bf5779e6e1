"""What a set can be made of: response times and new questions, on a real database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.analysis.models import Ability, ItemFigures
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.learn import queries as learning
from peerlearn.learn.models import Asked
from peerlearn.learn.rules import POLICY as READING
from peerlearn.lessons.models import Lesson
from peerlearn.practice import actions, material, needing
from peerlearn.practice import queries as practice
from peerlearn.practice.models import Memory
from peerlearn.practice.rules import CRITICAL, POLICY
from peerlearn.quizzes.models import Item
from peerlearn.quizzes.question import Question
from tests import factories
from tests.factories import Walk
from tests.practice import held_rows
from tests.practice.days import Practice


@pytest.fixture
def walk(app: Any) -> Walk:
    """A person who has passed a lesson."""
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    walk.quiz(seconds=10)
    return walk


def test_times_are_everybodys_for_a_wording_and_ones_own_for_a_kind(walk: Walk) -> None:
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    versions = {question.version.kind: question.version_id for question in practice.sitting.questions}
    while practice.waiting:
        practice.answer(right=practice.waiting.version.kind != "text", seconds=20)
    other = Walk(factories.person(), walk.slug)
    other.read()
    other.quiz(seconds=30)
    found = material.times(walk.person.id, versions.values())
    assert {kind: sorted(found.by_version[version]) for kind, version in versions.items()} == {
        kind: [10, 20, 30] for kind in versions
    }
    assert found.by_kind == {"single": [20], "true-false": [20]}, "only right answers say what is quick"
    assert material.times(other.person.id, versions.values()).by_kind == {}


def test_the_newest_times_count(walk: Walk) -> None:
    first = db.session.scalars(select(Asked).order_by(Asked.id)).first()
    assert first is not None
    values = {"attempt_id": first.attempt_id, "version_id": first.version_id, "seconds": 25, "mark": 1.0}
    db.session.add_all(
        Asked(**values, position=10 + n, answered_at=walk.moment, is_rapid=n == 0) for n in range(READING.median_of + 1)
    )
    db.session.flush()
    found = material.times(walk.person.id, [first.version_id]).by_version[first.version_id]
    assert found == [25] * READING.median_of


def with_a_spare(walk: Walk) -> None:
    """The lesson that was walked through, with a question more."""
    known = learning.lesson_by_slug(walk.slug, walk.person)
    assert known is not None
    factories.republish(
        known,
        lambda text: (
            text + "\n## true-false ^spare\n\nA spare one.\n\n- [x] True ^a\n  > Yes.\n- [ ] False ^b\n  > No.\n"
        ),
    )


def stretched(person: Person, moment: datetime) -> list[str]:
    """The stems of what is new in a set that is drawn now."""
    practice = Practice(person, moment)
    practice.start()
    asked = [question for question in practice.sitting.questions if question.kind == "stretch"]
    return [Question.from_json(question.version.body).stem for question in asked]


def difficult(lesson: Lesson, difficulty: float) -> None:
    """Answers have told how hard its questions are."""
    for version in held_rows.versions_of(lesson):
        figures = {"meaning_id": version.id, "item_id": version.item_id, "lesson_id": lesson.id, "rated": 40}
        db.session.merge(ItemFigures(**figures, difficulty=difficulty))
    db.session.commit()


@pytest.mark.parametrize(("front", "found"), [("", 2), ("mode: check\n", 0), ("mode: exam\n", 0)])
def test_checks_and_exams_keep_their_questions(walk: Walk, front: str, found: int) -> None:
    """In practice a question is explained at once. Nobody meets those of an exam there before they take it."""
    factories.published_lesson(front=front)
    assert len(stretched(walk.person, walk.moment + timedelta(days=2))) == found


def test_a_spare_question_of_what_is_practised_comes_first(walk: Walk) -> None:
    with_a_spare(walk)
    factories.published_lesson()
    actions.choose(size=4, by_mail=False, by=walk.person)
    db.session.commit()
    assert stretched(walk.person, walk.moment + timedelta(days=2)) == ["A spare one."]


def test_nobody_is_asked_anew_what_they_wrote_themselves(app: Any) -> None:
    author = factories.person()
    walk = Walk(author, factories.published_lesson(author).slug)
    walk.read()
    walk.quiz()
    with_a_spare(walk)
    assert stretched(author, walk.moment + timedelta(days=2)) == []


def test_else_it_is_a_question_of_the_lesson_that_is_recommended(walk: Walk) -> None:
    """The newest lesson is not the one: the team's work needs another."""
    needed, _newer = factories.published_lesson(), factories.published_lesson()
    assert walk.person.team is not None
    needing.choose(walk.person.team, {needed.topic_id}, by=walk.person)
    db.session.commit()
    actions.choose(size=4, by_mail=False, by=walk.person)
    db.session.commit()
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    new = [question.lesson_id for question in practice.sitting.questions if question.kind == "stretch"]
    assert new == [needed.id]


@pytest.mark.parametrize(
    ("ability", "difficulty", "count"), [(0.0, 0.0, 2), (0.0, 4.0, 0), (4.0, 4.0, 2), (4.0, 0.0, 0)]
)
def test_what_is_new_is_neither_dull_nor_hopeless(walk: Walk, ability: float, difficulty: float, count: int) -> None:
    """By what answers have told of the person and of the question, whatever its author guessed."""
    lesson = factories.published_lesson()
    difficult(lesson, difficulty)
    db.session.add(Ability(person_id=walk.person.id, topic_id=lesson.topic_id, theta=ability, answers=30))
    db.session.commit()
    assert len(stretched(walk.person, walk.moment + timedelta(days=2))) == count


def test_a_question_that_rests_is_asked_nobody_anew(walk: Walk) -> None:
    lesson = factories.published_lesson()
    for version in held_rows.versions_of(lesson):
        db.session.get_one(Item, version.item_id).state = "paused"
    db.session.commit()
    assert stretched(walk.person, walk.moment + timedelta(days=2)) == []


def test_one_question_of_each_lesson_and_none_of_what_is_under_way(walk: Walk) -> None:
    lessons = [factories.published_lesson() for _ in range(3)]
    begun = Walk(walk.person, lessons[2].slug, walk.moment)
    begun.read()
    begun.start()
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    new = [question.lesson_id for question in practice.sitting.questions if question.kind == "stretch"]
    assert sorted(new) == [lesson.id for lesson in lessons[:2]]


def test_critical_items_come_first_and_then_what_has_been_due_the_longest(walk: Walk) -> None:
    for _ in range(4):
        other = Walk(walk.person, factories.published_lesson().slug, walk.moment)
        other.read()
        other.quiz()
    friday = walk.moment + timedelta(days=11)
    rows = db.session.scalars(select(Memory).where(Memory.person_id == walk.person.id).order_by(Memory.item_id)).all()
    for days, row in enumerate(rows):
        row.due_on = friday.date() - timedelta(days=days)
        row.rank = CRITICAL if days in (0, 2) else row.rank
    db.session.commit()
    wanted = [rows[n].item_id for n in (2, 0, 14, 13, 12, 11)]
    with clock.at(friday):
        found = material.opening(walk.person, friday.date())
    assert [item.item_id for item in found.due][: len(wanted)] == wanted
    factories.published_lesson()  # with something new
    practice = Practice(walk.person, friday)
    practice.start()
    asked = practice.sitting.questions
    assert {question.item_id for question in asked if question.kind == "due"} == set(wanted[:4])
    assert [question.kind for question in asked].count("stretch") == 1


def test_what_waits_for_the_next_workday_is_not_due(walk: Walk) -> None:
    """On a Saturday what was due on Friday is; what is due on Saturday is not."""
    friday, saturday = walk.moment + timedelta(days=4), walk.moment + timedelta(days=5)
    rows = db.session.scalars(select(Memory).where(Memory.person_id == walk.person.id)).all()
    for row, day in zip(rows, (friday, saturday, saturday), strict=True):
        row.due_on = day.date()
    db.session.commit()
    with clock.at(saturday):
        found = material.opening(walk.person, saturday.date())
    assert [item.item_id for item in found.due] == [rows[0].item_id]
    assert (found.start.sets, found.start.open_id) == (0, None)


@pytest.mark.parametrize(("days_late", "kinds"), [(30, 3), (31, 2)])
def test_what_must_be_remembered_is_not_asked_while_nobody_checks_it(walk: Walk, days_late: int, kinds: int) -> None:
    """From the day on which its lesson counts as unverified; what is ordinary is asked all the same (ENGINE E13)."""
    day = walk.moment + timedelta(days=11)
    rows = db.session.scalars(select(Memory).where(Memory.person_id == walk.person.id).order_by(Memory.item_id)).all()
    rows[0].rank = CRITICAL
    for row in rows:
        row.due_on = day.date()
    db.session.get_one(Lesson, rows[0].lesson_id).check_on = day.date() - timedelta(days=days_late)
    db.session.commit()
    with clock.at(day):
        found = material.opening(walk.person, day.date())
        assert practice.standing(walk.person.id, day.date(), day.date()).due == kinds
    assert len(found.due) == kinds


def test_somebody_new_has_nothing_due(app: Any) -> None:
    found = material.opening(factories.person(), date(2026, 1, 5))
    assert (found.due, found.start.size) == ([], POLICY.size)
