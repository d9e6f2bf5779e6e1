"""What everybody holds, added up by numpy: equal to the plain rules, in pages, and announced."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import insert, select

from peerlearn import cli
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.facts import Fact
from peerlearn.practice import inventory, recompute, rules
from peerlearn.practice.memory import Trace, retrievability
from peerlearn.practice.models import Holding, Memory
from peerlearn.practice.recompute import States
from tests import factories
from tests.practice import held_rows
from tests.practice.test_held_rules import close, example
from tests.practice.test_holding import refreshed

DAY = date(2026, 1, 5)
SINCE_1970 = (DAY - date(1970, 1, 1)).days


class Link(NamedTuple):
    """An active item in one of its topics."""

    item_id: int
    topic_id: int
    lesson_id: int
    weight: int


def _links(chance: Random, items: int, topics: int) -> list[Link]:
    """Some items are in no topic any more, some in three; topics have ids far apart."""
    found = []
    for item in range(1, items + 1):
        weight = chance.choice((1, 1, 1, 2))
        for topic in sorted(chance.sample(range(topics), chance.choice((0, 1, 1, 1, 2, 3)))):
            found.append(Link(3 * item, 1000 * topic + 7, item, weight))
    return found


def _states(chance: Random, people: int, items: int) -> list[tuple[int, int, float, int, bool]]:
    return [
        (5 * person, 3 * item, chance.uniform(0.2, 400), chance.randrange(-2, 500), chance.random() < 0.8)
        for person in range(1, people + 1)
        for item in sorted(chance.sample(range(1, items + 4), chance.randrange(1, items)))
    ]


@pytest.mark.parametrize("seed", range(8))
def test_many_at_once_are_what_the_rules_say_of_each(seed: int) -> None:
    chance = Random(seed)
    links, states = _links(chance, 40, 3 + seed), _states(chance, 30, 40)
    totals = recompute.add_up(_arrays(states), recompute.items_of(iter(links)), SINCE_1970)
    rows = [dict(zip(recompute.COLUMNS, row, strict=True)) for row in totals.rows(DAY)]
    found = {(row["person_id"], row["topic_id"]): row for row in rows}
    wanted = _by_the_rules(links, states)
    assert found.keys() == wanted.keys()
    for key, (held, known) in wanted.items():
        row = found[key]
        assert row["held"] == pytest.approx(held.amount, rel=1e-12)
        assert row["coverage"] == pytest.approx(held.coverage, rel=1e-12)
        assert (row["proven"], row["items"], row["is_holder"]) == (held.proven, known, held.is_holder())
    assert totals.holders() == [key for key, row in found.items() if row["is_holder"]]
    assert totals.holders() or seed


def _arrays(states: list[tuple[int, int, float, int, bool]]) -> States:
    person, item, stability, ago, proven = zip(*states, strict=True)
    return States(
        np.array(person), np.array(item), np.array(stability), SINCE_1970 - np.array(ago), np.array(proven, dtype=bool)
    )


def _by_the_rules(links: list[Link], states: list[Any]) -> dict[tuple[int, int], tuple[rules.Held, int]]:
    of_topic, of_item = defaultdict(list), defaultdict(list)
    for link in links:
        of_topic[link.topic_id].append(link)
        of_item[link.item_id].append(link)
    pieces = defaultdict(list)
    for person, item, stability, ago, proven in states:
        for link in of_item[item]:
            piece = rules.Piece(link.weight, retrievability(stability, ago), proven)
            pieces[person, link.topic_id].append(piece)
    return {
        (person, topic): (
            rules.held(found, len(of_topic[topic]), sum(link.weight for link in of_topic[topic])),
            len(found),
        )
        for (person, topic), found in pieces.items()
    }


def test_without_active_items_nobody_holds_anything() -> None:
    states = _arrays(_states(Random(1), 3, 5))
    assert recompute.add_up(states, recompute.items_of(iter([])), SINCE_1970).rows(DAY) == []


def run(db: Any, day: date = DAY) -> list[int]:
    """The job; how far it had come after each page."""
    told = list(recompute.everybody(day))
    db.session.expire_all()
    return told


def stored(db: Any) -> list[tuple[Any, ...]]:
    """All that is kept, without the day."""
    rows = db.session.query(Holding).order_by(Holding.person_id, Holding.topic_id)
    return [(r.person_id, r.topic_id, r.held, r.coverage, r.proven, r.items, r.is_holder) for r in rows]


def _company(people: int) -> list[Any]:
    chance = Random(people)
    topics = [factories.topic() for _ in range(3)]
    lessons = [held_rows.lesson(*chance.sample(topics, count), items=5, critical={0}) for count in (1, 1, 2, 3)]
    found = [factories.person(timezone="UTC") for _ in range(people)]
    for person in found:
        for lesson in chance.sample(lessons, 2):
            for place in range(5):
                day = DAY - timedelta(days=chance.randrange(90))
                trace = Trace(chance.uniform(0.5, 300), 5.0, day, 1)
                held_rows.remember(person, lesson, place, trace, proven=chance.random() < 0.5)
    return found


def test_the_job_keeps_what_finishing_a_set_keeps(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recompute, "_PACKED", recompute._PACKED.limit(2))
    people = _company(7)
    assert run(db) == [20, 40, 60, 70, 70]
    by_job = stored(db)
    topic_ids = [row.topic_id for row in db.session.query(Holding.topic_id).distinct()]
    db.session.query(Holding).delete()
    with clock.at(clock.start_of_day(DAY, "UTC") + timedelta(hours=9)):
        for person in people:
            refreshed(factories.reloaded(person), *topic_ids)
    by_set = [row for row in stored(db) if row[5]]
    assert len(by_job) == len(by_set) > 10
    for mine, theirs in zip(by_job, by_set, strict=True):
        assert mine[:2] == theirs[:2]
        assert mine[2:6] == pytest.approx(theirs[2:6], abs=1e-6)
        assert mine[6] == theirs[6]
    assert {row.day for row in db.session.query(Holding)} == {DAY}


def test_the_example_through_the_job(db: Any) -> None:
    person, topic = factories.person(), factories.topic()
    lesson = held_rows.lesson(topic, items=4)
    for place, traces in enumerate(example().values()):
        held_rows.remember(person, lesson, place, traces[-1])
    run(db, date(2025, 2, 5))
    (row,) = stored(db)
    assert row == (person.id, topic.id, close(2.1434), close(0.5359), 0, 3, False)


def test_what_is_remembered_for_longer_than_any_life_leaves_its_neighbours_alone(db: Any) -> None:
    person, topic = factories.person(), factories.topic()
    lesson = held_rows.lesson(topic, items=3)
    for place, stability in enumerate((9.0, 0.0000014, 250_000.0)):
        held_rows.remember(person, lesson, place, Trace(stability, 5.0, DAY - timedelta(days=9), 1), proven=place == 2)
    run(db)
    (row,) = stored(db)
    assert row[2] == pytest.approx(sum(retrievability(days, 9) for days in (250_000, 0.000001, 9)), abs=0.0001)
    assert row[4:6] == (pytest.approx(1 / 3), 3)


def test_what_is_no_longer_so_is_forgotten(db: Any) -> None:
    topic, other = factories.topic(), factories.topic()
    before, person, after = (factories.person() for _ in range(3))
    for each in (before, person, after):
        held_rows.holding(each, other)
    held_rows.remember_all(person, held_rows.lesson(topic, items=5))
    run(db)
    assert [row[:2] for row in stored(db)] == [(person.id, topic.id)]
    assert run(db) == [5, 5]
    assert len(stored(db)) == 1


def test_whoever_becomes_a_holder_is_announced_once(db: Any) -> None:
    topic = factories.topic()
    curator = factories.person(roles=(("curator", topic.id),))
    lesson = held_rows.lesson(topic, items=5)
    for each in (factories.person(), curator):
        held_rows.remember_all(each, lesson)
    for _ in range(2):
        run(db, clock.today("UTC"))
    facts = db.session.query(Fact).filter_by(type="TopicHeld").order_by(Fact.id).all()
    assert [fact.data for fact in facts] == [
        {"topic_id": topic.id, "is_own": True},
        {"topic_id": topic.id, "is_own": False},
    ]


@pytest.mark.parametrize("people", [3, 30])
def test_a_page_costs_three_statements(db: Any, statements: list[str], people: int) -> None:
    lesson = held_rows.lesson(factories.topic(), items=2)
    for _ in range(people):
        held_rows.remember_all(factories.person(), lesson)
    items = recompute.items_of(inventory.in_order())
    statements.clear()
    assert recompute.next_page(0, items, DAY)
    assert len(statements) == 3


def _crowd(people: int, others: int) -> None:
    """People with six memories each, stored at once; one of twenty is about to be a holder."""
    lesson, like, team = held_rows.lesson(factories.topic(), items=6), factories.person(), factories.team()
    versions = held_rows.versions_of(lesson)
    names = [f"crowd{number}@example.org" for number in range(others, others + people)]
    shared = {"name": "Crowd", "team_id": team.id, "timezone": "UTC", "password_hash": like.password_hash}
    database.session.execute(insert(Person), [{"email": name, "email_key": name, **shared} for name in names])
    ids = database.session.scalars(select(Person.id).where(Person.email_key.in_(names)))
    of_all = {"lesson_id": lesson.id, "topic_id": lesson.topic_id, "rank": 1, "difficulty": 5.0, "interval": 9}
    days = {"answered_on": DAY, "due_on": DAY}
    database.session.execute(
        insert(Memory),
        [
            of_all
            | days
            | {"person_id": person, "item_id": one.item_id, "version_id": one.id}
            | {"stability": 90.0 + number % 7, "is_proven": number % 20 == 0}
            for number, person in enumerate(ids)
            for one in versions
        ],
    )
    database.session.commit()


def _peak(people: int) -> float:
    """The most that the job took at any time, in bytes, beside what was there when it began."""
    gc.freeze()  # what all tests before this one left is not looked through again at each page
    tracemalloc.start()
    for _ in recompute.everybody(DAY):
        database.session.commit()
        gc.collect()  # what nobody holds any more is not held by the job
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    gc.unfreeze()
    assert database.session.query(Holding).count() == people
    return peak


def test_the_job_takes_no_more_memory_for_more_people(db: Any) -> None:
    _crowd(250, 0)
    list(recompute.everybody(DAY))  # what is made once, however many people there are
    _crowd(500, 250)  # both times there are new holders to announce
    few = _peak(750)
    _crowd(2000, 750)
    more = _peak(2750)
    assert more < 1.25 * few


def test_the_command_says_how_far_it_is(app: Flask, db: Any) -> None:
    lesson = held_rows.lesson(factories.topic(), items=4)
    held_rows.remember_all(factories.person(), lesson)
    result = app.test_cli_runner().invoke(cli.practice_group, ["recompute"])
    assert result.exit_code == 0, result.output
    assert "Memories added up 4/4\n" in result.output
    assert "4 memories added up for" in result.output
    assert len(stored(db)) == 1


def test_a_web_server_does_not_carry_numpy() -> None:
    code = "import sys, peerlearn.app, peerlearn.practice.holding; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
