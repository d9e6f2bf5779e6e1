"""People, teams, grants, sessions and links that work once."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from peerlearn.accounts import rules
from peerlearn.core import clock
from peerlearn.core.db import Base, Word


class Team(Base):
    """People who compete together."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Person(Base):
    """Somebody who works here. A deactivated person keeps all they wrote and can no longer come in."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("board_mode in ('hidden', 'alias', 'named')", name="board_mode"),
        CheckConstraint("board_mode != 'alias' or alias is not null", name="alias_given"),
        CheckConstraint("pace in (100, 150, 200)", name="pace"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)  # folded, so that one address is one account
    name: Mapped[str]
    password_hash: Mapped[str | None]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    timezone: Mapped[str]
    next_timezone: Mapped[str | None]  # a changed zone holds from the next local day
    next_timezone_from: Mapped[date | None]
    work_days: Mapped[str] = mapped_column(default=rules.DEFAULT_WORK_DAYS)
    language: Mapped[str] = mapped_column(default="en")
    pace: Mapped[int] = mapped_column(default=rules.USUAL_PACE)  # percent of a time limit that this person has
    board_mode: Mapped[Word] = mapped_column(default="hidden")
    alias: Mapped[str | None]
    alias_key: Mapped[str | None] = mapped_column(unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    erasure_asked_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # from then on this is a pseudonym, see `erasing`
    version: Mapped[int] = mapped_column(default=1)

    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
    grants: Mapped[list[Grant]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}

    # what Flask-Login asks of a user
    is_authenticated = True
    is_anonymous = False
    session_key = cast("str | None", None)  # the key of the session this request came with; no column

    def get_id(self) -> str | None:
        """What the cookie holds: the key of one session, never the person's own id."""
        return self.session_key

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles this person holds anywhere; everyone is an employee."""
        return frozenset({rules.EMPLOYEE, *(grant.role for grant in self.grants)})

    @cached_property
    def permissions(self) -> frozenset[str]:
        """The permissions that those roles carry."""
        return rules.permissions_of(self.roles)

    def may(self, permission: str) -> bool:
        """Whether this person holds a permission anywhere."""
        return permission in self.permissions

    def scopes(self, role: str) -> frozenset[int]:
        """For which topics or teams the role holds; holds EVERYWHERE (0) when for all."""
        return frozenset(grant.scope_id for grant in self.grants if grant.role == role)

    def holds(self, role: str, scope_id: int) -> bool:
        """Whether this person holds the role for that topic or team."""
        scopes = self.scopes(role)
        return rules.EVERYWHERE in scopes or scope_id in scopes


class Grant(Base):
    """A role given to a person: curator of a topic, lead of a team, administrator, auditor. Scope 0 means all."""

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "scope_id"),
        CheckConstraint("role in ('curator', 'lead', 'admin', 'auditor')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[Word]
    scope_id: Mapped[int] = mapped_column(default=rules.EVERYWHERE)
    given_at: Mapped[datetime] = mapped_column(default=clock.now)


class Session(Base):
    """One signed-in browser. The cookie holds the key, the table only its hash; deleting the row signs out at once."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Link(Base):
    """A link that works once, sent by mail: a new password, or an invitation."""

    __tablename__ = "links"
    __table_args__ = (CheckConstraint("purpose in ('reset', 'invitation')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class NumberVersion(Base):
    """A version of the numbers that the organisation set: all that differ from those that ship, from its moment on.

    Its number follows that of the one before, so two people cannot both follow the same one.
    """

    __tablename__ = "number_versions"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    numbers: Mapped[dict[str, Any]]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Holiday(Base):
    """A day on which nobody in the organisation has to work."""

    __tablename__ = "holidays"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str]


class Absence(Base):
    """Days on which a person is away, for reasons that are nobody's business; only they see it.

    `is_travel`: no absence, but a day of which a change of time zones left next to nothing.
    """

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="in_order"),
        Index("ix_absences_person_last", "person_id", "last_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    is_travel: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
