"""Where a person stands with a lesson: what they read, their attempts, and what they may do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, bindparam, or_, select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.learn.models import Attempt, Reading
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes import rules as quizzes

ME: Any = bindparam("me", type_=Integer)
LESSON: Any = bindparam("lesson", type_=Integer)


@dataclass(frozen=True)
class Standing:
    """Where one person stands with one lesson."""

    reading: Reading | None
    attempts: Sequence[Attempt]  # of this major version, oldest first
    older: Attempt | None = None  # one of an earlier major version that is still open
    learned: Attempt | None = None  # the newest that was passed, when the text has changed since

    @property
    def open(self) -> Attempt | None:
        """The attempt that is under way."""
        return next((attempt for attempt in self.attempts if attempt.state == "open"), None)

    @property
    def passed(self) -> Attempt | None:
        """The attempt that passed this major version."""
        return next((attempt for attempt in self.attempts if attempt.is_passed), None)

    @property
    def finished(self) -> list[Attempt]:
        """The attempts that were answered to their end, oldest first."""
        return [attempt for attempt in self.attempts if attempt.state == "finished"]

    @property
    def scored(self) -> list[Attempt]:
        """Those of them that count."""
        return [attempt for attempt in self.finished if attempt.is_scored]

    @property
    def has_answered(self) -> bool:
        """Whether a whole attempt was answered."""
        return bool(self.finished)

    @property
    def best(self) -> Attempt | None:
        """The best of the attempts that count; the earliest of equals."""
        return max(self.scored, key=lambda attempt: attempt.score / (attempt.total or 1), default=None)

    def turn(self, terms: quizzes.Terms, now: datetime) -> quizzes.Turn:
        """What this person may do with the quiz now."""
        starts = [attempt.started_at for attempt in self.scored]
        ends = [attempt.finished_at for attempt in self.finished if attempt.finished_at]
        return quizzes.turn(terms.mode, starts, ends, now, has_passed=bool(self.passed), policy=terms.policy)

    def is_last(self, terms: quizzes.Terms, now: datetime) -> bool:
        """Whether an attempt that begins now is the last of a check or an exam, for now: after it keys are shown."""
        starts = [attempt.started_at for attempt in self.scored]
        return terms.mode is not quizzes.Mode.LEARN and quizzes.is_last([*starts, now], terms.mode, terms.policy)

    def shows_keys_of(self, attempt: Attempt) -> bool:
        """Whether the right answers of a finished attempt may be seen."""
        lasts = [one.started_at for one in self.finished if one.is_last]
        mode, passed, under_way = quizzes.Mode(attempt.mode), bool(self.passed), bool(self.open)
        return quizzes.shows_keys(mode, lasts, attempt.started_at, has_passed=passed, is_under_way=under_way)


_STANDING = (
    select(Reading, Attempt)
    .select_from(Lesson)
    .outerjoin(Reading, and_(Reading.person_id == ME, Reading.revision_id == Lesson.published_id))
    .outerjoin(
        Attempt,
        and_(
            Attempt.person_id == ME,
            Attempt.lesson_id == Lesson.id,
            or_(Attempt.major == Lesson.major, Attempt.state == "open", Attempt.is_passed),
        ),
    )
    .where(Lesson.id == LESSON)
    .order_by(Attempt.number)
)


def standing(person: Person, lesson: Lesson) -> Standing:
    """The person's reading of the published revision and attempts at its major version, in one statement."""
    rows = db.session.execute(_STANDING, {"me": person.id, "lesson": lesson.id}).all()
    attempts = [row[1] for row in rows if row[1] is not None]
    passed = next((attempt for attempt in reversed(attempts) if attempt.is_passed), None)
    return Standing(
        rows[0][0] if rows else None,
        [attempt for attempt in attempts if attempt.major == lesson.major],
        next((attempt for attempt in attempts if attempt.major != lesson.major and attempt.state == "open"), None),
        passed if passed is not None and passed.revision_id != lesson.published_id else None,
    )
