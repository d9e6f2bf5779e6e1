"""Mails about one's account. Their links begin with the configured address, never with what a browser says."""

from __future__ import annotations

from threading import Thread

from flask import Flask, current_app, render_template, url_for
from flask_babel import gettext as _

from peerlearn.accounts import rules
from peerlearn.accounts.coming_in import Letter
from peerlearn.core import mail

ENDPOINTS = {
    "reset": "accounts.new_password",
    "invitation": "accounts.invitation",
    "welcome": "accounts.invitation",
    "join": "accounts.invitation",
    "known": "accounts.forgotten",
}


def link_of(letter: Letter) -> str:
    """The full address of a letter's link."""
    endpoint = ENDPOINTS[letter.about]
    path = url_for(endpoint, key=letter.key) if letter.key else url_for(endpoint)
    return f"{current_app.config['SETTINGS'].base_url}{path}"


def written(letter: Letter) -> mail.Mail:
    """The letter as a mail."""
    organisation = current_app.config["SETTINGS"].organisation
    subjects = {
        "reset": _("A new password for PeerLearn"),
        "invitation": _("You are invited to PeerLearn"),
        "welcome": _("Welcome to PeerLearn"),
        "join": _("Finish joining PeerLearn"),
        "known": _("Your PeerLearn account"),
    }
    text = render_template(
        f"accounts/mail/{letter.about}.txt",
        link=link_of(letter),
        organisation=organisation,
        email=letter.to,
        hours=rules.POLICY.reset_hours,
        days=rules.POLICY.invitation_days,
    )
    return mail.Mail(letter.to, subjects[letter.about], text)


def send(letter: Letter) -> bool:
    """Send now, and say whether it went out."""
    return mail.send(written(letter))


def send_quietly(letter: Letter | None) -> None:
    """Send without letting the visitor notice, by any delay, whether there was anything to send."""
    if letter is None:
        return
    message = written(letter)
    if current_app.config["SETTINGS"].smtp_url and not current_app.testing:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        Thread(target=_send_in, args=(app, message), daemon=False).start()
    else:
        mail.send(message)


def _send_in(app: Flask, message: mail.Mail) -> None:
    with app.app_context():
        mail.send(message)
