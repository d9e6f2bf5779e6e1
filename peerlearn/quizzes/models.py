"""Questions as they are stored: a stable item, its versions, and quizzes made of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from peerlearn.core import clock
from peerlearn.core.db import Base, Word


class Item(Base):
    """A question as people know it, whatever its wording: memory, statistics and remarks hang on it.

    Only active items are asked. A paused one waits for somebody's decision, a retired one is asked no more.
    """

    __tablename__ = "items"
    __table_args__ = (CheckConstraint("state in ('active', 'paused', 'retired')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)  # the ^id in the lesson file
    state: Mapped[Word] = mapped_column(default="active")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class ItemVersion(Base):
    """One wording of a question. `meaning` hashes stem and key, `digest` everything; rows never change."""

    __tablename__ = "item_versions"
    __table_args__ = (UniqueConstraint("item_id", "digest"), Index("ix_item_versions_meaning", "meaning"))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    digest: Mapped[str]
    meaning: Mapped[str]
    kind: Mapped[Word]
    body: Mapped[dict[str, Any]]
    html: Mapped[dict[str, Any]] = mapped_column(default=dict)  # its texts rendered when it was stored; see rendered.py
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    item: Mapped[Item] = relationship(lazy="raise_on_sql")


class Quiz(Base):
    """The questions of one revision, in order."""

    __tablename__ = "quizzes"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class QuizItem(Base):
    """One question's place in a quiz."""

    __tablename__ = "quiz_items"

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)

    version: Mapped[ItemVersion] = relationship(lazy="raise_on_sql")
