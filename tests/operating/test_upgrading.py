"""An upgrade saves everything first, runs alone, does all or nothing, and says what it did."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import text

from peerlearn.core import revisions
from peerlearn.core.db import db
from peerlearn.operating import upgrading
from peerlearn.operating.commands import restore, upgrade
from tests import factories
from tests.operating.conftest import Install, begin, rest, run
from tests.storms.storm import prepared

pytestmark = pytest.mark.own_database
NEWEST, OLDER = revisions.known()[-1], revisions.known()[-3]


def older(install: Install) -> Flask:
    """An instance with a person in it, at a revision some releases ago."""
    app = install("first")
    prepared(app, factories.person)
    with app.app_context():
        downgrade(revision=OLDER)
    rest(app)
    return app


def revision_of(app: Flask) -> str | None:
    """Where the database of an instance is."""
    with app.app_context():
        return upgrading.found()


def test_it_saves_migrates_and_says_so(install: Install, tmp_path: Path) -> None:
    app = older(install)
    result = run(app, upgrade)
    assert result.exit_code == 0, result.output
    (file,) = (tmp_path / "first" / "backups").iterdir()
    assert file.name.startswith(f"peerlearn-{OLDER}-")
    assert f"Saved 1 people, what they did and 0 pictures to {file}" in result.output
    assert f"  {NEWEST}: " in result.output
    assert f"Brought the database from revision {OLDER} to {NEWEST}" in result.output
    assert revision_of(app) == NEWEST
    rest(app)
    assert run(app, restore, file, "--replace").exit_code == 0
    assert revision_of(app) == OLDER


def test_with_nothing_to_do_it_does_nothing(install: Install, tmp_path: Path) -> None:
    app = install("first")
    result = run(app, upgrade)
    assert (result.exit_code, "nothing to do" in result.output) == (0, True)
    assert not (tmp_path / "first" / "backups").exists()


def test_a_new_instance_needs_no_backup(install: Install, tmp_path: Path) -> None:
    app = install("first", empty=True)
    result = run(app, upgrade)
    assert result.exit_code == 0, result.output
    assert f"from revision none to {NEWEST}" in result.output
    assert not (tmp_path / "first" / "backups").exists()


def test_the_backup_goes_where_it_is_told(install: Install, tmp_path: Path) -> None:
    app = older(install)
    assert run(app, upgrade, "--to", tmp_path / "safe").exit_code == 0
    assert len(list((tmp_path / "safe").iterdir())) == 1
    with app.app_context():
        downgrade(revision=OLDER)
    assert run(app, upgrade, "--no-backup").exit_code == 0
    assert not (tmp_path / "first" / "backups").exists()


def test_without_a_backup_nothing_is_changed(install: Install, tmp_path: Path) -> None:
    app = older(install)
    (tmp_path / "first" / "backups").write_text("a file stands where the folder should be")
    result = run(app, upgrade)
    assert result.exit_code == 1
    assert "for the backup cannot be used: File exists" in result.output
    assert revision_of(app) == OLDER


def test_a_newer_database_is_left_alone(install: Install) -> None:
    app = install("first")
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    result = run(app, upgrade)
    assert result.exit_code == 1
    assert "revision 9999, which this release does not know. Install" in result.output
    assert revision_of(app) == "9999"


REFUSALS = {  # to write down that a step is done, which comes after all that the step changes
    "sqlite": ("CREATE TRIGGER refuse BEFORE UPDATE ON alembic_version BEGIN SELECT RAISE(ABORT, 'not today'); END",),
    "postgresql": (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$",
        "CREATE TRIGGER refuse BEFORE UPDATE ON alembic_version FOR EACH ROW EXECUTE FUNCTION refuse()",
    ),
}


def test_what_does_not_succeed_changes_nothing(install: Install, tmp_path: Path) -> None:
    app = older(install)
    with app.app_context(), db.engine.begin() as connection:
        for statement in REFUSALS[connection.dialect.name]:
            connection.execute(text(statement))
    result = run(app, upgrade)
    assert result.exit_code == 1
    assert "The upgrade did not succeed:" in result.output
    assert "not today" in result.output
    assert f"as it was, at revision {OLDER}." in result.output
    assert revision_of(app) == OLDER
    assert len(list((tmp_path / "first" / "backups").iterdir())) == 1


def test_two_at_once_take_turns(install: Install, tmp_path: Path) -> None:
    app = older(install)
    with app.app_context(), upgrading.alone():
        waiting = [begin(app, "upgrade"), begin(app, "upgrade")]
        for process in waiting:
            assert process.stdout
            assert process.stdout.readline().strip() == upgrading.WAITING
        assert upgrading.found() == OLDER
        db.session.remove()
    said = sorted(process.communicate(timeout=60)[0] for process in waiting)
    assert [process.returncode for process in waiting] == [0, 0], said
    assert sum("Brought the database from" in words for words in said) == 1, said
    assert sum("nothing to do" in words for words in said) == 1, said
    assert len(list((tmp_path / "first" / "backups").iterdir())) == 1
    assert revision_of(app) == NEWEST
