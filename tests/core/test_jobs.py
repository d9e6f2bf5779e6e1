"""Work for later: with the transaction that wants it, once, by one worker at a time, and again when it failed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import func, select

from peerlearn.core import clock, jobs
from peerlearn.core.afterwards import afterwards
from peerlearn.core.db import db, reading, start_writing
from peerlearn.core.jobs import GiveUp, Kind, QueuedJob
from peerlearn.core.schedule import daily
from peerlearn.core.working import Runner
from tests.conftest import own_application

pytestmark = pytest.mark.own_database
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
MARK = "mark"
Done = list[Mapping[str, Any]]


@pytest.fixture
def own_app(tmp_path: Path, migrated: str) -> Iterator[Flask]:
    """An application whose database sees real commits."""
    yield from own_application(tmp_path, "jobs", migrated)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> dict[str, Kind]:
    """Only what a test says is work."""
    monkeypatch.setattr(jobs, "KINDS", {})
    return jobs.KINDS


@pytest.fixture
def done(kinds: dict[str, Kind]) -> Done:
    """What was done by a kind of work that only notes it."""
    noted: Done = []
    jobs.kind(MARK, "Mark")(noted.append)
    return noted


def put(app: Flask, name: str = MARK, *, key: str | None = None, at: datetime = NOW, **payload: Any) -> None:
    """Store a job."""
    with app.app_context():
        jobs.enqueue(name, payload, key=key, at=at)
        db.session.commit()


def rows(app: Flask) -> list[QueuedJob]:
    """All jobs, by their numbers."""
    with app.app_context(), reading():
        return list(db.session.scalars(select(QueuedJob).order_by(QueuedJob.id)))


def work(app: Flask, moment: datetime = NOW) -> int:
    """Let a worker do what is due at a moment."""
    with clock.at(moment):
        return Runner(app).work_off()


def test_a_job_is_done_once_in_the_order_in_which_it_is_due(own_app: Flask, done: Done) -> None:
    put(own_app, number=2, at=NOW - timedelta(minutes=1))
    put(own_app, number=3)
    put(own_app, number=1, at=NOW - timedelta(minutes=2))
    put(own_app, number=4, at=NOW + timedelta(seconds=1))
    assert work(own_app) == 3
    assert [each["number"] for each in done] == [1, 2, 3]
    assert work(own_app) == 0
    assert work(own_app, NOW + timedelta(seconds=1)) == 1


def test_what_is_done_keeps_no_payload(own_app: Flask, done: Done) -> None:
    put(own_app, to="ada@example.org")
    work(own_app)
    [row] = rows(own_app)
    assert (row.state, row.payload, row.ended_at, row.error) == ("done", {}, NOW, None)


def test_a_job_belongs_to_the_transaction_that_wants_it(own_app: Flask, done: Done) -> None:
    with own_app.app_context():
        jobs.enqueue(MARK, {})
        db.session.rollback()
    assert rows(own_app) == []


def test_a_key_is_done_once(own_app: Flask, done: Done) -> None:
    put(own_app, key="a")
    work(own_app)
    put(own_app, key="a")
    put(own_app, key="b")
    put(own_app)
    put(own_app)
    assert work(own_app) == 3
    assert len(done) == 4


def test_what_fails_is_tried_again_ever_later_and_then_waits_for_somebody(own_app: Flask) -> None:
    tried: list[datetime] = []

    @jobs.kind("fails", "Fails")
    def fails(payload: Mapping[str, Any]) -> None:
        tried.append(clock.now())
        raise ConnectionError("ada@example.org is not there")

    put(own_app, "fails")
    for minute in (0, 1, 2, 6, 7, 31, 100, 156, 157, 781, 1500, 1501, 2220, 2221, 3000):
        work(own_app, NOW + timedelta(minutes=minute))
    waits = [(after - before) // timedelta(minutes=1) for before, after in pairwise(tried)]
    assert waits == [1, 5, 25, 125, 625, 720, 720]
    [row] = rows(own_app)
    assert (row.state, row.tries, row.error) == ("failed", jobs.TRIES, "ConnectionError")
    with own_app.app_context(), clock.at(NOW + timedelta(days=2)):
        assert jobs.again(row.id)
        assert not jobs.again(row.id), "it is not failed any more"
        db.session.commit()
    work(own_app, NOW + timedelta(days=2))
    assert len(tried) == jobs.TRIES + 1


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 5), (3, 25), (4, 125), (5, 625), (6, 720), (7, 720)])
def test_how_long_a_job_rests(tries: int, minutes: int) -> None:
    assert jobs.wait_before(tries) == timedelta(minutes=minutes)


def test_what_is_in_vain_is_not_tried_again(own_app: Flask) -> None:
    @jobs.kind("vain", "Vain")
    def vain(payload: Mapping[str, Any]) -> None:
        raise GiveUp("nobody lives there")

    put(own_app, "vain")
    assert work(own_app) == 1
    [row] = rows(own_app)
    assert (row.state, row.tries, row.error) == ("failed", 1, "nobody lives there")


def test_what_a_failed_step_changed_is_not_stored(own_app: Flask) -> None:
    @jobs.kind("half", "Half")
    def half(payload: Mapping[str, Any]) -> Iterable[None]:
        start_writing()
        jobs.enqueue("half", {}, key="first step", at=NOW + timedelta(days=9))
        yield
        start_writing()
        jobs.enqueue("half", {}, key="second step", at=NOW + timedelta(days=9))
        raise RuntimeError

    put(own_app, "half", key="it")
    work(own_app)
    assert [row.key for row in rows(own_app)] == ["it", "first step"]


def test_a_lease_ends_and_another_worker_takes_it(own_app: Flask, done: Done) -> None:
    put(own_app)
    with own_app.app_context(), clock.at(NOW):
        dead = jobs.take("one that dies")
        db.session.commit()
    assert dead is not None
    assert work(own_app, NOW + jobs.LEASE - timedelta(seconds=1)) == 0
    assert work(own_app, NOW + jobs.LEASE) == 1
    with own_app.app_context(), pytest.raises(jobs.LeaseLost):
        jobs.finish(dead)


@pytest.mark.parametrize("end", [jobs.renew, jobs.finish, jobs.give_back, lambda job: jobs.fail(job, GiveUp("no"))])
def test_whoever_lost_the_lease_ends_nothing_while_another_one_is_at_it(
    own_app: Flask, done: Done, end: Callable[[Any], None]
) -> None:
    put(own_app)
    with own_app.app_context():
        with clock.at(NOW):
            first = jobs.take("one that is slow")
        with clock.at(NOW + jobs.LEASE):
            second = jobs.take("another one")
            assert first is not None
            assert second is not None
            assert first.id == second.id
            with pytest.raises(jobs.LeaseLost):
                end(first)
            jobs.finish(second)
        db.session.commit()
    [row] = rows(own_app)
    assert (row.state, row.taken_by) == ("done", second.taken_by)


def test_whoever_lost_the_lease_stores_nothing(own_app: Flask) -> None:
    stolen: list[bool] = []

    @jobs.kind("slow", "Slow")
    def slow(payload: Mapping[str, Any]) -> Iterable[None]:
        if not stolen:
            stolen.append(True)
            work(own_app, NOW + jobs.LEASE)
        start_writing()
        jobs.enqueue("slow", {}, at=NOW + timedelta(days=9))
        yield

    put(own_app, "slow")
    work(own_app)
    assert [(row.state, row.tries) for row in rows(own_app)] == [("done", 2), ("open", 0)]


def test_each_step_begins_the_lease_anew(own_app: Flask) -> None:
    leases: list[timedelta] = []

    @jobs.kind("long", "Long")
    def long(payload: Mapping[str, Any]) -> Iterable[None]:
        yield
        [row] = rows(own_app)
        leases.append(row.due_at - clock.now())
        yield

    put(own_app, "long", at=datetime(2020, 1, 1, tzinfo=UTC))
    assert Runner(own_app).work_off() == 1
    assert jobs.LEASE - timedelta(minutes=1) < leases[0] <= jobs.LEASE


def test_who_is_told_to_stop_gives_the_rest_back(own_app: Flask) -> None:
    begun: list[int] = []

    @jobs.kind("long", "Long")
    def long(payload: Mapping[str, Any]) -> Iterable[None]:
        for number in range(3):
            begun.append(number)
            if len(begun) == 2:
                runner.stop.set()
            yield

    put(own_app, "long")
    with clock.at(NOW):
        runner = Runner(own_app)
        runner.work_off()
        [row] = rows(own_app)
        assert (begun, row.state, row.tries, row.due_at) == ([0, 1], "open", 0, NOW)
        assert Runner(own_app).work_off() == 1, "at once, and by another one"
    assert begun == [0, 1, 0, 1, 2]


def test_many_workers_do_each_job_once(own_app: Flask) -> None:
    noted: list[int] = []
    jobs.kind(MARK, "Mark")(lambda payload: noted.append(payload["number"]))
    for number in range(40):
        put(own_app, number=number)

    def run() -> None:
        with clock.at(NOW):
            Runner(own_app).work_off()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(noted) == list(range(40))
    assert {row.tries for row in rows(own_app)} == {1}


def test_what_recurs_is_done_once_in_each_slot_by_however_many(own_app: Flask) -> None:
    nights: list[datetime] = []
    jobs.routine("nightly", "Nightly", daily(2))(lambda: nights.append(clock.now()))
    for hour in range(72):
        moment = NOW + timedelta(hours=hour, minutes=1)
        work(own_app, moment)
        work(own_app, moment)
    assert [row.key for row in rows(own_app)] == [f"nightly@2026-03-{day:02}" for day in (2, 3, 4, 5)]
    assert [moment - NOW for moment in nights] == [timedelta(hours=hour, minutes=1) for hour in (0, 15, 39, 63)]


def test_of_missed_slots_only_the_newest_is_made_up_for(own_app: Flask) -> None:
    nights: list[datetime] = []
    jobs.routine("nightly", "Nightly", daily(2))(lambda: nights.append(clock.now()))
    work(own_app)
    work(own_app, NOW + timedelta(days=20))
    assert len(nights) == 2


def test_a_job_of_another_release_is_left_to_its_workers(own_app: Flask, done: Done) -> None:
    put(own_app)
    jobs.KINDS.pop(MARK)
    work(own_app)
    [row] = rows(own_app)
    assert (row.state, row.tries, row.error) == ("open", 1, "LookupError")


def test_work_knows_addresses_and_lets_more_be_done_afterwards(own_app: Flask) -> None:
    seen: list[str] = []

    def later(*about: object) -> bool:
        seen.append("later")
        return False

    @jobs.kind("mails", "Mails")
    def mails(payload: Mapping[str, Any]) -> None:
        seen.append(url_for("home.today", _external=True))
        afterwards(later)

    put(own_app, "mails")
    work(own_app)
    assert seen == ["http://localhost/", "later"]


def test_an_empty_queue_keeps_nobody_from_writing(own_app: Flask, done: Done) -> None:
    with own_app.app_context():
        db.session.execute(select(1))  # on SQLite this has the only lock for writing
        assert work(own_app) == 0
        db.session.rollback()


def test_what_ended_long_ago_is_forgotten(own_app: Flask, done: Done) -> None:
    put(own_app)
    put(own_app, at=NOW + timedelta(days=60))
    work(own_app)
    for moment, left in ((NOW + jobs.KEPT, 2), (NOW + jobs.KEPT + timedelta(seconds=1), 1)):
        with own_app.app_context(), clock.at(moment):
            jobs.forget_old()
            db.session.commit()
            assert db.session.scalar(select(func.count()).select_from(QueuedJob)) == left


@pytest.mark.parametrize(("minutes", "is_late"), [(15, False), (16, True)])
def test_late_work_tells_that_nobody_works(own_app: Flask, done: Done, minutes: int, is_late: bool) -> None:
    with own_app.app_context(), clock.at(NOW):
        assert not jobs.is_left_undone()
    put(own_app)
    with own_app.app_context(), clock.at(NOW + timedelta(minutes=minutes)):
        assert jobs.is_left_undone() is is_late
