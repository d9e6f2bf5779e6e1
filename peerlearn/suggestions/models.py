"""Suggestions of readers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import Base, Word
from peerlearn.lessons.models import Lesson, Revision

IS_OPEN = text("state = 'open'")


class Suggestion(Base):
    """Other words for one card or question of a published revision. One by each person waits at a place."""

    __tablename__ = "suggestions"
    __table_args__ = (
        CheckConstraint("state in ('open', 'accepted', 'declined', 'withdrawn')", name="state"),
        CheckConstraint("(state in ('accepted', 'declined')) = (decided_by_id is not null)", name="decided_by_someone"),
        Index(
            "uq_suggestions_waiting",
            "suggester_id",
            "lesson_id",
            "place",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index("ix_suggestions_lesson", "lesson_id", "state"),
        Index("ix_suggestions_decided", "suggester_id", "decided_by_id", "decided_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))  # the one it was made on
    place: Mapped[str]  # card-2, question-abc
    old: Mapped[str]  # the Markdown of that place as it was
    new: Mapped[str]  # and as it should be
    why: Mapped[str] = mapped_column(default="")
    suggester_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    is_named: Mapped[bool] = mapped_column(default=False)  # on the lesson, when it was accepted
    state: Mapped[Word] = mapped_column(default="open")
    reason: Mapped[str] = mapped_column(default="")  # why it was declined
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    accepted_into_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    saves: Mapped[int] = mapped_column(default=1)

    lesson: Mapped[Lesson] = relationship(lazy="raise_on_sql")
    revision: Mapped[Revision] = relationship(lazy="raise_on_sql", foreign_keys=[revision_id])
    accepted_into: Mapped[Revision | None] = relationship(lazy="raise_on_sql", foreign_keys=[accepted_into_id])
    suggester: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[suggester_id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[decided_by_id])

    __mapper_args__ = {"version_id_col": saves}
