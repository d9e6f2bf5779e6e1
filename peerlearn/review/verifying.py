"""Lessons whose check is due, and saying of several at once that they are still right. Nothing is approved this way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.lessons import machine
from peerlearn.lessons import showing as lessons
from peerlearn.lessons.machine import Place
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lessons.queries import of_topics
from peerlearn.review import queries, standing
from peerlearn.review.models import StandingAct

LOOKED_AT = 1_000  # lessons that were checked longest ago
SHOWN = 50
DUE = (Place.DUE, Place.STALE, Place.UNVERIFIED)


@dataclass(frozen=True)
class Due:
    """A lesson that has to be read again."""

    lesson: Lesson
    place: Place
    due_on: date


def due_lessons(person: Person, zone_name: str) -> list[Due]:
    """What this curator could check, the longest overdue first."""
    found = [Due(lesson, *standing.place_of(lesson, zone_name)) for lesson in db.session.scalars(_to_check(person))]
    return sorted((one for one in found if one.place in DUE), key=lambda one: (one.due_on, one.lesson.id))[:SHOWN]


def _to_check(person: Person) -> Any:
    return (
        select(Lesson)
        .where(
            Lesson.state == "published",
            Lesson.published_id.is_not(None),
            of_topics(person.scopes(accounts.CURATOR), Lesson.topic_id, Lesson.id),
            ~queries.had_a_hand(person.id, Lesson.id),
        )
        .options(
            joinedload(Lesson.topic).options(queries.TOPIC),
            joinedload(Lesson.published).load_only(Revision.id, Revision.extras),
        )
        .order_by(Lesson.verified_at, Lesson.id)
        .limit(LOOKED_AT)
    )


@deed
def verify_all(versions: Mapping[int, int], *, by: Person, zone_name: str) -> int:
    """Say of these lessons, each with the version that was seen, that they are still right; of how many it holds now.

    Each is asked for by itself: what is foreign, one's own, changed or checked meanwhile is left as it is.
    """
    wanted = _to_check(by).where(Lesson.id.in_(list(versions)[:SHOWN])).with_for_update(of=Lesson)
    found = db.session.scalars(wanted.execution_options(populate_existing=True)).all()
    still_due = [
        lesson
        for lesson in found
        if lesson.version == versions[lesson.id]
        and standing.place_of(lesson, zone_name)[0] in DUE
        and machine.may("verify", standing.place_of(lesson, zone_name)[0], machine.CURATOR)
    ]
    for lesson in still_due:
        lessons.verify(lesson, by=by)
    rows = [
        {"lesson_id": one.id, "actor_id": by.id, "act": "verify", "reason": "", "at": clock.now()} for one in still_due
    ]
    if rows:
        db.session.execute(insert(StandingAct), rows)
    return len(rows)
