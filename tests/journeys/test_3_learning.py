"""A learner finds a lesson, answers every kind of question on two devices, and hears what became of a report."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests import factories
from tests.journeys import company, texts
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.learning import answers, goes_on, hears, reads, starts
from tests.journeys.visitor import Visitor

TITLE = "Every kind of question"


def people() -> tuple[str, str, str]:
    topic, other = factories.topic("Patience"), factories.topic("Haste")
    author = factories.person("Ada Author")
    curator = factories.person("Jon Berg", roles=(("curator", topic.id),))
    learner = factories.person("Mara Lind")
    lesson = company.published(texts.every_kind(topic.slug), author, curator)
    factories.published_lesson(author, other, title="How to hurry slowly")
    return learner.email, curator.email, lesson.slug


def test_learning(house: House, arrive: Arrive) -> None:
    email, curator_email, slug = house.furnish(people)
    learner = arrive()
    learner.signs_in(email)
    finds(learner)
    starts(learner, slug)
    assert reads(learner) == 3
    the_first_questions(house, learner)

    phone = arrive(viewport={"width": 390, "height": 844}, has_touch=True)
    phone.signs_in(email)
    goes_on_elsewhere(phone)
    the_other_questions(house, phone)
    the_result(phone)
    celebrates(phone)

    receipts(learner)
    says_a_word(learner, slug)
    reports(learner)
    curator = arrive()
    curator.signs_in(curator_email)
    agrees(curator)
    is_told(learner)


def finds(learner: Visitor) -> None:
    learner.follow("Learn", within=".main-nav")
    learner.sees("How to hurry slowly")
    learner.fill("Search lessons and questions", "bug report password")
    learner.press("Search", within="main")
    learner.sees(re.compile("^1 lesson found"))
    learner.misses("How to hurry slowly")
    learner.goes_to("/lessons")
    learner.follow(re.compile("^Haste"), within="main")
    learner.misses(TITLE)
    learner.follow(re.compile("^All topics"), within="main")
    with learner.page.expect_navigation():
        learner.field("Kind").select_option(label="Checklist")
    learner.settled()
    learner.sees("No lesson fits yet")
    learner.goes_to("/lessons")


def the_first_questions(house: House, learner: Visitor) -> None:
    learner.heading("Question 1 of 8")
    assert "the password stays with you" not in learner.page.content()
    learner.field("I write it on paper").check()
    answers(house, learner, sure="Fairly sure")
    hears(learner, "Not right yet")
    learner.sees("Paper is found by others.")
    learner.sees("A colleague asks for your password.")
    goes_on(learner)
    for words in ("What you expected", "The steps to repeat it"):
        learner.field(words).check()
    answers(house, learner)
    hears(learner, "Right")
    goes_on(learner)
    learner.field("False").check()
    answers(house, learner)
    hears(learner, "Right")
    goes_on(learner)
    learner.heading("Question 4 of 8")


def goes_on_elsewhere(phone: Visitor) -> None:
    phone.follow(re.compile("Continue|Go on"), within="main")
    if "/attempts/" not in phone.page.url:
        phone.press("Go on with the quiz")
    phone.heading("Question 4 of 8")


def the_other_questions(house: House, phone: Visitor) -> None:
    phone.page.locator(".question-typed input").fill("git bisekt")
    answers(house, phone)
    phone.sees("Almost: check the spelling. This try is free.")
    phone.page.locator(".question-typed input").fill("git bisect")
    answers(house, phone)
    hears(phone, "Right")
    goes_on(phone)
    phone.page.locator(".question-typed input").fill("10,4 kg")
    answers(house, phone)
    hears(phone, "Right")
    goes_on(phone)
    in_order(phone, ["Warn the others", "Call the fire brigade", "Fight the fire if it is small"])
    answers(house, phone)
    hears(phone, "Right")
    goes_on(phone)
    for left, right in (("200", "Here it is"), ("404", "Not here"), ("500", "Something broke")):
        phone.field(left, within=".question").select_option(label=right)
    answers(house, phone)
    hears(phone, "Right")
    goes_on(phone)
    phone.field("Gap 1 of 2").select_option(label="left join")
    phone.field("Gap 2 of 2").fill("Null")
    answers(house, phone)
    hears(phone, "Right")
    goes_on(phone)


def in_order(learner: Visitor, wanted: list[str]) -> None:
    """Move each entry up until it stands where it belongs."""
    for place, words in enumerate(wanted):
        while learner.page.locator("[data-entry-text]").all_inner_texts().index(words) > place:
            learner.button(f"Move up: {words}").click()


def the_result(learner: Visitor) -> None:
    learner.heading(f"Learned: {TITLE}")
    learner.sees("7/8")
    learner.sees("10 XP earned", within=".celebration")
    learner.sees("Pass a lesson", within=".points-earned")
    expect(learner.page.locator("#answers > li")).to_have_count(8)
    expect(learner.page.locator("#answers").get_by_text("Not yet")).to_have_count(1)


def celebrates(learner: Visitor) -> None:
    """The burst comes for those who like movement, and is gone soon."""
    learner.page.emulate_media(reduced_motion="no-preference")
    learner.page.reload()
    expect(learner.page.locator(".celebration-layer")).to_have_count(1)
    expect(learner.page.locator(".celebration-layer")).to_have_count(0)
    learner.page.emulate_media(reduced_motion="reduce")


def receipts(learner: Visitor) -> None:
    learner.goes_to("/")
    learner.page.locator(".points-pill").click()
    learner.settled()
    learner.heading("My points")
    learner.sees(f"Passed the lesson “{TITLE}”", within="main")
    learner.follow("How points work", within="main")
    learner.heading("How points work")


def says_a_word(learner: Visitor, slug: str) -> None:
    learner.goes_to(f"/lessons/{slug}")
    learner.press("Useful", within="#reactions")
    expect(learner.button(re.compile("^Useful"), within="#reactions")).to_have_attribute("aria-pressed", "true")
    learner.press(re.compile("^Useful"), within="#reactions")
    expect(learner.button(re.compile("^Useful"), within="#reactions")).to_have_attribute("aria-pressed", "false")


def reports(learner: Visitor) -> None:
    learner.follow("Report a problem", within="main")
    learner.field(re.compile("^Wrong")).check()
    learner.field("Where?").select_option(index=1)
    learner.fill("What did you notice?", "Buckets of ours hold twelve litres.")
    learner.press("Send it")
    learner.sees("Thank you. A curator looks at it, and you hear what became of it.")


def agrees(curator: Visitor) -> None:
    curator.follow(re.compile("^Review"), within=".main-nav")
    curator.follow(re.compile("^Reports"), within="main")
    curator.follow(TITLE, within="main")
    curator.sees("Buckets of ours hold twelve litres.")
    curator.fill("Your answer", "You are right, we have new buckets.")
    curator.press("The reader is right")
    curator.sees("The reader hears that they were right.")


def is_told(learner: Visitor) -> None:
    learner.goes_to("/")
    learner.follow(re.compile("^Inbox, 1 unread"), within=".header")
    learner.press(re.compile(TITLE), within="main")
    learner.goes_to("/review/reports/mine")
    learner.sees("You are right, we have new buckets.")
