"""A lesson may take more than ten minutes where a curator allows it: how much longer is kept with the lesson.

Its author says why in the file (`why_longer`), so that the reason goes where the text goes. None of it commits.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from peerlearn.core.db import db
from peerlearn.core.errors import NotValid
from peerlearn.core.words import N_
from peerlearn.lessons import rules, standing
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.inspection import count_words
from peerlearn.lessons.models import Lesson, Revision

NOT_ALLOWED = N_(
    "With this the lesson takes longer than a curator allowed. Its authors hand it in with the reason, and a curator "
    "decides."
)


def allowed(lesson_id: int) -> int:
    """How many minutes a curator allowed a lesson; 0 where nobody was asked."""
    return db.session.scalar(select(Lesson.minutes_allowed).where(Lesson.id == lesson_id)) or 0


def allowed_by_uid(uids: Collection[str]) -> dict[str, int]:
    """The same for many lessons, by the ids in their files; only those that were allowed more."""
    found: dict[str, int] = {}
    for portion in standing.portions(uids):
        rows = select(Lesson.uid, Lesson.minutes_allowed).where(Lesson.uid.in_(portion), Lesson.minutes_allowed > 0)
        found |= dict(db.session.execute(rows).all())
    return found


def is_long(file: LessonFile) -> bool:
    """Whether a text takes more than a lesson may that nobody allowed more."""
    return rules.is_too_long(rules.minutes(count_words(file), file.asked))


def is_to_be_allowed(lesson_id: int, minutes: float) -> bool:
    """Whether a text of this length needs a curator's leave that the lesson does not have yet."""
    return rules.is_too_long(minutes) and rules.is_too_long(minutes, allowed(lesson_id))


def allow(lesson: Lesson, revision: Revision) -> None:
    """Let the lesson be as long as this text is."""
    lesson.minutes_allowed = max(lesson.minutes_allowed, rules.whole_minutes(revision.minutes))


def insist(lesson_id: int, minutes: float) -> None:
    """Raise NotValid for a text that is longer than this lesson may be."""
    if is_to_be_allowed(lesson_id, minutes):
        raise NotValid(NOT_ALLOWED)
