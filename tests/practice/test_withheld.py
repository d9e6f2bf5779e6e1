"""Practice tells answers at once, so it asks what a check or an exam asked only once its right answers may be told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts import actions as accounts
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict
from peerlearn.core.facts import Fact
from peerlearn.home import queries as home
from peerlearn.learn import access as learn
from peerlearn.learn import withheld
from peerlearn.lessons.models import Lesson
from peerlearn.practice import queries
from peerlearn.practice.models import Memory
from tests import factories
from tests.factories import Walk
from tests.learn.test_checks import hand_in
from tests.practice.days import Practice

DAY = timedelta(days=1)
FEW = timedelta(minutes=11)
CHECK, EXAM = "mode: check\n", "mode: exam\n"


def before(front: str, person: Any = None) -> Walk:
    """Somebody who has read a lesson with a check or an exam."""
    walk = Walk(person or factories.person(), factories.published_lesson(front=front).slug)
    walk.read()
    return walk


def asked(walk: Walk, moment: datetime) -> list[str]:
    """The kinds of what a set of that moment asks."""
    practice = Practice(walk.person, moment)
    try:
        practice.start()
    except Conflict:
        return []
    found = queries.sitting(practice.set_id, walk.person.id)
    return sorted(question.version.kind for question in found.questions) if found else []


ALL = ["single", "text", "true-false"]


def test_a_check_that_can_be_taken_again_keeps_its_questions_until_it_is_passed(app: Any) -> None:
    walk = before(CHECK)
    hand_in(walk, True, False, False)
    assert len(list(db.session.scalars(select(Memory)))) == 3, "what was answered is remembered"
    assert asked(walk, walk.moment + 2 * DAY) == []
    assert queries.standing(walk.person.id, *[(walk.moment + 2 * DAY).date()] * 2).due == 0
    walk.moment += 2 * DAY
    hand_in(walk, True, True)
    assert asked(walk, walk.moment + 2 * DAY) == ALL


def test_the_questions_come_once_no_attempt_is_left(app: Any) -> None:
    walk = before(CHECK)
    for _ in range(3):
        assert asked(walk, walk.moment) == []
        hand_in(walk, False, False, False)
        walk.moment += FEW
    assert asked(walk, walk.moment + DAY) == ALL


def test_an_exam_has_one_attempt_and_tells_after_it(app: Any) -> None:
    walk = before(EXAM)
    hand_in(walk, False, False, False)
    assert asked(walk, walk.moment + DAY) == ALL


def test_nothing_is_told_while_another_attempt_is_open(app: Any) -> None:
    walk = before(CHECK)
    for _ in range(3):
        hand_in(walk, False, False, False)
        walk.moment += FEW
    practice = Practice(walk.person, walk.moment + DAY)
    practice.start()
    practice.answer(right=False)
    walk.moment = practice.moment + timedelta(hours=1)
    walk.start()
    assert queries.sitting(practice.set_id, walk.person.id) is None, "what was answered is not explained either"
    assert asked(walk, walk.moment) == []


@pytest.mark.parametrize("is_practised", [True, False])
def test_a_copy_in_another_lesson_tells_nothing_either(app: Any, is_practised: bool) -> None:
    copy = Walk(factories.person(), factories.published_lesson().slug)
    if is_practised:
        copy.read()
        copy.quiz()
        assert asked(copy, copy.moment + 2 * DAY) == ALL
    walk = before(CHECK, copy.person)
    hand_in(walk, True, False, False)
    assert asked(walk, walk.moment + 3 * DAY) == []
    walk.moment += 3 * DAY
    hand_in(walk, True, True)
    assert set(asked(walk, walk.moment + 30 * DAY)) == set(ALL)


def test_what_a_drawn_set_may_not_ask_any_more_does_not_wait(app: Any) -> None:
    """The set of the day holds copies of what a check asks that was begun after it."""
    copy = Walk(factories.person(), factories.published_lesson().slug)
    copy.read()
    copy.quiz()
    walk = before(CHECK, copy.person)
    walk.moment = copy.moment + 2 * DAY
    assert asked(copy, walk.moment) == ALL
    with clock.at(walk.moment):
        assert home.counts(copy.person).due == 3
    hand_in(walk, True, False, False)
    with clock.at(walk.moment):
        assert home.counts(copy.person).due == 0


OTHERS = "# Quiz\n" + "".join(
    f"""
