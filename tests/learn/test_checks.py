"""Checks and exams: answers kept and changed, handed in by hand or by the clock, and what is shown when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.learn import access
from peerlearn.learn import actions as learn
from peerlearn.learn.actions import Sheet
from peerlearn.learn.models import Attempt
from peerlearn.learn.queries import Sitting
from peerlearn.points.models import LedgerEntry
from peerlearn.quizzes.answering import Answer, Unreadable
from tests import factories
from tests.factories import RIGHT, WRONG, Walk

BLANK = Unreadable("Choose an answer first.", blank=True)


def walk_through(front: str, **values: Any) -> Walk:
    """Somebody who has read a lesson with such a quiz."""
    walk = Walk(factories.person(**values), factories.published_lesson(front=front).slug)
    walk.read()
    return walk


@pytest.fixture
def check(db: Any) -> Walk:
    """Somebody before a check."""
    return walk_through("mode: check\n")


@pytest.fixture
def exam(db: Any) -> Walk:
    """Somebody before an exam of twenty minutes."""
    return walk_through("mode: exam\ntime_limit: 20\n")


def sheet(sitting: Sitting, position: int, right: bool = True, sure: str | None = "fairly") -> Sheet:
    kind = sitting.attempt.asked[position - 1].version.kind
    return Sheet(Answer(kind, (RIGHT if right else WRONG)[kind]), sure, {"answer": ["x"]})


def keep(walk: Walk, sitting: Sitting, position: int, right: bool = True, seconds: float = 10) -> bool:
    """Open a question, think, and keep an answer."""
    with clock.at(walk.moment):
        if not learn.turn_to(sitting, position, by=walk.person):
            return False
    walk.moment += timedelta(seconds=seconds)
    with clock.at(walk.moment):
        return learn.keep(sitting, position, sheet(sitting, position, right), insist=True, by=walk.person)


def hand_in(walk: Walk, *rights: bool) -> Attempt:
    """Take the whole of it."""
    sitting = walk.start()
    for position, right in enumerate(rights, start=1):
        keep(walk, sitting, position, right)
    with clock.at(walk.moment):
        learn.hand_in(sitting, by=walk.person)
    db.session.commit()
    return sitting.attempt


def facts(kind: str) -> list[dict[str, Any]]:
    return list(db.session.scalars(select(Fact.data).where(Fact.type == kind).order_by(Fact.id)))


def paid(person: Person) -> list[int]:
    rows = select(LedgerEntry.amount).where(LedgerEntry.person_id == person.id, LedgerEntry.rule == "L1")
    return list(db.session.scalars(rows))


def test_nothing_is_said_before_all_is_handed_in(check: Walk) -> None:
    sitting = check.start()
    for position in (1, 2, 3):
        assert keep(check, sitting, position)
    assert facts("QuestionAnswered") == []
    assert sitting.attempt.state == "open"
    with clock.at(check.moment):
        learn.hand_in(sitting, by=check.person)
        learn.hand_in(sitting, by=check.person)
    assert [fact["is_right"] for fact in facts("QuestionAnswered")] == [True, True, True]
    assert len(facts("AttemptFinished")) == 1
    assert sitting.attempt.is_passed
    assert paid(check.person) == [10]


def test_answers_change_until_they_are_handed_in(check: Walk) -> None:
    sitting = check.start()
    keep(check, sitting, 2, right=False)
    keep(check, sitting, 1, right=False, seconds=5)
    keep(check, sitting, 1, seconds=7)
    first = sitting.attempt.asked[0]
    assert (first.is_right, first.seconds) == (True, 12), "the time of all visits is added up"
    with clock.at(check.moment):
        learn.keep(sitting, 2, Sheet(BLANK, "certain", {}), insist=False, by=check.person)
    second = sitting.attempt.asked[1]
    assert (second.answered_at, second.answer, second.mark, second.confidence) == (None, None, None, None)
    with clock.at(check.moment):
        learn.hand_in(sitting, by=check.person)
    assert (sitting.attempt.right, sitting.attempt.score, sitting.attempt.total) == (1, 1, 3)
    with pytest.raises(NotFound):
        keep(check, sitting, 1)


def test_what_is_no_answer_yet_is_kept_as_it_stands(check: Walk) -> None:
    sitting = check.start()
    begun = sheet(sitting, 1, sure=None)
    with clock.at(check.moment):
        with pytest.raises(NotValid, match="how sure"):
            learn.keep(sitting, 1, begun, insist=True, by=check.person)
        with pytest.raises(NotValid, match="Choose"):
            learn.keep(sitting, 1, Sheet(BLANK, "fairly", {}), insist=True, by=check.person)
        assert learn.keep(sitting, 1, begun, insist=False, by=check.person)
    first = sitting.attempt.asked[0]
    assert (first.answered_at, first.typed) == (None, {"answer": ["x"]})


def test_a_question_that_was_not_opened_takes_no_answer(check: Walk) -> None:
    sitting = check.start()
    with pytest.raises(Conflict):
        learn.keep(sitting, 3, sheet(sitting, 3), insist=True, by=check.person)
    for wrong in (0, 4):
        with pytest.raises(NotFound):
            learn.turn_to(sitting, wrong, by=check.person)
    with pytest.raises(NotFound):
        learn.answer(sitting, 1, sheet(sitting, 1).given, "fairly", by=check.person)


def test_an_answer_and_a_hand_in_at_once_notice_each_other(check: Walk) -> None:
    sitting = check.start()
    keep(check, sitting, 1)
    late = check.start()
    db.session.expunge_all()
    with clock.at(check.moment):
        here = access.sitting_of(sitting.attempt.id, factories.reloaded(check.person))
        learn.hand_in(here, by=factories.reloaded(check.person))
        with pytest.raises(Conflict):
            learn.keep(late, 1, sheet(late, 1, right=False), insist=True, by=check.person)


def test_three_attempts_and_then_a_day(check: Walk) -> None:
    for attempt in range(3):
        handed = hand_in(check, False, False, False)
        assert (handed.mode, handed.is_scored, handed.is_passed) == ("check", True, False)
        _lesson, where = access.lesson_to_read(check.slug, check.person)
        assert where.shows_keys_of(handed) is (attempt == 2), "right answers come with the last one"
        check.moment += timedelta(minutes=10)
    practice = check.quiz(*[True] * 3).attempt
    assert (practice.mode, practice.is_scored, practice.is_passed) == ("learn", False, False)
    check.moment += timedelta(hours=24)
    again = check.start().attempt
    assert (again.mode, again.is_scored, len(again.asked)) == ("check", True, 3)


def test_right_answers_come_with_the_pass(check: Walk) -> None:
    first = hand_in(check, True, True, False)
    _lesson, where = access.lesson_to_read(check.slug, check.person)
    assert not where.shows_keys_of(first)
    check.moment += timedelta(minutes=10)
    assert hand_in(check, True).is_passed
    _lesson, where = access.lesson_to_read(check.slug, check.person)
    assert where.shows_keys_of(first)
    assert paid(check.person) == [0], "a pass at a second attempt pays nothing at once"


def test_an_exam_has_one_attempt(exam: Walk) -> None:
    assert not hand_in(exam, True, False, False).is_passed
    exam.moment += timedelta(days=30)
    practice = exam.quiz(True, True).attempt
    assert (practice.mode, practice.is_scored, practice.is_passed, practice.due_at) == ("learn", False, False, None)


def test_a_mode_that_changes_leaves_what_is_under_way_alone(exam: Walk) -> None:
    attempt = exam.start().attempt
    lesson, _where = access.lesson_to_learn(exam.slug, exam.person)
    assert lesson.published is not None
    lesson.published.extras = lesson.published.extras | {"mode": "learn", "pass_mark": 50}
    db.session.commit()
    again = exam.start().attempt
    assert (again.id, again.mode, again.pass_percent) == (attempt.id, "exam", 75)


@pytest.mark.parametrize(("pace", "minutes"), [(100, 20), (150, 30), (200, 40)])
def test_time_is_measured_for_each_person(db: Any, pace: int, minutes: int) -> None:
    walk = walk_through("mode: exam\ntime_limit: 20\n", pace=pace)
    sitting = walk.start()
    assert sitting.attempt.due_at == walk.moment + timedelta(minutes=minutes)
    walk.moment += timedelta(minutes=minutes - 1)
    assert keep(walk, sitting, 1, seconds=70), "an answer of the last second is still on its way"
    walk.moment += timedelta(seconds=1)
    assert not keep(walk, sitting, 2)


def test_when_the_time_is_over_what_was_kept_is_handed_in(exam: Walk) -> None:
    sitting = exam.start()
    for position in (1, 2, 3):
        keep(exam, sitting, position)
    due = sitting.attempt.due_at
    exam.moment += timedelta(hours=5)
    with clock.at(exam.moment):
        assert not learn.keep(sitting, 1, sheet(sitting, 1, right=False), insist=True, by=exam.person)
    attempt = sitting.attempt
    assert (attempt.state, attempt.finished_at, attempt.is_passed) == ("finished", due, True)
    assert attempt.asked[0].is_right, "what came too late changes nothing"
    assert paid(exam.person) == [10]


def test_time_that_ran_out_unseen_is_settled_at_the_next_look(exam: Walk) -> None:
    sitting = exam.start()
    keep(exam, sitting, 1)
    exam.moment += timedelta(days=3)
    again = exam.start().attempt
    assert again.id == sitting.attempt.id
    assert (again.state, again.right, again.total, again.is_passed) == ("finished", 1, 3, False)
    assert [fact["is_right"] for fact in facts("QuestionAnswered")] == [True], "no answer is no answer"


def test_a_near_miss_is_not_told_in_a_check(check: Walk) -> None:
    sitting = check.start()
    with clock.at(check.moment):
        learn.turn_to(sitting, 3, by=check.person)
        near = Sheet(Answer("text", ("last stepp",)), "certain", {})
        assert learn.keep(sitting, 3, near, insist=True, by=check.person)
    assert sitting.attempt.asked[2].answered_at is not None


@pytest.mark.parametrize("count", [3, 30])
def test_handing_in_asks_as_much_for_many_as_for_few(check: Walk, statements: list[str], count: int) -> None:
    for _ in range(count):
        other = Walk(factories.person(team=check.person.team), check.slug)
        other.read()
        hand_in(other, True, True, True)
    sitting = check.start()
    for position in (1, 2, 3):
        keep(check, sitting, position)
    db.session.commit()
    attempt_id, person_id = sitting.attempt.id, check.person.id
    db.session.expunge_all()
    person = factories.reloaded(db.session.get_one(Person, person_id))
    statements.clear()
    with clock.at(check.moment):
        learn.hand_in(access.sitting_of(attempt_id, person), by=person)
        db.session.commit()
    assert len(statements) <= 8 + 3, statements  # a memory for each answer; who signed in comes on top
    assert db.session.get_one(Attempt, attempt_id).is_passed


@pytest.mark.parametrize(("pace", "minutes"), [(150, 30), (200, 40)])
def test_more_time_holds_in_the_exam_that_is_open(exam: Walk, pace: int, minutes: int) -> None:
    admin, other = factories.person(roles=(("admin", 0),)), walk_through("mode: exam\ntime_limit: 20\n")
    due = other.start().attempt.due_at
    began = exam.moment
    attempt = exam.start().attempt
    limit = (attempt.due_at - began) / timedelta(minutes=1)
    with clock.at(began + timedelta(minutes=5)):
        accounts.give_pace(exam.person, pace, by=admin)
        db.session.commit()
        db.session.refresh(attempt)
        assert attempt.due_at == began + timedelta(minutes=limit * pace / 100)
        assert [fact.type for fact in db.session.scalars(select(Fact)) if fact.type == "PaceChanged"]
        accounts.give_pace(exam.person, 100, by=admin)
        db.session.commit()
        db.session.refresh(attempt)
        assert attempt.due_at == began + timedelta(minutes=limit * pace / 100), "what was promised is kept"
    assert other.start().attempt.due_at == due, "nobody else has more"


def test_more_time_that_comes_too_late_opens_nothing_again(exam: Walk) -> None:
    admin = factories.person(roles=(("admin", 0),))
    attempt = exam.start().attempt
    due = attempt.due_at
    with clock.at(due + timedelta(seconds=1)):
        accounts.give_pace(exam.person, 200, by=admin)
        db.session.commit()
    db.session.refresh(attempt)
    assert attempt.due_at == due
