"""When a published lesson has to be read again, and how long it has waited for that. All of it follows from dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from peerlearn.core.words import N_
from peerlearn.lessons import rules
from peerlearn.lessons.machine import Place


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of freshness, in days past the day on which a check is due."""

    due_from: int = -14
    stale_from: int = 1
    unverified_from: int = 31
    abandoned_from: int = 91
    critical_days: int = 90  # between two checks at most, where it must be remembered surely
    concept_days: int = 365  # where a lesson teaches how to think, not how something is done
    half_life: int = 45  # after so many days the lesson counts half as much in rankings
    least: float = 0.2


POLICY = Policy()
CRITICAL = "critical"  # the importance of a topic that must be remembered surely
TITLES = {
    Place.PUBLISHED: N_("Checked"),
    Place.DUE: N_("Check due soon"),
    Place.STALE: N_("Check is late"),
    Place.UNVERIFIED: N_("Not checked for long"),
}


def days_between(review_every: int, *, is_critical: bool, policy: Policy = POLICY) -> int:
    """The days between two checks: as many as the text says, and fewer where a mistake does harm (ENGINE E13).

    `is_critical`: whether any topic that the lesson teaches must be remembered surely.
    """
    return min(review_every, policy.critical_days) if is_critical else review_every


def usual_days(kind: str, *, is_critical: bool, policy: Policy = POLICY) -> int:
    """The days between two checks that a new lesson begins with, by what it can do wrong (ENGINE E13).

    What keeps people and contracts safe changes soonest, tools and procedures each half-year, how to think seldom.
    """
    days = policy.concept_days if kind in rules.CONCEPTS else rules.REVIEW_EVERY
    return days_between(days, is_critical=is_critical, policy=policy)


def due_on(verified_on: date, days: int) -> date:
    """The day by which somebody should have read the lesson again."""
    return verified_on + timedelta(days=days)


def freshness(check_on: date, today: date, policy: Policy = POLICY) -> Place:
    """Whether a published lesson is checked, due soon, stale or unverified today (ENGINE E13)."""
    past = (today - check_on).days
    if past < policy.due_from:
        return Place.PUBLISHED
    if past < policy.stale_from:
        return Place.DUE
    return Place.STALE if past < policy.unverified_from else Place.UNVERIFIED


def weight(check_on: date, today: date, policy: Policy = POLICY) -> float:
    """How much a lesson counts in rankings: 1 until its check is due, then less and less (F of ENGINE E13)."""
    past = (today - check_on).days
    return 1.0 if past <= 0 else max(policy.least, 2 ** (-past / policy.half_life))


def unverified_before(today: date, policy: Policy = POLICY) -> date:
    """A lesson whose check was due before this day is unverified: it is not recommended any more."""
    return today - timedelta(days=policy.unverified_from - 1)


def abandoned_before(today: date, policy: Policy = POLICY) -> date:
    """A lesson whose check was due before this day is archived, or somebody else is asked."""
    return today - timedelta(days=policy.abandoned_from - 1)


def is_in_time(check_on: date, today: date, policy: Policy = POLICY) -> bool:
    """Whether a check comes when it is due soon and not late."""
    return freshness(check_on, today, policy) is Place.DUE


LEAST_CHECKED = 2 ** (-(POLICY.unverified_from - 1) / POLICY.half_life)
"""What a lesson counts on the last day before it is unverified."""
