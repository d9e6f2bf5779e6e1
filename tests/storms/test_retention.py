"""Eight runs of the monthly posting at once: authors are credited once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.core import clock
from peerlearn.core.db import db, reading
from peerlearn.core.facts import Fact
from peerlearn.points import actions, evidence
from peerlearn.points.models import LedgerEntry
from tests import factories
from tests.points.test_retention import MONTH_END, learn
from tests.storms.storm import no_differences, prepared

pytestmark = pytest.mark.own_database
RUNS = 8


def two_lessons() -> list[int]:
    """The authors of two lessons that people still know."""
    authors = [factories.person(), factories.person()]
    lessons = [factories.published_lesson(author) for author in authors]
    learners = [factories.person() for _ in range(3)]
    for lesson in lessons:
        for learner in learners:
            learn(lesson, learner)
    return [author.id for author in authors]


def test_runs_at_once_pay_once(storm_app: Flask) -> None:
    authors: Any = prepared(storm_app, two_lessons)
    barrier = Barrier(RUNS, timeout=30)

    def run(_number: int) -> int:
        with storm_app.app_context(), clock.at(MONTH_END):
            today = clock.today("Europe/Berlin")
            with reading():
                taught = evidence.gather(today.replace(day=1))
                db.session.rollback()
            barrier.wait()
            grown = 0
            for more in actions.post_retention(taught, today):
                db.session.commit()
                grown += more
            db.session.remove()
            return grown

    with ThreadPoolExecutor(RUNS) as pool:
        assert sorted(pool.map(run, range(RUNS))) == [0] * (RUNS - 1) + [2]
    with storm_app.app_context(), reading():
        paid = select(LedgerEntry.person_id, func.count()).where(LedgerEntry.rule == "T2").group_by("person_id")
        assert {row[0]: row[1] for row in db.session.execute(paid)} == dict.fromkeys(authors, 1)
        assert db.session.scalar(select(func.count()).where(Fact.type == "LessonRetained")) == 2
        db.session.remove()
    no_differences(storm_app)
