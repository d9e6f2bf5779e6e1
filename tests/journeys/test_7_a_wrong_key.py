"""A wrong key is found by learners, flagged, and corrected by a curator; points and people follow."""

from __future__ import annotations

import re
from datetime import timedelta

from peerlearn.accounts.models import Person
from peerlearn.analysis import actions as analysis
from peerlearn.core.db import db
from peerlearn.points import actions as points
from tests import factories
from tests.factories import Walk
from tests.journeys import company
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.learning import answers, goes_on, hears, reads, starts
from tests.journeys.visitor import Visitor

TITLE = "How to begin at the right end"


def people() -> tuple[str, str, str, str]:
    """Nine people knew better than the key, two went by it, and one comes in today: the twelfth, who tells."""
    topic = factories.topic("Beginnings")
    author = factories.person("Ada Author")
    curator = factories.person("Jon Berg", roles=(("curator", topic.id),))
    lesson = factories.published_lesson(author, topic, title=TITLE)
    crowd = [
        factories.person(f"Learner {number}", team=author.team) for number in range(11)
    ]  # the twelfth answer tells
    for number, person in enumerate(crowd):
        takes(person, lesson.slug, key_too=number < 2)
    while analysis.catch_up():
        db.session.commit()
    return factories.person("Mara Lind").email, curator.email, crowd[0].email, lesson.slug


def takes(person: Person, slug: str, *, key_too: bool) -> None:
    walk = Walk(person, slug, company.long_ago())
    walk.read(seconds=30)
    walk.quiz(key_too, True, True)
    walk.moment += timedelta(minutes=1)


def books() -> list[str]:
    return points.verify()


def test_a_wrong_key(house: House, arrive: Arrive) -> None:
    learner_email, curator_email, other_email, slug = house.furnish(people)
    learner, curator = arrive(), arrive()
    learner.signs_in(learner_email)
    knows_better_than_the_key(house, learner, slug)
    curator.signs_in(curator_email)
    finds_the_question(curator)
    passes_without_it(house, learner)
    corrects_the_key(curator)
    is_told_and_paid(learner)
    other = arrive(viewport={"width": 390, "height": 844}, has_touch=True)
    other.signs_in(other_email)
    is_told_kindly(other)
    assert house.furnish(books) == []


def knows_better_than_the_key(house: House, learner: Visitor, slug: str) -> None:
    starts(learner, slug)
    house.let_time_pass(600)
    reads(learner)
    learner.field("The end").check()
    answers(house, learner)
    hears(learner, "Not right yet")


def passes_without_it(house: House, learner: Visitor) -> None:
    """While somebody looks at the question it counts against nobody."""
    goes_on(learner)
    learner.field("True").check()
    answers(house, learner)
    goes_on(learner)
    learner.page.locator(".question-typed input").fill("last step")
    answers(house, learner)
    goes_on(learner)
    learner.heading(f"Learned: {TITLE}")


def finds_the_question(curator: Visitor) -> None:
    curator.follow(re.compile("^Review"), within=".main-nav")
    curator.follow(re.compile("^Questions"), within="main")
    while not curator.page.get_by_text("The key may be wrong").count():  # it is worked out after the answer, in seconds
        curator.page.wait_for_timeout(500)
        curator.page.reload()
    curator.settled()
    curator.sees("The key may be wrong")
    curator.follow(TITLE, within="main")
    curator.heading("A doubtful question")
    curator.sees("10 (83 %)")


def corrects_the_key(curator: Visitor) -> None:
    curator.page.get_by_role("radio", name="The end").check()
    curator.field("Why “The end” is right or wrong", within="#another").fill(
        "Right: begin with what the reader wants to reach."
    )
    curator.press("See what it changes", within="#another")
    curator.heading("The right key, and what it changes")
    curator.sees("12 answers are marked again.")
    curator.sees("9 people pass after all, and are paid for the day of the attempt.")
    curator.sees("2 people do not pass any more")
    curator.press("Correct the key and mark again")
    curator.sees(re.compile("12 answers were marked again"))
    curator.sees("No doubtful questions")


def is_told_and_paid(learner: Visitor) -> None:
    learner.goes_to("/inbox")
    learner.press(re.compile("You were right all along"))
    learner.heading(f"Learned: {TITLE}")
    learner.sees("Marked again")
    learner.goes_to("/points")
    learner.sees("+10")


def is_told_kindly(learner: Visitor) -> None:
    learner.goes_to("/inbox")
    learner.sees(re.compile("our mistake and not yours"))
    learner.goes_to("/points")
    learner.sees(re.compile("which was our mistake and not yours"))
