"""Days off: what a working day is, absences that only their person sees, holidays for everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from peerlearn.accounts import access, actions, queries, rules, time_off
from peerlearn.accounts.models import Absence, Holiday, Person
from peerlearn.accounts.rules import Calendar
from peerlearn.core import clock
from peerlearn.core.errors import NotAllowed, NotFound, NotValid
from peerlearn.core.facts import Fact
from tests import factories
from tests.conftest import Statements
from tests.page import Client

ClientFor = Callable[[Person], Client]
MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=number) for number in range(1, 5))


@pytest.fixture
def admin(db: Any) -> Person:
    return factories.person(roles=(("admin", 0),))


@pytest.mark.parametrize(
    ("day", "pattern", "days_off", "works"),
    [
        (MONDAY, "12345", (), True),
        (MONDAY, "2345", (), False),
        (MONDAY - timedelta(days=1), "12345", (), False),
        (MONDAY - timedelta(days=1), "7", (), True),
        (MONDAY, "12345", ((MONDAY, MONDAY),), False),
        (TUESDAY, "12345", ((MONDAY, WEDNESDAY),), False),
        (THURSDAY, "12345", ((MONDAY, WEDNESDAY),), True),
    ],
)
def test_a_workday(day: date, pattern: str, days_off: tuple[rules.Span, ...], works: bool) -> None:
    assert rules.is_workday(day, pattern, days_off) is works
    assert Calendar(pattern, days_off).is_workday(day) is works


def test_a_calendar() -> None:
    calendar = Calendar.read("12345", "2026-03-03/2026-03-03  2026-03-05/2026-03-06")
    assert calendar.workdays(MONDAY, MONDAY + timedelta(days=7)) == [MONDAY, WEDNESDAY, MONDAY + timedelta(days=7)]
    assert calendar.next_workday(MONDAY) == MONDAY
    assert calendar.next_workday(THURSDAY) == MONDAY + timedelta(days=7)
    assert Calendar.read("1", " ") == Calendar("1")
    always_off = Calendar("12345", ((MONDAY, date(2099, 1, 1)),))
    assert always_off.next_workday(MONDAY) == MONDAY


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (0, 0, None),
        (-31, -20, None),
        (0, 365, None),
        (730, 740, None),
        (1, 0, "before the first"),
        (-32, 0, "too long ago"),
        (731, 740, "too far ahead"),
        (0, 366, "at most one year"),
    ],
)
def test_which_absences_can_be_told_of(first: int, last: int, words: str | None) -> None:
    days = (MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))
    problem = rules.absence_problem(*days, today=MONDAY)
    assert problem is None if words is None else words in (problem or "")


@pytest.mark.parametrize(
    ("old", "new", "cut"),
    [
        ("Europe/Berlin", "America/New_York", False),  # to the west the day gets longer
        ("America/New_York", "Europe/Berlin", False),
        ("America/Los_Angeles", "Asia/Tokyo", True),  # seven hours of the day are left
        ("Pacific/Honolulu", "Pacific/Auckland", True),
        ("Pacific/Pago_Pago", "Pacific/Kiritimati", True),  # nothing of it comes at all
        ("Pacific/Kiritimati", "Pacific/Pago_Pago", False),
    ],
)
def test_a_change_of_zones_can_cut_a_day_short(old: str, new: str, cut: bool) -> None:
    assert rules.is_cut_short(MONDAY, ZoneInfo(old), ZoneInfo(new)) is cut


def test_absences_and_holidays_make_the_calendar(db: Any, admin: Person, statements: Statements) -> None:
    away, other = factories.person(work_days="1234"), factories.person()
    with clock.at(NOON):
        time_off.record_absence(TUESDAY, WEDNESDAY, by=away)
        time_off.record_absence(date(2026, 1, 30), date(2026, 2, 6), by=away)
        time_off.add_holiday(FRIDAY, "Founders' day", by=admin)
        db.session.commit()
    ids = away.id, other.id
    statements.clear()
    found = queries.calendars_of(ids, MONDAY)
    assert len(statements) == 1
    assert found[ids[0]] == Calendar("1234", ((FRIDAY, FRIDAY), (TUESDAY, WEDNESDAY)))
    assert found[ids[1]] == Calendar("12345", ((FRIDAY, FRIDAY),))
    narrow = queries.calendars_of(ids, WEDNESDAY, THURSDAY)
    assert narrow[ids[0]].days_off == ((TUESDAY, WEDNESDAY),)
    assert narrow[ids[1]].days_off == ()
    assert db.session.scalar(select(Fact.data).where(Fact.type == "HolidayAdded")) == {"day": "2026-03-06"}


def test_days_are_told_of_once(db: Any, person: Person, admin: Person) -> None:
    with clock.at(NOON):
        time_off.record_absence(TUESDAY, THURSDAY, by=person)
        for first, last in ((MONDAY, TUESDAY), (THURSDAY, FRIDAY), (WEDNESDAY, WEDNESDAY), (MONDAY, FRIDAY)):
            with pytest.raises(NotValid):
                time_off.record_absence(first, last, by=person)
        time_off.record_absence(FRIDAY, FRIDAY, by=person)
        time_off.record_absence(TUESDAY, THURSDAY, by=admin)
        time_off.add_holiday(FRIDAY, "Good day", by=admin)
        for day, name in ((FRIDAY, "Again"), (MONDAY, "x"), (MONDAY - timedelta(days=60), "Long ago")):
            with pytest.raises(NotValid):
                time_off.add_holiday(day, name, by=admin)
    assert db.session.scalar(select(func.count()).select_from(Holiday)) == 1


def test_coming_back_early(db: Any, person: Person) -> None:
    with clock.at(NOON):
        absence = time_off.record_absence(MONDAY, FRIDAY, by=person)
        later = time_off.record_absence(FRIDAY + timedelta(days=9), FRIDAY + timedelta(days=9), by=person)
    with clock.at(NOON + timedelta(days=2)):
        time_off.end_absence(absence, by=person)
        time_off.end_absence(later, by=person)
        db.session.commit()
        with pytest.raises(NotAllowed):
            time_off.end_absence(absence, by=person)
    assert [(row.first_day, row.last_day) for row in db.session.scalars(select(Absence))] == [(MONDAY, TUESDAY)]


def test_a_holiday_that_has_come_stays_one(db: Any, admin: Person) -> None:
    with clock.at(NOON):
        time_off.add_holiday(TUESDAY, "Good day", by=admin)
    holiday = db.session.scalars(select(Holiday)).one()
    with clock.at(NOON + timedelta(days=2)), pytest.raises(NotAllowed):
        time_off.remove_holiday(holiday, by=admin)
    with clock.at(NOON + timedelta(days=1)):
        time_off.remove_holiday(holiday, by=admin)
    assert db.session.scalar(select(func.count()).select_from(Holiday)) == 0


@pytest.mark.security
def test_absences_are_their_persons_only(db: Any, client_for: ClientFor, person: Person, admin: Person) -> None:
    today = clock.today(person.timezone)
    absence = time_off.record_absence(today, today, by=person)
    db.session.commit()
    with pytest.raises(NotFound):
        access.absence_to_end(absence.id, by=admin)
    url = f"/me/time-off/{absence.id}/end"
    client_for(admin).post(url, status=404, token_from="/me/settings")
    assert "Absence" not in client_for(admin).get("/audit").text
    client_for(person).post(url, to="/me/time-off", token_from="/me/settings")


def change_zone(person: Person, zone: str) -> None:
    settings = {"name": person.name, "work_days": list("12345"), "language": "en", "board_mode": "hidden", "alias": ""}
    actions.change_settings(**settings, timezone=zone, version=person.version, by=person)


def test_a_day_that_a_flight_swallows_is_nobodys_workday(db: Any) -> None:
    traveller = factories.person(timezone="Pacific/Pago_Pago")
    with clock.at(NOON):  # still Monday there
        change_zone(traveller, "Pacific/Kiritimati")
        assert not queries.calendars_of([traveller.id], MONDAY)[traveller.id].is_workday(TUESDAY)
        assert queries.absences_of(traveller, MONDAY) == []
        change_zone(traveller, "Pacific/Honolulu")
        assert queries.calendars_of([traveller.id], MONDAY)[traveller.id].is_workday(TUESDAY)
        change_zone(traveller, "Pacific/Kiritimati")
        change_zone(traveller, "Pacific/Pago_Pago")
    assert db.session.scalar(select(func.count()).select_from(Absence)) == 0


def test_the_page_about_time_off(db: Any, client_for: ClientFor, person: Person, admin: Person) -> None:
    today = clock.today(person.timezone)
    first, last = today.isoformat(), (today + timedelta(days=3)).isoformat()
    client = client_for(person)
    client.get("/me/time-off")
    wrong = client.post("/me/time-off", {"first_day": "soon", "last_day": last}, status=422, token_from="/me/settings")
    assert "year-month-day" in wrong.text
    client.post("/me/time-off", {"first_day": last, "last_day": first}, status=422, token_from="/me/settings")
    client.post("/me/time-off", {}, status=422, token_from="/me/settings")
    client.post("/me/time-off", {"first_day": first, "last_day": last}, to="/me/time-off", token_from="/me/settings")
    assert "I am back" in client.get("/me/time-off").text
    absence_id = db.session.scalar(select(Absence.id))
    client.post(f"/me/time-off/{absence_id}/end", to="/me/time-off", token_from="/me/settings")
    assert "Your absences" not in client.get("/me/time-off").text
    boss = client_for(admin)
    assert "No holidays yet" in boss.get("/people/holidays").text
    day = {"day": last, "name": "Midsummer"}
    boss.post("/people/holidays", day, to="/people/holidays", token_from="/me/settings")
    boss.post("/people/holidays", day, status=422, token_from="/me/settings")
    assert "Midsummer" in client.get("/me/time-off").text
    holiday_id = db.session.scalar(select(Holiday.id))
    boss.post(f"/people/holidays/{holiday_id}/remove", to="/people/holidays", token_from="/me/settings")
    assert "Midsummer" not in boss.get("/people/holidays").text
