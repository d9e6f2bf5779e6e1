"""Active days on a real database: counted once, announced once, mended when a day off is told of later."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from peerlearn.accounts import time_off
from peerlearn.accounts.models import Person
from peerlearn.badges.models import Award
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.deeds import deed, publish
from peerlearn.core.events import Event
from peerlearn.core.facts import Fact
from peerlearn.practice.events import DailySetFinished, ItemReviewed
from peerlearn.streaks import actions, queries
from peerlearn.streaks.models import ActiveDay
from peerlearn.streaks.queries import Known
from peerlearn.streaks.rules import Deeds
from tests import factories
from tests.conftest import Statements
from tests.points.deeds import entries_of, happen
from tests.points.records import MONDAY, passed, reviewed

FIRST = MONDAY.date()
EXAMPLE = "AAA-ANN NAAAANN AA--D".replace(" ", "")


def due(number: int = 1, **changes: Any) -> ItemReviewed:
    usual: dict[str, Any] = {
        "lesson_id": 1,
        "item_id": number,
        "version_id": number,
        "question_id": number,
        "topic_ids": (1,),
        "is_right": False,
        "mark": 0.0,
        "confidence": "fairly",
        "guess_chance": 0.25,
        "seconds": 9.0,
        "is_rapid": False,
        "was_due": True,
        "scheduled_days": 3,
        "days_since": 3,
        "tier_repeated": False,
        "is_own": False,
    }
    return ItemReviewed(**(usual | changes))


def finished(number: int = 1) -> DailySetFinished:
    return DailySetFinished(set_id=number, number=number, asked=5, right=4, any_rapid=False)


def rows_of(person: Person) -> list[ActiveDay]:
    found = select(ActiveDay).where(ActiveDay.person_id == person.id).order_by(ActiveDay.day)
    return list(database.session.scalars(found.execution_options(populate_existing=True)))


def standing(person: Person, day: date) -> Any:
    return queries.standing(person.id, day)


def goals(db: Any) -> list[tuple[int, date, dict[str, Any]]]:
    facts = select(Fact).where(Fact.type == "WeeklyGoalMet").order_by(Fact.id)
    return [(fact.actor_id, fact.day, fact.data) for fact in db.session.scalars(facts)]


def on(number: int, hour: int = 9) -> datetime:
    return MONDAY.replace(hour=hour) + timedelta(days=number)


def test_the_worked_example_with_real_deeds(db: Any, person: Person) -> None:
    """The extra freeze of the first days is on, so Thursday costs it, and the streak lives one day longer."""
    with clock.at(MONDAY):
        time_off.add_holiday(FIRST + timedelta(days=7), "Good day", by=person)
    for number, mark in enumerate(EXAMPLE):
        if mark in "AD":
            happen(passed(number + 1), by=person, at=on(number))
        if mark == "D":
            happen(finished(), by=person, at=on(number, 17))
    lengths = [row.length for row in rows_of(person) if row.counts]
    assert lengths == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    found = standing(person, FIRST + timedelta(days=18))
    assert (found.run.length, found.run.best, found.run.freezes, found.run.mended_on) == (11, 11, 0, None)
    assert actions.verify() == []


def test_the_worked_example_mends_what_broke(db: Any, person: Person) -> None:
    """As the example has it, without the extra freeze: it was used before."""
    days = {FIRST - timedelta(days=3): Deeds(lessons=1)}
    actions.count(person.id, days)
    state = {"length": 9, "best": 9, "freezes": 1, "since": "2026-01-05", "extra_used": True, "days": 9}
    before = state | {"through": (FIRST - timedelta(days=4)).isoformat()}
    db.session.execute(update(ActiveDay).values(before=before))
    db.session.commit()
    assert standing(person, FIRST).run.length == 10
    assert standing(person, FIRST + timedelta(days=1)).run.freezes == 1
    frozen = standing(person, FIRST + timedelta(days=2))
    assert (frozen.run.length, frozen.freezes, frozen.covered) == (10, 0, FIRST + timedelta(days=1))
    broken = standing(person, FIRST + timedelta(days=3))
    assert (broken.run.length, broken.run.lost, broken.mend_until) == (0, 10, FIRST + timedelta(days=4))
    happen(passed(1), by=person, at=on(3))
    assert standing(person, FIRST + timedelta(days=3)).run.length == 1
    happen(finished(), by=person, at=on(3, 17))
    assert standing(person, FIRST + timedelta(days=3)).run.length == 11
    assert standing(person, FIRST + timedelta(days=4)).mend_until is None


def test_a_day_counts_once_whatever_is_done(db: Any, person: Person) -> None:
    happen(passed(1), passed(2), reviewed(1), by=person, at=on(0))
    happen(passed(3), by=person, at=on(0, 12))
    happen(finished(1), by=person, at=on(0, 13))
    happen(finished(2), by=person, at=on(0, 14))
    (row,) = rows_of(person)
    assert (row.counts, row.length, row.lessons, row.sets, row.saves) == (True, 1, 1, 1, 2)


def test_three_due_questions_make_a_day_active(db: Any, person: Person) -> None:
    happen(due(1), due(2, is_rapid=True), due(3, was_due=False), by=person, at=on(0))
    happen(due(4), by=person, at=on(0, 10))
    assert [(row.counts, row.due_reviews) for row in rows_of(person)] == [(False, 2)]
    assert not standing(person, FIRST).is_done_today
    happen(due(5), by=person, at=on(0, 11))
    assert standing(person, FIRST).is_done_today
    happen(due(6), by=person, at=on(0, 12))
    assert [(row.counts, row.due_reviews, row.saves) for row in rows_of(person)] == [(True, 3, 3)]


def test_extra_practice_alone_is_no_set(db: Any, person: Person) -> None:
    happen(finished(2), by=person, at=on(0))
    assert not rows_of(person)[0].counts


def test_a_weekend_is_written_down_and_counts_for_nothing(db: Any, person: Person) -> None:
    happen(passed(1), by=person, at=on(5))
    assert [(row.counts, row.length) for row in rows_of(person)] == [(False, 0)]
    assert goals(db) == []


def test_the_weekly_goal_is_announced_once(db: Any, person: Person) -> None:
    for number in range(5):
        happen(passed(number + 1), by=person, at=on(number))
    happen(passed(9), by=person, at=on(7))
    week = {"person_id": person.id, "week": "2026-03-02", "days": 3}
    assert goals(db) == [(person.id, date(2026, 3, 4), week)]


def test_a_part_time_week_has_a_smaller_goal(db: Any) -> None:
    person = factories.person(work_days="12")
    for number in (0, 1, 2):
        happen(passed(number + 1), by=person, at=on(number))
    assert [day for _, day, _ in goals(db)] == [date(2026, 3, 3)]


def test_a_holiday_makes_the_goal_smaller(db: Any, person: Person) -> None:
    with clock.at(MONDAY):
        for number in (2, 3, 4):
            time_off.add_holiday(FIRST + timedelta(days=number), "Good day", by=person)
    happen(passed(1), by=person, at=on(0))
    happen(passed(2), by=person, at=on(1))
    assert len(goals(db)) == 1


def test_an_absence_can_make_the_goal_met(db: Any, person: Person) -> None:
    happen(passed(1), by=person, at=on(0))
    happen(passed(2), by=person, at=on(1))
    assert goals(db) == []
    with clock.at(on(2)):
        time_off.record_absence(FIRST + timedelta(days=2), FIRST + timedelta(days=4), by=person)
        db.session.commit()
    assert [data["days"] for _, _, data in goals(db)] == [2]
    assert [entry.amount for entry in entries_of(person) if entry.rule == "L6"] == [10]
    assert rows_of(person)[-1].meets_goal
    happen(passed(3), by=person, at=on(4))
    assert len(goals(db)) == 1
    assert actions.verify() == []


def test_an_absence_told_of_later_mends_the_streak(db: Any, person: Person) -> None:
    happen(passed(1), by=person, at=on(0))
    happen(passed(2), by=person, at=on(10))
    assert [row.length for row in rows_of(person)] == [1, 1]
    with clock.at(on(10, 12)):
        time_off.record_absence(FIRST + timedelta(days=1), FIRST + timedelta(days=9), by=person)
        db.session.commit()
    assert [row.length for row in rows_of(person)] == [1, 2]
    assert actions.verify() == []


def test_a_forgotten_holiday_mends_everybodys_streak(db: Any) -> None:
    people = [factories.person() for _ in range(3)]
    for person in people[:2]:
        for number in (0, 1, 2, 3, 8, 9, 11):
            happen(passed(number + 1), by=person, at=on(number))
    before = [rows_of(person)[-1].before.get("freezes", 1) for person in people[:2]]
    with clock.at(on(12)):
        time_off.add_holiday(FIRST + timedelta(days=10), "Good day", by=people[2])
        db.session.commit()
    after = [rows_of(person)[-1].before.get("freezes", 1) for person in people[:2]]
    assert (before, after) == ([0, 0], [0, 0])
    assert [rows_of(person)[-1].length for person in people[:2]] == [7, 7]
    assert actions.verify() == []


def test_deeds_without_a_network_count_on_their_day(db: Any, person: Person) -> None:
    happen(passed(1), by=person, at=on(0))
    happen(passed(4), by=person, at=on(3))
    assert [row.length for row in rows_of(person)] == [1, 2]
    with clock.at(on(3, 10)):
        late(person, passed(2), day=FIRST + timedelta(days=1))
        late(person, passed(3), day=FIRST + timedelta(days=2))
        db.session.commit()
    assert [row.length for row in rows_of(person)] == [1, 2, 3, 4]
    assert [day for _, day, _ in goals(db)] == [FIRST + timedelta(days=3)]
    assert actions.verify() == []


@deed
def late(person: Person, event: Event, day: date) -> None:
    publish(event, by=person, day=day)


def test_somebody_who_was_quicker_is_noticed(db: Any, person: Person) -> None:
    happen(due(1), by=person, at=on(0))
    old = queries.known(person.id)
    happen(due(2), by=person, at=on(0, 10))
    actions.count(person.id, {FIRST: Deeds(due_reviews=1)}, old)
    assert [(row.due_reviews, row.counts, row.saves) for row in rows_of(person)] == [(3, True, 3)]
    actions.count(person.id, {FIRST + timedelta(days=1): Deeds(lessons=1)}, Known(old.calendar, None))
    assert [row.length for row in rows_of(person)] == [1, 1]


def test_people_are_apart(db: Any) -> None:
    first, second = factories.person(), factories.person(timezone="Asia/Tokyo", work_days="1234567")
    happen(passed(1), by=first, at=on(0, 20))
    happen(passed(1), by=second, at=on(0, 20))
    assert [row.day for row in rows_of(first)] == [FIRST]
    assert [row.day for row in rows_of(second)] == [FIRST + timedelta(days=1)]


def test_what_is_known_comes_with_the_facts(db: Any, person: Person, statements: Statements) -> None:
    time_off.record_absence(clock.today("UTC"), clock.today("UTC"), by=person)
    happen(passed(1), by=person, at=on(0))
    person_id = person.id
    statements.clear()
    happen(passed(2), by=person, at=on(1))
    first = list(statements)
    statements.clear()
    happen(passed(3), by=person, at=on(1, 12))
    assert len([s for s in first if "INSERT INTO active_days" in s]) == 1
    assert not [s for s in first if "FROM active_days" in s and "INSERT INTO facts" not in s]
    assert not [s for s in statements if "INSERT INTO active_days" in s]
    assert queries.known(person_id).latest == queries.days_from([person_id], date.min)[person_id][-1]


def test_days_are_told_again_and_compared(db: Any, person: Person) -> None:
    for number in range(3):
        happen(passed(number + 1), by=person, at=on(number))
    assert actions.verify() == []
    assert actions.mend(date.min) == 0
    broken = update(ActiveDay).where(ActiveDay.day == FIRST + timedelta(days=2)).values(before={}, meets_goal=False)
    db.session.execute(broken)
    assert len(actions.verify()) == 1
    assert actions.mend(date.min) == 1
    assert actions.verify() == []
    assert rows_of(person)[-1].length == 3


@pytest.mark.parametrize("length", [10, 50])
def test_the_badge_for_a_streak(db: Any, person: Person, length: int) -> None:
    day = MONDAY
    done = 0
    while done < length:
        if day.weekday() < 5:
            actions.count(person.id, {day.date(): Deeds(lessons=1)})
            done += 1
        day += timedelta(days=1)
    held = db.session.scalars(select(Award.tier).where(Award.person_id == person.id, Award.badge == "streak"))
    assert list(held) == list(range(1, 2 if length == 10 else 3))
