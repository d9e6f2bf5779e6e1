"""What practice pays, from the answer to the ledger: by the interval that was planned, and never for one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.points.models import LedgerEntry
from tests import factories
from tests.factories import Walk
from tests.practice.days import Practice


def reviewed(person: Person, days: int, slug: str | None = None) -> list[dict[str, Any]]:
    """Pass a lesson and answer its questions rightly so many days later; what was announced."""
    walk = Walk(person, slug or factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    practice = Practice(person, walk.moment + timedelta(days=days))
    practice.start()
    while practice.waiting:
        practice.answer()
    facts = select(Fact.data).where(Fact.type == "ItemReviewed", Fact.actor_id == person.id).order_by(Fact.id)
    return list(db.session.scalars(facts))


def paid(person: Person) -> list[int]:
    rows = select(LedgerEntry.amount).where(LedgerEntry.person_id == person.id, LedgerEntry.rule == "L2")
    return list(db.session.scalars(rows))


@pytest.mark.parametrize("days", [2, 30, 100])
def test_waiting_earns_nothing(app: Any, days: int) -> None:
    person = factories.person()
    found = [fact for fact in reviewed(person, days) if fact["was_due"]]
    assert [(fact["scheduled_days"], fact["days_since"]) for fact in found] == [(2, days)] * 3
    assert paid(person) == [2, 2, 2]


def test_whoever_wrote_or_looks_after_a_lesson_is_paid_nothing_for_its_questions(app: Any) -> None:
    author, topic = factories.person(), factories.topic()
    curator = factories.person(roles=(("curator", topic.id),))
    lesson = factories.published_lesson(author, topic)
    for person in (author, factories.reloaded(curator)):
        assert [fact["is_own"] for fact in reviewed(person, 2, lesson.slug)] == [True] * 3
        assert not any(paid(person))
    learner = factories.person()
    assert [fact["is_own"] for fact in reviewed(learner, 2, lesson.slug)] == [False] * 3
