"""The `peerlearn lint` command: files are checked as the editor checks them, in the library where there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from flask import current_app
from flask.cli import NoAppException, ScriptInfo
from sqlalchemy import make_url, select

from peerlearn.config import SettingsError
from peerlearn.core.db import db, reading
from peerlearn.lessons import fileformat, folders, lint, queries, standing, surroundings
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.folders import Found
from peerlearn.lessons.models import Lesson, LessonAuthor
from peerlearn.quizzes.problem import Problem
from peerlearn.ready import unready

NOT_ASKED = "Links to lessons, topics, pictures and lessons that say the same were not looked up: {reason}"
FOLDERS_ABOVE = 3  # in which a file may have its pictures: lessons/<topic>/<id>.md


@click.command("lint")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
def lint_files(files: tuple[Path, ...]) -> None:
    """Check lesson files, or all those of a folder; exit 1 when one has an error.

    Where PeerLearn is set up, what they name is looked up in its library. Nothing is changed.
    """
    levels: Counter[str] = Counter()
    given = [(path, each) for each in files for path in (folders.lesson_paths(each) if each.is_dir() else [each])]
    with _library() as reason:
        together = frozenset() if reason else _ids_of(path for path, _ in given)
        for path, each in given:
            found, folder = folders.read(path), each if each.is_dir() else _folder_around(path)
            problems = _alone(found) if reason else problems_of(found, folder, None, together)
            levels.update(tell_problems(found.name, problems))
    if reason:
        click.echo(NOT_ASKED.format(reason=reason), err=True)
    click.echo(
        f"{len(given)} files: {', '.join(f'{levels[level]} {level}s' for level in ('error', 'warning', 'hint'))}"
    )
    raise SystemExit(1 if levels["error"] else 0)


def problems_of(
    found: Found, folder: Path | None, writer_id: int | None, together: Collection[str] = ()
) -> tuple[Problem, ...]:
    """What is to be mended in a file, as somebody reads who writes it in the editor.

    `writer_id` None stands for the authors of the lesson. `together` are the ids of lessons that come along with it,
    `folder` holds the pictures and topics that do.
    """
    if found.problems:
        return found.problems
    file = fileformat.parse(found.text)
    known = surroundings.known_around(_lesson_of(file, writer_id), file, writer_id=writer_id)
    coming = frozenset(together) - {standing.uid_of(file)}
    return lint.lint(
        file,
        replace(
            known,
            slugs=(known.slugs or frozenset()) | coming,
            uids=(known.uids or frozenset()) | coming,
            topics=(known.topics or frozenset()) | _topics_beside(folder),
            pictures=(known.pictures or frozenset()) | _pictures_beside(folder, found.text),
        ),
    )


def tell_problems(name: str, problems: Iterable[Problem]) -> Counter[str]:
    """A line for each problem as editors know it: file, line, level, sentence; how many there are of each level."""
    levels: Counter[str] = Counter()
    for problem in problems:
        click.echo(f"{name}:{problem.line}: {problem.level}: {problem.message}")
        levels[problem.level] += 1
    return levels


def _alone(found: Found) -> tuple[Problem, ...]:
    """What can be said of a file where nothing can be looked up."""
    return found.problems or lint.lint(fileformat.parse(found.text))


@contextmanager
def _library() -> Iterator[str]:
    """Let the library of this instance be asked; words say why it cannot be. No database is made for it."""
    context = click.get_current_context()
    try:
        app = context.ensure_object(ScriptInfo).load_app()
    except (SettingsError, NoAppException):
        yield "no PeerLearn is set up here."
        return
    with app.app_context(), reading():
        try:
            yield "there is no database yet." if _is_missing() else unready() or ""
        finally:
            db.session.remove()


def _is_missing() -> bool:
    """Whether the database is a file that nobody made yet: looking into it would make it."""
    url = make_url(current_app.config["SETTINGS"].database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database and not url.database.startswith((":", "file:"))
    return bool(is_file) and not Path(current_app.instance_path, str(url.database)).exists()


def _ids_of(paths: Iterable[Path]) -> frozenset[str]:
    """The ids of the lessons in these files."""
    return frozenset(standing.uid_of(fileformat.parse(folders.read(path).text)) for path in paths) - {""}


def _lesson_of(file: LessonFile, writer_id: int | None) -> int:
    """The lesson that a file is the text of, unless it is one of other authors; 0 for a new one."""
    statement = select(Lesson.id).where(Lesson.uid == standing.uid_of(file))
    if writer_id is not None:
        wrote = select(LessonAuthor.lesson_id).where(LessonAuthor.person_id == writer_id)
        statement = statement.where(Lesson.id.in_(wrote))
    return db.session.scalar(statement) or 0


def _folder_around(path: Path) -> Path | None:
    """The folder of lessons in which a file lies, if it lies in one."""
    above = path.absolute().parents[:FOLDERS_ABOVE]
    return next((folder for folder in above if (folder / folders.PICTURES).is_dir()), None)


def _pictures_beside(folder: Path | None, text: str) -> frozenset[str]:
    """The pictures that a text shows and that come along with it."""
    shown = queries.picture_digests(text) if folder else ()
    return frozenset(digest for digest in shown if folder and folders.picture(folder, digest) is not None)


def _topics_beside(folder: Path | None) -> frozenset[str]:
    """The topics that come along with a folder."""
    return frozenset(topic.slug for topic in folders.topics_of(folder)) if folder else frozenset()
