"""Topics, lessons, their authors, revisions and pictures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import Base, Word
from peerlearn.lessons.quality import UNKNOWN, in_search

OPEN_STATES = ("draft", "submitted", "changes_requested", "rejected", "scheduled")
_OPEN = text("state in ('draft', 'submitted', 'changes_requested', 'rejected', 'scheduled')")
_PUBLISHED = text("state = 'published'")
_HOLDS = text("ended_at is null")
_FOR_SOME = text("classification in ('confidential', 'restricted')")


def hue_step(hue: int) -> int:
    """A colour of 0 to 359 as one of the twelve steps that the look knows."""
    return round(hue / 30) % 12


class Topic(Base):
    """A field of knowledge: lessons teach it, curators look after it."""

    __tablename__ = "topics"
    __table_args__ = (CheckConstraint("importance in ('critical', 'ordinary', 'optional')", name="importance"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(default="")
    icon: Mapped[str] = mapped_column(default="book-open")
    hue: Mapped[int] = mapped_column(default=0)  # 0-359, the topic's colour
    is_active: Mapped[bool] = mapped_column(default=True)
    importance: Mapped[Word] = mapped_column(default="ordinary")  # how surely it must be remembered

    @property
    def hue_step(self) -> int:
        """The topic's colour as one of the twelve steps that the look knows."""
        return hue_step(self.hue)


class Lesson(Base):
    """One thing to learn. Title, summary, kind and minutes repeat the published revision: lists need no join."""

    __tablename__ = "lessons"
    __table_args__ = (
        CheckConstraint("state in ('unpublished', 'published', 'quarantined', 'archived')", name="state"),
        CheckConstraint("classification in ('open', 'internal', 'restricted', 'confidential')", name="classification"),
        Index("ix_lessons_state_published", "state", "published_at"),
        Index("ix_lessons_state_check", "state", "check_on"),
        Index("ix_lessons_state_worth", "state", "worth", "published_at"),
        Index("ix_lessons_for_some", "id", sqlite_where=_FOR_SOME, postgresql_where=_FOR_SOME),
        Index("ix_lessons_helps_few", "id", sqlite_where=text("helps_few"), postgresql_where=text("helps_few")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)  # `id` in the file; never changes
    slug: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), index=True)  # the first of its topics
    state: Mapped[Word] = mapped_column(default="unpublished")
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    kind: Mapped[Word]
    minutes: Mapped[int] = mapped_column(default=0)
    minutes_allowed: Mapped[int] = mapped_column(default=0, server_default="0")  # by a curator, where it is longer
    language: Mapped[str] = mapped_column(default="en")
    translation_of: Mapped[str | None] = mapped_column(index=True)  # the id of the lesson it says in another language
    classification: Mapped[Word] = mapped_column(default="internal", server_default="internal")  # see `visibility`
    major: Mapped[int] = mapped_column(default=0)  # rises when a published revision changes what is to be learned
    published_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", use_alter=True, name="fk_lessons_published_id")
    )
    published_at: Mapped[datetime | None]  # when first published
    verified_at: Mapped[datetime | None]  # when somebody last found it right
    quality: Mapped[float] = mapped_column(default=UNKNOWN, server_default="61")  # 0 to 100, worked out every night
    helps_few: Mapped[bool] = mapped_column(default=False, server_default=false())  # so far; worked out every night
    worth: Mapped[float] = mapped_column(default=in_search(1, UNKNOWN, 1), server_default="0.8")  # see `ordering`
    check_on: Mapped[date | None]  # by when somebody should read it again; sooner when something casts doubt on it
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Person] = relationship(lazy="raise_on_sql")
    topic: Mapped[Topic] = relationship(lazy="raise_on_sql")
    published: Mapped[Revision | None] = relationship(
        foreign_keys=[published_id], lazy="raise_on_sql", post_update=True
    )
    authors: Mapped[list[LessonAuthor]] = relationship(lazy="raise_on_sql", order_by="LessonAuthor.position")
    topics: Mapped[list[LessonTopic]] = relationship(lazy="raise_on_sql", order_by="LessonTopic.position")
    origin: Mapped[Origin | None] = relationship(foreign_keys="Origin.lesson_id", lazy="raise_on_sql", viewonly=True)

    thanks_to: Mapped[str | None] = query_expression()  # `crediting.told`, where a page asks for it
    is_translated: Mapped[bool | None] = query_expression()  # whether another says of itself that it translates this
    is_critical: Mapped[bool | None] = query_expression()  # `queries.teaches_critical`, where it is asked along

    __mapper_args__ = {"version_id_col": version}


class LessonAuthor(Base):
    """Somebody who wrote a lesson; the owner stands at position 0. Shares sum to 1.

    Until the lesson is published they follow what each wrote, unless the owner chose them.
    """

    __tablename__ = "lesson_authors"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
    share: Mapped[float] = mapped_column(default=1.0)
    is_chosen: Mapped[bool] = mapped_column(default=False, server_default=false())

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Origin(Base):
    """The lesson that another one was made from; it is named there as long as there is the new one."""

    __tablename__ = "lesson_origins"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    origin_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)

    lesson: Mapped[Lesson] = relationship(foreign_keys=[origin_id], lazy="raise_on_sql")


