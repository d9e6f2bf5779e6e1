"""A simulated year at a reduced size: the same people with and without practice, through the real actions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from bench.year import report
from bench.year.world import Found, Plan, World
from peerlearn.core.db import db as database
from peerlearn.practice.rules import POLICY

PLAN = Plan(pairs=3, weeks=8, chance=1, lessons=6)


@pytest.fixture
def found(app: Flask) -> Found:
    """How some weeks of some people ended."""
    return World(app, PLAN).live()


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
    rows = dict(report.buckets(found))
    assert rows["1 to 6 days"]["count"] > 80
    assert rows["1 to 6 days"]["gap"] == pytest.approx(0, abs=0.12)
    assert rows["1 to 6 days"]["found"] == pytest.approx(rows["1 to 6 days"]["true"], abs=0.08)
    assert found.differences == []
    assert "\n".join(report.lines(found, PLAN)).count("days") >= 4


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
