"""Badges for what is remembered and for what lessons leave with others, on a real database."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.analysis.models import ItemFigures, ItemFlag
from peerlearn.badges import queries, rules
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.inbox.models import Notice
from peerlearn.lessons.models import Lesson, Topic
from peerlearn.points import retention
from peerlearn.points.events import LessonRetained
from peerlearn.points.rules import POLICY
from peerlearn.practice import holding, memory
from peerlearn.practice.events import DailySetFinished
from peerlearn.practice.models import DailySet, Holding, Memory, SetQuestion
from peerlearn.quality.events import LessonsRated
from peerlearn.quizzes.models import ItemVersion
from peerlearn.requests import actions as requests
from tests import factories
from tests.badges.test_listeners import awards, measure
from tests.points.deeds import happen
from tests.points.records import MONDAY

DAY = MONDAY.date()


@pytest.fixture
def lesson(db: Any) -> Lesson:
    return factories.published_lesson(factories.person())


@pytest.fixture
def items(lesson: Lesson) -> list[tuple[int, int]]:
    """The items of the lesson with their versions."""
    rows = database.session.execute(select(ItemVersion.item_id, ItemVersion.id).order_by(ItemVersion.id))
    return [(item_id, version_id) for item_id, version_id in rows]


numbers = count(1)


def answers(person: Person, lesson: Lesson, item: tuple[int, int], *told: tuple[int, bool]) -> None:
    """Due answers to a question, a day apart, each after an interval and right or wrong."""
    for interval, is_right in told:
        day = DAY + timedelta(days=(number := next(numbers)))
        daily_set = DailySet(person_id=person.id, day=day, number=1, size=5, seed=1)
        daily_set.questions = [
            SetQuestion(
                person_id=person.id,
                position=1,
                item_id=item[0],
                version_id=item[1],
                lesson_id=lesson.id,
                kind="due",
                asked_at=MONDAY + timedelta(days=number),
                answered_at=MONDAY + timedelta(days=number),
                mark=float(is_right),
                is_right=is_right,
                rating=3 if is_right else 1,
                interval=interval,
            )
        ]
        database.session.add(daily_set)
    database.session.commit()


def remembers(person: Person, lesson: Lesson, item: tuple[int, int], **changes: Any) -> Memory:
    """A memory of a question."""
    usual: dict[str, Any] = {
        "rank": 1,
        "stability": 10.0,
        "difficulty": 2.0,
        "answered_on": DAY,
        "interval": 10,
        "due_on": DAY,
    }
    where = {"item_id": item[0], "version_id": item[1], "lesson_id": lesson.id, "topic_id": lesson.topic_id}
    row = Memory(person_id=person.id, **where, **(usual | changes))
    database.session.add(row)
    database.session.commit()
    return row


def test_long_recalls_are_right_and_put_off_for_three_weeks(person: Person, lesson: Lesson, items: Any) -> None:
    answers(person, lesson, items[0], (21, True), (20, True), (60, False), (90, True))
    answers(factories.person(), lesson, items[0], (30, True))
    assert measure(person, "long_recalls") == 2


def test_a_comeback_was_forgotten_before(person: Person, lesson: Lesson, items: Any) -> None:
    for number, (told, lapses) in enumerate(
        (
            (((7, False), (2, True), (21, True), (40, True)), 1),  # came back, and counts once
            (((21, True), (40, False)), 1),  # forgotten after it was known for long
            (((21, True),), 0),
        )
    ):
        answers(person, lesson, items[number], *told)
        remembers(person, lesson, items[number], lapses=lapses)
    assert measure(person, "comebacks") == 1


@pytest.mark.parametrize(
    ("stability", "days", "counts"),
    [(90.0, 0, True), (89.9, 0, False), (90.0, 171, True), (90.0, 172, False), (200.0, 381, True), (200.0, 382, False)],
)
def test_what_stays_would_also_be_recalled_today(
    person: Person, lesson: Lesson, items: Any, stability: float, days: int, counts: bool
) -> None:
    remembers(person, lesson, items[0], stability=stability)
    with clock.at(MONDAY + timedelta(days=days)):
        assert measure(person, "evergreen_items") == counts
    assert (stability >= 90 and memory.retrievability(stability, days) >= 0.85) is counts


def test_what_is_gone_does_not_stay(person: Person, lesson: Lesson, items: Any) -> None:
    remembers(person, lesson, items[0], stability=300.0, rank=4)
    with clock.at(MONDAY):
        assert measure(person, "evergreen_items") == 0


@pytest.mark.parametrize(
    ("coverage", "proven", "questions", "tier"),
    [
        (0.80, 0.7, 10, 1),
        (0.79, 0.7, 40, 0),
        (0.80, 0.69, 40, 0),
        (0.80, 0.7, 9, 0),
        (0.84, 0.7, 40, 1),
        (0.85, 0.7, 20, 2),
        (0.89, 0.7, 40, 2),
        (0.90, 0.7, 30, 3),
        (0.90, 0.7, 29, 2),
        (0.95, 0.9, 19, 1),
    ],
)
def test_a_topic_is_held_with_enough_questions_and_surely_enough(
    person: Person, coverage: float, proven: float, questions: int, tier: int
) -> None:
    topic = factories.topic()
    holds(person, topic, coverage, proven, questions)
    badge = rules.BY_SLUG["topic-holder"]
    assert badge.reached(queries.records([person.id], [badge])[person.id].measures) == tier


def holds(person: Person, topic: Topic, coverage: float, proven: float, questions: int) -> None:
    """What somebody holds of a topic, as it was added up."""
    kept = {"held": 8.0, "coverage": coverage, "proven": proven, "items": questions}
    database.session.add(Holding(person_id=person.id, topic_id=topic.id, **kept, is_holder=True, day=DAY))
    database.session.commit()


def test_daily_five_counts_the_days_own_sets(person: Person) -> None:
    for number in range(9):
        happen(DailySetFinished(number, 1, 5, 5, False), by=person, at=MONDAY + timedelta(days=number))
    happen(DailySetFinished(50, 2, 5, 5, False), DailySetFinished(51, 1, 5, 5, True), by=person)
    assert measure(person, "daily_sets") == 9


def test_they_come_after_the_set_and_the_person_hears(db: Any, person: Person, lesson: Lesson, items: Any) -> None:
    for number in range(10):
        happen(DailySetFinished(number, 1, 5, 5, False), by=person, at=MONDAY + timedelta(days=number))
    remembers(person, lesson, items[0], tiers=1)
    assert [badge for badge, _tier in awards(db, person) if badge in {"daily-five", "first-recall"}] == []
    holding.renew({(person.id, lesson.topic_id)})
    assert set(awards(db, person)) >= {("first-recall", 1), ("daily-five", 1)}
    kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id)).all()
    assert kinds.count("badge_followed") == 2
    holding.renew({(person.id, lesson.topic_id)})
    assert len(awards(db, person)) == len(set(awards(db, person)))


def test_author_counts_good_lessons_that_are_published(db: Any) -> None:
    author = factories.person()
    lessons = [factories.published_lesson(author) for _ in range(3)]
    lessons[0].quality, lessons[1].quality = 59.9, 60.0
    db.session.commit()
    assert measure(author, "good_lessons") == 2
    lessons[0].quality = 60.0
    db.session.commit()
    happen(LessonsRated((author.id,)), by=None)
    assert ("author", 1) in awards(db, author)


def posting(lesson_id: int, month: str, author: Person, **changes: Any) -> LessonRetained:
    """What a month showed of a lesson: the worked example of ENGINE E6 unless something is changed."""
    shown = {"learners": 30, "weight": 25.0, "answers": 75.0, "right": 61.5, "guessed": 18.75} | {
        "pretests": 12,
        "pretests_right": 5,
    }
    return LessonRetained(lesson_id, month, **(shown | changes), credited=0, credit=95, shares=((author.id, 1.0),))


def test_impact_is_that_of_the_newest_posting_of_each_lesson(db: Any, person: Person) -> None:
    first, second, other = (
        posting(1, "2026-01", person, weight=5.0),
        posting(1, "2026-02", person),
        posting(2, "2026-02", person, weight=2.0),
    )
    for months, event in enumerate((first, second, other)):
        happen(event, by=None, at=MONDAY + timedelta(days=31 * months))
    wanted = sum(event.weight * retention.gain(event, POLICY) for event in (second, other))
    assert wanted == pytest.approx(13.6667 + 2 * 0.546667, abs=1e-3)
    assert measure(person, "impact") == pytest.approx(wanted)
    assert ("impact", 1) in awards(db, person)


def test_a_lasting_lesson_gained_half(db: Any, person: Person) -> None:
    happen(posting(1, "2026-01", person, weight=40.0, right=52.0), by=None)
    assert retention.gain(posting(1, "", person, right=52.0), POLICY) < 0.5
    assert measure(person, "kept_by") == 0
    happen(posting(2, "2026-01", person, weight=9.5), by=None)
    assert measure(person, "kept_by") == 9.5
    assert ("lasting-lesson", 1) not in awards(db, person)
    happen(posting(2, "2026-02", person, weight=10.0), by=None, at=MONDAY + timedelta(days=31))
    assert ("lasting-lesson", 1) in awards(db, person)


def figures(lesson: Lesson, item: tuple[int, int], **changes: Any) -> None:
    """What first answers say about a question."""
    usual = {"difficulty": 0.0, "answers": 30, "seen": 30, "right": 20, "correlation": 0.2, "given": {}}
    where = {"meaning_id": item[1], "item_id": item[0], "lesson_id": lesson.id}
    database.session.add(ItemFigures(**where, **(usual | changes)))
    database.session.commit()


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"seen": 29}, False),
        ({"correlation": 0.19}, False),
        ({"correlation": None}, False),
        ({"right": 9}, True),
        ({"right": 8}, False),
        ({"right": 28}, True),
        ({"right": 29}, False),
    ],
)
def test_a_question_is_proven_by_its_first_answers(
    db: Any, lesson: Lesson, items: Any, changes: dict[str, Any], counts: bool
) -> None:
    author = db.session.get_one(Person, lesson.owner_id)
    figures(lesson, items[0], **changes)
    assert measure(author, "good_questions") == counts
    assert measure(factories.person(), "good_questions") == 0
    flag = ItemFlag(item_id=items[0][0], meaning_id=items[0][1], lesson_id=lesson.id, flag="A", level="red", answers=30)
    db.session.add(flag)
    db.session.commit()
    assert measure(author, "good_questions") == 0


def test_a_gap_is_filled_when_five_people_hold_the_topic(db: Any, lesson: Lesson) -> None:
    author = db.session.get_one(Person, lesson.owner_id)
    topic, asker = db.session.get_one(Topic, lesson.topic_id), factories.person()
    wish, _is_new = requests.ask(title="How to begin", why="", topic=topic, by=asker)
    wish.state, wish.lesson_id = "answered", lesson.id
    for number in range(5):
        assert measure(author, "gaps_filled") == 0, number
        holds(factories.person(), topic, 0.8, 0.7, 10)
    assert measure(author, "gaps_filled") == 1
    happen(LessonsRated((author.id,)), by=None)
    assert ("gap-filler", 1) in awards(db, author)
    wish.asker_id = author.id
    db.session.commit()
    assert measure(author, "gaps_filled") == 0
