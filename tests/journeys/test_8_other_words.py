"""A curator suggests other words for a colleague's lesson; the author takes them over, and they go live."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from peerlearn.core.db import db
from peerlearn.review.models import Review
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.learning import starts

OLD, NEW = "Start with what the reader wants to do.", "Begin with what the reader wants to achieve."


def people() -> dict[str, str]:
    """An author with a published lesson, and a curator who looks after another topic."""
    topic, author = factories.topic(), factories.person("Mara Lind")
    curator = factories.person("Jon Berg", roles=(("curator", factories.topic().id),), board_mode="named")
    lesson = factories.published_lesson(author, topic, title="How to welcome a colleague")
    return {
        "author": author.email,
        "curator": curator.email,
        "slug": lesson.slug,
        "lesson": str(lesson.id),
        "topic": str(topic.id),
    }


def test_a_curator_suggests_and_the_author_accepts(house: House, arrive: Arrive) -> None:
    known = house.furnish(people)
    author, curator = arrive(), arrive()
    curator.signs_in(known["curator"])
    curator.goes_to(f"/lessons/{known['slug']}")
    curator.follow("Suggest other words")
    curator.follow("Card 1: Begin")
    area = curator.field("How it should be")
    area.fill(area.input_value().replace(OLD, NEW))
    curator.field("Why?").fill("We want to achieve something with it.")
    curator.press("Send it")
    curator.sees("you hear what became of it")
    expect(curator.page.locator("main ins").first).to_contain_text("Begin")

    author.signs_in(known["author"])
    author.goes_to("/write")
    author.follow("Decide about suggestions")
    author.follow("How to welcome a colleague")
    author.sees("We want to achieve something with it.")
    author.press("Take it over")
    author.sees("a curator reads the new revision next")
    author.goes_to(f"/write/{known['lesson']}/history")
    author.sees("Mara Lind took over a suggestion by Jon Berg")
    expect(author.page.locator("main ins").first).to_contain_text("Begin")

    curator.goes_to(f"/lessons/{known['slug']}")
    curator.sees("With thanks to")
    curator.goes_to("/points")
    curator.sees("was taken over")

    house.furnish(lambda: approved(int(known["lesson"]), int(known["topic"])))
    starts(curator, known["slug"])
    curator.sees(NEW)


def approved(lesson_id: int, topic_id: int) -> None:
    waiting = db.session.scalars(select(Review).where(Review.lesson_id == lesson_id, Review.state == "open")).one()
    factories.approve(waiting, factories.person("Tom Curator", roles=factories.curator_of(topic_id)))
