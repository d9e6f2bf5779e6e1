"""How much more somebody holds for a week: what boards of teams compare (ENGINE E11).

A memory keeps how it was when the week of its newest answer began. So what was held on Monday can be added up on any
day of the week, and what will be held on the next Monday, if nothing else is answered, as well. Both are kept for each
person and week once they have finished something; nobody has to look at the right moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, or_, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, database, start_writing
from peerlearn.core.deeds import deed
from peerlearn.core.upsert import insert_for
from peerlearn.practice import inventory, memory
from peerlearn.practice.models import Growth, Memory, NeededTopic

ME: Any = bindparam("me", type_=Integer)
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
def renew(person_id: int) -> bool:
    """Add up anew, after the response, how much somebody grows this week; whether more is left."""
    start_writing()
    add_up(person_id)
    return False


def add_up(person_id: int) -> None:
    """Keep how much somebody holds at the beginning and at the end of the week that runs; part of a deed.

    Only topics count that their team needs, or all of them where the team has named none.
    """
    rows = ask(_known(), {"me": person_id}).all()
    if not rows:
        return
    monday = clock.monday_of(clock.today(rows[0].timezone))
    once = {row.item_id: Trace(*row[2:]) for row in rows}
    before, after = totals(once.values(), monday)
    values = {"person_id": person_id, "week": monday, "before": before, "after": after}
    ask(_keep(database()), values)


@cache
def _known() -> Any:
    active = inventory.active_items().subquery()
    needed = select(NeededTopic.topic_id).where(NeededTopic.team_id == Person.team_id).correlate(Person)
    return (
        select(
            active.c.item_id,
            Person.timezone,
            active.c.weight,
            Memory.stability,
            Memory.answered_on,
            Memory.before_stability,
            Memory.before_answered_on,
        )
        .select_from(Memory)
        .join(active, active.c.item_id == Memory.item_id)
        .join(Person, Person.id == Memory.person_id)
        .where(Memory.person_id == ME, or_(~needed.exists(), active.c.topic_id.in_(needed)))
    )


@cache
def _keep(dialect: str) -> Any:
    statement = insert_for(dialect, Growth)
    changed = {name: statement.excluded[name] for name in ("before", "after")}
    return statement.on_conflict_do_update(index_elements=("person_id", "week"), set_=changed)
