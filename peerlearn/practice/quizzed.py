"""What answers in a lesson's quiz say about memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, case, select

from peerlearn.core.db import ask, database, db, table_of
from peerlearn.core.upsert import insert_for
from peerlearn.learn.events import QuestionAnswered
from peerlearn.lessons import rules as lessons
from peerlearn.lessons.models import Topic
from peerlearn.practice import numbers, remembering, rules, state
from peerlearn.practice.models import Memory
from peerlearn.practice.state import Given, Importance

_KNOWN = select(Memory).where(
    Memory.person_id == bindparam("person"), Memory.item_id.in_(bindparam("items", expanding=True))
)
_IMPORTANCE = select(Topic.id, Topic.importance).where(Topic.id.in_(bindparam("topics", expanding=True)))
_IMPORTANCES = tuple(lessons.IMPORTANCE_TITLES)


def remember(person_id: int, events: Sequence[QuestionAnswered], day: date) -> None:
    """Keep what these answers say: one statement for a single first answer, three for any others.

    An item changes its memory once a day at most; later on the same day only that it was missed is kept.
    """
    if len(events) == 1 and events[0].is_first and _begin(person_id, events[0], _given(events[0], day)):
        return
    items = [event.item_id for event in events]
    known = {row.item_id: row for row in db.session.scalars(_KNOWN, {"person": person_id, "items": items})}
    topics = {event.topic_ids[0] for event in events}
    importance = {row.id: row.importance for row in ask(_IMPORTANCE, {"topics": list(topics)})}
    rows = []
    for event in {event.item_id: event for event in reversed(events)}.values():
        old, topic_id = known.get(event.item_id), event.topic_ids[0]
        if topic_id not in importance:
            continue
        if old and old.answered_on >= day:
            if not event.is_right:
                rows.append(_place(person_id, event) | {"topic_id": topic_id} | _missed_too(old))
            continue
        learned = state.after(
            remembering.state_of(old),
            _given(event, day),
            Importance(importance[topic_id], event.is_critical),
            numbers.policy(),
        )
        rows.append(_place(person_id, event) | {"topic_id": topic_id} | remembering.columns_of(learned.state))
    remembering.keep_all(rows)


def _missed_too(old: Memory) -> dict[str, Any]:
    """A memory that has its answer of the day: it only keeps that its item was missed in an attempt."""
    found = remembering.state_of(old)
    assert found is not None
    return remembering.columns_of(replace(found, is_missed=True))


def _given(event: QuestionAnswered, day: date) -> Given:
    return Given(day, event.is_right, event.confidence, in_quiz=True, hinted=event.hinted)


def _place(person_id: int, event: QuestionAnswered) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "item_id": event.item_id,
        "version_id": event.version_id,
        "lesson_id": event.lesson_id,
    }


def _begin(person_id: int, event: QuestionAnswered, given: Given) -> bool:
    """Begin a memory; whether there was none. The topic's importance decides when it is due: the database knows it."""
    policy = numbers.policy()
    fresh = {name: state.after(None, given, Importance(name, event.is_critical), policy).state for name in _IMPORTANCES}
    values = remembering.columns_of(fresh["ordinary"]) | _place(person_id, event) | {"topic": event.topic_ids[0]}
    for name, found in fresh.items():
        values |= {f"interval_{name}": found.interval, f"due_on_{name}": found.due_on}
    return ask(_first(database()), values).scalar() is not None


@cache
def _first(dialect: str) -> Any:
    table = table_of(Memory)
    rank = case((Topic.importance == "critical", rules.CRITICAL), else_=_param("rank"))
    chosen: dict[str, Any] = {"topic_id": Topic.id, "rank": rank}
    for column in ("interval", "due_on"):
        kind = table.c[column].type
        by_importance = {name: bindparam(f"{column}_{name}", type_=kind) for name in _IMPORTANCES}
        chosen[column] = case(by_importance, value=Topic.importance, else_=by_importance["ordinary"])
    columns = [chosen.get(column.name, _param(column.name)).label(column.name) for column in table.c]
    rows = select(*columns).where(Topic.id == bindparam("topic", type_=Integer))
    statement = insert_for(dialect, Memory).from_select([column.name for column in table.c], rows)
    return statement.on_conflict_do_nothing().returning(table.c.item_id)


def _param(name: str) -> Any:
    return bindparam(name, type_=table_of(Memory).c[name].type)
