"""Mail to one person: by SMTP where it is set up, else into an outbox that developers can read.

Sending never breaks what a person is doing: a mail that can not go out is logged and `send` says False. What must
arrive is kept in a table by the feature that wants it, and sent again by a job.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections import deque
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from flask import current_app
from flask_mailman import EmailMultiAlternatives

from peerlearn.core.clock import now

log = logging.getLogger(__name__)

OUTBOX_LENGTH = 100
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


def send(mail: Mail) -> bool:
    """Send now. False when it could not be sent; the reason is in the log, the address is not."""
    try:
        if current_app.config.get("MAIL_SERVER") and "mailman" in current_app.extensions:
            _send_by_smtp(mail)
        else:
            _keep(mail)
    except Exception as error:
        # Whatever a mail server does must not undo what the person did.
        log.warning("A mail (%s) could not be sent: %s", mail.subject, type(error).__name__)
        return False
    return True


def outbox() -> list[Mail]:
    """The mails that stayed here because no mail server is set up, newest first; only of this process."""
    return list(reversed(_outbox))


def clear_outbox() -> None:
    """Forget the mails kept here; files stay."""
    _outbox.clear()


def _sender() -> str:
    return str(current_app.config.get("MAIL_DEFAULT_SENDER") or FALLBACK_SENDER)


def _send_by_smtp(mail: Mail) -> None:
    message = cast(Any, EmailMultiAlternatives)(mail.subject, mail.text, _sender(), [mail.to])
    if mail.html is not None:
        message.attach_alternative(mail.html, "text/html")
    message.send()


def _keep(mail: Mail) -> None:
    _outbox.append(mail)
    log.info("A mail (%s) stayed in the outbox: no mail server is set up.", mail.subject)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = _sender(), mail.to, mail.subject
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
    folder = Path(current_app.config.get("MAIL_OUTBOX") or Path(current_app.instance_path) / "outbox")
    folder.mkdir(parents=True, exist_ok=True)
    stamp = f"{now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    (folder / f"{stamp}.eml").write_bytes(message.as_bytes())
    for old in sorted(folder.glob("*.eml"))[:-OUTBOX_LENGTH]:
        old.unlink(missing_ok=True)
