"""What works once works once, also when sixteen browsers try at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.accounts import actions, coming_in, queries
from peerlearn.accounts.models import Grant, Person
from peerlearn.core.db import db, set_reading
from peerlearn.core.errors import DomainError
from tests.conftest import own_application

MANY = 16
LONG = "another long sentence"
pytestmark = [pytest.mark.own_database, pytest.mark.security]


@pytest.fixture
def own_app(tmp_path: Path, migrated: str) -> Iterator[Flask]:
    """An application with a database of its own, so that threads can commit."""
    yield from own_application(tmp_path, "races", migrated)


def at_once(app: Flask, act: Callable[[int], object], times: int = MANY) -> int:
    """Do it in as many threads at the same moment; how often it was done."""
    start, done = threading.Barrier(times), []

    def run(number: int) -> None:
        with app.app_context():
            set_reading(True)
            start.wait()
            try:
                act(number)
                db.session.commit()
                done.append(number)
            except DomainError:
                db.session.rollback()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done)


def count(app: Flask, *criteria: object) -> int:
    with app.app_context():
        set_reading(True)
        return db.session.scalar(select(func.count()).select_from(Person).where(*criteria)) or 0  # type: ignore[arg-type]


def administrators(app: Flask, number: int) -> list[int]:
    with app.app_context():
        set_reading(False)
        made = [actions.add_person(email=f"a{n}@example.org", name="Ada Boss", admin=True) for n in range(number)]
        db.session.commit()
        return [person.id for person in made]


def test_one_first_administrator(own_app: Flask) -> None:
    def begin(number: int) -> None:
        coming_in.first_run(email=f"p{number}@example.org", name="Mara Lind", password=LONG, device="")

    assert at_once(own_app, begin) == 1
    assert count(own_app) == 1


def test_an_invitation_makes_one_account(own_app: Flask) -> None:
    [admin_id] = administrators(own_app, 1)
    with own_app.app_context():
        set_reading(False)
        admin = queries.person_by_id(admin_id)
        assert admin
        [letter] = coming_in.invite(["mara@example.org"], team_id=None, by=admin)
        db.session.commit()
    join = lambda number: coming_in.accept(letter.key, name="Mara Lind", password=LONG, device="")  # noqa: E731
    assert at_once(own_app, join) == 1
    assert count(own_app, Person.email_key == "mara@example.org") == 1


def test_a_reset_link_sets_one_password(own_app: Flask) -> None:
    [person_id] = administrators(own_app, 1)
    with own_app.app_context():
        set_reading(False)
        person = queries.person_by_id(person_id)
        assert person
        letter = coming_in.ask_for_reset(person.email)
        assert letter
        db.session.commit()
    assert at_once(own_app, lambda number: coming_in.reset_password(letter.key, f"{LONG} {number}")) == 1


def test_one_administrator_remains_when_all_lose_the_role(own_app: Flask) -> None:
    ids = administrators(own_app, 4)

    def lose(number: int) -> None:
        set_reading(False)
        admin = queries.person_by_id(ids[number])
        assert admin
        actions.take_role(admin.grants[0], by=admin)

    assert at_once(own_app, lose, 4) == 3
    with own_app.app_context():
        set_reading(True)
        assert db.session.scalar(select(func.count()).select_from(Grant)) == 1


def test_one_address_is_added_once(own_app: Flask) -> None:
    def add(number: int) -> None:
        set_reading(False)
        actions.add_person(email="mara@example.org", name="Mara Lind")

    assert at_once(own_app, add) == 1
    assert count(own_app) == 1
