"""No clock takes a day away and none gives one twice: every time zone, each change of its clocks, each 29 February.

The law is told what happens at each hour around an edge, with the local date that the server writes down for it. So
these tests go through `clock.day_of`, as each deed does, and through the rules that count.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from peerlearn.accounts import actions as accounts
from peerlearn.accounts import current
from peerlearn.accounts import rules as people
from peerlearn.accounts.models import Person
from peerlearn.accounts.rules import Calendar, Span
from peerlearn.core import clock
from peerlearn.streaks import rules
from peerlearn.streaks.rules import Day, Deeds
from tests import factories
from tests.points.deeds import happen
from tests.points.records import passed
from tests.streaks.test_actions import rows_of

ZONES = sorted(available_timezones())
YEARS = range(2024, 2029)
LESSON = Deeds(lessons=1)
EVERY_DAY = Calendar("1234567")
HOUR = timedelta(hours=1)


Clock = tuple[tuple[datetime, timedelta, timedelta], ...]  # each change: when, and how far from UTC before and after


def offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    found = moment.astimezone(zone).utcoffset()
    assert found is not None
    return found


def clock_of(zone: ZoneInfo) -> Clock:
    """When a zone's clocks change in these years, found by halving the weeks in which they do."""
    start = datetime(YEARS[0], 1, 1, tzinfo=UTC)
    found = [(start, offset(zone, start), offset(zone, start))]
    weeks = [start + timedelta(days=7 * number) for number in range(53 * len(YEARS))]
    for before, after in pairwise(weeks):
        if offset(zone, before) != offset(zone, after):
            while after - before > timedelta(minutes=15):
                middle = before + (after - before) / 2
                before, after = (middle, after) if offset(zone, middle) == offset(zone, before) else (before, middle)
            found.append((after.replace(minute=0, second=0, microsecond=0), offset(zone, before), offset(zone, after)))
    return tuple(found)


def leap_days(zone: ZoneInfo) -> list[datetime]:
    """The end of each 29 February of these years."""
    return [datetime(year, 3, 1, tzinfo=zone).astimezone(UTC) for year in YEARS if year % 4 == 0]


def told(dates: Iterable[date]) -> list[Day]:
    """The days of somebody who passes a lesson on each of these dates, one deed after the other as the server does."""
    days: list[Day] = []
    for day in dates:
        fresh = rules.retold(rules.with_deeds(days[-1:], {day: LESSON}, EVERY_DAY), ())
        days = days[:-1] + fresh
    return days


@cache
def zones_by_clock() -> dict[Clock, list[str]]:
    """All zones; those whose clocks show the same all these years are alike."""
    found: dict[Clock, list[str]] = {}
    for name in ZONES:
        found.setdefault(clock_of(ZoneInfo(name)), []).append(name)
    return found


def test_at_each_change_of_clocks_and_leap_day_each_local_day_counts_once() -> None:
    assert sum(len(names) for names in zones_by_clock().values()) == len(ZONES) > 500
    for changes, (name, *_alike) in zones_by_clock().items():
        zone = ZoneInfo(name)
        for edge in [*(change[0] for change in changes), *leap_days(zone)]:
            dates = [clock.day_of(edge + number * HOUR, name) for number in range(-27, 28)]
            assert dates == sorted(dates), f"{name}: no date comes back at {edge}"
            days = told(dates)
            last = rules.after(days[-1])
            assert [day.day for day in days] == sorted(set(dates)), f"{name}: each local day is there once at {edge}"
            assert last.length == last.days == len(days), f"{name}: each counts once at {edge}"
            assert (days[-1].day - days[0].day).days == len(days) - 1, f"{name}: no date is left out at {edge}"
            assert last.froze_on is None, f"{name}: nothing broke at {edge}"


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_the_edges_are_found(name: str) -> None:
    assert len(clock_of(ZoneInfo(name))) > 2 * len(YEARS)


def test_one_deed_a_day_at_any_hour_is_enough_all_through_a_leap_year() -> None:
    for name in ("Europe/Berlin", "America/Santiago", "Pacific/Chatham", "Asia/Gaza", "Atlantic/Azores"):
        for minutes in (1, 719, 1439):
            zone = ZoneInfo(name)
            days = (date(2028, 1, 1) + timedelta(days=number) for number in range(366))
            walls = (datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minutes) for day in days)
            found = told(clock.day_of(wall.astimezone(UTC), name) for wall in walls)
            assert (len(found), rules.after(found[-1]).freezes) == (366, 2)


Travel = tuple[int, str]  # after how many days to which zone


