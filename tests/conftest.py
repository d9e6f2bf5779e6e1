"""One migrated application a run; each test in a transaction that is rolled back.

Set PEERLEARN_TEST_DATABASE_URL to a PostgreSQL server's address to run the same suite there: a database of its own is
made for each worker and dropped at the end.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, make_url

from peerlearn.accounts import limiting, numbers
from peerlearn.accounts.models import Person
from peerlearn.app import create_app
from peerlearn.config import Settings
from peerlearn.core.db import db as database
from peerlearn.core.db import set_reading
from peerlearn.core.revisions import upgrade
from tests import factories, reach
from tests.page import Client
from tests.reach import pytest_collection_modifyitems, pytest_configure, pytest_terminal_summary  # noqa: F401

SERVER = reach.POSTGRESQL


def pytest_collection_finish() -> None:
    """What is imported stays: it is not looked through each time that memory is tidied."""
    gc.freeze()


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of this worker's own."""
    yield from fresh_database(tmp_path_factory.mktemp("db"), "suite")


@pytest.fixture(scope="session")
def migrated(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that the real migrations built and nobody is connected to: what others are copied from."""
    app = create_app(settings_for(database_url, tmp_path_factory.mktemp("migrated")))
    with app.app_context():
        upgrade()
        database.session.remove()
        database.engine.dispose()  # on SQLite the last connection writes everything into the one file
    return database_url


def fresh_database(folder: Path, name: str, like: str = "", *, durable: bool = False) -> Iterator[str]:
    """A database on the kind of server that is tested, empty or a copy of another; dropped afterwards.

    Whoever commits need not wait for the disk, unless it is to be `durable`: only a server that breaks down would tell
    the difference.
    """
    if not SERVER:
        path = folder / f"{name}.db"
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"peerlearn_test_{name}_{worker}_{os.getpid()}"
    admin = create_engine(make_url(SERVER).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(
            text(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{make_url(like).database}"' if like else ""))
        )
        if not durable:
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    yield make_url(SERVER).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    admin.dispose()


def settings_for(url: str, folder: Path, **changes: Any) -> Settings:
    """Settings of a test application."""
    values: dict[str, Any] = {
        "secret_key": "a secret that only the tests know, long enough",
        "database_url": url,
        "instance": folder,
        "testing": True,
        "base_url": "http://localhost",
        "timezone": "Europe/Berlin",
        "signup_domains": ("example.org",),
        "blind_percent": 0,
        "second_look_percent": 0,
    }
    return Settings(**(values | changes))


def own_application(folder: Path, name: str, migrated: str, **changes: Any) -> Iterator[Flask]:
    """An application with a migrated database of its own: threads and requests commit, and nothing is rolled back."""
    for url in fresh_database(folder, name, like=migrated):
        app = create_app(settings_for(url, folder, **changes))
        yield app
        with app.app_context():
            database.session.remove()
            database.engine.dispose()


@pytest.fixture(scope="session")
def base_app(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a schema that the real migrations built."""
    yield from own_application(tmp_path_factory.mktemp("instance"), "base", migrated)


@pytest.fixture
def app(base_app: Flask) -> Iterator[Flask]:
    """The application inside a transaction: whatever a test commits is gone afterwards."""
    with base_app.app_context():
        set_reading(False)
        limiting.reset()
        numbers.init_app(base_app)
        engine = database.engine
        connection = engine.connect()
        outer = connection.begin()
        engines = database._app_engines[base_app]
        engines[None] = connection  # type: ignore[assignment]
        make_session = database.session.session_factory  # type: ignore[attr-defined]
        make_session.configure(join_transaction_mode="create_savepoint")
        try:
            yield base_app
            planned_anew = _planned_anew(connection)
        finally:
            database.session.remove()
            outer.rollback()
            connection.close()
            engines[None] = engine
        assert not planned_anew, "SQLite plans these anew each time: name what is compared as it is (see core.db.Word)"


def _planned_anew(connection: Connection) -> list[str]:
    """The statements whose plan SQLite threw away when their parameters changed, where it can tell."""
    if SERVER:
        return []
    options = connection.exec_driver_sql("PRAGMA compile_options").scalars().all()
    if "ENABLE_STMTVTAB" not in options:
        return []
    return list(
        connection.exec_driver_sql("SELECT sql FROM sqlite_stmt WHERE reprep > 0 AND sql NOT LIKE 'PRAGMA%'").scalars()
    )


@pytest.fixture
def db(app: Flask) -> Any:
    """The database of the test; `db.session.commit()` ends a savepoint only."""
    return database


@pytest.fixture
def person(db: Any) -> Person:
    """An ordinary employee in a team."""
    return factories.person()


@pytest.fixture
def client(app: Flask) -> Client:
    """A visitor's browser that checks every page it fetches."""
    return Client(app)


@pytest.fixture
def client_for(app: Flask) -> Callable[[Person], Client]:
    """A browser in which this person has signed in."""

    def make(person: Person) -> Client:
        client = Client(app)
        client.sign_in(person)
        return client

    return make


class Statements(list[str]):
    """The statements that ran, without BEGIN, SAVEPOINT and COMMIT."""


@pytest.fixture
def statements(app: Flask) -> Iterator[Statements]:
    """What the database was asked since the list was last cleared."""
    seen = Statements()
    connection = database._app_engines[app][None]

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")):
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)
