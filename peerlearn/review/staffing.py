"""How many curators the work needs, and how busy those there are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

USABLE = Fraction(7, 10)  # of the time set aside; the rest goes into everything around it
BUSY = 85  # percent; above it waiting grows quickly


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of staffing."""

    reviews: int = 1  # of each submission
    minutes: int = 12  # for one review
    hours_a_week: float = 1.5  # that a curator has for it
    weeks: int = 4  # over which submissions are counted


POLICY = Policy()


def needed(submissions_a_week: float, policy: Policy = POLICY) -> int:
    """How many curators so many submissions need."""
    return ceil(_hours(submissions_a_week, policy) / _capacity(policy))


def utilisation(submissions_a_week: float, curators: int, policy: Policy = POLICY) -> int | None:
    """How much of their time so many curators need for it, in percent; None without any."""
    return round(100 * _hours(submissions_a_week, policy) / (_capacity(policy) * curators)) if curators else None


def _hours(submissions_a_week: float, policy: Policy) -> Fraction:
    return Fraction(submissions_a_week) * policy.reviews * policy.minutes / 60


def _capacity(policy: Policy) -> Fraction:
    return Fraction(policy.hours_a_week) * USABLE
