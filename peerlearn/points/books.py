"""Adding the ledger and the active days up again, person by person, to compare the kept sums or to write them anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from heapq import merge
from itertools import groupby

from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.points import ledger, rules
from peerlearn.points.ledger import Sum, Sums
from peerlearn.points.models import LedgerEntry, PointSum
from peerlearn.streaks import queries as streaks
from peerlearn.streaks.queries import CountedDay

_CHUNK = 2000
Line = LedgerEntry | CountedDay
_NAMES = (*ledger.COUNTED, "last_at")


def sums_by_person() -> Iterator[Sums]:
    """For each person with entries or active days, in the order of their ids, what these add up to."""
    lines: Iterator[Line] = merge(_entries(), streaks.counted_days(), key=_whose)
    for person_id, own in groupby(lines, key=_whose):
        if sums := _sums(person_id, own):
            yield sums


def _whose(line: Line) -> int:
    return line.person_id


def _sums(person_id: int, lines: Iterable[Line]) -> Sums:
    sums: Sums = {}
    zone = clock.organisation_zone()
    earned: dict[int, datetime] = {}
    goals: set[date] = set()
    for line in lines:
        if isinstance(line, CountedDay):
            ledger.count_day(sums, person_id, line.day)
            goals |= {line.week} if line.meets_goal else set()
        elif line.reverses_id is None:
            ledger.count_entry(sums, line, zone)
            earned[line.id] = line.at
        else:
            for period in rules.periods_of(clock.day_of(earned[line.reverses_id], zone)):
                sums[person_id, period].add(line.track, line.amount, line.is_workday)
    for monday in goals:
        ledger.count_goal(sums, person_id, monday)
    return sums


def _entries() -> Iterator[LedgerEntry]:
    after = (0, 0)
    while True:
        page = db.session.scalars(
            select(LedgerEntry)
            .where(
                (LedgerEntry.person_id > after[0]) | ((LedgerEntry.person_id == after[0]) & (LedgerEntry.id > after[1]))
            )
            .order_by(LedgerEntry.person_id, LedgerEntry.id)
            .limit(_CHUNK)
        ).all()
        yield from page
        if len(page) < _CHUNK:
            return
        after = (page[-1].person_id, page[-1].id)


def differences() -> list[str]:
    """Where the kept sums and the ledger disagree."""
    found = []
    kept = groupby(_kept(), key=lambda row: row.person_id)
    waiting = next(kept, None)
    for sums in sums_by_person():
        person_id = next(iter(sums))[0]
        while waiting and waiting[0] < person_id:
            found += _compare({}, {(row.person_id, row.period): row for row in waiting[1]})
            waiting = next(kept, None)
        rows: dict[tuple[int, str], PointSum] = {}
        if waiting and waiting[0] == person_id:
            rows = {(row.person_id, row.period): row for row in waiting[1]}
            waiting = next(kept, None)
        found += _compare(sums, rows)
    while waiting:
        found += _compare({}, {(row.person_id, row.period): row for row in waiting[1]})
        waiting = next(kept, None)
    return found


def _kept() -> Iterator[PointSum]:
    after = (0, "")
    while True:
        page = db.session.scalars(
            select(PointSum)
            .where((PointSum.person_id > after[0]) | ((PointSum.person_id == after[0]) & (PointSum.period > after[1])))
            .order_by(PointSum.person_id, PointSum.period)
            .limit(_CHUNK)
        ).all()
        yield from page
        if len(page) < _CHUNK:
            return
        after = (page[-1].person_id, page[-1].period)


def _compare(sums: Sums, rows: dict[tuple[int, str], PointSum]) -> list[str]:
    found = []
    for person_id, period in sorted({*sums, *rows}):
        counted, kept = sums.get((person_id, period), Sum()), rows.get((person_id, period))
        for name in _NAMES:
            wanted, have = getattr(counted, name), getattr(kept, name) if kept else getattr(Sum(), name)
            if wanted != have:
                found.append(f"person {person_id}, {period}: {name} is kept as {have}, the ledger says {wanted}")
    return found
