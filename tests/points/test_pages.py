"""The pages of points, seen, done and refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.points import actions, rules
from peerlearn.points.models import LedgerEntry
from peerlearn.points.rule import values_of
from tests import factories
from tests.page import text_of
from tests.points.deeds import entries_of, happen, held_of
from tests.points.records import MONDAY, passed, pretest

REASON = "Two people shared one account that day."


@pytest.fixture
def admin(db: Any) -> Person:
    return factories.person("Ada Admin", roles=(("admin", 0),))


@pytest.fixture
def earner(db: Any) -> Person:
    person = factories.person("Eva Earner")
    for number in range(20):
        happen(pretest(number), by=person, at=MONDAY + timedelta(seconds=number))
    happen(passed(1), by=person, at=MONDAY + timedelta(seconds=30))
    happen(passed(2, cards_seen=False), by=person, at=MONDAY + timedelta(minutes=20))
    return person


def test_receipts_say_why(client_for: Any, earner: Person) -> None:
    page = client_for(earner).get("/points")
    assert page.heading == "My points"
    assert "Not every card was opened" in page.text
    assert "Pending" in page.text
    assert "looked at by a person first" in page.text
    assert "40 of 100 XP" in page.text


def test_receipts_go_on_by_key(client_for: Any, earner: Person) -> None:
    client = client_for(earner)
    older = [a.get("href") for a in client.get("/points").all("a") if a.get("rel") == "next"]
    page = client.get(older[0])
    assert len([li for li in page.all("li") if "row-item" in (li.get("class") or "")]) == 1
    client.get("/points?before=nonsense")
    client.get("/points?before=99999999999999999999")


def test_receipts_of_somebody_new_teach(client_for: Any, person: Person) -> None:
    assert "No points yet" in client_for(person).get("/points").text


def test_the_rule_book_shows_every_rule_with_its_numbers(client_for: Any, person: Person) -> None:
    page = client_for(person).get("/points/how")
    words = text_of(page.tree)
    for rule in rules.RULES:
        assert rule.sentence % values_of(rule.sentence, rules.POLICY) in words
        for condition in rule.conditions:
            assert condition.demand % values_of(condition.demand, rules.POLICY) in words


def test_receipts_stay_within_five_statements(client_for: Any, earner: Person, statements: list[str]) -> None:
    client = client_for(earner)
    statements.clear()
    client.get("/points")
    assert len(statements) <= 5, statements


@pytest.mark.parametrize("url", ["/points/held", "/points/held/1", "/points/people/1", "/points/entries/1/reverse"])
def test_only_administrators_decide(client: Any, client_for: Any, person: Person, url: str) -> None:
    client.get(url, status=302)
    client_for(person).get(url, status=403)
    client_for(factories.person(roles=(("curator", 0),))).get(url, status=403)


def test_an_administrator_releases_held_points(client_for: Any, admin: Person, earner: Person) -> None:
    client, held_id = client_for(admin), held_of(earner)[0].id
    assert "Eva Earner" in client.get("/points/held").text
    client.get(f"/points/held/{held_id}")
    client.post(f"/points/held/{held_id}", {"decision": "release"}, to="/points/held")
    assert entries_of(earner)[-1].amount == 10
    assert "Nothing is waiting" in client.get("/points/held").text
    client.post(f"/points/held/{held_id}", {"decision": "release"}, status=409)


def test_a_refusal_needs_a_reason_and_keeps_what_was_typed(client_for: Any, admin: Person, earner: Person) -> None:
    client, held_id = client_for(admin), held_of(earner)[0].id
    page = client.post(f"/points/held/{held_id}", {"decision": "refuse", "note": "too"}, status=422)
    assert "at least 10 characters" in page.text
    assert page.fields(f"/points/held/{held_id}")["note"] == "too"
    client.post(f"/points/held/{held_id}", {"decision": "refuse", "note": REASON})
    assert REASON in client_for(earner).get("/points").text


def test_nobody_decides_about_their_own_team(client_for: Any, earner: Person) -> None:
    mate = factories.person(team_id=earner.team_id, roles=(("admin", 0),))
    client, held_id = client_for(mate), held_of(earner)[0].id
    assert "You are in the same team" in client.get("/points/held").text
    client.get(f"/points/held/{held_id}", status=403)
    client.post(f"/points/held/{held_id}", {"decision": "release"}, status=403)
    client.post(f"/points/entries/{entries_of(earner)[0].id}/reverse", {"reason": REASON}, status=403)
    assert len(held_of(earner)) == 1


def test_an_administrator_takes_an_entry_back(db: Any, client_for: Any, admin: Person, earner: Person) -> None:
    client, entry = client_for(admin), entries_of(earner)[0]
    client.get(f"/points/people/{earner.id}")
    address = f"/points/entries/{entry.id}/reverse"
    client.get(address)
    assert "at least 10 characters" in client.post(address, {"reason": ""}, status=422).text
    client.post(address, {"reason": REASON + " <b>"}, to=f"/points/people/{earner.id}")
    client.post(address, {"reason": REASON}, status=409)
    page = client_for(earner).get("/points")
    assert "Taken back" in page.text
    assert "&lt;b&gt;" in page.text
    assert db.session.scalar(select(func.count()).where(LedgerEntry.reverses_id == entry.id)) == 1
    assert actions.verify() == []


def test_unknown_things_are_not_found(client_for: Any, admin: Person) -> None:
    client = client_for(admin)
    for url in ("/points/held/999999", "/points/people/999999", "/points/entries/999999/reverse"):
        client.get(url, status=404)


def test_a_real_lesson_pays_and_its_result_says_so(db: Any, client_for: Any) -> None:
    lesson, person = factories.published_lesson(), factories.person()
    walk = factories.Walk(factories.reloaded(person), lesson.slug, moment=clock.now() - timedelta(minutes=30))
    walk.read()
    sitting = walk.quiz()
    paid = {entry.rule: entry.amount for entry in db.session.scalars(select(LedgerEntry))}
    assert paid["T1"] == 20
    assert paid["C1"] == 0  # the curator wrote no comment
    with clock.at(walk.moment + timedelta(seconds=2)):
        page = client_for(person).get(f"/attempts/{sitting.attempt.id}/result")
    assert "10 XP earned" in page.text
    assert f"Passed the lesson “{lesson.title}”" in client_for(person).get("/points").text
    assert actions.verify() == []


def test_the_lesson_that_meets_the_weekly_goal_says_so(db: Any, client_for: Any) -> None:
    person, monday = factories.person(), datetime(2026, 3, 2, 9, tzinfo=UTC)
    pages = []
    for number in range(3):
        lesson = factories.published_lesson()
        walk = factories.Walk(factories.reloaded(person), lesson.slug, moment=monday + timedelta(days=number))
        walk.read()
        sitting = walk.quiz()
        with clock.at(walk.moment + timedelta(seconds=2)):
            pages.append(client_for(person).get(f"/attempts/{sitting.attempt.id}/result").text)
    assert ["20 XP earned" in page for page in pages] == [False, False, True]
    assert ["Meet your weekly goal" in page for page in pages] == [False, False, True]


def test_a_failed_attempt_earns_nothing_and_says_so(db: Any, client_for: Any) -> None:
    lesson, person = factories.published_lesson(), factories.person()
    walk = factories.Walk(factories.reloaded(person), lesson.slug, moment=clock.now() - timedelta(minutes=30))
    walk.read()
    sitting = walk.start()
    for _ in range(len(sitting.attempt.asked)):
        walk.answer(sitting, right=False)
    db.session.commit()
    page = client_for(person).get(f"/attempts/{sitting.attempt.id}/result")
    assert "a lesson pays when it is passed" in page.text
