"""The today page, profiles, the guide and the addresses every site has."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from peerlearn.accounts.models import Person
from peerlearn.app import create_app
from peerlearn.badges import rules as badges
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.revisions import newest, upgrade
from peerlearn.home import guide
from tests import factories
from tests.conftest import Statements, fresh_database, settings_for
from tests.home import rows
from tests.page import Client
from tests.reach import POSTGRESQL

ClientFor = Callable[[Person], Client]


def test_visitors_are_welcomed_without_asking_the_database(client: Client, statements: Statements) -> None:
    page = client.get("/")
    assert page.heading == "Learn from the people you work with"
    assert not statements


DUTIES = {
    "/review/reports": {"curator"},
    "/people": {"admin"},
    "/teams": {"admin"},
    "/topics": {"admin"},
    "/points/held": {"admin"},
    "/points/economy": {"admin"},
    "/practice/memory-model": {"admin"},
    "/operating/status": {"admin"},
    "/operating/work": {"admin"},
    "/audit": {"admin", "auditor"},
}


@pytest.mark.parametrize("role", ["employee", "curator", "admin", "auditor"])
def test_the_menu_leads_to_ones_own_duties_only(client_for: ClientFor, db: Any, role: str) -> None:
    person = factories.person(roles=((role, 0),) if role != "employee" else ())
    shown = {
        link.get("href") for link in client_for(person).get("/help").all("a") if "menu-item" in link.get("class", "")
    }
    assert shown & set(DUTIES) == {url for url, roles in DUTIES.items() if role in roles}


def test_somebody_new_is_told_what_to_do(client_for: ClientFor) -> None:
    browser = client_for(factories.person("Mara Lind", timezone="Europe/Berlin"))
    with clock.at(clock.now().replace(hour=8, minute=0)):
        page = browser.get("/")
    assert page.heading == "Good morning, Mara"
    assert "Write a lesson" in page.text
    assert "No more suggestions today" in page.text


def test_the_first_thing_that_waits_stands_on_top(client_for: ClientFor, person: Person, db: Any) -> None:
    lesson = rows.lesson(factories.person(), rows.topic(), title="Spot <phishing>")
    rows.attempt(person, lesson, passed=False, answered=1)
    rows.lesson(person, rows.topic(), state="draft", title="My draft")
    page = client_for(person).get("/")
    assert "Spot &lt;phishing&gt;" in page.text
    assert "You have answered 1 of 3 questions" in page.text
    assert "Also waiting for you" in page.text
    assert "My draft" in page.text


def test_picks_say_why(client_for: ClientFor, person: Person, db: Any) -> None:
    topic = rows.topic("Security")
    rows.attempt(person, rows.lesson(factories.person(), topic), passed=True)
    rows.lesson(factories.person(), topic, title="Second of its topic")
    rows.lesson(factories.person(), rows.topic(), minutes=2, title="Short one")
    page = client_for(person).get("/")
    assert "More on Security, which you have been learning" in page.text
    assert "Short one" in page.text


def _much(person: Person, author: Person, numbers: int) -> None:
    topic = rows.topic()
    for _ in range(numbers):
        rows.attempt(person, rows.lesson(author, topic), passed=False, answered=1)
        rows.reading(person, rows.lesson(author, topic))
        rows.lesson(author, topic)
        rows.lesson(person, topic, state="draft")
        rows.review(rows.lesson(author, topic, state="submitted"))
        changed = rows.lesson(person, topic, state="changes_requested")
        rows.remark(rows.review(changed, state="changes_requested", decided_by_id=author.id), author)


def test_a_day_costs_the_same_for_three_and_thirty(client_for: ClientFor, db: Any, statements: Statements) -> None:
    person = factories.person(roles=(("curator", 0),))
    author = factories.person()
    rows.points(person, xp=120, ip=20)
    rows.active_days(person, clock.today(person.timezone))
    browser = client_for(person)
    costs = []
    for numbers in (3, 27):
        _much(person, author, numbers)
        statements.clear()
        browser.get("/")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 5, costs


def test_boards_are_offered_to_the_hidden_only(client_for: ClientFor, db: Any) -> None:
    hidden, named = factories.person(), factories.person(board_mode="named")
    for person in (hidden, named):
        monday = clock.monday_of(clock.today(person.timezone))
        rows.active_days(person, *(monday - timedelta(days=number) for number in (7, 6, 5)))
    assert "Would you like to be on the boards?" in client_for(hidden).get("/").text
    assert "Would you like to be on the boards?" not in client_for(named).get("/").text


def test_badges_of_the_last_days_are_shown(client_for: ClientFor, person: Person, db: Any) -> None:
    fresh, old = badges.BADGES[0], badges.BADGES[1]
    rows.award(person, fresh.slug, 1)
    rows.award(person, old.slug, 1, at=clock.now() - timedelta(days=20))
    page = client_for(person).get("/")
    assert fresh.title in page.text
    assert old.title not in page.text


def test_the_frame_costs_one_statement_and_shows_points(client_for: ClientFor, person: Person, statements: Any) -> None:
    rows.points(person, xp=230, ip=20)
    browser = client_for(person)
    statements.clear()
    page = browser.get("/help")
    assert len(statements) == 2
    assert 'aria-label="250 points"' in page.text


def test_a_redirect_asks_for_no_frame(client_for: ClientFor, person: Person, statements: Statements) -> None:
    browser = client_for(person)
    statements.clear()
    browser.get("/favicon.ico", status=302)
    assert not statements


def test_the_way_to_reviews_is_for_curators(client_for: ClientFor, db: Any) -> None:
    rows.review(rows.lesson(factories.person(), rows.topic(), state="submitted"))
    curator = client_for(factories.person(roles=(("curator", 0),))).get("/help")
    assert 'href="/review"' in curator.text
    assert '<span class="count">1</span>' in curator.text
    assert 'href="/review"' not in client_for(factories.person()).get("/help").text


def test_a_profile_never_shows_the_points_of_somebody_else(client_for: ClientFor, db: Any) -> None:
    somebody = factories.person("Ada Quill", board_mode="hidden", alias="Night Owl", alias_key="night owl")
    rows.points(somebody, xp=4711, ip=815)
    page = client_for(factories.person()).get(f"/people/{somebody.id}/profile")
    assert page.heading == "Ada Quill"
    for secret in ("4711", "815", "Night Owl", somebody.email, "level"):
        assert secret not in page.text
    assert "level" in client_for(somebody).get(f"/people/{somebody.id}/profile").text


def test_a_profile_is_for_colleagues_and_unknown_people_are_not_found(client: Client, client_for: ClientFor) -> None:
    person = factories.person()
    assert client.get(f"/people/{person.id}/profile", status=302).response.location.startswith("/sign-in")
    browser = client_for(person)
    for number in ("999999999", "99999999999999999999999"):
        browser.get(f"/people/{number}/profile", status=404)


def test_somebody_who_left_keeps_their_lessons(client_for: ClientFor, db: Any) -> None:
    left = factories.person(is_active=False)
    rows.lesson(left, rows.topic(), title="Still useful")
    page = client_for(factories.person()).get(f"/people/{left.id}/profile")
    assert "No longer here" in page.text
    assert "Still useful" in page.text


def test_a_profile_page_keeps_its_budget(client_for: ClientFor, person: Person, statements: Statements) -> None:
    author = factories.person()
    browser = client_for(person)
    for numbers in (3, 27):
        topic = rows.topic()
        for _ in range(numbers):
            rows.lesson(author, topic)
        statements.clear()
        browser.get(f"/people/{author.id}/profile")
        assert len(statements) <= 5


@pytest.mark.parametrize("url", ["/help", "/help/accessibility"])
def test_help_is_for_everybody(client: Client, url: str, statements: Statements) -> None:
    client.get(url)
    assert not statements


@pytest.mark.parametrize("slug", ["nothing", "..", "%2e%2e%2fetc", "a" * 300])
def test_help_that_does_not_exist_is_not_found(client: Client, slug: str) -> None:
    client.get(f"/help/{slug}", status=404)


def test_every_page_of_the_guide_can_be_read(client: Client) -> None:
    for entry in guide.entries():
        assert client.get(f"/help/{entry.slug}").heading


def test_a_page_of_the_guide_is_a_file(tmp_path: Any) -> None:
    (tmp_path / "2-writing.md").write_text("# Writing\n\nHow to *write*.\n\n## Cards\n\nSee [roles](1-roles.md#all).")
    (tmp_path / "1-roles.md").write_text("# Roles\n\nWho may do what.")
    (tmp_path / "Notes.MD.bak").write_text("no")
    found = guide.entries(tmp_path)
    assert [(entry.slug, entry.title, entry.summary) for entry in found] == [
        ("roles", "Roles", "Who may do what."),
        ("writing", "Writing", "How to write."),
    ]
    page = guide.page("writing", tmp_path)
    assert page is not None
    assert "<h1" not in page.html
    assert 'href="/help/roles#all"' in page.html
    assert guide.page("2-writing", tmp_path) is None


def test_the_process_says_that_it_serves(client: Client, statements: Statements) -> None:
    assert client.get("/healthz").text == "ok"
    assert not statements


def test_the_process_says_that_requests_can_be_served(client: Client, statements: Statements) -> None:
    assert client.get("/readyz").text == "ready"
    assert len(statements) <= 3


@pytest.mark.own_database
def test_no_request_can_be_served_from_a_database_at_another_revision(tmp_path: Path) -> None:
    for url in fresh_database(tmp_path, "ready"):
        app = create_app(settings_for(url, tmp_path))
        with app.app_context():
            answer = app.test_client().get("/readyz")
            assert (answer.status_code, answer.mimetype) == (503, "text/plain")
            assert (
                answer.text == f"The database is at revision none, this code needs {newest()}. Run: peerlearn upgrade"
            )
            upgrade()
            assert app.test_client().get("/readyz").status_code == 200
            database.session.execute(text("UPDATE alembic_version SET version_num = 'later'"))
            database.session.commit()
            assert "Start the release that made it" in app.test_client().get("/readyz").text
            database.session.remove()
            database.engine.dispose()


@pytest.mark.own_database
@pytest.mark.parametrize(
    "url", ["sqlite:///{folder}/no/such/folder.db", "postgresql+psycopg://nobody@127.0.0.1:9/none"]
)
def test_a_database_that_does_not_answer_is_told_in_words_for_anybody(url: str, tmp_path: Path) -> None:
    app = create_app(settings_for(url.format(folder=tmp_path), tmp_path))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "The database does not answer.")
    assert app.test_client().get("/healthz").status_code == 200


@pytest.fixture
def hung(tmp_path: Path, migrated: str) -> Iterator[str]:
    """The address of a database that never answers: its file is held, or its server takes connections and is silent."""
    if POSTGRESQL:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            yield f"postgresql+psycopg://nobody:secret@127.0.0.1:{silent.getsockname()[1]}/none"
        return
    for url in fresh_database(tmp_path, "hung", like=migrated):
        holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        yield url
        holder.close()


@pytest.mark.own_database
def test_a_database_that_hangs_keeps_no_probe_waiting(hung: str, tmp_path: Path) -> None:
    app = create_app(settings_for(hung, tmp_path))
    threads = threading.active_count()
    for _ in range(2):
        began = time.monotonic()
        answer = app.test_client().get("/readyz")
        assert time.monotonic() - began < 1
        assert (answer.status_code, answer.text) == (503, "The database does not answer in time.")
    assert threading.active_count() == threads + 1  # however many ask, one waits
    assert app.test_client().get("/healthz").status_code == 200


def test_the_addresses_every_site_has(client: Client) -> None:
    assert "Disallow: /" in client.get("/robots.txt").text
    assert client.get("/favicon.ico", status=302).response.location.endswith("/ui/mark.svg")
    with clock.at(datetime(2026, 3, 2, 12, 30, tzinfo=UTC)):
        security = client.get("/.well-known/security.txt").text
    assert "Contact: mailto:" in security
    assert "Expires: 2026-08-29T12:30:00+00:00" in security
    manifest = client.get("/manifest.webmanifest")
    assert manifest.response.mimetype == "application/manifest+json"
    assert json.loads(manifest.text)["start_url"] == "/"


def test_an_unknown_address_has_the_frame_too(client_for: ClientFor, person: Person) -> None:
    assert "Account of" in client_for(person).get("/no-such-page", status=404).text


def test_the_streak_stands_below_the_goal_once_there_is_one(client_for: ClientFor, person: Person, db: Any) -> None:
    browser, wednesday = client_for(person), datetime(2026, 3, 4, 12, tzinfo=UTC)
    with clock.at(wednesday):
        assert "in a row" not in browser.get("/").text
        rows.active_days(person, date(2026, 3, 2))
        text = browser.get("/").text
    assert "1 workday in a row" in text
    assert "A freeze covered" in text
    assert "What is a freeze?" in text
    assert "in a row" not in client_for(factories.person()).get(f"/people/{person.id}/profile").text


def test_what_ended_can_be_taken_up_again(client_for: ClientFor, person: Person, db: Any) -> None:
    rows.active_days(person, date(2026, 3, 2))
    browser = client_for(person)
    with clock.at(datetime(2026, 3, 6, 12, tzinfo=UTC)):  # Tuesday and Wednesday cost the freezes, Thursday the streak
        text = browser.get("/").text
    assert "Your best: 1 workday in a row" in text
    assert "takes it up again until" in text
    with clock.at(datetime(2026, 3, 11, 12, tzinfo=UTC)):
        assert "The next active workday begins a new row." in browser.get("/").text
