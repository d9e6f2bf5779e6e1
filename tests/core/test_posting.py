"""Mails that are posted: with the transaction that wants them, to a real mail server, again when it is not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from peerlearn.app import create_app, mailman
from peerlearn.core import clock, jobs, mail
from peerlearn.core.db import db, reading
from peerlearn.core.jobs import QueuedJob
from peerlearn.core.working import Runner
from tests.conftest import fresh_database, settings_for
from tests.journeys.house import free_port

pytestmark = pytest.mark.own_database
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
HELLO = mail.Mail("ada@example.org", "Grüße an alle", "Plain — words.")
BOB = mail.Mail("bob@example.org", "For Bob", "Words.")


class Mailbox:
    """What a mail server of our own takes in; it answers `refusal` where there is one."""

    def __init__(self) -> None:
        self.port = free_port()
        self.letters: list[Any] = []
        self.refusal: dict[str, str] = {}

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Whether it knows an address."""
        if address in self.refusal:
            return self.refusal[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        self.letters.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server in a thread of this process, on a port of its own."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def own_app(tmp_path: Path, migrated: str, mailbox: Mailbox) -> Iterator[Flask]:
    """An application that sends to it."""
    for url in fresh_database(tmp_path, "posting", like=migrated):
        there = {"smtp_url": f"smtp://127.0.0.1:{mailbox.port}", "mail_from": "P <p@example.org>"}
        app = create_app(settings_for(url, tmp_path, **there))
        app.config["MAIL_BACKEND"] = "smtp"
        mailman.init_app(app)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(autouse=True)
def no_routines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only mails are work here."""
    monkeypatch.setattr(jobs, "KINDS", {"mail": jobs.KINDS["mail"]})


def post(app: Flask, *mails: mail.Mail) -> None:
    with app.app_context():
        for each in mails:
            mail.post(each)
        db.session.commit()


def work(app: Flask, moment: datetime | None = None) -> int:
    with clock.at(moment or clock.now()):
        return Runner(app).work_off()


def rows(app: Flask) -> list[QueuedJob]:
    with app.app_context(), reading():
        return list(db.session.scalars(select(QueuedJob).order_by(QueuedJob.id)))


def test_a_posted_mail_goes_out_once(own_app: Flask, mailbox: Mailbox) -> None:
    post(own_app, HELLO, BOB)
    assert mailbox.letters == []
    assert work(own_app) == 2
    assert work(own_app) == 0
    assert [letter.rcpt_tos for letter in mailbox.letters] == [["ada@example.org"], ["bob@example.org"]]
    numbers = {line for letter in mailbox.letters for line in letter.content.splitlines() if b"Message-ID" in line}
    assert len(numbers) == 2
    assert all(number.endswith(b"@example.org>") for number in numbers)
    assert [row.payload for row in rows(own_app)] == [{}, {}]


def test_what_is_not_stored_is_not_sent(own_app: Flask, mailbox: Mailbox) -> None:
    with own_app.app_context():
        mail.post(HELLO)
        db.session.rollback()
    assert work(own_app) == 0
    assert mailbox.letters == []


def test_a_server_that_asks_for_patience_is_given_it(own_app: Flask, mailbox: Mailbox) -> None:
    mailbox.refusal["ada@example.org"] = "451 try again later"
    post(own_app, HELLO, BOB)
    begun = clock.now()
    work(own_app, begun)
    assert len(mailbox.letters) == 1, "nobody waits for another one's mail"
    assert [row.state for row in rows(own_app)] == ["open", "done"]
    mailbox.refusal.clear()
    work(own_app, begun + timedelta(minutes=1))
    assert len(mailbox.letters) == 2


def test_a_mail_that_comes_twice_has_one_number(own_app: Flask, mailbox: Mailbox) -> None:
    """A worker that dies after the server took a mail and before that is stored."""
    post(own_app, HELLO)
    moment = clock.now()
    with own_app.app_context(), clock.at(moment):
        taken = jobs.take("one that dies")
        db.session.commit()
        assert taken is not None
        mail.deliver_posted(taken.payload)
    work(own_app, moment + jobs.LEASE)
    first, second = ([line for line in each.content.splitlines() if b"Message-ID" in line] for each in mailbox.letters)
    assert first == second


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        ("550 no such user", "failed", "the mail server does not know the address"),
        ("451 busy", "open", "smtplib.SMTPRecipientsRefused"),
    ],
)
def test_what_is_refused_for_good_waits_for_somebody(
    own_app: Flask, mailbox: Mailbox, answer: str, state: str, said: str
) -> None:
    mailbox.refusal["ada@example.org"] = answer
    post(own_app, HELLO)
    work(own_app)
    [row] = rows(own_app)
    assert (row.state, row.error) == (state, said)
    assert "ada" not in (row.error or "")


def test_a_server_that_is_not_there_is_waited_for(own_app: Flask) -> None:
    own_app.config["MAIL_PORT"] = 1
    mailman.init_app(own_app)
    post(own_app, HELLO)
    work(own_app)
    [row] = rows(own_app)
    assert (row.state, row.error) == ("open", "ConnectionRefusedError")
