"""The page of what runs by itself: what recurs, what waits, and what failed and can be tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.core import clock, jobs
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.core.jobs import QueuedJob
from tests import factories
from tests.page import Client

ClientFor = Callable[..., Client]
PAGE = "/operating/work"


@pytest.fixture
def admin(client_for: ClientFor) -> Client:
    return client_for(factories.person(roles=(("admin", 0),)))


def test_before_the_first_worker_it_says_that_none_runs(admin: Client) -> None:
    page = admin.get(PAGE)
    assert page.heading == "What runs by itself"
    assert "No worker seems to run" in page.text
    assert "never yet" in page.text
    for each in jobs.routines():
        assert each.title in page.text


def test_what_ran_is_told_with_when_it_runs_next(admin: Client) -> None:
    moment = clock.now()
    jobs.enqueue_slots(jobs.missing_slots())
    db.session.commit()
    rows = db.session.scalars(select(QueuedJob)).all()
    for row in rows:
        row.state, row.ended_at = "done", moment
    rows[0].state, rows[0].due_at = "open", moment + jobs.LEASE
    db.session.commit()
    page = admin.get(PAGE)
    assert "No worker seems to run" not in page.text
    assert "never yet" not in page.text
    assert page.text.count("at it or waiting") == 1
    assert "Every day at 02:00" in page.text
    assert "Every 5 minutes" in page.text
    assert "Every hour" in page.text
    assert "On the first day of each month at 03:30" in page.text


def test_what_failed_is_tried_again(admin: Client) -> None:
    job = factories.failed_job()
    page = admin.get(PAGE)
    assert "the mail server refused it" in page.text
    admin.post(f"{PAGE}/{job.id}", to=PAGE)
    assert "A worker tries it again soon." in admin.get(PAGE).text
    db.session.expire_all()
    assert (job.state, job.tries) == ("open", 0)
    assert job.due_at <= clock.now()
    assert db.session.scalar(select(func.count()).where(Fact.type == "JobTriedAgain")) == 1
    admin.post(f"{PAGE}/{job.id}", status=409)
    admin.post(f"{PAGE}/{job.id + 1}", status=404)


def test_many_failures_have_pages(admin: Client) -> None:
    for _number in range(25):
        factories.failed_job()
    page = admin.get(PAGE)
    assert page.text.count("the mail server refused it") == 20
    [older] = [
        link.get("href") for link in page.all("a") if link.get("rel") == "next" or "older" in link.get("class", "")
    ]
    assert admin.get(older).text.count("the mail server refused it") == 5


def test_a_long_queue_costs_what_a_short_one_does(admin: Client, statements: list[str]) -> None:
    admin.get(PAGE)
    statements.clear()
    admin.get(PAGE)
    few = len(statements)
    for number in range(30):
        jobs.enqueue("mail", {}, at=clock.now() + timedelta(hours=number - 15))
        factories.failed_job()
    statements.clear()
    admin.get(PAGE)
    assert len(statements) <= few
    assert few <= 8, few


def test_nobody_else_sees_it(client_for: ClientFor, app: Flask) -> None:
    for roles in ((), (("curator", 0),), (("auditor", 0),), (("lead", 0),)):
        client_for(factories.person(roles=roles)).get(PAGE, status=403)
