"""What a web server waits for: on PostgreSQL no statement, no lock and no forgotten transaction holds it for long."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from peerlearn.core.db import PATIENCE, insist_on_answers
from tests.conftest import SERVER

pytestmark = [
    pytest.mark.own_database,
    pytest.mark.skipif(not SERVER, reason="SQLite has one writer, and its own limit of waiting"),
]
SHORT = dict.fromkeys(PATIENCE, "300ms")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url, poolclass=QueuePool, pool_size=2)
    insist_on_answers(made, SHORT)
    yield made
    made.dispose()


def test_a_statement_that_takes_too_long_is_given_up_and_the_next_one_answers(engine: Engine) -> None:
    began = time.perf_counter()
    with pytest.raises(DBAPIError, match="statement timeout"), engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(20)"))
    assert time.perf_counter() - began < 10
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_nobody_waits_long_for_what_another_one_holds(engine: Engine, database_url: str) -> None:
    patient = create_engine(database_url)
    with patient.connect() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(4711)"))
        with pytest.raises(DBAPIError, match=r"(lock|statement) timeout"), engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(4711)"))
    patient.dispose()


def test_who_sets_no_limits_waits(database_url: str) -> None:
    """A command: it may take its time."""
    patient = create_engine(database_url)
    with patient.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "0"
    patient.dispose()


def test_a_transaction_that_is_forgotten_ends(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        time.sleep(1)
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT 1"))


def test_the_limits_of_a_page_are_limits(database_url: str) -> None:
    made = create_engine(database_url)
    insist_on_answers(made)
    with made.connect() as connection:
        found = {name: connection.scalar(text(f"SHOW {name}")) for name in PATIENCE}
    assert found == {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "1min"}
    made.dispose()
