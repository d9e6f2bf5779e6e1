"""The key in a mail that asks for a check: it says who was asked about which text of which lesson, and until when.

Nothing is stored for it. A key opens the one text that was published when the mail was written, for the person it was
written to, and only while the check that the mail is about was not made: it works once because the check is made once.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from peerlearn.core import clock
from peerlearn.lessons.models import Lesson
from peerlearn.verification.rules import POLICY


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mail asked: its reader, the lesson, the revision that was published, and the day of the check."""

    person_id: int
    lesson_id: int
    revision_id: int
    check_on: str  # ISO date
    verified_at: float  # when it was last checked, in seconds since 1970
    until: int  # seconds since 1970; afterwards the key opens nothing

    @property
    def is_over(self) -> bool:
        """Whether the mail is too old."""
        return clock.now().timestamp() > self.until

    def is_about(self, lesson: Lesson) -> bool:
        """Whether a lesson still has the text and the check that the mail was about."""
        same_text = lesson.published_id == self.revision_id and not self.was_answered(lesson)
        return same_text and str(lesson.check_on) == self.check_on

    def was_answered(self, lesson: Lesson) -> bool:
        """Whether the text was checked since, by whomever."""
        return lesson.published_id == self.revision_id and _moment(lesson) > self.verified_at


def key_for(lesson: Lesson) -> str:
    """A key for the owner of a lesson whose check comes near."""
    until = clock.now() + timedelta(days=POLICY.mail_days)
    assert lesson.published_id is not None
    text = (lesson.published_id, str(lesson.check_on), _moment(lesson))
    return _signed().dumps(astuple(Asked(lesson.owner_id, lesson.id, *text, int(until.timestamp()))))


def asked_by(key: str) -> Asked | None:
    """What a key says; None where it was not made here."""
    try:
        return Asked(*_signed().loads(key))
    except BadData:
        return None


def _moment(lesson: Lesson) -> float:
    return lesson.verified_at.timestamp() if lesson.verified_at else 0.0


def _signed() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="verification-mail")
