"""A key is corrected while people have the question before them: what they answer then is marked by the right key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.analysis import access, deciding, regrading
from peerlearn.analysis.models import ItemFlag
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.errors import Conflict
from peerlearn.learn import access as learning
from peerlearn.learn import actions as learn
from peerlearn.learn.actions import Sheet
from peerlearn.learn.models import Asked
from peerlearn.learn.queries import Sitting
from peerlearn.points import actions as points
from peerlearn.practice import actions as practice
from peerlearn.practice import memory, queries
from peerlearn.practice.models import DailySet, SetQuestion
from peerlearn.quizzes.answering import Answer, Unreadable
from tests import factories
from tests.analysis.wrong_key import LATER, Scene, amounts, corrected, made, passed, taken
from tests.factories import Walk, reloaded
from tests.practice.days import Practice

EARLIER = LATER - timedelta(hours=6)
REASON = "Nobody can tell from the card what is meant here."
NOW_RIGHT, ONCE_RIGHT = Answer("single", ("a",)), Answer("single", ("b",))


@pytest.fixture
def scene(db: Any) -> Scene:
    """Nobody has answered yet; a flag that does not pause waits for a decision."""
    return made(right=0, wrong=0).flagged_by_hand()


def begun(scene: Scene, **values: Any) -> tuple[Walk, Sitting]:
    """Somebody who has the question before them."""
    walk = Walk(reloaded(factories.person(team_id=scene.author.team_id, **values)), scene.lesson.slug, EARLIER)
    walk.read()
    return walk, walk.start()


def again(walk: Walk, sitting: Sitting) -> Sitting:
    """The attempt as the next request finds it, later than the decision."""
    database.session.expire_all()
    walk.person, walk.moment = reloaded(walk.person), LATER + timedelta(hours=1)
    return learning.sitting_of(sitting.attempt.id, walk.person)


def put_off_screen() -> None:
    """Let what was read so far be what another request has in its hands."""
    database.session.commit()
    database.session.expunge_all()


def row_of(sitting: Sitting) -> Asked:
    """The doubtful question as it is stored: it is the first one."""
    wanted = select(Asked).where(Asked.attempt_id == sitting.attempt.id, Asked.position == 1)
    return database.session.scalars(wanted.execution_options(populate_existing=True)).one()


def shown(scene: Scene, person: Person, moment: Any = EARLIER) -> Practice:
    """The question is shown in today's set of somebody who had passed by the wrong key."""
    found = Practice(person, moment)
    found.start()
    item_id = scene.version.item_id
    while (waiting := found.waiting) and waiting.item_id != item_id:
        found.answer()
    with clock.at(found.moment):
        practice.next_question(found.again(), by=person)
    database.session.commit()
    found.moment += timedelta(hours=7)
    return found


def in_sets(person: Person, scene: Scene) -> list[SetQuestion]:
    mine = select(SetQuestion).join(SetQuestion.daily_set).where(DailySet.person_id == person.id)
    return list(database.session.scalars(mine.where(SetQuestion.item_id == scene.version.item_id)))


def drawn(scene: Scene, person: Person, **values: Any) -> DailySet:
    """A set that has only this question."""
    found = DailySet(person_id=person.id, day=EARLIER.date(), number=1, size=5, seed=1)
    where = {"item_id": scene.version.item_id, "version_id": scene.version.id, "lesson_id": scene.lesson.id}
    found.questions = [SetQuestion(**where, person_id=person.id, position=1, kind="stretch", **values)]
    database.session.add(found)
    database.session.commit()
    return found


def mended(scene: Scene) -> None:
    """The author publishes a revision in which another answer is right."""
    database.session.expire_all()
    with clock.at(EARLIER + timedelta(hours=1)):
        factories.republish(
            scene.lesson,
            lambda text: text.replace("- [ ] The end", "- [x] The end").replace("- [x] The start", "- [ ] The start"),
        )
    database.session.expire_all()


def other_words(scene: Scene) -> None:
    """The author publishes a revision in which a wrong option has other words."""
    with clock.at(EARLIER + timedelta(hours=1)):
        factories.republish(scene.lesson, lambda text: text.replace("- [ ] The end", "- [ ] The very end"))
    database.session.expire_all()


def rekeyed(scene: Scene) -> ItemFlag:
    wanted = select(ItemFlag).where(ItemFlag.lesson_id == scene.lesson.id, ItemFlag.flag == "rekeyed")
    return database.session.scalars(wanted).one()


