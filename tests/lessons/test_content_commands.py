"""`peerlearn content` and `peerlearn lint`: sentences, never a traceback, and an honest exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn import watching
from peerlearn.content_commands import content_group
from peerlearn.core.db import db
from peerlearn.core.errors import DomainError
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lint_command import lint_files
from tests import factories, reach
from tests.operating.conftest import Install, begin, run
from tests.operating.conftest import install as install

CONTENT = Path(__file__).parents[2] / "content"
EMAIL = "owner@example.org"
Place = Callable[[str], Flask]


@pytest.fixture
def place(install: Install) -> Place:
    """An instance with one person."""

    def make(name: str) -> Flask:
        app = install(name)
        with app.app_context():
            factories.person(email=EMAIL, roles=(("admin", 0),))
        return app

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few of the lessons that ship, with the topics and pictures."""
    ours = tmp_path / "ours"
    for source in (*sorted((CONTENT / "lessons" / "security").glob("*.md")), CONTENT / "topics.toml"):
        target = ours / source.relative_to(CONTENT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    (ours / "pictures").symlink_to(CONTENT / "pictures")
    return ours


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.own_database
def test_out_and_in_and_out_again_gives_the_same_bytes(place: Place, folder: Path, tmp_path: Path) -> None:
    one, other = place("one"), place("other")
    result = run(one, content_group, "import", CONTENT, "--owner", EMAIL)
    assert result.exit_code == 0, result.output
    assert "35 handed in for review" in result.output
    assert run(one, content_group, "export", tmp_path / "a").exit_code == 0
    assert run(other, content_group, "import", tmp_path / "a", "--owner", EMAIL).exit_code == 0
    assert run(other, content_group, "export", tmp_path / "b").exit_code == 0
    first = files_of(tmp_path / "a")
    assert first == files_of(tmp_path / "b")
    assert len([name for name in first if name.endswith(".md")]) == 35
    assert [name for name in first if name.endswith(".webp")]
    shipped = {f"lessons/{p.parent.name}/{p.name}": p.read_bytes() for p in (CONTENT / "lessons").rglob("*.md")}
    assert {name: data for name, data in first.items() if name.endswith(".md")} == shipped
    again = run(one, content_group, "export", tmp_path / "a")
    assert "0 files are new or changed" in again.output
    unchanged = run(other, content_group, "import", tmp_path / "a", "--owner", EMAIL)
    assert "35 unchanged" in unchanged.output


@pytest.mark.own_database
def test_a_dry_run_shows_each_fate_and_changes_nothing(place: Place, folder: Path) -> None:
    app = place("dry")
    (folder / "lessons" / "bad.md").write_text("---\ntitle: x\n---\n", "utf-8")
    result = run(app, content_group, "import", folder, "--owner", EMAIL, "--dry-run")
    assert result.exit_code == 1
    assert "new topic  security" in result.output
    assert "new        lessons/security/spot-a-phishing-message.md" in result.output
    assert "refused    lessons/bad.md" in result.output
    assert "line 1: The block at the top has no “summary:”. Add it." in result.output
    (folder / "lessons" / "bad.md").unlink()
    assert run(app, content_group, "import", folder, "--owner", EMAIL, "--dry-run").exit_code == 0
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Lesson)) == 0


@pytest.fixture
def hostile(folder: Path) -> Iterator[Path]:
    """A folder with everything in it that may go wrong."""
    place = folder / "lessons"
    (place / "nul.md").write_bytes(b"---\na\x00b")
    (place / "encoding.md").write_bytes("ü".encode("utf-16"))
    (place / "huge.md").write_bytes(b"x" * 1_000_000)
    (place / "bomb.md").write_text("---\na: &a [x]\nb: [*a, *a]\n---\n", "utf-8")
    (place / "deep.md").write_text("---\n" + "[" * 3000 + "\n---\n", "utf-8")
    (place / "empty.md").write_bytes(b"")
    (place / "link.md").symlink_to(place / "security" / "spot-a-phishing-message.md")
    (place / "folder-link").symlink_to(place / "security")
    os.mkfifo(place / "pipe.md")
    (place / "twin.md").write_bytes((place / "security" / "spot-a-phishing-message.md").read_bytes())
    (place / os.fsdecode(b"name-\xff\x1b[31m.md")).write_bytes(b"no lesson")
    (place / "README.md").write_text("What this folder is.", "utf-8")
    return folder


@pytest.mark.own_database
def test_whatever_lies_in_a_folder_is_told_in_sentences(place: Place, hostile: Path) -> None:
    app = place("hostile")
    for words in (("--dry-run",), (), ("--draft",)):
        result = run(app, content_group, "import", hostile, "--owner", EMAIL, *words)
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)
        assert "12 refused" in result.output, result.output
        assert "Traceback" not in result.output
        assert "\x1b" not in result.output
        assert "README" not in result.output
    for sentence in ("NUL", "not UTF-8", "longer than 100000", "&, * and !", "is a link", "is no file", "has the id"):
        assert sentence in result.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Lesson)) == 0
    told = app.test_cli_runner().invoke(lint_files, [str(hostile)])
    assert told.exit_code == 1
    assert isinstance(told.exception, SystemExit)


