"""Each kind of question is answered by keyboard alone, by a finger on a phone, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from peerlearn.quizzes.kinds.registry import KINDS
from tests import factories
from tests.journeys import company, texts
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.keyboard import Keyboard
from tests.journeys.learning import goes_on, hears, reads, starts
from tests.journeys.visitor import Visitor

SLUG = "all-ten-kinds"
ORDER = ["Warn the others", "Call the fire brigade", "Fight the fire if it is small"]
PAIRS = {"200": "Here it is", "404": "Not here", "500": "Something broke"}
CHOICES = {
    "single": ["I offer to do the work myself"],
    "multiple": ["What you expected", "The steps to repeat it"],
    "true-false": ["False"],
}
TYPED = {"text": "Git Bisect", "number": "10,4 kg"}
WRITTEN = "At the address, and at its end first."
Way = Callable[[Visitor, str], None]


def people() -> tuple[str, str, str]:
    topic = factories.topic("All kinds")
    curator = factories.person("Jon Berg", roles=(("curator", topic.id),))
    lesson = company.published(texts.all_ten_kinds(topic.slug), factories.person("Ada Author"), curator)
    assert lesson.slug == SLUG
    return (
        factories.person("Kim Keys").email,
        factories.person("Fred Finger").email,
        factories.person("Nell None").email,
    )


@pytest.fixture(scope="module")
def emails(house: House) -> tuple[str, str, str]:
    """Who will learn the lesson with a question of each kind."""
    return house.furnish(people)


def answers_all(house: House, learner: Visitor, email: str, way: Way) -> None:
    """Read the lesson and answer every question in this way, after some thought; all of them rightly."""
    learner.signs_in(email)
    starts(learner, SLUG)
    reads(learner)
    met = []
    while "/result" not in learner.page.url:
        question = learner.page.locator("form .question")
        kind = (question.get_attribute("class") or "").split("question-")[-1]
        house.let_time_pass(15)
        way(learner, kind)
        met.append(kind)
        if KINDS[kind].counts:
            hears(learner, "^Right$")
            goes_on(learner)
    assert met == list(KINDS)
    learner.sees("Not counted")


# by keyboard


def test_by_keyboard_alone(house: House, arrive: Arrive, emails: tuple[str, str, str]) -> None:
    answers_all(house, arrive(), emails[0], by_keyboard)


def by_keyboard(learner: Visitor, kind: str) -> None:
    keys = Keyboard(learner)
    BY_KEYBOARD.get(kind, ticks)(keys, kind)
    if not KINDS[kind].counts:
        return
    keys.tab_to("Guess", "INPUT")
    keys.press("ArrowRight")
    assert keys.here()["name"] == "Fairly sure"
    keys.press_to_leave("Enter")


def ticks(keys: Keyboard, kind: str) -> None:
    options = [text.strip() for text in keys.page.locator(".question-option").all_inner_texts()]
    for words in CHOICES[kind]:
        keys.press(str(options.index(words) + 1))
        assert keys.here()["name"] == words


def types(keys: Keyboard, kind: str) -> None:
    keys.tab_to("Type", "INPUT")
    keys.write(TYPED[kind])


def moves(keys: Keyboard, _kind: str) -> None:
    for place, words in enumerate(ORDER):
        stands = keys.page.locator("[data-entry-text]").all_inner_texts().index(words)
        if stands > place:
            keys.tab_to(f"Move up: {words}", "BUTTON")
        for _step in range(stands - place):
            keys.press("ArrowUp")
    assert keys.page.locator("[data-entry-text]").all_inner_texts() == ORDER


def pairs(keys: Keyboard, _kind: str) -> None:
    for left, right in PAIRS.items():
        keys.tab_to(left, "SELECT")
        keys.write(right)


def fills(keys: Keyboard, _kind: str) -> None:
    keys.tab_to("Gap 1 of 2", "SELECT")
    keys.write("left")
    keys.tab_to("Gap 2 of 2", "INPUT")
    keys.write("null")


def points(keys: Keyboard, _kind: str) -> None:
    keys.tab_to("1 Logo", "INPUT")
    keys.press("ArrowDown")
    assert keys.here()["name"] == "2 Address"
    expect(keys.page.locator('.hotspot-place[data-place="2"] .hotspot-hit')).to_have_css("border-style", "solid")
    keys.tab_to("Show hint 1 of 2", "BUTTON")
    keys.press_to_leave("Enter")
    keys.tab_to("Show hint 2 of 2", "BUTTON")
    keys.press_to_leave("Enter")
    expect(keys.page.get_by_text("It has an @ in it.")).to_be_visible()
    expect(keys.page.get_by_role("radio", name="2 Address")).to_be_checked()


def reflects(keys: Keyboard, _kind: str) -> None:
    keys.tab_to("Write a few sentences", "TEXTAREA")
    keys.write(WRITTEN)
    keys.tab_to("Answer", "BUTTON")
    keys.press_to_leave("Enter")
    keys.tab_to("It matches", "INPUT")
    keys.press("ArrowRight")
    assert keys.here()["name"] == "Partly"
    keys.press_to_leave("Enter")


BY_KEYBOARD = {
    "text": types,
    "number": types,
    "ordering": moves,
    "matching": pairs,
    "cloze": fills,
    "hotspot": points,
    "reflection": reflects,
}


# by a finger


def test_on_a_phone(house: House, arrive: Arrive, emails: tuple[str, str, str]) -> None:
    phone = arrive(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme="dark")
    answers_all(house, phone, emails[1], by_finger)


def by_finger(learner: Visitor, kind: str) -> None:
    page = learner.page
    for words in CHOICES.get(kind, ()):
        page.locator(".question-option", has_text=words).tap()
    if kind == "ordering":
        in_order(learner)
    elif kind == "hotspot":
        page.locator('.hotspot-place[data-place="2"] .hotspot-hit').tap()
        expect(page.get_by_role("radio", name="2 Address", exact=True)).to_be_checked()
    else:
        fills_in(learner, kind)
    sends(learner, kind)


def in_order(learner: Visitor) -> None:
    for place, words in enumerate(ORDER):
        while learner.page.locator("[data-entry-text]").all_inner_texts().index(words) > place:
            learner.button(f"Move up: {words}").tap()


def fills_in(learner: Visitor, kind: str) -> None:
    """What is written or chosen from lists, which looks alike with and without JavaScript."""
    if kind in TYPED:
        learner.page.locator(".question-typed input").fill(TYPED[kind])
    elif kind == "matching":
        for left, right in PAIRS.items():
            learner.field(left, within=".question").select_option(label=right)
    elif kind == "cloze":
        learner.field("Gap 1 of 2").select_option(label="left join")
        learner.field("Gap 2 of 2").fill("NULL")
    elif kind == "reflection":
        learner.page.locator(".question textarea").fill(WRITTEN)


def sends(learner: Visitor, kind: str) -> None:
    if KINDS[kind].counts:
        learner.page.locator(".learn-confidence-option", has_text="Certain").click()
        learner.press("Answer", within="main")
        return
    learner.press("Answer", within="main")
    learner.sees("At the end of the sender's address.")
    learner.page.locator(".question-option", has_text="It matches").click()
    learner.press("See my result", within="main")


# without JavaScript


def test_without_scripts(house: House, arrive: Arrive, emails: tuple[str, str, str]) -> None:
    answers_all(house, arrive(java_script_enabled=False), emails[2], without_scripts)


def without_scripts(learner: Visitor, kind: str) -> None:
    page = learner.page
    for words in CHOICES.get(kind, ()):
        learner.field(words).check()
    if kind == "ordering":
        for place, words in enumerate(ORDER, start=1):
            learner.field(f"Place of: {words}").select_option(str(place))
    elif kind == "hotspot":
        page.get_by_role("button", name="Show hint 1 of 2").click()
        expect(page.get_by_text("It stands near the top.")).to_be_visible()
        expect(page.get_by_text("It has an @ in it.")).to_be_hidden()
        page.locator('.hotspot-place[data-place="2"] .hotspot-hit').click()
    else:
        fills_in(learner, kind)
    sends(learner, kind)
