"""What is kept for a while: for its time, for its key, and no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from peerlearn.core import clock, kept
from peerlearn.core.kept import Kept

ONE: Kept[str] = Kept("one", seconds=10, most=2)


@pytest.fixture
def keeping(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application that keeps, as it does when it serves."""
    monkeypatch.setitem(app.extensions, kept.NAME, {})
    return app


def test_a_value_is_worked_out_once_in_its_time(keeping: Flask) -> None:
    start, made = clock.now(), iter("abc")
    ages = (0, 9.9, 10, 11, -30)
    found = []
    for seconds in ages:
        with clock.at(start + timedelta(seconds=seconds)):
            found.append(ONE.once("key", lambda: next(made)))
    assert found == ["a", "a", "b", "b", "c"], "a value is never older than said, and none comes from the future"


def test_keys_and_names_are_apart_and_the_oldest_makes_room(keeping: Flask) -> None:
    other: Kept[str] = Kept("other", seconds=10, most=2)
    other.put(1, "other")
    for key in (1, 2, 3):
        ONE.put(key, str(key))
    assert [ONE.get(key) for key in (1, 2, 3)] == [None, "2", "3"]
    assert other.get(1) == "other"


def test_tests_keep_nothing_unless_they_say_so(app: Flask) -> None:
    made = iter("ab")
    assert [ONE.once("key", lambda: next(made)) for _ in range(2)] == ["a", "b"]
