"""What bots earn that use the pages as people do: one guesses, one copies what a page called right into its retake, and
one takes what practice, or a version or a copy that it failed, told it into a first attempt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.points import actions as points
from tests import factories
from tests.page import Client
from tests.points.bots import OPTIONS, Bot, guess, quiz
from tests.points.deeds import entries_of
from tests.points.records import MONDAY

pytestmark = pytest.mark.security

ClientFor = Callable[[Person], Client]
LESSONS, BOTS = 4, 16
KEYS = [[(lesson + 3 * n) % len(OPTIONS) for n in range(5)] for lesson in range(LESSONS)]


@pytest.fixture
def lessons(db: object) -> list[str]:
    """Lessons with five questions of four options each."""
    author, topic = factories.person(), factories.topic()
    texts = [quiz(keys, f"job {number}") for number, keys in enumerate(KEYS)]
    return [factories.published_lesson(author, topic, quiz=text).slug for text in texts]


def paid(person: Person) -> Counter[str]:
    """What each rule paid somebody."""
    database.session.expire_all()
    found: Counter[str] = Counter()
    for entry in entries_of(person):
        found[entry.rule] += entry.amount
    return found


def test_guessing_pays_what_chance_lets_pass_and_nothing_else(lessons: list[str]) -> None:
    passes, earned, chance = 0, Counter[str](), Random(20260307)
    for _bot in range(BOTS):
        person = factories.person()
        for day, slug in enumerate(lessons):
            passes += guess(person, slug, MONDAY + timedelta(days=day), chance)
        earned += paid(person)
    assert earned == {"L1": 10 * passes}
    assert 1 <= passes <= 4, "one in 64 on average"
    assert points.verify() == []


@pytest.mark.parametrize("remembers", [True, False])
def test_copying_pays_once_it_is_recalled_after_a_delay(
    lessons: list[str], client_for: ClientFor, remembers: bool
) -> None:
    for seed, slug in enumerate(lessons[:2]):
        bot = Bot(client_for, factories.person(), MONDAY, seed)
        assert not bot.take(slug)
        assert len(bot.notes) == 5, "each page says what is right, after the answer"
        assert bot.retake(slug)
        assert paid(bot.person) == {"L1": 0}
        bot.practise()
        assert of_the_lesson(bot) == 0, "the same day is no delay"
        if not remembers:
            bot.forget()
        bot.moment += timedelta(days=1)
        assert bot.practise()
        assert of_the_lesson(bot) == 5 * remembers
        bot.moment += timedelta(days=3)
        assert bot.practise()
        assert of_the_lesson(bot) == 5 * remembers, "it pays once"
    assert points.verify() == []


@pytest.mark.parametrize("remembers", [True, False])
def test_what_practice_told_before_the_quiz_pays_once_it_is_recalled_after_a_delay(
    db: object, client_for: ClientFor, remembers: bool
) -> None:
    """It lets the questions of the day tell it the answers, and takes them into the quiz minutes later."""
    slug = factories.published_lesson(quiz=quiz(KEYS[0], "job 0")).slug
    bot = Bot(client_for, factories.person(), MONDAY, seed=3)
    assert bot.practise()
    assert len(bot.notes) == 5, "each was new, and told after the answer"
    assert bot.take(slug), "all it noted is right"
    assert of_the_lesson(bot) == 0
    bot.practise()
    assert of_the_lesson(bot) == 0, "the same day is no delay"
    if not remembers:
        bot.forget()
    bot.moment += timedelta(days=4)
    assert bot.practise()
    assert of_the_lesson(bot) == 10 * remembers
    bot.moment += timedelta(days=14)
    assert bot.practise()
    assert of_the_lesson(bot) == 10 * remembers, "it pays once"
    assert points.verify() == []


@pytest.mark.parametrize(("as_copy", "remembers"), [(False, True), (False, False), (True, True)])
def test_what_one_version_told_pays_in_the_next_once_it_is_recalled_after_a_delay(
    db: object, client_for: ClientFor, as_copy: bool, remembers: bool
) -> None:
    """It fails a version on purpose, and takes what that told into the next one, or into a copy of its quiz."""
    text = quiz(KEYS[0], "job 0")
    lesson = factories.published_lesson(quiz=text)
    bot = Bot(client_for, factories.person(), MONDAY, seed=2)
    assert not bot.take(lesson.slug)
    assert len(bot.notes) == 5
    slug = lesson.slug
    with clock.at(bot.moment):
        if as_copy:
            slug = factories.published_lesson(quiz=text).slug
        else:
            factories.republish(lesson, lambda source: source.replace("step 5 of", "the fifth step of"))
    bot.moment += timedelta(minutes=11)
    assert bot.take(slug), "at most one of five is new"
    assert of_the_lesson(bot) == 0
    bot.practise()
    assert of_the_lesson(bot) == 0, "the same day is no delay"
    if not remembers:
        bot.forget()
    for _day in range(1 + 2 * as_copy):  # the questions that it failed come before their copies
        bot.moment += timedelta(days=4)
        assert bot.practise()
    assert of_the_lesson(bot) == 10 * remembers
    bot.moment += timedelta(days=14)
    assert bot.practise()
    assert of_the_lesson(bot) == 10 * remembers, "it pays once"
    assert points.verify() == []


def of_the_lesson(bot: Bot) -> int:
    found = paid(bot.person)
    return found["L1"] + found["L1-later"]
