"""The inbox in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.inbox import queries
from peerlearn.inbox.models import Notice
from peerlearn.review.models import Report
from tests import factories
from tests.conftest import Statements
from tests.home import rows
from tests.page import Client

ClientFor = Callable[[Person], Client]


def notice(person: Person, kind: str, number: int = 1, **data: Any) -> Notice:
    row = Notice(person_id=person.id, kind=kind, source=f"n:{number}", data=data, at=clock.now())
    database.session.add(row)
    database.session.commit()
    return row


def test_visitors_are_sent_to_sign_in(client: Client) -> None:
    assert client.get("/inbox", status=302).response.location.startswith("/sign-in")


def test_an_empty_inbox_says_what_will_be_here(client_for: ClientFor, person: Person) -> None:
    assert "Nothing here yet" in client_for(person).get("/inbox").text


def test_following_a_notice_marks_it_as_read(client_for: ClientFor, person: Person, db: Any) -> None:
    lesson = rows.lesson(person, rows.topic(), title="<b>Bold</b>")
    one = notice(person, "lesson_approved", lesson_id=lesson.id)
    browser = client_for(person)
    page = browser.get("/inbox")
    assert "“&lt;b&gt;Bold&lt;/b&gt;” is live" in page.text
    browser.post(f"/inbox/{one.id}/open", to=f"/lessons/{lesson.slug}")
    assert queries.unread_count(person) == 0
    assert f'href="/lessons/{lesson.slug}"' in browser.get("/inbox").text


def test_all_can_be_marked_as_read(client_for: ClientFor, person: Person, db: Any) -> None:
    for number in range(3):
        notice(person, "points_released", number, amount=3)
    browser = client_for(person)
    browser.post("/inbox/read", to="/inbox")
    assert queries.unread_count(person) == 0


def test_the_notice_of_somebody_else_is_not_known(client_for: ClientFor, person: Person) -> None:
    other = notice(factories.person(), "points_released", amount=3)
    browser = client_for(person)
    browser.post(f"/inbox/{other.id}/open", status=404)
    browser.post("/inbox/999999999999999/open", status=404)
    assert other.read_at is None


def test_the_curators_answer_stands_beside_the_notice(client_for: ClientFor, person: Person, db: Any) -> None:
    lesson = rows.lesson(factories.person(), rows.topic())
    report = Report(
        lesson_id=lesson.id,
        revision_id=lesson.published_id,
        topic_id=lesson.topic_id,
        kind="wrong",
        reporter_id=person.id,
        state="upheld",
        answer="You are right, the menu has moved.",
        decided_at=clock.now(),
    )
    db.session.add(report)
    db.session.commit()
    notice(person, "report_upheld", lesson_id=lesson.id, report_id=report.id)
    assert "the menu has moved" in client_for(person).get("/inbox").text


def test_a_page_costs_the_same_for_three_and_thirty(
    client_for: ClientFor, person: Person, statements: Statements
) -> None:
    browser = client_for(person)
    costs = []
    for numbers in (range(3), range(3, 30)):
        for number in numbers:
            lesson = rows.lesson(person, rows.topic())
            notice(person, "lesson_approved", number, lesson_id=lesson.id)
        statements.clear()
        browser.get("/inbox")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 5


def test_a_strange_key_is_the_first_page(client_for: ClientFor, person: Person) -> None:
    notice(person, "points_released", amount=3)
    browser = client_for(person)
    for key in ("x", "u", "rabc", "u-1", "u99999999999999999999999", "²"):
        assert "pending are yours" in browser.get("/inbox", query_string={"after": key}).text


def test_a_notice_whose_lesson_is_gone_leads_to_today(client_for: ClientFor, person: Person) -> None:
    one = notice(person, "lesson_approved", lesson_id=999_999)
    browser = client_for(person)
    browser.get("/inbox")
    browser.post(f"/inbox/{one.id}/open", to="/")
