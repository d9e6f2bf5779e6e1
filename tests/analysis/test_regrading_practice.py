"""A wrong key was met in practice: answers there are marked again, points, memories and notices follow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.facts import Fact
from peerlearn.learn.models import Asked
from peerlearn.points import actions as points
from peerlearn.points.correcting import PRACTICE_PAID, PRACTICE_TAKEN_BACK
from peerlearn.points.models import LedgerEntry, PointPolicy
from peerlearn.practice import memory
from peerlearn.practice.models import DailySet, Memory, SetQuestion
from tests import factories
from tests.analysis.wrong_key import Scene, amounts, corrected, made, notices, passed, taken
from tests.factories import MONDAY
from tests.practice.days import Practice


@pytest.fixture
def scene(db: Any) -> Scene:
    return made(right=0, wrong=0)


def practised(scene: Scene, person: Person, days: int, *, single: bool, others: bool = True) -> None:
    """A day's questions: the one with the wrong key is answered so, by that key, and the others so."""
    practice = Practice(person, MONDAY + timedelta(days=days, hours=1))
    practice.start()
    item_id = scene.version.item_id
    while waiting := practice.waiting:
        practice.answer(single if waiting.item_id == item_id else others)


def met_first(scene: Scene, person: Person, days: int, *, right: bool) -> None:
    """The question is met in practice first, as something new."""
    version = scene.version
    moment = MONDAY + timedelta(days=days)
    where = {"item_id": version.item_id, "version_id": version.id, "lesson_id": scene.lesson.id}
    drawn = DailySet(person_id=person.id, day=moment.date(), number=1, size=5, seed=1)
    drawn.questions = [SetQuestion(**where, person_id=person.id, position=1, kind="stretch")]
    database.session.add(drawn)
    database.session.commit()
    practice = Practice(person, moment)
    practice.set_id = drawn.id
    practice.answer(right)


def reworded(scene: Scene) -> None:
    """The question is asked in other words, from the evening of the first day on."""
    with clock.at(MONDAY + timedelta(hours=8)):
        factories.republish(scene.lesson, lambda text: text.replace("What comes first?", "What comes first of all?"))


def answers(scene: Scene, person: Person) -> list[SetQuestion]:
    """Their answers to it in practice, the oldest first."""
    mine = select(SetQuestion).join(SetQuestion.daily_set).where(DailySet.person_id == person.id)
    wanted = mine.where(SetQuestion.item_id == scene.version.item_id, SetQuestion.answered_at.is_not(None))
    return list(database.session.scalars(wanted.order_by(SetQuestion.id)))


def marks(scene: Scene, person: Person) -> list[bool]:
    return [answer.is_right for answer in answers(scene, person)]


def memory_of(scene: Scene, person: Person) -> Memory:
    return database.session.get_one(Memory, (person.id, scene.version.item_id))


def entries(person: Person, rule: str) -> list[LedgerEntry]:
    mine = select(LedgerEntry).where(LedgerEntry.person_id == person.id, LedgerEntry.rule == rule)
    return list(database.session.scalars(mine.order_by(LedgerEntry.id)))


def test_who_was_right_in_practice_all_along_is_paid_for_the_day_of_then(scene: Scene) -> None:
    person = scene.learner()
    taken(person, scene.lesson, False, True, True)
    practised(scene, person, 2, single=False)
    assert (marks(scene, person), amounts(person, "L2")) == ([False], [2, 2])
    done = corrected(scene.flagged_by_hand())
    assert (done.answers, done.gained) == (2, 1)
    assert (marks(scene, person), amounts(person, "L2")) == ([True], [2, 2, 2])
    entry = entries(person, "L2")[-1]
    assert (entry.day, entry.reason, entry.policy_version) == (date(2026, 1, 7), PRACTICE_PAID, 0)
    (row,) = answers(scene, person)
    assert (row.version_id, row.mark, row.rating) == (scene.version.id, 1, memory.Recall.GOOD)
    assert points.verify() == []
    assert [kind for kind in notices(person) if "badge" not in kind] == ["passed_after_all"]


def test_what_was_taught_wrong_and_repeated_is_held_against_nobody(scene: Scene) -> None:
    person = scene.learner()
    taken(person, scene.lesson, True, True, True)
    practised(scene, person, 2, single=True)
    corrected(scene.flagged_by_hand())
    assert (marks(scene, person), amounts(person, "L2")) == ([True], [2, 2, 2])
    assert not passed(person), "the answer in the lesson was their first"
    assert not database.session.scalars(select(Fact).where(Fact.type == "RecallCorrected")).all()
    assert points.verify() == []


