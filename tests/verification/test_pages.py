"""The pages of checks, as owners and curators meet them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.paging import PAGE
from peerlearn.lessons.models import Lesson
from peerlearn.points.models import LedgerEntry
from peerlearn.verification import queries
from tests import factories
from tests.home import rows
from tests.page import Client

ClientFor = Callable[..., Client]
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
DUE = datetime(2026, 7, 4, 12, tzinfo=UTC)


@pytest.fixture
def lesson(app: Any) -> Lesson:
    """A lesson whose check is due on DUE."""
    with clock.at(BEGIN):
        found = factories.published_lesson(title="How to keep a promise")
        db.session.commit()
    return found


def test_an_owner_reads_it_again_and_says_so(lesson: Lesson, client_for: ClientFor) -> None:
    with clock.at(DUE - timedelta(days=2)):
        browser = client_for(factories.reloaded(lesson.owner_id))
        assert "Its check is due soon." in browser.get("/write").text
        assert "How to keep a promise" in browser.get("/verification").text
        url = f"/verification/lessons/{lesson.id}"
        page = browser.get(url)
        fields = page.fields(url)
    with clock.at(DUE - timedelta(days=2) + timedelta(minutes=5)):
        browser.post(url, fields, to="/verification")
        assert "Everything is checked" in browser.get("/verification").text
    assert list(db.session.scalars(select(LedgerEntry.amount).where(LedgerEntry.rule == "C3"))) == [3]


@pytest.mark.parametrize(("minutes", "paid"), [(5, 3), (60 * 25, 0)])
def test_a_page_that_was_open_for_days_was_not_read(
    lesson: Lesson, client_for: ClientFor, minutes: int, paid: int
) -> None:
    url, opened = f"/verification/lessons/{lesson.id}", DUE - timedelta(days=5)
    with clock.at(opened):
        browser = client_for(factories.reloaded(lesson.owner_id))
        fields = browser.get(url).fields(url)
    with clock.at(opened + timedelta(minutes=minutes)):
        browser.post(url, fields, to="/verification")
    assert list(db.session.scalars(select(LedgerEntry.amount).where(LedgerEntry.rule == "C3"))) == [paid]


def test_having_read_one_lesson_says_nothing_of_another(lesson: Lesson, client_for: ClientFor) -> None:
    owner = factories.reloaded(lesson.owner_id)
    with clock.at(BEGIN):
        other = factories.published_lesson(owner)
        db.session.commit()
    with clock.at(DUE - timedelta(days=2)):
        browser = client_for(factories.reloaded(lesson.owner_id))
        url = f"/verification/lessons/{lesson.id}"
        opened = browser.get(url).fields(url)["opened"]
    with clock.at(DUE - timedelta(days=2) + timedelta(minutes=5)):
        data = {"opened": opened, "version": str(other.version)}
        browser.post(f"/verification/lessons/{other.id}", data, to="/verification")
    assert list(db.session.scalars(select(LedgerEntry.amount).where(LedgerEntry.rule == "C3"))) == [0]


def test_a_click_at_once_counts_and_does_not_pay(lesson: Lesson, client_for: ClientFor) -> None:
    with clock.at(DUE - timedelta(days=2)):
        browser = client_for(factories.reloaded(lesson.owner_id))
        data = {"opened": "made up", "version": str(lesson.version)}
        browser.post(f"/verification/lessons/{lesson.id}", data, to="/verification")
    assert list(db.session.scalars(select(LedgerEntry.amount).where(LedgerEntry.rule == "C3"))) == [0]


@pytest.mark.parametrize("version", ["now", "", "none"])
def test_a_text_that_nobody_read_is_not_checked(lesson: Lesson, client_for: ClientFor, version: str) -> None:
    """A page that stood open while the lesson was published anew says nothing of the new text."""
    before = lesson.verified_at
    with clock.at(DUE - timedelta(days=2)):
        browser = client_for(factories.reloaded(lesson.owner_id))
        url = f"/verification/lessons/{lesson.id}"
        fields = browser.get(url).fields(url)
        if version == "now":
            lesson.version += 1
            db.session.commit()
        else:
            fields["version"] = version
        browser.post(url, fields, status=409)
    assert db.session.get_one(Lesson, lesson.id).verified_at == before


def test_curators_say_of_several_that_they_are_right(lesson: Lesson, client_for: ClientFor) -> None:
    curator = factories.person(roles=(("curator", lesson.topic_id),))
    with clock.at(DUE + timedelta(days=3)):
        browser = client_for(curator)
        assert "Check is late" in browser.get("/verification").text
        browser.post("/verification", {}, to="/verification")
        assert "How to keep a promise" in browser.get("/verification").text
        browser.post("/verification", {"lesson": [f"{lesson.id}-{lesson.version}", "99999-1", "x"]}, to="/verification")
        assert "Everything is checked" in browser.get("/verification").text
    assert not db.session.scalars(select(LedgerEntry.amount).where(LedgerEntry.rule == "C3")).all()


def test_a_long_list_goes_on_and_begins_with_ones_own(client_for: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """One's own come first, though others are due for longer; no lesson is left out or stands there twice."""
    topic = factories.topic()
    curator = factories.person(roles=(("curator", topic.id),))
    monkeypatch.setattr(queries, "POLICY", replace(queries.POLICY, shown=2))
    for days in range(4):
        with clock.at(BEGIN + timedelta(days=days)):
            factories.published_lesson(topic_=topic, title=f"A lesson of day {days}")
    with clock.at(BEGIN + timedelta(days=9)):
        factories.published_lesson(curator, topic_=topic, title="A lesson of my own")
        db.session.commit()
    found = []
    with clock.at(DUE):
        browser, url = client_for(curator), "/verification"
        for more in (True, True, False):
            page = browser.get(url)
            found += re.findall(r"<label for=[^>]*>(.*?)</label>", page.text)
            (url,) = re.findall(r"/verification\?after=[\w.-]+", page.text) or [""]
            assert bool(url) is more
        assert found == ["A lesson of my own", *(f"A lesson of day {days}" for days in range(4))]
        for key in ("x", "1.2026-99-99.1", "1.2026-07-04.1٣"):
            assert "A lesson of my own" in browser.get(f"/verification?after={key}").text


