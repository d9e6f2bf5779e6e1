"""A lesson begins from notes or from another lesson."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.lessons import fileformat, notes, queries
from peerlearn.lessons.models import Lesson, Origin, Topic
from tests import factories
from tests.page import Client

ClientFor = Callable[[Person], Client]
JSON = {"Accept": "application/json"}


def titles(text: str) -> list[str]:
    return [card.title for card in notes.cards_of(text, "The lesson")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# One\n\na\n\n# Two\n\nb", ["One", "Two"]),
        ("Before.\n\n## One\n\na\n\n### Deeper\n\nb\n\n## Two\n", ["The lesson", "One", "Two"]),
        ("One\n===\n\na\n\nTwo\n---\n\nb", ["One"]),
        ("What you need\n\n• paper\n\nHow it is done\n\n1) Fold.", ["What you need", "How it is done"]),
        ("A sentence. Another one.", ["A sentence. Another one"]),
        ("```\n# no heading\n```\n\n# One\n\na", ["The lesson", "One"]),
        ("", []),
    ],
)
def test_what_begins_a_card(text: str, found: list[str]) -> None:
    assert titles(text) == found


def test_marks_of_documents_become_markdown() -> None:
    (card,) = notes.cards_of("# One\n\n• a\n– b\n1) c\n\n---\n\n#### Deep\n\nd", "x")
    assert card.body == "- a\n- b\n1. c\n\n\n\n##### Deep\n\nd"


def test_long_notes_without_headings_become_several_cards() -> None:
    text = "\n\n".join(f"Part {n} begins here. " + "word " * 60 for n in range(4))
    cards = notes.cards_of(text, "x")
    assert [card.title for card in cards] == [f"Part {n} begins here. word word word word…" for n in range(4)]


PIECES = st.sampled_from(
    ["# A", "## B", "plain words here.", "- item", "Short line", "", "```", "1) one", "===", "end."]
)


@example("```\n\n# A\n```")
@given(st.lists(PIECES, max_size=14).map("\n".join))
def test_no_word_is_lost(text: str) -> None:
    cards = notes.cards_of(text, "Title")
    kept = " ".join(f"{card.title} {card.body}" for card in cards)
    for word in re.findall(r"[A-Za-z]+", text):
        assert word in kept
    printed = "---\n---\n\n" + "\n\n".join(fileformat.print_card(card) for card in cards)
    assert len(fileformat.parse(printed).cards) == len(cards)


@pytest.fixture
def topic(db: Any) -> Topic:
    return factories.topic()


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person("Mara Lind")


def begun(topic: Topic, **more: str) -> dict[str, str]:
    return {"title": "Fold a paper crane", "topic": str(topic.id), "kind": "how-to"} | more


def newest() -> tuple[Lesson, str]:
    lesson = db.session.query(Lesson).order_by(Lesson.id.desc()).first()
    assert lesson is not None
    revision = queries.open_revision(lesson.id)
    assert revision is not None
    return lesson, revision.source


NOTES = "What you need\n\n• a sheet\n\nHow it is done\n\n1) Fold it.\n\n<script>alert(1)</script>"


def test_notes_are_shown_as_cards_before_anything_is_saved(author: Person, topic: Topic, client_for: ClientFor) -> None:
    browser, url = client_for(author), "/write/new/notes"
    page = browser.post(url, begun(topic, notes=NOTES), status=200, token_from=url)
    assert "Your notes become 2 cards" in page.text
    assert "<script>alert" not in page.text
    assert db.session.query(Lesson).count() == 0
    form = begun(topic, notes=NOTES, confirmed="1")
    done = browser.post(url, form, token_from=url)
    lesson, source = newest()
    assert done.response.location == f"/write/{lesson.id}"
    assert source.startswith("---\nid: fold-a-paper-crane\ntitle: Fold a paper crane\n")
    assert "## What you need\n\n- a sheet\n\n## How it is done\n\n1. Fold it." in source
    assert source.count("\n# Quiz\n") == 1
    browser.post(url, form, token_from=url)
    assert db.session.query(Lesson).count() == 1, "a double click begins one lesson"


def test_notes_that_cannot_be_used_stay_in_the_page(author: Person, topic: Topic, client_for: ClientFor) -> None:
    browser, url = client_for(author), "/write/new/notes"
    page = browser.post(url, begun(topic, notes="# Mine\n\nx", title="short"), status=422, token_from=url)
    assert "# Mine" in page.text
    browser.post(url, begun(topic, notes=""), status=422, token_from=url)
    browser.post(url, begun(topic, notes="x" * 60_001), status=422, token_from=url)


def test_the_source_of_a_page_is_read_as_the_page(author: Person, topic: Topic, client_for: ClientFor) -> None:
    browser, html = client_for(author), "<h1>One</h1><ul><li>a</ul><h1>Two</h1><p>b"
    answer = browser.post(
        "/write/new/notes/text", {"html": html}, status=200, token_from="/write/new/notes", headers=JSON
    )
    assert answer.response.json == {"text": "# One\n\n- a\n\n# Two\n\nb"}
    url = "/write/new/notes"
    browser.post(url, begun(topic, notes=html, confirmed="1"), token_from=url)
    assert "## One\n\n- a\n\n## Two\n\nb\n" in newest()[1]


def test_another_lesson_gives_its_cards_and_stays_named(author: Person, topic: Topic, client_for: ClientFor) -> None:
    origin = factories.published_lesson(author, topic, title="How to begin well")
    reader = factories.person("Olga Berg")
    browser = client_for(reader)
    assert "How to begin well" in browser.get("/write/new/from?q=begin").text
    url = f"/write/new/from/{origin.slug}"
    assert "by Mara Lind" in browser.get(url).text
    browser.post(url, begun(topic), token_from=url)
    lesson, source = newest()
    given = fileformat.parse(queries.sources_of([origin.published_id or 0])[origin.published_id or 0])
    made = fileformat.parse(source)
    assert made.cards == given.cards
    assert made.front.summary == given.front.summary
    assert made.front.id == lesson.uid != origin.uid
    assert all(question.stem not in source for question in given.questions), "no answers for who may not know them"
    page = browser.get(f"/write/{lesson.id}/history")
    assert "Made from" in page.text
    assert "How to begin well" in page.text
    assert "Mara Lind" in page.text


def test_who_wrote_a_lesson_takes_its_questions_along(author: Person, topic: Topic, client_for: ClientFor) -> None:
    origin = factories.published_lesson(author, topic, title="How to begin well")
    browser, url = client_for(author), f"/write/new/from/{origin.slug}"
    browser.post(url, begun(topic), token_from=url)
    _lesson, source = newest()
    given = fileformat.parse(queries.sources_of([origin.published_id or 0])[origin.published_id or 0])
    made = fileformat.parse(source)
    assert [question.stem for question in made.questions] == [question.stem for question in given.questions]
    assert not any(question.uid for question in made.questions)


def test_readers_see_what_a_lesson_was_made_from(author: Person, topic: Topic, client_for: ClientFor) -> None:
    origin = factories.published_lesson(author, topic, title="How to begin well")
    lesson = factories.published_lesson()
    db.session.add(Origin(lesson_id=lesson.id, origin_id=origin.id))
    db.session.commit()
    page = client_for(factories.person()).get(f"/lessons/{lesson.slug}")
    assert "Made from" in page.text
    assert f"/lessons/{origin.slug}" in page.text
    assert "Mara Lind" in page.text
    for state, is_told in (("archived", True), ("quarantined", False)):
        origin.state = state
        db.session.commit()
        text = client_for(factories.person()).get(f"/lessons/{lesson.slug}").text
        assert ("How to begin well" in text) is is_told
        assert f"/lessons/{origin.slug}" not in text
        assert "Mara Lind" in text


def test_nothing_begins_from_what_nobody_may_read(author: Person, topic: Topic, client_for: ClientFor) -> None:
    lesson, _review = factories.reviewed_lesson(author, topic)
    browser = client_for(author)
    browser.get("/write/new/from/no-such-lesson", status=404)
    browser.get(f"/write/new/from/{lesson.slug}", status=404)
