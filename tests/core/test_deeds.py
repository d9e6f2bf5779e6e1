"""Deeds: what is announced is stored before whoever needs it so, and together with what follows from it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db as database
from peerlearn.core.deeds import deed, know, publish
from peerlearn.core.events import SUBSCRIPTIONS, Recorded, always, listens
from peerlearn.core.facts import Fact
from peerlearn.lessons.events import TopicChanged
from peerlearn.streaks.events import WeeklyGoalMet

HEARD = (TopicChanged, WeeklyGoalMet)


@pytest.fixture
def alone(db: Any) -> Iterator[None]:
    """Nobody listens but those of the test."""
    kept = SUBSCRIPTIONS[:]
    SUBSCRIPTIONS.clear()
    yield
    SUBSCRIPTIONS[:] = kept


@deed
def change_topic(*, by: Person) -> None:
    publish(TopicChanged(1), by=by)


@deed
def change_topic_and_tell(*, by: Person) -> None:
    publish(TopicChanged(1), by=by)
    know(by, {"weather": "fine"})
    publish(TopicChanged(2), by=by)


def stored() -> list[tuple[int, str]]:
    return [(row.id, row.type) for row in database.session.execute(select(Fact.id, Fact.type).order_by(Fact.id))]


@pytest.mark.parametrize("is_ahead", [True, False])
def test_what_is_heard_ahead_is_stored_with_what_it_brings(
    alone: None, person: Person, statements: list[str], is_ahead: bool
) -> None:
    heard: list[Recorded] = []

    def bring(records: Sequence[Recorded]) -> None:
        assert [record.fact_id is None for record in records] == [is_ahead]
        publish(WeeklyGoalMet(person.id, "2026-01-05", 3), by=person)

    if is_ahead:
        listens(TopicChanged, ahead=always)(bring)
    else:
        listens(TopicChanged)(bring)
    listens(*HEARD)(heard.extend)
    statements.clear()
    change_topic(by=person)
    assert len([s for s in statements if s.startswith("INSERT INTO facts")]) == (1 if is_ahead else 2)
    assert [(record.fact_id, type(record.event).__name__) for record in heard] == stored()
    assert [type(record.event) for record in heard] == list(HEARD)


def test_everything_is_stored_even_when_all_hear_it_ahead(alone: None, person: Person) -> None:
    listens(*HEARD, ahead=always)(lambda records: None)
    change_topic(by=person)
    assert [name for _, name in stored()] == ["TopicChanged"]


def test_what_is_known_goes_with_what_is_announced_later(alone: None, person: Person) -> None:
    heard: list[Recorded] = []
    listens(TopicChanged)(heard.extend)
    change_topic_and_tell(by=person)
    change_topic(by=person)
    assert [record.known.get("weather") for record in heard] == [None, "fine", None]
