"""What stands around a text that waits: similar lessons, and the past of its authors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import fileformat
from peerlearn.lessons import queries as lesson_queries
from peerlearn.lessons.models import LessonAuthor
from peerlearn.review import actions, background
from peerlearn.review import queries as reviewing
from peerlearn.review.background import Background, Past
from peerlearn.review.models import Review
from tests import factories
from tests.page import Client
from tests.review.test_actions import Desk
from tests.review.test_pages import address, words

Browser = Callable[[Person], Client]


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


def around(desk: Desk, *, with_authors: bool = True) -> Background:
    seen = reviewing.review_by_id(desk.review.id, desk.me(desk.tom), whole=True)
    assert seen is not None
    return background.background(seen.review, with_authors=with_authors)


def test_how_the_authors_other_texts_fared(desk: Desk) -> None:
    author = desk.me(desk.author)
    assert around(desk).authors == [Past(author.id, author.name, 0, 0, 0, None)]
    factories.published_lesson(author, desk.topic)
    second, asked = factories.reviewed_lesson(author, desk.topic)
    curator = factories.person(roles=(("curator", desk.topic.id),))
    taken = reviewing.review_to_change(asked.id, curator)
    assert taken is not None
    place = factories.review_rules.Place(line_from=2, line_to=2)
    actions.remark(taken.review, actions.Words("blocking", place, actions.written("Please.")), by=curator)
    actions.request_changes(taken.review, factories.JUDGEMENT, by=curator)
    draft = lesson_queries.open_revision(second.id)
    assert draft is not None
    assert around(desk).authors[0] == Past(author.id, author.name, 1, 1, 1, 1.0), "what is open is not counted"
    text = draft.source.replace("Then show each step.", "Then show all of it.")
    lessons.save_draft(draft, text, base_version=draft.version, by=author)
    lessons.submit(draft, by=author)
    db.session.commit()
    again = db.session.scalars(select(Review).where(Review.revision_id == draft.id, Review.state == "open")).one()
    factories.approve(again, curator)
    _third, unwanted = factories.reviewed_lesson(author, desk.topic)
    taken = reviewing.review_to_change(unwanted.id, curator)
    assert taken is not None
    reason = actions.Judgement({}, {}, comment="We have a lesson about this already.")
    actions.reject(taken.review, "duplicate", reason, by=factories.person(roles=(("curator", desk.topic.id),)))
    db.session.commit()
    assert around(desk).authors[0] == Past(author.id, author.name, 2, 3, 2, 1.5)


def test_similar_lessons_come_with_how_much_is_alike(desk: Desk, client_for: Browser) -> None:
    assert around(desk).similar == []
    cards = fileformat.parse(desk.revision.source).cards
    twin = factories.published_lesson(None, desk.topic, title=desk.revision.title + " again")
    factories.republish(twin, lambda text: text.replace(fileformat.parse(text).cards[0].body, cards[0].body, 1))
    found = around(desk).similar
    assert [one.lesson_id for one in found] == [twin.id]
    page = words(client_for(desk.tom).get(address(desk, "/background")))
    assert f"{round(found[0].score * 100)} % of the words are the same" in page
    assert desk.author.name in page
    assert "A first text." in page


def test_the_past_is_hidden_where_the_name_is(desk: Desk, client_for: Browser) -> None:
    assert around(desk, with_authors=False).authors == []
    desk.fresh().is_blind = True
    db.session.commit()
    page = client_for(desk.tom).get(address(desk, "/background"))
    assert "You see this when it is decided." in words(page)
    assert desk.author.name not in page.text


def test_authors_are_shown_nothing_about_each_other(desk: Desk, client_for: Browser) -> None:
    db.session.add(LessonAuthor(lesson_id=desk.lesson.id, person_id=desk.uma.id, position=1, share=0.0))
    db.session.commit()
    page = words(client_for(desk.uma).get(address(desk, "/background")))
    assert "You had a hand in this one" in page
    assert "Published lessons" not in page


def test_every_tab_has_its_digit(desk: Desk, client_for: Browser) -> None:
    page = client_for(desk.tom).get(address(desk))
    tabs = [link for link in page.all("a") if link.get("class") == "tab"]
    keys = [(link.get("data-shortcut"), link.get("aria-keyshortcuts")) for link in tabs]
    assert keys == [(str(number), str(number)) for number in range(1, 6)]
