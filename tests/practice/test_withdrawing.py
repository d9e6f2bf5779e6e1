"""Sets that are drawn already follow their lessons: what shall not be asked any more is asked nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.learn import queries as learning
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import showing
from peerlearn.lessons.models import Lesson
from peerlearn.practice import actions, queries
from peerlearn.practice.models import DailySet, SetQuestion
from tests import factories
from tests.factories import Walk
from tests.page import Client
from tests.practice.days import Practice
from tests.practice.test_actions import facts

ClientFor = Callable[..., Client]


def lesson_of(walk: Walk) -> Lesson:
    found = learning.lesson_by_slug(walk.slug, walk.person)
    assert found is not None
    return found


def drawn(walk: Walk, answers: int) -> Practice:
    """Two days later: a set of which so many questions are answered."""
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    for _ in range(answers):
        practice.answer()
    return practice


def reworded(text: str) -> str:
    """A lesson's text with every question changed."""
    for old, new in (("shown", "told"), ("The start", "Its start"), ("last step", "end step")):
        text = text.replace(old, new)
    return text


def take_away(walk: Walk, practice: Practice, how: Callable[..., None] = showing.archive) -> None:
    """The lesson leaves the catalogue a minute later."""
    with clock.at(practice.moment + timedelta(minutes=1)):
        how(lesson_of(walk), by=factories.person())
        db.session.commit()


HOWS = pytest.mark.parametrize("how", [showing.archive, showing.quarantine])


@HOWS
def test_a_set_ends_with_what_was_answered_when_the_rest_is_gone(walk: Walk, how: Callable[..., None]) -> None:
    practice = drawn(walk, 2)
    take_away(walk, practice, how)
    [ended] = facts("DailySetFinished", walk.person)
    assert (ended["number"], ended["asked"], ended["right"]) == (1, 2, 2)
    left = list(db.session.scalars(select(SetQuestion.answered_at)))
    assert len(left) == 2
    assert all(left)
    with clock.at(practice.moment + timedelta(minutes=2)):
        assert queries.start_of(walk.person, clock.today(walk.person.timezone)).open_id is None


def test_a_set_that_has_other_questions_goes_on_and_ends_once(walk: Walk) -> None:
    other = Walk(walk.person, factories.published_lesson().slug, walk.moment)
    other.read()
    other.quiz()
    practice = drawn(walk, 2)
    take_away(walk, practice)
    assert not facts("DailySetFinished", walk.person)
    while practice.waiting:
        practice.answer()
    [ended] = facts("DailySetFinished", walk.person)
    assert ended["asked"] == len({question.item_id for question in practice.again().questions}) < 5


def test_a_set_of_which_nothing_is_left_is_drawn_anew(walk: Walk) -> None:
    practice = drawn(walk, 0)
    take_away(walk, practice)
    assert db.session.scalar(select(func.count()).select_from(DailySet)) == 0
    assert not facts("DailySetFinished", walk.person)
    other = Walk(walk.person, factories.published_lesson().slug, walk.moment)
    other.read()
    other.quiz()
    practice.start()
    assert practice.again().daily_set.number == 1


def test_an_old_set_loses_its_questions_and_does_not_end_today(walk: Walk) -> None:
    practice = drawn(walk, 2)
    practice.moment += timedelta(days=3)
    take_away(walk, practice)
    assert not facts("DailySetFinished", walk.person)
    assert all(db.session.scalars(select(SetQuestion.answered_at)))


def test_a_paused_question_leaves_its_sets(walk: Walk) -> None:
    practice = drawn(walk, 1)
    gone, stays = practice.again().questions[1:]
    with clock.at(practice.moment):
        actions.pause_items([gone.item_id])
        db.session.commit()
    assert [question.item_id for question in practice.again().questions[1:]] == [stays.item_id]
    practice.answer()
    assert facts("DailySetFinished", walk.person)[0]["asked"] == 2


def test_a_question_that_was_not_shown_yet_is_asked_in_its_new_wording(walk: Walk) -> None:
    practice = drawn(walk, 1)
    with clock.at(practice.moment):
        actions.next_question(practice.again(), by=walk.person)
        db.session.commit()
    before = {question.item_id: question.version_id for question in practice.again().questions}
    with clock.at(practice.moment + timedelta(minutes=1)):
        factories.republish(lesson_of(walk), reworded)
    answered, shown, waiting = practice.again().questions
    assert [question.version_id == before[question.item_id] for question in (answered, shown, waiting)] == [
        True,
        True,
        False,
    ]


def test_what_was_answered_of_a_hidden_lesson_is_not_told_again(walk: Walk, client_for: ClientFor) -> None:
    practice = drawn(walk, 2)
    browser = client_for(walk.person)
    url = f"/practice/sets/{practice.set_id}/1"
    browser.get(url)
    take_away(walk, practice, showing.quarantine)
    browser.get(url, status=404)
    browser.get(f"/practice/sets/{practice.set_id}/3", status=404)


@pytest.mark.parametrize("people", [3, 30])
def test_it_takes_as_many_statements_for_many_sets(walk: Walk, statements: list[str], people: int) -> None:
    drawn(walk, 0)
    for _ in range(people):
        other = Walk(factories.person(), walk.slug, walk.moment)
        other.read()
        other.quiz()
        practice = drawn(other, 0)
    lesson = lesson_of(walk)
    with clock.at(practice.moment):
        statements.clear()
        lessons.archive(lesson, by=walk.person)
    assert len([line for line in statements if "set" in line]) <= 4, statements
