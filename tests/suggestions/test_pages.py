"""Suggestions in a browser, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core.db import db as database
from peerlearn.lessons.models import Lesson
from peerlearn.suggestions import actions, rules
from peerlearn.suggestions.models import Suggestion
from tests import factories
from tests.conftest import Statements
from tests.page import Client, Page, text_of

ClientFor = Callable[[Person], Client]
OLD, NEW = "Start with what the reader wants to do.", "Begin with what the reader wants to achieve."


def words_of(page: Page, tag: str) -> list[str]:
    return [text_of(element) for element in page.all(tag)]


def typed(page: Page, name: str) -> str:
    """What stands in a field of several lines, with its lines."""
    return next("".join(area.itertext()) for area in page.all("textarea") if area.get("name") == name).lstrip()


def send(browser: Client, lesson: Lesson, change: Callable[[str], str], **more: str) -> Suggestion:
    url = f"/lessons/{lesson.slug}/suggest/card-1"
    browser.post(url, {"new": change(typed(browser.get(url), "new"))} | more, to=None)
    return database.session.query(Suggestion).order_by(Suggestion.id.desc()).first()  # type: ignore[return-value]


def test_a_reader_suggests_and_an_author_takes_it_over(client_for: ClientFor, db: Any) -> None:
    author, person = factories.person("Ada"), factories.person("Ben")
    lesson = factories.published_lesson(author)
    reader = client_for(person)
    page = reader.get(f"/lessons/{lesson.slug}")
    assert f"/lessons/{lesson.slug}/suggest" in page.text
    page = reader.get(f"/lessons/{lesson.slug}/suggest")
    assert "Card 1: Begin" in page.text
    assert "Questions appear here once you have answered them" in page.text
    found = send(reader, lesson, lambda text: text.replace(OLD, NEW), why="We achieve things.", is_named="y")
    page = reader.get(f"/suggestions/{found.id}")
    assert words_of(page, "del") == ["[removed: Start]", "[removed: do]"]
    assert words_of(page, "ins") == ["[added: Begin]", "[added: achieve]"]
    assert "Take it over" not in page.text
    writer = client_for(author)
    assert "Readers suggest other words: 1." in writer.get("/write").text
    assert "A reader suggested other words" in writer.get("/inbox").text
    assert "suggested by Ben" in writer.get("/suggestions").text
    assert "We achieve things." in writer.get(f"/suggestions/{found.id}").text
    writer.post(f"/suggestions/{found.id}/accept", {"saves": found.saves}, to=f"/suggestions/{found.id}")
    assert "a curator reads the new revision next" in writer.get(f"/suggestions/{found.id}").text
    page = reader.get(f"/lessons/{lesson.slug}")
    assert "With thanks to" in page.text
    assert ">Ben</a>" in page.text
    assert "Ada took over a suggestion by Ben" in writer.get(f"/write/{lesson.id}/history").text
    assert "Your suggestion on" in reader.get("/points").text


def test_who_wants_no_name_is_a_colleague(client_for: ClientFor, db: Any) -> None:
    author, person = factories.person("Ada"), factories.person("Ben")
    lesson = factories.published_lesson(author)
    reader, writer = client_for(person), client_for(author)
    found = send(reader, lesson, lambda text: text.replace(OLD, NEW))
    writer.get(f"/suggestions/{found.id}")
    writer.post(f"/suggestions/{found.id}/accept", {"saves": found.saves}, to=None)
    page = client_for(factories.person()).get(f"/lessons/{lesson.slug}")
    assert "a colleague" in page.text
    assert "Ben" not in page.text


def test_who_is_named_on_boards_is_offered_to_be_named_here(client_for: ClientFor, db: Any) -> None:
    lesson = factories.published_lesson()
    url = f"/lessons/{lesson.slug}/suggest/card-1"
    assert "is_named" in client_for(factories.person(board_mode="named")).get(url).fields(url)
    assert "is_named" not in client_for(factories.person()).get(url).fields(url)


def test_what_cannot_be_used_is_said_beside_the_field_and_kept(client_for: ClientFor, db: Any) -> None:
    lesson = factories.published_lesson()
    url = f"/lessons/{lesson.slug}/suggest/card-2"
    reader = client_for(factories.person())
    page = reader.post(url, {"new": typed(reader.get(url), "new")}, status=422)
    assert "Change something first." in page.text
    page = reader.post(url, {"new": "Only a line, no heading"}, status=422)
    assert "This is one card" in page.text
    assert "Only a line, no heading" in page.text
    assert database.session.query(Suggestion).count() == 0
    reader.get(f"/lessons/{lesson.slug}/suggest/card-9", status=404)
    reader.get(f"/lessons/{lesson.slug}/suggest/nonsense", status=404)


def test_a_text_that_changed_is_put_together_by_hand(client_for: ClientFor, db: Any) -> None:
    topic = factories.topic()
    curator = factories.person("Cleo", roles=(("curator", topic.id),))
    lesson = factories.published_lesson(topic_=topic)
    found = send(client_for(factories.person()), lesson, lambda text: text.replace(OLD, NEW))
    factories.republish(lesson, lambda source: source.replace(OLD, "Think of the reader."))
    desk = client_for(curator)
    page = desk.get(f"/suggestions/{found.id}")
    assert "It does not fit by itself any more" in page.text
    url = f"/suggestions/{found.id}/accept"
    text = typed(page, "text")
    assert "Think of the reader." in text
    page = desk.post(url, {"text": "No heading", "saves": found.saves}, status=422)
    assert "This is one card" in page.text
    text = text.replace("Think of the reader.", "Think of the kind reader.")
    desk.post(url, {"text": text, "saves": found.saves}, to=None)
    assert "readers see it now" in desk.get(f"/suggestions/{found.id}").text


def test_nobody_decides_about_words_they_have_not_read(client_for: ClientFor, db: Any) -> None:
    """The words were replaced while the page was open: it is shown as it is now, with what was typed."""
    topic = factories.topic()
    curator = factories.person("Cleo", roles=(("curator", topic.id),))
    lesson = factories.published_lesson(topic_=topic)
    reader, desk = client_for(factories.person()), client_for(curator)
    found = send(reader, lesson, lambda text: text.replace(OLD, NEW))
    url, seen = f"/suggestions/{found.id}", found.saves
    desk.get(url)
    send(reader, lesson, lambda text: text.replace(NEW, "Steal what you like."))
    page = desk.post(f"{url}/accept", {"saves": seen}, status=409)
    assert "The suggestion was changed since you opened this page" in page.text
    assert "Steal" in page.text
    page = desk.post(f"{url}/decline", {"saves": seen, "reason": "It is meant that way here."}, status=409)
    assert "It is meant that way here." in page.text
    desk.post(f"{url}/accept", {}, status=409)
    database.session.expire_all()
    assert database.session.get_one(Suggestion, found.id).state == "open"
    assert "Steal" not in client_for(factories.person()).get(f"/lessons/{lesson.slug}").text


def test_declining_is_read_by_whoever_suggested(client_for: ClientFor, db: Any) -> None:
    author = factories.person()
    lesson = factories.published_lesson(author)
    reader, writer = client_for(factories.person()), client_for(author)
    found = send(reader, lesson, lambda text: text.replace(OLD, NEW))
    writer.get(f"/suggestions/{found.id}")
    assert (
        "20 characters"
        in writer.post(f"/suggestions/{found.id}/decline", {"reason": "No.", "saves": found.saves}, status=422).text
    )
    reason = "People here say it the other way round."
    writer.post(f"/suggestions/{found.id}/decline", {"reason": reason, "saves": found.saves}, to="/suggestions")
    assert reason in reader.get(f"/suggestions/{found.id}").text
    assert reason in reader.get("/inbox").text


def test_a_bound_keeps_what_was_typed(client_for: ClientFor, db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson, person = factories.published_lesson(), factories.person()
    factories.suggested(lesson, person, OLD, NEW)
    url = f"/lessons/{lesson.slug}/suggest/card-2"
    reader = client_for(person)
    text = typed(reader.get(url), "new") + "\nTake your time with each step.\n"
    monkeypatch.setattr(actions, "POLICY", rules.Policy(waiting_maximum=1))
    page = reader.post(url, {"new": text, "why": "It helped me."}, status=429)
    assert "1 of your suggestions wait for an answer." in page.text
    assert "Take your time with each step." in typed(page, "new")
    assert typed(page, "why").strip() == "It helped me."
    assert database.session.query(Suggestion).count() == 1
    monkeypatch.setattr(actions, "POLICY", rules.Policy(a_day=1))
    page = reader.post(url, {"new": text}, status=429)
    assert "please go on tomorrow" in page.text
    assert "Take your time with each step." in typed(page, "new")


@pytest.mark.parametrize("count", [2, 20])
def test_the_board_asks_as_little_for_many(count: int, client_for: ClientFor, statements: Statements, db: Any) -> None:
    author = factories.person()
    lesson = factories.published_lesson(author)
    for _ in range(count):
        factories.suggested(lesson, factories.person(), OLD, NEW)
    browser = client_for(author)
    statements.clear()
    browser.get("/suggestions")
    assert len(statements) <= 5
