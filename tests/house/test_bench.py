"""What the benchmark measures on still fits the tables: it is written row by row, past the actions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from bench import data, memories
from peerlearn.core.db import db
from peerlearn.practice.models import Memory
from peerlearn.review.models import Review
from tests.conftest import own_application

pytestmark = pytest.mark.own_database


@pytest.fixture
def bench_app(tmp_path: Path, migrated: str) -> Iterator[Flask]:
    """An application with a database of its own."""
    yield from own_application(tmp_path, "bench", migrated)


def test_the_company_of_the_benchmark_can_be_written(bench_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memories, "EACH", 50)  # fewer rows of the same kind
    data.make_company(bench_app)
    memories.remember(bench_app)
    with bench_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Review).where(Review.state == "open")) == data.WAITING
        assert (db.session.scalar(select(func.count()).select_from(Memory)) or 0) > 1_000
