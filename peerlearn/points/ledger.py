"""Writing the books: entries are added, held ones wait, and the sums change with them in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import case, insert, or_

from peerlearn.core import clock
from peerlearn.core.db import Base, ask, database, table_of
from peerlearn.core.upsert import insert_for
from peerlearn.points import rules
from peerlearn.points.engine import Entry, Held
from peerlearn.points.models import HeldEntry, LedgerEntry, PointSum

COUNTED = ("xp", "ip", "work_xp", "work_ip", "active_days", "goals")
ENTRY_KEY = ("person_id", "rule", "source", "entry_no")


@dataclass(frozen=True)
class Posted:
    """An entry that really entered the ledger, with its id."""

    id: int
    entry: Entry


@dataclass
class Sum:
    """What some entries add to a person's sum of one period."""

    xp: int = 0
    ip: int = 0
    work_xp: int = 0
    work_ip: int = 0
    active_days: int = 0
    goals: int = 0
    last_at: datetime | None = None

    def add(self, track: str, amount: int, is_workday: bool) -> None:
        """Count an amount."""
        setattr(self, track, getattr(self, track) + amount)
        if is_workday:
            setattr(self, f"work_{track}", getattr(self, f"work_{track}") + amount)

    def saw(self, at: datetime) -> None:
        """Remember the newest deed that paid."""
        self.last_at = at if self.last_at is None else max(self.last_at, at)


Sums = dict[tuple[int, str], Sum]
Ids = dict[tuple[Any, ...], int]  # of rows by their key


def enter(entries: Sequence[Entry], *, sums: Sums | None = None, by_id: int | None = None) -> list[Posted]:
    """Add entries to the ledger, each source once, and to the sums what really entered and what comes with it."""
    sums = {} if sums is None else sums
    posted = _post(entries, by_id) if entries else []
    for item in posted:
        count_entry(sums, item.entry, clock.organisation_zone())
    add_sums(sums)
    return posted


def _post(entries: Sequence[Entry], by_id: int | None) -> list[Posted]:
    rows = [_row(entry) | {"entry_no": entry.entry_no, "reverses_id": None, "by_id": by_id} for entry in entries]
    ids: Ids = {tuple(row[1:]): row[0] for row in ask(_once(database(), LedgerEntry, ENTRY_KEY), rows)}
    keyed = [(ids.get(tuple(getattr(entry, name) for name in ENTRY_KEY)), entry) for entry in entries]
    return [Posted(entry_id, entry) for entry_id, entry in keyed if entry_id is not None]


def hold(held: Sequence[Held]) -> list[Posted]:
    """Keep entries apart until somebody decides; each source once."""
    if not held:
        return []
    rows = [_row(item.entry) | {"state": "pending", "note": "", "version": 1} for item in held]
    key = ENTRY_KEY[:3]
    ids: Ids = {tuple(row[1:]): row[0] for row in ask(_once(database(), HeldEntry, key), rows)}
    keyed = [(ids.get(tuple(getattr(item.entry, name) for name in key)), item.entry) for item in held]
    return [Posted(held_id, entry) for held_id, entry in keyed if held_id is not None]


@cache
def _once(database: str, model: type[Base], key: tuple[str, ...]) -> Any:
    """Insert rows whose key is not taken; the ids and keys of those that entered."""
    columns = [table_of(model).c[name] for name in ("id", *key)]
    return insert_for(database, model).on_conflict_do_nothing(index_elements=key).returning(*columns)


def take_back(entries: Sequence[tuple[LedgerEntry, int]], reason: str, by_id: int | None) -> None:
    """Add the reversals of entries, each with its number: they belong to the same day, and their sums to its week."""
    zone = clock.organisation_zone()
    sums: Sums = {}
    ask(insert(table_of(LedgerEntry)), [_reversal(entry, entry_no, reason, by_id) for entry, entry_no in entries])
    for entry, _ in entries:
        for period in rules.periods_of(clock.day_of(entry.at, zone)):
            total = sums.setdefault((entry.person_id, period), Sum())
            total.add(entry.track, -entry.amount, entry.is_workday)
    add_sums(sums)


def _reversal(entry: LedgerEntry, entry_no: int, reason: str, by_id: int | None) -> dict[str, Any]:
    kept = ("person_id", "track", "rule", "rule_version", "policy_version", "source", "day", "is_workday", "fact_id")
    return {name: getattr(entry, name) for name in kept} | {
        "entry_no": entry_no,
        "amount": -entry.amount,
        "at": clock.now(),
        "reason": reason,
        "detail": {key: value for key, value in entry.detail.items() if key.endswith("_id")},
        "reverses_id": entry.id,
        "by_id": by_id,
    }


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "person_id": entry.person_id,
        "track": entry.track,
        "rule": entry.rule,
        "rule_version": entry.rule_version,
        "policy_version": entry.policy_version,
        "source": entry.source,
        "amount": entry.amount,
        "at": entry.at,
        "day": entry.day,
        "is_workday": entry.is_workday,
        "fact_id": entry.fact_id,
        "reason": entry.reason,
        "detail": entry.detail,
    }


def count_entry(sums: Sums, entry: Entry | LedgerEntry, zone: str) -> None:
    """Count an award in the sums of its periods."""
    if entry.amount:
        for period in rules.periods_of(clock.day_of(entry.at, zone)):
            total = sums.setdefault((entry.person_id, period), Sum())
            total.add(entry.track, entry.amount, entry.is_workday)
            total.saw(entry.at)


def count_day(sums: Sums, person_id: int, day: date) -> None:
    """Count an active day in the sums of its periods."""
    for period in rules.periods_of(day):
        sums.setdefault((person_id, period), Sum()).active_days += 1


def count_goal(sums: Sums, person_id: int, monday: date) -> None:
    """Count a weekly goal in the sums of its periods."""
    for period in rules.periods_of(monday):
        sums.setdefault((person_id, period), Sum()).goals += 1


def add_sums(sums: Sums) -> None:
    """Change the kept sums in one statement; always in the same order, so that no two wait for each other."""
    if not sums:
        return
    rows = [
        {"person_id": person, "period": period} | vars(total)
        for (person, period), total in sorted(sums.items(), key=_first)
    ]
    ask(_add_up(database()), rows)


@cache
def _add_up(database: str) -> Any:
    statement = insert_for(database, PointSum)
    new = statement.excluded
    counted = {name: getattr(PointSum, name) + new[name] for name in COUNTED}
    newest = case(
        (or_(PointSum.last_at.is_(None), new.last_at > PointSum.last_at), new.last_at),
        else_=PointSum.last_at,
    )
    return statement.on_conflict_do_update(index_elements=("person_id", "period"), set_=counted | {"last_at": newest})


def _first(item: tuple[tuple[int, str], Sum]) -> tuple[int, str]:
    return item[0]
