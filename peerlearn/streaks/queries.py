"""Questions about active days: what is known of a person, in one column, and their rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, and_, bindparam, func, literal_column, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement

from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person
from peerlearn.accounts.rules import Calendar
from peerlearn.core.db import ask
from peerlearn.streaks import rules
from peerlearn.streaks.models import ActiveDay
from peerlearn.streaks.rules import Day, Deeds, Standing
from peerlearn.streaks.run import Run

_PAGE = 2000
DEEDS = ("sets", "extra_sets", "lessons", "reviews", "due_reviews")
COLUMNS = ("day", "work_days", "is_workday", *DEEDS, "before", "meets_goal", "saves")
_ONE, _BEGINNING = literal_column("1", Integer), literal_column("'0001-01-01'", Date)
PersonId = ColumnElement[int] | InstrumentedAttribute[int]


class json_object(FunctionElement[str]):
    """Names and values as one text in JSON."""

    inherit_cache = True
    type = String()


@compiles(json_object, "sqlite")
def _json_sqlite(element: json_object, compiler: Any, **kw: Any) -> str:
    return f"json_object({compiler.process(element.clauses, **kw)})"


@compiles(json_object, "postgresql")
def _json_postgresql(element: json_object, compiler: Any, **kw: Any) -> str:
    return f"json_build_object({compiler.process(element.clauses, **kw)})::text"


@dataclass(frozen=True)
class Known:
    """What has to be known to count a day: the person's calendar, and the last day on which they did something."""

    calendar: Calendar = field(default_factory=Calendar)
    latest: Day | None = None

    @classmethod
    def read(cls, text: str) -> Known:
        """From the column below."""
        found = json.loads(text)
        calendar = Calendar.read(found["work_days"], found["days_off"])
        return cls(calendar, day_of(_loaded(found["latest"])) if found["latest"] else None)


def _loaded(value: Any) -> Any:
    """JSON inside JSON: one database hands it on as it is, another one as a text."""
    return json.loads(value) if isinstance(value, str) else value


def known_of(person_id: PersonId) -> ColumnElement[str]:
    """All that `Known.read` needs, as a column about a person for somebody else's statement; it has no parameters."""
    own = ActiveDay.person_id == person_id
    values = {name: getattr(ActiveDay, name) for name in COLUMNS}
    latest, monday = (
        select(column)
        .where(own)
        .order_by(ActiveDay.day.desc())
        .limit(_ONE)
        .correlate_except(ActiveDay)
        .scalar_subquery()
        for column in (_object(values), ActiveDay.week)
    )
    work_days = select(Person.work_days).where(Person.id == person_id).correlate_except(Person).scalar_subquery()
    off = accounts.days_off(person_id, func.coalesce(monday, _BEGINNING))
    return _object({"work_days": work_days, "days_off": off, "latest": latest})


def _object(values: Mapping[str, Any]) -> json_object:
    return json_object(
        *(part for name, value in values.items() for part in (literal_column(f"'{name}'", String), value))
    )


def known(person_id: int) -> Known:
    """The same, asked by itself."""
    return Known.read(ask(_known(), {"me": person_id}).scalar_one())


@cache
def _known() -> Any:
    return select(known_of(bindparam("me", type_=Integer)))


def standing(person_id: int, today: date) -> Standing:
    """How a person stands today: the weekly goal and the streak."""
    return standing_from(known(person_id), today)


def standing_from(found: Known, today: date) -> Standing:
    """How somebody stands today, from what is known of them."""
    return rules.standing(found.latest, today, found.calendar)


def day_of(row: Any) -> Day:
    """A row, or what JSON made of it, as the rules see it."""
    value = row if isinstance(row, dict) else row._mapping
    day, before = value["day"], value["before"]
    return Day(
        day=date.fromisoformat(day) if isinstance(day, str) else day,
        work_days=value["work_days"],
        is_workday=bool(value["is_workday"]),
        deeds=Deeds(*(value[name] for name in DEEDS)),
        before=Run.read(_loaded(before)),
        meets_goal=bool(value["meets_goal"]),
        saves=value["saves"],
    )


def days_from(person_ids: Collection[int], since: date) -> dict[int, list[Day]]:
    """People's days in order, from the last one before a day on."""
    before = (
        select(func.max(ActiveDay.day))
        .where(ActiveDay.person_id == Person.id, ActiveDay.day < since)
        .correlate(Person)
        .scalar_subquery()
    )
    rows = (
        select(ActiveDay.person_id, *(getattr(ActiveDay, name) for name in COLUMNS))
        .join(Person, Person.id == ActiveDay.person_id)
        .where(ActiveDay.person_id.in_(person_ids), ActiveDay.day >= func.coalesce(before, since))
        .order_by(ActiveDay.person_id, ActiveDay.day)
    )
    return {key: [day_of(row) for row in own] for key, own in groupby(ask(rows), key=lambda row: row.person_id)}


def people_with_days(since: date, size: int) -> Iterator[Sequence[int]]:
    """Everybody who did something on a day or after it, so many at once."""
    after = 0
    while True:
        wanted = select(ActiveDay.person_id).where(ActiveDay.person_id > after, ActiveDay.day >= since)
        found = [row[0] for row in ask(wanted.distinct().order_by(ActiveDay.person_id).limit(size))]
        if found:
            yield found
        if len(found) < size:
            return
        after = found[-1]


@dataclass(frozen=True)
class CountedDay:
    """An active day, for adding up."""

    person_id: int
    day: date
    week: date
    meets_goal: bool


def counted_days() -> Iterator[CountedDay]:
    """All active days, person by person in the order of their ids; few are in memory at once."""
    after = (0, date.min)
    while True:
        later = or_(ActiveDay.person_id > after[0], and_(ActiveDay.person_id == after[0], ActiveDay.day > after[1]))
        wanted = select(ActiveDay.person_id, ActiveDay.day, ActiveDay.week, ActiveDay.meets_goal)
        page = ask(
            wanted.where(ActiveDay.counts, later).order_by(ActiveDay.person_id, ActiveDay.day).limit(_PAGE)
        ).all()
        yield from (CountedDay(*row) for row in page)
        if len(page) < _PAGE:
            return
        after = (page[-1].person_id, page[-1].day)
