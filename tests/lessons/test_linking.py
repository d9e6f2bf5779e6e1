"""Lessons that are suggested while somebody writes a link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peerlearn.accounts.models import Person
from peerlearn.lessons import actions
from tests import factories
from tests.page import Client

ClientFor = Callable[[Person], Client]
JSON = {"Accept": "application/json"}


def titles(browser: Client, words: str) -> list[str]:
    answer = browser.http.get("/write/links", query_string={"q": words}, headers=JSON)
    assert answer.status_code == 200
    return [lesson["title"] for lesson in answer.json["lessons"]]


def test_published_lessons_are_suggested_by_their_words(db: Any, client_for: ClientFor) -> None:
    author = factories.person()
    lesson = factories.published_lesson(author, title="How to fold a paper crane")
    factories.published_lesson(author, title="How to boil an egg")
    browser = client_for(factories.person())
    assert titles(browser, "paper cra") == ["How to fold a paper crane"]
    assert titles(browser, "") == ["How to boil an egg", "How to fold a paper crane"]
    assert titles(browser, "%' OR 1=1 --" + "x" * 500) == []
    found = browser.http.get("/write/links?q=crane", headers=JSON).json["lessons"][0]
    assert found["address"] == f"/lessons/{lesson.slug}"
    assert set(found) == {"title", "address", "note"}


def test_what_is_not_published_is_not_suggested(db: Any, client_for: ClientFor) -> None:
    author = factories.person()
    lesson = factories.published_lesson(author, title="How to fold a paper crane")
    draft, _ = actions.import_file(
        factories.lesson_text(factories.topic(), title="How to fold a secret crane"), owner=author, by=author
    )
    browser = client_for(author)
    assert titles(browser, "crane") == ["How to fold a paper crane"]
    actions.archive(lesson, by=factories.person("Ada", roles=(("curator", lesson.topic_id),)))
    db.session.commit()
    assert titles(browser, "crane") == []
    assert draft.published_id is None


def test_it_takes_few_statements(db: Any, client_for: ClientFor, statements: list[str]) -> None:
    author = factories.person()
    for number in range(12):
        factories.published_lesson(author, title=f"How to fold paper crane number {number}")
    browser = client_for(author)
    for words in ("crane", ""):
        statements.clear()
        assert len(titles(browser, words)) == 8
        assert len(statements) <= 4, statements
