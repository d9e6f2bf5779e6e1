"""Counting days: what was done makes a day active, and what is learned later of days off mends what it explains."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from peerlearn.accounts import queries as accounts
from peerlearn.accounts.rules import Calendar
from peerlearn.core.db import ask, database, table_of
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict
from peerlearn.core.events import Event
from peerlearn.core.upsert import insert_for
from peerlearn.streaks import queries, rules
from peerlearn.streaks.events import DayCounted, GoalsGrown, StreakGrown, WeeklyGoalMet
from peerlearn.streaks.models import ActiveDay
from peerlearn.streaks.queries import Known
from peerlearn.streaks.rules import Day, Deeds
from peerlearn.streaks.run import POLICY, week_of

_CHUNK = 500
_TRIES = 3


@dataclass(frozen=True)
class Learner:
    """The person whose day it is. The day is said, so their time zone is not asked for."""

    id: int
    timezone: str = "UTC"


@deed
def count(person_id: int, done: Mapping[date, Deeds], known: Known | None = None) -> None:
    """Count what a person did on some days. `known` is what was asked along; whoever was quicker is noticed."""
    for _attempt in range(_TRIES):
        known = known or queries.known(person_id)
        old, calendar = [known.latest] if known.latest else [], known.calendar
        if old and min(done) < old[0].day:  # it comes late, from a device without a network
            old, calendar = _from(person_id, min(done))
        new = rules.retold(rules.with_deeds(old, done, calendar), calendar.days_off)
        if _keep({person_id: old}, {person_id: new}):
            return
        known = None
    raise Conflict()


def _from(person_id: int, since: date) -> tuple[list[Day], Calendar]:
    days = queries.days_from([person_id], since)
    calendars = accounts.calendars_of([person_id], _first_week(days, since))
    return days.get(person_id, []), calendars[person_id]


@deed
def mend(since: date, person_ids: Collection[int] | None = None) -> int:
    """Tell days again, from one on, with what is known of days off now; how many of them became different."""
    chunks = [person_ids] if person_ids is not None else queries.people_with_days(since, _CHUNK)
    return sum(_mend(ids, since) for ids in chunks)


def _mend(person_ids: Collection[int], since: date) -> int:
    old = queries.days_from(person_ids, since)
    calendars = accounts.calendars_of(person_ids, _first_week(old, since))
    new = {person_id: rules.retold(days, calendars[person_id].days_off) for person_id, days in old.items()}
    if not _keep(old, new):
        raise Conflict()
    return sum(len(rules.changed(old[person_id], new[person_id])) for person_id in old)


def _first_week(days: Mapping[int, Sequence[Day]], since: date) -> date:
    return week_of(min((own[0].day for own in days.values()), default=since))


def _keep(old: Mapping[int, Sequence[Day]], new: Mapping[int, Sequence[Day]]) -> bool:
    """Write what is different, in one statement, and say what it brought; False when somebody else was quicker."""
    different = {person_id: rules.changed(old[person_id], days) for person_id, days in new.items()}
    rows = [row_of(person_id, day) for person_id, days in sorted(different.items()) for day in days]
    if not rows:
        return True
    if len(ask(_write(database()), rows).all()) < len(rows):
        return False
    for person_id, days in different.items():
        _announce(person_id, {day.day: day for day in old[person_id]}, days)
    return True


def row_of(person_id: int, found: Day) -> dict[str, Any]:
    """A day as the table keeps it."""
    run = rules.after(found)
    return {
        "person_id": person_id,
        "day": found.day,
        "week": week_of(found.day),
        "work_days": found.work_days,
        "is_workday": found.is_workday,
        "counts": found.counts,
        **vars(found.deeds),
        "before": found.before.kept(),
        "length": run.length,
        "best": run.best,
        "meets_goal": found.meets_goal,
        "saves": found.saves + 1,
    }


@cache
def _write(dialect: str) -> Any:
    table = table_of(ActiveDay)
    statement = insert_for(dialect, ActiveDay)
    new = statement.excluded
    changes = {column.name: new[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(
        index_elements=("person_id", "day"), set_=changes, where=table.c.saves == new.saves - 1
    ).returning(table.c.person_id)


def _announce(person_id: int, old: Mapping[date, Day], new: Sequence[Day]) -> None:
    met = {week_of(day.day) for day in old.values() if day.meets_goal}
    for found in new:
        before, run, week = old.get(found.day), rules.after(found), week_of(found.day)
        was = rules.after(before).length if before else found.before.length
        news: list[Event] = []
        if found.counts and not (before and before.counts):
            news.append(DayCounted(person_id, found.day))
        if run.length // POLICY.days_for_a_freeze > was // POLICY.days_for_a_freeze:
            news.append(StreakGrown(person_id, run.length))
        if found.meets_goal and week not in met:
            met.add(week)
            news.append(WeeklyGoalMet.of(person_id, week, run.week_days))
            if run.goals % POLICY.goals_told == 0:
                news.append(GoalsGrown(person_id, run.goals))
        for event in news:
            publish(event, by=Learner(person_id), day=found.day)


def verify() -> list[str]:
    """Tell all days again and compare; each difference as a sentence."""
    found = []
    for ids in queries.people_with_days(date.min, _CHUNK):
        days = queries.days_from(ids, date.min)
        calendars = accounts.calendars_of(ids, date.min)
        for person_id, own in days.items():
            found += _differences(person_id, own, calendars[person_id])
    return found


def _differences(person_id: int, days: Sequence[Day], calendar: Calendar) -> list[str]:
    told = rules.retold(days, calendar.days_off)
    return [
        f"person {person_id}, {day.day}: kept as {rules.after(day)}, the days say {rules.after(again)}"
        for day, again in zip(days, told, strict=True)
        if day != again
    ]
