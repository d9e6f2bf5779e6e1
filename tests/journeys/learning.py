"""What stories have in common where somebody reads a lesson and answers its questions."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.house import House
from tests.journeys.visitor import Visitor


def starts(learner: Visitor, slug: str) -> None:
    """Open the lesson and begin to read; a question before reading is skipped."""
    learner.goes_to(f"/lessons/{slug}")
    learner.press("Start", within="main")
    if "/before" in learner.page.url:
        learner.press("Skip it")


def reads(learner: Visitor) -> int:
    """Turn every card up to the quiz; how many there were."""
    cards = 1
    while learner.page.get_by_role("button", name="Next", exact=True).count():
        learner.press("Next")
        cards += 1
    learner.press("Take the quiz")
    return cards


def answers(house: House, learner: Visitor, sure: str = "Certain") -> None:
    """Send what was chosen, after some thought."""
    house.let_time_pass(15)
    learner.field(sure, within=".learn-confidence").check()
    learner.press("Answer", within="main")


def hears(learner: Visitor, verdict: str) -> None:
    """Read how it went."""
    expect(learner.page.locator(".verdict")).to_have_text(re.compile(verdict))


def goes_on(learner: Visitor) -> None:
    """To the next question, or to the result."""
    last = learner.page.get_by_role("link", name="See my result")
    if last.count():
        learner.follow("See my result", within="main")
    else:
        learner.press("Next question")
