"""A curator changes a published lesson while its author writes on: both are put together before it is handed in."""

from __future__ import annotations

from playwright.sync_api import expect

from peerlearn.lessons import actions, amending, queries
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.house import House

OLD, PATCHED, MINE = (
    "Start with what the reader wants to do.",
    "Begin with what the reader wants to achieve.",
    "Start with what a reader wants to do.",
)


def begun() -> tuple[str, int]:
    """An author with a published lesson and a draft of it."""
    author = factories.person("Mara Lind")
    lesson = factories.published_lesson(author, title="How to lend a projector")
    actions.revise(lesson, by=author)
    return author.email, lesson.id


def patch(lesson_id: int) -> None:
    """A curator publishes what a reader suggested."""
    lesson = queries.lesson_by_id(lesson_id)
    assert lesson is not None
    [source] = queries.sources_of([lesson.published_id or 0]).values()
    curator = factories.person("Jon Berg", roles=factories.curator_of(lesson.topic_id))
    prepared = actions.prepare(lesson, source.replace(OLD, PATCHED))
    amending.amend(lesson, prepared, writer=factories.person(), by=curator)


def test_a_draft_and_what_was_published_meanwhile_are_put_together(house: House, arrive: Arrive) -> None:
    email, lesson_id = house.furnish(begun)
    author = arrive()
    author.signs_in(email)
    author.goes_to(f"/write/{lesson_id}")
    area = author.field("The lesson, as Markdown")
    area.fill(area.input_value().replace(OLD, MINE).replace("Then show each step.", "Then show every step."))
    author.page.keyboard.press("Control+s")
    expect(author.page.locator("[data-save-state=saved]")).to_be_visible()
    house.furnish(lambda: patch(lesson_id))

    author.goes_to(f"/write/{lesson_id}")
    author.sees("What is new there: card 1.")
    author.press("Put both together")
    author.heading("Choose what stays")
    author.sees("The published lesson was changed while you were writing")
    expect(author.page.locator(".merge-place")).to_have_count(1)
    author.sees(MINE, within=".merge-place")
    author.sees(PATCHED, within=".merge-place")
    author.page.get_by_role("button", name="Put it together").click()
    author.heading("Choose what stays")  # nothing is chosen for them, and the browser asks them to choose
    author.page.get_by_role("radio", name="Published now").check()
    author.press("Put it together")

    text = author.field("The lesson, as Markdown").input_value()
    assert PATCHED in text
    assert MINE not in text
    assert "Then show every step." in text
    author.press("Submit for review")
    author.goes_to(f"/write/{lesson_id}/history?from=3&to=2")  # the patch came later, and so has the higher number
    expect(author.page.locator("main ins").first).to_contain_text("every")
    author.misses(MINE)
