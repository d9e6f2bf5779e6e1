"""What owners were told about checks that are due, and which sources of lessons changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import Base


class CheckReminder(Base):
    """One word to somebody that a check is due; each stage of each check once."""

    __tablename__ = "check_reminders"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    check_on: Mapped[date] = mapped_column(primary_key=True)
    stage: Mapped[int] = mapped_column(primary_key=True)  # days left: 14, 3, 0; less: abandoned, by months
    told_at: Mapped[datetime] = mapped_column(default=clock.now)
    mailed_at: Mapped[datetime | None] = mapped_column(index=True)


class SourceChange(Base):
    """Somebody's word that what is at an address changed on a day; each day of each address once."""

    __tablename__ = "source_changes"
    __table_args__ = (UniqueConstraint("key", "changed_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]  # of the address, as lessons keep it
    changed_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)

    by: Mapped[Person] = relationship(lazy="raise_on_sql")
