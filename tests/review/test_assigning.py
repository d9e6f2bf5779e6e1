"""Curators are asked to look at what waits: evenly, by what they know, never somebody too close; and may say no."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn import cli
from peerlearn.accounts.models import Absence, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.practice.models import Holding
from peerlearn.review import actions, assigning, matching, tending
from peerlearn.review.matching import Candidate, match, share_out
from peerlearn.review.models import Assignment, Review
from tests import factories
from tests.conftest import Statements
from tests.page import Client
from tests.review.test_actions import THURSDAY, Desk, acts
from tests.review.test_impartiality import lead
from tests.review.test_pages import words

Browser = Callable[[Person], Client]


# the law


def test_the_worked_example() -> None:
    costs = [[0.2, 0.5, 0.6], [0.1, 0.4, 0.3], [0.3, 0.35, 0.9], [0.25, 0.6, 0.5]]
    assert match(costs, {(1, 0), (3, 2)}, [2, 2, 1]) == {0: 0, 1: 2, 2: 1, 3: 0}


def test_nobody_gets_what_is_too_close_even_when_nobody_else_is_there() -> None:
    assert match([[0.1], [0.9]], {(0, 0)}, [2]) == {1: 0}
    assert match([[0.1]], {(0, 0)}, [1]) == {}
    assert match([], set(), [3]) == {}
    assert match([[0.1]], set(), [0]) == {}


def test_what_somebody_has_already_counts_against_them() -> None:
    assert match([[0.2, 0.35]], set(), [3, 3], [0, 0]) == {0: 0}
    assert match([[0.2, 0.35]], set(), [1, 3], [2, 0]) == {0: 1}


def test_work_is_shared_evenly_and_within_what_one_can_take() -> None:
    candidates = [Candidate(review, person, 0.5) for review in range(7) for person in (1, 2, 3)]
    assert sorted(Counter(person for _review, person in share_out(candidates, {})).values()) == [2, 2, 3]
    many = [Candidate(review, person, 0.5) for review in range(30) for person in (1, 2, 3)]
    assert Counter(person for _review, person in share_out(many, {2: 2})) == {1: 3, 2: 1, 3: 3}


def test_colleagues_of_an_author_come_last() -> None:
    near, far = Candidate(1, 1, 1.0, is_colleague=True), Candidate(1, 2, 0.0)
    assert share_out([near, far], {}) == [(1, 2)]
    assert share_out([near], {}) == [(1, 1)]


def test_somebody_else_is_asked_when_four_fifths_of_the_time_have_passed() -> None:
    friday = datetime(2026, 1, 9, 9, tzinfo=UTC)
    assert matching.waits_until(THURSDAY, UTC) == THURSDAY + 0.8 * timedelta(days=4)  # over the weekend
    assert matching.waits_until(friday, UTC) == friday + 0.8 * timedelta(days=4)


def test_starting_does_not_wait_for_the_solver() -> None:
    code = "import sys; from peerlearn.app import create_app; import peerlearn.cli; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# on a database


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


def suggest(moment: datetime = THURSDAY) -> None:
    db.session.commit()
    with clock.at(moment):
        assigning.suggest("UTC")
    db.session.commit()


def asked(review: Review | None = None, state: str = "open") -> list[int]:
    wanted = select(Assignment.person_id).where(Assignment.state == state)
    if review is not None:
        wanted = wanted.where(Assignment.review_id == review.id)
    return list(db.session.scalars(wanted.order_by(Assignment.id)))


def holds(who: Person, desk: Desk, coverage: float, is_holder: bool = False) -> None:
    values = {"held": 1.0, "proven": 1.0, "items": 9, "day": THURSDAY.date()}
    row = Holding(person_id=who.id, topic_id=desk.topic.id, coverage=coverage, is_holder=is_holder, **values)
    db.session.add(row)
    db.session.commit()


def test_whoever_knows_the_topic_best_is_asked_once(desk: Desk) -> None:
    holds(desk.uma, desk, 0.9)
    suggest()
    suggest()
    assert asked(desk.review) == [desk.uma.id]


def test_what_waits_is_shared_out(desk: Desk) -> None:
    for number in range(9):
        with clock.at(THURSDAY):
            factories.reviewed_lesson(factories.person(f"Author {number}"), desk.topic)
    suggest()
    assert Counter(asked()) == {desk.tom.id: 3, desk.uma.id: 3}  # the other four stay for whoever takes them
    suggest(THURSDAY + timedelta(hours=1))
    assert len(asked()) == 6


@pytest.mark.parametrize("why", ["leads", "writes", "away", "foreign", "gone"])
def test_nobody_is_asked_who_cannot(desk: Desk, why: str) -> None:
    holds(desk.uma, desk, 0.9)
    if why == "leads":
        lead(desk.uma, desk.author.team_id)
    elif why == "writes":
        desk.fresh().revision.writer_id = desk.uma.id
    elif why == "away":
        db.session.add(Absence(person_id=desk.uma.id, first_day=date(2026, 1, 7), last_day=date(2026, 1, 8)))
    elif why == "foreign":
        desk.me(desk.uma).grants[0].scope_id = factories.topic().id
    else:
        desk.me(desk.uma).is_active = False
    suggest()
    assert asked(desk.review) == [desk.tom.id]


def test_who_declines_is_not_asked_again_and_pays_nothing_for_it(desk: Desk) -> None:
    holds(desk.uma, desk, 0.9)
    suggest()
    with clock.at(THURSDAY):
        actions.decline(desk.fresh(), "busy", by=desk.me(desk.uma))
    suggest()
    assert (asked(desk.review), asked(desk.review, "declined")) == ([desk.tom.id], [desk.uma.id])
    with clock.at(THURSDAY):
        actions.decline(desk.fresh(), "field", by=desk.me(desk.tom))
        assert assigning.used(clock.now(), [desk.tom.id, desk.uma.id], "curator") == {}
    suggest()
    assert asked(desk.review) == []
    with clock.at(THURSDAY):
        actions.claim(desk.fresh(), by=desk.me(desk.tom))  # it stays free to everybody


def test_who_declined_before_being_asked_is_not_asked(desk: Desk) -> None:
    holds(desk.uma, desk, 0.9)
    with clock.at(THURSDAY):
        actions.decline(desk.fresh(), "busy", by=desk.me(desk.uma))
    suggest()
    assert asked(desk.review) == [desk.tom.id]


def test_after_four_fifths_of_the_time_somebody_else_is_asked(desk: Desk) -> None:
    holds(desk.uma, desk, 0.9)
    suggest()
    suggest(THURSDAY + timedelta(days=3))
    assert asked(desk.review) == [desk.uma.id]
    suggest(THURSDAY + timedelta(days=3, hours=5))
    assert (asked(desk.review), asked(desk.review, "lapsed")) == ([desk.tom.id], [desk.uma.id])


def test_whoever_takes_it_settles_it(desk: Desk) -> None:
    holds(desk.uma, desk, 0.9)
    suggest()
    with clock.at(THURSDAY):
        actions.claim(desk.fresh(), by=desk.me(desk.uma))
        assert assigning.used(clock.now(), [desk.uma.id], "curator") == {desk.uma.id: 1}
    assert asked(desk.review, "done") == [desk.uma.id]


def test_anybody_else_may_take_it_too(desk: Desk) -> None:
    holds(desk.uma, desk, 0.9)
    suggest()
    with clock.at(THURSDAY):
        actions.claim(desk.fresh(), by=desk.me(desk.tom))
    assert asked(desk.review, "lapsed") == [desk.uma.id]
    suggest()
    assert asked(desk.review) == []
    assert acts(desk.review) == ["submitted", "claimed"]


def test_the_queue_says_what_is_suggested(desk: Desk, client_for: Browser) -> None:
    holds(desk.uma, desk, 0.9)
    suggest()
    with clock.at(THURSDAY):
        uma = client_for(desk.uma)
        assert "Suggested to you" in words(uma.get("/review"))
        assert "it is your turn" in words(uma.get(f"/review/{desk.review.id}"))
        assert "Suggested to you" not in words(client_for(desk.tom).get("/review"))


def test_many_take_as_many_statements_as_few(desk: Desk, statements: Statements) -> None:
    def count(moment: datetime) -> int:
        statements.clear()
        suggest(moment)
        return len(statements)

    few = count(THURSDAY)
    for number in range(12):
        with clock.at(THURSDAY):
            factories.reviewed_lesson(factories.person(f"Author {number}"), desk.topic)
            desk.curator(f"Curator {number}")
    assert count(THURSDAY) == few


def test_it_runs_after_responses_and_from_a_timer(desk: Desk, app: Flask) -> None:
    db.session.commit()
    assert tending.ask_curators in tending.JOBS
    done = app.test_cli_runner().invoke(cli.review_group, ["tend"])
    assert done.exit_code == 0, done.output
    assert len(asked(desk.review)) == 1
