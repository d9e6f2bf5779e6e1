"""Moving from SQLite to PostgreSQL brings everything along, or leaves nothing behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, inspect, select, text, update

from peerlearn.accounts.models import Person
from peerlearn.app import create_app
from peerlearn.config import driver_url
from peerlearn.core import fulltext, revisions
from peerlearn.core.db import Base, db
from peerlearn.lessons.models import Lesson
from peerlearn.operating.commands import move
from peerlearn.points.models import PointSum
from tests import factories
from tests.conftest import fresh_database, settings_for
from tests.factories import Walk
from tests.operating.conftest import begin, rest, run
from tests.reach import POSTGRESQL
from tests.storms.storm import no_differences, prepared

pytestmark = [
    pytest.mark.own_database,
    pytest.mark.skipif(not POSTGRESQL, reason="needs a PostgreSQL server to move to"),
]


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with two people, one of whom learned the other's lesson."""
    folder = tmp_path_factory.mktemp("lived")
    app = create_app(settings_for(f"sqlite:///{folder / 'old.db'}", folder))
    with app.app_context():
        revisions.upgrade()
    prepared(app, lively)
    rest(app)
    return folder / "old.db"


@pytest.fixture
def old(lived_in: Path, tmp_path: Path) -> Iterator[Flask]:
    """An instance on a copy of that database."""
    folder = tmp_path / "old"
    folder.mkdir(mode=0o700)
    shutil.copy(lived_in, folder / "old.db")
    app = create_app(settings_for(f"sqlite:///{folder / 'old.db'}", folder))
    yield app
    rest(app)


def lively(title: str | None = "Größe und 大きさ, “how big”, 100 % of it") -> None:
    """A lesson in words of several scripts, learned, passed and paid."""
    lesson = factories.published_lesson(title=title)
    walk = Walk(factories.person("Zoë O’Neill"), lesson.slug, factories.MONDAY + timedelta(days=1))
    walk.read()
    walk.quiz(True, False, True)
    walk.moment += timedelta(minutes=30)
    walk.quiz()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """An empty PostgreSQL database."""
    yield from fresh_database(tmp_path, "moved")


def everything(app: Flask) -> dict[str, list[Any]]:
    """All rows of all tables, as Python sees them."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def tables_at(address: str) -> list[str]:
    """What tables there are in a database."""
    engine = create_engine(driver_url(address))
    found = inspect(engine).get_table_names()
    engine.dispose()
    return found


def opened(address: str, folder: Path) -> Flask:
    """PeerLearn on the database that was moved to."""
    return create_app(settings_for(address, folder))


def test_all_of_it_comes_along(old: Flask, address: str, tmp_path: Path) -> None:
    before = everything(old)
    said = run(old, move, "--to", address)
    assert said.exit_code == 0, said.output
    people = len(before["people"])
    assert f"Carried over {people} people and all that they did" in said.output
    new = opened(address, tmp_path)
    assert everything(new) == before == everything(old)
    no_differences(new)
    with new.app_context():
        assert [hit.lesson_id for hit in fulltext.search(db.session, "大きさ")] == [
            db.session.scalars(select(Lesson.id)).one()
        ]
    rest(new)


def test_life_goes_on_where_it_was_moved_to(old: Flask, address: str, tmp_path: Path) -> None:
    assert run(old, move, "--to", address).exit_code == 0
    new = opened(address, tmp_path)
    highest = max(row[0] for row in everything(new)["people"])
    prepared(new, lambda: lively(None))
    with new.app_context():
        assert db.session.scalars(select(Person.id).order_by(Person.id.desc())).first() > highest  # type: ignore[operator]
    no_differences(new)
    with new.app_context(), pytest.raises(Exception, match="is only added to"), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM facts"))
    with new.app_context(), pytest.raises(Exception, match="fk_"), db.engine.begin() as connection:
        connection.execute(update(Person).values(team_id=10**6))
    rest(new)


def test_the_new_tables_are_those_of_a_fresh_start(old: Flask, address: str, migrated: str) -> None:
    assert run(old, move, "--to", address).exit_code == 0
    assert _built(address) == _built(migrated)


def _built(address: str) -> dict[str, tuple[Any, ...]]:
    """Columns, references, indexes and checks of each table."""
    engine = create_engine(driver_url(address))
    look = inspect(engine)
    found = {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in look.get_columns(table)],
            sorted((key["name"], key["referred_table"], key["options"]) for key in look.get_foreign_keys(table)),
            sorted(index["name"] or "" for index in look.get_indexes(table)),
            sorted(check["name"] or "" for check in look.get_check_constraints(table)),
        )
        for table in look.get_table_names()
    }
    engine.dispose()
    return found


def _sums_are_wrong() -> None:
    db.session.execute(update(PointSum).values(xp=PointSum.xp + 1))


def _text_that_postgresql_refuses() -> None:
    db.session.execute(update(Person).values(name="a\x00b"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_sums_are_wrong, "The sums do not agree with the books"),
        (_text_that_postgresql_refuses, "PostgreSQL does not take what stands in people"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(change: Any, said: str, old: Flask, address: str) -> None:
    prepared(old, change)
    before = everything(old)
    found = run(old, move, "--to", address)
    assert found.exit_code == 1
    assert said in found.output
    assert "Nothing was kept there." in found.output
    assert tables_at(address) == []
    assert everything(old) == before


def test_a_value_that_comes_back_changed_is_noticed(old: Flask, address: str) -> None:
    """As if a column over there kept less than it was given."""
    seen = []

    def spoil(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("SELECT") and "FROM people" in statement and connection.dialect.name == "postgresql":
            seen.append(statement)
            if len(seen) == 1:
                cursor.execute("UPDATE people SET name = name || ' '")

    event.listen(type(create_engine(driver_url(address))), "before_cursor_execute", spoil)
    try:
        found = run(old, move, "--to", address)
    finally:
        event.remove(type(create_engine(driver_url(address))), "before_cursor_execute", spoil)
    assert found.exit_code == 1
    assert "something else than it was given: people" in found.output
    assert tables_at(address) == []


def test_where_it_may_go(old: Flask, address: str, tmp_path: Path) -> None:
    assert "should begin with postgresql://" in run(old, move, "--to", "sqlite:///x").output
    assert "cannot be reached" in run(old, move, "--to", "postgresql://nobody:x@127.0.0.1:1/none").output
    assert run(old, move, "--to", address).exit_code == 0
    again = run(old, move, "--to", address)
    assert again.exit_code == 1
    assert "has tables already" in again.output
    new = opened(address, tmp_path)
    assert "It must be SQLite" in run(new, move, "--to", address).output
    rest(new)


def test_nobody_may_use_it_meanwhile(old: Flask, address: str) -> None:
    with old.app_context(), db.engine.connect() as connection:
        connection.execute(select(Person.id)).all()
        other = begin(old, "move", "--to", address)
        said, _ = other.communicate(timeout=60)
    assert other.returncode == 1
    assert "Somebody is using this database" in said
    assert tables_at(address) == []


def test_an_older_database_is_brought_up_first(old: Flask, address: str) -> None:
    with old.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "Run before: peerlearn upgrade" in run(old, move, "--to", address).output


def test_many_rows_go_in_parts(old: Flask, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from peerlearn.operating import moving

    monkeypatch.setattr(moving, "ROWS", 3)
    prepared(old, lambda: [factories.person() for _ in range(10)])
    before = everything(old)
    assert run(old, move, "--to", address).exit_code == 0
    new = create_app(settings_for(address, Path(old.instance_path)))
    assert everything(new) == before
    rest(new)
