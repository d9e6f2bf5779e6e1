"""A lesson changed: whoever learned an older text of it is asked a question or two, whatever changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.learn import queries as learning
from peerlearn.practice import refreshing
from tests import factories
from tests.factories import Walk
from tests.practice.test_actions import lesson_of, memories

LATER = timedelta(days=1)
MUCH = "Then show each step, and say at each of them why it is done and what would happen without it."


@pytest.fixture
def walk(app: Any) -> Walk:
    """A person who has passed a lesson with three questions."""
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    return walk


def due_after(walk: Walk, old: str, new: str) -> tuple[date, list[str]]:
    """The day on which other words are published, and the kinds of the questions that are due on it."""
    with clock.at(walk.moment + LATER):
        factories.republish(lesson_of(walk), lambda text: text.replace(old, new))
    day = (walk.moment + LATER).date()
    return day, [kind for kind, memory in memories(walk.person).items() if memory.due_on <= day]


def test_a_text_that_changed_brings_two_questions_and_what_is_known_stays(walk: Walk) -> None:
    before = {kind: (row.stability, row.answered_on, row.passes) for kind, row in memories(walk.person).items()}
    passed = learning.standing(walk.person, lesson_of(walk)).passed
    assert passed is not None
    kept = passed.id, passed.revision_id, passed.finished_at
    _day, due = due_after(walk, "Then show each step.", MUCH)
    assert len(due) == 2
    assert {kind: (row.stability, row.answered_on, row.passes) for kind, row in memories(walk.person).items()} == before
    learned = learning.standing(factories.reloaded(walk.person), lesson_of(walk)).learned
    assert learned is not None
    assert (learned.id, learned.revision_id, learned.finished_at) == kept


@pytest.mark.parametrize(
    ("about", "now", "before", "asked"),
    [
        ([1, 2, 3, 3], "abX", "abc", [2, 3]),
        ([1, 2, 3], "abX", "abc", [2, 0]),
        ([None, 2, None], "aXc", "abc", [1, 0]),
        ([None, None, None], "aXc", "abc", [0, 1]),
        ([1, 2, 3], "cab", "abc", [0, 1]),  # only the order is another
        ([1, 2, 3], "abcX", "abc", [0, 1]),  # a card that nothing is asked about
        ([1, 2, 3], "abc", "", [0, 1]),
        ([2], "aX", "ab", [0]),
        ([], "a", "b", []),
    ],
)
def test_what_is_asked_is_about_what_changed(about: list[int | None], now: str, before: str, asked: list[int]) -> None:
    assert refreshing.telling_most(about, now, before) == asked


def test_the_question_of_the_card_that_changed_is_among_them(app: Any) -> None:
    lesson = factories.published_lesson()
    factories.republish(lesson, lambda text: text.replace("Why: People stop", "Card: 3\n\nWhy: People stop"))
    walk = Walk(factories.person(), lesson.slug)
    walk.read()
    walk.quiz()
    _day, due = due_after(walk, '!!! mistake "Common mistake"', f'{MUCH}\n\n!!! mistake "Common mistake"')
    assert sorted(due) == ["single", "text"]


def test_a_question_that_changed_is_enough(walk: Walk) -> None:
    assert due_after(walk, "Every step is shown.", "No step is ever shown in an example.")[1] == ["true-false"]


def test_a_small_change_asks_nothing(walk: Walk) -> None:
    assert due_after(walk, "Then show each step.", "Then show every step.")[1] == []


def test_what_rests_is_left_alone(walk: Walk) -> None:
    rests = memories(walk.person)["single"]
    rests.rank, was = 3, rests.due_on
    db.session.commit()
    due_after(walk, "Then show each step.", MUCH)
    assert memories(walk.person)["single"].due_on == was
