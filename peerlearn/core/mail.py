"""Mail to one person: by SMTP where it is set up, else into an outbox that developers can read.

What must arrive is posted: it is a job of the transaction that wants it, and is tried again where the mail server does
not take it. `send` is for what somebody waits for: it never breaks what they are doing, and says whether it went out.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any, cast

from flask import current_app
from flask_mailman import EmailMultiAlternatives

from peerlearn.core import jobs, logs
from peerlearn.core.clock import now
from peerlearn.core.words import N_

log = logging.getLogger(__name__)

OUTBOX_LENGTH = 100
REFUSED = 500  # from this answer of a mail server on, trying again is in vain (RFC 5321, 4.2.1)
FALLBACK_SENDER = "PeerLearn <peerlearn@localhost>"
_BREAK = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,253}")
_outbox: deque[Mail] = deque(maxlen=OUTBOX_LENGTH)


@dataclass(frozen=True)
class Mail:
    """A message for one person. `html` is optional and must come from a template."""

    to: str
    subject: str
    text: str
    html: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would smuggle a second header or a second recipient into the message."""
        if _BREAK.search(self.subject):
            raise ValueError("a subject is one line")
        if _BREAK.search(self.to) or not _ADDRESS.fullmatch(self.to):
            raise ValueError("a mail goes to one plain address")


def post(mail: Mail) -> None:
    """Let a worker send it once the running transaction is stored. By its number a mail that comes twice is known."""
    host = parseaddr(_sender())[1].rpartition("@")[2] or "localhost"
    jobs.enqueue("mail", {**asdict(mail), "number": f"<{secrets.token_hex(16)}@{host}>"})


@jobs.kind("mail", N_("Send a mail"))
def deliver_posted(payload: Mapping[str, Any]) -> None:
    """Send what was posted; in vain is what the server refuses for good."""
    number = str(payload["number"])
    try:
        _deliver(Mail(**{name: text for name, text in payload.items() if name != "number"}), number)
    except SMTPRecipientsRefused as error:
        if all(code >= REFUSED for code, _said in error.recipients.values()):
            raise jobs.GiveUp("the mail server does not know the address") from None
        raise
    except SMTPResponseException as error:
        if error.smtp_code >= REFUSED:
            raise jobs.GiveUp(f"the mail server refused it ({error.smtp_code})") from None
        raise


def send(mail: Mail) -> bool:
    """Send now. False when it could not be sent; the reason is in the log, the address is not."""
    try:
        _deliver(mail)
    except Exception as error:
        # Whatever a mail server does must not undo what the person did.
        log.warning("A mail could not be sent: %s", logs.kind_of(error))
        return False
    return True


def _deliver(mail: Mail, number: str | None = None) -> None:
    if current_app.config.get("MAIL_SERVER") and "mailman" in current_app.extensions:
        _send_by_smtp(mail, number)
    else:
        _keep(mail, number)


def outbox() -> list[Mail]:
    """The mails that stayed here because no mail server is set up, newest first; only of this process."""
    return list(reversed(_outbox))


def clear_outbox() -> None:
    """Forget the mails kept here; files stay."""
    _outbox.clear()


def _sender() -> str:
    return str(current_app.config.get("MAIL_DEFAULT_SENDER") or FALLBACK_SENDER)


def _send_by_smtp(mail: Mail, number: str | None) -> None:
    headers = {"Message-ID": number} if number else None
    message = cast(Any, EmailMultiAlternatives)(mail.subject, mail.text, _sender(), [mail.to], headers=headers)
    if mail.html is not None:
        message.attach_alternative(mail.html, "text/html")
    with current_app.extensions["mailman"].get_connection() as connection:  # closed also where it was refused
        connection.send_messages([message])


def _keep(mail: Mail, number: str | None) -> None:
    _outbox.append(mail)
    log.info("A mail stayed in the outbox: no mail server is set up.")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = _sender(), mail.to, mail.subject
    if number:
        message["Message-ID"] = number
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
    folder = Path(current_app.config.get("MAIL_OUTBOX") or Path(current_app.instance_path) / "outbox")
    folder.mkdir(parents=True, exist_ok=True)
    stamp = f"{now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    (folder / f"{stamp}.eml").write_bytes(message.as_bytes())
    for old in sorted(folder.glob("*.eml"))[:-OUTBOX_LENGTH]:
        old.unlink(missing_ok=True)
