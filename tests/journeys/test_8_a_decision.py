"""A lesson of five minutes is decided with the keyboard alone, in less than three minutes of work on its pages.

Nothing here looks at a clock. The work is counted: each key pressed, each page that loads, each thing to make up one's
mind about. What these take is known from studies of people at keyboards (Card, Moran and Newell): 0.28 seconds a key
for somebody who types neither well nor badly, 1.35 seconds to make up one's mind; and a second for a page. Reading the
lesson itself comes on top: nobody should hurry that.
"""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from peerlearn.core.db import db
from peerlearn.lessons.models import Revision
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.deciding import WORDS, checks, rates
from tests.journeys.house import House
from tests.journeys.keyboard import Keyboard
from tests.journeys.visitor import Visitor

KEY, MIND, PAGE = 0.28, 1.35, 1.0  # seconds
MOST = 180
TITLE = "How to welcome a colleague"


class Counting(Keyboard):
    """A keyboard that counts what its user does."""

    def __init__(self, visitor: Visitor) -> None:
        super().__init__(visitor)
        self.keys = self.pages = self.minds = 0
        self.page.on("load", lambda _page: self._loaded())

    def _loaded(self) -> None:
        self.pages += 1

    def tab_to(self, name: str, tag: str = "") -> None:
        """Each press of the Tab key on the way counts."""
        self.page.evaluate(
            "() => { window.tabs = 0; addEventListener('keydown', (e) => e.key === 'Tab' && tabs++, true) }"
        )
        super().tab_to(name, tag)
        self.keys += self.page.evaluate("() => window.tabs")

    def press(self, key: str) -> None:
        """One key."""
        super().press(key)
        self.keys += 1

    def press_to_leave(self, key: str) -> None:
        """One key."""
        super().press_to_leave(key)
        self.keys += 1

    def write(self, text: str) -> None:
        """A key for each sign."""
        super().write(text)
        self.keys += len(text)

    def decides(self, key: str) -> None:
        """Make up one's mind about one thing, and press the key for it."""
        self.minds += 1
        self.press(key)

    @property
    def seconds(self) -> float:
        """What all of it takes."""
        return self.keys * KEY + self.minds * MIND + self.pages * PAGE


def people() -> str:
    topic = factories.topic()
    longer = "".join(f"\n\n{factories._words(number)}" for number in range(900, 918))
    text = factories.lesson_text(topic, TITLE).replace("Then show each step.", f"Then show each step.{longer}")
    author = factories.person("Mara Lind")
    lesson, revision = factories.lessons.import_file(text, owner=author, by=author)
    assert revision is not None
    factories.lessons.submit(revision, by=author)
    db.session.commit()
    minutes = db.session.scalar(select(Revision.minutes).where(Revision.lesson_id == lesson.id))
    assert minutes is not None
    assert 4.5 <= minutes <= 5.5, minutes
    return factories.person("Cora Curator", roles=(("curator", topic.id),)).email


def test_a_decision_by_keyboard_is_quick(house: House, arrive: Arrive) -> None:
    email = house.furnish(people)
    visitor = arrive()
    visitor.signs_in(email)
    visitor.goes_to("/review")
    keys = Counting(visitor)
    keys.tab_to(TITLE)
    keys.press_to_leave("Enter")
    finds_the_keys(keys)
    keys.press_to_leave("c")
    visitor.sees("You are reviewing this.")
    for tab, words in (
        ("2", "The file"),
        ("3", "This is a new lesson"),
        ("4", "Similar lessons"),
        ("5", "How good is it?"),
    ):
        keys.press_to_leave(tab)
        visitor.sees(words)
    rates(keys)
    checks(keys)
    keys.tab_to("Words for the authors", "TEXTAREA")
    keys.decides("Home")
    keys.write(WORDS)
    assert keys.page.evaluate("() => document.activeElement.value") == WORDS, "no key leads away while one types"
    keys.tab_to("Approve and publish")
    keys.minds += 1
    keys.press_to_leave("Enter")
    visitor.sees("Published. Colleagues can learn it from now on.")
    assert keys.seconds < MOST, (keys.keys, keys.minds, keys.pages)


def finds_the_keys(keys: Counting) -> None:
    keys.press("?")
    dialog = keys.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Lesson and quiz, text, changes, background, decision")
    keys.press("Escape")
    expect(dialog).to_be_hidden()
