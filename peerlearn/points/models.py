"""The ledger, held entries, appeals, and the sums that are kept beside the ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peerlearn.core import clock
from peerlearn.core.db import Base, Word


class LedgerEntry(Base):
    """One line of a person's account. The database refuses to change or remove it; an entry of 0 says why."""

    __tablename__ = "ledger"
    __table_args__ = (
        UniqueConstraint("person_id", "rule", "source", "entry_no"),
        CheckConstraint("track in ('xp', 'ip')", name="track"),
        CheckConstraint("(reverses_id is null) or (amount <= 0)", name="reversal_takes"),
        Index("ix_ledger_person_day", "person_id", "day"),
        Index("ix_ledger_day", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    track: Mapped[str]
    rule: Mapped[str]
    rule_version: Mapped[int]
    policy_version: Mapped[int] = mapped_column(default=0, server_default="0")  # of the numbers that it was decided by
    source: Mapped[str]  # what was done, e.g. "lesson:12:major:1"
    entry_no: Mapped[int]  # 1 for the award; a reversal and a later award are the next numbers
    amount: Mapped[int]
    at: Mapped[datetime]
    day: Mapped[date]  # the person's local date
    is_workday: Mapped[bool]
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("facts.id"))
    reason: Mapped[str] = mapped_column(default="")  # why less or nothing was paid, or why it was reversed
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who released or reversed


class HeldEntry(Base):
    """Points that wait for somebody outside the team to decide; they enter the ledger when released."""

    __tablename__ = "held_entries"
    __table_args__ = (
        UniqueConstraint("person_id", "rule", "source"),
        CheckConstraint("state in ('pending', 'released', 'refused')", name="state"),
        Index("ix_held_entries_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    track: Mapped[str]
    rule: Mapped[str]
    rule_version: Mapped[int]
    policy_version: Mapped[int] = mapped_column(default=0, server_default="0")
    source: Mapped[str]
    amount: Mapped[int]
    at: Mapped[datetime]
    day: Mapped[date]
    is_workday: Mapped[bool]
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("facts.id"))
    reason: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[Word] = mapped_column(default="pending")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class PointAppeal(Base):
    """What somebody says against a decision about their points, once for each decision. Somebody else looks again."""

    __tablename__ = "point_appeals"
    __table_args__ = (
        CheckConstraint("state in ('open', 'granted', 'declined')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at is null)", name="decided"),
        Index("ix_point_appeals_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"), unique=True)  # the line that told the decision
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[Word] = mapped_column(default="open")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # nobody: by a command
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class PointSum(Base):
    """A person's ledger added up over a period: 'all', a week ('w:' and its Monday) or a season ('s:').

    `work_xp` and `work_ip` count entries of workdays only: boards rank by these. Points belong to the week of the
    organisation's zone, active days and goals to the week of the person's own.
    """

    __tablename__ = "point_sums"
    __table_args__ = (Index("ix_point_sums_period", "period"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    xp: Mapped[int] = mapped_column(default=0)
    ip: Mapped[int] = mapped_column(default=0)
    work_xp: Mapped[int] = mapped_column(default=0)
    work_ip: Mapped[int] = mapped_column(default=0)
    active_days: Mapped[int] = mapped_column(default=0)
    goals: Mapped[int] = mapped_column(default=0)  # weekly goals met
    last_at: Mapped[datetime | None]  # the newest deed that paid: earlier wins a tie


class PointPolicy(Base):
    """A version of the numbers of the rules: all that differ from those that ship. It holds from its moment on.

    Its number follows that of the version it was tried against, so two people cannot both follow the same one.
    """

    __tablename__ = "point_policies"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    numbers: Mapped[dict[str, Any]]
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class PolicyTrial(Base):
    """What a change of numbers would have paid in the last quarter: a dry run. Nobody's points change by it."""

    __tablename__ = "policy_trials"
    __table_args__ = (CheckConstraint("state in ('waiting', 'counting', 'done')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # who tries what on which days, by its digest: once
    numbers: Mapped[dict[str, Any]]  # all that differ from those that ship
    against: Mapped[int]  # the version that held
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    since: Mapped[date]  # the first day that is looked at
    state: Mapped[Word] = mapped_column(default="waiting")
    beat_at: Mapped[datetime | None]  # when the count was last seen to go on
    counted: Mapped[int] = mapped_column(default=0)  # deeds looked at so far …
    whole: Mapped[int] = mapped_column(default=0)  # … of so many
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
