"""The mail of the day's questions, from the mailbox to the stored answer."""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn import cli
from peerlearn.core import clock, mail
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.learn import queries as learning
from peerlearn.practice import actions, mailing
from peerlearn.practice.models import Memory, SetQuestion
from peerlearn.quizzes.models import ItemVersion
from tests import factories
from tests.factories import PASSWORD, Walk
from tests.page import Client
from tests.practice.test_pages import WORDS, answered

ClientFor = Callable[..., Client]
LINK = re.compile(r"http://localhost(/practice/sets/\d+/\d+)\s")
NO_SUCH_PAGE = "We could not find that page"


@pytest.fixture
def links(walk: Walk, now: datetime, app: Flask, tmp_path: Path) -> Iterator[list[str]]:
    """Where the links of the mail lead that a learner finds in the mailbox in the morning."""
    app.config["MAIL_OUTBOX"] = str(tmp_path)
    mail.clear_outbox()
    actions.choose(size=5, by_mail=True, by=walk.person)
    db.session.commit()
    told = app.test_cli_runner().invoke(cli.worker, ["--once"])
    assert told.exit_code == 0, told.output
    [letter] = [read(path) for path in tmp_path.glob("*.eml")]
    assert letter["To"] == walk.person.email
    parts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
    found = [LINK.findall(part) for part in parts]
    assert [len(each) for each in found] == [3], "one link for each question, in each part of the mail"
    yield found[0]
    mail.clear_outbox()


def read(path: Path) -> EmailMessage:
    """A mail as it was sent."""
    found = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def reviewed(walk: Walk) -> int:
    """How many answers in practice were counted."""
    mine = select(func.count()).where(Fact.type == "ItemReviewed", Fact.actor_id == walk.person.id)
    return int(db.session.scalar(mine) or 0)


def answer(browser: Client, link: str) -> None:
    """Let the choices show and answer rightly, twelve seconds later."""
    page = browser.get(link)
    assert "confidence" not in page.text, "the clock starts when the choices show"
    browser.post(f"{link}/show", to=link)
    page = browser.get(link)
    kind = next(kind for kind in WORDS if f"question-{kind}" in page.text)
    with clock.at(clock.now() + timedelta(seconds=12)):
        browser.post(link, answered(page, WORDS[kind]), to=link)


def test_a_link_is_followed_and_its_answer_counts_once(browser: Client, walk: Walk, links: list[str]) -> None:
    for number, link in enumerate(links, start=1):
        with clock.at(clock.now() + timedelta(hours=number)):
            answer(browser, link)
            assert reviewed(walk) == number
            assert "learn-feedback" in browser.get(link).text, "whoever follows it again reads how it went"
            browser.post(link, {"confidence": "certain", "answer": "last step"}, status=409)
            browser.post(f"{link}/show", to=link)
        assert reviewed(walk) == number
    reviews = select(Memory.reviews).where(Memory.person_id == walk.person.id)
    assert db.session.scalars(reviews).all() == [1, 1, 1]
    assert db.session.scalars(select(SetQuestion.seconds)).all() == [12, 12, 12], "not counted from when it was sent"
    assert "Done for today" in browser.get(links[0].rpartition("/")[0] + "/result").text


def test_whoever_opens_practice_instead_is_led_to_the_first_question(browser: Client, links: list[str]) -> None:
    daily_set = links[0].rpartition("/")[0]
    browser.post("/practice/start", to=daily_set)
    assert browser.get(daily_set, status=302).response.location == links[0]
    answer(browser, links[0])
    assert "learn-feedback" in browser.get(daily_set).text


def test_whoever_is_signed_out_signs_in_and_is_there(client: Client, walk: Walk, links: list[str]) -> None:
    asked = client.get(links[1], status=302).response.location
    assert asked == f"/sign-in?next={links[1]}"
    form = client.get(asked).fields("/sign-in") | {"email": walk.person.email, "password": PASSWORD}
    client.post("/sign-in", form, to=links[1])
    answer(client, links[1])
    assert reviewed(walk) == 1


def test_a_foreign_link_is_no_page(client_for: ClientFor, walk: Walk, links: list[str]) -> None:
    other = client_for(factories.person())
    for url in (links[0], links[0].rpartition("/")[0], f"{links[0].rpartition('/')[0]}/99"):
        assert NO_SUCH_PAGE in other.get(url, status=404).text
    for url in (links[0], f"{links[0]}/show"):
        assert NO_SUCH_PAGE in other.post(url, {"confidence": "guess"}, status=404).text
    assert reviewed(walk) == 0


def test_a_link_of_days_ago_still_leads_to_its_question(browser: Client, walk: Walk, links: list[str]) -> None:
    with clock.at(clock.now() + timedelta(days=5)):
        answer(browser, links[0])
        assert "learn-feedback" in browser.get(links[0]).text
    assert reviewed(walk) == 1


def test_a_link_to_what_is_gone_is_no_page(browser: Client, walk: Walk, links: list[str]) -> None:
    lesson = learning.lesson_by_slug(walk.slug, walk.person)
    assert lesson is not None
    lesson.state = "quarantined"
    db.session.commit()
    assert NO_SUCH_PAGE in browser.get(links[0], status=404).text


STEMS = (
    ("The capital is {{1}}.", "The capital is ___."),
    ("![A map](/media/ab12.webp)\n\nWhich **river** is `blue`?", "Which river is blue?"),
    ("![A map](/media/ab12.webp)", "Point at the picture"),
)


@pytest.mark.parametrize(("stem", "line"), STEMS)
def test_the_mail_shows_a_question_as_words(walk: Walk, now: datetime, app: Flask, stem: str, line: str) -> None:
    actions.choose(size=5, by_mail=True, by=walk.person)
    for version in db.session.scalars(select(ItemVersion)):
        version.body = {**version.body, "stem": stem, "kind": "hotspot"}
    db.session.commit()
    with app.test_request_context():
        letter = mailing.prepare(walk.person.id)
    assert letter is not None
    assert letter.text.count(f"{line}\n") == 3
    assert not re.search(r"[{}*`]|!\[|/media/", letter.text)