## single ^{{number}}other{number}

Which step comes at place {number} of the list?

- [ ] The first ^a
  > No, that one is done before.
- [x] The second ^b
  > Yes, so it is written.
- [ ] The third ^c
  > No, that one comes later.
"""
    for number in range(3)
)


def _finished() -> list[int]:
    """How many questions the sets had that were finished."""
    return [fact.data["asked"] for fact in db.session.scalars(select(Fact).where(Fact.type == "DailySetFinished"))]


@pytest.mark.parametrize("answered", [0, 2, 3])
def test_a_drawn_set_is_finished_without_what_a_check_asks_now(app: Any, client_for: Any, answered: int) -> None:
    """Its other questions are answered before the check begins, or after it: either way nothing is left open."""
    person = factories.person()
    one = Walk(person, factories.published_lesson(quiz=OTHERS).slug)
    one.read()
    one.quiz()
    copy = Walk(person, factories.published_lesson().slug, one.moment)
    copy.read()
    copy.quiz()
    check = before(CHECK, person)
    practice = Practice(person, copy.moment + 2 * DAY)
    practice.start()
    kinds = [question.version.kind for question in practice.again().questions]
    mine = [question for question in practice.again().questions if question.lesson_id == _id(one.slug)]
    assert len(mine) == 3 < len(kinds)
    for question in mine[:answered]:
        practice.answer_this(question)
    check.moment = practice.moment
    check.start()
    while practice.waiting:
        practice.answer()
    assert _finished() == [3]
    with clock.at(practice.moment):
        page = client_for(factories.reloaded(person)).get("/practice").text
    assert "of 5 answered" not in page
    assert "of 3 answered" not in page


def _id(slug: str) -> int:
    return db.session.scalars(select(Lesson.id).where(Lesson.slug == slug)).one()


def test_whoever_changes_teams_is_not_asked_what_was_for_the_old_one(app: Any) -> None:
    team, other, admin = factories.team(), factories.team(), factories.person(roles=(("admin", 0),))
    author, person = factories.person(team=team), factories.person(team=team)
    front = f"classification: restricted\naudience: [{team.slug}]\n"
    for lesson in (factories.published_lesson(author, quiz=OTHERS, front=front), factories.published_lesson(author)):
        walk = Walk(person, lesson.slug)
        walk.read()
        walk.quiz()
    practice = Practice(person, walk.moment + 2 * DAY)
    practice.start()
    assert len(practice.again().questions) == 5
    known = {"email": person.email, "name": person.name, "timezone": person.timezone, "version": person.version}
    with clock.at(practice.moment):
        accounts.change_person(factories.reloaded(person), team_id=other.id, **known, by=admin)
        db.session.commit()
    left = practice.again().questions
    assert {question.lesson_id for question in left} == {_id(walk.slug)}
    practice.person = factories.reloaded(person)
    while practice.waiting:
        practice.answer()
    assert _finished() == [len(left)]


def test_a_question_that_was_told_of_by_an_earlier_pass_is_practised_on(app: Any) -> None:
    walk = before(CHECK)
    hand_in(walk, True, True, True)
    lesson = db.session.scalars(select(Lesson).where(Lesson.slug == walk.slug)).one()
    with clock.at(walk.moment):
        factories.republish(lesson, lambda text: text.replace("Every step is shown.", "All steps are shown."))
    assert db.session.scalar(select(Lesson.major).where(Lesson.id == lesson.id)) == 2
    walk.read()
    hand_in(walk, False, False, False)
    assert asked(walk, walk.moment + 2 * DAY) == ["single", "text"]


def test_it_says_the_same_as_the_result_page(app: Any) -> None:
    """After each of the attempts of three days, and while the next one is open."""
    walk = before(CHECK)
    told = []
    for number in range(1, 8):
        hand_in(walk, *[number == 7] * 3)
        walk.person = factories.reloaded(walk.person)
        _lesson, where = learn.lesson_to_learn(walk.slug, walk.person)
        told.append(any(where.shows_keys_of(attempt) for attempt in where.finished))
        assert bool(set(db.session.scalars(withheld.versions(walk.person.id)))) is not told[-1]
        walk.moment += DAY if number % 3 == 0 else FEW
        if number < 7:
            walk.start()
            assert len(set(db.session.scalars(withheld.versions(walk.person.id)))) == 3
    assert told == [False, False, *[True] * 5]
