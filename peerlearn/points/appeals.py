"""What is asked about appeals: which decisions they are about, what waits, and whether anybody can decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, or_, select
from sqlalchemy.orm import aliased

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person, Team
from peerlearn.core.db import db
from peerlearn.core.paging import PAGE, Page, page_of
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson
from peerlearn.points import rules
from peerlearn.points.models import HeldEntry, LedgerEntry, PointAppeal

Refused = aliased(HeldEntry)
WAS_REFUSED = and_(
    Refused.person_id == LedgerEntry.person_id,
    Refused.rule == LedgerEntry.rule,
    Refused.source == LedgerEntry.source,
    Refused.state == "refused",
    LedgerEntry.entry_no == 1,
    LedgerEntry.by_id.is_not(None),
)
"""Which held points a line of the ledger refused, to be joined to it."""


def held_of(decision: LedgerEntry) -> HeldEntry | None:
    """The held points that a line refused."""
    return db.session.scalar(select(Refused).join(LedgerEntry, WAS_REFUSED).where(LedgerEntry.id == decision.id))


def decided_at(decision: LedgerEntry) -> datetime | None:
    """When somebody decided what this line tells; None when it tells no decision of a person."""
    if decision.by_id is None:
        return None  # a rule followed, such as from a key that was corrected
    if decision.reverses_id is not None:
        return decision.at
    held = held_of(decision)
    return held.decided_at if held else None


def is_decidable(person_id: Any, team_id: Any, first_id: Any) -> ColumnElement[bool]:
    """Whether anybody could decide about an appeal: who may, is in another team and did not decide before."""
    decider, own_team = aliased(Person), team_id
    roles = accounts.PERMISSIONS["decide_points"].roles
    return exists().where(
        Grant.person_id == decider.id,
        Grant.role.in_(roles),
        decider.is_active,
        decider.id != person_id,
        decider.id != first_id,
        or_(decider.team_id.is_(None), own_team.is_(None), decider.team_id != own_team),
    )


def can_be_decided(appeal_id: int) -> bool:
    """Whether somebody could decide about an appeal on its page."""
    wanted = select(is_decidable(PointAppeal.person_id, Person.team_id, LedgerEntry.by_id))
    return bool(db.session.scalar(_of_appeals(wanted).where(PointAppeal.id == appeal_id)))


def _of_appeals(statement: Any) -> Any:
    return (
        statement.select_from(PointAppeal)
        .join(LedgerEntry, LedgerEntry.id == PointAppeal.entry_id)
        .join(Person, Person.id == PointAppeal.person_id)
    )


@dataclass(frozen=True)
class Waiting:
    """An appeal with what it is about, and whether this administrator may decide."""

    appeal: PointAppeal
    decision: LedgerEntry
    amount: int  # what the decision had kept or taken
    person: str
    team: str | None
    first: str | None  # who decided before
    decided_at: datetime
    lesson: str | None
    problem: str | None
    is_decidable: bool  # by anybody at all


def waiting(by: Person, after: int | None = None) -> Page[Waiting]:
    """Appeals that nobody has decided about, the oldest first."""
    statement = _waiting().where(PointAppeal.state == "open", PointAppeal.id > (after or 0))
    rows = db.session.execute(statement.order_by(PointAppeal.id).limit(PAGE + 1))
    return page_of([_waiting_row(row, by) for row in rows], key=lambda item: item.appeal.id)


def waiting_one(appeal: PointAppeal, by: Person) -> Waiting:
    """One of them."""
    return _waiting_row(db.session.execute(_waiting().where(PointAppeal.id == appeal.id)).one(), by)


def _waiting() -> Any:
    first = aliased(Person)
    lesson_id = LedgerEntry.detail["lesson_id"].as_integer()
    columns = select(
        PointAppeal,
        LedgerEntry,
        Refused.amount.label("held_amount"),
        Refused.decided_at.label("held_at"),
        Person.name,
        Person.team_id,
        Team.name.label("team"),
        first.name.label("first"),
        Lesson.title,
        is_decidable(Person.id, Person.team_id, LedgerEntry.by_id).label("is_decidable"),
    )
    return (
        _of_appeals(columns)
        .outerjoin(Refused, WAS_REFUSED)
        .outerjoin(Team, Team.id == Person.team_id)
        .outerjoin(first, first.id == LedgerEntry.by_id)
        .outerjoin(Lesson, and_(Lesson.id == lesson_id, visibility.is_for_all()))
    )


def _waiting_row(row: Any, by: Person) -> Waiting:
    appeal, decision = row[0], row[1]
    return Waiting(
        appeal=appeal,
        decision=decision,
        amount=-decision.amount if decision.reverses_id else row.held_amount,
        person=row.name,
        team=row.team,
        first=row.first,
        decided_at=decision.at if decision.reverses_id else row.held_at,
        lesson=row.title,
        problem=rules.appeal_problem((by.id, by.team_id), (appeal.person_id, row.team_id), decision.by_id),
        is_decidable=row.is_decidable,
    )


def every_waiting() -> Sequence[Any]:
    """All appeals that wait, with whether anybody may decide; for the command line."""
    decidable = is_decidable(PointAppeal.person_id, Person.team_id, LedgerEntry.by_id).label("is_decidable")
    statement = _of_appeals(select(PointAppeal.id, PointAppeal.at, decidable))
    found: Sequence[Any] = db.session.execute(
        statement.where(PointAppeal.state == "open").order_by(PointAppeal.id)
    ).all()
    return found


def joined(statement: Any) -> Any:
    """Lines of the ledger with the appeal against each, as part of a statement that has joined their people."""
    return statement.outerjoin(PointAppeal, PointAppeal.entry_id == LedgerEntry.id).outerjoin(Refused, WAS_REFUSED)


def columns() -> tuple[Any, ...]:
    """What a statement that `joined` appeals tells of each line."""
    reaches = is_decidable(LedgerEntry.person_id, Person.team_id, LedgerEntry.by_id)
    return (
        PointAppeal,
        case((LedgerEntry.reverses_id.is_not(None), LedgerEntry.at), else_=Refused.decided_at).label("decided_at"),
        case((PointAppeal.state == "open", reaches), else_=false()).label("is_decidable"),
    )
