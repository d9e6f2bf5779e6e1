"""The `peerlearn` command: every answer is a sentence, never a traceback."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext

from peerlearn import demo, demo_cast
from peerlearn.accounts import actions as accounts
from peerlearn.analysis import actions as analysis
from peerlearn.config import Settings
from peerlearn.content_commands import content_group, person_with, take_in_folder
from peerlearn.core import clock, revisions
from peerlearn.core.db import db, reading
from peerlearn.core.errors import DomainError
from peerlearn.core.events import listener_map
from peerlearn.core.paging import LARGEST_ID
from peerlearn.core.working import Runner
from peerlearn.exchange_commands import questions_group
from peerlearn.lint_command import lint_files
from peerlearn.operating import metrics
from peerlearn.operating.commands import OPERATING, doctor
from peerlearn.points import actions as points
from peerlearn.points import appealing, appeals, evidence, retention
from peerlearn.points.models import PointAppeal
from peerlearn.practice import calibrating, fitting, recompute
from peerlearn.progress import progress
from peerlearn.quality.actions import recompute as recompute_quality
from peerlearn.ready import check_ready
from peerlearn.review import going_live, tending
from peerlearn.serving import PORT, insist_free, launch
from peerlearn.streaks import actions as streaks
from peerlearn.supervising import work_until_told

Step = TypeVar("Step")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=8000, show_default=True, envvar="PORT", help="Port to listen on.")
@click.option("--threads", default=8, show_default=True, help="Requests served at the same time.")
@click.option("--workers", default=1, show_default=True, help="Processes; more than 1 needs PostgreSQL.")
@click.option("--worker/--no-worker", "works", default=True, help="Run a worker beside them, as peerlearn worker does.")
@with_appcontext
def serve(host: str, port: int, threads: int, workers: int, works: bool) -> None:
    """Serve the web pages, and do what is to be done by itself."""
    if workers > 1 and db.engine.dialect.name == "sqlite":
        raise click.ClickException("SQLite serves from one process. Use --workers 1, or PostgreSQL.")
    app = check_ready(current_app._get_current_object())  # type: ignore[attr-defined]
    metrics.begin_anew(workers)
    launch(app, host, port, threads, workers, works=works)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due and end.")
@with_appcontext
def worker(once: bool) -> None:
    """Send mails and do what is due every hour, night and month; serve does it too. Any number may run."""
    runner = Runner(check_ready(current_app._get_current_object()))  # type: ignore[attr-defined]
    if once:
        click.echo(f"{runner.work_off()} jobs done.")
    else:
        work_until_told(runner)


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=8000, show_default=True, envvar="PORT", help="Port to listen on.")
@click.option("--prepare-only", is_flag=True, help="Only prepare the demo.")
@with_appcontext
def demo_command(host: str, port: int, prepare_only: bool) -> None:
    """Prepare a demo company and serve it: a database, lessons, people and weeks of their work."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.demo:
        raise click.ClickException("This is not a demo instance. Set PEERLEARN_DEMO=1 for one.")
    if not prepare_only:
        insist_free(host, port)
    revisions.upgrade()
    if demo.is_stale():
        demo.prepare(settings, progress)
    if prepare_only:
        return
    address = settings.base_url if "PEERLEARN_BASE_URL" in os.environ else f"http://{host}:{port}"
    click.echo(f"\nPeerLearn is at {address}  (stop it with Ctrl+C)\n")
    for role, email in demo_cast.sign_ins(settings.content):
        click.echo(f"  {role:14} {email}")
    click.echo(f"  password       {demo_cast.PASSWORD}\n")
    launch(current_app._get_current_object(), host, port)  # type: ignore[attr-defined]


@click.command("seed")
@click.option("--owner", required=True, help="E-mail address of the person who hands the lessons in.")
@with_appcontext
def seed_command(owner: str) -> None:
    """Add the shipped topics, and hand in the shipped lessons for review."""
    take_in_folder(current_app.config["SETTINGS"].content, person_with(owner), hand_in=True)


