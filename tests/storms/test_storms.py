"""Sixteen at once: the same answer, approval and reaction count once and pay once, and the ledger still adds up.

These tests use a database of their own and real threads, each with a browser; nothing is rolled back.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.afterwards import run
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.learn import actions as learn
from peerlearn.learn.models import Asked, Attempt, Reaction
from peerlearn.points.models import LedgerEntry
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question
from peerlearn.review import rules as review_rules
from peerlearn.review.models import Review
from tests import factories
from tests.factories import Walk
from tests.learn.test_checks import keep
from tests.page import Page
from tests.storms.storm import browsers_for, no_differences, prepared, send, storm

pytestmark = pytest.mark.own_database


def test_sixteen_starts_begin_one_attempt(storm_app: Flask) -> None:
    def make() -> tuple[str, str]:
        person = factories.person()
        walk = Walk(person, factories.published_lesson().slug, clock.now() - timedelta(minutes=30))
        walk.read()
        return person.email, walk.slug

    email, slug = prepared(storm_app, make)
    browsers = browsers_for(storm_app, email)
    tokens = {id(browser): browser.get(f"/lessons/{slug}").csrf_token for browser in browsers}
    counts = storm(browsers, lambda b: send(b, f"/lessons/{slug}/quiz", {}, tokens[id(b)]))
    assert set(counts) <= {302, 409}, counts
    assert counts[302] >= 1
    with storm_app.app_context():
        mine = select(Attempt.id).join(Person, Person.id == Attempt.person_id).where(Person.email == email)
        assert len(db.session.scalars(mine).all()) == 1
        db.session.remove()


def test_the_person_and_the_look_at_the_clock_hand_in_at_the_same_moment(storm_app: Flask) -> None:
    """Eight browsers and four looks at an exam whose time is over: it is handed in once, and pays once."""

    def make() -> tuple[str, int]:
        person = factories.person()
        lesson = factories.published_lesson(front="mode: exam\ntime_limit: 20\n")
        walk = Walk(person, lesson.slug, clock.now() - timedelta(hours=2))
        walk.read()
        sitting = walk.start()
        for position in (1, 2, 3):
            keep(walk, sitting, position)
        return person.email, sitting.attempt.id

    email, attempt_id = prepared(storm_app, make)
    browsers = browsers_for(storm_app, email)[:8]
    url = f"/attempts/{attempt_id}"
    tokens = {id(browser): browser.get(url).csrf_token for browser in browsers}

    def look() -> None:
        while run(storm_app, learn.hand_in_overdue):
            pass

    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(look) for _ in range(4)]
        counts = storm(browsers, lambda b: send(b, f"{url}/hand-in", {}, tokens[id(b)]))
        for done in looks:
            done.result()
    assert set(counts) <= {302, 409}, counts
    with storm_app.app_context():
        attempt = db.session.get_one(Attempt, attempt_id)
        assert (attempt.state, attempt.is_passed, attempt.finished_at) == ("finished", True, attempt.due_at)
        facts = select(func.count()).select_from(Fact).where(Fact.actor_id == attempt.person_id)
        assert db.session.scalar(facts.where(Fact.type == "AttemptFinished")) == 1
        paid = select(LedgerEntry.amount).where(LedgerEntry.person_id == attempt.person_id, LedgerEntry.rule == "L1")
        assert db.session.scalars(paid).all() == [10]
        db.session.remove()
    no_differences(storm_app)


def test_the_same_answer_sixteen_times(storm_app: Flask) -> None:
    def make() -> tuple[str, int, dict[str, str]]:
        person = factories.person()
        walk = Walk(person, factories.published_lesson().slug, clock.now() - timedelta(minutes=30))
        walk.read()
        sitting = walk.start()
        walk.answer(sitting)
        walk.answer(sitting)
        with clock.at(walk.moment):
            asked = sitting.attempt.asked[2]
            asked.asked_at = walk.moment
        question = Question.from_json(asked.version.body)
        field = kind_of(question).present(question, sitting.attempt.seed).field
        return person.email, sitting.attempt.id, {field: "last step", "confidence": "certain"}

    email, attempt_id, values = prepared(storm_app, make)
    browsers = browsers_for(storm_app, email)
    tokens = {id(browser): browser.get(f"/attempts/{attempt_id}").csrf_token for browser in browsers}
    counts = storm(browsers, lambda b: send(b, f"/attempts/{attempt_id}/3", values, tokens[id(b)]))
    assert counts[302] == 1, counts
    assert set(counts) <= {302, 404, 409}, counts
    with storm_app.app_context():
        person_id = db.session.scalar(select(Person.id).where(Person.email == email))
        assert db.session.get_one(Attempt, attempt_id).is_passed
        paid = select(func.count(), func.sum(LedgerEntry.amount)).where(
            LedgerEntry.person_id == person_id, LedgerEntry.rule == "L1"
        )
        assert tuple(db.session.execute(paid).one()) == (1, 10)
        answered = select(func.count()).where(Asked.attempt_id == attempt_id, Asked.answered_at.is_not(None))
        assert db.session.scalar(answered) == 3
        db.session.remove()
    no_differences(storm_app)


def test_the_same_approval_sixteen_times(storm_app: Flask) -> None:
    def make() -> tuple[str, int, int]:
        topic = factories.topic()
        author = factories.person()
        curator = factories.person(roles=(("curator", topic.id),))
        _lesson, waiting = factories.reviewed_lesson(author, topic)
        return curator.email, author.id, waiting.id

    email, author_id, review_id = prepared(storm_app, make)
    browsers = browsers_for(storm_app, email)
    page = browsers[0].get(f"/review/{review_id}/decision")
    values = page.fields(f"/review/{review_id}/approve") | approval_fields(page)
    tokens = {id(browser): browser.get(f"/review/{review_id}").csrf_token for browser in browsers}
    counts = storm(browsers, lambda b: send(b, f"/review/{review_id}/approve", values, tokens[id(b)]))
    assert counts[302] == 1, counts
    assert set(counts) <= {302, 404, 409}, counts
    with storm_app.app_context():
        assert db.session.get_one(Review, review_id).state == "approved"
        paid = select(func.sum(LedgerEntry.amount)).where(LedgerEntry.person_id == author_id, LedgerEntry.rule == "T1")
        assert db.session.scalar(paid) == 20
        db.session.remove()
    no_differences(storm_app)


def approval_fields(page: Page) -> dict[str, str]:
    """A whole rubric and checklist, in the names of the page's own fields."""
    names = [element.get("name") or "" for tag in ("input", "select") for element in page.all(tag)]
    rubric = {name: "4.5" for name in names if any(name.endswith(key) for key in review_rules.RUBRIC)}
    checks = {name: "yes" for name in names if any(name.endswith(key) for key in review_rules.CHECKLIST)}
    return rubric | checks


def test_the_same_reaction_from_one_person_counts_once(storm_app: Flask) -> None:
    def make() -> tuple[str, str]:
        person = factories.person()
        lesson = factories.published_lesson()
        walk = Walk(person, lesson.slug, clock.now() - timedelta(minutes=30))
        walk.read()
        walk.quiz()
        return person.email, lesson.slug

    email, slug = prepared(storm_app, make)
    browsers = browsers_for(storm_app, email)
    tokens = {id(browser): browser.get(f"/lessons/{slug}").csrf_token for browser in browsers}
    counts = storm(browsers, lambda b: send(b, f"/lessons/{slug}/reactions/useful", {"stands": "1"}, tokens[id(b)]))
    assert set(counts) <= {302, 409}, counts
    with storm_app.app_context():
        assert (
            db.session.scalar(select(func.count()).select_from(Reaction).where(Reaction.kind == "useful")) or 0
        ) <= 1
        db.session.remove()
    no_differences(storm_app)
