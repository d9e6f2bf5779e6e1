"""What a person has answered in practice is no first answer any more, in the quiz, in its figures, and for points."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.analysis import actions as analysis
from peerlearn.analysis.models import FirstAnswer, ItemFigures
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.learn import actions as learn
from peerlearn.learn import pool
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.rules import Told
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.points import actions as points
from peerlearn.points import evidence
from peerlearn.practice.models import Memory
from peerlearn.quizzes.answering import Answer
from tests import factories
from tests.factories import Walk
from tests.points.bots import quiz
from tests.practice.days import Practice
from tests.practice.test_awaiting import lines, paid

DAY = timedelta(days=1)


@pytest.fixture
def walk(app: Any) -> Walk:
    """Somebody to whom a lesson is new."""
    return Walk(factories.person(), factories.published_lesson().slug)


def stretch(walk: Walk, right: bool = True, seconds: float = 12) -> Practice:
    """Answer the new questions of a set, all of a lesson that this person has not begun."""
    practice = Practice(walk.person, walk.moment)
    practice.start()
    assert {question.kind for question in practice.sitting.questions} == {"stretch"}
    while practice.waiting:
        practice.answer(right, seconds)
    walk.moment = practice.moment
    return practice


def told(walk: Walk) -> set[Told]:
    """What practice told them of the lesson's questions."""
    lesson = db.session.scalars(select(Lesson).where(Lesson.slug == walk.slug)).one()
    quiz_id = db.session.scalar(select(Revision.quiz_id).where(Revision.id == lesson.published_id))
    assert quiz_id
    return {one.told for one in pool.candidates_for(quiz_id, walk.person)}


def answers(walk: Walk) -> list[tuple[bool, bool]]:
    """The questions of their quizzes: whether it was the first answer, and told before."""
    rows = select(Asked.is_first, Asked.is_told).join(Asked.attempt).where(Attempt.person_id == walk.person.id)
    return [(row.is_first, row.is_told) for row in db.session.execute(rows.order_by(Asked.id))]


def facts(kind: str, person: Person) -> list[dict[str, Any]]:
    wanted = select(Fact.data).where(Fact.type == kind, Fact.actor_id == person.id).order_by(Fact.id)
    return list(db.session.scalars(wanted))


def test_the_first_answer_is_that_in_practice(walk: Walk) -> None:
    count = len(stretch(walk, right=False).sitting.questions)
    assert [fact["is_first"] for fact in facts("ItemReviewed", walk.person)] == [True] * count
    walk.read()
    walk.quiz()
    firsts = [fact["is_first"] for fact in facts("QuestionAnswered", walk.person)]
    assert firsts.count(True) == 3 - count
    with clock.at(clock.now() + timedelta(hours=1)):  # all facts are settled then
        analysis.catch_up()
    assert list(db.session.scalars(select(FirstAnswer.is_right))) == [True] * (3 - count), "what was taught before"
    figures = select(ItemFigures.pretests, ItemFigures.pretests_right, ItemFigures.answers, ItemFigures.rated)
    untaught, taught = (1, 0, 0, 0), (0, 0, 1, 1)
    found = sorted(tuple(row) for row in db.session.execute(figures))
    assert found == [taught] * (3 - count) + [untaught] * count, "each person and question once"


def test_what_is_new_of_a_lesson_that_was_begun_is_a_first_answer(walk: Walk) -> None:
    practice = Practice(walk.person, walk.moment)
    practice.start()
    count = len(practice.sitting.questions)
    walk.read()
    practice.moment = walk.moment
    while practice.waiting:
        practice.answer()
    assert [fact["is_pretest"] for fact in facts("ItemReviewed", walk.person)] == [False] * count
    with clock.at(clock.now() + timedelta(hours=1)):  # all facts are settled then
        analysis.catch_up()
    assert list(db.session.scalars(select(FirstAnswer.is_right))) == [True] * count
    assert not any(db.session.scalars(select(ItemFigures.pretests)))


def test_what_practice_chose_to_ask_is_no_baseline_of_its_authors(walk: Walk) -> None:
    """It asks what suits a person, which is no fair sample of what people know beforehand."""
    stretch(walk)
    assert all(fact["is_pretest"] for fact in facts("ItemReviewed", walk.person))
    with clock.at(walk.moment + 60 * DAY):
        taught = evidence.gather(clock.now().date())
    assert [one.evidence.pretests for one in taught.values()] == [0]


