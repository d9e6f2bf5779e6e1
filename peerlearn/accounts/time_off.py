"""Days on which nobody works, or one person does not: holidays and absences."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, select

from peerlearn.accounts import events, rules
from peerlearn.accounts.models import Absence, Holiday, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import NotAllowed, NotValid
from peerlearn.core.text import clean_line
from peerlearn.core.upsert import insert_into
from peerlearn.core.words import N_

KNOWN_ALREADY = N_("You have told us of some of these days already.")
IS_OVER = N_("This absence is over, so there is nothing to end.")
IS_HOLIDAY = N_("This day is a holiday already.")


@deed
def record_absence(first_day: date, last_day: date, *, by: Person) -> Absence:
    """Say that one is away from one day to another, both included."""
    problem = rules.absence_problem(first_day, last_day, clock.today(by.timezone))
    if problem is None and _overlaps(by.id, first_day, last_day):
        problem = KNOWN_ALREADY
    if problem:
        raise NotValid(None, {"last_day": [problem]})
    absence = Absence(person_id=by.id, first_day=first_day, last_day=last_day)
    db.session.add(absence)
    db.session.flush()
    publish(events.AbsenceRecorded(absence.id, by.id), by=by)
    return absence


def _overlaps(person_id: int, first_day: date, last_day: date) -> bool:
    same = Absence.person_id == person_id, Absence.first_day <= last_day, Absence.last_day >= first_day
    return db.session.scalar(select(Absence.id).where(*same, ~Absence.is_travel).limit(1)) is not None


@deed
def end_absence(absence: Absence, *, by: Person) -> None:
    """Come back today, or do not go at all. Days that are over stay days off."""
    today = clock.today(by.timezone)
    if absence.last_day < today:
        raise NotAllowed(IS_OVER)
    if absence.first_day < today:
        absence.last_day = today - timedelta(days=1)
    else:
        db.session.delete(absence)
    publish(events.AbsenceEnded(absence.id, by.id), by=by)


def forget_cut_day(person: Person) -> None:
    """A change of zones that had not begun will not come: neither does the day that it would have cut short."""
    coming = Absence.person_id == person.id, Absence.is_travel, Absence.first_day == person.next_timezone_from
    db.session.execute(delete(Absence).where(*coming))


def note_cut_day(person: Person) -> None:
    """A change of zones may leave next to nothing of its first day. Nobody misses such a day."""
    begins, zone = person.next_timezone_from, person.next_timezone
    if begins and zone and rules.is_cut_short(begins, clock.zone(person.timezone), clock.zone(zone)):
        db.session.add(Absence(person_id=person.id, first_day=begins, last_day=begins, is_travel=True))


@deed
def add_holiday(day: date, name: str, *, by: Person) -> None:
    """Make a day a holiday for everybody."""
    name = clean_line(name)
    found = {
        "day": rules.day_problem(day, clock.today(by.timezone)),
        "name": rules.holiday_name_problem(name),
    }
    problems = {field: [problem] for field, problem in found.items() if problem}
    if problems:
        raise NotValid(None, problems)
    once = insert_into(Holiday).values(day=day, name=name).on_conflict_do_nothing()
    if db.session.execute(once.returning(Holiday.id)).one_or_none() is None:
        raise NotValid(None, {"day": [IS_HOLIDAY]})
    publish(events.HolidayAdded(day.isoformat()), by=by)


@deed
def remove_holiday(holiday: Holiday, *, by: Person) -> None:
    """Let a day that has not come yet be an ordinary one. What was a holiday stays one."""
    if holiday.day < clock.today(by.timezone):
        raise NotAllowed(N_("This holiday is over. Whoever stayed at home that day did well to."))
    db.session.delete(holiday)
    publish(events.HolidayRemoved(holiday.day.isoformat()), by=by)
