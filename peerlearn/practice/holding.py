"""What one person holds: added up from their memories for today, and kept for questions about many people.

A page of one's own adds up anew. What is asked about topics and teams reads the kept rows, which carry the day for
which they were added up: they are renewed after people have finished sets, for all of these at once, and everybody's by
`recompute`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, func, select

from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.afterwards import store
from peerlearn.core.db import ask, database, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.core.upsert import insert_for
from peerlearn.lessons.models import LessonTopic, Topic
from peerlearn.practice import growing, inventory, memory, rules
from peerlearn.practice.events import KnowledgeAddedUp, TopicHeld
from peerlearn.practice.models import Holding, Memory
from peerlearn.practice.rules import POLICY, Held, Piece

ME: Any = bindparam("me", type_=Integer)
PEOPLE: Any = bindparam("people", expanding=True)
TOPICS: Any = bindparam("topics", expanding=True)
Practised = tuple[int, int]  # a person, and a topic of which they answered questions


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


@dataclass(frozen=True)
class Line:
    """What a person holds of a topic they practised, of so many questions known, on their day."""

    person_id: int
    topic_id: int
    held: Held
    known: int
    day: date
    was_holder: bool

    def row(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "person_id": self.person_id,
            "topic_id": self.topic_id,
            "held": self.held.amount,
            "coverage": self.held.coverage,
            "proven": self.held.proven,
            "items": self.known,
            "is_holder": self.held.is_holder(),
            "day": self.day,
        }


def renew(practised: Collection[Practised]) -> bool:
    """Add up anew, after responses, what people hold of the topics they practised; whether somebody is left.

    What is lost with its process is made up for by their next sets, and by the nightly job.
    """
    person_ids = {person_id for person_id, _topic_id in practised}
    done = _keep_up(person_ids, practised)
    store()
    tell(done)
    return len(done) < len(person_ids)


@deed
def _keep_up(person_ids: Collection[int], practised: Collection[Practised]) -> set[int]:
    """All is read and worked out before the writing begins; who answered meanwhile is left for the next time."""
    before = growing.marks_of(person_ids)
    lines = added_up(accounts.time_zones_of(person_ids), practised)
    growths = growing.added_up(person_ids)
    start_writing()
    same = growing.same_as(before)
    keep([line for line in lines if line.person_id in same])
    growing.keep([row for row in growths if row["person_id"] in same])
    return same


@deed
def tell(person_ids: Iterable[int]) -> None:
    """Say whose knowledge was added up anew: badges may follow."""
    start_writing()
    for person_id in person_ids:
        publish(KnowledgeAddedUp(person_id), by=None)


def added_up(zones: Mapping[int, str], practised: Collection[Practised]) -> list[Line]:
    """What people hold of the topics they practised, in one statement; their time zones say which day it is."""
    if not practised:
        return []
    pieces: dict[Practised, list[Remembered]] = {pair: [] for pair in practised}
    before: set[Practised] = set()
    whose = {"people": list(zones), "topics": list({topic_id for _person_id, topic_id in practised})}
    for person_id, *row, was_holder in ask(_of_topics(), whose):
        pair = person_id, row[0]
        if pair in pieces:
            pieces[pair].append(Remembered(*row))
            before |= {pair} if was_holder else set()
    days = {person_id: clock.today(zone) for person_id, zone in zones.items()}
    return [_line_of(pair, rows, days[pair[0]], pair in before) for pair, rows in pieces.items()]


NOTHING = Held(0.0, 0.0, 0.0, 0)


def _line_of(pair: Practised, rows: Sequence[Remembered], day: date, was_holder: bool) -> Line:
    held = _held(rows, _pieces(rows, day)) if rows else NOTHING
    return Line(*pair, held, len(rows), day, was_holder)


def keep(lines: Sequence[Line]) -> None:
    """Keep what was added up; part of a deed.

    Who holds a topic now and did not before has become a holder, and that is announced: once, so it is asked again
    whether somebody else has kept it since.
    """
    if not lines:
        return
    fresh = {(line.person_id, line.topic_id) for line in lines if line.held.is_holder() and not line.was_holder}
    if fresh:
        person_ids = {person_id for person_id, _topic_id in fresh}
        fresh -= {tuple(row) for row in ask(_HOLDERS, {"people": list(person_ids)})}
    ask(storing(database()), [line.row() for line in lines])
    if fresh:
        people = accounts.people_by_id({person_id for person_id, _topic_id in fresh})
        for person_id, topic_id in sorted(fresh):
            person = people[person_id]
            publish(TopicHeld(topic_id, is_own=person.holds("curator", topic_id)), by=person)


_HOLDERS = select(Holding.person_id, Holding.topic_id).where(Holding.person_id.in_(PEOPLE), Holding.is_holder)


@cache
def storing(database: str) -> Any:
    """The statement that stores what was added up in place of what was there."""
    statement = insert_for(database, Holding)
    changed = ("held", "coverage", "proven", "items", "is_holder", "day")
    return statement.on_conflict_do_update(
        index_elements=("person_id", "topic_id"), set_={name: statement.excluded[name] for name in changed}
    )


def _sized(topics: Any) -> Any:
    """The active items of these topics, each with the number and weight of its whole topic's."""
    active = inventory.active_items().where(LessonTopic.topic_id.in_(topics)).subquery()
    return select(
        active.c.topic_id,
        active.c.item_id,
        active.c.weight,
        func.count().over(partition_by=active.c.topic_id).label("items"),
        func.sum(active.c.weight).over(partition_by=active.c.topic_id).label("whole"),
    ).subquery()


def _remembered(items: Any) -> tuple[Any, ...]:
    """The columns of `Remembered`."""
    memory = (Memory.stability, Memory.answered_on, Memory.is_proven)
    return (items.c.topic_id, items.c.item_id, items.c.weight, *memory, items.c["items"], items.c["whole"])


@cache
def _of_topics() -> Select[Any]:
    """What people remember of some topics, and whether each was held when it was last added up."""
    items = _sized(TOPICS)
    mine = and_(Holding.person_id == Memory.person_id, Holding.topic_id == items.c.topic_id)
    return (
        select(Memory.person_id, *_remembered(items), Holding.is_holder)
        .join(items, items.c.item_id == Memory.item_id)
        .outerjoin(Holding, mine)
        .where(Memory.person_id.in_(PEOPLE))
    )


@cache
def _of_known_topics() -> Select[Any]:
    """What is remembered of all topics of which there is a memory."""
    known = (
        select(LessonTopic.topic_id)
        .join(Memory, Memory.lesson_id == LessonTopic.lesson_id)
        .where(Memory.person_id == ME)
    )
    items = _sized(known)
    return (
        select(Topic.slug, Topic.name, Topic.hue, *_remembered(items))
        .select_from(Memory)
        .join(items, items.c.item_id == Memory.item_id)
        .join(Topic, Topic.id == items.c.topic_id)
        .where(Memory.person_id == ME)
        .order_by(items.c.topic_id, items.c.item_id)
    )
