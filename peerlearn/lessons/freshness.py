"""When a published lesson has to be read again, and how long it has waited for that. All of it follows from dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from peerlearn.core.words import N_
from peerlearn.lessons.machine import Place


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of freshness, in days past the day on which a check is due."""

    due_from: int = -14
    stale_from: int = 1
    unverified_from: int = 31


POLICY = Policy()
TITLES = {
    Place.PUBLISHED: N_("Checked"),
    Place.DUE: N_("Check due soon"),
    Place.STALE: N_("Check is late"),
    Place.UNVERIFIED: N_("Not checked for long"),
}


def due_on(verified_on: date, days: int) -> date:
    """The day by which somebody should have read the lesson again."""
    return verified_on + timedelta(days=days)


def freshness(verified_on: date, days: int, today: date, policy: Policy = POLICY) -> Place:
    """Whether a published lesson is checked, due soon, stale or unverified today (ENGINE E13)."""
    past = (today - due_on(verified_on, days)).days
    if past < policy.due_from:
        return Place.PUBLISHED
    if past < policy.stale_from:
        return Place.DUE
    return Place.STALE if past < policy.unverified_from else Place.UNVERIFIED
