"""Requests in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core.db import db as database
from peerlearn.requests import actions
from peerlearn.requests.models import LessonRequest
from tests import factories
from tests.conftest import Statements
from tests.page import Client

ClientFor = Callable[[Person], Client]
TITLE = "Book a room in another office"


def asked(title: str = TITLE, by: Person | None = None, votes: int = 1) -> LessonRequest:
    found, _ = actions.ask(title=title, why="", topic=factories.topic(), by=by or factories.person())
    for _number in range(votes - 1):
        actions.vote(found, by=factories.person())
    database.session.commit()
    return found


def test_a_search_without_a_lesson_leads_to_asking(client_for: ClientFor, person: Person, db: Any) -> None:
    factories.published_lesson()
    browser = client_for(person)
    page = browser.get("/lessons", query_string={"q": "zeppelin maintenance"})
    assert "/requests/new?title=zeppelin+maintenance" in page.text
    page = browser.get("/requests/new", query_string={"title": "zeppelin maintenance"})
    assert 'value="zeppelin maintenance"' in page.text


def test_asking_voting_taking(client_for: ClientFor, db: Any) -> None:
    topic, author = factories.topic(), factories.person()
    asker, fan = client_for(factories.person()), client_for(factories.person())
    asker.get("/requests/new")
    asker.post("/requests/new", {"title": TITLE, "topic": "0", "why": "We move in May."}, to=None)
    found = database.session.query(LessonRequest).one()
    page = asker.get(f"/requests/{found.id}")
    assert "We move in May." in page.text
    assert "I want this too" not in page.text
    assert "I want this too" in fan.get(f"/requests/{found.id}").text
    fan.post(f"/requests/{found.id}/vote", to=f"/requests/{found.id}")
    assert "2 people want this" in fan.get(f"/requests/{found.id}").text
    writer = client_for(author)
    writer.get(f"/requests/{found.id}")
    writer.post(f"/requests/{found.id}/take", {"topic": str(topic.id)}, to=None)
    assert "Go on writing" in writer.get(f"/requests/{found.id}").text
    assert "writes this lesson" in asker.get(f"/requests/{found.id}").text
    assert TITLE in writer.get("/requests?state=taken").text
    assert "A colleague writes a lesson that you asked for." in asker.get("/inbox").text


def test_bad_input_says_so_beside_the_field_and_keeps_what_was_typed(
    client_for: ClientFor, person: Person, db: Any
) -> None:
    browser = client_for(person)
    browser.get("/requests/new")
    page = browser.post("/requests/new", {"title": "Short", "topic": "0", "why": "Because"}, status=422)
    assert "Use 8 to 80 characters" in page.text
    assert "Because" in page.text
    found = asked(by=person)
    browser.get(f"/requests/{found.id}")
    page = browser.post(f"/requests/{found.id}/answer", {"lesson": "https://example.org/no/such"}, status=422)
    assert "There is no published lesson at this address" in page.text
    page = browser.post(f"/requests/{found.id}/take", {"topic": "999999"}, status=422)
    assert "Not a valid choice" in page.text


def test_an_address_from_the_browser_answers(client_for: ClientFor, person: Person, db: Any) -> None:
    found, lesson = asked(by=person), factories.published_lesson()
    address = f"http://localhost/lessons/{lesson.slug}?card=2#top"
    browser = client_for(person)
    browser.get(f"/requests/{found.id}")
    browser.post(f"/requests/{found.id}/answer", {"lesson": address}, to=None)
    assert lesson.title in browser.get(f"/requests/{found.id}").text


def test_the_board_is_ordered_by_votes_and_pages_by_key(client_for: ClientFor, person: Person, db: Any) -> None:
    for number in range(25):
        asked(f"{TITLE} number {number:02}", votes=2 if number == 20 else 1)
    browser = client_for(person)
    first = browser.get("/requests").text
    assert first.index("number 20") < first.index("number 00") < first.index("number 01")
    assert "number 23" not in first
    oldest = database.session.query(LessonRequest).order_by(LessonRequest.id).first()
    assert oldest is not None
    second = browser.get("/requests", query_string={"state": "open", "after": f"1-{oldest.id + 18}"}).text
    assert "number 18" not in second
    assert second.index("number 19") < second.index("number 24")
    for key in ("x", "1", "1-x", "-", "99999999999-1", "²-1"):
        assert "number 20" in browser.get("/requests", query_string={"after": key}).text


def test_the_page_on_which_a_lesson_begins_shows_what_is_wanted(client_for: ClientFor, person: Person, db: Any) -> None:
    browser = client_for(person)
    factories.topic()
    assert "Colleagues ask for" not in browser.get("/write/new").text
    asked()
    assert TITLE in browser.get("/write/new").text


@pytest.mark.parametrize("address", ["/requests", "/requests/{}", "/requests/new", "/write/new"])
def test_pages_ask_as_much_for_many_as_for_few(
    client_for: ClientFor, person: Person, db: Any, statements: Statements, address: str
) -> None:
    browser, costs = client_for(person), []
    for count in (3, 27):
        for number in range(count):
            found = asked(f"{TITLE} number {count} {number}", votes=2)
        browser.get(address.format(found.id))
        statements.clear()
        browser.get(address.format(found.id))
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 5
