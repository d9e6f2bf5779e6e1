"""What is left of a memory when its question changes: of another key nothing is proven; a new mark counts at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons.models import Lesson
from peerlearn.practice import rules
from peerlearn.practice.models import Memory
from peerlearn.quizzes.models import ItemVersion
from tests import factories
from tests.factories import Walk
from tests.practice.days import Practice

DAY = timedelta(days=1)


def _turned(text: str) -> str:
    return text.replace("- [x] True", "- [ ] True").replace("- [ ] False", "- [x] False")


def _marked(text: str) -> str:
    return text.replace("## true-false", "## true-false critical")


@pytest.fixture
def memory(app: Any) -> Any:
    """Publishes a changed lesson that somebody learned and proved; what they remember of its true-false question."""
    person = factories.person(work_days="1234567")
    lesson = factories.published_lesson()
    walk = Walk(person, lesson.slug)
    walk.read()
    walk.quiz()
    for days in (2, 15):
        practice = Practice(person, walk.moment + days * DAY)
        practice.start()
        while practice.waiting:
            practice.answer()

    def of(change: Any) -> tuple[Memory, Memory]:
        statement = (
            select(Memory)
            .join(ItemVersion, ItemVersion.id == Memory.version_id)
            .where(Memory.person_id == person.id, ItemVersion.kind == "true-false")
        )
        before = db.session.scalars(statement).one()
        db.session.expunge(before)
        with clock.at(walk.moment + 20 * DAY):
            factories.republish(db.session.get_one(Lesson, lesson.id), change)
        return before, db.session.scalars(statement).one()

    return of


def test_nothing_is_proven_of_another_key(memory: Any) -> None:
    before, after = memory(_turned)
    assert (before.is_proven, before.passes) == (True, 3)
    assert (after.is_proven, after.passes) == (False, 0)
    assert after.stability < before.stability
    assert after.due_on < before.due_on
    assert after.tiers == before.tiers, "a key that is turned to and fro does not pay twice"


def test_a_question_that_is_marked_critical_counts_twice_and_comes_first_from_then_on(memory: Any) -> None:
    before, after = memory(_marked)
    assert (before.weight, before.rank) == (1, rules.ORDINARY)
    assert (after.weight, after.rank) == (rules.POLICY.critical_weight, rules.CRITICAL)
    assert (after.is_proven, after.passes, after.due_on) == (before.is_proven, before.passes, before.due_on)


def test_a_changed_text_around_a_question_leaves_it_alone(memory: Any) -> None:
    before, after = memory(lambda text: text.replace("Then show each step.", "Then show all steps, one by one."))
    for name in ("is_proven", "passes", "weight", "rank", "stability", "tiers"):
        assert getattr(after, name) == getattr(before, name), name
