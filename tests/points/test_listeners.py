"""The engine on a real database: pays once, in the same transaction, in few statements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from peerlearn.accounts.models import Holiday, Person
from peerlearn.points import actions
from peerlearn.points.models import LedgerEntry, PointSum
from tests import factories
from tests.points.deeds import entries_of, happen, held_of, sums_of
from tests.points.records import MONDAY, approved, declined, passed, pretest, reviewed, upheld


def test_a_pass_enters_the_ledger_and_the_sums(person: Person) -> None:
    happen(passed(7), by=person)
    (entry,) = entries_of(person)
    assert (entry.amount, entry.rule, entry.entry_no, entry.at, entry.day) == (10, "L1", 1, MONDAY, date(2026, 3, 2))
    assert entry.fact_id is not None
    week = (10, 0, 10, 0, 1)
    assert sums_of(person) == {"all": week, "w:2026-03-02": week, "s:2026-01-05": week}


def test_the_same_deed_twice_pays_once(person: Person) -> None:
    happen(passed(7), by=person)
    happen(passed(7), by=person, at=MONDAY + timedelta(days=1))
    happen(passed(7), passed(7), by=person, at=MONDAY + timedelta(days=2))
    assert [entry.amount for entry in entries_of(person) if entry.rule == "L1"] == [10]
    assert sums_of(person)["w:2026-03-02"] == (20, 0, 20, 0, 3)  # a pass that comes again makes its day active


def test_an_entry_of_nothing_changes_no_points(person: Person) -> None:
    happen(pretest(1, is_rapid=True), by=person)
    assert [entry.amount for entry in entries_of(person)] == [0]
    assert sums_of(person) == {}


def test_caps_hold_over_several_deeds(person: Person) -> None:
    for number in range(1, 6):
        happen(passed(number), by=person, at=MONDAY + timedelta(minutes=number))
    assert [entry.amount for entry in entries_of(person)] == [10, 10, 10, 0, 0]
    assert sums_of(person)["all"] == (30, 0, 30, 0, 1)


def test_a_weekend_counts_for_the_person_but_not_for_boards(person: Person) -> None:
    happen(passed(1), by=person, at=MONDAY + timedelta(days=6))
    assert sums_of(person)["w:2026-03-02"] == (10, 0, 0, 0, 0)


def test_weeks_end_in_the_organisations_zone_and_days_in_the_persons(db: Any) -> None:
    traveller = factories.person(timezone="America/Los_Angeles")
    happen(passed(1), by=traveller, at=MONDAY - timedelta(hours=9, minutes=30))  # Monday 00:30 in Berlin, Sunday there
    (entry,) = entries_of(traveller)
    assert entry.day == date(2026, 3, 1)
    assert not entry.is_workday
    assert sums_of(traveller)["w:2026-03-02"] == (10, 0, 0, 0, 0)


def test_who_did_not_act_has_their_own_day(db: Any) -> None:
    curator, author = factories.person(timezone="Europe/Berlin"), factories.person(timezone="Pacific/Auckland")
    happen(approved(1, ((author.id, 1.0),)), by=curator, at=MONDAY.replace(hour=12))
    assert entries_of(author)[0].day == date(2026, 3, 3)


def test_authors_and_curator_are_paid_by_one_deed(db: Any, statements: list[str]) -> None:
    curator, first, second = (factories.person() for _ in range(3))
    statements.clear()
    happen(approved(1, ((first.id, 0.7), (second.id, 0.3))), reviewed(1), by=curator)
    asked = list(statements)
    assert [entry.amount for p in (first, second, curator) for entry in entries_of(p)] == [14, 6, 6]
    assert len([s for s in asked if s.startswith("SELECT people.id AS owner_id")]) == 1
    assert len([s for s in asked if s.startswith("INSERT INTO ledger")]) == 1
    assert len([s for s in asked if s.startswith("INSERT INTO point_sums")]) == 1


def test_three_declined_reports_pause_the_pay_for_reports(db: Any) -> None:
    curator, reader = factories.person(), factories.person()
    for number in range(3):
        happen(declined(number, reader.id), by=curator, at=MONDAY + timedelta(days=10 * number))
    happen(upheld(10, reader.id), by=curator, at=MONDAY + timedelta(days=49))
    happen(upheld(11, reader.id), by=curator, at=MONDAY + timedelta(days=50))
    assert [entry.amount for entry in entries_of(reader)] == [0, 0, 0, 0, 3]


def test_a_burst_is_held_and_stays_out_of_the_ledger(person: Person) -> None:
    for number in range(23):
        happen(pretest(number), by=person, at=MONDAY + timedelta(seconds=number))
    assert len(entries_of(person)) == 20
    assert [held.amount for held in held_of(person)] == [2, 2, 2]
    assert sums_of(person)["all"][0] == 40


def test_a_weekly_goal_pays_once_a_week(db: Any, person: Person) -> None:
    for day in range(5):
        happen(passed(day + 1), by=person, at=MONDAY + timedelta(days=day))
    happen(passed(9), by=person, at=MONDAY + timedelta(days=7))
    met = [entry for entry in entries_of(person) if entry.rule == "L6"]
    assert [(entry.amount, entry.source, entry.day) for entry in met] == [(10, "week:2026-03-02", date(2026, 3, 4))]
    assert sums_of(person)["w:2026-03-02"] == (60, 0, 60, 0, 5)
    goals = select(PointSum.period, PointSum.goals).where(PointSum.person_id == person.id, PointSum.goals > 0)
    assert {tuple(row) for row in db.session.execute(goals)} == {("all", 1), ("w:2026-03-02", 1), ("s:2026-01-05", 1)}
    assert actions.verify() == []


def test_a_holiday_is_no_workday_for_anybody(db: Any, person: Person) -> None:
    db.session.add(Holiday(day=date(2026, 3, 2), name="Good day"))
    db.session.commit()
    happen(passed(1), by=person)
    assert not entries_of(person)[0].is_workday
    assert sums_of(person)["all"] == (10, 0, 0, 0, 0)


@pytest.mark.security
@pytest.mark.parametrize("table", ["ledger", "facts"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET day = day", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_books(db: Any, person: Person, table: str, verb: str) -> None:
    happen(passed(1), by=person)
    with pytest.raises(DBAPIError, match="only added to"), db.session.begin_nested():
        db.session.execute(text(verb.format(table)))
    assert len(entries_of(person)) == 1


def test_sums_and_replay_agree_after_a_busy_month(db: Any) -> None:
    curator, *people = (factories.person(timezone=zone) for zone in ("Europe/Berlin", "Asia/Tokyo", "UTC"))
    for day in range(30):
        for number, person in enumerate(people):
            for lesson in range(5 if day % 7 == number else 1):
                source = 100 * day + 10 * number + lesson
                moment = MONDAY + timedelta(days=day, hours=number, minutes=lesson)
                happen(pretest(source), passed(source, any_rapid=lesson == 1), by=person, at=moment)
        happen(approved(day + 1, ((people[0].id, 0.6), (people[1].id, 0.4))), reviewed(day), by=curator, at=moment)
        happen(upheld(day, people[0].id) if day % 4 else declined(day, people[0].id), by=curator, at=moment)
    assert db.session.query(LedgerEntry).count() > 200
    assert actions.verify() == []
