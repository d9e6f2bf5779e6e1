"""Deeds of one person at the same moment: caps hold, and the books add up."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db, set_reading
from peerlearn.points import actions
from peerlearn.points.models import LedgerEntry
from tests import factories
from tests.conftest import own_application
from tests.points.deeds import happen
from tests.points.records import approved, passed

pytestmark = pytest.mark.own_database
AT_ONCE = 12


@pytest.fixture(scope="module")
def own_app(tmp_path_factory: pytest.TempPathFactory, migrated: str) -> Iterator[Flask]:
    """An application whose deeds are not rolled back."""
    folder = tmp_path_factory.mktemp("points")
    yield from own_application(folder, "points", migrated)


def test_different_lessons_at_once_pay_up_to_the_cap(own_app: Flask) -> None:
    with own_app.app_context():
        set_reading(False)
        learner, author = factories.person(), factories.person()
        ids = learner.id, author.id
        db.session.remove()
    barrier = Barrier(AT_ONCE)

    def go(number: int) -> None:
        with own_app.app_context():
            set_reading(False)
            barrier.wait()
            try:
                person = db.session.get(Person, ids[0])
                shares = ((ids[1], 0.5), (ids[0], 0.5)) if number % 2 else ((ids[0], 0.5), (ids[1], 0.5))
                happen(passed(number), by=person)
                happen(approved(number, shares), by=None)
                happen(passed(number), by=person)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(go, range(AT_ONCE)))
    with own_app.app_context():
        set_reading(False)
        rows = db.session.execute(select(LedgerEntry.person_id, LedgerEntry.rule, LedgerEntry.amount)).all()
        paid = sorted(tuple(row) for row in rows if row.amount > 0)
        assert paid == [
            (ids[0], "L1", 10),
            (ids[0], "L1", 10),
            (ids[0], "L1", 10),
            (ids[0], "T1", 10),
            (ids[0], "T1", 10),
            (ids[1], "T1", 10),
            (ids[1], "T1", 10),
        ]
        assert actions.verify() == []
        db.session.remove()
