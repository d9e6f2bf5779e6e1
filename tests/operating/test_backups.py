"""A backup holds one moment, whoever writes meanwhile; restoring brings exactly that back, or changes nothing."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import create_engine, inspect, text

from peerlearn import cli
from peerlearn.core import revisions
from peerlearn.core.db import db, reading
from peerlearn.operating import copies_sqlite
from peerlearn.operating.commands import backup, restore
from peerlearn.operating.copied import Contents, contents_of
from tests import factories
from tests.factories import Walk
from tests.operating.conftest import Install, begin, rest, run, store_of
from tests.reach import POSTGRESQL
from tests.storms.storm import no_differences, prepared

pytestmark = pytest.mark.own_database
Change = Callable[[dict[str, bytes]], Any]


def everything(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    with app.app_context(), reading(), db.engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(text(f'SELECT * FROM "{name}"'))), key=repr)
            for name in inspect(connection).get_table_names()
        }


def contents(app: Flask) -> Contents | None:
    """What the database of an instance holds."""
    with app.app_context(), reading(), db.engine.connect() as connection:
        return contents_of(connection)


def facts(app: Flask) -> int:
    """How much has happened on an instance."""
    found = contents(app)
    assert found
    return found.rows["facts"]


def pictures(app: Flask) -> dict[str, bytes]:
    """All pictures of an instance."""
    return {digest: store_of(app).path_of(digest).read_bytes() for digest in store_of(app).digests()}


def lively(install: Install, name: str = "first") -> Flask:
    """An instance with somebody who learned a lesson, and with pictures."""
    app = install(name)
    prepared(app, lambda: learn(factories.published_lesson().slug))
    for number in range(5):
        store_of(app).put(bytes([number]) * 10_000)
    rest(app)
    return app


def learn(slug: str) -> None:
    """Somebody new takes a lesson and its quiz."""
    walk = Walk(factories.person(), slug, factories.MONDAY + timedelta(days=1))
    walk.read()
    walk.quiz()


def test_a_drill_under_write(install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app, file, stop = lively(install), tmp_path / "all.zip", threading.Event()
    monkeypatch.setattr(copies_sqlite, "PAGES", 5)  # many steps, with writes between them
    slug = prepared(app, lambda: factories.published_lesson().slug)

    def write() -> None:
        while not stop.is_set():
            prepared(app, lambda: learn(slug))
            store_of(app).put(os.urandom(1000))

    before = facts(app)
    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        while facts(app) == before:
            stop.wait(0.05)
        result = run(app, backup, file)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert result.exit_code == 0, result.output
    held = json.loads(ZipFile(file).read("manifest.json"))
    assert before < held["rows"]["facts"] <= facts(app)
    second = install("second", empty=True)
    result = run(second, restore, file)
    assert result.exit_code == 0, result.output
    assert f"Restored {held['rows']['people']} people" in result.output
    found = contents(second)
    assert found
    assert (found.revision, found.rows) == (held["revision"], held["rows"])
    no_differences(second)
    assert run(second, cli.points_verify).output == "0 differences\n"
    assert pictures(second).items() <= pictures(app).items()
    assert len(pictures(second)) == held["pictures"] >= 5


@pytest.mark.skipif(bool(POSTGRESQL), reason="PostgreSQL copies a moment that it exports")
def test_a_copy_in_steps_sees_one_moment(install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else writes between any two steps; without a moment held fast the copy would begin anew each time."""
    app, steps = lively(install), count()
    before = everything(app)
    somebody = create_engine(f"sqlite:///{tmp_path / 'first' / 'first.db'}")

    def writing(_label: str, total: int) -> Callable[[int], None]:
        def show(_done: int) -> None:
            number = next(steps)
            assert number <= total
            with somebody.begin() as connection:
                connection.execute(text(f"INSERT INTO teams (slug, name, name_key, created_at) VALUES {team(number)}"))

        def team(number: int) -> str:
            return f"('new-{number}', 'New {number}', 'new {number}', '2026-01-05')"

        return show

    with monkeypatch.context() as patch:
        patch.setattr(copies_sqlite, "PAGES", 5)
        patch.setattr(copies_sqlite, "progress", writing)
        result = run(app, backup, tmp_path / "all.zip")
    somebody.dispose()
    assert result.exit_code == 0, result.output
    assert next(steps) > 20
    assert len(everything(app)["teams"]) > len(before["teams"])
    second = install("second", empty=True)
    assert run(second, restore, tmp_path / "all.zip").exit_code == 0
    assert everything(second) == before


