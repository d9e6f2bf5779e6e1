"""What anybody can do with a lesson or a day's set, at a chosen pace and with chosen answers. Real actions only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import DomainError
from peerlearn.demo_cast import answer_of
from peerlearn.learn import access
from peerlearn.learn import actions as learn
from peerlearn.learn import queries as learning
from peerlearn.practice import actions as practice
from peerlearn.practice import queries, syncing
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.question import Question

Choose = Callable[[ItemVersion, Question], bool]  # whether the answer to this will be right
MOST_QUESTIONS = 40  # more are never asked in one sitting, also when some come again


@contextmanager
def tried() -> Iterator[None]:
    """What is refused leaves nothing behind, as in a request."""
    try:
        with db.session.begin_nested():
            yield
    except DomainError:
        db.session.expire_all()


def guessing(chance: Random) -> Choose:
    """Answers of somebody who knows nothing."""
    return lambda _version, question: chance.random() < kind_of(question).guess_chance(question)


@dataclass
class Visit:
    """Somebody at a lesson or at their questions; the moment moves on as they go."""

    person: Person
    moment: datetime
    chance: Random
    seconds: tuple[float, float] = (8, 25)  # for an answer

    def read(self, slug: str, seconds: float) -> None:
        """Open each card of a lesson for so long."""
        with clock.at(self.moment):
            lesson, where = access.lesson_to_learn(slug, self.person)
            reading = learn.start_reading(lesson, where, by=self.person)
        assert lesson.published is not None
        cards = len(lesson.published.cards)
        if reading.pretest_version_id and not reading.pretest_answered_at:
            version = access.pretest_of(reading)
            given = answer_of(Question.from_json(version.body), self.chance.random() < 0.25, self.chance)
            self._wait()
            with clock.at(self.moment):
                learn.answer_pretest(lesson, reading, version, given, by=self.person)
        for number in range(1, cards + 1):
            self.moment += timedelta(seconds=seconds)
            with clock.at(self.moment):
                learn.see_card(reading, number, cards, by=self.person)

    def take_quiz(self, slug: str, choose: Choose) -> bool:
        """One attempt; whether it was passed."""
        with clock.at(self.moment):
            lesson, where = access.lesson_to_learn(slug, self.person)
            attempt = learn.start_attempt(lesson, where, by=self.person)
            sitting = access.sitting_of(attempt.id, self.person)
        for _ in sitting.attempt.asked:
            with clock.at(self.moment):
                asked = learn.next_question(sitting.attempt, by=self.person)
            if asked is None:
                break
            question = Question.from_json(asked.version.body)
            given = answer_of(question, choose(asked.version, question), self.chance)
            self._wait()
            with clock.at(self.moment):
                if not learn.answer(sitting, asked.position, given, "fairly", by=self.person).stored:
                    learn.answer(sitting, asked.position, given, "fairly", by=self.person)
        return bool(sitting.attempt.is_passed)

    def say(self, slug: str, word: str, *, stands: bool = True) -> None:
        """React to a lesson, or take that back."""
        with clock.at(self.moment):
            lesson, _where = access.lesson_to_learn(slug, self.person)
            learn.react(lesson, learning.standing(self.person, lesson), word, stands=stands, by=self.person)

    def practise(self, choose: Choose, *, seconds_ago: int | None = None) -> None:
        """One set; with `seconds_ago` its answers come in late, as if they had been given without a network."""
        with clock.at(self.moment):
            sitting = queries.sitting(practice.start_set(by=self.person), self.person.id)
        assert sitting is not None
        for number in range(MOST_QUESTIONS):
            with clock.at(self.moment):
                asked = practice.next_question(sitting, by=self.person)
            if asked is None:
                return
            question = Question.from_json(asked.version.body)
            given = answer_of(question, choose(asked.version, question), self.chance)
            self._wait()
            with clock.at(self.moment):
                if seconds_ago is not None:
                    key = f"{sitting.daily_set.id}:{number}"
                    syncing.take_in(sitting, asked, given, "certain", key=key, seconds_ago=seconds_ago, by=self.person)
                elif not practice.answer(sitting, asked.position, given, "certain", by=self.person).stored:
                    practice.answer(sitting, asked.position, given, "certain", by=self.person)

    def _wait(self) -> None:
        self.moment += timedelta(seconds=self.chance.uniform(*self.seconds))
