"""How much more somebody holds for a week: what boards of teams compare (ENGINE E11).

A memory keeps how it was when the week of its newest answer began. So what was held on Monday can be added up on any
day of the week, and what will be held on the next Monday, if nothing else is answered, as well. Both are kept for each
person and week once they have finished something; nobody has to look at the right moment.

They are added up after responses, for all who finished something since the last time at once: everything is read and
worked out before the writing begins, so that nobody who answers meanwhile waits for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, database, start_writing
from peerlearn.core.deeds import deed
from peerlearn.core.upsert import insert_for
from peerlearn.practice import inventory, memory
from peerlearn.practice.models import Growth, Memory, NeededTopic

PEOPLE: Any = bindparam("people", expanding=True)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Trace:
    """A memory now, and how it was before the week of its newest answer; without that it began in that week."""

    weight: int
    stability: float
    answered_on: date
    before_stability: float | None
    before_answered_on: date | None

    def held_on(self, monday: date) -> float:
        """What it was worth at the beginning of a week that has just begun or is under way."""
        if self.answered_on < monday:
            return self._worth(self.stability, self.answered_on, monday)
        if self.before_stability is None or self.before_answered_on is None:
            return 0.0
        return self._worth(self.before_stability, self.before_answered_on, monday)

    def held_after(self, monday: date) -> float:
        """What it will be worth when that week is over, if it is not answered again."""
        return self._worth(self.stability, self.answered_on, monday + WEEK)

    def _worth(self, stability: float, answered_on: date, day: date) -> float:
        return self.weight * memory.retrievability(stability, (day - answered_on).days)


def totals(traces: Iterable[Trace], monday: date) -> tuple[float, float]:
    """What is held at the beginning of a week, and at its end."""
    known = list(traces)
    return sum(trace.held_on(monday) for trace in known), sum(trace.held_after(monday) for trace in known)


@deed
def renew(person_ids: Collection[int]) -> bool:
    """Add up anew, after responses, how much these people grow this week; whether somebody is left.

    Who answered while it was worked out is left for the next time.
    """
    before = marks_of(person_ids)
    found = added_up(person_ids)
    start_writing()
    same = same_as(before)
    keep([row for row in found if row["person_id"] in same])
    return len(same) < len(before)


def marks_of(person_ids: Collection[int]) -> dict[int, tuple[Any, ...]]:
    """What changes with each answer that one of these people remembers something by."""
    found: dict[int, tuple[Any, ...]] = dict.fromkeys(person_ids, ())
    for person_id, *mark in ask(_MARKS, {"people": list(person_ids)}):
        found[person_id] = tuple(mark)
    return found


def same_as(before: Mapping[int, tuple[Any, ...]]) -> set[int]:
    """The people whose memories are as they were then."""
    now = marks_of(before)
    return {person_id for person_id, mark in before.items() if now[person_id] == mark}


_MARKS = (
    select(Memory.person_id, func.count(), func.max(Memory.answered_on), func.sum(Memory.stability))
    .where(Memory.person_id.in_(PEOPLE))
    .group_by(Memory.person_id)
)


def added_up(person_ids: Collection[int]) -> list[dict[str, Any]]:
    """How much people hold at the beginning and at the end of the week that runs: a row for each who holds something.

    Only topics count that their team needs, or all of them where the team has named none.
    """
    traces: dict[int, dict[int, Trace]] = {}
    zones: dict[int, str] = {}
    for person_id, zone, item_id, *trace in ask(_known(), {"people": list(person_ids)}):
        zones[person_id] = zone
        traces.setdefault(person_id, {})[item_id] = Trace(*trace)
    return [_row(person_id, zone, traces[person_id].values()) for person_id, zone in zones.items()]


def _row(person_id: int, zone: str, traces: Iterable[Trace]) -> dict[str, Any]:
    monday = clock.monday_of(clock.today(zone))
    before, after = totals(traces, monday)
    return {"person_id": person_id, "week": monday, "before": before, "after": after}


def keep(rows: Sequence[dict[str, Any]]) -> None:
    """Keep what was added up; part of a deed."""
    if rows:
        ask(_keep(database()), rows)


@cache
def _known() -> Any:
    active = inventory.active_items().subquery()
    needed = select(NeededTopic.topic_id).where(NeededTopic.team_id == Person.team_id).correlate(Person)
    return (
        select(
            Memory.person_id,
            Person.timezone,
            active.c.item_id,
            active.c.weight,
            Memory.stability,
            Memory.answered_on,
            Memory.before_stability,
            Memory.before_answered_on,
        )
        .select_from(Memory)
        .join(active, active.c.item_id == Memory.item_id)
        .join(Person, Person.id == Memory.person_id)
        .where(Memory.person_id.in_(PEOPLE), or_(~needed.exists(), active.c.topic_id.in_(needed)))
    )


@cache
def _keep(dialect: str) -> Any:
    statement = insert_for(dialect, Growth)
    changed = {name: statement.excluded[name] for name in ("before", "after")}
    return statement.on_conflict_do_update(index_elements=("person_id", "week"), set_=changed)