class Traveller:
    """Somebody who changes zones as the settings do it: from the next local day, once it has come in both."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.next: str | None = None
        self.begins = date.min
        self.cut: tuple[Span, ...] = ()

    def choose(self, zone: str, now: datetime) -> None:
        self.begins = clock.day_of(now, self.zone) + timedelta(days=1)
        self.next = zone
        if people.is_cut_short(self.begins, ZoneInfo(self.zone), ZoneInfo(zone)):
            self.cut += ((self.begins, self.begins),)

    def day(self, now: datetime) -> date:
        today = clock.day_of(now, self.zone)
        if self.next and people.zone_is_due(self.begins, today, clock.day_of(now, self.next)):
            self.zone, self.next = self.next, None
            today = clock.day_of(now, self.zone)
        return today


@settings(max_examples=100, deadline=None)
@example(datetime(2024, 2, 28, 13), "Pacific/Pago_Pago", [(20, "Pacific/Kiritimati"), (20, "Pacific/Pago_Pago")])
@example(datetime(2028, 2, 28, 13), "Pacific/Honolulu", [(9, "Pacific/Auckland"), (9, "Pacific/Honolulu")] * 2)
@given(
    start=st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 1)),
    home=st.sampled_from(ZONES),
    journeys=st.lists(st.tuples(st.integers(3, 40), st.sampled_from(ZONES)), min_size=1, max_size=4),
)
def test_whoever_learns_every_few_hours_loses_nothing_by_travelling(
    start: datetime, home: str, journeys: list[Travel]
) -> None:
    traveller, now = Traveller(home), start.replace(tzinfo=UTC)
    days: list[Day] = []
    dates: list[date] = []
    for steps, zone in journeys:
        traveller.choose(zone, now)
        while steps > 0 or traveller.next:
            dates.append(traveller.day(now))
            calendar = Calendar("1234567", traveller.cut)
            late = [day for day in days if day.day >= dates[-1]]
            known = days[len(days) - len(late) - 1 :] if len(late) < len(days) else days
            days = days[: len(days) - len(known)] + rules.retold(
                rules.with_deeds(known, {dates[-1]: LESSON}, calendar), traveller.cut
            )
            now, steps = now + 4 * HOUR, steps - 1
    last = rules.after(days[-1])
    assert len({day.day for day in days}) == len(days) == len(set(dates))
    assert last.froze_on is None
    assert last.broke_on is None
    assert last.days == sum(day.counts for day in days)
    whole_days = (now - start.replace(tzinfo=UTC)) / timedelta(days=1)
    assert len(days) <= whole_days + 3, "the hands of a clock give at most the hours between two zones"


@settings(max_examples=200, deadline=None)
@given(
    marks=st.text("AD-N", min_size=1, max_size=60),
    seed=st.randoms(use_true_random=False),
)
def test_days_told_in_any_order_say_the_same(marks: str, seed: Any) -> None:
    first = date(2026, 3, 2)
    off = tuple((first + timedelta(days=n), first + timedelta(days=n)) for n, mark in enumerate(marks) if mark == "N")
    calendar = Calendar("12345", off)
    done = {
        first + timedelta(days=n): Deeds(sets=1, lessons=1) if mark == "D" else LESSON
        for n, mark in enumerate(marks)
        if mark in "AD"
    }
    whole = rules.retold(rules.with_deeds([], done, calendar), off)
    order = list(done)
    seed.shuffle(order)
    days: list[Day] = []
    for day in order:
        days = rules.retold(rules.with_deeds(days, {day: done[day]}, calendar), off)
    assert [(day.day, day.before.length, day.before.freezes) for day in days] == [
        (day.day, day.before.length, day.before.freezes) for day in whole
    ]
    for day in whole:
        run = rules.after(day)
        assert 0 <= run.length <= run.days
        assert 0 <= run.freezes <= 2
        assert run.best >= run.length


@pytest.mark.parametrize("hours", [1, 7, 13, 20])
def test_a_flight_around_the_world_with_real_deeds(db: Any, hours: int) -> None:
    zones = ["Pacific/Pago_Pago", "Pacific/Kiritimati", "Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo"]
    person = factories.person(timezone=zones[-1], work_days="1234567")
    now = datetime(2026, 3, 28, hours, tzinfo=UTC)
    number = 0
    for zone in zones:
        with clock.at(now):
            change_zone(person, zone)
        for _ in range(8):
            with clock.at(now):
                current._turn_zone(person)
            number += 1
            happen(passed(number), by=person, at=now)
            now += timedelta(hours=7)
    rows = rows_of(person)
    counted = [row for row in rows if row.counts]
    assert [row.length for row in counted] == list(range(1, len(counted) + 1))
    assert len(counted) >= len(rows) - 2
    assert all("froze_on" not in row.before for row in rows), "a day that a flight swallows needs no freeze"


def change_zone(person: Person, zone: str) -> None:
    form = {"name": person.name, "work_days": list("1234567"), "language": "en", "board_mode": "hidden", "alias": ""}
    accounts.change_settings(**form, timezone=zone, version=person.version, by=person)
    db_commit()


def db_commit() -> None:
    factories.db.session.commit()
