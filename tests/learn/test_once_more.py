"""An answer that nearly fits: what is said of it, in a quiz and in practice, and what a reload of that page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from peerlearn.core import clock
from tests import factories
from tests.factories import Walk
from tests.page import Client
from tests.practice.test_offline_pages import everything_asked

At = Iterator[tuple[Client, str]]
QUIZ = """# Quiz

## number ^heavy

How heavy is it?

= 10.5 ± 0.6 kg

Why: It was weighed.

Hint: Less than a sack of rice.

## text ^capital

What is the capital of Norway?

= Kristiania

Why: It was called so.

## number ^pieces

How many pieces are there?

= 1

Why: It was never cut.
"""


@pytest.fixture(params=["quiz", "practice"])
def at_work(request: pytest.FixtureRequest, app: Flask, client_for: Callable[..., Client]) -> At:
    """A browser whose first question is open for half a minute, and the address of what it belongs to."""
    lesson, me = factories.published_lesson(quiz=QUIZ), factories.person()
    browser = client_for(me)
    if request.param == "quiz":
        walk = Walk(me, lesson.slug, clock.now() - timedelta(hours=1))
        walk.read()
        home = f"/attempts/{walk.start().attempt.id}"
    else:
        home = f"/practice/sets/{everything_asked(me.id, lesson).id}"
        browser.post(f"{home}/1/show", token_from="/practice")
    with clock.at(clock.now() + timedelta(seconds=30)):
        yield browser, home


def shown(browser: Client, home: str, position: int) -> None:
    """Go on to the question at a place, and look at it long enough."""
    browser.post(f"{home}/next", {"to": str(position)})


def test_a_wrong_unit_hears_of_its_unit_and_a_misspelt_word_of_its_spelling(at_work: tuple[Client, str]) -> None:
    browser, home = at_work
    page = browser.post(f"{home}/1", {"answer": "10.4 t", "confidence": "certain"}, status=200)
    assert "The number fits: check the unit. This try is free." in page.text
    assert "spelling" not in page.text
    browser.post(f"{home}/1", {"answer": "10.4 kg", "confidence": "certain"})
    shown(browser, home, 2)
    with clock.at(clock.now() + timedelta(seconds=30)):
        page = browser.post(f"{home}/2", {"answer": "Cristiania", "confidence": "certain"}, status=200)
        assert "Almost: check the spelling. This try is free." in page.text
        browser.post(f"{home}/2", {"answer": "“Kristiania”.", "confidence": "certain"})
        assert "verdict-right" in browser.get(f"{home}/2" if "sets" in home else home).text


def test_a_fraction_is_not_taken_for_a_number_with_a_unit(at_work: tuple[Client, str]) -> None:
    browser, home = at_work
    page = browser.post(f"{home}/1", {"answer": "21/2", "confidence": "certain"}, status=422)
    assert "cannot be read as a number" in page.text


def test_a_reload_of_what_a_form_showed_leads_to_the_question(at_work: tuple[Client, str]) -> None:
    browser, home = at_work
    question = f"{home}/1" if "sets" in home else home
    browser.post(f"{home}/1", {"answer": "10.4 t", "confidence": "certain"}, status=200)
    assert "question-number" in browser.get(f"{home}/1", follow_redirects=True).text
    browser.post(f"{home}/1/hint", {"hint": "1"}, status=200)
    page = browser.get(f"{home}/1/hint", status=302)
    assert page.response.location == question
    assert "sack of rice" in browser.get(question).text
    assert browser.http.get(f"{home}/1/hint", headers={"Accept": "application/json"}).status_code == 405
