"""When something that recurs is due: rhythms, and the stretch of time that each has begun last.

A rhythm divides time into slots, each with a name of its own. What is due once in each slot is due once under the name
of the slot, however many look at the clock. A day is the organisation's: its slots begin at a local time, once a date,
also where clocks are put forward or back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from peerlearn.core.words import N_

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Slot:
    """A stretch of time: its name within its rhythm, and when it begins and the next one does, in UTC."""

    name: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Rhythm:
    """How often something is due. `title`: said to administrators, with `values`."""

    title: str
    slot: Callable[[datetime, tzinfo], Slot]
    values: Mapping[str, str]


def every(minutes: int) -> Rhythm:
    """Every so many minutes of UTC; they divide a day."""
    title = N_("Every hour") if minutes == 60 else N_("Every %(minutes)s minutes")
    length = minutes * MINUTE

    def slot(moment: datetime, _zone: tzinfo) -> Slot:
        moment = moment.astimezone(UTC)
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        begins = midnight + (moment - midnight) // length * length
        return Slot(f"{begins:%Y-%m-%dT%H:%M}", begins, begins + length)

    return Rhythm(title, slot, {"minutes": str(minutes)})


def daily(hour: int, minute: int = 0) -> Rhythm:
    """Once a date, from this local time on."""

    def slot(moment: datetime, zone: tzinfo) -> Slot:
        day = moment.astimezone(zone).date()
        if moment < _at(day, hour, minute, zone):
            day -= timedelta(days=1)
        return Slot(day.isoformat(), _at(day, hour, minute, zone), _at(day + timedelta(days=1), hour, minute, zone))

    return Rhythm(N_("Every day at %(time)s"), slot, {"time": f"{hour:02}:{minute:02}"})


def monthly(hour: int, minute: int = 0) -> Rhythm:
    """Once a month, from this local time of its first day on."""

    def slot(moment: datetime, zone: tzinfo) -> Slot:
        first = moment.astimezone(zone).date().replace(day=1)
        if moment < _at(first, hour, minute, zone):
            first = (first - timedelta(days=1)).replace(day=1)
        then = (first + timedelta(days=31)).replace(day=1)
        return Slot(f"{first:%Y-%m}", _at(first, hour, minute, zone), _at(then, hour, minute, zone))

    return Rhythm(N_("On the first day of each month at %(time)s"), slot, {"time": f"{hour:02}:{minute:02}"})


def _at(day: date, hour: int, minute: int, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
