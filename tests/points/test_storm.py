"""Deeds of one person at the same moment: caps hold, and the books add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db, set_reading
from peerlearn.core.errors import Conflict
from peerlearn.points import actions, appealing
from peerlearn.points.models import LedgerEntry, PointAppeal
from tests import factories
from tests.conftest import own_application
from tests.points.deeds import entries_of, happen
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


def test_appealing_and_deciding_at_once_count_once(own_app: Flask) -> None:
    with own_app.app_context():
        set_reading(False)
        learner, first, second = factories.person(), *(factories.person(roles=(("admin", 0),)) for _ in range(2))
        happen(passed(99), by=learner)
        actions.reverse(entries_of(learner)[0], "It was paid by mistake.", by=first)
        db.session.commit()
        ids = learner.id, second.id, entries_of(learner)[-1].id
        db.session.remove()

    def all_at_once(act: Callable[[int], None]) -> Counter[str]:
        barrier = Barrier(16)

        def go(number: int) -> str:
            with own_app.app_context():
                set_reading(False)
                barrier.wait()
                try:
                    act(number)
                    db.session.commit()
                    return "done"
                except Conflict:
                    return "conflict"
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(16) as pool:
            return Counter(pool.map(go, range(16)))

    def appeal(number: int) -> None:
        decision = db.session.get_one(LedgerEntry, ids[2])
        appealing.appeal(decision, "I read it the evening before.", by=db.session.get_one(Person, ids[0]))

    def decide(number: int) -> None:
        waiting = db.session.scalars(select(PointAppeal)).one()
        act = appealing.grant if number % 2 else appealing.decline
        act(waiting, "Somebody looked again.", by=db.session.get_one(Person, ids[1]))

    for act in (appeal, decide):
        assert all_at_once(act) == Counter(done=1, conflict=15)
    with own_app.app_context():
        set_reading(False)
        assert db.session.scalars(select(PointAppeal.state)).one() in {"granted", "declined"}
        assert actions.verify() == []
        db.session.remove()
