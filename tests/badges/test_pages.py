"""The cabinet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.badges import rules
from peerlearn.core import clock
from tests import factories
from tests.points.deeds import happen
from tests.points.records import MONDAY, passed, pretest


def test_an_empty_cabinet_shows_the_way_to_every_badge(client_for: Any, person: Person) -> None:
    page = client_for(person).get("/badges")
    assert "The cabinet is empty" in page.text
    for badge in rules.BADGES:
        assert f"/badges/{badge.slug}" in page.text
    assert "5 more lessons without a wrong answer" in page.text


def test_the_cabinet_suggests_what_is_near_and_keeps_what_is_earned(client_for: Any, person: Person) -> None:
    happen(*(pretest(number) for number in range(10)), by=person)
    happen(passed(1), passed(2), by=person, at=MONDAY + timedelta(days=1))
    page = client_for(person).get("/badges")
    assert "Within reach" in page.text
    assert "3 more lessons without a wrong answer" in page.text
    assert "Next: 40 more questions before reading" in page.text


@pytest.mark.parametrize("slug", [badge.slug for badge in rules.BADGES])
def test_every_badge_has_a_page(client_for: Any, person: Person, slug: str) -> None:
    client_for(person).get(f"/badges/{slug}")


def test_an_unknown_badge_is_not_found(client: Any, client_for: Any, person: Person) -> None:
    client_for(person).get("/badges/nothing", status=404)
    client.get("/badges", status=302)


def test_the_cabinet_stays_within_five_statements(client_for: Any, person: Person, statements: list[str]) -> None:
    client = client_for(person)
    for url in ("/badges", "/badges/explorer"):
        statements.clear()
        client.get(url)
        assert len(statements) <= 5, statements


def test_a_badge_is_celebrated_on_the_result_page(db: Any, client_for: Any) -> None:
    person = factories.person()
    client = client_for(person)
    for number in range(5):
        lesson = factories.published_lesson()
        walk = factories.Walk(
            factories.reloaded(person), lesson.slug, moment=clock.now() - timedelta(days=number, hours=1)
        )
        walk.read()
        sitting = walk.quiz()
    page = client.get(f"/attempts/{sitting.attempt.id}/result")
    assert "New badge: Clean start" in page.text
