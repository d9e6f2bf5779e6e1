"""How large a simulated company is, who is in it, and which figures it is held to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

FIRST = date(2026, 1, 5)  # a Monday
HONEST = "honest"
TEAM_SIZES = (4, 6, 8, 12, 20, 40, 80)


@dataclass(frozen=True)
class Plan:
    """A company by numbers. The same plan goes the same way."""

    honest: int = 500
    days: int = 90
    chance: int = 1
    rings: tuple[int, ...] = (2, 3, 4, 5, 6, 2, 3, 4, 5, 6)  # people in each ring of traders
    farmers: int = 10
    guessers: int = 10
    pairs: int = 5  # an author and a curator who serve each other
    spammers: int = 10
    tricksters: int = 10
    lessons: int = 1000  # at most so many of those that ship

    @property
    def workdays(self) -> list[date]:
        """Its workdays."""
        days = (FIRST + timedelta(days=n) for n in range(self.days))
        return [day for day in days if day.weekday() < 5]

    @property
    def last(self) -> date:
        """The day on which everything is added up: authors are paid for the last month too."""
        end = FIRST + timedelta(days=self.days)
        return (end.replace(day=1) + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True)
class Targets:
    """What fair means here (issue and SAFETY A4)."""

    correlation: float = 0.8  # of points with knowledge, and with what others hold
    gain: float = 0.05  # of the honest median, for those who play tricks
    neutral: float = 0.95  # of those who play tricks
    held: float = 0.005  # of the honest
    first: float = 1.6  # the best team size's chance of first place beside the worst


TARGETS = Targets()
