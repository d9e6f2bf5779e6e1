"""What active days bring. The table of days is the record of them, so only goals are kept as facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from peerlearn.core.events import Event


@dataclass(frozen=True)
class DayCounted(Event):
    """A day became active."""

    kept: ClassVar[bool] = False
    person_id: int
    day: date


@dataclass(frozen=True)
class StreakGrown(Event):
    """A streak reached another ten workdays."""

    kept: ClassVar[bool] = False
    person_id: int
    length: int


@dataclass(frozen=True)
class GoalsGrown(Event):
    """A person met another four weekly goals."""

    kept: ClassVar[bool] = False
    person_id: int
    goals: int


@dataclass(frozen=True)
class WeeklyGoalMet(Event):
    """A person was active on enough workdays of a week (its Monday)."""

    personal: ClassVar[bool] = True
    person_id: int
    week: str
    days: int

    @classmethod
    def of(cls, person_id: int, monday: date, days: int) -> WeeklyGoalMet:
        """The event with its week written as an ISO date."""
        return cls(person_id, monday.isoformat(), days)
