"""Several lessons are said to be still right at once; each is asked for by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons.models import Lesson
from peerlearn.review import verifying
from peerlearn.review.models import Review, StandingAct
from tests import factories
from tests.conftest import Statements
from tests.factories import MONDAY
from tests.page import Client
from tests.review.test_pages import words

Browser = Callable[[Person], Client]
LATE = MONDAY + timedelta(days=190)


class Shelf:
    """Three published lessons of a topic, a curator of it who wrote one of them, and another who did not."""

    def __init__(self) -> None:
        self.topic = factories.topic()
        self.tom, self.uma = (factories.person(name, roles=(("curator", self.topic.id),)) for name in ("Tom", "Uma"))
        with clock.at(MONDAY):
            self.lessons = [factories.published_lesson(topic_=self.topic) for _ in range(2)]
            self.own = factories.published_lesson(self.tom, self.topic)
            self.foreign = factories.published_lesson()

    def verify(self, *lessons: Lesson, by: Person | None = None, version: int | None = None) -> int:
        versions = {lesson.id: version or lesson.version for lesson in lessons}
        done = verifying.verify_all(versions, by=factories.reloaded(by or self.tom), zone_name="UTC")
        db.session.commit()
        return done


@pytest.fixture
def shelf(db: Any) -> Shelf:
    return Shelf()


def titles(shelf: Shelf, who: Person) -> set[int]:
    return {one.lesson.id for one in verifying.due_lessons(factories.reloaded(who), "UTC")}


@pytest.mark.parametrize(("days", "count"), [(160, 0), (170, 2), (190, 2), (250, 2)])
def test_what_is_listed_follows_from_the_calendar(shelf: Shelf, days: int, count: int) -> None:
    with clock.at(MONDAY + timedelta(days=days)):
        assert titles(shelf, shelf.tom) == {one.id for one in shelf.lessons[:count]}
        assert len(titles(shelf, shelf.uma)) == (count and count + 1)


def test_all_that_were_ticked_are_checked_with_a_line_each(shelf: Shelf) -> None:
    with clock.at(LATE):
        assert shelf.verify(*shelf.lessons) == 2
        assert titles(shelf, shelf.tom) == set()
    assert {one.verified_at for one in shelf.lessons} == {LATE}
    assert list(db.session.scalars(select(StandingAct.act))) == ["verify", "verify"]


def test_what_is_ones_own_foreign_hidden_changed_or_not_due_is_left(shelf: Shelf) -> None:
    first, second = shelf.lessons
    with clock.at(LATE):
        assert shelf.verify(shelf.own, shelf.foreign) == 0
        assert shelf.verify(first, version=first.version + 1) == 0
        second.state = "quarantined"
        db.session.commit()
        assert shelf.verify(first, second) == 1
        assert shelf.verify(first) == 0  # checked a moment ago
    assert shelf.own.verified_at == second.verified_at == MONDAY


def test_nothing_that_waits_is_approved_by_it(shelf: Shelf) -> None:
    with clock.at(LATE):
        lesson, _review = factories.reviewed_lesson(factories.person(), shelf.topic)
        assert shelf.verify(lesson) == 0
    assert db.session.scalar(select(func.count(Review.id)).where(Review.state == "open")) == 1
    assert lesson.verified_at is None


def test_a_curator_ticks_and_says_so(shelf: Shelf, client_for: Browser, statements: Statements) -> None:
    tom, first = client_for(shelf.tom), shelf.lessons[0]
    with clock.at(LATE):
        db.session.expire_all()
        statements.clear()
        page = tom.get("/review/due")
        assert len(statements) <= 5, "\n".join(statements)
        assert first.title in words(page)
        assert shelf.own.title not in words(page)
        tom.post("/review/due", {}, to="/review/due")
        hostile = ["x", "1", "-1-1", f"{'9' * 30}-1", f"{shelf.lessons[1].id}-999"]
        tom.post("/review/due", {"lesson": [f"{first.id}-{first.version}", *hostile]}, to="/review/due")
        after = words(tom.get("/review/due"))
    assert "1 lesson is checked." in after
    assert first.title not in after
    assert shelf.lessons[1].title in after


def test_many_take_as_many_questions_as_few(shelf: Shelf, statements: Statements) -> None:
    with clock.at(LATE):
        statements.clear()
        shelf.verify(shelf.lessons[0])
        few = len([one for one in statements if one.startswith("SELECT")])
        with clock.at(MONDAY):
            more = [factories.published_lesson(topic_=shelf.topic) for _ in range(6)]
        statements.clear()
        assert shelf.verify(*more) == 6
        assert len([one for one in statements if one.startswith("SELECT")]) <= few
