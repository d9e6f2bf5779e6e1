"""Moments as people read them: in their language and zone, by how far away they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from peerlearn.accounts import times
from peerlearn.core import clock

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(), "just now"),
        (timedelta(seconds=-44), "just now"),
        (timedelta(seconds=44), "just now"),
        (timedelta(seconds=-46), "1 minute ago"),
        (timedelta(minutes=-20), "20 minutes ago"),
        (timedelta(minutes=-20, seconds=-29), "20 minutes ago"),
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(hours=3), "in 3 hours"),
        (timedelta(days=-2), "2 days ago"),
        (timedelta(days=5), "in 5 days"),
        (timedelta(days=-8), "21 Nov 2026"),
        (timedelta(days=8), "7 Dec 2026"),
    ],
)
def test_a_moment_is_told_by_how_far_away_it_is(app: Flask, away: timedelta, words: str) -> None:
    with app.test_request_context("/"), clock.at(NOW):
        assert times.relative(NOW + away) == words
        assert f">{words}</time>" in times.when(NOW + away)


def test_the_same_moment_is_told_anew_as_time_goes_by(app: Flask) -> None:
    told = []
    for minutes in (0, 5, 90):
        with app.test_request_context("/"), clock.at(NOW + timedelta(minutes=minutes)):
            told.append(times.relative(NOW))
    assert told == ["just now", "5 minutes ago", "2 hours ago"]


def test_a_date_is_that_of_the_zone(app: Flask) -> None:
    late = datetime(2026, 10, 1, 23, 30, tzinfo=UTC)
    for zone, day in (("UTC", "1 Oct 2026"), ("Europe/Berlin", "2 Oct 2026")):
        with app.test_request_context("/"), clock.at(NOW):
            times._asker.set((times.ENGLISH, clock.zone(zone)))
            assert (times.relative(late), f">{day}</time>" in times.day(late)) == (day, True)
            assert 'datetime="2026-10-01T23:30:00+00:00"' in times.when(late)
            times._asker.set(None)