@pytest.mark.parametrize(("right", "kind"), [(True, "practice_key_was_wrong"), (False, "recalled_after_all")])
def test_a_question_met_first_in_practice_is_marked_by_the_right_key(scene: Scene, right: bool, kind: str) -> None:
    person = scene.learner()
    met_first(scene, person, 0, right=right)
    done = corrected(scene.flagged_by_hand())
    assert done.answers == 1
    assert marks(scene, person) == [not right]
    assert [heard for heard in notices(person) if heard != "points_reversed"] == [kind]
    assert memory_of(scene, person).passes == (not right)
    assert points.verify() == []


def test_what_is_answered_in_the_lesson_after_practice_had_shown_the_wrong_key_keeps_its_mark(scene: Scene) -> None:
    person = scene.learner()
    met_first(scene, person, -1, right=False)
    taken(person, scene.lesson, True, True, True)
    corrected(scene.flagged_by_hand())
    assert marks(scene, person) == [True]
    assert passed(person)
    assert amounts(person) == [0], "practice had shown an answer that the pass rests on, so its points wait"


def test_a_set_that_only_the_wrong_key_made_poor_is_paid_after_all(scene: Scene) -> None:
    person = scene.learner()
    taken(person, scene.lesson, False, True, True)
    practice = Practice(person, MONDAY + timedelta(days=2))
    practice.start()
    item_id = scene.version.item_id
    others = iter((True, False))
    while waiting := practice.waiting:
        practice.answer(False if waiting.item_id == item_id else next(others))
    assert amounts(person, "L3") == [0], "one of three"
    corrected(scene.flagged_by_hand())
    assert amounts(person, "L3") == [0, 5]
    assert entries(person, "L3")[-1].reason == PRACTICE_PAID
    assert points.verify() == []


def test_a_set_that_only_the_wrong_key_made_good_gives_its_points_back(scene: Scene) -> None:
    person = scene.learner()
    met_first(scene, person, 0, right=True)
    assert amounts(person, "L3") == [5]
    corrected(scene.flagged_by_hand())
    assert amounts(person, "L3") == [5, -5]
    assert entries(person, "L3")[-1].reason == PRACTICE_TAKEN_BACK
    assert points.verify() == []


def test_a_recall_that_was_none_gives_its_points_back(scene: Scene) -> None:
    """Their first answer to this wording was a review of one that they had learned before."""
    person = scene.learner()
    taken(person, scene.lesson, True, True, True)
    reworded(scene)
    practised(scene, person, 2, single=True)
    assert amounts(person, "L2") == [2, 2, 2]
    corrected(scene.flagged_by_hand())
    assert marks(scene, person) == [False]
    assert amounts(person, "L2") == [2, 2, 2, -2]
    assert passed(person), "the other wording is not concerned"
    assert points.verify() == []


def test_what_was_promised_follows_when_the_recall_turns_out_right(scene: Scene) -> None:
    """Missed by both keys in the first attempt, passed in the second, recalled rightly and marked wrong."""
    person = scene.learner()
    walk = taken(person, scene.lesson, False, True, True)
    wrong_by_both = {"kind": "single", "value": ["c"]}
    database.session.execute(update(Asked).values(answer=wrong_by_both).where(~Asked.is_right))
    walk.moment += timedelta(minutes=11)
    walk.quiz(True)
    assert (passed(person), amounts(person)) == (True, [0])
    practised(scene, person, 1, single=False)
    assert amounts(person, "L1-later") == []
    corrected(scene.flagged_by_hand())
    assert marks(scene, person) == [True]
    assert (amounts(person), amounts(person, "L1-later")) == ([0], [5])
    assert entries(person, "L1-later")[0].day == date(2026, 1, 6)
    assert points.verify() == []


