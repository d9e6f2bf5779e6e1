"""A whole simulated year of a few people: the same ones with and without practice, through the real actions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from bench.year import report
from bench.year.world import Found, Plan, World
from peerlearn.core.db import db as database
from peerlearn.practice.rules import POLICY

PLAN = Plan(pairs=3, weeks=52, chance=1, lessons=16, reading=0.3)


_lived: list[Found] = []


@pytest.fixture
def found(app: Flask) -> Found:
    """How the year of some people ended; it is lived once for all that is asked about it."""
    if not _lived:
        _lived.append(World(app, PLAN).live())
    return _lived[0]


def test_practice_keeps_what_lessons_taught(found: Found) -> None:
    with_it, without = ([p for p in found.people if p.practises is practises] for practises in (True, False))
    assert [p.taught for p in with_it] == [p.taught for p in without], "pairs take the same lessons"
    kept, lost = (sum(p.taught_held for p in group) / sum(p.taught for p in group) for group in (with_it, without))
    assert kept > lost + 0.05
    assert max(max(p.answers) for p in with_it) <= POLICY.size
    assert sum(p.items for p in with_it) > sum(p.taught for p in with_it), "new questions come along"
    assert all(not p.answers for p in without)
    assert sum(p.xp for p in with_it) > sum(p.xp for p in without) > 0
    true, believed = sum(p.held for p in with_it), sum(p.believed for p in with_it)
    assert believed == pytest.approx(true, rel=0.15)
    assert found.differences == []


def test_a_year_says_how_far_the_model_can_be_believed_at_every_interval(found: Found) -> None:
    rows = dict(report.buckets(found))
    assert list(rows) == ["1 to 6 days", "7 to 20 days", "21 to 59 days", "60 days and more"]
    assert all(row["count"] > 80 for row in rows.values()), "a year is long enough for every interval"
    for row in rows.values():
        assert row["gap"] == pytest.approx(0, abs=0.18)
        assert row["found"] == pytest.approx(row["true"], abs=0.09)


def test_a_year_reports_what_is_held_the_calibration_and_the_load_of_a_day(found: Found) -> None:
    told = "\n".join(report.lines(found, PLAN))
    for title in ("held as the model has it (K)", "held truly", "due answers by interval"):
        assert title in told
    for title in ("questions a day with practice", "questions a workday", "waiting on Fridays, mean"):
        assert title in told
    assert len(found.backlogs) == PLAN.weeks
    assert max(found.backlogs.values()) < POLICY.backlog_warned * PLAN.pairs, "few lessons are kept with five a day"


def test_the_same_chance_goes_the_same_way(app: Flask) -> None:
    plan = replace(PLAN, pairs=1, weeks=2, lessons=2)
    found = []
    connection: Any = database._app_engines[app][None]
    for _ in range(2):
        savepoint = connection.begin_nested()
        found.append(World(app, plan).live())
        database.session.remove()
        savepoint.rollback()
    assert found[0].people[0].items > 0
    assert found[0] == found[1]
