"""What verification does by itself: telling of checks that come near, mailing it, and finding owners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import current_app, render_template, url_for
from flask_babel import gettext as _

from peerlearn.core import clock, mail
from peerlearn.core.db import start_writing
from peerlearn.lessons.rules import FOR_SOME, Classification
from peerlearn.verification import actions, heirs, keys, leaving, queries
from peerlearn.verification.rules import POLICY


def tell_of_checks() -> bool:
    """Tell owners of checks that come near; whether more is left."""
    if not queries.untold(clock.today(clock.organisation_zone()), 1):
        return False
    start_writing()
    return actions.tell() == POLICY.told_at_once


def find_owners() -> bool:
    """Find somebody for lessons whose owner left when nobody was there; whether more is left."""
    rows = heirs.without_owner(heirs.AT_ONCE)
    if not rows or not heirs.find(rows):
        return False
    start_writing()
    return leaving.find_owners() == heirs.AT_ONCE


def to_mail() -> Sequence[tuple[int, date, int]]:
    """The reminders that were not mailed yet: lesson, day of its check, stage."""
    return queries.to_mail()


def write(lesson_id: int, check_on: date, stage: int) -> mail.Mail | None:
    """Write the mail about a check, once; None when it was made meanwhile, or its owner cannot come in."""
    found = queries.reminder(lesson_id, check_on, stage)
    if found is None:
        return None
    reminder, lesson = found
    reminder.mailed_at = clock.now()
    if lesson.check_on != check_on or lesson.state != "published" or not lesson.owner.is_active:
        return None
    if lesson.classification in FOR_SOME:
        place = url_for("verification.check", lesson_id=lesson_id)
    else:
        place = url_for("verification.in_mail", check_key=keys.key_for(lesson))
    link = current_app.config["SETTINGS"].base_url + place
    title = _("A confidential lesson") if lesson.classification == Classification.CONFIDENTIAL else lesson.title
    text = render_template("verification/mail/due.txt", name=lesson.owner.name, title=title, link=link)
    return mail.Mail(lesson.owner.email, _("Is “%(title)s” still right?", title=title), text)
