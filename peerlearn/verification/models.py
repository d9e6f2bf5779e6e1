"""What owners were told about checks that are due."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from peerlearn.core import clock
from peerlearn.core.db import Base


class CheckReminder(Base):
    """One word to somebody that a check is due; each stage of each check once."""

    __tablename__ = "check_reminders"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    check_on: Mapped[date] = mapped_column(primary_key=True)
    stage: Mapped[int] = mapped_column(primary_key=True)  # days left: 14, 3, 0; less: nobody checked it for long
    told_at: Mapped[datetime] = mapped_column(default=clock.now)
    mailed_at: Mapped[datetime | None] = mapped_column(index=True)
