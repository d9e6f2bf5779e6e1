"""What one answer over HTTP costs at most: its statements with those of the sign-in, and one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event

from peerlearn.badges.models import Award
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.quizzes.question import Question
from peerlearn.streaks import actions as streaks
from peerlearn.streaks.rules import Deeds
from tests import factories
from tests.factories import Walk
from tests.page import Client
from tests.practice.days import Practice
from tests.practice.test_actions import awards, facts, forget_often, three_good_weeks
from tests.security.test_leaks import wrong_answer


@pytest.fixture
def commits(app: Flask) -> Iterator[list[str]]:
    """How each transaction of the session ended that had written something."""
    seen: list[str] = []
    wrote: list[bool] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            wrote.append(True)

    def committed(session: Any) -> None:
        if wrote:
            seen.append("commit")
            wrote.clear()

    connection = db._app_engines[app][None]
    event.listen(connection, "before_cursor_execute", note)
    event.listen(db.session, "after_commit", committed)
    yield seen
    event.remove(connection, "before_cursor_execute", note)
    event.remove(db.session, "after_commit", committed)


READS = ["SELECT teams", "SELECT daily_sets", "SELECT people"]  # who is signed in, the set, the account of points
WRITES = [
    f"INSERT {table}" for table in ("active_days", "awards", "facts", "ledger", "memories", "notices", "point_sums")
] + ["UPDATE set_questions"]


def told(statement: str) -> str:
    """What a statement does, and with which table first."""
    verb, *rest = statement.replace("INSERT INTO", "INSERT").split()
    return f"{verb} {rest[0].partition('.')[0]}"


def test_an_answer_that_brings_all_at_once(
    app: Flask, statements: list[str], commits: list[str], client_for: Callable[..., Client]
) -> None:
    """A lapse too many, the set, points, an active day, the week's goal, a badge and notices: in one transaction.

    Nothing is asked twice, and each table is written once. Ten statements do for all but the answer that brings a badge
    on top of everything else: it takes one more, because a statement of SQLite writes one table.
    """
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    three_good_weeks(walk)
    walk.quiz()
    db.session.execute(delete(Award))
    forget_often(walk)
    for day in (8, 9):
        streaks.count(walk.person.id, {(walk.moment + timedelta(days=day)).date(): Deeds(lessons=1)})
    db.session.commit()
    practice = Practice(walk.person, walk.moment + timedelta(days=10))
    practice.start()
    practice.sitting.daily_set.seed = 7  # the same answers each time
    db.session.commit()
    browser, costs = client_for(walk.person), []
    for question in practice.sitting.questions:
        given = wrong_answer(Question.from_json(question.version.body), practice.sitting.daily_set.seed)
        url = f"/practice/sets/{practice.set_id}/{question.position}"
        with clock.at(practice.moment):
            browser.post(f"{url}/show", to=url)
        practice.moment += timedelta(seconds=20)
        with clock.at(practice.moment):
            statements.clear()
            commits.clear()
            browser.post(url, given | {"confidence": "fairly"}, to=url)
        seen = sorted(map(told, statements))
        costs.append(len(seen))
        assert commits == ["commit"]
    assert awards(walk.person) == {"good-weeks"}
    assert len(facts("ItemForgotten", walk.person)) == 3
    assert facts("DailySetFinished", walk.person)
    assert seen == sorted(READS + WRITES)
    assert max(costs[:-1]) <= 10