def followed(scene: Scene) -> Any:
    """The curator says that the old key was wrong."""
    curator = reloaded(scene.curator)
    found = access.flag_to_correct(rekeyed(scene).id, curator)
    with clock.at(LATER):
        done = regrading.follow_new_key(found, by=curator)
    database.session.commit()
    database.session.expire_all()
    return done


# a corrected key


def test_an_attempt_that_is_open_goes_on_with_the_right_key(scene: Scene) -> None:
    walk, sitting = begun(scene)
    corrected(scene)
    sitting = again(walk, sitting)
    walk.answer(sitting, right=False)
    row = row_of(sitting)
    assert (row.mark, row.version_id, row.ruling) == (1, scene.version.id, None)
    sitting = again(walk, sitting)
    walk.answer(sitting)
    walk.answer(sitting)
    database.session.commit()
    assert passed(walk.person)
    assert amounts(walk.person) == [10]
    assert points.verify() == []


def test_an_answer_at_the_same_moment_can_be_sent_again(scene: Scene) -> None:
    walk, sitting = begun(scene)
    put_off_screen()
    corrected(scene)
    late = LATER + timedelta(minutes=1)
    with clock.at(late), pytest.raises(Conflict):
        learn.answer(sitting, 1, NOW_RIGHT, "fairly", by=reloaded(walk.person))
    database.session.rollback()
    sitting = again(walk, sitting)
    with clock.at(late):
        learn.answer(sitting, 1, NOW_RIGHT, "fairly", by=walk.person)
    assert row_of(sitting).mark == 1


def test_an_exam_that_is_handed_in_at_the_same_moment_is_looked_at_again(db: Any) -> None:
    scene = exam()
    walk, sitting = begun(scene)
    kept(walk, sitting, ONCE_RIGHT)
    put_off_screen()
    corrected(scene)
    with clock.at(LATER), pytest.raises(Conflict):
        learn.hand_in(sitting, by=reloaded(walk.person))
    database.session.rollback()
    sitting = again(walk, sitting)
    with clock.at(walk.moment):
        learn.hand_in(sitting, by=walk.person)
    assert (sitting.attempt.right, row_of(sitting).mark) == (0, 0)


def test_where_it_looks_different_it_counts_for_nothing(scene: Scene) -> None:
    walk, sitting = begun(scene)
    person = scene.learner()
    taken(person, scene.lesson, True, True, True)
    found = shown(scene, person)
    other_words(scene)
    corrected(scene)
    sitting = again(walk, sitting)
    assert [row.is_left_out for row in sitting.attempt.asked] == [True, False, False]
    assert [row.item_id for row in in_sets(person, scene)] == []
    assert found.waiting is not None, "the others are asked as before"


def test_a_question_that_a_set_has_shown_goes_on_with_the_right_key(scene: Scene) -> None:
    person = scene.learner()
    taken(person, scene.lesson, True, True, True)
    found = shown(scene, person)
    (row,) = in_sets(person, scene)
    assert (row.kind, row.asked_at is not None) == ("due", True)
    corrected(scene)
    found.person = reloaded(person)
    found.answer(right=False)
    (row,) = in_sets(person, scene)
    assert (row.mark, row.version_id, row.ruling) == (1, scene.version.id, None)
    assert row.rating == memory.Recall.GOOD
    assert points.verify() == []


def test_an_answer_in_practice_at_the_same_moment_can_be_sent_again(scene: Scene) -> None:
    person = scene.learner()
    taken(person, scene.lesson, True, True, True)
    found = shown(scene, person)
    item_id = scene.version.item_id
    put_off_screen()
    sitting = found.again()
    (position,) = [row.position for row in sitting.questions if row.item_id == item_id]
    put_off_screen()
    corrected(scene)
    with clock.at(LATER), pytest.raises(Conflict):
        practice.answer(sitting, position, NOW_RIGHT, "fairly", by=reloaded(person))
    database.session.rollback()
    fresh = queries.sitting(found.set_id, person.id, anew=True)
    assert fresh is not None
    with clock.at(LATER):
        practice.answer(fresh, position, NOW_RIGHT, "fairly", by=reloaded(person))
    assert [row.mark for row in in_sets(person, scene)] == [1]