class FormerAuthor(Base):
    """Somebody who was an author of a lesson and no longer is: they still had a hand in it, so they never judge it."""

    __tablename__ = "former_authors"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class WrittenPart(Base):
    """How much of a lesson somebody wrote by suggesting words: which parts of its text were new, added up."""

    __tablename__ = "written_parts"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    share: Mapped[float]  # 1: as many words as the whole text had


class EarlyReader(Base):
    """Somebody who was asked to read a lesson before it is published, and may see its pictures for that."""

    __tablename__ = "early_readers"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    saw_keys: Mapped[bool] = mapped_column(default=False)  # then learning it brings them no points


class LessonHelper(Base):
    """Somebody who wrote no lesson but some of its words: it thanks them for good, by name if they like."""

    __tablename__ = "lesson_helpers"
    __table_args__ = (UniqueConstraint("lesson_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    is_named: Mapped[bool] = mapped_column(default=False)


class LessonMerge(Base):
    """A lesson that went into another one: it is archived and its address leads there, until somebody undoes it.

    Its authors are thanked there as long as that holds. `lesson_version` and `into_revision_id` are how both stood
    afterwards: while they stand so, it can be undone.
    """

    __tablename__ = "lesson_merges"
    __table_args__ = (
        Index("uq_lesson_merges_one", "lesson_id", unique=True, sqlite_where=_HOLDS, postgresql_where=_HOLDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    lesson_version: Mapped[int]
    into_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    ended_at: Mapped[datetime | None]

    lesson: Mapped[Lesson] = relationship(foreign_keys=[lesson_id], lazy="raise_on_sql")
    into: Mapped[Lesson] = relationship(foreign_keys=[into_id], lazy="raise_on_sql")


class LessonTopic(Base):
    """A topic that a lesson teaches, one to three of them."""

    __tablename__ = "lesson_topics"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)

    topic: Mapped[Topic] = relationship(lazy="raise_on_sql")


class LessonTeam(Base):
    """A team that a lesson is for which is not for all."""

    __tablename__ = "lesson_teams"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True, index=True)


class LessonLink(Base):
    """An address that the published text of a lesson cites, as `citing` writes it; written when it is published."""

    __tablename__ = "lesson_links"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True, index=True)
    link: Mapped[str]


class LessonPrint(Base):
    """A number that the text or the title of a published lesson leaves behind, by which it is found: see `prints`."""

    __tablename__ = "lesson_prints"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True, index=True)


class FormerSlug(Base):
    """An old address of a lesson, which leads to the new one."""

    __tablename__ = "former_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)


class Revision(Base):
    """One state of a lesson's file. A draft keeps the text verbatim; cards and quiz are made when it is submitted."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("lesson_id", "number"),
        CheckConstraint(
            "state in ('draft', 'submitted', 'changes_requested', 'rejected', 'discarded', "
            "'scheduled', 'published', 'superseded')",
            name="state",
        ),
        Index("uq_revisions_one_open", "lesson_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "uq_revisions_one_published", "lesson_id", unique=True, sqlite_where=_PUBLISHED, postgresql_where=_PUBLISHED
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    number: Mapped[int]
    state: Mapped[Word] = mapped_column(default="draft")
    source: Mapped[str]
    base_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))  # the published one it was started from
    writer_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    title: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    kind: Mapped[Word] = mapped_column(default="how-to")
    minutes: Mapped[float] = mapped_column(default=0)
    words: Mapped[int] = mapped_column(default=0)
    is_major: Mapped[bool] = mapped_column(default=True)
    hands: Mapped[dict[str, Any] | None]  # whose its words are; None where all are by its writer, see `hands`
    cards: Mapped[list[Any]] = mapped_column(default=list)  # [{"title", "html"}], rendered when submitted
    extras: Mapped[dict[str, Any]] = mapped_column(default=dict)  # try_it, sources, prerequisites, odds, rating …
    renderer: Mapped[int] = mapped_column(default=0)
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)  # rises with every save: two tabs notice each other

    lesson: Mapped[Lesson] = relationship(foreign_keys=[lesson_id], lazy="raise_on_sql")
    writer: Mapped[Person] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class QuestionCheck(Base):
    """Somebody checked a question of a text that a language model helped to write: see `checking`."""

    __tablename__ = "question_checks"
    __table_args__ = (UniqueConstraint("revision_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    mark: Mapped[str]  # a fingerprint of what the question says
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Picture(Base):
    """An uploaded image, stored once under its digest; `lesson_id` says whose readers may see it before publication."""

    __tablename__ = "pictures"
    __table_args__ = (UniqueConstraint("lesson_id", "digest"), Index("ix_pictures_digest", "digest"))

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    digest: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
