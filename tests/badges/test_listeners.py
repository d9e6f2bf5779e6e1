"""Badges on a real database: measures, awards, once and for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.badges import queries, rules
from peerlearn.badges.models import Award
from peerlearn.core import clock
from peerlearn.learn.events import AttemptFinished, QuestionAnswered
from peerlearn.review.events import LessonApproved, LessonVerified
from peerlearn.review.models import Report
from peerlearn.suggestions import access
from peerlearn.suggestions import actions as suggestions
from tests import factories
from tests.points.deeds import happen
from tests.points.records import MONDAY, declined, passed, pretest, reviewed, upheld


def awards(db: Any, person: Person) -> Sequence[tuple[str, int]]:
    rows = db.session.execute(select(Award.badge, Award.tier).where(Award.person_id == person.id).order_by(Award.id))
    return [tuple(row) for row in rows]


def measure(person: Person, name: str) -> float:
    return queries.records([person.id], rules.BADGES)[person.id].measures[name]


def test_clean_start_comes_with_the_fifth_clean_lesson(db: Any, person: Person) -> None:
    for number in range(1, 5):
        happen(passed(number), by=person, at=MONDAY + timedelta(days=7 * number))
    happen(passed(1, major=2), passed(8, is_clean=False), passed(9, is_own=True), by=person)
    assert awards(db, person) == []
    assert measure(person, "clean_lessons") == 4
    happen(passed(5), by=person)
    assert awards(db, person) == [("clean-start", 1)]
    happen(passed(6), by=person)
    assert awards(db, person) == [("clean-start", 1)]


def test_several_tiers_can_come_at_once(db: Any, person: Person) -> None:
    happen(*(reviewed(number) for number in range(51)), by=person)
    assert awards(db, person) == [("reviewer", 1), ("reviewer", 2)]


def test_late_reviews_do_not_count(db: Any, person: Person) -> None:
    happen(*(reviewed(number, in_time=number > 0) for number in range(10)), by=person)
    assert awards(db, person) == []


def test_brave_guess(db: Any, person: Person) -> None:
    happen(*(pretest(number, is_rapid=number == 0) for number in range(10)), by=person)
    assert awards(db, person) == []
    happen(pretest(10), by=person)
    assert awards(db, person) == [("brave-guess", 1)]


def test_good_weeks(db: Any, person: Person) -> None:
    for number in range(12):
        happen(passed(number), by=person, at=MONDAY + timedelta(days=number % 3, weeks=number // 3))
    assert awards(db, person).count(("good-weeks", 1)) == 1
    assert measure(person, "weekly_goals") == 4


def answered(number: int, is_right: bool, confidence: str | None, **changes: Any) -> QuestionAnswered:
    usual: dict[str, Any] = {
        "lesson_id": 1,
        "attempt_id": 1,
        "item_id": number,
        "version_id": number,
        "is_right": is_right,
        "mark": float(is_right),
        "confidence": confidence,
        "guess_chance": 0.25,
        "seconds": 9.0,
        "is_rapid": False,
        "is_first": True,
        "topic_ids": (1,),
        "is_own": False,
        "is_critical": False,
        "counts": True,
    }
    return QuestionAnswered(**(usual | changes))


FINISHED = AttemptFinished(lesson_id=1, attempt_id=1, number=1, asked=5, right=5, is_clean=False)


def test_well_calibrated(db: Any, person: Person) -> None:
    happen(*(answered(n, n % 10 < 7, "fairly") for n in range(49)), FINISHED, by=person)
    assert awards(db, person) == []
    happen(answered(49, False, "guess", is_rapid=True), answered(50, True, "certain", is_first=False), by=person)
    happen(FINISHED, by=person)
    assert measure(person, "sure_answers") == 49
    happen(answered(51, False, "guess"), FINISHED, by=person)
    assert measure(person, "sure_answers") == 50
    right = sum(n % 10 < 7 for n in range(49)) / 50
    assert measure(person, "calibration_gap") == pytest.approx(abs((49 * 0.7 + 0.25) / 50 - right))
    assert awards(db, person) == [("well-calibrated", 1)]


def test_badly_calibrated(db: Any, person: Person) -> None:
    happen(*(answered(n, n % 2 == 0, "certain") for n in range(60)), FINISHED, by=person)
    assert measure(person, "calibration_gap") == pytest.approx(0.45)
    assert awards(db, person) == []


def test_explorer_counts_topics_of_others_lessons(db: Any) -> None:
    author, person = factories.person(), factories.person()
    topics = [factories.topic() for _ in range(2)]
    for topic in (*topics, topics[0]):
        lesson = factories.published_lesson(author, topic)
        walk = factories.Walk(factories.reloaded(person), lesson.slug, moment=clock.now() - timedelta(hours=1))
        walk.read()
        walk.quiz()
    assert measure(person, "topics_passed") == 2
    assert measure(author, "topics_passed") == 0


def test_a_first_lesson_helps_its_author_and_its_curator(db: Any) -> None:
    author = factories.person()
    factories.published_lesson(author)
    assert awards(db, author) == [("first-lesson", 1)]
    curator = db.session.scalar(select(Award.person_id).where(Award.badge == "newcomers-friend"))
    assert curator not in {None, author.id}
    factories.published_lesson(author)
    assert awards(db, author) == [("first-lesson", 1)]
    assert db.session.query(Award).filter(Award.badge == "newcomers-friend").count() == 1


def test_teach_back_needs_a_lesson_learned_shortly_before(db: Any) -> None:
    topic, learner = factories.topic(), factories.person()
    late = factories.person()
    lesson = factories.published_lesson(None, topic)
    for person, days in ((learner, 3), (late, 40)):
        walk = factories.Walk(factories.reloaded(person), lesson.slug, moment=clock.now() - timedelta(days=days))
        walk.read()
        walk.quiz()
        factories.published_lesson(person, topic)
    assert ("teach-back", 1) in awards(db, learner)
    assert ("teach-back", 1) not in awards(db, late)


def test_sharp_eye_needs_precision(db: Any) -> None:
    lesson = factories.published_lesson()
    curator, reader = factories.person(), factories.person()
    for number, state in enumerate(("declined", "declined", "upheld", "upheld", "upheld")):
        _report(db, lesson, reader, state)
        happen(declined(number, reader.id) if state == "declined" else upheld(number, reader.id), by=curator)
    assert awards(db, reader) == [("sharp-eye", 1)]
    careless = factories.person()
    for number, state in enumerate(("declined", "declined", "declined", "upheld", "upheld", "upheld")):
        _report(db, lesson, careless, state)
        happen(
            declined(50 + number, careless.id) if state == "declined" else upheld(50 + number, careless.id), by=curator
        )
    assert awards(db, careless) == []


def _report(db: Any, lesson: Any, reader: Person, state: str) -> None:
    db.session.add(
        Report(
            lesson_id=lesson.id,
            revision_id=lesson.published_id,
            topic_id=lesson.topic_id,
            kind="wrong",
            reporter_id=reader.id,
            state=state,
        )
    )
    db.session.commit()


def test_judging_takes_two_statements_for_everybody(db: Any, statements: list[str]) -> None:
    curator, *authors = (factories.person() for _ in range(4))
    shares = tuple((author.id, 0.33) for author in authors)
    event = LessonApproved(1, 1, 1, 1, True, 0.0, (1,), shares, ())
    statements.clear()
    happen(event, by=curator)
    assert len([s for s in statements if "AS anon" in s and "FROM awards" in s]) == 1
    assert len([s for s in statements if s.startswith("INSERT INTO awards")]) <= 1


def test_fixer_comes_with_the_fifth_suggestion_that_is_taken_over(db: Any) -> None:
    reader = factories.person()
    for number in range(6):
        author = factories.person()
        lesson = factories.published_lesson(author)
        made = factories.suggested(
            lesson, factories.reloaded(reader), "Start with what the reader wants to do.", f"Begin with need {number}."
        )
        if number == 0:
            found = access.suggestion_to("decline", made.id, factories.reloaded(author))
            suggestions.decline(found, "It is said that way on purpose.", by=factories.reloaded(author))
        else:
            found = access.suggestion_to("accept", made.id, factories.reloaded(author))
            suggestions.accept(found, by=factories.reloaded(author))
        db.session.commit()
        assert (("fixer", 1) in awards(db, reader)) is (number == 5)
    assert measure(reader, "suggestions_accepted") == 5
    assert ("fixer", 1) not in awards(db, author)


def test_gardener_counts_checks_that_paid(db: Any) -> None:
    owner, curator = factories.person(), factories.person()
    for number in range(6):
        good = {"by_owner": True, "in_time": True, "was_read": number != 2}
        moment = MONDAY + timedelta(days=7 * number)
        due = (MONDAY + timedelta(days=7 * number)).date().isoformat()
        happen(LessonVerified(number + 1, owner.id, due, **good), by=owner, at=moment)
        assert (("gardener", 1) in awards(db, owner)) is (number == 5)
    assert measure(owner, "checks_in_time") == 5
    assert awards(db, curator) == []
