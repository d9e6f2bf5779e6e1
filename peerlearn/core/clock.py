"""The time, in one place, so that tests and demo data can turn the hands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app

_hands: ContextVar[datetime | None] = ContextVar("hands", default=None)


def now() -> datetime:
    """This moment, aware, in UTC (exactly `datetime.timezone.utc`, as the memory model wants it)."""
    return _hands.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the hands still at `moment` (aware) for the code inside."""
    token = _hands.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _hands.reset(token)


def zone(name: str) -> ZoneInfo:
    """The IANA zone of this name; UTC when the machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def day_of(moment: datetime, zone_name: str) -> date:
    """The local date on which `moment` falls in that zone."""
    return moment.astimezone(zone(zone_name)).date()


def today(zone_name: str) -> date:
    """The local date of this moment in that zone."""
    return day_of(now(), zone_name)


def organisation_zone() -> str:
    """The zone of the days that are nobody's own: the weeks of boards, promised times, when a lesson is checked."""
    return str(current_app.config["SETTINGS"].timezone)


def start_of_day(day: date, zone_name: str) -> datetime:
    """The first moment of a local date, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone(zone_name)).astimezone(UTC)


def monday_of(day: date) -> date:
    """The Monday that begins the week of `day`."""
    return day - timedelta(days=day.weekday())
