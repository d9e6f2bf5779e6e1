"""The learner's loop without a mouse: from sign-in to the result, with the focus always in sight."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.keyboard import Keyboard

TITLE = "How to begin well"


def people() -> str:
    factories.published_lesson(title=TITLE)
    return factories.person("Kim Keys").email


def test_by_keyboard(house: House, arrive: Arrive) -> None:
    email = house.furnish(people)
    visitor = arrive()
    visitor.goes_to("/sign-in")
    keys = Keyboard(visitor)
    signs_in(keys, email)
    finds_the_shortcuts(keys)
    begins(keys)
    reads(keys)
    chooses(house, keys, "The start")
    chooses(house, keys, "True")
    types(house, keys, "last step")
    visitor.heading(f"Learned: {TITLE}")
    visitor.sees("10 XP earned")
    signs_out(keys)


def signs_in(keys: Keyboard, email: str) -> None:
    keys.press("Tab")
    assert keys.here()["name"] == "Skip to the content"
    keys.press("Enter")
    keys.tab_to("Mail address", "INPUT")
    keys.write(email)
    keys.tab_to("Password", "INPUT")
    keys.write("not my password")
    keys.press_to_leave("Enter")
    keys.visitor.sees("This address and password do not fit together.", within=".field")
    keys.tab_to("Password", "INPUT")
    keys.write(factories.PASSWORD)
    keys.press_to_leave("Enter")
    expect(keys.page.locator("h1")).to_contain_text("Kim")


def finds_the_shortcuts(keys: Keyboard) -> None:
    keys.press("?")
    dialog = keys.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    keys.visitor.settled()
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    keys.press_to_leave("/")
    expect(keys.page).to_have_url(re.compile("/lessons$"))


def begins(keys: Keyboard) -> None:
    keys.tab_to("Search lessons and questions", "INPUT")
    keys.write("begin")
    keys.press_to_leave("Enter")
    keys.tab_to(TITLE)
    keys.press_to_leave("Enter")
    keys.tab_to("Start", "BUTTON")
    keys.press_to_leave("Enter")
    if "/before" in keys.page.url:
        keys.tab_to("Skip it")
        keys.press_to_leave("Enter")


def reads(keys: Keyboard) -> None:
    keys.press_to_leave("ArrowRight")
    keys.press_to_leave("ArrowLeft")
    for _card in range(3):
        keys.press_to_leave("ArrowRight")
    keys.visitor.heading("Question 1 of 3")


def chooses(house: House, keys: Keyboard, words: str) -> None:
    options = [text.strip() for text in keys.page.locator(".question-option").all_inner_texts()]
    house.let_time_pass(40)
    keys.press(str(options.index(words) + 1))
    assert keys.here()["name"] == words
    keys.press("c")
    assert keys.here()["name"] == "Certain"
    keys.press_to_leave("Enter")
    expect(keys.page.locator(".verdict")).to_have_text("Right")
    keys.press_to_leave("ArrowRight")


def types(house: House, keys: Keyboard, words: str) -> None:
    house.let_time_pass(40)
    keys.tab_to("", "INPUT")
    keys.write(words)
    keys.tab_to("Guess", "INPUT")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    assert keys.here()["name"] == "Certain"
    keys.press_to_leave("Enter")
    keys.press_to_leave("ArrowRight")


def signs_out(keys: Keyboard) -> None:
    keys.tab_to("Skip to the content")
    keys.tab_to("Account of Kim Keys")
    keys.press("Enter")
    keys.press("ArrowUp")
    assert keys.here()["name"] == "Sign out"
    keys.press_to_leave("Enter")
    keys.visitor.heading("Sign in")