@pytest.mark.parametrize("people", [3, 30])
def test_the_page_costs_the_same_for_few_and_many(client_for: ClientFor, statements: list[str], people: int) -> None:
    topic = factories.topic()
    curator = factories.person(roles=(("curator", topic.id),))
    with clock.at(BEGIN):
        for _ in range(people):
            factories.published_lesson(topic_=topic)
        db.session.commit()
    with clock.at(DUE):
        browser = client_for(curator)
        browser.get("/verification")
        statements.clear()
        browser.get("/verification")
    assert len(statements) <= 5, statements


def test_others_find_no_lesson_to_check(lesson: Lesson, client_for: ClientFor) -> None:
    with clock.at(DUE):
        browser = client_for(factories.person())
        browser.get(f"/verification/lessons/{lesson.id}", status=404)
        assert "How to keep a promise" not in browser.get("/verification").text


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, ""), (1, "Nobody has looked at this for a while"), (31, "This has not been checked for a long time")],
)
def test_readers_see_how_late_a_check_is(lesson: Lesson, client_for: ClientFor, days: int, words: str) -> None:
    with clock.at(DUE + timedelta(days=days)):
        page = client_for(factories.person()).get(f"/lessons/{lesson.slug}")
    assert words in page.text
    assert ("callout" in page.text) is bool(words)


def test_what_helps_few_comes_in_pages(client_for: ClientFor) -> None:
    topic = factories.topic()
    curator = factories.person(roles=(("curator", topic.id),))
    owner = factories.person()
    for number in range(2 * PAGE + 1):
        lesson = rows.lesson(owner, topic)
        lesson.quality, lesson.helps_few = float(number % 3), True
    db.session.commit()
    found, after = [], None
    while found == [] or after:
        page = queries.helping_few(factories.reloaded(curator), after)
        found += [row.id for row in page.rows]
        after = int(page.after) if page.after else None
    assert len(found) == len(set(found)) == 2 * PAGE + 1
    first = client_for(curator).get("/verification")
    assert first.text.count('verification-row"') == PAGE