def test_a_pass_that_rests_on_what_was_told_waits_whole_for_a_recall(walk: Walk) -> None:
    stretch(walk)
    walk.read()
    sitting = walk.quiz()
    assert sitting.attempt.is_passed
    assert [(amount, "You had been told" in reason) for _, amount, reason in lines(walk.person)] == [(0, True)]
    assert not facts("LessonPassed", walk.person)[0]["is_clean"]
    practice = Practice(walk.person, walk.moment + 3 * DAY)
    practice.start()
    while practice.waiting:
        practice.answer()
    assert paid(walk.person) == [("L1", 0), ("L1-later", 10)]
    later = Practice(walk.person, practice.moment + 30 * DAY)
    later.start()
    while later.waiting:
        later.answer()
    assert paid(walk.person) == [("L1", 0), ("L1-later", 10)], "once"
    assert points.verify() == []


def test_what_is_forgotten_at_that_review_brings_nothing(walk: Walk) -> None:
    stretch(walk)
    walk.read()
    walk.quiz()
    practice = Practice(walk.person, walk.moment + 3 * DAY)
    practice.start()
    while practice.waiting:
        practice.answer(right=False)
    assert paid(walk.person) == [("L1", 0)]


def test_what_was_recalled_before_the_quiz_is_ones_own(walk: Walk) -> None:
    count = len(stretch(walk).sitting.questions)
    assert told(walk) == {Told.NOTHING, Told.TOLD}
    practice = Practice(walk.person, walk.moment + 3 * DAY)
    practice.start()
    while practice.waiting:
        kind = practice.waiting.kind
        practice.answer(seconds=12 if kind == "due" else 0.5)  # nothing else is told meanwhile
    assert told(walk) == {Told.NOTHING, Told.RECALLED}
    walk.moment = practice.moment + DAY
    walk.read()
    walk.quiz()
    assert sorted(answers(walk)) == [(False, False)] * count + [(True, False)] * (3 - count)
    assert [(rule, amount) for rule, amount in paid(walk.person) if rule == "L1"] == [("L1", 10)]
    assert points.verify() == []


def test_what_is_told_while_the_quiz_is_open_counts_as_told(walk: Walk) -> None:
    practice = Practice(walk.person, walk.moment)
    practice.start()
    walk.read()
    walk.start()
    assert answers(walk) == [(True, False)] * 3
    practice.moment = walk.moment
    while practice.waiting:
        practice.answer(right=False)
    walk.moment = practice.moment
    for _ in range(3):
        sitting = walk.start()
        with clock.at(walk.moment):
            learn.next_question(sitting.attempt, by=walk.person)
        db.session.commit()
        walk.answer(walk.start())
        db.session.commit()
    assert (False, True) in answers(walk)
    assert paid(walk.person) == [("L1", 0)]


@pytest.mark.parametrize(("is_told", "amount"), [((0,), 10), ((0, 1), 0), ((3,), 10), ((), 10)])
def test_only_a_pass_that_rests_on_it_waits(app: Any, is_told: tuple[int, ...], amount: int) -> None:
    """Of four questions three must be right, and one is not."""
    lesson = factories.published_lesson(quiz=quiz([0, 0, 0, 0, 0], "the job"))
    walk = Walk(factories.person(), lesson.slug)
    walk.read()
    sitting = walk.start()
    for number in is_told:
        sitting.attempt.asked[number].is_told = True
    db.session.commit()
    for position in range(1, 6):
        with clock.at(walk.moment):
            learn.next_question(sitting.attempt, by=walk.person)
        walk.moment += timedelta(seconds=10)
        with clock.at(walk.moment):
            learn.answer(sitting, position, Answer("single", ("a",)), "fairly", by=walk.person)
    db.session.commit()
    assert paid(walk.person) == [("L1", amount)]


def test_an_answer_that_came_too_fast_is_told_nothing(walk: Walk) -> None:
    practice = Practice(walk.person, walk.moment)
    practice.start()
    while practice.waiting:
        practice.answer(seconds=0.5)
    assert told(walk) == {Told.NOTHING}
    assert not list(db.session.scalars(select(Memory)))
    assert not any(fact["is_first"] for fact in facts("ItemReviewed", walk.person))