def test_whoever_opens_a_question_of_a_set_as_its_new_wording_comes_notices(scene: Scene) -> None:
    person = scene.learner()
    drawn(scene, person, asked_at=None)
    mended(scene)
    (row,) = in_sets(person, scene)
    assert (row.version_id, row.saves) == (scene.version.id, 2)


# full marks


def exam() -> Scene:
    """The scene with an exam; a flag waits."""
    topic = factories.topic()
    author, curator = factories.person(), factories.person(roles=(("curator", topic.id),))
    lesson = factories.published_lesson(author, topic, front="mode: exam\n")
    return Scene(lesson, author, curator).flagged_by_hand()


def kept(walk: Walk, sitting: Sitting, given: Answer | Unreadable) -> None:
    with clock.at(walk.moment + timedelta(seconds=10)):
        learn.keep(sitting, 1, Sheet(given, "fairly", {"answer": ["x"]}), insist=False, by=walk.person)
    database.session.commit()


@pytest.mark.parametrize("then", [NOW_RIGHT, Unreadable("Choose an answer first.", blank=True)])
def test_full_marks_stay_whatever_becomes_of_the_answer(db: Any, then: Answer | Unreadable) -> None:
    scene = exam()
    walk, sitting = begun(scene)
    kept(walk, sitting, NOW_RIGHT)
    assert row_of(sitting).mark == 0
    curator = reloaded(scene.curator)
    with clock.at(LATER):
        found = access.flag_to_correct(scene.flag().id, curator)
        assert regrading.give_full_marks(found, REASON, retire=False, by=curator).answers == 1
    database.session.commit()
    sitting = again(walk, sitting)
    kept(walk, sitting, then)
    row = row_of(sitting)
    assert (row.ruling, row.mark, row.is_right) == ("full", 1, True)
    with clock.at(walk.moment):
        learn.hand_in(again(walk, sitting), by=walk.person)
    assert row_of(sitting).mark == 1


# a key that an ordinary revision mended


def test_a_mended_key_is_asked_about_where_somebody_has_the_old_one_before_them(scene: Scene) -> None:
    walk, sitting = begun(scene)
    mended(scene)
    assert rekeyed(scene).answers == 0
    followed(scene)
    sitting = again(walk, sitting)
    walk.answer(sitting, right=False)
    row = row_of(sitting)
    assert (row.mark, row.version_id) == (1, scene.version.id)


def test_a_mended_key_is_asked_about_where_a_set_has_shown_the_old_one(scene: Scene) -> None:
    person = scene.learner()
    met = drawn(scene, person, asked_at=EARLIER)
    mended(scene)
    followed(scene)
    found = Practice(reloaded(person), LATER)
    found.set_id = met.id
    found.answer(right=False)
    assert [row.mark for row in in_sets(person, scene)] == [1]


def test_what_is_answered_between_the_revision_and_the_decision_is_marked_again(scene: Scene) -> None:
    walk, sitting = begun(scene)
    mended(scene)
    sitting = again(walk, sitting)
    walk.moment = EARLIER + timedelta(hours=2)
    walk.answer(sitting, right=False)
    database.session.commit()
    assert row_of(sitting).mark == 0
    assert followed(scene).answers == 1
    assert (row_of(sitting).mark, row_of(sitting).ruling) == (1, "key")


def test_an_old_key_that_was_right_at_its_time_stays(scene: Scene) -> None:
    walk, sitting = begun(scene)
    mended(scene)
    curator = reloaded(scene.curator)
    with clock.at(LATER):
        deciding.dismiss(access.flag_to_decide(rekeyed(scene).id, curator), REASON, by=curator)
    database.session.commit()
    sitting = again(walk, sitting)
    walk.answer(sitting)
    assert row_of(sitting).mark == 1


def test_nobody_is_asked_about_a_key_that_nobody_met(scene: Scene) -> None:
    mended(scene)
    assert not database.session.scalars(select(ItemFlag.id).where(ItemFlag.flag == "rekeyed")).all()


def test_the_same_number_of_statements_for_few_and_for_many_who_have_it_open(db: Any, statements: list[str]) -> None:
    asked = []
    for people in (2, 9):
        scene = made(right=0, wrong=0).flagged_by_hand()
        for _ in range(people):
            begun(scene)
        statements.clear()
        corrected(scene)
        asked.append(len(statements))
    assert asked[0] == asked[1]
