"""A wrong key is found by learners, flagged, decided about, and marked again; points and people follow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.analysis import access, deciding, regrading
from peerlearn.analysis.models import ItemFigures, ItemFlag
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.learn import access as learning
from peerlearn.learn import actions as learn
from peerlearn.learn import underway
from peerlearn.learn.models import Asked, Attempt, Reading
from peerlearn.points import actions as points
from peerlearn.points.correcting import TAKEN_BACK
from peerlearn.points.models import LedgerEntry
from peerlearn.quizzes.question import Question
from tests import factories
from tests.analysis.crowd import caught_up
from tests.analysis.wrong_key import LATER, Scene, amounts, corrected, made, notices, passed, taken, with_key
from tests.factories import MONDAY, Walk, reloaded

REASON = "I checked the manual, and it says exactly this."


@pytest.fixture
def scene(db: Any) -> Scene:
    return made(right=11, wrong=2)


@pytest.fixture
def flagged(scene: Scene) -> Scene:
    caught_up()
    database.session.commit()
    return scene


def test_the_flag_pauses_the_question_and_tells_those_whom_it_concerns(flagged: Scene) -> None:
    row = flagged.flag()
    assert (row.flag, row.level, row.state, row.answers) == ("miskey", "red", "open", 13)
    assert flagged.item.state == "paused"
    assert "question_paused" in notices(flagged.author)
    assert "question_paused" in notices(flagged.curator)
    said = database.session.scalars(select(Fact.data).where(Fact.type == "ItemFlagged")).one()
    assert (said["flag"], said["is_paused"]) == ("miskey", True)


def test_a_paused_question_is_asked_nobody(flagged: Scene) -> None:
    walk = Walk(factories.person(), flagged.lesson.slug, LATER)
    walk.read()
    assert len(walk.start().attempt.asked) == 2


def test_a_question_that_is_paused_meanwhile_counts_for_nothing(scene: Scene) -> None:
    walk = Walk(reloaded(factories.person()), scene.lesson.slug, LATER)
    walk.read()
    sitting = walk.start()
    caught_up()
    database.session.commit()
    database.session.expire_all()
    walk.person = reloaded(walk.person)
    sitting = learning.sitting_of(sitting.attempt.id, walk.person)
    assert [row.is_left_out for row in sitting.attempt.asked] == [True, False, False]
    walk.answer(sitting)
    walk.answer(sitting)
    assert (sitting.attempt.state, sitting.attempt.total, sitting.attempt.is_passed) == ("finished", 2, True)
    assert amounts(walk.person) == [10]


def test_points_and_passes_follow_the_right_key(flagged: Scene) -> None:
    assert [amounts(person) for person in (*flagged.right, *flagged.wrong)] == [[]] * 11 + [[10]] * 2
    done = corrected(flagged)
    assert (done.answers, done.gained, done.lost) == (13, 11, 2)
    assert all(passed(person) for person in flagged.right)
    assert not any(passed(person) for person in flagged.wrong)
    assert [amounts(person) for person in flagged.right] == [[10]] * 11
    assert [amounts(person) for person in flagged.wrong] == [[10, -10]] * 2
    assert points.verify() == []


def test_everybody_hears_why(flagged: Scene) -> None:
    corrected(flagged)
    assert all("passed_after_all" in notices(person) for person in flagged.right)
    assert all({"pass_withdrawn", "points_reversed"} <= set(notices(person)) for person in flagged.wrong)
    assert "key_corrected" in notices(flagged.author)
    reasons = database.session.scalars(select(LedgerEntry.reason).where(LedgerEntry.amount < 0))
    assert set(reasons) == {TAKEN_BACK}


def test_what_is_paid_belongs_to_the_day_of_the_attempt(flagged: Scene) -> None:
    corrected(flagged)
    entry = database.session.scalars(select(LedgerEntry).where(LedgerEntry.person_id == flagged.right[0].id)).one()
    assert (entry.day, entry.at.date()) == (MONDAY.date(), MONDAY.date())


def test_answers_are_explained_by_the_right_key_from_now_on(flagged: Scene) -> None:
    corrected(flagged)
    attempt = database.session.scalars(select(Attempt).where(Attempt.person_id == flagged.right[0].id)).one()
    sitting = learning.sitting_of(attempt.id, flagged.right[0])
    question = Question.from_json(sitting.attempt.asked[0].version.body)
    assert [option.uid for option in question.options if option.right] == ["a"]
    assert (sitting.attempt.score, sitting.attempt.right, sitting.attempt.asked[0].mark) == (3, 3, 1)


def test_the_question_is_asked_again_and_its_figures_begin_anew(flagged: Scene) -> None:
    corrected(flagged)
    assert flagged.item.state == "active"
    assert flagged.flag().state == "corrected"
    caught_up()
    walk = taken(factories.person(), flagged.lesson, True, True, True)
    caught_up()
    rows = database.session.scalars(select(ItemFigures).where(ItemFigures.item_id == flagged.item.id)).all()
    assert sorted(row.answers for row in rows) == [1, 13]
    assert not passed(walk.person)


def test_what_was_answered_after_our_wrong_key_is_held_against_nobody(scene: Scene) -> None:
    person = factories.person()
    walk = taken(person, scene.lesson, False, True, True)
    database.session.execute(
        Asked.__table__.update()  # type: ignore[attr-defined]
        .where(Asked.attempt_id.in_(select(Attempt.id).where(Attempt.person_id == person.id)), Asked.position == 1)
        .values(answer={"kind": "single", "value": ["c"]})
    )
    walk.moment += timedelta(minutes=11)
    walk.quiz(True)
    database.session.commit()
    assert passed(person)
    caught_up()
    corrected(scene)
    assert passed(person)
    assert points.verify() == []


def test_somebody_reading_goes_on_where_they_were(flagged: Scene) -> None:
    walk = Walk(factories.person(), flagged.lesson.slug, LATER)
    walk.read()
    corrected(flagged)
    lesson, where = learning.lesson_to_learn(flagged.lesson.slug, walk.person)
    assert where.reading is not None
    assert where.reading.seen == [1, 2, 3]
    assert database.session.query(Reading).filter_by(person_id=walk.person.id).count() == 2
    assert lesson.major == 1


def test_correcting_twice_finds_the_decision_made(flagged: Scene) -> None:
    found = access.flag_to_correct(flagged.flag().id, flagged.curator)
    assert found.report is not None
    question = with_key(found.report.question, "a")
    regrading.correct(found, question, by=flagged.curator)
    with pytest.raises(Conflict):
        regrading.correct(found, question, by=flagged.curator)


def test_a_wrong_correction_can_be_corrected(flagged: Scene) -> None:
    """The new key turns out to be wrong as well: it is flagged by its own answers, and the old one comes back."""
    corrected(flagged, "c")
    assert [amounts(person) for person in flagged.right] == [[]] * 11
    assert [amounts(person) for person in flagged.wrong] == [[10, -10]] * 2
    assert not any(map(passed, (*flagged.right, *flagged.wrong)))
    assert points.verify() == []
    for _ in range(13):  # by the key that is wrong now, those who answer as the first one said are wrong
        walk = Walk(flagged.learner(), flagged.lesson.slug, LATER + timedelta(hours=1))
        walk.read()
        walk.quiz(True, True, True)
    caught_up()
    database.session.commit()
    again = flagged.flag()
    assert (again.state, again.flag, again.answers) == ("open", "miskey", 13)
    done = corrected(flagged, "b", days=4)
    assert (done.answers, done.gained, done.lost) == (26, 15, 0)
    assert [amounts(person) for person in flagged.right] == [[]] * 11
    assert [amounts(person) for person in flagged.wrong] == [[10, -10, 10]] * 2
    assert all(map(passed, flagged.wrong))
    assert points.verify() == []


def test_the_same_number_of_statements_for_few_and_for_many(db: Any, statements: list[str]) -> None:
    asked = []
    for right, wrong in ((2, 1), (22, 8)):
        scene = made(right, wrong).flagged_by_hand()
        statements.clear()
        assert corrected(scene).answers == right + wrong
        asked.append(len(statements))
    assert asked[0] == asked[1]
    assert asked[0] <= 60


# dismissing and retiring


def test_a_good_question_is_asked_again_and_stays_unflagged_until_twice_as_many(flagged: Scene) -> None:
    found = access.flag_to_decide(flagged.flag().id, flagged.curator)
    with pytest.raises(NotValid):
        deciding.dismiss(found, "no", by=flagged.curator)
    deciding.dismiss(found, REASON, by=flagged.curator)
    database.session.commit()
    assert flagged.item.state == "active"
    assert "question_good" in notices(flagged.author)
    for _ in range(6):
        taken(factories.person(team_id=flagged.author.team_id), flagged.lesson, False, True, True)
    caught_up()
    assert [row.state for row in database.session.scalars(select(ItemFlag))] == ["dismissed"]
    for _ in range(7):
        taken(factories.person(team_id=flagged.author.team_id), flagged.lesson, False, True, True)
    caught_up()
    states = database.session.scalars(select(ItemFlag.state).where(ItemFlag.flag == "miskey").order_by(ItemFlag.id))
    assert list(states) == ["dismissed", "open"]


def test_a_retired_question_is_asked_no_more(flagged: Scene) -> None:
    deciding.retire(access.flag_to_decide(flagged.flag().id, flagged.curator), REASON, by=flagged.curator)
    database.session.commit()
    assert flagged.item.state == "retired"
    assert "question_retired" in notices(flagged.author)
    with pytest.raises(Conflict):
        deciding.dismiss(access.flag_to_decide(flagged.flag().id, flagged.curator), REASON, by=flagged.curator)


def test_the_owner_may_say_that_it_is_good_and_not_choose_the_key(flagged: Scene) -> None:
    owner = reloaded(flagged.author)
    with pytest.raises(NotAllowed):
        access.flag_to_correct(flagged.flag().id, owner)
    deciding.dismiss(access.flag_to_decide(flagged.flag().id, owner), REASON, by=owner)
    assert flagged.flag().state == "dismissed"


def test_nobody_else_knows_of_it(flagged: Scene) -> None:
    for person in (
        flagged.right[0],
        factories.person(roles=(("curator", 999),)),
        factories.person(roles=(("admin", 0),)),
    ):
        with pytest.raises(NotFound):
            access.flag_to_read(flagged.flag().id, reloaded(person))


def test_an_attempt_ends_when_all_that_is_left_was_paused(scene: Scene) -> None:
    walk = Walk(reloaded(factories.person()), scene.lesson.slug, LATER)
    walk.read()
    sitting = walk.start()
    walk.answer(sitting)
    underway.leave_out([row.version.item_id for row in sitting.attempt.asked[1:]])
    database.session.commit()
    database.session.expire_all()
    walk.person = reloaded(walk.person)
    sitting = learning.sitting_of(sitting.attempt.id, walk.person)
    with clock.at(walk.moment):
        assert learn.next_question(sitting.attempt, by=walk.person) is None
    attempt = database.session.get_one(Attempt, sitting.attempt.id)
    assert (attempt.state, attempt.total, attempt.score, attempt.is_passed) == ("finished", 1, 1, True)
