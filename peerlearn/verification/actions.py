"""Verifying lessons, and telling who should."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.upsert import insert_into
from peerlearn.lessons import showing
from peerlearn.lessons.models import Lesson
from peerlearn.review import standing
from peerlearn.verification import queries, rules
from peerlearn.verification.events import CheckDue
from peerlearn.verification.models import CheckReminder
from peerlearn.verification.rules import POLICY


@deed
def verify_all(versions: Mapping[int, int], *, by: Person) -> int:
    """Say of lessons, as they were at these versions, that they are still right; how many that were.

    What is not due, or changed meanwhile, is left alone.
    """
    found = [row for row in queries.to_check(by, _today(), versions) if row.version == versions[row.lesson_id]]
    showing.verify_all({row.lesson_id: row.days for row in found}, by=by)
    standing.note_verified([(row.lesson_id, row.owner_id, row.check_on) for row in found], was_read=False, by=by)
    return len(found)


@deed
def tell() -> int:
    """Tell owners of checks that come near, archive what is abandoned and hardly read; how many lessons that were."""
    today = _today()
    rows = queries.untold(today, POLICY.told_at_once)
    stages = {row.id: rules.stage_of(row.check_on, today) for row in rows}
    abandoned = [row for row in rows if rules.is_abandoned(stages[row.id])]
    unread = [row for row in abandoned if row.readers < POLICY.few_readers]
    curators = queries.curators_of({row.topic_id for row in abandoned})
    _remember([row for row in rows if stages[row.id] is not None], stages)
    for row in rows:
        stage = stages[row.id]
        if stage is None or row in unread:
            continue
        told = (row.owner_id,) if not rules.is_abandoned(stage) else tuple({row.owner_id, *curators[row.topic_id]})
        publish(CheckDue(row.id, row.check_on.isoformat(), stage, told), by=None)
    for lesson in db.session.scalars(select(Lesson).where(Lesson.id.in_([row.id for row in unread]))):
        standing.expire(lesson)
    return len(rows)


def _remember(rows: Sequence[Any], stages: Mapping[int, int | None]) -> None:
    values = [{"lesson_id": row.id, "check_on": row.check_on, "stage": stages[row.id]} for row in rows]
    if values:
        now = clock.now()
        ask(insert_into(CheckReminder).on_conflict_do_nothing(), [value | {"told_at": now} for value in values])


def _today() -> date:
    return clock.today(clock.organisation_zone())
