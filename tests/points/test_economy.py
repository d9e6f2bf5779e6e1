"""What administrators see of the points economy: figures of each rule, and nothing from which a person can be told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.kept import NAME
from peerlearn.lessons.models import Lesson
from peerlearn.points import actions, economy, rules
from peerlearn.points.economy import Economy, Source
from peerlearn.points.rule import values_of
from tests import factories
from tests.page import text_of
from tests.points.deeds import entries_of, happen, held_of
from tests.points.records import MONDAY, passed, pretest, reviewed

TODAY = MONDAY.date()
REASON = "Two people shared one account that day."


@pytest.fixture
def admin(db: Any) -> Person:
    return factories.person("Ada Admin", roles=(("admin", 0),))


@pytest.fixture
def lessons(db: Any) -> list[Lesson]:
    return [published() for _ in range(2)]


def published(at: Any = MONDAY - timedelta(days=60)) -> Lesson:
    """A lesson whose publication paid its author and its curator at this moment."""
    with clock.at(at):
        lesson = factories.published_lesson()
    database.session.commit()
    return lesson


def lately() -> Economy:
    return economy.lately(TODAY)


def learn(lesson: Lesson, *people: Person, at: Any = MONDAY, **changes: Any) -> None:
    for person in people:
        happen(passed(lesson.id, **changes), by=person, at=at)


def test_each_rule_has_its_figures(admin: Person, lessons: list[Lesson]) -> None:
    people = [factories.person() for _ in range(3)]
    learn(lessons[0], *people)
    learn(lessons[1], people[0], cards_seen=False)  # pays nothing
    happen(pretest(lessons[0].id), by=people[0])
    found = lately().by_rule
    assert (found["L1"].issued, found["L1"].people) == (30, 3)
    assert (found["L4"].issued, found["L4"].people) == (2, 1)
    assert found["T5"] == economy.Figures()
    assert set(found) == {rule.slug for rule in rules.RULES}
    assert (lately().by_track["xp"].issued, lately().by_track["ip"].issued) == (32, 0)


def test_what_is_older_than_thirty_days_is_gone(lessons: list[Lesson]) -> None:
    person = factories.person()
    learn(lessons[0], person, at=MONDAY - timedelta(days=30))
    assert lately().by_rule["L1"].issued == 0
    learn(lessons[1], person, at=MONDAY - timedelta(days=29))
    assert lately().by_rule["L1"].issued == 10


def test_shares_of_held_and_taken_back(admin: Person, lessons: list[Lesson]) -> None:
    people = [factories.person() for _ in range(4)]
    learn(lessons[0], *people)
    with clock.at(MONDAY + timedelta(days=1)):
        actions.reverse(entries_of(people[0])[0], REASON, by=admin)
    hurried = factories.person()
    for number in range(20):
        happen(pretest(number), by=hurried, at=MONDAY + timedelta(seconds=number))
    happen(passed(lessons[1].id), by=hurried, at=MONDAY + timedelta(seconds=30))
    found = lately().by_rule["L1"]
    assert (found.issued, found.reversed, found.held) == (40, 10, 10)
    assert (found.reversed_percent, found.held_percent) == (25.0, 20.0)
    assert lately().by_track["xp"].held_percent == round(100 * 10 / 90, 1)
    (held,) = held_of(hurried)
    actions.release(held, by=admin)
    database.session.commit()
    released = lately().by_rule["L1"]
    assert (released.issued, released.held, released.people) == (50, 0, 5)


def test_a_lesson_is_named_from_three_learners_on(lessons: list[Lesson]) -> None:
    people = [factories.person() for _ in range(3)]
    learn(lessons[0], *people[:2])
    assert lately().by_rule["L1"].sources == ()
    learn(lessons[1], *people)
    assert lately().by_rule["L1"].sources == (Source(lessons[1].title, 30),)
    learn(lessons[0], people[2])
    learn(lessons[0], factories.person())
    assert [source.amount for source in lately().by_rule["L1"].sources] == [40, 30]


def test_what_was_taken_back_makes_no_source(admin: Person, lessons: list[Lesson]) -> None:
    people = [factories.person() for _ in range(3)]
    learn(lessons[0], *people)
    for person in people:
        actions.reverse(entries_of(person)[0], REASON, by=admin)
    database.session.commit()
    assert lately().by_rule["L1"].sources == ()
    assert lately().by_rule["L1"].reversed_percent == 100


def test_lessons_of_authors_are_named_without_their_points(lessons: list[Lesson]) -> None:
    happen(reviewed(99, lesson_id=lessons[0].id), by=factories.person())
    assert lately().by_rule["C1"].issued == 6
    assert lately().by_rule["C1"].sources == (), "one reviewer: the lesson would say who it is"
    found = [published(MONDAY) for _ in range(3)]
    assert lately().by_rule["T1"].people == 3
    assert lately().by_rule["T1"].sources == tuple(Source(lesson.title, None) for lesson in found)


def test_three_sources_at_the_most(db: Any) -> None:
    people = [factories.person() for _ in range(3)]
    for number in range(5):
        learn(published(), *people, at=MONDAY - timedelta(days=number))
    assert len(lately().by_rule["L1"].sources) == 3


def test_the_page_tells_rates_limits_and_no_names(client_for: Any, admin: Person, lessons: list[Lesson]) -> None:
    people = [factories.person(f"Nobody Knows {name}") for name in ("Ann", "Bea", "Cem")]
    learn(lessons[0], *people, at=clock.now())
    page = client_for(admin).get("/points/economy")
    words = text_of(page.tree)
    for rule in rules.RULES:
        assert rule.title in words
        assert rule.sentence % values_of(rule.sentence, rules.POLICY) in words
        if rule.cap:
            assert rule.cap.demand % values_of(rule.cap.demand, rules.POLICY) in words
    assert lessons[0].title in words
    assert "Nobody Knows" not in words
    assert "/points/economy" in [a.get("href") for a in client_for(admin).get("/points").all("a")]


def test_only_administrators_come_in(client_for: Any, person: Person) -> None:
    lead = factories.person(roles=(("lead", 0),))
    for other in (person, lead):
        client_for(other).get("/points/economy", status=403)
        assert "/points/economy" not in client_for(other).get("/points").text


def test_the_page_asks_as_much_for_three_lines_as_for_thirty(
    client_for: Any, admin: Person, lessons: list[Lesson], statements: list[str]
) -> None:
    client = client_for(admin)
    counts = []
    for count in (3, 27):
        for _ in range(count):
            learn(factories.published_lesson(), factories.person(), at=clock.now())
        client.get("/points/economy")
        statements.clear()
        client.get("/points/economy")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 5, statements


def test_figures_are_kept_for_a_minute(app: Flask, lessons: list[Lesson]) -> None:
    app.extensions[NAME] = {}
    try:
        with clock.at(MONDAY):
            assert lately().by_rule["L1"].issued == 0
            learn(lessons[0], factories.person())
        with clock.at(MONDAY + timedelta(seconds=59)):
            assert lately().by_rule["L1"].issued == 0
        with clock.at(MONDAY + timedelta(seconds=60)):
            assert lately().by_rule["L1"].issued == 10
    finally:
        app.extensions[NAME] = None