def test_memory_is_what_it_had_been_by_the_right_key(scene: Scene) -> None:
    one, other = scene.learner(), scene.learner()
    taken(one, scene.lesson, False, True, True)
    taken(other, scene.lesson, True, True, True)
    practised(scene, one, 1, single=False)
    practised(scene, one, 2, single=False)
    assert (memory_of(scene, one).passes, memory_of(scene, one).lapses) == (0, 2)
    corrected(scene.flagged_by_hand())
    found = memory_of(scene, one)
    first = memory.begin(memory.Recall.GOOD, MONDAY.date(), 0.9)
    second = memory.go_on(first, memory.Recall.GOOD, MONDAY.date() + timedelta(days=1), 0.9)
    third = memory.go_on(second, memory.Recall.GOOD, MONDAY.date() + timedelta(days=2), 0.9)
    assert (found.passes, found.reviews, found.tiers, found.lapses, found.is_missed) == (3, 2, 1, 0, False)
    assert (found.interval, found.difficulty) == (third.interval, pytest.approx(third.difficulty))
    assert found.stability == pytest.approx(2.3065), "another key leaves as little of a memory as other words do"
    assert found.due_on == date(2026, 1, 8), "and is due at once"
    assert memory_of(scene, other).passes == 0, "their first answer was wrong, by the right key"


def test_each_tier_pays_once_and_a_limit_that_was_reached_holds(scene: Scene) -> None:
    person = scene.learner()
    taken(person, scene.lesson, False, True, True)
    practised(scene, person, 1, single=False)
    practised(scene, person, 2, single=False)
    corrected(scene.flagged_by_hand())
    assert marks(scene, person) == [True, True]
    days = [(entry.day, entry.amount) for entry in entries(person, "L2") if entry.reason == PRACTICE_PAID]
    assert days == [(date(2026, 1, 6), 2)], "the second comes within a week of the first"
    assert points.verify() == []


def test_correcting_back_takes_back_what_the_wrong_correction_paid(scene: Scene) -> None:
    person = scene.learner()
    met_first(scene, person, 0, right=True)
    corrected(scene.flagged_by_hand(), "c")
    assert (marks(scene, person), amounts(person, "L3")) == ([False], [5, -5])
    corrected(scene.flagged_by_hand(), "b", days=4)
    assert (marks(scene, person), amounts(person, "L3")) == ([True], [5, -5, 5])
    assert points.verify() == []


def test_a_wording_of_another_meaning_is_left_alone(scene: Scene) -> None:
    person = scene.learner()
    met_first(scene, person, 0, right=True)
    reworded(scene)
    other = scene.learner()
    met_first(scene, other, 1, right=True)
    done = corrected(scene.flagged_by_hand())
    assert done.answers == 1
    assert (marks(scene, person), marks(scene, other)) == ([True], [False])
    assert notices(person) == []


def test_the_numbers_of_then_hold(scene: Scene) -> None:
    person = scene.learner()
    taken(person, scene.lesson, False, True, True)
    practised(scene, person, 2, single=False)
    at = MONDAY + timedelta(days=2, hours=9)
    database.session.add(PointPolicy(version=1, numbers={"recalled_1": 4}, reason="", by_id=scene.curator.id, at=at))
    database.session.commit()
    corrected(scene.flagged_by_hand())
    assert amounts(person, "L2") == [2, 2, 2]
    assert points.verify() == []


def test_the_same_number_of_statements_for_few_and_for_many(db: Any, statements: list[str]) -> None:
    asked = []
    for people in (3, 30):
        scene = made(right=people, wrong=0)
        for person in scene.right:
            practised(scene, person, 2, single=False)
        scene.flagged_by_hand()
        statements.clear()
        assert corrected(scene).answers == 2 * people
        asked.append(len(statements))
        assert all(amounts(person, "L2") == [2, 2, 2] for person in scene.right)
    assert asked[0] == asked[1]
    said = database.session.scalars(select(Fact.type).where(Fact.type.in_(("RecallCorrected", "PracticeCorrected"))))
    assert sorted(said) == ["PracticeCorrected"] * 33 + ["RecallCorrected"] * 33


def test_a_pass_by_the_right_key_finds_what_had_been_recalled_before_it(scene: Scene) -> None:
    """They missed another question at first, recalled it, and passed at the second attempt but for the wrong key."""
    person = scene.learner()
    walk = taken(person, scene.lesson, False, False, True)
    practised(scene, person, 2, single=False)
    walk.moment = MONDAY + timedelta(days=3)
    walk.quiz(False, True)
    database.session.commit()
    assert (passed(person), amounts(person), amounts(person, "L1-later")) == (False, [], [])
    corrected(scene.flagged_by_hand(), days=4)
    assert passed(person)
    assert (amounts(person), amounts(person, "L1-later")) == ([0], [5])
    assert points.verify() == []
