"""What everybody holds, added up anew for one day: what fades by itself changes without anybody answering.

It runs as a job (`peerlearn practice recompute`), in pages of some people, each a transaction of its own, so that it
takes little memory and never keeps others waiting. Handing memories over row by row would take longer than all the
rest. So the database packs those of a person into two texts, and numpy reads the texts of a page at once.

Only the command line loads this module: web servers do not carry numpy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Integer, String, bindparam, case, cast, delete, func, select, type_coerce

from peerlearn.accounts import queries as accounts
from peerlearn.core.db import ask, database, db, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.practice import holding, inventory, memory
from peerlearn.practice.events import TopicHeld
from peerlearn.practice.models import Holding, Memory
from peerlearn.practice.rules import POLICY, Policy

PEOPLE = 250  # of a page; each has at most as many memories as there are items
SCALE = 1_000_000  # stabilities travel as whole millionths of a day …
LONGEST = 99_999  # … and what holds longer than these days as these: in a lifetime that makes no difference
ROOM = 100_000 * SCALE  # for a stability, below the item's number and its bit for proven ones

COLUMNS = ("person_id", "topic_id", "held", "coverage", "proven", "items", "is_holder", "day")

Row = tuple[Any, ...]
Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class States:
    """Memories of some people, ordered by person: one entry each in every array. Days count from 1970."""

    person: Whole
    item: Whole
    stability: Real
    answered: Whole
    is_proven: Truth

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Items:
    """The active items. Item `i` has `count[i]` topics, from `first[i]` on in `topic`; topics are numbered by `ids`."""

    first: Whole
    count: Whole
    topic: Whole
    weight: Whole
    ids: Whole
    items: Whole  # of each topic …
    whole: Whole  # … and their weights together


@dataclass(frozen=True)
class Totals:
    """What some people hold of their topics: one entry for each person and topic in every array."""

    person: Whole
    topic: Whole
    held: Real
    coverage: Real
    proven: Real
    known: Whole
    is_holder: Truth

    def rows(self, day: date) -> list[Row]:
        """As they are kept: the values of COLUMNS."""
        found = (self.person, self.topic, self.held, self.coverage, self.proven, self.known, self.is_holder)
        return list(zip(*(column.tolist() for column in found), repeat(day.isoformat()), strict=False))

    def pairs(self) -> set[tuple[int, int]]:
        """Of which person and topic there is something."""
        return set(zip(self.person.tolist(), self.topic.tolist(), strict=True))

    def holders(self) -> list[tuple[int, int]]:
        """Who holds which topic."""
        return list(zip(self.person[self.is_holder].tolist(), self.topic[self.is_holder].tolist(), strict=True))


def everybody(day: date) -> Iterator[int]:
    """Add up what everybody holds on this day; tells after each page how many memories were read.

    The caller commits after each.
    """
    items = items_of(inventory.in_order())
    after, read, page = 0, 0, next_page(0, items, day)
    while page is not None:
        after, read = page[0], read + page[1]
        yield read
        page = next_page(after, items, day)
    yield read


@deed
def next_page(after: int, items: Items, day: date) -> tuple[int, int] | None:
    """Add up the people who come after this one; who was the last and how many memories they have. None at the end.

    Who has become a holder without answering anything, because a topic became smaller, is announced as well.
    """
    start_writing()  # what is answered meanwhile waits, and counts
    texts = ask(_PACKED, {"after": after}).all()
    if not texts:
        ask(delete(Holding).where(Holding.person_id > after))
        return None
    last = int(texts[-1].person_id)
    states = unpacked(texts)
    totals = add_up(states, items, (day - date(1970, 1, 1)).days)
    reach = {"after": after, "last": last}
    before = {(person_id, topic_id): held for person_id, topic_id, held in ask(_KEPT, reach).all()}
    if rows := totals.rows(day):
        db.session.connection().exec_driver_sql(_keep(database()), rows)
    if gone := before.keys() - totals.pairs():
        ask(_FORGET, [{"person": person_id, "topic": topic_id} for person_id, topic_id in gone])
    _announce([pair for pair in totals.holders() if not before.get(pair)])
    return last, len(states)


def _announce(pairs: Sequence[tuple[int, int]]) -> None:
    people = accounts.people_by_id({person_id for person_id, _topic_id in pairs}) if pairs else {}
    for person_id, topic_id in pairs:
        person = people[person_id]
        publish(TopicHeld(topic_id, is_own=person.holds("curator", topic_id)), by=person)


# Adding up


def add_up(states: States, items: Items, day: int, policy: Policy = POLICY) -> Totals:
    """K, coverage and proven share of each person and topic: `rules.held`, for many at once."""
    count = items.count[np.minimum(states.item, len(items.count) - 1)]
    row = np.repeat(np.arange(len(states)), count)
    link = np.arange(len(row)) + np.repeat(items.first[states.item * (count > 0)] - (np.cumsum(count) - count), count)
    decay, factor = memory.used().curve
    chance = (1 + factor * np.maximum(0, day - states.answered) / states.stability) ** decay
    starts = np.ones(len(states), dtype=bool)  # a person's memories stand together
    starts[1:] = states.person[1:] != states.person[:-1]
    place = (np.cumsum(starts) - 1)[row] * len(items.ids) + items.topic[link]
    every = np.bincount(place)  # counted place by place, nothing needs to be sorted
    pairs = np.flatnonzero(every)
    person, topic = np.divmod(pairs, max(1, len(items.ids)))
    held: Real = np.bincount(place, items.weight[link] * chance[row])[pairs].astype(np.float64)
    proven = np.bincount(place, states.is_proven[row])[pairs] / items.items[topic]
    coverage = held / items.whole[topic]
    is_holder = (
        (coverage >= policy.target) & (items.items[topic] >= policy.holder_items) & (proven >= policy.holder_proven)
    )
    known = every[pairs]
    return Totals(states.person[starts][person], items.ids[topic], held, coverage, proven, known, is_holder)


def items_of(rows: Iterable[Any]) -> Items:
    """The active items as arrays, from rows in the order of their items."""
    listed = [(item_id, topic_id, weight) for item_id, topic_id, _lesson_id, weight in rows]
    item, topic_id, weight = np.array(listed, dtype=np.int64).reshape(-1, 3).T
    ids, topic = np.unique(topic_id, return_inverse=True)
    count = np.bincount(item, minlength=2)
    count = np.append(count, 0)  # the last place stands for every item that is not active
    first = np.cumsum(count) - count
    whole = np.bincount(topic, weight, len(ids)).astype(np.int64)
    return Items(first, count, topic, weight, ids, np.bincount(topic, minlength=len(ids)), whole)


# Handing over

_MILLIONTHS = case((Memory.stability < LONGEST, cast(Memory.stability * SCALE, BigInteger)), else_=LONGEST * SCALE)
_NUMBER = (type_coerce(Memory.item_id, BigInteger) * 2 + cast(Memory.is_proven, Integer)) * ROOM + _MILLIONTHS
_PACKED = (
    select(
        Memory.person_id,
        func.aggregate_strings(cast(_NUMBER, String), ",").label("numbers"),
        func.aggregate_strings(cast(Memory.answered_on, String), "").label("days"),
    )
    .where(Memory.person_id > bindparam("after", type_=Integer))
    .group_by(Memory.person_id)
    .order_by(Memory.person_id)
    .limit(PEOPLE)
)


def unpacked(texts: Sequence[Any]) -> States:
    """The memories of a page, from the texts of its people."""
    days = np.frombuffer("".join(row.days for row in texts).encode("ascii"), dtype="S10").astype("datetime64[D]")
    numbers = np.fromstring(",".join(row.numbers for row in texts), dtype=np.int64, sep=",")
    item, millionths = np.divmod(numbers, ROOM)
    counts = [len(row.days) // 10 for row in texts]
    return States(
        person=np.repeat(np.array([row.person_id for row in texts], dtype=np.int64), counts),
        item=item >> 1,
        stability=np.maximum(1, millionths) / SCALE,
        answered=days.astype(np.int64),
        is_proven=(item & 1).astype(bool),
    )


def count() -> int:
    """How many memories there are."""
    return int(ask(select(func.count()).select_from(Memory)).scalar())


_KEPT = select(Holding.person_id, Holding.topic_id, Holding.is_holder).where(
    Holding.person_id > bindparam("after", type_=Integer), Holding.person_id <= bindparam("last", type_=Integer)
)
_FORGET = delete(Holding).where(
    Holding.person_id == bindparam("person", type_=Integer), Holding.topic_id == bindparam("topic", type_=Integer)
)


@cache
def _keep(database: str) -> str:
    """What stores a page, as the driver takes it: making each row ready for it would take longer than adding up."""
    marks: Any = "qmark" if database == "sqlite" else "format"
    kind: Any = type(db.engine.dialect)
    compiled = holding.storing(database).compile(dialect=kind(paramstyle=marks), column_keys=COLUMNS)
    assert compiled.positiontup == list(COLUMNS)
    return str(compiled)
