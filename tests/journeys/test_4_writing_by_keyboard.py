"""A lesson is written and approved without a mouse, from the first page to the catalogue."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests import factories
from tests.journeys import texts
from tests.journeys.conftest import Arrive
from tests.journeys.deciding import WORDS, checks, rates
from tests.journeys.house import House
from tests.journeys.keyboard import Keyboard
from tests.journeys.visitor import Visitor

TITLE = "Hand over work before a holiday"


def people() -> tuple[str, str]:
    topic = factories.topic("Meetings")
    factories.published_lesson(title="How to begin well")
    curator = factories.person("Jon Berg", roles=(("curator", topic.id),))
    return factories.person("Kim Keys").email, curator.email


def test_writing_by_keyboard(house: House, arrive: Arrive) -> None:
    email, curator = house.furnish(people)
    visitor = arrive()
    visitor.signs_in(email)
    keys = Keyboard(visitor)
    visitor.goes_to("/write/new")
    begins(keys)
    writes(keys)
    with_the_slash_menu(keys)
    with_a_link(keys)
    with_a_question(keys)
    walks_from_part_to_part(keys)
    hands_in(keys)
    approves(arrive(), curator)
    visitor.goes_to("/write")
    visitor.sees("Published", within="main h2")


def begins(keys: Keyboard) -> None:
    keys.tab_to("Title", "INPUT")
    keys.write(TITLE)
    keys.tab_to("Topic", "SELECT")
    keys.write("Meetings")
    keys.tab_to("Open the editor", "BUTTON")
    keys.press_to_leave("Enter")
    keys.visitor.heading(TITLE)


def text(keys: Keyboard) -> str:
    return keys.visitor.field("The lesson, as Markdown").input_value()


def goes_to_the_text(keys: Keyboard) -> None:
    keys.tab_to("The lesson, as Markdown", "TEXTAREA")


def writes(keys: Keyboard) -> None:
    goes_to_the_text(keys)
    summary = "summary: What to write down, for whom, and where, in a few minutes."
    front = text(keys).split("\n## ")[0].replace("summary:", summary)
    keys.press("Control+a")
    keys.page.keyboard.insert_text(front + texts.cards("meetings", "unused").split("---\n\n", 1)[1])
    expect(keys.page.locator(".edit-part").first).to_be_visible()


def suggestions(keys: Keyboard) -> Locator:
    """What is offered below the cursor; the preview has lists of its own."""
    return keys.page.get_by_role("listbox", name="Suggestions")


def with_the_slash_menu(keys: Keyboard) -> None:
    keys.press("Alt+PageUp")
    keys.press("Control+Home")
    for _part in range(2):
        keys.press("Alt+PageDown")
    keys.press("End")
    keys.write("\n\n/")
    listed = suggestions(keys)
    expect(listed).to_be_visible()
    keys.visitor.settled()
    keys.press("Escape")
    expect(listed).to_be_hidden()
    keys.press("Backspace")
    keys.write("/ti")
    expect(listed.get_by_role("option", selected=True)).to_have_text("Tip")
    keys.press("Enter")
    keys.write("Ask early")
    assert '!!! tip "Ask early"\n    Text' in text(keys)


def with_a_link(keys: Keyboard) -> None:
    keys.press("ArrowDown")
    keys.press("End")
    keys.write(" and [[begin")
    expect(suggestions(keys).get_by_role("option", name="How to begin well")).to_be_visible()
    keys.press("Tab")
    assert re.search(r"    Text and \[How to begin well\]\(/lessons/[a-z0-9-]+\)\n", text(keys))


def with_a_question(keys: Keyboard) -> None:
    keys.press("Control+End")
    keys.write("\n/num")
    keys.press("ArrowDown")
    expect(suggestions(keys).get_by_role("option", selected=True)).to_have_text("Question: Number")
    keys.press("Enter")
    dialog = keys.page.get_by_role("dialog", name="Question")
    expect(dialog.get_by_label("Right number")).to_be_visible()
    keys.tab_to("Question", "TEXTAREA")
    keys.write("How many places hold your notes?")
    keys.tab_to("Right number", "INPUT")
    keys.write("1")
    keys.tab_to("Why the answer is right", "TEXTAREA")
    keys.write("With two nobody knows which is the newest.")
    keys.tab_to("Put it into the lesson", "BUTTON")
    keys.press("Enter")
    expect(dialog).to_be_hidden()
    assert "\n\n## number\n\nHow many places hold your notes?\n\n= 1\n" in text(keys)


def walks_from_part_to_part(keys: Keyboard) -> None:
    row = keys.page.get_by_role("toolbar", name="Parts of the lesson")
    expect(row.get_by_role("button", name=re.compile("^Question 3: Number"))).to_be_visible()
    for name in ("Question 3", "Question 2", "Question 1", "Card 3"):
        keys.press("Alt+PageUp")
        expect(row.locator("[aria-current]")).to_contain_text(name)
    expect(keys.page.locator("[data-problems-title]")).to_have_text(re.compile("^Ready to submit"))


def hands_in(keys: Keyboard) -> None:
    keys.tab_to("Submit for review", "BUTTON")
    keys.press_to_leave("Enter")
    keys.visitor.sees("Handed in. A curator reads it next, and you will hear from them here.")


def approves(visitor: Visitor, email: str) -> None:
    visitor.signs_in(email)
    visitor.goes_to("/review")
    keys = Keyboard(visitor)
    keys.tab_to(TITLE)
    for key in ("Enter", "c", "5"):
        keys.press_to_leave(key)
    rates(keys)
    checks(keys)
    keys.tab_to("Words for the authors", "TEXTAREA")
    keys.write(WORDS)
    keys.tab_to("Approve and publish")
    keys.press_to_leave("Enter")
    visitor.sees("Published. Colleagues can learn it from now on.")
    visitor.goes_to("/lessons")
    visitor.sees(TITLE)
