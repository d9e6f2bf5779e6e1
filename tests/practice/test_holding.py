"""What one person holds, from their memories and as it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.deeds import deed
from peerlearn.core.events import SUBSCRIPTIONS, Recorded, listens
from peerlearn.core.facts import Fact
from peerlearn.practice import holding
from peerlearn.practice.events import TopicHeld
from peerlearn.practice.models import Holding
from peerlearn.quizzes.models import Item
from tests import factories
from tests.conftest import Statements
from tests.practice import held_rows
from tests.practice.test_held_rules import FIRST, TABLE, close, example

NINE = datetime(2025, 1, 6, 9, tzinfo=UTC)


def kept(db: Any, person: Person) -> dict[int, Holding]:
    """What is stored of a person, by topic."""
    db.session.expire_all()
    return {row.topic_id: row for row in db.session.query(Holding).filter_by(person_id=person.id)}


@deed
def refreshed(person: Person, *topic_ids: int) -> None:
    """As at the end of a set."""
    practised = {(person.id, topic_id) for topic_id in topic_ids}
    holding.keep(holding.added_up({person.id: person.timezone}, practised))


@pytest.fixture
def learner(db: Any) -> Person:
    """Somebody in UTC."""
    return factories.person(timezone="UTC")


@pytest.mark.parametrize(("day", "chances", "amount", "coverage"), TABLE)
def test_the_example_from_stored_memories(
    db: Any, learner: Person, day: int, chances: tuple[float, ...], amount: float, coverage: float
) -> None:
    topic = factories.topic()
    lesson = held_rows.lesson(topic, items=4)
    for place, traces in enumerate(example().values()):
        held_rows.remember(learner, lesson, place, traces[-1])
    with clock.at(NINE + timedelta(days=day)):
        found = holding.overview(learner)
        refreshed(learner, topic.id)
    (line,) = found.topics
    assert (line.held.amount, line.held.coverage) == (close(amount), close(coverage))
    assert (line.known, line.held.items, found.known, found.held) == (3, 4, 3, round(amount))
    row = kept(db, learner)[topic.id]
    assert (row.held, row.coverage, row.items, row.is_holder) == (close(amount), close(coverage), 3, False)
    assert row.day == FIRST + timedelta(days=day)


def test_the_forecast_is_the_same_sum_thirty_days_on(db: Any, learner: Person) -> None:
    lesson = held_rows.lesson(factories.topic(), items=4)
    for place, traces in enumerate(example().values()):
        held_rows.remember(learner, lesson, place, traces[-1])
    with clock.at(NINE + timedelta(days=30)):
        found = holding.overview(learner)
    assert dict(found.curve)[0] == close(2.1434)
    assert dict(found.curve)[30] == close(1.9453)
    assert (found.held, found.forecast) == (2, 2)
    assert [days for days, _ in found.curve] == list(range(0, 61, 5))


def test_a_critical_question_weighs_twice_answered_or_not(db: Any, learner: Person) -> None:
    lesson = held_rows.lesson(factories.topic(), items=4, critical={0, 3})
    for place in range(3):
        held_rows.remember(learner, lesson, place, example()["B"][-1])
    with clock.at(NINE):
        (line,) = holding.overview(learner).topics
    assert (line.held.amount, line.held.coverage, line.recalled) == (close(4), close(4 / 6), close(3))


def test_a_question_counts_for_each_topic_and_once_in_all(db: Any, learner: Person) -> None:
    first, second = factories.topic("Alpha"), factories.topic("Beta")
    both, other = held_rows.lesson(first, second, items=3), held_rows.lesson(second, items=3)
    held_rows.remember_all(learner, both)
    found = holding.overview(learner)
    assert {line.name: (line.known, line.held.items) for line in found.topics} == {"Alpha": (3, 3), "Beta": (3, 6)}
    assert (found.known, found.held) == (3, 3)
    held_rows.remember_all(learner, other)
    assert holding.overview(learner).known == 6


def test_what_is_no_longer_taught_is_not_held(db: Any, learner: Person) -> None:
    topic = factories.topic()
    lesson, gone = held_rows.lesson(topic, items=3), held_rows.lesson(topic, items=2)
    for each in (lesson, gone):
        held_rows.remember_all(learner, each)
    gone.state = "archived"
    db.session.commit()
    (line,) = holding.overview(learner).topics
    assert (line.known, line.held.items) == (3, 3)
    refreshed(learner, topic.id)
    lesson.state = "archived"
    db.session.commit()
    refreshed(learner, topic.id)
    row = kept(db, learner)[topic.id]
    assert (row.held, row.coverage, row.items, row.is_holder) == (0, 0, 0, False)


@pytest.mark.parametrize("state", ["paused", "retired"])
def test_a_question_that_is_not_asked_does_not_count(db: Any, learner: Person, state: str) -> None:
    lesson = held_rows.lesson(factories.topic(), items=4)
    held_rows.remember_all(learner, lesson)
    first, *_others = held_rows.versions_of(lesson)
    db.session.get(Item, first.item_id).state = state
    db.session.commit()
    (line,) = holding.overview(learner).topics
    assert (line.known, line.held.items, line.held.amount) == (3, 3, close(3))


def test_others_memories_are_not_mine(db: Any, learner: Person) -> None:
    lesson = held_rows.lesson(factories.topic())
    held_rows.remember_all(factories.person(), lesson)
    assert holding.overview(learner).topics == ()
    refreshed(learner, lesson.topic_id)
    assert kept(db, learner)[lesson.topic_id].held == 0


@pytest.fixture
def announced() -> Iterator[list[Recorded]]:
    """Everybody who became a holder."""
    heard: list[Recorded] = []
    listens(TopicHeld)(heard.extend)
    yield heard
    SUBSCRIPTIONS.pop()


def test_whoever_becomes_a_holder_is_announced_once(db: Any, learner: Person, announced: list[Recorded]) -> None:
    topic = factories.topic()
    lesson = held_rows.lesson(topic, items=5)
    held_rows.remember_all(learner, lesson)
    refreshed(learner, topic.id)
    refreshed(learner, topic.id)
    assert [(record.event, record.actor_id) for record in announced] == [(TopicHeld(topic.id, False), learner.id)]
    assert kept(db, learner)[topic.id].is_holder
    assert db.session.query(Fact).filter_by(type="TopicHeld").count() == 1


def test_a_curator_of_the_topic_is_told_apart(db: Any, announced: list[Recorded]) -> None:
    topic = factories.topic()
    curator = factories.person(roles=(("curator", topic.id),))
    held_rows.remember_all(curator, held_rows.lesson(topic, items=5))
    refreshed(curator, topic.id)
    assert announced[0].event == TopicHeld(topic.id, True)


def test_holding_without_proof_makes_no_holder(db: Any, learner: Person, announced: list[Recorded]) -> None:
    lesson = held_rows.lesson(factories.topic(), items=5)
    held_rows.remember_all(learner, lesson, proven=False)
    refreshed(learner, lesson.topic_id)
    assert not announced
    assert kept(db, learner)[lesson.topic_id].coverage == 1


@pytest.mark.parametrize("lessons", [3, 30])
def test_adding_up_costs_the_same_for_three_and_thirty(
    db: Any, learner: Person, statements: Statements, lessons: int
) -> None:
    topics = [factories.topic() for _ in range(lessons)]
    for topic in topics:
        held_rows.remember_all(learner, held_rows.lesson(topic, items=2))
    statements.clear()
    assert len(holding.overview(learner).topics) == lessons
    assert len(statements) == 1
    statements.clear()
    refreshed(learner, *(topic.id for topic in topics))
    assert len(statements) == 2
    statements.clear()
    refreshed(learner)
    assert not statements
