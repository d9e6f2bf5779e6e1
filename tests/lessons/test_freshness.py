"""What dates say about a published lesson (ENGINE E13)."""

from __future__ import annotations

from datetime import date

import pytest

from peerlearn.lessons.freshness import days_between, due_on, freshness
from peerlearn.lessons.machine import Place

VERIFIED = date(2025, 1, 6)


@pytest.mark.parametrize(("wished", "days"), [(30, 30), (90, 90), (180, 90), (365, 90)])
def test_what_must_be_remembered_surely_is_checked_every_90_days_at_least(wished: int, days: int) -> None:
    assert days_between(wished, "critical") == days
    assert days_between(wished, "ordinary") == days_between(wished, "optional") == wished


@pytest.mark.parametrize(
    ("today", "place"),
    [
        (date(2025, 1, 6), Place.PUBLISHED),
        (date(2025, 6, 20), Place.PUBLISHED),
        (date(2025, 6, 21), Place.DUE),
        (date(2025, 7, 5), Place.DUE),
        (date(2025, 7, 6), Place.STALE),
        (date(2025, 7, 20), Place.STALE),
        (date(2025, 8, 4), Place.STALE),
        (date(2025, 8, 5), Place.UNVERIFIED),
        (date(2025, 10, 4), Place.UNVERIFIED),
    ],
)
def test_what_a_check_every_180_days_means(today: date, place: Place) -> None:
    assert due_on(VERIFIED, 180) == date(2025, 7, 5)
    assert freshness(due_on(VERIFIED, 180), today) is place