@pytest.mark.own_database
def test_what_is_no_folder_and_who_is_nobody(place: Place, folder: Path, tmp_path: Path) -> None:
    app = place("names")
    for name in (tmp_path / "nothing", CONTENT / "topics.toml"):
        for command in ("import", "watch"):
            result = run(app, content_group, command, name, "--owner", EMAIL)
            assert isinstance(result.exception, DomainError)
    assert isinstance(run(app, content_group, "export", CONTENT / "topics.toml").exception, DomainError)
    result = run(app, content_group, "import", folder, "--owner", "nobody@example.org")
    assert result.exit_code == 1
    assert "Nobody has the address nobody@example.org" in result.output


def test_lint_tells_lines_and_ends_with_1_only_on_errors(app: Flask, tmp_path: Path) -> None:
    sound, bad = CONTENT / "lessons" / "security" / "spot-a-phishing-message.md", tmp_path / "bad.md"
    runner = app.test_cli_runner()
    result = runner.invoke(lint_files, [str(sound)])
    assert result.exit_code == 0
    assert f"{sound}:151: hint: A retake asks the same again. Add 2 spare questions" in result.output
    assert "1 files: 0 errors, 0 warnings, 1 hints" in result.output
    bad.write_text("---\nkind: poem\n---\n", "utf-8")
    result = runner.invoke(lint_files, [str(sound), str(bad), str(tmp_path / "gone.md")])
    assert result.exit_code == 1
    assert f"{bad}:2: error: There is no such kind of lesson. Use one of: how-to" in result.output
    assert "gone.md cannot be opened: no such file or directory." in result.output


def test_the_schema_can_be_printed(app: Flask) -> None:
    result = app.test_cli_runner().invoke(content_group, ["schema"])
    shipped = CONTENT.parent / "docs" / "lesson-front.schema.json"
    assert result.output == shipped.read_text("utf-8")


def test_a_watcher_notices_what_is_new_saved_and_gone(tmp_path: Path) -> None:
    one, two = tmp_path / "one.md", tmp_path / "two.md"
    one.write_text("a", "utf-8")
    watcher = watching.Watcher(tmp_path)
    assert watcher.changed() == [one]
    assert watcher.changed() == []
    two.write_text("b", "utf-8")
    one.write_text("longer", "utf-8")
    assert watcher.changed() == [one, two]
    watcher.forget(one)
    assert watcher.changed() == [one]
    two.unlink()
    assert watcher.changed() == []
    two.write_text("b", "utf-8")
    assert watcher.changed() == [two]


def save(path: Path, data: bytes) -> None:
    """Save a file as editors do: whole, in one moment."""
    new = path.with_name(".new")
    new.write_bytes(data)
    new.replace(path)


def wait_for(process: subprocess.Popen[str], words: str) -> None:
    """Read what a command tells until these words stand there."""
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if words in line:
            return
    raise AssertionError(told)


@pytest.mark.own_database
def test_watching_keeps_each_saved_file_as_a_draft_until_ctrl_c(place: Place, folder: Path) -> None:
    app = place("watch")
    with app.app_context():
        run(app, content_group, "import", folder, "--owner", EMAIL, "--draft")
    path = folder / "lessons" / "security" / "share-files-safely.md"
    process = begin(app, "content", "watch", folder, "--owner", EMAIL, "--every", "0.1")
    try:
        wait_for(process, "unchanged  lessons/security/spot-a-phishing-message.md")
        save(path, b"no lesson any more")
        wait_for(process, "refused    lessons/security/share-files-safely.md")
        text = (CONTENT / "lessons" / "security" / path.name).read_bytes()
        save(path, text.replace(b"## ", b"## My ", 1))
        wait_for(process, "update     lessons/security/share-files-safely.md")
        save(path, text.replace(b"## ", b"## Our own ", 1))
        wait_for(process, "update     lessons/security/share-files-safely.md")
        process.send_signal(signal.SIGINT)
        rest, _none = process.communicate(timeout=60)
        assert rest == "\nStopped.\n"
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait()
    with app.app_context():
        numbers = select(Revision.number, Revision.state, Revision.version).where(Revision.number > 1)
        assert db.session.execute(numbers).all() == [(2, "draft", 2)]  # the second save went over the first


@pytest.mark.skipif(bool(reach.POSTGRESQL), reason="a file that may only be read is SQLite's")
@pytest.mark.own_database
def test_a_database_that_may_only_be_read_is_told(place: Place, folder: Path) -> None:
    app = place("closed")
    settings = app.config["SETTINGS"]
    file = settings.database_url.removeprefix("sqlite:///")
    closed = f"sqlite:///file:{file}?mode=ro&uri=true"
    environment = os.environ | {
        "PEERLEARN_SECRET_KEY": settings.secret_key,
        "PEERLEARN_DATABASE_URL": closed,
        "PEERLEARN_INSTANCE": str(settings.instance),
    }
    command = ["-m", "peerlearn", "content", "import", str(folder), "--owner", EMAIL]
    done = subprocess.run(
        [sys.executable, *command], env=environment, cwd=CONTENT.parent, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert "The database refused" in done.stderr
    assert "Traceback" not in done.stderr
