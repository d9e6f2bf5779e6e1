"""Deeds of one person at the same moment: the day is there once and counts once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db, set_reading
from peerlearn.points import actions as points
from peerlearn.points.models import PointSum
from peerlearn.streaks import actions
from tests import factories
from tests.conftest import own_application
from tests.points.deeds import happen
from tests.points.records import passed
from tests.streaks.test_actions import due, finished, rows_of

pytestmark = pytest.mark.own_database
AT_ONCE = 16


@pytest.fixture(scope="module")
def own_app(tmp_path_factory: pytest.TempPathFactory, migrated: str) -> Iterator[Flask]:
    """An application whose deeds are not rolled back."""
    folder = tmp_path_factory.mktemp("streaks")
    yield from own_application(folder, "streaks", migrated)


def test_sixteen_deeds_at_once_make_one_active_day(own_app: Flask) -> None:
    with own_app.app_context():
        set_reading(False)
        person_id = factories.person().id
        db.session.remove()
    barrier = Barrier(AT_ONCE)

    def go(number: int) -> None:
        event = (due(number), passed(number), finished(1 + number // 3))[number % 3]
        with own_app.app_context():
            set_reading(False)
            barrier.wait()
            try:
                happen(event, by=db.session.get(Person, person_id))
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(go, range(AT_ONCE)))
    with own_app.app_context():
        set_reading(False)
        person = db.session.get(Person, person_id)
        assert person is not None
        (row,) = rows_of(person)
        assert (row.counts, row.length) == (True, 1)
        assert row.sets + row.extra_sets == 2 or (row.sets, row.lessons) == (1, 1), "what makes it double came first"
        sums = select(PointSum.active_days).where(PointSum.person_id == person_id, PointSum.period == "all")
        assert db.session.scalar(sums) == 1
        assert actions.verify() == []
        assert points.verify() == []
        db.session.remove()
