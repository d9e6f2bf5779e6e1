"""A trusted author mends a typo: it is live at once, and a curator looks at it afterwards."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from playwright.sync_api import expect
from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons import actions as lessons
from peerlearn.review import trust
from peerlearn.review.models import Review
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.house import House

TYPO, RIGHT = "Then shwo each step.", "Then show each step."


def people() -> dict[str, str]:
    """An author with published lessons, and a draft of the next edit that chance will choose."""
    with clock.at(clock.now() - timedelta(days=10)):
        return _people()


def _people() -> dict[str, str]:
    topic = factories.topic()
    author, curator = factories.person("Mara Lind"), factories.person("Jon Berg", roles=(("curator", topic.id),))
    secret = current_app.config["SETTINGS"].secret_key
    chosen = None
    while chosen is None:
        text = factories.lesson_text(topic).replace(RIGHT, TYPO)
        lesson, first = lessons.import_file(text, owner=author, by=author)
        assert first is not None
        lessons.submit(first, by=author)
        db.session.commit()
        waiting = db.session.scalars(select(Review).where(Review.revision_id == first.id)).one()
        factories.approve(waiting, factories.person(roles=(("curator", topic.id),)))
        draft = lessons.revise(lesson, by=author)
        db.session.commit()
        if trust.is_drawn(secret, "audit", lesson.id, draft.id, share=trust.POLICY.audited):
            chosen = lesson
    for _ in range(3):
        factories.published_lesson(author, topic)
    known = {"author": author.email, "curator": curator.email}
    return known | {"lesson": str(chosen.id), "title": chosen.title}


def test_a_typo_is_mended_at_once_and_looked_at(house: House, arrive: Arrive) -> None:
    known = house.furnish(people)
    author, curator = arrive(), arrive()
    author.signs_in(known["author"])
    author.goes_to(f"/write/{known['lesson']}")
    area = author.field("The lesson, as Markdown")
    area.fill(area.input_value().replace(TYPO, RIGHT))
    author.press("Submit for review")
    author.sees("Live at once")
    author.goes_to(f"/write/{known['lesson']}/history")
    author.sees("mended a detail, and it was live at once")

    curator.signs_in(known["curator"])
    curator.goes_to("/review")
    curator.follow("1 lesson to look at afterwards")
    curator.follow(known["title"])
    expect(curator.page.locator("main ins")).to_contain_text("show")
    curator.field("It was small, and it is right").check()
    curator.press("Keep")
    curator.sees("Nothing to look at")
    author.goes_to(f"/write/{known['lesson']}/history")
    author.sees("found it right")
