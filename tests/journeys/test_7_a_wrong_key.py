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
from tests.journeys.visitor import Visitor

TITLE = "How to begin at the right end"


def people() -> tuple[str, str, str]:
    """Eleven people knew better than the key and did not pass; two passed only through it."""
    topic = factories.topic("Beginnings")
    author = factories.person("Ada Author")
    curator = factories.person("Jon Berg", roles=(("curator", topic.id),))
    lesson = factories.published_lesson(author, topic, title=TITLE)
    crowd = [factories.person(f"Learner {number}", team=author.team) for number in range(12)]
    crowd.append(factories.person("Mara Lind"))
    for number, person in enumerate(crowd):
        takes(person, lesson.slug, key_too=number < 2)
    while analysis.catch_up():
        db.session.commit()
    return crowd[-1].email, curator.email, crowd[0].email


def takes(person: Person, slug: str, *, key_too: bool) -> None:
    walk = Walk(person, slug, company.long_ago())
    walk.read(seconds=30)
    walk.quiz(key_too, True, True)
    walk.moment += timedelta(minutes=1)


def books() -> list[str]:
    return points.verify()


def test_a_wrong_key(house: House, arrive: Arrive) -> None:
    learner_email, curator_email, other_email = house.furnish(people)
    curator = arrive()
    curator.signs_in(curator_email)
    finds_the_question(curator)
    corrects_the_key(curator)
    learner = arrive()
    learner.signs_in(learner_email)
    is_told_and_paid(learner)
    other = arrive(viewport={"width": 390, "height": 844}, has_touch=True)
    other.signs_in(other_email)
    is_told_kindly(other)
    assert house.furnish(books) == []


def finds_the_question(curator: Visitor) -> None:
    curator.follow(re.compile("^Review"), within=".main-nav")
    curator.follow(re.compile("^Questions"), within="main")
    curator.sees("The key may be wrong")
    curator.follow(TITLE, within="main")
    curator.heading("A doubtful question")
    curator.sees("11 (85 %)")


def corrects_the_key(curator: Visitor) -> None:
    curator.page.get_by_role("radio", name="The end").check()
    curator.fill("Why “The end” is right or wrong", "Right: begin with what the reader wants to reach.")
    curator.press("Correct the key and mark again")
    curator.sees(re.compile("13 answers were marked again"))
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
