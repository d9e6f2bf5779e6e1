"""The history of a lesson comes a page at a time, and any two of its revisions can be compared on any page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core.db import db as database
from peerlearn.core.paging import PAGE
from peerlearn.lessons.chronicle import Chapter, chapter_of
from peerlearn.lessons.models import Lesson, Revision
from tests import factories
from tests.page import Client

STATES = frozenset({"published", "superseded"})
MANY = 2 * PAGE + 5


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person()


@pytest.fixture
def lesson(author: Person) -> Lesson:
    """One that was revised again and again: its numbers go from 1 to MANY."""
    lesson = factories.published_lesson(author)
    first = database.session.get_one(Revision, lesson.published_id)
    first.number = MANY
    kept = ("title", "summary", "kind", "minutes", "words", "cards", "extras", "lesson_id", "source", "writer_id")
    published = first.published_at
    assert published is not None
    for number in range(1, MANY):
        values = {name: getattr(first, name) for name in kept}
        earlier = published - timedelta(days=MANY - number)
        database.session.add(Revision(**values, number=number, state="superseded", published_at=earlier))
    database.session.commit()
    return lesson


def numbers(chapter: Chapter) -> list[int]:
    return [one.number for one in chapter.page.rows]


def compared(chapter: Chapter) -> tuple[int, int]:
    assert chapter.old is not None
    assert chapter.new is not None
    return chapter.old.number, chapter.new.number


def test_every_revision_stands_on_one_page(lesson: Lesson) -> None:
    found, before = [], None
    for _page in range(3):
        chapter = chapter_of(lesson.id, STATES, before=before)
        found += numbers(chapter)
        assert compared(chapter) == (numbers(chapter)[1], numbers(chapter)[0])
        before = int(chapter.page.after) if chapter.page.after else None
    assert found == list(range(MANY, 0, -1))
    assert before is None


@pytest.mark.parametrize(
    ("state", "published", "expected"),
    [
        ("published", timedelta(days=1), (3, 2)),  # begun before the change that is 3, and published after it
        ("draft", None, (3, 2)),  # and still being written
        ("discarded", None, (1, 3)),  # put away before it
        ("superseded", timedelta(days=-1), (2, 3)),
    ],
)
def test_at_first_those_that_came_last_are_compared(
    author: Person, state: str, published: timedelta | None, expected: tuple[int, int]
) -> None:
    lesson = factories.published_lesson(author)
    one = database.session.get_one(Revision, lesson.published_id)
    assert one.published_at is not None
    kept = ("title", "summary", "kind", "minutes", "words", "cards", "extras", "lesson_id", "source", "writer_id")
    values = {name: getattr(one, name) for name in kept}
    one.state = "superseded"
    patched = one.published_at + timedelta(days=10)
    when = patched + published if published is not None else None
    put_away = one.published_at - timedelta(days=1)
    two = Revision(**values, number=2, state=state, published_at=when, saved_at=put_away)
    three = Revision(**values, number=3, state="superseded", published_at=patched)
    database.session.add_all([two, three])
    database.session.commit()
    chapter = chapter_of(lesson.id, frozenset({"draft", "discarded", "published", "superseded"}))
    assert numbers(chapter) == [3, 2, 1]
    assert compared(chapter) == expected


@pytest.mark.parametrize(
    "chosen", [(1, MANY), (MANY - 1, MANY), (2, 3), (MANY - PAGE, MANY - PAGE - 1), (None, 7), (10_000, 4)]
)
@pytest.mark.parametrize("before", [None, MANY - PAGE + 1, 6])
def test_what_is_chosen_changes_no_page(
    lesson: Lesson, chosen: tuple[int | None, int | None], before: int | None
) -> None:
    plain, chapter = (chapter_of(lesson.id, STATES, these, before) for these in ((None, None), chosen))
    assert (numbers(chapter), chapter.page.after) == (numbers(plain), plain.page.after)
    expected = [one if one and one <= MANY else usual for one, usual in zip(chosen, compared(plain), strict=True)]
    assert list(compared(chapter)) == expected
    assert {*numbers(plain), *expected} == {one.number for one in chapter.choices}


def test_the_page_goes_on_with_older_ones(
    lesson: Lesson, author: Person, client_for: Callable[[Person], Client]
) -> None:
    browser, url = client_for(author), f"/write/{lesson.id}/history"
    first = browser.get(url)
    assert f"Revision {MANY}:" in first.text
    assert f"before={MANY - PAGE + 1}" in first.text
    assert "Revision 5:" not in first.text
    last = browser.get(f"{url}?before=6")
    assert "Revision 5:" in last.text
    assert "Newest" in last.text
    assert last.text.count("Bring back") == 5
    compared_there = browser.get(f"{url}?before=6&from=1&to={MANY}")
    assert f"Revision {MANY}, Published" in compared_there.text
