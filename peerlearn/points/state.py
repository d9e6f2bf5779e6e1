"""What the engine must know before it decides, read in one statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    String,
    and_,
    bindparam,
    cast,
    false,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from peerlearn.accounts import queries
from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, database
from peerlearn.points import numbers, policies, rules
from peerlearn.points.models import HeldEntry, LedgerEntry, PointPolicy
from peerlearn.points.rule import LATER, Account, Line, Policy

PEOPLE: Any = bindparam("people", expanding=True)
SOURCES: Any = bindparam("sources", expanding=True)
_LOCK = select(Person.id).where(Person.id.in_(PEOPLE)).order_by(Person.id).with_for_update(key_share=True)


def turn_of(actor_id: ColumnElement[int]) -> Any:
    """Lets a person's payments wait for each other, inside the statement that stores what they did; PostgreSQL only."""
    return select(Person.id).where(Person.id == actor_id).with_for_update(key_share=True).scalar_subquery()


def lock(person_ids: Collection[int]) -> None:
    """Let payments to the same people wait for each other. SQLite needs none: it has one writer at a time.

    It comes before what is read: on PostgreSQL a statement that waits for a lock goes on with what it saw before it
    waited.
    """
    if database() == "sqlite" or not person_ids:
        return
    ask(_LOCK, {"people": list(person_ids)}).all()


@dataclass(frozen=True)
class Known:
    """What the engine decides by."""

    accounts: dict[int, Account]
    policy: Policy = rules.POLICY


def load(person_ids: Collection[int], sources: Collection[str], first_day: date, waited: Collection[int] = ()) -> Known:
    """The accounts of some people: their lines since a day's week, and what these sources brought them before.

    With them comes the policy that holds now.

    Those who `waited` have had their turn given with their facts.
    """
    lock(set(person_ids) - set(waited))
    since = rules.week_of(first_day - timedelta(days=1))  # a person's own day may be one behind the actor's
    values = {
        "people": list(person_ids),
        "sources": list(sources),
        "since": since,
        "off_since": first_day - timedelta(days=1),
        **{f"since_{days}": since - timedelta(days=days) for days in rules.REMEMBERED.values()},
    }
    people: dict[int, Any] = {}
    found: dict[int, list[Line]] = {}
    for row in ask(_known(), values):
        people[row.owner_id] = row
        found.setdefault(row.owner_id, [])
        if row.rule is not None:
            found[row.owner_id].append(line_from(row))
    if not people:
        return Known({})
    changes = next(iter(people.values()))
    accounts = {person_id: _account(row, found[person_id]) for person_id, row in people.items()}
    return Known(accounts, numbers.applied(changes.numbers or {}, rules.POLICY, changes.policy_version or 0))


def _account(row: Any, lines: list[Line]) -> Account:
    calendar = accounts.Calendar.read(row.work_days, row.days_off)
    return Account(row.owner_id, clock.zone(_zone(row)), calendar, tuple(lines))


@cache
def _known() -> Any:
    lines = _lines().subquery()
    return (
        select(
            Person.id.label("owner_id"),
            Person.timezone,
            Person.next_timezone,
            Person.next_timezone_from,
            Person.work_days,
            queries.days_off(Person.id, bindparam("off_since", type_=Date)).label("days_off"),
            policies.newest(PointPolicy.version).label("policy_version"),
            policies.newest(PointPolicy.numbers).label("numbers"),
            lines,
        )
        .outerjoin(lines, lines.c.person_id == Person.id)
        .where(Person.id.in_(PEOPLE))
        .order_by(Person.id, lines.c.id)
    )


def line_from(row: Any) -> Line:
    """A row of the ledger or of what is held as the engine sees it."""
    return Line(
        rule=row.rule,
        source=row.source,
        at=row.at,
        day=row.day,
        amount=row.amount,
        is_workday=row.is_workday,
        entry_no=row.entry_no,
        is_reversal=row.is_reversal,
        is_held=row.is_held,
        was_capped=row.why == rules.CAPPED,
        is_later=row.why == LATER,
        id=row.id,
    )


def _lines() -> Any:
    def wanted(model: Any) -> Any:
        longer = [
            and_(model.rule == slug, model.day >= bindparam(f"since_{days}", type_=Date))
            for slug, days in rules.REMEMBERED.items()
        ]
        since = bindparam("since", type_=Date)
        return and_(model.person_id.in_(PEOPLE), or_(model.day >= since, model.source.in_(SOURCES), *longer))

    paid = select(
        LedgerEntry.id,
        LedgerEntry.person_id,
        LedgerEntry.rule,
        LedgerEntry.source,
        LedgerEntry.at,
        LedgerEntry.day,
        LedgerEntry.amount,
        LedgerEntry.is_workday,
        LedgerEntry.entry_no,
        LedgerEntry.reverses_id.is_not(None).label("is_reversal"),
        false().label("is_held"),
        LedgerEntry.detail["why"].as_string().label("why"),
    ).where(wanted(LedgerEntry))
    held = select(
        HeldEntry.id,
        HeldEntry.person_id,
        HeldEntry.rule,
        HeldEntry.source,
        HeldEntry.at,
        HeldEntry.day,
        HeldEntry.amount,
        HeldEntry.is_workday,
        literal(1),
        false(),
        true(),
        cast(null(), String),
    ).where(wanted(HeldEntry), HeldEntry.state == "pending")
    return union_all(paid, held)


def _zone(row: Any) -> str:
    """The person's zone now: a changed one holds from the day that was said."""
    if (
        row.next_timezone
        and row.next_timezone_from
        and accounts.zone_is_due(row.next_timezone_from, clock.today(row.timezone), clock.today(row.next_timezone))
    ):
        return str(row.next_timezone)
    return str(row.timezone)
