"""Memories, daily sets with their questions, what is held, and how a person likes to practise."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from peerlearn.core import clock
from peerlearn.core.db import Base, Word
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes.models import ItemVersion

_IS_OPEN = text("answered_at is null")


class Memory(Base):
    """What the model believes a person remembers of one item. One update a local day at most.

    `rank` is also the order in which due items are taken: 0 critical, 1 ordinary; those of 2 and more are not asked:
    2 a leech, 3 paused because the item may be wrong, 4 gone with its lesson or from its quiz.
    """

    __tablename__ = "memories"
    __table_args__ = (
        CheckConstraint("rank between 0 and 4", name="rank"),
        Index("ix_memories_due", "person_id", "rank", "due_on"),
        Index("ix_memories_topic", "topic_id", "person_id"),
        {"sqlite_with_rowid": False},  # a person's memories lie beside each other and are read as one
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True, index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"))  # the wording that is asked next
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))  # the lesson's main topic
    rank: Mapped[int]
    weight: Mapped[int] = mapped_column(default=1)  # 2 for a critical item
    stability: Mapped[float]  # days after which it is recalled with 90 % chance
    difficulty: Mapped[float]  # 1 to 10
    answered_on: Mapped[date]  # the person's local day of the newest answer that counted
    interval: Mapped[int]  # days it was put off for
    due_on: Mapped[date]  # as the model says; one on a free day is asked from the next workday on
    reviews: Mapped[int] = mapped_column(default=0)  # due answers so far
    passes: Mapped[int] = mapped_column(default=0)  # right answers so far
    lapses: Mapped[int] = mapped_column(default=0)  # due answers that were wrong
    tiers: Mapped[int] = mapped_column(default=0)  # bits: in which tiers of intervals a due answer was right
    is_proven: Mapped[bool] = mapped_column(default=False)  # right at least 7 days after the answer before
    is_missed: Mapped[bool] = mapped_column(default=False)  # in an attempt, or a pass waits for it; not reviewed since
    before_stability: Mapped[float | None]  # as it was when the week of its newest answer began …
    before_answered_on: Mapped[date | None]  # … null where it began in that week


class DailySet(Base):
    """A handful of questions of one local day; number 1 is the day's own, more are extra practice.

    It is finished when all its questions are answered.
    """

    __tablename__ = "daily_sets"
    __table_args__ = (UniqueConstraint("person_id", "day", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    day: Mapped[date]
    number: Mapped[int]
    size: Mapped[int]
    seed: Mapped[int]  # shuffles options the same way on every device
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    beats_guessing: Mapped[bool] = mapped_column(default=True, server_default=true())  # the newest answers before it

    questions: Mapped[list[SetQuestion]] = relationship(
        lazy="raise_on_sql", order_by="SetQuestion.position", back_populates="daily_set"
    )


class SetQuestion(Base):
    """One question of a set. `asked_at` starts the clock; the answer is stored before feedback shows.

    `answered_at` is when the person answered. Without a network that is earlier than when it counted.
    """

    __tablename__ = "set_questions"
    __table_args__ = (
        UniqueConstraint("set_id", "position"),
        CheckConstraint("kind in ('due', 'stretch', 'early')", name="kind"),
        CheckConstraint("(answered_at is null) = (mark is null)", name="answered_with_mark"),
        CheckConstraint("ruling in ('key', 'full')", name="ruling"),
        Index("ix_set_questions_open", "lesson_id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_set_questions_person", "person_id", "version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("daily_sets.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # whose set it is
    position: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    kind: Mapped[Word]  # due, stretch; early: was due when its set was drawn, and not any more when it was answered
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[dict[str, Any] | None]
    confidence: Mapped[str | None]  # guess, fairly, certain
    mark: Mapped[float | None]
    seconds: Mapped[float | None]  # from asked to answered; unknown when answered without a network
    rapid_below: Mapped[float] = mapped_column(default=2.0)  # seconds; the item's threshold when it was drawn
    quick_below: Mapped[float] = mapped_column(default=0.0)  # seconds; quick for this person and kind of question
    is_right: Mapped[bool] = mapped_column(default=False)
    is_rapid: Mapped[bool] = mapped_column(default=False)
    spelling_asked: Mapped[bool] = mapped_column(default=False)  # a near miss gets one more try
    hints_seen: Mapped[int] = mapped_column(default=0, server_default="0")  # opened before it was answered
    rating: Mapped[int | None]  # 1 again, 2 hard, 3 good, 4 easy; none when it updated nothing
    predicted: Mapped[float | None]  # the chance of recall that the model gave
    days_since: Mapped[int] = mapped_column(default=0)  # local days since the answer before; 0 when there was none
    interval: Mapped[int] = mapped_column(default=0)  # days it was put off for, once answered; 0 when it was not due
    ruling: Mapped[Word | None]  # by what its answer was marked again when the question turned out to be faulty
    synced_at: Mapped[datetime | None]  # when an answer came in that was given without a network
    synced_as: Mapped[str | None] = mapped_column(unique=True, index=True)  # what its device calls it: it counts once
    saves: Mapped[int] = mapped_column(default=1)  # two clicks at once notice each other

    daily_set: Mapped[DailySet] = relationship(lazy="raise_on_sql", back_populates="questions")
    version: Mapped[ItemVersion] = relationship(lazy="raise_on_sql")
    lesson: Mapped[Lesson] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": saves}

    @property
    def counted_at(self) -> datetime | None:
        """When the answer came to us: at once, or when its device had a network again."""
        return self.synced_at or self.answered_at


class Holding(Base):
    """What one person held of one topic when it was last added up."""

    __tablename__ = "holdings"
    __table_args__ = (Index("ix_holdings_topic", "topic_id", "is_holder"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    held: Mapped[float]  # K: items, by weight, times the chance of recall
    coverage: Mapped[float]  # C: K by the weight of all the topic's items
    proven: Mapped[float]  # share of its items that were proven
    items: Mapped[int]  # items of the topic this person has a memory of
    is_holder: Mapped[bool]
    day: Mapped[date]  # for which day it was added up


class Growth(Base):
    """What one person held of the topics that count for them when a week began, and holds when it ends.

    Items by weight, times the chance of recall. There is a row where something was answered in that week.
    """

    __tablename__ = "growths"
    __table_args__ = (Index("ix_growths_week", "week"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday
    before: Mapped[float]
    after: Mapped[float]


class PracticeChoice(Base):
    """How a person likes to practise; the default for those who never said."""

    __tablename__ = "practice_choices"
    __table_args__ = (CheckConstraint("size between 3 and 10", name="size"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    size: Mapped[int] = mapped_column(default=5)
    by_mail: Mapped[bool] = mapped_column(default=False)
    mailed_on: Mapped[date | None]  # the local day of the newest mail: one a day at most


class ModelMonth(Base):
    """What the memory model expected of the due answers of one month, and what was recalled. It is written once."""

    __tablename__ = "model_months"

    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    log_loss: Mapped[float | None]  # how surprised the model was, in the mean of all answers
    buckets: Mapped[list[Any]]  # by tier of intervals: count, predicted and found, the latter two from 0 to 1


class NeededTopic(Base):
    """A topic that a team's work needs: its lead sees how much of it the team holds."""

    __tablename__ = "needed_topics"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
