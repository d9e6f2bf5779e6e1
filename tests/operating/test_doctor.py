"""The doctor names what is wrong and how to mend it, and fails only by saying so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from flask import Flask
from sqlalchemy import event, text

from peerlearn.app import create_app
from peerlearn.cli import worker
from peerlearn.config import Settings
from peerlearn.core import clock, jobs
from peerlearn.core.db import db
from peerlearn.lessons.models import Lesson, Picture
from peerlearn.operating import examination, examination_of_data
from peerlearn.operating.commands import doctor
from peerlearn.operating.finding import Level
from tests import factories
from tests.conftest import settings_for
from tests.journeys.house import free_port
from tests.operating.conftest import Install, rest, run
from tests.reach import POSTGRESQL
from tests.storms.storm import prepared

ROOT = Path(__file__).parents[2]
SECRET = "Vd2vXqk3m0pY7uTzR9sLwB5nHc8eJfGa"


@pytest.fixture
def smtp() -> Iterator[str]:
    """A mail server on this machine."""
    port = free_port()
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    yield f"smtp://127.0.0.1:{port}"
    server.stop()


@pytest.mark.own_database
def test_a_sound_instance_is_found_sound(install: Install, smtp: str) -> None:
    app = install("first", smtp_url=smtp, mail_from="PeerLearn <learn@example.org>", secret_key=SECRET)
    prepared(app, factories.published_lesson)
    assert run(app, worker, "--once").exit_code == 0
    result = run(app, doctor)
    lines = [line for line in result.output.splitlines() if not line.startswith("good")]
    assert lines == ["10 good, 0 warn, 0 bad"], result.output
    assert result.exit_code == 0
    assert f"{'PostgreSQL' if POSTGRESQL else 'SQLite'} answers, at the newest revision." in result.output


def other_revision(_app: Flask) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))


def forgotten_picture(_app: Flask) -> None:
    lesson: Lesson = factories.published_lesson()
    about = {"width": 1, "height": 1, "size": 1, "uploaded_by_id": lesson.owner_id}
    db.session.add(Picture(lesson_id=lesson.id, digest="a" * 64, **about))


def tomorrow(_app: Flask) -> None:
    with clock.at(clock.now() + timedelta(hours=1)):
        factories.published_lesson()


def late_work(_app: Flask) -> None:
    jobs.enqueue("mail", {}, at=clock.now() - timedelta(minutes=16))


def failed_work(_app: Flask) -> None:
    factories.failed_job()


def careless(_app: Flask) -> None:
    """Changes may get lost when the power fails."""
    if POSTGRESQL:
        db.session.execute(text(f'ALTER DATABASE "{db.engine.url.database}" SET synchronous_commit = off'))
    else:
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))


def looked_into(app: Flask) -> None:
    Path(app.instance_path).chmod(0o755)


def no_folder(app: Flask) -> None:
    if POSTGRESQL:
        shutil.rmtree(app.instance_path)
    else:
        rest(app)
        Path(app.instance_path).rename(Path(app.instance_path).with_name("elsewhere"))


CASES: list[tuple[Callable[[Flask], None], str, str, str]] = [
    (other_revision, "bad", "database", "at revision 0001, this code needs"),
    (careless, "bad", "database", "synchronous"),
    (forgotten_picture, "bad", "pictures", "1 of 1 pictures are missing, the first is aaaa"),
    (tomorrow, "bad", "clock", "seconds in the future"),
    (late_work, "warn", "jobs", "Work is more than 15 minutes late"),
    (failed_work, "warn", "jobs", "1 jobs failed"),
    (looked_into, "warn", "folder", "Other users of this machine may look into"),
    (no_folder, "bad", "folder", "There is no folder"),
]


@pytest.mark.own_database
@pytest.mark.parametrize(("spoil", "level", "subject", "said"), CASES, ids=[case[0].__name__ for case in CASES])
def test_what_is_wrong_is_named(
    spoil: Callable[[Flask], None], level: str, subject: str, said: str, install: Install
) -> None:
    app = install("first", secret_key=SECRET)
    prepared(app, factories.person)
    prepared(app, lambda: spoil(app))
    rest(app)
    result = run(app, doctor)
    found = [line for line in result.output.splitlines() if line.startswith(f"{level:5} {subject:10} ")]
    assert any(said in line for line in found), result.output
    assert result.exit_code == (level == "bad")
    assert "→" in result.output


@pytest.mark.own_database
def test_full_disks_and_old_answers_are_told(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    app = install("first")
    prepared(app, factories.published_lesson)
    monkeypatch.setattr(examination_of_data, "UNREAD", 0)
    monkeypatch.setattr(examination, "ROOM", 10**18)
    result = run(app, doctor)
    assert "warn  disk" in result.output
    assert "do not count for item analysis yet" in result.output
    monkeypatch.setattr(examination, "LEAST_ROOM", 10**18)
    assert "bad   disk" in run(app, doctor).output


@pytest.mark.own_database
@pytest.mark.parametrize("url", ["sqlite:///{folder}/no/folder.db", "postgresql+psycopg://nobody@127.0.0.1:9/none"])
def test_without_a_database_the_rest_is_told(url: str, tmp_path: Path) -> None:
    app = create_app(settings_for(url.format(folder=tmp_path), tmp_path))
    result = run(app, doctor)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert ("There is no database yet" in result.output) or ("The database does not answer: " in result.output)
    assert "good  disk" in result.output
    assert "clock" not in result.output


@pytest.mark.parametrize("address", ["smtp://127.0.0.1:1", "smtps://127.0.0.1:1", "smtp://me:secret@127.0.0.1:1"])
def test_a_mail_server_that_does_not_answer_is_told(address: str, tmp_path: Path) -> None:
    other = create_app(settings_for("sqlite://", tmp_path, smtp_url=address))
    with other.app_context():
        (found,) = examination.mail(other.config["SETTINGS"])
    assert found.level is Level.BAD
    assert "does not let us in: " in found.said
    assert "secret" not in found.said


def test_mails_from_nowhere_are_told(smtp: str, tmp_path: Path) -> None:
    app = create_app(settings_for("sqlite://", tmp_path, smtp_url=smtp))
    with app.app_context():
        (found,) = examination.mail(app.config["SETTINGS"])
    assert (found.level, "most are thrown away" in found.said) == (Level.WARN, True)


@pytest.mark.parametrize(
    ("changes", "levels", "said"),
    [
        ({}, ["good"], "People reach PeerLearn at http://localhost"),
        ({"demo": True}, ["warn"], "demo"),
        ({"secret_key": "a" * 40}, ["warn"], "does not look random"),
        ({"base_url": "learn.example.org"}, ["bad"], "is no address"),
        ({"base_url": "http://learn.example.org"}, ["warn"], "unencrypted"),
        ({"base_url": "https://learn.example.org", "proxies": 1}, ["good"], "https://learn.example.org"),
        ({"base_url": "https://learn.example.org"}, ["warn"], "no proxy is trusted"),
        ({"trusted_hosts": ("learn.example.org",)}, ["bad"], "every page is 400"),
        ({"timezone": "Mars/Base"}, ["bad"], "no time zone Mars/Base"),
    ],
)
def test_settings_that_make_no_sense_are_told(changes: dict[str, Any], levels: list[str], said: str) -> None:
    values: dict[str, Any] = {"secret_key": SECRET, "base_url": "http://localhost"}
    found = examination.settings_of(Settings(**(values | changes)))
    assert [finding.level for finding in found] == levels
    assert said in found[0].said
    assert all(bool(finding.mend) == (finding.level is not Level.GOOD) for finding in found)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "Set PEERLEARN_SECRET_KEY to a long random text"),
        ({"PEERLEARN_SECRET_KEY": "short"}, "is too short"),
        ({"PEERLEARN_SECRET_KEY": SECRET, "PEERLEARN_DATABASE_URL": "mysql://x"}, "should begin with sqlite:///"),
        ({"PEERLEARN_SECRET_KEY": SECRET, "PEERLEARN_SMTP_URL": "mail"}, "PEERLEARN_SMTP_URL should look like"),
        ({"PEERLEARN_SECRET_KEY": SECRET, "PEERLEARN_RATE_LIMIT_STORAGE": "paper://"}, "does not start: "),
    ],
)
def test_it_also_tells_why_there_is_no_application(environment: dict[str, str], said: str, tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PEERLEARN_", "DATABASE_"))}
    found = subprocess.run(
        [sys.executable, "-m", "peerlearn", "doctor"],
        cwd=ROOT,
        env=bare | {"PEERLEARN_INSTANCE": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert found.stdout.startswith("bad   settings   PeerLearn does not start: ")
    assert said in found.stdout
    assert "0 good, 0 warn, 1 bad" in found.stdout
    assert "Traceback" not in found.stdout + found.stderr
