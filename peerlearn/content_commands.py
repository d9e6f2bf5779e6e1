"""The `peerlearn content` commands: lessons as files, for those who write in their own editor."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from peerlearn import watching
from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db, reading
from peerlearn.core.errors import DomainError, NotValid
from peerlearn.lessons import citing, exporting, folders, frontschema, importing
from peerlearn.lessons.importing import Fate, Plan, Planned
from peerlearn.lint_command import problems_of, tell_problems
from peerlearn.progress import progress
from peerlearn.verification import changing

FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
LISTED = 50  # files of one fate that are told one by one
OWNER = click.option("--owner", required=True, help="E-mail address of the author of these lessons.")


@click.group("content")
def content_group() -> None:
    """Take lessons in from files, and out to files."""


@content_group.command("import")
@FOLDER
@OWNER
@click.option("--draft", is_flag=True, help="Keep them as drafts; otherwise they are handed in for review.")
@click.option("--dry-run", is_flag=True, help="Only show what would become of each file.")
@click.option("--all", "every", is_flag=True, help="Tell of each file, however many there are, and of unchanged ones.")
@with_appcontext
def import_folder(folder: Path, owner: str, draft: bool, dry_run: bool, every: bool) -> None:
    """Import the lesson files of a folder: all of them, or none; exit 1 when one is refused."""
    person = person_with(owner)
    take_in_folder(folder, person, hand_in=not draft, dry_run=dry_run, every=every)


def take_in_folder(folder: Path, person: Person, *, hand_in: bool, dry_run: bool = False, every: bool = False) -> None:
    """Plan, tell, and carry out unless something is refused."""
    folders.insist(folder)
    start, count = time.monotonic(), len(folders.lesson_paths(folder))
    with reading():
        plan = importing.plan_folder(
            folder,
            owner=person,
            hand_in=hand_in,
            on_read=progress("Files read", count),
            on_ready=progress("Lessons made ready", count),
        )
        db.session.rollback()
    if dry_run:
        for topic in plan.topics:
            click.echo(f"{'new topic':10} {topic.slug}")
    tell_fates(plan, dry_run=dry_run, every=every)
    refused = plan.count(Fate.REFUSED)
    if refused:
        click.echo(
            f"{_sums(plan)}. Nothing was imported: mend what is refused, or take it out of the folder.", err=True
        )
        raise SystemExit(1)
    if dry_run:
        click.echo(f"{_sums(plan)}. Nothing was changed: this was a dry run.")
        return
    if plan.coming or plan.topics:
        importing.carry_out(plan, hand_in=hand_in, by=person, on_stored=progress("Lessons stored", len(plan.coming)))
        db.session.commit()
    done = "handed in for review" if hand_in else "kept as drafts"
    click.echo(f"{_sums(plan)}: {len(plan.coming)} {done} in {time.monotonic() - start:.1f} s.")


def person_with(email: str) -> Person:
    """The person who acts, or a sentence that there is none."""
    person = accounts.active_by_email(email)
    if person is None:
        raise click.ClickException(
            f"Nobody has the address {email}. Add the person first: peerlearn people add {email}"
        )
    return person


def tell_fates(plan: Plan, *, dry_run: bool, every: bool) -> None:
    """Each file that something becomes of; of many, how many there are in each folder, unless every one is asked for.

    What is refused, and what is older than the site, is told also when it is no dry run.
    """
    for fate in (Fate.NEW, Fate.UPDATE):
        files = [one for one in plan.files if one.fate is fate and (dry_run or one.is_older)]
        are_listed = every or len(files) <= LISTED
        for planned in files:
            if are_listed or planned.is_older:
                _tell(planned)
        if not are_listed:
            for folder, count in Counter(_folder_of(one) for one in files if not one.is_older).items():
                click.echo(f"{fate:10} {folder}  ({count} files)")
    for planned in plan.files if every else ():
        if planned.fate is Fate.UNCHANGED:
            _tell(planned)
    refused = [one for one in plan.files if one.fate is Fate.REFUSED]
    for planned in refused if every else refused[:LISTED]:
        _tell(planned)
    if len(refused) > LISTED and not every:
        click.echo(f"{'':10} … and {len(refused) - LISTED} more that are refused; --all tells of each.", err=True)


def _folder_of(planned: Planned) -> str:
    """The folder in which a file lies, as it is shown."""
    return planned.found.name.rpartition("/")[0] + "/"


def _tell(planned: Planned) -> None:
    """One file and its fate; what keeps it out stands below it."""
    warnings = sum(problem.level == "warning" for problem in planned.problems)
    more = f"  ({warnings} warnings)" if warnings and planned.fate is not Fate.REFUSED else ""
    refused = planned.fate is Fate.REFUSED
    click.echo(f"{planned.fate:10} {planned.found.name}{more}", err=refused)
    for problem in planned.problems:
        if (refused and problem.level == "error") or problem.code == importing.OLDER:
            click.echo(f"{'':10} line {problem.line}: {problem.message}", err=True)


def _sums(plan: Plan) -> str:
    return f"{len(plan.files)} files: {', '.join(f'{plan.count(fate)} {fate}' for fate in Fate)}"


@content_group.command("export")
@FOLDER
@click.option("--owner", help="E-mail address of an author: only the lessons of that person.")
@click.option("--drafts", is_flag=True, help="Also what is still being written.")
@with_appcontext
def export_folder(folder: Path, owner: str | None, drafts: bool) -> None:
    """Write the lessons that are published or in review into a folder, with topics and pictures, ready for git."""
    person = person_with(owner) if owner else None
    if folder.exists():
        folders.insist(folder)
    with reading():
        report = exporting.write(folder, owner_id=person.id if person else None, drafts=drafts)
    for title in report.unreadable:
        click.echo(f"Left out, because it cannot be read yet: {title}", err=True)
    for digest in report.missing:
        click.echo(f"The picture {digest} is missing on disk. A backup may have it.", err=True)
    for path in report.strays:
        click.echo(f"No lesson of this export, and left as it is: {folders.shown(path)}", err=True)
    click.echo(
        f"{report.lessons} lessons and {report.pictures} pictures are in {folders.shown(folder)}, "
        f"{report.changed} files are new or changed. The files hold all right answers."
    )


@content_group.command("watch")
@FOLDER
@OWNER
@click.option(
    "--every", "seconds", default=1.0, show_default=True, type=click.FloatRange(0.1, 60), help="Seconds between looks."
)
@with_appcontext
def watch_folder(folder: Path, owner: str, seconds: float) -> None:
    """Check each file when it is saved, and keep it as a draft; stop with Ctrl+C."""
    email = person_with(owner).email
    folders.insist(folder)
    db.session.remove()
    watcher, written = watching.Watcher(folder), dict[Path, tuple[int, int]]()
    click.echo(f"Watching {folders.shown(folder)}. Stop with Ctrl+C.")
    try:
        while True:
            for path in watcher.changed():
                if not _take_in_saved(path, folder, email, written):
                    watcher.forget(path)
            time.sleep(seconds)
    except KeyboardInterrupt:
        click.echo("\nStopped.")


def _take_in_saved(path: Path, folder: Path, email: str, written: dict[Path, tuple[int, int]]) -> bool:
    """Check one saved file and import it; False when it should be tried again.

    `written` holds the drafts of this watch: the next save goes over them, unless somebody changed them meanwhile.
    """
    found = folders.read(path, folder)
    try:
        with reading():
            tell_problems(found.name, problems_of(found, folder, person_with(email).id))
            plan = importing.plan([found], owner=person_with(email), hand_in=False, folder=folder)
            db.session.rollback()
        for planned in plan.coming:
            by, over = person_with(email), written.get(path)
            revision = importing.take_in(planned, folder, hand_in=False, by=by, over=over)
            db.session.commit()
            if revision is not None:
                written[path] = revision.id, revision.version
        _tell(plan.files[0])
        return True
    except DomainError as trouble:
        click.echo(f"{found.name}: {trouble.message % trouble.values if trouble.values else trouble.message}", err=True)
    except DBAPIError as trouble:
        click.echo(f"{found.name}: The database refused: {trouble.orig}", err=True)
    finally:
        db.session.remove()
    return False


@content_group.command("changed")
@click.argument("url", metavar="URL")
@click.option("--by", "email", required=True, help="E-mail address of whoever says so.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it changed; today if left out.")
@click.option("--note", default="", help="What changed, in a sentence; the owners of the lessons read it.")
@with_appcontext
def tell_of_change(url: str, email: str, day: datetime | None, note: str) -> None:
    """Say that what is at an address changed: lessons that cite it are to be read again. Nothing is fetched."""
    link = citing.normal(url)
    if not link:
        raise click.ClickException("An address begins with https:// or http://.")
    by, today = person_with(email), clock.today(clock.organisation_zone())
    try:
        count = changing.tell(link, day.date() if day else today, note, by=by)
    except NotValid as trouble:
        raise click.ClickException(" ".join(word for words in trouble.fields.values() for word in words)) from None
    db.session.commit()
    if count is None:
        click.echo("This was told before, so nothing happened.")
    else:
        click.echo(f"{count} published lessons cite {link}: they are due for a check.")


@content_group.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of the block on top of a lesson, for editors that check it."""
    click.echo(frontschema.as_text(), nl=False)
