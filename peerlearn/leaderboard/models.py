"""The league: which weeks were begun, who sat where, and where it led them. Points stay in `points`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from peerlearn.core.db import Base


class LeagueWeek(Base):
    """A week of the league that was begun, with how many take part; none is no league for this week."""

    __tablename__ = "league_weeks"

    monday: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int]


class LeagueGroup(Base):
    """People who play together for a week. What is closed does not change any more."""

    __tablename__ = "league_groups"
    __table_args__ = (Index("ix_league_groups_closed", "closed_at", "monday"),)

    monday: Mapped[date] = mapped_column(ForeignKey("league_weeks.monday"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # from 1, the highest division first
    goal: Mapped[int | None]  # points to reach together, in a week in which that counts
    closed_at: Mapped[datetime | None]


class LeagueSeat(Base):
    """A person's week in the league; `rank`, `points` and `outcome` are what it ended with."""

    __tablename__ = "league_seats"
    __table_args__ = (
        ForeignKeyConstraint(["monday", "number"], ["league_groups.monday", "league_groups.number"]),
        CheckConstraint("division between 0 and 4", name="division"),
        CheckConstraint("outcome in ('up', 'stay', 'down')", name="outcome"),
        Index("ix_league_seats_group", "monday", "number"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    monday: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int]
    division: Mapped[int]
    mean: Mapped[float]  # points per week lately, when the week began
    rank: Mapped[int | None]
    points: Mapped[int | None]
    outcome: Mapped[str | None]
