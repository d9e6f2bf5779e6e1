"""What one person holds: added up from their memories for today, and kept for questions about many people.

A page of one's own adds up anew. What is asked about topics and teams reads the kept rows, which carry the day for
which they were added up: they are renewed after a person has finished a set, and all of them by `recompute`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, func, select

from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, database, db, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.core.upsert import insert_for
from peerlearn.lessons.models import LessonTopic, Topic
from peerlearn.practice import growing, inventory, memory, rules
from peerlearn.practice.events import KnowledgeAddedUp, TopicHeld
from peerlearn.practice.models import Holding, Memory
from peerlearn.practice.rules import POLICY, Held, Piece

ME: Any = bindparam("me", type_=Integer)
TOPICS: Any = bindparam("topics", expanding=True)


@dataclass(frozen=True, slots=True)
class Remembered:
    """An active item that a person has a memory of; `items` and `whole` are the number and weight of its topic's."""

    topic_id: int
    item_id: int
    weight: int
    stability: float
    answered_on: date
    is_proven: bool
    items: int
    whole: int

    def chance(self, day: date) -> float:
        """The chance that it is recalled on that day."""
        return memory.retrievability(self.stability, (day - self.answered_on).days)


@dataclass(frozen=True)
class TopicLine:
    """What a person holds of one topic. `held` is by weight; `recalled` is in questions, of those `known`."""

    slug: str
    name: str
    hue: int
    held: Held
    recalled: float
    known: int


@dataclass(frozen=True)
class Overview:
    """What a person holds: of all questions they have learned, topic by topic, and how it fades without practice."""

    day: date
    known: int
    curve: tuple[tuple[int, float], ...]  # days from now and questions held then
    topics: tuple[TopicLine, ...]

    @property
    def held(self) -> int:
        """How many questions are held now, as whole ones."""
        return round(self.curve[0][1])

    @property
    def forecast(self) -> int:
        """How many will be held after the forecast's days, without practice."""
        return round(dict(self.curve)[POLICY.forecast_days])


def overview(person: Person) -> Overview:
    """What this person holds today, in one statement."""
    day = clock.today(person.timezone)
    by_topic: dict[tuple[str, str, int], list[Remembered]] = {}
    for slug, name, hue, *row in ask(_of_known_topics(), {"me": person.id}):
        by_topic.setdefault((slug, name, hue), []).append(Remembered(*row))
    lines = [_line(topic, rows, day) for topic, rows in by_topic.items()]
    once = {row.item_id: row for rows in by_topic.values() for row in rows}.values()
    traces = [(row.stability, (day - row.answered_on).days) for row in once]
    curve = tuple((days, memory.recalled(traces, days)) for days in POLICY.curve_days)
    return Overview(day, len(once), curve, tuple(sorted(lines, key=lambda line: (-line.held.coverage, line.name))))


def _line(topic: tuple[str, str, int], rows: Sequence[Remembered], day: date) -> TopicLine:
    pieces = _pieces(rows, day)
    return TopicLine(*topic, _held(rows, pieces), sum(piece.chance for piece in pieces), len(rows))


def _pieces(rows: Sequence[Remembered], day: date) -> list[Piece]:
    return [Piece(row.weight, row.chance(day), row.is_proven) for row in rows]


def _held(rows: Sequence[Remembered], pieces: Sequence[Piece]) -> Held:
    return rules.held(pieces, rows[0].items, rows[0].whole)


@deed
def renew(person_id: int, topic_ids: Collection[int]) -> bool:
    """Add up anew what somebody holds of the topics they practised, after the response; whether more is left.

    One that is lost with its process is made up for by the next set, and by the nightly job.
    """
    start_writing()
    refresh(accounts.people_by_id({person_id})[person_id], topic_ids)
    growing.add_up(person_id)
    publish(KnowledgeAddedUp(person_id), by=None)
    return False


def refresh(person: Person, topic_ids: Collection[int]) -> None:
    """Add up anew what a person holds of some topics and keep it, in two statements; part of a deed.

    Who holds a topic now and did not before has become a holder, and that is announced.
    """
    if not topic_ids:
        return
    db.session.flush()
    day = clock.today(person.timezone)
    by_topic: dict[int, list[Remembered]] = {topic_id: [] for topic_id in topic_ids}
    before: set[int] = set()
    for *row, was_holder in ask(_of_topics(), {"me": person.id, "topics": list(by_topic)}):
        by_topic[row[0]].append(Remembered(*row))
        before |= {row[0]} if was_holder else set()
    kept = {topic_id: _held(rows, _pieces(rows, day)) if rows else NOTHING for topic_id, rows in by_topic.items()}
    values = [_row(person.id, topic_id, held, len(by_topic[topic_id]), day) for topic_id, held in kept.items()]
    ask(keep(database()), values)
    for topic_id, held in kept.items():
        if held.is_holder() and topic_id not in before:
            publish(TopicHeld(topic_id, is_own=person.holds("curator", topic_id)), by=person)


NOTHING = Held(0.0, 0.0, 0.0, 0)


def _row(person_id: int, topic_id: int, held: Held, known: int, day: date) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "topic_id": topic_id,
        "held": held.amount,
        "coverage": held.coverage,
        "proven": held.proven,
        "items": known,
        "is_holder": held.is_holder(),
        "day": day,
    }


@cache
def keep(database: str) -> Any:
    """The statement that stores what was added up in place of what was there."""
    statement = insert_for(database, Holding)
    changed = ("held", "coverage", "proven", "items", "is_holder", "day")
    return statement.on_conflict_do_update(
        index_elements=("person_id", "topic_id"), set_={name: statement.excluded[name] for name in changed}
    )


def _remembered(topics: Any) -> Any:
    """The items of these topics that a person remembers, each with the size and weight of its whole topic."""
    active = inventory.active_items().where(LessonTopic.topic_id.in_(topics)).subquery()
    return (
        select(
            active.c.topic_id,
            active.c.item_id,
            active.c.weight,
            Memory.stability,
            Memory.answered_on,
            Memory.is_proven,
            func.count().over(partition_by=active.c.topic_id).label("items"),
            func.sum(active.c.weight).over(partition_by=active.c.topic_id).label("whole"),
        )
        .outerjoin(Memory, and_(Memory.person_id == ME, Memory.item_id == active.c.item_id))
        .subquery()
    )


@cache
def _of_topics() -> Select[Any]:
    """What is remembered of some topics, and whether each was held when it was last added up."""
    found = _remembered(TOPICS)
    mine = and_(Holding.person_id == ME, Holding.topic_id == found.c.topic_id)
    return select(found, Holding.is_holder).outerjoin(Holding, mine).where(found.c.stability.is_not(None))


@cache
def _of_known_topics() -> Select[Any]:
    """What is remembered of all topics of which there is a memory."""
    known = (
        select(LessonTopic.topic_id)
        .join(Memory, Memory.lesson_id == LessonTopic.lesson_id)
        .where(Memory.person_id == ME)
    )
    found = _remembered(known)
    return (
        select(Topic.slug, Topic.name, Topic.hue, found)
        .join(Topic, Topic.id == found.c.topic_id)
        .where(found.c.stability.is_not(None))
        .order_by(found.c.topic_id, found.c.item_id)
    )
