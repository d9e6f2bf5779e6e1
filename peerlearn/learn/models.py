"""Readings, attempts, the questions asked in them, and reactions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from peerlearn.core import clock
from peerlearn.core.db import Base, Word
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.models import ItemVersion

_OPEN = text("state = 'open'")
_PASSED = text("is_passed")
_TIMED = text("state = 'open' and due_at is not null")


class Reading(Base):
    """One person going through one revision's cards; all times are the server's."""

    __tablename__ = "readings"
    __table_args__ = (
        UniqueConstraint("person_id", "revision_id"),
        Index("ix_readings_lesson", "lesson_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    started_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    touched_at: Mapped[datetime] = mapped_column(default=clock.now)
    card: Mapped[int] = mapped_column(default=1)  # where to go on
    seen: Mapped[list[Any]] = mapped_column(default=list)  # numbers of the cards read to their end
    pretest_version_id: Mapped[int | None] = mapped_column(ForeignKey("item_versions.id"))  # drawn for 1 in 5
    pretest_asked_at: Mapped[datetime | None]
    pretest_answered_at: Mapped[datetime | None]
    pretest_answer: Mapped[dict[str, Any] | None]

    lesson: Mapped[Lesson] = relationship(lazy="raise_on_sql")
    revision: Mapped[Revision] = relationship(lazy="raise_on_sql")


class Attempt(Base):
    """One go at a lesson's quiz: one open per person and lesson. The first to pass a major version `is_passed`.

    Its terms are those of the moment it began. An attempt that is `left` was set aside for a newer version's.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        CheckConstraint("state in ('open', 'finished', 'left')", name="state"),
        CheckConstraint("mode in ('learn', 'check', 'exam')", name="mode"),
        Index(
            "uq_attempts_one_open", "person_id", "lesson_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index(
            "uq_attempts_one_pass",
            "person_id",
            "lesson_id",
            "major",
            unique=True,
            sqlite_where=_PASSED,
            postgresql_where=_PASSED,
        ),
        UniqueConstraint("person_id", "lesson_id", "major", "number"),
        Index("ix_attempts_finished_at", "finished_at"),
        Index("ix_attempts_due_at", "due_at", sqlite_where=_TIMED, postgresql_where=_TIMED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    major: Mapped[int]
    number: Mapped[int]  # 1 for the first at this major version
    state: Mapped[Word] = mapped_column(default="open")
    seed: Mapped[int]  # shuffles options the same way on every device
    mode: Mapped[Word] = mapped_column(default=quizzes.Mode.LEARN.value)  # practice is always `learn`
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime | None]  # when its time is over, this person's pace included
    finished_at: Mapped[datetime | None]
    total: Mapped[int]  # questions that count
    pass_percent: Mapped[int] = mapped_column(default=quizzes.DEFAULT.pass_percent)
    carried: Mapped[int] = mapped_column(default=0)  # right in an earlier attempt, so not asked again
    right: Mapped[int] = mapped_column(default=0)  # right in this attempt
    score: Mapped[float] = mapped_column(default=0)  # marks over all questions that count, 0 to total
    is_scored: Mapped[bool] = mapped_column(default=True)  # practice attempts change nothing of record
    is_last: Mapped[bool] = mapped_column(default=False, server_default=false())  # of a check or an exam, for that day
    is_passed: Mapped[bool] = mapped_column(default=False)
    rests_on_told: Mapped[bool] = mapped_column(default=False, server_default=false())  # enough only with told answers
    saves: Mapped[int] = mapped_column(default=1)  # two clicks at once notice each other

    lesson: Mapped[Lesson] = relationship(lazy="raise_on_sql")
    revision: Mapped[Revision] = relationship(lazy="raise_on_sql")
    asked: Mapped[list[Asked]] = relationship(lazy="raise_on_sql", order_by="Asked.position", back_populates="attempt")

    @property
    def needed(self) -> int:
        """How many marks pass it."""
        return quizzes.pass_mark(self.total, self.pass_percent)

    __mapper_args__ = {"version_id_col": saves}


class Asked(Base):
    """One question of an attempt. `asked_at` starts its clock; the answer is stored before feedback shows.

    In a check or an exam answers may change until they are handed in: the marks of an open attempt are nobody's to see.
    """

    __tablename__ = "asked"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        CheckConstraint("(answered_at is null) = (mark is null)", name="answered_with_mark"),
        CheckConstraint("ruling in ('key', 'full', 'left_out')", name="ruling"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    position: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("item_versions.id"))  # missed before; this is a spare
    is_first: Mapped[bool] = mapped_column(default=False)  # a first attempt, and this meaning was never answered before
    is_told: Mapped[bool] = mapped_column(default=False, server_default=false())  # before, and not recalled since
    asked_at: Mapped[datetime | None]  # when it was last opened
    answered_at: Mapped[datetime | None]
    answer: Mapped[dict[str, Any] | None]
    typed: Mapped[dict[str, Any] | None]  # the form as it stands, until it is handed in
    confidence: Mapped[str | None]  # guess, fairly, certain
    mark: Mapped[float | None]
    seconds: Mapped[float | None]  # spent on it
    rapid_below: Mapped[float] = mapped_column(default=2.0)  # seconds; the item's threshold when it was drawn
    is_right: Mapped[bool] = mapped_column(default=False)
    is_rapid: Mapped[bool] = mapped_column(default=False)  # too fast to have been read; unanswered: it is asked again
    spelling_asked: Mapped[bool] = mapped_column(default=False)  # a near miss gets one more try
    hints_seen: Mapped[int] = mapped_column(default=0, server_default="0")  # opened before it was answered
    is_left_out: Mapped[bool] = mapped_column(default=False)  # it counts for nothing: paused meanwhile, or faulty
    ruling: Mapped[Word | None]  # what was decided when it turned out to be faulty; see remarking.Ruling
    saves: Mapped[int] = mapped_column(default=1)

    attempt: Mapped[Attempt] = relationship(lazy="raise_on_sql", back_populates="asked")
    version: Mapped[ItemVersion] = relationship(foreign_keys=[version_id], lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": saves}

    @property
    def comes_again(self) -> bool:
        """Whether it was answered too fast to have been read, so that it is asked again, after all others."""
        return self.is_rapid and self.answered_at is None

    @property
    def is_put_off(self) -> bool:
        """Whether it comes again and has not been asked again yet: what was said in haste took these seconds."""
        return self.comes_again and self.seconds is not None


class Reaction(Base):
    """A learner's word on a lesson: used it at work, useful, clear."""

    __tablename__ = "reactions"
    __table_args__ = (UniqueConstraint("lesson_id", "person_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    kind: Mapped[Word]
    at: Mapped[datetime] = mapped_column(default=clock.now)
