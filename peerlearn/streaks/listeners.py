"""Days hear what was learned and taught, and what is said about days off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.events import AbsenceRecorded, HolidayAdded
from peerlearn.core import clock, facts
from peerlearn.core.events import Recorded, listens
from peerlearn.learn.events import LessonPassed
from peerlearn.practice.events import DailySetFinished, ItemReviewed
from peerlearn.review.events import ReviewDone
from peerlearn.streaks import actions, queries, rules
from peerlearn.streaks.queries import Known
from peerlearn.streaks.rules import NOTHING, Deeds

DOINGS = (LessonPassed, ReviewDone, DailySetFinished, ItemReviewed)
facts.ask_along("days", DOINGS, queries.known_of, early=True)


def _is_known(record: Recorded) -> bool:
    return "days" in record.known


@listens(*DOINGS, ahead=_is_known)
def count(records: Sequence[Recorded]) -> None:
    """Let what was done count on its day. Mostly nothing has to be asked, and a day is written once."""
    now = clock.now()
    by_person: dict[int, list[Recorded]] = {}
    for record in records:
        if record.actor_id is not None and deeds_of(record) != NOTHING and rules.is_in_time(record.at, now):
            by_person.setdefault(record.actor_id, []).append(record)
    for person_id, own in by_person.items():
        done: dict[date, Deeds] = {}
        for record in own:
            done[record.day] = done.get(record.day, NOTHING).plus(deeds_of(record))
        actions.count(person_id, done, Known.read(own[0].known["days"]))


def deeds_of(record: Recorded) -> Deeds:
    """What an event says was done."""
    event = record.event
    if isinstance(event, DailySetFinished | ItemReviewed) and not event.beats_guessing:
        return NOTHING
    if isinstance(event, DailySetFinished) and event.is_late:  # its reviews count by themselves
        return NOTHING
    if isinstance(event, LessonPassed):
        return Deeds(lessons=1)
    if isinstance(event, ReviewDone):
        return Deeds(reviews=1)
    if isinstance(event, DailySetFinished):
        return Deeds(sets=1) if event.number == 1 else Deeds(extra_sets=1)
    if isinstance(event, ItemReviewed) and event.was_due and not event.is_rapid:
        return Deeds(due_reviews=1)
    return NOTHING


@listens(AbsenceRecorded)
def follow_absences(records: Sequence[Recorded]) -> None:
    """An absence that is told of later explains days that were missed, and makes the week's goal smaller."""
    for record in records:
        since = record.day - timedelta(days=accounts.POLICY.absence_back_days)
        actions.mend(since, [cast(AbsenceRecorded, record.event).person_id])


@listens(HolidayAdded)
def follow_holidays(records: Sequence[Recorded]) -> None:
    """A holiday that was forgotten explains days that were missed."""
    for record in records:
        day = date.fromisoformat(cast(HolidayAdded, record.event).day)
        if day <= record.day:
            actions.mend(day)
