"""When something that recurs is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerlearn.core.schedule import Rhythm, daily, every, monthly

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
RHYTHMS = st.sampled_from([every(5), every(60), daily(2), daily(2, 30), daily(7), daily(0), monthly(3, 30), monthly(0)])


@pytest.mark.parametrize(
    ("rhythm", "moment", "name", "ends"),
    [
        (every(5), "2026-03-02T10:04:59", "2026-03-02T10:00", "2026-03-02T10:05"),
        (every(60), "2026-03-02T10:59:59", "2026-03-02T10:00", "2026-03-02T11:00"),
        (daily(2), "2026-03-02T00:59:59", "2026-03-01", "2026-03-02T01:00"),
        (daily(2), "2026-03-02T01:00:00", "2026-03-02", "2026-03-03T01:00"),
        (daily(2, 30), "2026-03-29T01:00:00", "2026-03-28", "2026-03-29T01:30"),
        (daily(2, 30), "2026-03-29T01:30:00", "2026-03-29", "2026-03-30T00:30"),
        (daily(2, 30), "2026-10-25T00:30:00", "2026-10-25", "2026-10-26T01:30"),
        (daily(2, 30), "2026-10-25T01:30:00", "2026-10-25", "2026-10-26T01:30"),
        (monthly(3, 30), "2026-03-01T02:29:59", "2026-02", "2026-03-01T02:30"),
        (monthly(3, 30), "2026-12-31T23:00:00", "2026-12", "2027-01-01T02:30"),
        (monthly(3, 30), "2024-02-29T12:00:00", "2024-02", "2024-03-01T02:30"),
    ],
)
def test_slots(rhythm: Rhythm, moment: str, name: str, ends: str) -> None:
    slot = rhythm.slot(datetime.fromisoformat(moment).replace(tzinfo=UTC), BERLIN)
    assert (slot.name, f"{slot.ends:%Y-%m-%dT%H:%M}") == (name, ends)


@given(rhythm=RHYTHMS, moment=MOMENTS, zone=ZONES)
def test_a_slot_holds_its_moment_and_the_next_one_begins_where_it_ends(
    rhythm: Rhythm, moment: datetime, zone: ZoneInfo
) -> None:
    slot = rhythm.slot(moment, zone)
    assert slot.begins <= moment < slot.ends
    following = rhythm.slot(slot.ends, zone)
    assert following.begins == slot.ends
    assert following.name > slot.name
    assert rhythm.slot(slot.begins, zone) == slot
    assert rhythm.slot(slot.ends - timedelta(seconds=1), zone) == slot


@given(zone=ZONES, year=st.integers(2024, 2028))
def test_every_date_of_a_year_is_a_slot_once(zone: ZoneInfo, year: int) -> None:
    rhythm, moment, days = daily(2, 30), datetime(year, 1, 2, 12, tzinfo=UTC), []
    while moment.year == year:
        slot = rhythm.slot(moment, zone)
        days.append(date.fromisoformat(slot.name))
        moment = slot.ends
    assert {after - before for before, after in pairwise(days)} == {timedelta(days=1)}