def test_what_comes_back_is_what_was_saved(install: Install, tmp_path: Path) -> None:
    app, second, file = lively(install), install("second", empty=True), tmp_path / "all.zip"
    result = run(app, backup, file)
    assert result.exit_code == 0, result.output
    assert "and 5 pictures to" in result.output
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    result = run(second, restore, file)
    assert result.exit_code == 0, result.output
    assert everything(second) == everything(app)
    assert pictures(second) == pictures(app)
    prepared(second, lambda: learn(factories.published_lesson().slug))  # ids go on where they were
    no_differences(second)


def test_a_backup_takes_no_other_files_place_and_leaves_nothing_half(install: Install, tmp_path: Path) -> None:
    app, file = lively(install), tmp_path / "all.zip"
    file.write_text("mine")
    result = run(app, backup, file)
    assert (result.exit_code, file.read_text()) == (1, "mine")
    assert "Choose another name" in result.output
    result = run(app, backup, tmp_path / "no" / "such" / "folder.zip")
    assert result.exit_code == 1
    assert "could not be written: No such file or directory" in result.output
    empty = install("empty", empty=True)
    result = run(empty, backup, tmp_path / "nothing.zip")
    assert result.exit_code == 1
    assert "no tables of PeerLearn yet" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip", "empty", "first"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_who_is_stopped_leaves_no_half_backup(number: signal.Signals, install: Install, tmp_path: Path) -> None:
    app, file = lively(install), tmp_path / "all.zip"
    for _ in range(1_500):
        store_of(app).put(os.urandom(20_000))
    process = begin(app, "backup", file)
    while process.poll() is None and not list(tmp_path.glob(".peerlearn-backup-*/whole.zip")):
        time.sleep(0.005)
    process.send_signal(number)
    said = process.communicate(timeout=60)[0]
    assert process.returncode, said
    assert "Traceback" not in said
    assert not file.exists()
    if number != signal.SIGKILL:
        assert not list(tmp_path.glob(".peerlearn-backup-*"))
    assert run(app, backup, file).exit_code == 0


def test_a_damaged_picture_is_left_out_and_told_and_mended_from_a_backup(install: Install, tmp_path: Path) -> None:
    app, whole = lively(install), tmp_path / "whole.zip"
    run(app, backup, whole)
    kept = pictures(app)
    digest = next(iter(kept))
    store_of(app).path_of(digest).write_bytes(b"rust")
    result = run(app, backup, tmp_path / "less.zip")
    assert result.exit_code == 0
    assert "and 4 pictures" in result.output
    assert f"The picture {digest} is damaged" in result.output
    rest(app)
    assert run(app, restore, whole, "--replace").exit_code == 0
    assert pictures(app) == kept


def test_people_are_not_written_over_unless_told_and_then_kept_aside(install: Install, tmp_path: Path) -> None:
    app, other, file = lively(install), lively(install, "other"), tmp_path / "all.zip"
    run(app, backup, file)
    before = everything(other)
    rest(other)
    result = run(other, restore, file)
    assert result.exit_code == 1
    assert f"has {len(before['people'])} people in it" in result.output
    assert "--replace" in result.output
    assert everything(other) == before
    rest(other)
    result = run(other, restore, file, "--replace")
    assert result.exit_code == 0, result.output
    assert everything(other) == everything(app)
    assert "What was there before is kept: " in result.output
    if POSTGRESQL:
        with other.app_context(), db.engine.connect() as connection:
            aside = next(name for name in inspect(connection).get_schema_names() if name.startswith("before_restore_"))
            people = connection.scalar(text(f"SELECT count(*) FROM {aside}.people"))
        again = tmp_path / "again.zip"
        assert run(other, backup, again).exit_code == 0  # without what is kept aside
        assert run(install("third", empty=True), restore, again).exit_code == 0
    else:
        (aside,) = (tmp_path / "other").glob("other.db.before-restore-*")
        with closing(sqlite3.connect(aside)) as connection:
            people = connection.execute("SELECT count(*) FROM people").fetchone()[0]
    assert people == len(before["people"])


def test_a_database_in_use_is_left_alone(install: Install, tmp_path: Path) -> None:
    app, file = lively(install), tmp_path / "all.zip"
    run(app, backup, file)
    store_of(app).remove(next(store_of(app).digests()))
    before, shown = everything(app), pictures(app)
    with app.app_context():
        server = create_engine(db.engine.url)
    with server.connect() as connection:  # afterwards it is kept for the next request
        connection.execute(text("SELECT count(*) FROM people"))
    result = run(app, restore, file, "--replace")
    server.dispose()
    assert result.exit_code == 1
    assert "Stop PeerLearn" in result.output
    assert (everything(app), pictures(app)) == (before, shown)


