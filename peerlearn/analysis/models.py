"""Abilities, what first answers say about each question, flags, and how far the facts have been read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import Base, Word
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes.models import Item, ItemVersion

EVERYTHING = 0  # the topic of an ability that holds for all topics together
_OPEN = text("state = 'open'")


class AnalysisCursor(Base):
    """How far the facts have been read: one row. Whoever moves it on owns what lies between."""

    __tablename__ = "analysis_cursors"

    id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(default=0)


class Ability(Base):
    """How able a person showed to be in a topic, on the scale of difficulties; 0 is where everybody begins."""

    __tablename__ = "abilities"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(primary_key=True)  # EVERYTHING for all topics together
    theta: Mapped[float]
    answers: Mapped[int]


class ItemFigures(Base):
    """What is known of an item as it is asked now. Another stem or key is another row, which begins anew.

    `meaning_id` is the first wording with this stem and key. Counts are of all first answers, the other figures of the
    newest ones (`rules.Policy.window`).
    """

    __tablename__ = "item_figures"

    meaning_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    difficulty: Mapped[float]
    rated: Mapped[int] = mapped_column(default=0)  # answers that moved the difficulty: first ones and due reviews
    answers: Mapped[int] = mapped_column(default=0)  # first answers: people
    pretests: Mapped[int] = mapped_column(default=0)
    pretests_right: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)  # first answers that the figures below look at
    right: Mapped[int] = mapped_column(default=0)
    correlation: Mapped[float | None]
    median_seconds: Mapped[float | None]
    given: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {answer: [people, abler, sure, certain]}


class FirstAnswer(Base):
    """A person's first answer to an item with this meaning; the only one that flags look at."""

    __tablename__ = "first_answers"
    __table_args__ = (Index("ix_first_answers_newest", "meaning_id", "fact_id"),)

    meaning_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    fact_id: Mapped[int]  # orders them
    theta: Mapped[float]  # the ability that was known before
    is_right: Mapped[bool]
    given: Mapped[str]
    confidence: Mapped[str | None]
    seconds: Mapped[float | None]


class ItemReport(Base):
    """Somebody reported a problem with a question, and no curator has declined it."""

    __tablename__ = "item_reports"

    meaning_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)


class ItemFlag(Base):
    """A sign that a question may be bad, and what somebody decided about it."""

    __tablename__ = "item_flags"
    __table_args__ = (
        CheckConstraint(
            "state in ('open', 'dismissed', 'retired', 'corrected', 'mended', 'passed', 'left_out', 'excused', "
            "'excused_retired')",
            name="state",
        ),
        CheckConstraint("level in ('red', 'amber', 'info')", name="level"),
        Index("uq_item_flags_one_open", "meaning_id", "flag", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_item_flags_lesson_state", "lesson_id", "state"),
        Index("ix_item_flags_state_level", "state", "level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    meaning_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    flag: Mapped[str]
    level: Mapped[str]
    answers: Mapped[int]  # how many had answered when it was raised, or decided about
    raised_at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[Word] = mapped_column(default="open")  # see words.STATES
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)  # two who decide at once notice each other

    item: Mapped[Item] = relationship(lazy="raise_on_sql")
    meaning: Mapped[ItemVersion] = relationship(lazy="raise_on_sql")
    lesson: Mapped[Lesson] = relationship(lazy="raise_on_sql")
    decided_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
