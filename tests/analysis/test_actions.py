"""Letting answers count, on a real database: what counts, once, in order, and the same when it is done anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from peerlearn.accounts.models import Person
from peerlearn.analysis import actions, rules
from peerlearn.analysis.models import Ability, AnalysisCursor, FirstAnswer, ItemFigures
from peerlearn.core import clock
from peerlearn.core.db import ask, table_of
from peerlearn.core.db import db as database
from peerlearn.core.facts import Fact
from peerlearn.learn.events import PretestAnswered
from peerlearn.learn.models import Reading
from peerlearn.practice.events import ItemReviewed
from tests import factories
from tests.analysis.crowd import Reply, Room, catch_up, caught_up, room
from tests.factories import MONDAY
from tests.page import Client

RIGHT, WRONG = ("b",), ("a",)


@pytest.fixture
def here(db: Any) -> Room:
    return room(factories.published_lesson())


def abilities(person: Person) -> dict[int, tuple[float, int]]:
    rows = database.session.scalars(select(Ability).where(Ability.person_id == person.id))
    return {row.topic_id: (row.theta, row.answers) for row in rows}


def figures(here: Room, place: int = 0) -> ItemFigures | None:
    database.session.expire_all()
    return database.session.get(ItemFigures, here.questions[place].version_id)


def test_a_first_answer_moves_ability_and_difficulty(here: Room, person: Person) -> None:
    here.take(person, Reply(0, RIGHT))
    caught_up()
    chance = 1 / 3
    theta, difficulty = rules.update(0, 0, chance, True, person=0, item=0)
    assert abilities(person) == {0: (theta, 1), here.lesson.topic_id: (theta, 1)}
    found = figures(here)
    assert found is not None
    assert (found.difficulty, found.rated, found.answers, found.seen, found.right) == (difficulty, 1, 1, 1, 1)
    assert found.given == {'["b"]': [1, 1, 1, 0]}


def test_a_new_topic_begins_with_the_ability_of_all_topics(here: Room, person: Person) -> None:
    other = room(factories.published_lesson())
    here.take(person, Reply(0, RIGHT))
    other.take(person, Reply(0, WRONG))
    caught_up()
    first, _ = rules.update(0, 0, 1 / 3, True, person=0, item=0)
    begun, _ = rules.update(first, 0, 1 / 3, False, person=0, item=0)
    overall, _ = rules.update(first, 0, 1 / 3, False, person=1, item=0)
    assert abilities(person)[other.lesson.topic_id] == (begun, 1)
    assert abilities(person)[0] == (overall, 2)
    assert database.session.scalars(select(FirstAnswer.theta).order_by(FirstAnswer.fact_id)).all() == [0, first]


@pytest.mark.parametrize(
    "reply", [Reply(0, RIGHT, seconds=1.0), Reply(0, RIGHT, is_own=True), Reply(0, RIGHT, number=2)]
)
def test_haste_own_answers_and_retakes_say_nothing(here: Room, person: Person, reply: Reply) -> None:
    here.take(person, reply)
    caught_up()
    assert abilities(person) == {}
    assert figures(here) is None
    assert actions.cursor_now() > 0


def test_the_same_question_in_a_later_version_is_no_first_answer(here: Room, person: Person) -> None:
    here.take(person, Reply(0, RIGHT))
    here.major += 1
    here.take(person, Reply(0, RIGHT))
    caught_up()
    assert abilities(person)[0][1] == 1


def review(here: Room, place: int, *, was_due: bool = True) -> ItemReviewed:
    stored = here.questions[place]
    return ItemReviewed(
        lesson_id=here.lesson.id,
        item_id=stored.item_id,
        version_id=stored.version_id,
        question_id=1,
        topic_ids=(here.lesson.topic_id,),
        is_right=True,
        mark=1.0,
        confidence=None,
        guess_chance=1 / 3,
        seconds=None,
        is_rapid=False,
        was_due=was_due,
        scheduled_days=2,
        days_since=2,
        tier_repeated=False,
        is_own=False,
    )


def test_a_due_review_moves_the_difficulty_and_is_no_first_answer(here: Room, person: Person) -> None:
    here.take(person, Reply(0, RIGHT))
    here.tell(person, review(here, 0), review(here, 0, was_due=False))
    caught_up()
    found = figures(here)
    assert found is not None
    assert (found.rated, found.answers, found.seen) == (2, 1, 1)


def test_an_answer_before_reading_is_counted_apart(here: Room, person: Person) -> None:
    stored = here.questions[0]
    reading = Reading(person_id=person.id, lesson_id=here.lesson.id, revision_id=here.revision_id)
    reading.pretest_version_id = stored.version_id
    database.session.add(reading)
    database.session.flush()
    here.tell(person, PretestAnswered(here.lesson.id, 1, stored.item_id, True, False, False, 9.0))
    caught_up()
    found = figures(here)
    assert found is not None
    assert (found.pretests, found.pretests_right, found.answers, found.rated) == (1, 1, 0, 0)
    assert abilities(person) == {}


def test_an_answer_with_a_hint_says_nothing_about_the_question(here: Room, person: Person) -> None:
    here.take(person, Reply(0, RIGHT, hinted=True))
    here.tell(person, replace(review(here, 0), hinted=True))
    caught_up()
    assert abilities(person) == {}
    assert figures(here) is None


def test_answers_count_once_however_often_it_runs(here: Room, person: Person) -> None:
    here.take(person, Reply(0, RIGHT))
    assert catch_up() > 0
    assert catch_up() == 0
    assert abilities(person)[0][1] == 1


def test_who_comes_second_leaves_all_as_it_is(here: Room, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process moves the cursor on between our reading and our writing."""
    here.take(person, Reply(0, RIGHT))

    def quicker(*, keep: bool = False) -> None:
        ask(update(AnalysisCursor).values(fact_id=AnalysisCursor.fact_id + 1000))

    monkeypatch.setattr(actions, "start_writing", quicker)
    assert catch_up() == 0
    assert abilities(person) == {}


