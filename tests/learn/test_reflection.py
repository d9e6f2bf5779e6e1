"""An open question: answered first, compared afterwards, counted never."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.facts import Fact
from peerlearn.learn.models import Asked
from tests import factories
from tests.factories import Walk
from tests.page import Client, Page

REFLECTION = """
## reflection ^{uid}

What will you do differently?

= I will look for the kkmodel first.

Hint: Think of tomorrow.
"""


@pytest.fixture
def waiting(db: Any, client_for: Any) -> tuple[Client, str]:
    """A browser before the last question of a lesson, an open one, and the address it is answered at."""
    learner = factories.person()
    slug = factories.published_lesson(more=REFLECTION.format(uid="reflone")).slug
    walk = Walk(learner, slug, clock.now() - timedelta(hours=1))
    walk.read()
    sitting = walk.start()
    for _question in range(3):
        walk.answer(sitting)
    database.session.commit()
    browser = client_for(learner)
    address = f"/attempts/{sitting.attempt.id}"
    browser.post(f"{address}/next", token_from="/settings")
    return browser, address


def stored(address: str) -> Asked:
    database.session.expire_all()
    attempt_id = int(address.split("/")[2])
    return database.session.scalars(select(Asked).where(Asked.attempt_id == attempt_id, Asked.position == 4)).one()


def answered(waiting: tuple[Client, str]) -> Page:
    browser, address = waiting
    browser.post(f"{address}/4", {"answer": "I will ask <b>somebody</b>.", "confidence": "certain"}, token_from=address)
    return browser.get(address)


def test_the_model_answer_comes_after_the_own_one(waiting: tuple[Client, str]) -> None:
    browser, address = waiting
    before = browser.get(address)
    assert "What will you do differently?" in before.text
    assert "Think of tomorrow." not in before.text
    assert "A hint halves" not in before.text, "what is never marked has nothing to lose"
    assert "Think of tomorrow." in browser.post(f"{address}/4/hint", {"hint": "1"}, token_from=address, status=200).text
    assert "kkmodel" not in before.text
    assert "How sure are you?" not in before.text
    assert browser.post(f"{address}/4", {"answer": " "}, token_from=address, status=422).text.count("kkmodel") == 0
    after = answered(waiting)
    assert "kkmodel" in after.text
    assert "I will ask &lt;b&gt;somebody&lt;/b&gt;." in after.text
    assert "Not right yet" not in after.text


@pytest.mark.parametrize(
    ("said", "kept"),
    [({"rating": "partly"}, ["partly"]), ({}, []), ({"rating": "wonderful"}, [])],
    ids=["said", "left open", "invented"],
)
def test_one_may_say_how_well_it_matches(waiting: tuple[Client, str], said: dict[str, str], kept: list[str]) -> None:
    answered(waiting)
    browser, address = waiting
    browser.post(f"{address}/4/rating", said, token_from=address, to=f"{address}/result")
    assert stored(address).answer == {"kind": "reflection", "value": ["I will ask <b>somebody</b>.", *kept]}


def test_nothing_is_rated_before_it_is_answered_nor_where_it_is_marked(waiting: tuple[Client, str]) -> None:
    browser, address = waiting
    for position in (1, 4, 9):
        browser.post(f"{address}/{position}/rating", {"rating": "matches"}, token_from=address, status=404)
    assert stored(address).answer is None


def test_nothing_follows_from_it(waiting: tuple[Client, str]) -> None:
    def count() -> int:
        return database.session.scalar(select(func.count(Fact.id)).where(Fact.type == "QuestionAnswered")) or 0

    before = count()
    answered(waiting)
    assert stored(waiting[1]).answered_at is not None
    assert stored(waiting[1]).confidence is None
    assert count() == before == 3
    assert "Not counted" in waiting[0].get(f"{waiting[1]}/result").text
