"""`peerlearn questions`: sentences on the standard error, files on the standard output, an honest exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from peerlearn.accounts.models import Person
from peerlearn.core.db import db as database
from peerlearn.core.errors import NotValid
from peerlearn.exchange_commands import questions_group
from peerlearn.lessons import actions, fileformat, queries
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes import textform
from peerlearn.quizzes.exchange.registry import FORMATS, read
from tests import factories

FILES = Path(__file__).parents[1] / "quizzes" / "exchange" / "files"


def run(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(questions_group, [str(word) for word in words])


@pytest.fixture
def draft(db: Any) -> Lesson:
    author = factories.person("Author")
    lesson, _ = actions.import_file(factories.lesson_text(factories.topic()), owner=author, by=author)
    database.session.commit()
    return lesson


def owner_of(lesson: Lesson) -> str:
    return database.session.get_one(Person, lesson.owner_id).email


def questions_of(lesson: Lesson) -> int:
    database.session.expire_all()
    revision = queries.open_revision(lesson.id)
    assert revision is not None
    return len(fileformat.parse(revision.source).questions)


def test_a_file_becomes_a_quiz_and_a_report(app: Flask) -> None:
    result = run(app, "import", FILES / "text2qti.zip")
    assert result.exit_code == 1
    quiz = textform.parse(result.stdout)
    assert len(quiz.questions) == 7
    assert "8: left out: Hand in the signed drill sheet.: Files cannot be handed in here." in result.stderr
    assert "9 questions: 6 kept, 1 changed, 2 left out" in result.stderr
    assert run(app, "import", FILES / "json2qti.zip").exit_code == 0


def test_a_file_goes_into_a_draft(app: Flask, draft: Lesson) -> None:
    before, file = questions_of(draft), FILES / "json2qti.zip"
    result = run(app, "import", file, "--into", draft.uid, "--by", owner_of(draft))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "2 questions stand in the draft" in result.stderr
    assert questions_of(draft) == before + 2
    assert run(app, "import", file, "--into", draft.uid, "--by", owner_of(draft), "--instead").exit_code == 0
    assert questions_of(draft) == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["import", "nowhere.xml"], 2, "does not exist"),
        (["import", FILES / "README.md"], 1, "none of the formats"),
        (["import", FILES / "json2qti.zip", "--into", "x"], 2, "belong together"),
        (["import", FILES / "json2qti.zip", "--instead"], 2, "needs a lesson"),
        (["import", FILES / "json2qti.zip", "--into", "x", "--by", "nobody@example.org"], 1, "Nobody has the address"),
        (["export", "nothing-like-it", "--format", "gift"], 1, "neither a file nor a lesson"),
        (["export", "nothing-like-it"], 2, "in which format"),
        (["export", "x", "--format", "poem"], 2, "Invalid value"),
        (["export", FILES / "README.md", "--format", "gift"], 1, "no questions yet"),
        (["export", FILES / "json2qti.zip", "--format", "gift"], 1, "not UTF-8"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(app: Flask, db: Any, words: list[object], code: int, said: str) -> None:
    result = run(app, *words)
    assert result.exit_code == code
    assert said in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_only_an_author_takes_questions_in(app: Flask, draft: Lesson) -> None:
    stranger = factories.person("Stranger")
    database.session.commit()
    result = run(app, "import", FILES / "json2qti.zip", "--into", draft.uid, "--by", stranger.email)
    assert result.exit_code == 1
    assert "has no lesson with the id" in result.stderr


def test_a_full_lesson_refuses(app: Flask, draft: Lesson, tmp_path: Path) -> None:
    file = tmp_path / "many.gift"
    file.write_text("Is it so?{T}\n\n" * 61)
    result = run(app, "import", file, "--into", draft.uid, "--by", owner_of(draft))
    assert isinstance(result.exception, NotValid)
    assert "room for" in str(result.exception)


@pytest.mark.parametrize("slug", FORMATS)
def test_a_lesson_of_the_library_and_a_lesson_file_are_written(
    app: Flask, draft: Lesson, tmp_path: Path, slug: str
) -> None:
    out = tmp_path / f"out{FORMATS[slug].suffix}"
    result = run(app, "export", draft.uid, "--format", slug, "--output", out)
    assert "holds all right answers" in result.stderr
    assert len(read(out.read_bytes(), slug=slug).questions) == questions_of(draft)
    revision = queries.open_revision(draft.id)
    assert revision is not None
    (tmp_path / "lesson.md").write_text(revision.source, encoding="utf-8")
    again = run(app, "export", tmp_path / "lesson.md", "--format", slug)
    assert len(read(again.stdout_bytes, slug=slug).questions) == questions_of(draft)


def test_the_format_follows_from_the_name_of_the_file(app: Flask, draft: Lesson, tmp_path: Path) -> None:
    out = tmp_path / "out.gift"
    run(app, "export", draft.uid, "--output", out)
    assert out.read_text(encoding="utf-8").startswith("//")
