"""Requests for lessons, and who wants them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import Base, Word
from peerlearn.lessons.models import Lesson, Topic
from peerlearn.requests.rules import Standing

IS_WAITING = text("state IN ('open', 'taken')")


class LessonRequest(Base):
    """Something that somebody wants to be able to do. Only one with the same title waits at a time."""

    __tablename__ = "lesson_requests"
    __table_args__ = (
        CheckConstraint("state in ('open', 'taken', 'answered', 'closed')", name="state"),
        CheckConstraint("state != 'taken' or taker_id is not null", name="taken_by_somebody"),
        CheckConstraint("state != 'answered' or lesson_id is not null", name="answered_by_a_lesson"),
        Index(
            "uq_lesson_requests_waiting_title",
            "title_key",
            unique=True,
            sqlite_where=IS_WAITING,
            postgresql_where=IS_WAITING,
        ),
        Index("ix_lesson_requests_state_votes_id", "state", "votes", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    title_key: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"), index=True)
    state: Mapped[Word] = mapped_column(default="open")
    votes: Mapped[int] = mapped_column(default=1)  # the asker's too
    asker_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    taker_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    taken_at: Mapped[datetime | None]
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id"), index=True)  # being written, or the answer
    ended_at: Mapped[datetime | None]  # when it was answered or closed
    reason: Mapped[str] = mapped_column(default="")  # why it was closed
    saves: Mapped[int] = mapped_column(default=1)

    topic: Mapped[Topic | None] = relationship(lazy="raise_on_sql")
    asker: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=asker_id)
    taker: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=taker_id)
    lesson: Mapped[Lesson | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": saves}

    @property
    def standing(self) -> Standing:
        """As the law sees it."""
        return Standing(self.state, self.asker_id, self.taker_id, self.taken_at, self.votes)


class RequestVote(Base):
    """Somebody wants this lesson too; whoever asked is the first."""

    __tablename__ = "request_votes"

    request_id: Mapped[int] = mapped_column(ForeignKey("lesson_requests.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
