"""The rows about practice: drawing a set, answering, what one holds, and adding up what everybody holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from statistics import median
from time import process_time
from typing import Any

import numpy as np
from flask import Flask
from sqlalchemy import select

from bench import measure
from bench.company import Bench
from bench.measure import Cost, Row, each, same
from bench.memories import LONG, LONGEST
from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db, reading
from peerlearn.practice import drawing, inventory, material, recompute
from peerlearn.practice.models import Memory
from peerlearn.practice.recompute import States
from peerlearn.quizzes.models import ItemVersion

STATEMENTS = 10  # of an answer, at most
DRAWING = 6  # statements that choose a set, at most
RATIO = 2.5
AT_ONCE = 100  # milliseconds: what takes longer is felt
TURNS = 60
STATES = 1_000_000
RUNS = 3  # of the whole job; the quickest counts, as with everything that is measured in one process
SETTLED = 5
DAY = 20_000  # since 1970
Act = Callable[[Person], Any]


def drawn_sets(bench: Bench) -> Iterator[Row]:
    """What is asked today, for the one who remembers most, beside reading the same questions by their keys."""
    with bench.app.app_context(), reading():
        ids = _choose(accounts.people_by_id({LONGEST})[LONGEST])
        db.session.remove()
    with measure.counted(bench.app) as seen:
        _spent(bench.app, _choose)
    found = _in_turns(bench.app, _choose, partial(_read, ids))
    count = len(seen) - 2  # who it is was read by two
    name = f"drawing a set, {LONG:,} memories"
    yield Row(name, f"{found.ours:.2f} ms", f"{found.anchor:.2f} ms", found.ratio, 3, statements=count)
    yield Row("    its statements", "", "", count, DRAWING, "")


def _choose(person: Person) -> list[int]:
    """All that is read to draw a set; the wordings that are asked."""
    today = clock.today(person.timezone)
    opening = material.opening(person, today)
    ids = [item.candidate.version_id for item in drawing.draw(person, today, opening.due, opening.start.size)]
    material.times(person.id, ids)
    return ids


def _read(ids: list[int], person: Person) -> None:
    for version_id in ids:
        db.session.get_one(ItemVersion, version_id)


def _spent(app: Flask, act: Act) -> float:
    """Milliseconds of processor time that something takes in a session of its own."""
    with app.app_context(), reading():
        person = accounts.people_by_id({LONGEST})[LONGEST]
        start = process_time()
        act(person)
        spent = process_time() - start
        db.session.remove()
    return 1000 * spent


def _in_turns(app: Flask, ours: Act, anchor: Act) -> Cost:
    """Both in turns, in this process; the first ones warm up."""
    pairs = [(_spent(app, ours), _spent(app, anchor)) for _ in range(TURNS + SETTLED)][SETTLED:]
    mine, theirs = zip(*pairs, strict=True)
    return Cost(median(mine), median(theirs), median(a / b for a, b in pairs))


def practice_answers(bench: Bench) -> Iterator[Row]:
    """Answers to questions of a set beside the plain submit; the last one also finishes the set and is paid."""
    rows = (
        ("practice answer in between", bench.practised.first_answers),
        ("practice answer that ends a set", bench.practised.last_answers),
    )
    for name, answers in rows:
        found = bench.beside(name, each(bench.submit(answer) for answer in answers), bench.plain_submits, RATIO)
        yield found
        yield Row("    its statements", "", "", found.statements or 0, STATEMENTS, "")


def held_page(bench: Bench) -> Iterator[Row]:
    """The page of what one holds, for the one who remembers most: still at once. Beside it only reading the rows."""
    request = bench.page("/practice/held", LONGEST)
    count = measure.statements(bench.app, same(request))
    ours = min(measure.cost(bench.ours, [request]) for _ in range(SETTLED))
    raw = min(_spent(bench.app, _memories) for _ in range(SETTLED))
    yield Row(f"what I hold, {LONG:,} memories", f"{ours:.2f} ms", f"{raw:.2f} ms", ours, AT_ONCE, "ms", count)


def _memories(person: Person) -> Any:
    wanted = select(Memory.item_id, Memory.topic_id, Memory.stability, Memory.answered_on, Memory.is_proven)
    return db.session.execute(wanted.where(Memory.person_id == person.id)).all()


def added_up(bench: Bench) -> Iterator[Row]:
    """Adding up what everybody holds: in numpy alone, and the whole job with reading and storing."""
    with bench.app.app_context():
        day = clock.today(bench.app.config["SETTINGS"].timezone)
        items = recompute.items_of(inventory.in_order())
        states = _states(items)
        core = measure.quickest(partial(recompute.add_up, states, items, DAY))
        total, job = recompute.count(), min(_add_up_all(day) for _ in range(RUNS))
        db.session.remove()
    yield _rate("adding up in numpy", core, len(states))
    yield _rate("adding up, the whole job", job, total)


def _add_up_all(day: date) -> float:
    """Milliseconds of processor time that the whole job takes."""
    start = process_time()
    for _done in recompute.everybody(day):
        db.session.commit()
    return 1000 * (process_time() - start)


def _rate(name: str, milliseconds: float, count: int) -> Row:
    """A million a second is one millionth of a second each."""
    found = 1000 * milliseconds / count
    return Row(name, f"{count / milliseconds / 1000:.2f} M/s", f"{count:,}", found, 1, "µs")


def _states(items: recompute.Items) -> States:
    """Many memories of many people."""
    chance = np.random.default_rng(1)
    active = np.flatnonzero(items.count)
    each = 250
    return States(
        person=np.repeat(np.arange(STATES // each), each),
        item=chance.choice(active, STATES),
        stability=chance.uniform(1, 300, STATES),
        answered=chance.integers(DAY - 200, DAY, STATES),
        is_proven=chance.random(STATES) < 0.5,
    )
