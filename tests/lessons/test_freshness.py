"""What dates say about a published lesson (ENGINE E13)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from peerlearn.lessons.freshness import abandoned_before, days_between, due_on, freshness, usual_days
from peerlearn.lessons.machine import Place
from peerlearn.lessons.rules import REVIEW_DAYS, Kind

VERIFIED = date(2025, 1, 6)


@pytest.mark.parametrize(("wished", "days"), [(30, 30), (90, 90), (180, 90), (365, 90)])
def test_what_must_be_remembered_surely_is_checked_every_90_days_at_least(wished: int, days: int) -> None:
    assert days_between(wished, is_critical=True) == days
    assert days_between(wished, is_critical=False) == wished


@pytest.mark.parametrize("is_critical", [True, False])
@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (Kind.HOW_TO, 180),
        (Kind.CHECKLIST, 180),
        (Kind.DEMO, 180),
        (Kind.REFERENCE, 180),
        (Kind.DECISION, 365),
        (Kind.LESSON_LEARNED, 365),
    ],
)
def test_a_new_lesson_is_checked_as_often_as_its_risk_says(kind: Kind, days: int, is_critical: bool) -> None:
    """Safety, compliance and prices each quarter; tools and procedures each half-year; concepts once a year."""
    assert usual_days(kind, is_critical=is_critical) == (90 if is_critical else days)


def test_every_kind_has_its_interval() -> None:
    assert {usual_days(kind, is_critical=False) for kind in Kind} == {180, 365} <= set(REVIEW_DAYS)


@pytest.mark.parametrize(
    ("days", "due", "soon", "stale", "unverified", "abandoned"),
    [
        (90, date(2025, 4, 6), date(2025, 3, 23), date(2025, 4, 7), date(2025, 5, 7), date(2025, 7, 6)),
        (180, date(2025, 7, 5), date(2025, 6, 21), date(2025, 7, 6), date(2025, 8, 5), date(2025, 10, 4)),
        (365, date(2026, 1, 6), date(2025, 12, 23), date(2026, 1, 7), date(2026, 2, 6), date(2026, 4, 7)),
    ],
)
def test_the_days_on_which_each_interval_turns(
    days: int, due: date, soon: date, stale: date, unverified: date, abandoned: date
) -> None:
    assert due_on(VERIFIED, days) == due
    turns = {soon: Place.DUE, stale: Place.STALE, unverified: Place.UNVERIFIED}
    before = (Place.PUBLISHED, Place.DUE, Place.STALE)
    for (day, place), earlier in zip(turns.items(), before, strict=True):
        assert freshness(due, day - timedelta(days=1)) is earlier
        assert freshness(due, day) is place
    assert abandoned_before(abandoned - timedelta(days=1)) <= due < abandoned_before(abandoned)


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
