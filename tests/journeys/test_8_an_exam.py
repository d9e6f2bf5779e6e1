"""Somebody who was given twice the time takes an exam, goes on with a phone, and is stopped by the clock."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.learn.models import Attempt
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.learning import reads, starts
from tests.journeys.visitor import Visitor


def people() -> tuple[str, str, str]:
    lesson = factories.published_lesson(title="How to leave in time", front="mode: exam\ntime_limit: 10\n")
    admin = factories.person("Ada Admin", roles=(("admin", 0),))
    return admin.email, factories.person("Mara Lind").email, lesson.slug


def test_an_exam(house: House, arrive: Arrive) -> None:
    admin_email, email, slug = house.furnish(people)
    admin = arrive()
    admin.signs_in(admin_email)
    gives_twice_the_time(admin)
    learner = arrive()
    learner.signs_in(email)
    starts(learner, slug)
    begins(learner)
    the_first_answers(house, learner)
    phone = arrive(viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="dark")
    phone.signs_in(email)
    goes_on(phone, slug)
    the_time_is_over(house, phone)
    the_result(phone, slug)


def gives_twice_the_time(admin: Visitor) -> None:
    admin.goes_to("/people")
    admin.follow("Mara Lind", within="main")
    admin.field("Where time is limited").select_option(label="Twice as much")
    admin.press("Save", within='form[action$="/pace"]')
    admin.sees("Saved. It holds from now on; a quiz that is open gets the time that was added.")


def begins(learner: Visitor) -> None:
    assert reads(learner) == 3
    learner.heading("Before the exam")
    learner.sees("You have 20 minutes from the moment you begin. Everybody else has 10.")
    learner.press("Begin the exam")
    learner.heading("Question 1 of 3")
    learner.sees("20 min left", within=".learn-clock")


def the_first_answers(house: House, learner: Visitor) -> None:
    house.let_time_pass(15)
    learner.press("Question 3", within=".learn-places")
    learner.page.locator(".question-typed input").fill("last step")
    house.let_time_pass(15)
    learner.field("Certain", within=".learn-confidence").check()
    learner.press("Keep and go on")
    learner.heading("Question 1 of 3")
    learner.field("The end", within=".question").check()
    house.let_time_pass(15)
    learner.field("Guess", within=".learn-confidence").check()
    learner.press("Keep and go on")
    learner.heading("Question 2 of 3")
    assert "That comes last." not in learner.page.content()


def goes_on(phone: Visitor, slug: str) -> None:
    phone.goes_to(f"/lessons/{slug}")
    phone.press("Go on with the quiz")
    phone.heading("Question 2 of 3")
    phone.press("Question 1 (answered)", within=".learn-places")
    expect(phone.field("The end", within=".question")).to_be_checked()
    phone.field("The start", within=".question").check()
    phone.press("Overview", within="main")
    phone.sees("1 question has no answer yet.")
    phone.press("Open question 2")
    phone.field("True").check()
    phone.field("Fairly sure", within=".learn-confidence").check()


def the_time_is_over(house: House, phone: Visitor) -> None:
    """The clock runs out in front of the open page: what stands there is sent, and the server decides."""

    def nearly_over() -> None:
        attempt = db.session.scalars(select(Attempt).where(Attempt.state == "open")).one()
        attempt.due_at = clock.now() + timedelta(seconds=12)

    house.furnish(nearly_over)
    phone.press("Keep and go on")
    phone.heading("Before you hand in")
    phone.sees("Every question has an answer. You can still change them.")
    phone.page.wait_for_url("**/result", timeout=30_000)
    phone.settled()  # the page before sent itself


def the_result(phone: Visitor, slug: str) -> None:
    phone.heading("Learned: How to leave in time")
    phone.page.get_by_text("What is right, and why").first.click()
    phone.sees("Right, that comes first.", within="#answers")
    phone.goes_to(f"/lessons/{slug}")
    phone.sees("Passed", within="#attempts")
