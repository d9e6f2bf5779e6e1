"""The pages of an appeal: from the receipt to the decision, for whoever appeals and for whoever decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.points import actions, appealing
from peerlearn.points.models import LedgerEntry, PointAppeal
from tests import factories
from tests.points.deeds import entries_of, happen
from tests.points.records import passed

REASON = "Two people shared one account that day."
WORDS = "I read these three the evening before and only answered that morning."


@pytest.fixture
def first(db: Any) -> Person:
    return factories.person("Fay First", roles=(("admin", 0),))


@pytest.fixture
def second(db: Any) -> Person:
    return factories.person("Sam Second", roles=(("admin", 0),))


def lose(person: Person, by: Person, lesson: int = 1) -> int:
    """Points of a person are taken back; the number of the line that says so."""
    happen(passed(lesson), by=person, at=clock.now() - timedelta(hours=lesson))
    actions.reverse(entries_of(person)[-1], REASON, by=by)
    database.session.commit()
    return entries_of(person)[-1].id


def test_an_appeal_from_the_receipt_to_the_decision(
    client_for: Any, person: Person, first: Person, second: Person
) -> None:
    entry_id = lose(person, first)
    mine, theirs = client_for(person), client_for(second)
    url = f"/points/entries/{entry_id}/appeal"
    assert url in [a.get("href") for a in mine.get("/points").all("a")]
    page = mine.post(url, {"text": "unfair"}, status=422)
    assert "20 characters" in page.text
    assert page.fields(url)["text"] == "unfair"
    mine.post(url, {"text": WORDS}, to="/points")
    assert "looks again within five workdays" in mine.get("/points").text
    assert url not in [a.get("href") for a in mine.get("/points").all("a")]
    mine.post(url, {"text": WORDS}, status=409)
    queue = theirs.get("/points/held")
    assert "Fay First took these points back" in queue.text
    assert REASON in queue.text
    appeal_id = database.session.scalars(select(PointAppeal.id)).one()
    url = f"/points/appeals/{appeal_id}"
    page = theirs.get(url)
    assert WORDS in page.text
    assert REASON in page.text
    page = theirs.post(url, {"decision": "decline", "note": "no"}, status=422)
    assert "at least 10 characters" in page.text
    theirs.post(url, {"decision": "grant", "note": "It was read before, as the log says."}, to="/points/held")
    theirs.post(url, {"decision": "grant"}, status=409)
    assert "Nothing is waiting" in theirs.get("/points/held").text
    receipts = mine.get("/points").text
    assert "this is paid after all" in receipts
    assert "It was read before, as the log says." in receipts
    assert "Somebody else looked at your appeal" in mine.get("/inbox").text


def test_whoever_decided_before_sees_it_wait_and_may_not_decide(
    client_for: Any, person: Person, first: Person, second: Person
) -> None:
    lose(person, first)
    appealing.appeal(entries_of(person)[-1], WORDS, by=person)
    database.session.commit()
    appeal_id = database.session.scalars(select(PointAppeal.id)).one()
    client = client_for(first)
    page = client.get("/points/held")
    assert "You decided about this before" in page.text
    assert "Nobody can decide" not in page.text
    client.get(f"/points/appeals/{appeal_id}", status=403)
    client.post(f"/points/appeals/{appeal_id}", {"decision": "grant"}, status=403)


def test_where_nobody_could_decide_both_sides_read_it(client_for: Any, person: Person, first: Person) -> None:
    lose(person, first)
    factories.person(team_id=person.team_id, roles=(("admin", 0),))
    appealing.appeal(entries_of(person)[-1], WORDS, by=person)
    database.session.commit()
    assert "Nobody can decide" in client_for(first).get("/points/held").text
    assert "At the moment nobody could decide" in client_for(person).get("/points").text
    factories.person(roles=(("admin", 0),))
    database.session.commit()
    assert "Nobody can decide" not in client_for(first).get("/points/held").text
    assert "within five workdays" in client_for(person).get("/points").text


def test_only_the_own_decisions_lead_to_an_appeal(client_for: Any, person: Person, first: Person) -> None:
    entry_id = lose(person, first)
    paid = entries_of(person)[0].id
    client_for(factories.person()).get(f"/points/entries/{entry_id}/appeal", status=404)
    client_for(first).get(f"/points/entries/{entry_id}/appeal", status=404)
    client_for(person).get(f"/points/entries/{paid}/appeal", status=404)
    client_for(person).get("/points/entries/999999/appeal", status=404)
    client_for(person).get("/points/appeals/1", status=403)
    client_for(first).get("/points/appeals/999999", status=404)


def test_a_late_appeal_is_told_so(client_for: Any, person: Person, first: Person) -> None:
    with clock.at(clock.now() - timedelta(days=31)):
        entry_id = lose(person, first)
    client = client_for(person)
    url = f"/points/entries/{entry_id}/appeal"
    assert url not in [a.get("href") for a in client.get("/points").all("a")]
    assert "for 30 days" in client.get(url, status=403).text


def test_many_appeals_cost_no_more_statements(
    client_for: Any, first: Person, second: Person, statements: list[str]
) -> None:
    client, counts = client_for(second), []
    for many in (3, 27):
        for _ in range(many):
            person = factories.person()
            lose(person, first)
            appealing.appeal(entries_of(person)[-1], WORDS, by=person)
        database.session.commit()
        statements.clear()
        page = client.get("/points/held")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 5, statements
    older = [a.get("href") for a in page.all("a") if a.get("rel") == "next"]
    assert len(older) == 1
    assert "Fay First took these points back" in client.get(older[0]).text


def test_receipts_with_appeals_stay_within_five_statements(
    client_for: Any, person: Person, first: Person, statements: list[str]
) -> None:
    client, counts = client_for(person), []
    for many in (range(1, 4), range(4, 10)):
        for number in many:
            entry_id = lose(person, first, number)
            appealing.appeal(database.session.get_one(LedgerEntry, entry_id), WORDS, by=person)
        database.session.commit()
        statements.clear()
        client.get("/points")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 5, statements
