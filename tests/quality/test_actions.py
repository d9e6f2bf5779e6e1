"""Quality on a real database: what it is made of, and what it orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.learn import actions as learning
from peerlearn.learn import queries
from peerlearn.learn.queries import Filters
from peerlearn.lessons.models import Lesson
from peerlearn.lessons.quality import Signs, quality
from peerlearn.quality import actions
from peerlearn.quality import queries as known
from tests import factories
from tests.factories import Walk


@pytest.fixture
def lesson(app: Any) -> Lesson:
    """A published lesson that a curator rated with 4.5."""
    return factories.published_lesson()


def says(lesson: Lesson, kind: str, right: bool = True) -> Walk:
    """Somebody learns a lesson, or fails, and says whether it helped."""
    walk = Walk(factories.person(), lesson.slug)
    walk.read()
    walk.quiz(right, right, right)
    found = queries.lesson_by_slug(lesson.slug, walk.person)
    assert found is not None
    learning.react(found, queries.standing(walk.person, found), kind, stands=True, by=walk.person)
    db.session.commit()
    return walk


def test_a_new_lesson_has_the_quality_of_its_review(lesson: Lesson) -> None:
    assert lesson.quality == pytest.approx(quality(Signs(rating=4.5)))


def test_votes_of_those_who_passed_count_once_each(lesson: Lesson) -> None:
    says(lesson, "useful")
    says(lesson, "unhelpful")
    says(lesson, "unhelpful", right=False)
    changed = says(lesson, "useful")
    found = queries.lesson_by_slug(lesson.slug, changed.person)
    assert found is not None
    learning.react(found, queries.standing(changed.person, found), "unhelpful", stands=True, by=changed.person)
    db.session.commit()
    signs = known.signs({})[lesson.id]
    assert (signs.helpful, signs.votes, signs.items, signs.rating) == (1, 3, 3, 4.5)
    assert queries.reactions_of(found, changed.person)["unhelpful"] == (3, True)
    assert queries.reactions_of(found, changed.person)["useful"] == (1, False)


def test_open_flags_count_a_question_once(lesson: Lesson) -> None:
    walk = says(lesson, "useful")
    attempt = queries.standing(walk.person, lesson).finished[0]
    factories.flagged(lesson, attempt)
    signs = known.signs({})[lesson.id]
    assert signs.red + signs.amber == 1


def test_it_is_worked_out_for_all_in_the_same_statements(lesson: Lesson, statements: list[str]) -> None:
    counts = []
    for number in (1, 9):
        for _ in range(number):
            factories.published_lesson()
        db.session.commit()
        statements.clear()
        actions.recompute({})
        counts.append(len(statements))
        db.session.commit()
    assert counts[0] == counts[1]


def test_a_search_puts_the_better_and_the_checked_first(app: Any) -> None:
    topic = factories.topic()
    good, poor, old = (
        factories.published_lesson(topic_=topic, title=f"How to polish spoons {name}") for name in ("A", "B", "C")
    )
    poor.quality, old.check_on = 10.0, clock.today("UTC") - timedelta(days=60)
    db.session.commit()
    found = queries.catalogue(factories.person(), Filters(words="polish spoons"), None)
    order = [row.lesson.id for row in found.rows]
    assert order[0] == good.id
    assert set(order) == {good.id, poor.id, old.id}
