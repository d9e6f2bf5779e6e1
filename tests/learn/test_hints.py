"""Hints: opened one after the other, told of before, and half of what their question is worth."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.learn import access
from peerlearn.learn.events import LessonPassed
from peerlearn.learn.models import Asked
from peerlearn.points import actions as points
from peerlearn.points import past, rules
from peerlearn.points.models import LedgerEntry
from peerlearn.points.rule import HINTED, Pay
from peerlearn.practice import actions as practice
from peerlearn.practice.models import Memory, SetQuestion
from tests import factories
from tests.factories import Walk
from tests.page import Client
from tests.practice.days import Practice

QUESTION = """
## true-false ^hint1

Whoever asks learns.

- [x] True ^a
  > They do.
- [ ] False ^b
  > Think of children.

Hint: Think of the small ones.
Hint: What do children do all day?
"""
FIRST, SECOND = "Think of the small ones.", "What do children do all day?"
PRICE = "A hint halves what this question is worth."


@pytest.fixture
def walk(app: Any) -> Walk:
    """Somebody who has read a lesson whose fourth question has two hints."""
    walk = Walk(factories.person(), factories.published_lesson(more=QUESTION).slug)
    walk.read()
    return walk


@pytest.fixture
def place(walk: Walk, client_for: Callable[..., Client]) -> tuple[Client, str]:
    """The question with hints, as a learner meets it: their browser, and the address that it is answered at."""
    sitting = walk.start()
    for _ in range(3):
        walk.answer(sitting)
    db.session.commit()
    with clock.at(walk.moment):
        browser = client_for(walk.person)
        browser.post(f"/attempts/{sitting.attempt.id}/next", status=302)
    return browser, f"/attempts/{sitting.attempt.id}/4"


def seen() -> list[int]:
    db.session.expire_all()
    return list(db.session.scalars(select(Asked.hints_seen).order_by(Asked.position)))


def test_hints_stay_on_the_server_until_they_are_opened(walk: Walk, place: tuple[Client, str]) -> None:
    browser, url = place
    with clock.at(walk.moment):
        before = browser.get(url.rpartition("/")[0])
        assert PRICE in before.text
        assert FIRST not in before.text
        first = browser.post(f"{url}/hint", {"hint": "1", "confidence": "certain"}, status=200)
        assert FIRST in first.text
        assert SECOND not in first.text
        assert "Another hint costs nothing more." in first.text
        assert re.search(r"""value="certain"[^>]* checked""", first.text), "what was chosen stays chosen"
        assert seen() == [0, 0, 0, 1]
        browser.post(f"{url}/hint", {"hint": "1"}, status=200)
        assert seen() == [0, 0, 0, 1], "the same form twice opens one"
        assert SECOND in browser.post(f"{url}/hint", {"hint": "2"}, status=200).text
        for number in ("3", "4", "x", ""):
            browser.post(f"{url}/hint", {"hint": number}, status=200)
        assert seen() == [0, 0, 0, 2]
        assert SECOND in browser.get(url.rpartition("/")[0]).text, "it stays open on any device"


def test_a_lesson_pays_less_and_says_why(walk: Walk, place: tuple[Client, str]) -> None:
    browser, url = place
    attempt = int(url.split("/")[2])
    with clock.at(walk.moment):
        browser.post(f"{url}/hint", {"hint": "1"}, status=200)
    db.session.expire_all()
    walk.person = factories.reloaded(walk.person)
    walk.answer(access.sitting_of(attempt, walk.person))
    db.session.commit()
    with clock.at(walk.moment):
        browser.post(f"{url}/hint", {"hint": "2"}, status=200)
        assert seen() == [0, 0, 0, 1], "after the answer there is nothing to open"
        result = browser.get(f"/attempts/{attempt}/result").text
    entry = db.session.scalars(select(LedgerEntry).where(LedgerEntry.rule == "L1")).one()
    assert (entry.amount, entry.reason) == (8, HINTED)
    assert "A hint halves what its question is worth" in result
    memories = db.session.scalars(select(Memory.stability).where(Memory.person_id == walk.person.id))
    assert sorted(round(stability, 4) for stability in memories) == [1.2931, 2.3065, 2.3065, 2.3065], "hard, and good"
    (fact,) = db.session.scalars(select(Fact.data).where(Fact.type == "LessonPassed"))
    assert (fact["asked"], fact["hinted"]) == (4, 1)
    assert points.verify() == []


def test_a_pass_of_before_pays_what_it_paid(walk: Walk) -> None:
    """Facts of an earlier release know of no hints; drawn again they bring the same."""
    walk.quiz()
    fact = db.session.scalars(select(Fact).where(Fact.type == "LessonPassed")).one()
    old = {name: value for name, value in fact.data.items() if name not in ("asked", "hinted")}
    then = past.read(Fact(id=fact.id, at=fact.at, day=fact.day, type=fact.type, actor_id=fact.actor_id, data=old))
    assert isinstance(then.event, LessonPassed)
    assert rules.BY_SLUG["L1"].pay(then.event, rules.POLICY) == Pay(10)
    assert db.session.scalars(select(LedgerEntry.amount).where(LedgerEntry.rule == "L1")).one() == 10


def test_in_practice_the_question_pays_half(walk: Walk, client_for: Callable[..., Client]) -> None:
    walk.quiz()
    day = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.choose(size=5, by_mail=False, by=walk.person)
    day.start()
    while (waiting := day.waiting) is not None:
        with clock.at(day.moment):
            practice.next_question(day.sitting, by=walk.person)
            db.session.commit()
            if waiting.version.body.get("hints"):
                browser, url = client_for(walk.person), f"/practice/sets/{day.set_id}/{waiting.position}"
                assert PRICE in browser.get(url).text
                page = browser.post(f"{url}/hint", {"hint": "1"}, status=200)
                assert FIRST in page.text
        day.answer()
    db.session.expire_all()
    assert sum(db.session.scalars(select(SetQuestion.hints_seen))) == 1
    paid = select(LedgerEntry.amount).where(LedgerEntry.rule == "L2").order_by(LedgerEntry.amount)
    assert list(db.session.scalars(paid)) == [1, 2, 2, 2]
    assert points.verify() == []