@click.group("people")
def people() -> None:
    """Add people from the command line."""


@people.command("add")
@click.argument("email")
@click.option("--name", prompt=True, help="The person's name.")
@click.option("--admin", is_flag=True, help="Make the person an administrator.")
@click.password_option(help="The first password; leave it out to be asked.")
@with_appcontext
def people_add(email: str, name: str, admin: bool, password: str) -> None:
    """Add a person; with --admin the first administrator."""
    person = accounts.add_person(email=email, name=name, password=password, admin=admin, by=None)
    db.session.commit()
    click.echo(f"Added {person.name} <{person.email}>{' as administrator' if admin else ''}.")


@click.group("points")
def points_group() -> None:
    """Look after the ledger."""


@points_group.command("verify")
@with_appcontext
def points_verify() -> None:
    """Compare ledger, sums and facts; exit 1 when they differ."""
    with reading():
        differences = points.verify()
    for line in differences:
        click.echo(line)
    click.echo(f"{len(differences)} differences")
    raise SystemExit(1 if differences else 0)


@points_group.command("rebuild")
@with_appcontext
def points_rebuild() -> None:
    """Add up the ledger again and write the sums."""
    rows = points.rebuild()
    db.session.commit()
    click.echo(f"{rows} sums written.")


@points_group.command("retention")
@with_appcontext
def points_retention() -> None:
    """Credit authors for what is still known of their lessons, to the end of last month; it pays a month once."""
    today, grown = clock.today(clock.organisation_zone()), 0
    with reading():
        taught = evidence.gather(today.replace(day=1))
        db.session.commit()
    for more in points.post_retention(taught, today):
        db.session.commit()
        grown += more
    click.echo(f"{retention.month_before(today)}: {grown} of {len(taught)} lessons earned their authors more.")


@points_group.command("appeals")
@with_appcontext
def points_appeals() -> None:
    """List the appeals that wait, and say where nobody could decide."""
    with reading():
        waiting = appeals.every_waiting()
    for item in waiting:
        click.echo(f"{item.id}  since {item.at:%Y-%m-%d}  {'' if item.is_decidable else 'nobody may decide'}".rstrip())
    click.echo(f"{len(waiting)} appeals wait.")


@points_group.command("decide-appeal")
@click.argument("appeal_id", type=click.IntRange(min=1, max=LARGEST_ID))
@click.option("--pay/--keep", "is_granted", required=True, help="Pay the points, or keep the decision.")
@click.option("--reason", required=True, help="What the person reads, 10 characters or more.")
@with_appcontext
def points_decide_appeal(appeal_id: int, is_granted: bool, reason: str) -> None:
    """Decide an appeal that nobody may decide on its page: all administrators decided before or are too close."""
    waiting = db.session.get(PointAppeal, appeal_id)
    if waiting is None:
        raise click.ClickException(f"There is no appeal {appeal_id}. peerlearn points appeals lists those that wait.")
    try:
        (appealing.grant if is_granted else appealing.decline)(waiting, reason, by=None)
    except DomainError as error:
        raise click.ClickException(error.message) from None
    db.session.commit()
    click.echo("Decided. The person has been told, and the record says that a command decided.")


@click.group("practice")
def practice_group() -> None:
    """Look after what people remember."""


@practice_group.command("recompute")
@with_appcontext
def practice_recompute() -> None:
    """Add up anew what everybody holds, for today, and look at the month that ended; run it every night."""
    day = clock.today(clock.organisation_zone())
    while calibrating.catch_up():
        db.session.commit()
    db.session.commit()
    total, start = recompute.count(), time.monotonic()
    show = progress("Memories added up", total)
    for done in recompute.everybody(day):
        db.session.commit()
        show(done)
    click.echo(f"{total} memories added up for {day} in {time.monotonic() - start:.1f} s.")


