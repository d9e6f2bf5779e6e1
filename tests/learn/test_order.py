"""In which order lessons stand: the better and the checked before the others, or the newest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.learn import queries
from peerlearn.learn.queries import BEST, NEWEST, Filters
from peerlearn.lessons import freshness, showing
from peerlearn.lessons.models import Lesson
from peerlearn.lessons.quality import in_search
from tests import factories
from tests.conftest import Statements
from tests.page import Client, text_of


@pytest.fixture
def reader(db: object) -> Person:
    return factories.person()


def lessons_with(*figures: tuple[str, float, int]) -> list[Lesson]:
    """Published one after the other: title, quality, and for how many days the check is late."""
    found, topic = [], factories.topic()
    today = clock.today(clock.organisation_zone())
    for title, quality, late in figures:
        lesson = factories.published_lesson(None, topic, title=title)
        lesson.check_on = today - timedelta(days=late)
        db.session.flush()
        showing.rate({lesson.id: quality})
        found.append(lesson)
    db.session.commit()
    for lesson in found:
        db.session.refresh(lesson)
    return found


def titles(reader: Person, order: str, size: int = 20) -> list[str]:
    """All pages, read to the end."""
    found: list[str] = []
    after: int | None = None
    while True:
        page = queries.catalogue(reader, Filters(order=order), after, size)
        found += [row.lesson.title for row in page.rows]
        if page.after is None:
            return found
        after = int(page.after)


@pytest.mark.parametrize("late", [-400, -1, 0, 1, 15, 30, 45, 90, 104, 105, 106, 700])
@pytest.mark.parametrize("quality", [0.0, 63.5, 71.7323, 100.0])
def test_the_database_counts_as_the_rule_does(reader: Person, late: int, quality: float) -> None:
    with clock.at(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        (lesson,) = lessons_with(("How to count", quality, late))
        due = lesson.check_on
    found = db.session.scalar(select(Lesson.worth).where(Lesson.id == lesson.id))
    assert found == pytest.approx(in_search(1, quality, freshness.weight(due, due + timedelta(days=late))))


def test_whoever_checks_a_lesson_brings_it_back_up(reader: Person) -> None:
    late, other = lessons_with(("Good but late", 90, 45), ("Usual and fresh", 60, 0))
    assert titles(reader, BEST) == ["Usual and fresh", "Good but late"]
    showing.verify(late, by=factories.reloaded(late.owner_id))
    db.session.commit()
    assert titles(reader, BEST) == ["Good but late", "Usual and fresh"]
    assert other.worth == pytest.approx(0.8)


def test_doubt_alone_moves_nothing(reader: Person) -> None:
    (lesson,) = lessons_with(("Good and doubted", 90, -30))
    showing.doubt([lesson.id])
    db.session.commit()
    db.session.refresh(lesson)
    assert lesson.worth == pytest.approx(0.95)


def test_a_list_reads_an_index_in_its_order(reader: Person, statements: Statements) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite tells how it goes about it")
    statements.clear()
    queries.catalogue(reader, Filters(), None)
    (asked,) = [each for each in statements if "worth" in each]
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", _values(asked, reader.id)).all()
    assert any("ix_lessons_state_worth" in row[3] for row in plan)
    assert not any("ORDER BY" in row[3] and "LAST" not in row[3] for row in plan)


def _values(asked: str, me: int) -> tuple[int, ...]:
    return (me,) * asked.count("?")


def test_the_best_stand_first_and_among_equals_the_newest(reader: Person) -> None:
    lessons_with(
        ("Good and old", 90, 0), ("Poor and new", 20, 0), ("Good but unchecked", 90, 45), ("Just as good", 90, -300)
    )
    wanted = ["Just as good", "Good and old", "Poor and new", "Good but unchecked"]  # 0.95, 0.95, 0.6, 0.475
    assert titles(reader, BEST) == wanted
    assert titles(reader, NEWEST) == ["Just as good", "Good but unchecked", "Poor and new", "Good and old"]


@pytest.mark.parametrize("order", [BEST, NEWEST])
def test_pages_hold_each_lesson_once(reader: Person, order: str) -> None:
    lessons_with(*((f"Lesson {n}", 60 + n % 3, n % 4 * 20) for n in range(9)))
    whole = titles(reader, order)
    assert sorted(whole) == [f"Lesson {n}" for n in range(9)]
    assert titles(reader, order, size=2) == whole


def test_a_reader_chooses_the_order(reader: Person, client_for: Callable[[Person], Client]) -> None:
    lessons_with(("Good and old", 90, 0), ("Poor and new", 20, 0))
    browser = client_for(reader)

    def shown(url: str) -> list[str]:
        cards = [each for each in browser.get(url).all("a") if each.get("href", "").startswith("/lessons/")]
        names = [text_of(each) for each in cards]
        return [name for name in names if name in ("Good and old", "Poor and new")]

    assert shown("/lessons") == ["Good and old", "Poor and new"]
    assert shown("/lessons?order=newest") == ["Poor and new", "Good and old"]
    assert shown("/lessons?order=nonsense") == ["Good and old", "Poor and new"]
