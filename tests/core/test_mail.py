"""Mail that never breaks what a person is doing."""

from __future__ import annotations

import email
import email.policy
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_mailman import Mail as Mailman

from peerlearn.core import clock, mail

HELLO = mail.Mail("ada@example.org", "Grüße an alle", "Plain — words.", "<p>Fine words.</p>")


@pytest.fixture
def quiet_app(tmp_path: Path) -> Iterator[Flask]:
    app = Flask("quiet", instance_path=str(tmp_path))
    mail.clear_outbox()
    with app.app_context():
        yield app
    mail.clear_outbox()


def test_without_a_server_mail_stays_here_to_be_read(quiet_app: Flask, tmp_path: Path) -> None:
    second = mail.Mail("bob@example.org", "Second", "Text")
    with clock.at(datetime(2026, 1, 2, tzinfo=UTC)):
        assert mail.send(HELLO)
        assert mail.send(second)
    assert mail.outbox() == [second, HELLO]
    files = list((tmp_path / "outbox").glob("20260102T000000*.eml"))
    assert len(files) == 2
    messages = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
    message = next(message for message in messages if message["To"] == "ada@example.org")
    assert message["Subject"] == "Grüße an alle"
    assert message.get_body(("plain",)).get_content() == "Plain — words.\n"
    assert message.get_body(("html",)).get_content() == "<p>Fine words.</p>\n"


def test_the_outbox_does_not_grow_for_ever(quiet_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "OUTBOX_LENGTH", 3)
    for number in range(105):
        assert mail.send(mail.Mail("ada@example.org", f"Number {number}", "x"))
    assert len(mail.outbox()) == 100
    assert mail.outbox()[0].subject == "Number 104"
    assert len(list((tmp_path / "outbox").iterdir())) == 3


@pytest.mark.security
@pytest.mark.parametrize(
    "subject", ["a\nBcc: eve@evil.example", "a\r\nX: y", "a\rb", "a\x00b", "a\u2028b", "a\u0085b", "a\x0bb", "\n"]
)
def test_a_subject_can_not_smuggle_headers(subject: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        mail.Mail("ada@example.org", subject, "x")


@pytest.mark.security
@pytest.mark.parametrize(
    "to",
    [
        *("", "ada", "ada@", "@example.org", "a @b.org", '"a"@b.org', "a@b@c", "a@b.org\x00", "Ada <ada@example.org>"),
        *("ada@example.org\nBcc: eve@evil.example", "a@b.org, eve@evil.example", "a@b.org;eve@evil.example"),
        "ada@example.org\n",
    ],
)
def test_a_mail_goes_to_one_plain_address(to: str) -> None:
    with pytest.raises(ValueError, match="one plain address"):
        mail.Mail(to, "x", "x")


def test_with_a_server_it_is_sent_there(quiet_app: Flask) -> None:
    quiet_app.config.update(MAIL_SERVER="mail.example.org", MAIL_BACKEND="locmem", MAIL_DEFAULT_SENDER="p@example.org")
    mailman = Mailman(quiet_app)
    assert mail.send(HELLO)
    assert mail.outbox() == []
    (message,) = quiet_app.extensions["mailman"].outbox
    assert message.to == ["ada@example.org"]
    assert message.from_email == "p@example.org"
    assert message.alternatives[0][1] == "text/html"
    assert mailman is not None


def test_a_server_that_does_not_answer_breaks_nothing(quiet_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    quiet_app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=1, MAIL_BACKEND="smtp", MAIL_TIMEOUT=1)
    Mailman(quiet_app)
    with caplog.at_level(logging.WARNING):
        assert mail.send(HELLO) is False
    assert "could not be sent" in caplog.text
    assert "ada@example.org" not in caplog.text


def test_an_outbox_that_can_not_be_written_breaks_nothing(quiet_app: Flask, tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file in its place")
    assert mail.send(HELLO) is False