@pytest.mark.skipif(bool(POSTGRESQL), reason="a file can be damaged, a server tells of itself")
def test_a_damaged_database_is_kept_aside_too(install: Install, tmp_path: Path) -> None:
    app, file = lively(install), tmp_path / "all.zip"
    run(app, backup, file)
    before = everything(app)
    rest(app)
    place = tmp_path / "first" / "first.db"
    place.write_bytes(b"no database at all" * 1000)
    result = run(app, backup, tmp_path / "damaged.zip")
    assert result.exit_code == 1
    result = run(app, restore, file)
    assert result.exit_code == 1
    assert "cannot be read" in result.output
    result = run(app, restore, file, "--replace")
    assert result.exit_code == 0, result.output
    assert everything(app) == before
    (aside,) = place.parent.glob("first.db.before-restore-*")
    assert aside.read_bytes().startswith(b"no database at all")


def rewritten(file: Path, change: Change) -> Path:
    """The same backup with other files in it."""
    with ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    other = file.with_name("other.zip")
    with ZipFile(other, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return other


def manifest(**values: Any) -> Change:
    """The change to a manifest."""

    def change(files: dict[str, bytes]) -> None:
        files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]) | values).encode()

    return change


def drop(start: str) -> Change:
    """A file is missing."""
    return lambda files: files.pop(next(name for name in files if name.startswith(start)))


def spoil(start: str) -> Change:
    """A file is another one."""

    def change(files: dict[str, bytes]) -> None:
        name = next(name for name in files if name.startswith(start))
        files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])

    return change


CHANGES: list[tuple[Change, str]] = [
    (manifest(revision="9999", release="7.0"), "revision 9999, which this release does not know. Install .* (7.0)"),
    (manifest(format=2), "made by another release"),
    (manifest(database="oracle"), "This backup is of another database"),
    (manifest(colour="red"), "manifest cannot be read"),
    (manifest(rows={"people": 1}), "rows in this backup are not those"),
    (lambda files: files.update({"manifest.json": b"{"}), "manifest cannot be read"),
    (drop("manifest"), "not a backup made by"),
    (drop("media/"), "pictures are missing"),
    (drop("database"), "The backup is damaged"),
    (spoil("media/"), "a picture is not the one"),
    (spoil("database"), "its database is not the one"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES, ids=[said for _, said in CHANGES])
def test_what_is_no_whole_backup_changes_nothing(change: Change, said: str, install: Install, tmp_path: Path) -> None:
    app, file = lively(install), tmp_path / "all.zip"
    run(app, backup, file)
    before, shown = everything(app), pictures(app)
    rest(app)
    result = run(app, restore, rewritten(file, change), "--replace")
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (1, True), result.exception
    assert all(part in result.output for part in said.split(" .* ")), result.output
    assert (everything(app), pictures(app)) == (before, shown)
    assert not list((tmp_path / "first").glob("*before-restore*"))
    assert not list((tmp_path / "first").glob(".restore-*"))


@pytest.mark.parametrize("length", [0, 100, 20_000])
def test_a_file_that_ends_early_is_told_in_a_sentence(length: int, install: Install, tmp_path: Path) -> None:
    app, file = lively(install), tmp_path / "all.zip"
    run(app, backup, file)
    rest(app)
    file.write_bytes(file.read_bytes()[:length])
    result = run(app, restore, file, "--replace")
    assert result.exit_code == 1
    assert "The backup is damaged: file is not a zip file." in result.output


def test_an_older_revision_comes_back_and_asks_for_an_upgrade(install: Install, tmp_path: Path) -> None:
    app, file, second = install("first"), tmp_path / "all.zip", install("second", empty=True)
    with app.app_context():
        downgrade(revision=revisions.known()[-2])
    run(app, backup, file)
    result = run(second, restore, file)
    assert result.exit_code == 0, result.output
    assert f"It is at revision {revisions.known()[-2]}" in result.output
    found = contents(second)
    assert found
    assert found.revision == revisions.known()[-2]


def test_without_the_programs_of_postgresql_it_says_what_to_install(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = lively(install)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(app, backup, tmp_path / "all.zip")
    if POSTGRESQL:
        assert result.exit_code == 1
        assert "pg_dump is not on this machine. Install" in result.output
    else:
        assert result.exit_code == 0
