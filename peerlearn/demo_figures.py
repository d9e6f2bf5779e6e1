"""What a demo adds up: jobs that elsewhere run at night, or once somebody has finished something."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from peerlearn.analysis import actions as analysis
from peerlearn.core import clock
from peerlearn.core.db import ask, db
from peerlearn.practice import growing, holding, recompute
from peerlearn.practice.models import Memory

FRIDAY = 4


def add_up_week(day: date, today: date) -> None:
    """At the end of one of the last two working weeks: what everybody holds more, and the badges that come with it."""
    if day.weekday() == FRIDAY and day > today - timedelta(days=14):
        with clock.at(clock.start_of_day(day, clock.organisation_zone()) + timedelta(hours=20)):
            _renew_all()


def add_up(today: date) -> None:
    """At the end: what everybody holds, and what answers say about questions."""
    for _read in recompute.everybody(today):
        db.session.commit()
    while analysis.catch_up():
        db.session.commit()
    _renew_all()


def _renew_all() -> None:
    person_ids = ask(select(Memory.person_id).distinct().order_by(Memory.person_id)).scalars().all()
    growing.renew(person_ids)
    db.session.commit()
    holding.tell(person_ids)
    db.session.commit()
