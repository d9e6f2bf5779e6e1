"""The link in the mail about a check: one button without signing in, for one person, one text, and once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons import owners, showing
from peerlearn.lessons.models import Lesson
from peerlearn.points.models import LedgerEntry
from peerlearn.review.models import StandingAct
from peerlearn.verification import tending
from peerlearn.verification.rules import POLICY
from tests import factories
from tests.page import Client
from tests.security.scene import changed, everything

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
SENT = datetime(2026, 7, 1, 12, tzinfo=UTC)  # three days before the check is due


@pytest.fixture
def lesson(app: Flask) -> Lesson:
    """A lesson whose check is due three days after SENT."""
    return published()


def published(**front: Any) -> Lesson:
    with clock.at(BEGIN):
        found = factories.published_lesson(title="How to keep a promise", **front)
        db.session.commit()
    return found


@pytest.fixture
def sent(app: Flask) -> Iterator[None]:
    """The moment at which the mail is written and read."""
    with clock.at(SENT):
        yield


def the_link(app: Flask) -> str:
    """Where the mail leads that the house writes."""
    tending.tell_of_checks()
    db.session.commit()
    [key] = tending.to_mail()
    with app.test_request_context():
        letter = tending.write(*key)
    db.session.commit()
    assert letter is not None
    found = re.search(r"https?://[^/\s]+(/\S+)", letter.text)
    assert found is not None
    return found[1]


def checked(lesson: Lesson) -> int:
    """How often it was said that the lesson is still right."""
    acts = select(StandingAct).where(StandingAct.lesson_id == lesson.id, StandingAct.act == "verify")
    return len(db.session.scalars(acts).all())


def paid() -> list[int]:
    return list(db.session.scalars(select(LedgerEntry.amount).where(LedgerEntry.rule == "C3")))


@pytest.mark.usefixtures("sent")
def test_one_click_without_signing_in(app: Flask, lesson: Lesson) -> None:
    link, guest = the_link(app), Client(app)
    page = guest.get(link)
    assert "Is “How to keep a promise” still right?" in page.text
    assert "Revision 1" in page.text
    assert "Next check by" in page.text
    assert "Begin with" not in page.text, "the text itself is for those who sign in"
    guest.post(link, page.fields(link), to=link)
    assert "This lesson is checked" in guest.get(link).text
    assert checked(lesson) == 1
    act = db.session.scalars(select(StandingAct).where(StandingAct.lesson_id == lesson.id)).one()
    assert act.actor_id == lesson.owner_id
    assert factories.reloaded_lesson(lesson.id).check_on == SENT.date() + timedelta(days=180)
    assert paid() == [0], "nobody read it"
    guest.get("/verification", status=302)


@pytest.mark.usefixtures("sent")
def test_looking_changes_nothing(app: Flask, lesson: Lesson) -> None:
    """Programs that look through mails open every link, some of them twice."""
    link = the_link(app)
    before = everything()
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        assert Client(app).http.open(link, method=method).status_code == 200
    assert not changed(before)
    assert Client(app).http.post(link).status_code == 400, "a button needs the page it stands on"
    assert not changed(before)


@pytest.mark.usefixtures("sent")
def test_it_works_once(app: Flask, lesson: Lesson) -> None:
    link = the_link(app)
    first, second = Client(app), Client(app)
    pages = [(browser, browser.get(link).fields(link)) for browser in (first, second)]
    for browser, fields in pages:
        browser.post(link, fields, to=link)
        assert "This lesson is checked" in browser.get(link).text
    assert checked(lesson) == 1


def leaves(lesson: Lesson) -> None:
    db.session.execute(update(Person).where(Person.id == lesson.owner_id).values(is_active=False))


def moves_on(lesson: Lesson) -> None:
    owners.hand_over({lesson.id: factories.person().id})


def changes(lesson: Lesson) -> None:
    factories.republish(lesson, lambda text: text.replace("Begin", "Start", 1))


def is_doubted(lesson: Lesson) -> None:
    showing.doubt([lesson.id])


def is_hidden(lesson: Lesson) -> None:
    showing.quarantine(lesson, by=None)


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (leaves, None),
        (moves_on, "does not wait for you any more"),
        (changes, "has changed since"),
        (is_doubted, "has changed since"),
        (is_hidden, "does not wait for you any more"),
    ],
)
@pytest.mark.usefixtures("sent")
def test_what_happens_meanwhile(
    app: Flask, lesson: Lesson, happens: Callable[[Lesson], None], words: str | None
) -> None:
    link, guest = the_link(app), Client(app)
    fields = guest.get(link).fields(link)
    happens(factories.reloaded_lesson(lesson.id))
    db.session.commit()
    db.session.expire_all()
    before = checked(lesson)
    if words is None:
        guest.get(link, status=404)
        guest.post(link, fields, status=404)
    else:
        assert words in guest.get(link).text
        guest.post(link, fields, to=link)
    assert checked(lesson) == before


@pytest.mark.parametrize(("days", "works"), [(POLICY.mail_days, True), (POLICY.mail_days + 1, False)])
def test_it_grows_old(app: Flask, lesson: Lesson, days: int, works: bool) -> None:
    with clock.at(SENT):
        link = the_link(app)
    with clock.at(SENT + timedelta(days=days)):
        page = Client(app).get(link)
        assert ("This link is too old" in page.text) is not works
        assert ("It is still right" in page.text) is works


@pytest.mark.usefixtures("sent")
def test_somebody_else_who_is_signed_in_cannot_answer_it(app: Flask, lesson: Lesson, client_for: Any) -> None:
    link, browser = the_link(app), client_for(factories.person(roles=(("admin", 0), ("curator", 0))))
    assert "made for somebody else" in browser.get(link).text
    browser.post(link, {}, to=link)
    assert checked(lesson) == 0
    owner = client_for(factories.reloaded(lesson.owner_id))
    owner.post(link, owner.get(link).fields(link), to=link)
    assert checked(lesson) == 1


@pytest.mark.usefixtures("sent")
def test_a_key_that_was_not_made_here_opens_nothing(app: Flask, lesson: Lesson) -> None:
    link = the_link(app)
    for foreign in ("made-up", link.rsplit("/", 1)[1][:-1], link.rsplit(".", 1)[1]):
        Client(app).get(f"/verification/mail/{foreign}", status=404)


@pytest.mark.parametrize("classification", ["restricted", "confidential"])
@pytest.mark.usefixtures("sent")
def test_what_is_for_some_only_asks_to_sign_in(app: Flask, classification: str) -> None:
    lesson = published(front=f"classification: {classification}\naudience: [{factories.team().slug}]\n")
    link = the_link(app)
    assert link == f"/verification/lessons/{lesson.id}"
    assert Client(app).get(link, status=302).response.location.startswith("/sign-in")


@pytest.mark.usefixtures("sent")
def test_what_becomes_for_some_only_tells_nothing(app: Flask, lesson: Lesson) -> None:
    link = the_link(app)
    db.session.execute(update(Lesson).where(Lesson.id == lesson.id).values(classification="restricted"))
    db.session.commit()
    page = Client(app).get(link, status=302)
    assert page.response.location == f"/verification/lessons/{lesson.id}"
    assert "promise" not in page.text


@pytest.mark.usefixtures("sent")
def test_the_page_and_its_button_take_few_statements(app: Flask, lesson: Lesson, statements: list[str]) -> None:
    link, guest = the_link(app), Client(app)
    statements.clear()
    fields = guest.get(link).fields(link)
    assert len(statements) <= 5, statements
    statements.clear()
    guest.post(link, fields, to=link)
    assert len(statements) <= 10, "\n".join(one[:150] for one in statements)
