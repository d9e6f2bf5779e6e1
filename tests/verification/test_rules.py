"""The law of checks (ENGINE E13)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from peerlearn.lessons import freshness
from peerlearn.verification import rules

DUE = date(2025, 7, 5)


@pytest.mark.parametrize(
    ("days_late", "weight"),
    [(-200, 1.0), (0, 1.0), (1, 0.9847), (15, 0.7937), (30, 0.6300), (45, 0.5), (90, 0.25), (105, 0.2), (500, 0.2)],
)
def test_how_much_a_lesson_counts(days_late: int, weight: float) -> None:
    assert freshness.weight(DUE, DUE + timedelta(days=days_late)) == pytest.approx(weight, abs=1e-4)


@pytest.mark.parametrize(
    ("days_left", "stage"),
    [
        (15, None),
        (14, 14),
        (4, 14),
        (3, 3),
        (1, 3),
        (0, 0),
        (-1, 0),
        (-90, 0),
        (-91, -1),
        (-120, -1),
        (-121, -2),
        (-151, -3),
    ],
)
def test_which_reminder_a_lesson_stands_at(days_left: int, stage: int | None) -> None:
    assert rules.stage_of(DUE, DUE - timedelta(days=days_left)) == stage


def test_the_first_day_in_the_archive_queue_is_that_of_the_example() -> None:
    assert rules.stage_of(DUE, date(2025, 10, 3)) == 0
    assert rules.stage_of(DUE, date(2025, 10, 4)) == rules.ABANDONED


@pytest.mark.parametrize(("today", "known"), [(date(2025, 8, 4), True), (date(2025, 8, 5), False)])
def test_the_last_day_on_which_it_is_recommended(today: date, known: bool) -> None:
    assert (freshness.unverified_before(today) <= DUE) is known


@pytest.mark.parametrize(("days_left", "known"), [(15, False), (14, True), (0, True), (-1, False)])
def test_a_check_is_in_time_when_it_is_due_and_not_late(days_left: int, known: bool) -> None:
    assert freshness.is_in_time(DUE, DUE - timedelta(days=days_left)) is known


def test_trust_is_the_share_of_what_is_read() -> None:
    assert rules.trust(0, 0) is None
    assert rules.trust(8, 10) == pytest.approx(0.8)
