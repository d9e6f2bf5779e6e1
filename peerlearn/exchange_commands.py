"""The `peerlearn questions` commands: questions from files of other systems, and into them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import with_appcontext

from peerlearn.accounts import queries as accounts
from peerlearn.core.db import db, reading
from peerlearn.lessons import access, actions, fileformat, queries, rules, taking
from peerlearn.quizzes import textform
from peerlearn.quizzes.exchange import registry
from peerlearn.quizzes.exchange.report import STATUS_TITLES, Fate, Status, count
from peerlearn.quizzes.question import Question

SUFFIXES = {".xml": "moodle", ".gift": "gift", ".csv": "csv", ".xlsx": "xlsx"}
FORMAT = click.option("--format", "slug", type=click.Choice(list(registry.FORMATS)), help="The format of the file.")


@click.group("questions")
def questions_group() -> None:
    """Bring questions from other systems, and take them there."""


@questions_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@FORMAT
@click.option("--into", "uid", help="Id of the lesson whose draft takes the questions in.")
@click.option("--by", "email", help="E-mail address of an author of that lesson.")
@click.option("--instead", is_flag=True, help="Take the place of the questions the draft has.")
@with_appcontext
def import_questions(file: Path, slug: str | None, uid: str | None, email: str | None, instead: bool) -> None:
    """Read a file; exit 1 when something was left out.

    Without --into nothing is changed: the questions are printed as a lesson file has them.
    """
    if (uid is None) != (email is None):
        raise click.UsageError("--into and --by belong together: a lesson, and who takes questions into it.")
    if instead and uid is None:
        raise click.UsageError("--instead needs a lesson: --into LESSON --by ADDRESS.")
    found = registry.read(file.read_bytes(), file.name, slug or "")
    if found.problem:
        raise click.ClickException(found.problem.message)
    tell(found.fates, [remark.message for remark in found.remarks])
    if uid is None or email is None:
        click.echo(textform.print_quiz(found.questions), nl=False)
    elif found.questions:
        take(found.questions, uid, email, instead=instead)
    raise SystemExit(1 if count(found.fates, Status.SKIPPED) else 0)


@questions_group.command("export")
@click.argument("lesson")
@FORMAT
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@with_appcontext
def export_questions(lesson: str, slug: str | None, output: Path | None) -> None:
    """Write the questions of a lesson (its id, or the name of a lesson file); exit 1 when something was left out."""
    slug = slug or (SUFFIXES.get(output.suffix.lower()) if output else None)
    if slug is None:
        raise click.UsageError(f"Say in which format: --format {', '.join(registry.FORMATS)}.")
    if output is None and sys.stdout.isatty() and slug not in ("gift", "csv", "moodle"):
        raise click.UsageError("This format is no text. Say where to write it: --output FILE.")
    title, source = text_of(lesson)
    file = fileformat.parse(source)
    if not file.questions:
        raise click.ClickException("This lesson has no questions yet.")
    written = registry.write(file.questions, slug, title or file.front.title)
    tell(written.fates)
    if output is None:
        click.echo(written.data, nl=False)
    else:
        output.write_bytes(written.data)
        click.echo(f"Written to {output}. The file holds all right answers.", err=True)
    raise SystemExit(1 if count(written.fates, Status.SKIPPED) else 0)


def tell(fates: Sequence[Fate], remarks: Sequence[str] = ()) -> None:
    """The loss report, a line for each thing that did not come along."""
    for fate in fates:
        for loss in fate.losses:
            click.echo(f"{fate.number}: {STATUS_TITLES[fate.status].lower()}: {fate.title}: {loss.message}", err=True)
    for remark in remarks:
        click.echo(remark, err=True)
    parts = [f"{count(tuple(fates), status)} {title.lower()}" for status, title in STATUS_TITLES.items()]
    click.echo(f"{len(fates)} questions: {', '.join(parts)}", err=True)


def take(questions: Sequence[Question], uid: str, email: str, *, instead: bool) -> None:
    """Take questions into the draft of a lesson, in the name of one of its authors."""
    person = accounts.active_by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody has the address {email}.")
    lesson = queries.lesson_by_uid(uid)
    if lesson is None or not access.is_author(lesson, person):
        raise click.ClickException(f"{person.name} has no lesson with the id {uid}.")
    revision = actions.revise(lesson, by=person)
    source = taking.with_questions(revision.source, questions, instead=instead)
    actions.save_draft(revision, source, base_version=revision.version, by=person)
    db.session.commit()
    click.echo(f"{len(questions)} questions stand in the draft of “{revision.title}”.", err=True)


def text_of(lesson: str) -> tuple[str, str]:
    """The title and the text of a lesson: a file, or the newest revision that was written or handed in."""
    path = Path(lesson)
    if path.is_file():
        source = fileformat.decode(path.read_bytes())
        if source is None:
            raise click.ClickException(f"{path} is not UTF-8 text. Save it as UTF-8.")
        return "", source
    with reading():
        found = queries.lesson_by_uid(lesson)
        if found is None:
            raise click.ClickException(f"There is neither a file nor a lesson with the id {lesson}.")
        revision = queries.open_revision(found.id) or queries.newest_revision(found.id, rules.SHOWN_TO_CURATORS)
        if revision is None:
            raise click.ClickException("This lesson has no text that could be exported.")
        return found.title, revision.source
