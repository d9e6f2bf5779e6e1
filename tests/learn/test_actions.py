"""What learners do, on a real database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.learn import access, queries
from peerlearn.learn import actions as learn
from peerlearn.learn.models import Attempt, Reaction
from peerlearn.points.models import LedgerEntry
from peerlearn.quizzes.answering import Answer, Unreadable
from peerlearn.streaks import actions as streaks
from peerlearn.streaks.rules import Deeds
from tests import factories
from tests.factories import Walk


@pytest.fixture
def walk(person: Person) -> Walk:
    """The person before a lesson they have not read."""
    return Walk(person, factories.published_lesson().slug)


def facts(kind: str) -> list[dict[str, Any]]:
    return list(db.session.scalars(select(Fact.data).where(Fact.type == kind).order_by(Fact.id)))


def earned(person: Person) -> list[tuple[str, int, str]]:
    rows = select(LedgerEntry.rule, LedgerEntry.amount, LedgerEntry.reason).where(LedgerEntry.person_id == person.id)
    return [tuple(row) for row in db.session.execute(rows.order_by(LedgerEntry.id))]


def test_a_lesson_read_and_passed_pays_once(walk: Walk) -> None:
    walk.read()
    sitting = walk.quiz()
    assert sitting.attempt.is_passed
    assert [(rule, amount) for rule, amount, _ in earned(walk.person)] == [("L1", 10)]
    passed = facts("LessonPassed")[0]
    assert passed["dwell_met"]
    assert passed["cards_seen"]
    assert passed["is_clean"]
    walk.moment += timedelta(hours=1)
    walk.quiz()
    assert len(earned(walk.person)) == 1


def test_an_answer_says_of_which_topic_it_is_and_whether_one_could_see_the_key(db: Any) -> None:
    topic = factories.topic()
    lesson = factories.published_lesson(topic_=topic)
    reader, curator = factories.person(), factories.person(roles=(("curator", topic.id),))
    for person in (reader, curator):
        walk = Walk(person, lesson.slug)
        walk.read()
        walk.answer(walk.start())
    assert [(fact["topic_ids"], fact["is_own"]) for fact in facts("QuestionAnswered")] == [
        ([topic.id], False),
        ([topic.id], True),
    ]


def test_a_pass_without_reading_earns_nothing_and_says_why(walk: Walk) -> None:
    walk.read(seconds=1)
    walk.quiz()
    assert [(rule, amount) for rule, amount, _ in earned(walk.person)] == [("L1", 0)]
    assert earned(walk.person)[0][2]


def test_a_retake_asks_only_what_was_missed_after_a_pause(walk: Walk) -> None:
    walk.read()
    first = walk.quiz(True, False, False).attempt
    assert not first.is_passed
    with pytest.raises(Conflict, match="minutes"):
        walk.start()
    walk.moment += timedelta(minutes=10)
    second = walk.start()
    assert (second.attempt.number, second.attempt.carried, len(second.attempt.asked)) == (2, 1, 2)
    walk.answer(second)
    walk.answer(second)
    assert second.attempt.is_passed
    assert [(rule, amount) for rule, amount, _ in earned(walk.person)] == [("L1", 0)]


def test_a_fourth_attempt_within_a_day_is_practice(walk: Walk) -> None:
    walk.read()
    for _attempt in range(3):
        walk.quiz(*[False] * 3)
        walk.moment += timedelta(minutes=11)
    fourth = walk.quiz(*[True] * 3)
    assert not fourth.attempt.is_scored
    assert not fourth.attempt.is_passed
    walk.moment += timedelta(hours=24)
    assert walk.start().attempt.is_scored


def test_an_open_attempt_goes_on_elsewhere(walk: Walk) -> None:
    walk.read()
    sitting = walk.start()
    walk.answer(sitting)
    db.session.commit()
    again = walk.start()
    assert again.attempt.id == sitting.attempt.id
    assert [row.answered_at is not None for row in again.attempt.asked] == [True, False, False]


def test_an_answer_is_given_once(walk: Walk) -> None:
    walk.read()
    sitting = walk.start()
    walk.answer(sitting)
    with pytest.raises(Conflict, match="already"):
        learn.answer(sitting, 1, Answer("single", ("b",)), "fairly", by=walk.person)


@pytest.mark.parametrize(
    ("given", "confidence"),
    [
        (Unreadable("Choose an answer first.", blank=True), "fairly"),
        (Answer("single", ("b",)), None),
        (Answer("single", ("b",)), "very"),
    ],
)
def test_an_answer_needs_an_answer_and_confidence(walk: Walk, given: Any, confidence: Any) -> None:
    walk.read()
    sitting = walk.start()
    with pytest.raises(NotValid):
        learn.answer(sitting, 1, given, confidence, by=walk.person)
    assert sitting.attempt.asked[0].answered_at is None


def test_a_near_miss_gets_one_free_try(walk: Walk) -> None:
    walk.read()
    sitting = walk.start()
    walk.answer(sitting)
    walk.answer(sitting)
    with clock.at(walk.moment):
        learn.next_question(sitting.attempt, by=walk.person)
    near = Answer("text", ("last stepp",))
    with clock.at(walk.moment + timedelta(seconds=10)):
        assert not learn.answer(sitting, 3, near, "certain", by=walk.person).stored
        assert sitting.attempt.state == "open"
        assert learn.answer(sitting, 3, near, "certain", by=walk.person).stored
    assert sitting.attempt.state == "finished"


def test_a_question_that_was_not_asked_cannot_be_answered(walk: Walk) -> None:
    walk.read()
    sitting = walk.start()
    with pytest.raises(Conflict):
        learn.answer(sitting, 2, Answer("true-false", ("a",)), "fairly", by=walk.person)
    with pytest.raises(NotFound):
        learn.answer(sitting, 9, Answer("true-false", ("a",)), "fairly", by=walk.person)


def test_authors_and_curators_of_the_topic_learn_without_pay(db: Any) -> None:
    author, topic = factories.person(), factories.topic()
    lesson = factories.published_lesson(author, topic)
    curator = factories.person(roles=(("curator", topic.id),))
    for person in (author, curator):
        walk = Walk(person, lesson.slug)
        walk.read()
        assert walk.quiz().attempt.is_passed
        assert [amount for rule, amount, _ in earned(person) if rule == "L1"] == [0]


def test_one_person_in_five_is_asked_before(db: Any) -> None:
    lesson = factories.published_lesson()
    asked = 0
    for _ in range(30):
        person = factories.person()
        found, where = access.lesson_to_learn(lesson.slug, person)
        reading = learn.start_reading(found, where, by=person)
        if reading.pretest_version_id:
            asked += 1
            version = access.pretest_of(reading)
            with clock.at(reading.started_at + timedelta(seconds=9)):
                learn.answer_pretest(
                    found, reading, version, Answer(version.kind, factories.WRONG[version.kind]), by=person
                )
            assert [(rule, amount) for rule, amount, _ in earned(person)] == [("L4", 2)]
    assert 0 < asked < 30


def test_reading_twice_is_one_reading(walk: Walk) -> None:
    for _ in range(2):
        lesson, where = access.lesson_to_learn(walk.slug, walk.person)
        learn.start_reading(lesson, where, by=walk.person)
        db.session.commit()
    assert len(facts("ReadingStarted")) == 1


def test_reactions_toggle_and_come_after_the_quiz(walk: Walk) -> None:
    lesson, where = access.lesson_to_learn(walk.slug, walk.person)
    with pytest.raises(NotAllowed):
        learn.react(lesson, where, "useful", stands=True, by=walk.person)
    walk.read()
    walk.quiz()
    lesson, where = access.lesson_to_learn(walk.slug, walk.person)
    for _twice in range(2):
        learn.react(lesson, where, "useful", stands=True, by=walk.person)
    assert queries.reactions_of(lesson, walk.person) == {"useful": (1, True)}
    learn.react(lesson, where, "useful", stands=False, by=walk.person)
    assert db.session.scalar(select(func.count()).select_from(Reaction)) == 0
    with pytest.raises(NotFound):
        learn.react(lesson, where, "hated", stands=True, by=walk.person)


def test_lessons_that_are_not_published_are_unknown(person: Person) -> None:
    author, topic = factories.person(), factories.topic()
    lesson, _review = factories.reviewed_lesson(author, topic)
    with pytest.raises(NotFound):
        access.lesson_to_learn(lesson.slug, person)


def test_an_attempt_is_its_owners_only(walk: Walk) -> None:
    walk.read()
    attempt = walk.start().attempt
    with pytest.raises(NotFound):
        access.sitting_of(attempt.id, factories.person())


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize("is_first", [False, True])
def test_answering_asks_as_much_for_many_as_for_few(
    walk: Walk, statements: list[str], count: int, is_first: bool
) -> None:
    for _ in range(count):
        other = Walk(factories.person(team=walk.person.team), walk.slug)
        other.read()
        other.quiz()
    if not is_first:
        streaks.count(walk.person.id, {clock.day_of(walk.moment, walk.person.timezone): Deeds(lessons=1)})
    walk.read()
    sitting = walk.start()
    walk.answer(sitting)
    walk.answer(sitting)
    db.session.commit()
    attempt_id, person_id = sitting.attempt.id, walk.person.id
    db.session.expunge_all()
    walk.person = factories.reloaded(db.session.get_one(Person, person_id))
    with clock.at(walk.moment):
        learn.next_question(access.sitting_of(attempt_id, walk.person).attempt, by=walk.person)
        db.session.commit()
    walk.moment += timedelta(seconds=10)
    statements.clear()
    with clock.at(walk.moment):
        sitting = access.sitting_of(attempt_id, walk.person)
        learn.answer(sitting, 3, Answer("text", ("last step",)), "certain", by=walk.person)
        db.session.commit()
    # The session's own comes on top: who signed in. Once a day one more writes down that the day is active.
    assert len(statements) <= 9 + is_first, statements
    assert db.session.get_one(Attempt, attempt_id).is_passed