@practice_group.command("calibrate")
@with_appcontext
def practice_calibrate() -> None:
    """Compare what the memory model expected with what was recalled, for the month that ended last."""
    with reading():
        report = calibrating.last_month(clock.today(clock.organisation_zone()))
    for line in report.lines():
        click.echo(line)
    raise SystemExit(1 if report.is_off else 0)


@practice_group.command("fit")
@with_appcontext
def practice_fit() -> None:
    """Look for parameters of the memory model that fit this organisation better; needs PyTorch."""
    with reading():
        click.echo(fitting.report())


@click.group("analysis")
def analysis_group() -> None:
    """Look after what answers say about questions."""


@analysis_group.command("update")
@with_appcontext
def analysis_update() -> None:
    """Let all answers count that do not yet, and look through all questions."""
    _let_answers_count()


@analysis_group.command("rebuild")
@with_appcontext
def analysis_rebuild() -> None:
    """Work everything out again from the facts; flags and decisions stay."""
    analysis.forget()
    db.session.commit()
    _let_answers_count()


def _let_answers_count() -> None:
    done, begun, left = 0, analysis.cursor_now(), analysis.left()
    show = progress("Facts", left)
    while count := _step(analysis.catch_up):
        done += count
        show(min(done, left))
    last: int | None = 0
    while last is not None:
        last = _step(partial(analysis.look_through, last))
    click.echo(f"{done} facts read, from {begun} on. All questions are up to date.")


def _step(job: Callable[[], Step]) -> Step:
    """A portion of long work in a transaction of its own, which reads before it writes."""
    with reading():
        found = job()
        db.session.commit()
    return found


@click.group("streaks")
def streaks_group() -> None:
    """Look after active days."""


@streaks_group.command("verify")
@with_appcontext
def streaks_verify() -> None:
    """Tell all days again and compare; exit 1 when they differ."""
    with reading():
        differences = streaks.verify()
    for line in differences:
        click.echo(line)
    click.echo(f"{len(differences)} differences")
    raise SystemExit(1 if differences else 0)


@streaks_group.command("rebuild")
@with_appcontext
def streaks_rebuild() -> None:
    """Tell all days again with what is known of days off, and write what is different."""
    days = streaks.mend(date.min)
    db.session.commit()
    click.echo(f"{days} days written.")


@click.command("go-live")
@with_appcontext
def go_live() -> None:
    """Publish what was approved for a day that has come."""
    while going_live.go_live_due():
        db.session.commit()
    db.session.commit()


@click.group("review")
def review_group() -> None:
    """Look after what waits for curators."""


@review_group.command("tend")
@with_appcontext
def review_tend() -> None:
    """Do what review does by itself: hand up, ask curators, let go live what is due."""
    for job in tending.JOBS:
        while _step(job):
            pass


@click.command("quality")
@with_appcontext
def quality() -> None:
    """Work out anew how good lessons are, for searches and recommendations; run it every night."""
    with reading():
        taught = evidence.gather(clock.today(clock.organisation_zone()))
        count = recompute_quality(taught)
        db.session.commit()
    click.echo(f"{count} lessons rated.")


@click.command("events")
def events() -> None:
    """Print each event and who listens to it, in order."""
    for event, listeners in listener_map():
        click.echo(f"{event:32} → {', '.join(listeners)}")


class Commands(click.Group):
    """All commands. Flask-Migrate, which brings those for migrations, is loaded only when they are asked for."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or (revisions.commands() if cmd_name == "db" else None)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "db"])


WORK = (people, points_group, streaks_group, practice_group, analysis_group, questions_group, content_group)
GROUPS = (*WORK, review_group)


@click.group(cls=Commands)
@click.version_option(package_name="peerlearn", message="PeerLearn %(version)s")
def peerlearn() -> None:
    """PeerLearn: short lessons from colleagues, kept by practice."""


RUNNING = (serve, worker, demo_command, seed_command, doctor)
for command in (*RUNNING, *GROUPS, *OPERATING, events, go_live, quality, lint_files):
    peerlearn.add_command(command)
