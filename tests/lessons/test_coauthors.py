"""Colleagues who write along, and how the credit is split."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons import actions, contributing, queries
from peerlearn.lessons.models import Lesson
from peerlearn.practice.models import Holding
from tests import factories
from tests.page import Client

ClientFor = Callable[[Person], Client]


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person("Mara Lind")


@pytest.fixture
def draft(author: Person) -> Lesson:
    lesson, _ = actions.import_file(factories.lesson_text(factories.topic()), owner=author, by=author)
    db.session.commit()
    return lesson


def shares(lesson: Lesson) -> dict[int, float]:
    db.session.expire_all()
    found = queries.lesson_by_id(lesson.id)
    assert found is not None
    return {author.person_id: author.share for author in found.authors}


def test_the_owner_splits_the_credit(draft: Lesson, author: Person, client_for: ClientFor) -> None:
    colleague = factories.person("Olga Berg")
    contributing.add_author(draft, colleague, by=author)
    db.session.commit()
    browser, page = client_for(author), f"/write/{draft.id}/authors"
    url = f"{page}/shares"
    assert "Together" in browser.get(page).text
    form = {f"share-{author.id}": "70", f"share-{colleague.id}": " 30 %"}
    browser.post(url, form, to=page, token_from=page)
    assert shares(draft) == {author.id: 0.7, colleague.id: 0.3}
    for wrong in ("40", "", "-30", "x", "9999", "٣٠"):
        refused = browser.post(url, form | {f"share-{colleague.id}": wrong}, status=422, token_from=page)
        assert "must sum to 100" in refused.text
    small = {f"share-{author.id}": "95", f"share-{colleague.id}": "5"}
    browser.post(url, small, status=422, token_from=page)
    assert shares(draft) == {author.id: 0.7, colleague.id: 0.3}
    client_for(colleague).post(url, form, status=403, token_from="/write")


def test_three_authors_have_whole_percents(draft: Lesson, author: Person) -> None:
    people = [factories.person(), factories.person()]
    for person in people:
        contributing.add_author(draft, person, by=author)
    assert shares(draft) == {author.id: 0.34, people[0].id: 0.33, people[1].id: 0.33}


def holds(person: Person, lesson: Lesson) -> None:
    today = clock.now().date()
    numbers = {"held": 5.0, "coverage": 0.9, "proven": 0.8, "items": 6}
    db.session.add(Holding(person_id=person.id, topic_id=lesson.topic_id, is_holder=True, day=today, **numbers))
    db.session.commit()


def test_who_holds_the_topic_is_suggested(draft: Lesson, author: Person, client_for: ClientFor) -> None:
    known, hidden, gone = (
        factories.person("Known Holder"),
        factories.person("Nameless Holder"),
        factories.person("Gone Away"),
    )
    known.board_mode, hidden.board_mode, gone.board_mode = "named", "hidden", "named"
    gone.is_active = False
    for person in (known, hidden, gone, author):
        holds(person, draft)
    browser, page = client_for(author), f"/write/{draft.id}/authors"
    text = browser.get(page).text
    assert "Add Known Holder" in text
    assert "Nameless" not in text
    assert "Gone Away" not in text
    browser.post(f"{page}/{known.id}/add", to=page, token_from=page)
    assert set(shares(draft)) == {author.id, known.id}
    assert "Add Known Holder" not in browser.get(page).text
    browser.post(f"{page}/{gone.id}/add", status=404, token_from=page)
    browser.post(f"{page}/999999/add", status=404, token_from=page)
