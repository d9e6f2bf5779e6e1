"""Five questions on the way to the coffee: from the today page to “Done for today”, by thumb and by keyboard."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.practice.rules import POLICY
from tests import factories
from tests.factories import Walk
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.keyboard import Keyboard
from tests.journeys.learning import hears
from tests.journeys.visitor import Visitor

THREE_MINUTES = 180
THOUGHT = 15  # seconds for each question, beside what the pages take
CHOICES = {"single": "The start", "true-false": "True"}


def people() -> tuple[str, str]:
    """Two who work every day and passed two lessons some days ago: their six questions are due."""
    topic = factories.topic("Meetings")
    slugs = [factories.published_lesson(topic_=topic).slug for _ in range(2)]
    emails = []
    for name in ("Tom Thumb", "Kim Keys"):
        person = factories.person(name, work_days="1234567")
        for slug in slugs:
            walk = Walk(person, slug, clock.now() - timedelta(days=9))
            walk.read()
            walk.quiz()
        emails.append(person.email)
    db.session.commit()
    return emails[0], emails[1]


@pytest.fixture(scope="module")
def emails(house: House) -> tuple[str, str]:
    return house.furnish(people)


def kind_of_question(visitor: Visitor) -> str:
    """Which kind of question stands on the page."""
    return next(kind for kind in ("single", "true-false", "text") if visitor.page.locator(f".question-{kind}").count())


def is_done(visitor: Visitor) -> None:
    visitor.heading("Done for today")
    visitor.sees("5/5")
    visitor.sees(re.compile("(15|65) XP earned"))  # five due ones at 2, and 5 for the set; soon 50 for the topic
    visitor.goes_to("/")
    visitor.misses("Your questions of the day")


def holds_the_topic(visitor: Visitor) -> None:
    """What is held is added up a moment after the last answer."""
    for _attempt in range(20):
        page = visitor.goes_to("/points")
        if page.get_by_text("You hold a whole topic now").count():
            return
        time.sleep(0.5)
    raise AssertionError("nobody added up what is held")


def test_on_a_phone(house: House, arrive: Arrive, emails: tuple[str, str]) -> None:
    phone = arrive(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.signs_in(emails[0])
    phone.goes_to("/")
    phone.sees("Your questions of the day")
    start = time.monotonic()
    phone.follow("Practise now", within="main")
    phone.press("Start today’s questions", within="main")
    for number in range(1, POLICY.size + 1):
        phone.heading(f"Question {number} of 5")
        answers(house, phone)
        hears(phone, "Right")
        if number < POLICY.size:
            phone.press("Next question")
    phone.follow("See how it went", within="main")
    spent = time.monotonic() - start + POLICY.size * THOUGHT
    is_done(phone)
    holds_the_topic(phone)
    assert spent < THREE_MINUTES, f"it took {spent:.0f} seconds"


def answers(house: House, phone: Visitor) -> None:
    kind = kind_of_question(phone)
    house.let_time_pass(THOUGHT)
    if kind == "text":
        phone.page.locator(".question-typed input").fill("last step")
    else:
        phone.field(CHOICES[kind], within=".question").check()
    phone.field("Fairly sure", within=".learn-confidence").check()
    phone.press("Answer", within="main")


def test_by_keyboard(house: House, arrive: Arrive, emails: tuple[str, str]) -> None:
    visitor = arrive()
    visitor.signs_in(emails[1])
    visitor.goes_to("/")
    keys = Keyboard(visitor)
    start = time.monotonic()
    keys.tab_to("Practise now", "A")
    keys.press_to_leave("Enter")
    keys.tab_to("Start today’s questions", "BUTTON")
    keys.press_to_leave("Enter")
    for number in range(1, POLICY.size + 1):
        visitor.heading(f"Question {number} of 5")
        types_an_answer(house, keys)
        expect(keys.page.locator(".verdict")).to_have_text("Right")
        keys.press_to_leave("ArrowRight")
    spent = time.monotonic() - start + POLICY.size * THOUGHT
    is_done(visitor)
    assert spent < THREE_MINUTES, f"it took {spent:.0f} seconds"


def types_an_answer(house: House, keys: Keyboard) -> None:
    kind = kind_of_question(keys.visitor)
    house.let_time_pass(THOUGHT)
    if kind == "text":
        keys.tab_to("", "INPUT")
        keys.write("last step")
        keys.tab_to("Guess", "INPUT")
        keys.press("ArrowRight")
    else:
        options = [text.strip() for text in keys.page.locator(".question-option").all_inner_texts()]
        keys.press(str(options.index(CHOICES[kind]) + 1))
        assert keys.here()["name"] == CHOICES[kind]
        keys.press("f")
    assert keys.here()["name"] == "Fairly sure"
    keys.press_to_leave("Enter")
