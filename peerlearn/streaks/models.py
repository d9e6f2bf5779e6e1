"""The days on which people did something. A row is a day of a person, so no day counts twice."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from peerlearn.core.db import Base


class ActiveDay(Base):
    """What a person did on one of their local days, how they stood when it began, and their streak after it."""

    __tablename__ = "active_days"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    week: Mapped[date]  # its Monday
    work_days: Mapped[str]  # the pattern of their work on that day
    is_workday: Mapped[bool]
    counts: Mapped[bool]  # a workday on which enough was done
    sets: Mapped[int]
    extra_sets: Mapped[int]
    lessons: Mapped[int]
    reviews: Mapped[int]
    due_reviews: Mapped[int]
    before: Mapped[dict[str, Any]]  # the streak and the week when the day began
    length: Mapped[int]  # the streak after it
    best: Mapped[int]
    meets_goal: Mapped[bool]
    saves: Mapped[int]  # whoever writes over what somebody else has changed notices