def test_a_fact_that_is_still_being_stored_is_waited_for(here: Room) -> None:
    """On PostgreSQL a later fact may be seen before an earlier one: then there is a gap between their numbers."""
    caught_up()
    last = actions.cursor_now()
    fact = {"id": last + 2, "at": MONDAY, "day": MONDAY.date(), "type": "Other", "actor_id": None, "data": {}}
    ask(insert(table_of(Fact)), fact)
    with clock.at(MONDAY + timedelta(seconds=59)):
        assert actions.catch_up() == 0
    with clock.at(MONDAY + timedelta(seconds=61)):
        assert actions.catch_up() == 1
    assert actions.cursor_now() == last + 2


def crowd(here: Room, people: int, seed: int) -> None:
    chance = Random(seed)
    for _ in range(people):
        person = factories.person(team=None)
        able = chance.random()
        given = [
            Reply(
                0,
                RIGHT if chance.random() < able else chance.choice((("a",), ("c",))),
                chance.choice(("guess", "certain")),
            ),
            Reply(1, ("a",) if chance.random() < able else ("b",), seconds=chance.choice((1.0, 9.0, 30.0))),
            Reply(2, ("Last  Step",) if chance.random() < able else ("first step",)),
        ]
        here.take(person, *given)
        if chance.random() < 0.5:
            here.tell(person, review(here, chance.randrange(3)))


def tables() -> dict[str, list[Any]]:
    found = {}
    for model in (Ability, ItemFigures, FirstAnswer, AnalysisCursor):
        table = table_of(model)
        found[table.name] = [tuple(map(str, row)) for row in ask(select(table).order_by(*table.primary_key))]
    return found


@pytest.mark.parametrize("portion", [1, 7, 1000])
def test_done_anew_it_is_the_same(db: Any, portion: int) -> None:
    rooms = [room(factories.published_lesson()), room(factories.published_lesson())]
    for seed, here in enumerate(rooms):
        crowd(here, 8, seed)
        caught_up(portion)
    before = tables()
    assert len(before["first_answers"]) > 30
    actions.forget()
    caught_up(1000)
    assert tables() == before


def test_only_the_newest_answers_are_looked_at(here: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.book, "POLICY", rules.Policy(window=4))
    for given in (WRONG, WRONG, RIGHT, RIGHT, RIGHT, RIGHT):
        here.take(factories.person(team=None), Reply(0, given))
        caught_up()
    found = figures(here)
    assert found is not None
    assert (found.answers, found.seen, found.right) == (6, 4, 4)


def test_many_facts_cost_as_many_statements_as_few(here: Room, statements: list[str]) -> None:
    counts = []
    for people, seed in ((2, 1), (40, 2), (60, 3)):
        crowd(here, people, seed)
        statements.clear()
        assert catch_up() > people
        counts.append(len(statements))
    few, flagged, many = counts
    assert few == many <= 15
    assert flagged <= few + 10, "what raising flags and letting a question rest costs"


def test_an_answer_asks_for_it_to_count_soon(client: Client, person: Person, app: Any) -> None:
    walk = factories.Walk(person, factories.published_lesson().slug, clock.now())
    walk.read()
    attempt = walk.start().attempt
    browser = client
    browser.sign_in(person)
    waiting = app.extensions["afterwards"].waiting
    waiting.clear()
    page = browser.get(f"/attempts/{attempt.id}")
    browser.post(f"/attempts/{attempt.id}/1", page.fields(f"/attempts/{attempt.id}/1"), status=422)
    assert not waiting
    value = next(one.get("value") for one in page.all("input") if one.get("name") == "answer")
    with clock.at(walk.moment + timedelta(seconds=12)):
        browser.post(f"/attempts/{attempt.id}/1", {"answer": value, "confidence": "guess"})
    assert list(waiting) == [actions.catch_up_soon]
    waiting.clear()
