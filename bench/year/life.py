"""A simulated person's days: a lesson now and then, and questions for those who practise. Real actions only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bench.year.mind import Mind
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict
from peerlearn.demo_cast import answer_of
from peerlearn.learn import access
from peerlearn.learn import actions as learn
from peerlearn.lessons.models import Lesson
from peerlearn.practice import actions as practice
from peerlearn.practice import queries, rules
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.question import Question

AWAY_DAYS = 21
TRIES = 3
COOLING = timedelta(minutes=11)


@dataclass
class Life:
    """One simulated person."""

    person_id: int
    name: str  # the same for both of a pair: the same chance rules them
    zone: str
    mind: Mind
    practises: bool
    slugs: list[str]
    first: date
    taught: set[int] = field(default_factory=set)  # items of lessons they took
    sets: Counter[date] = field(default_factory=Counter)  # answers in practice by day
    due: Counter[date] = field(default_factory=Counter)  # of them to items that were due
    last: date | None = None
    expected: list[tuple[int, float]] = field(default_factory=list)  # interval and true chance of each due answer

    def live(self, day: date) -> None:
        """One workday."""
        if 0 <= (day - self.first).days - self.mind.nature.away < AWAY_DAYS:
            return
        chance = Random(f"{self.name}:{day}")
        nature = self.mind.nature
        reads, practises = chance.random() < nature.reading, chance.random() < nature.practice
        if practises and self.practises:
            self._practise(self._moment(day, chance.uniform(8, 11)), chance)
        if reads and self.slugs:
            self._take_lesson(self._moment(day, chance.uniform(13, 16)), Random(f"{self.name}:{day}:lesson"))
        db.session.flush()
        db.session.expunge_all()

    def _moment(self, day: date, hour: float) -> datetime:
        return clock.start_of_day(day, self.zone) + timedelta(hours=hour)

    @property
    def person(self) -> Person:
        """The person as a request loads them."""
        wanted = select(Person).where(Person.id == self.person_id)
        return db.session.scalars(wanted.options(joinedload(Person.team), joinedload(Person.grants))).unique().one()

    def _take_lesson(self, moment: datetime, chance: Random) -> None:
        me, slug = self.person, self.slugs.pop()
        moment = self._read(slug, moment, chance, me)
        for number in range(TRIES):
            with clock.at(moment):
                lesson, where = access.lesson_to_learn(slug, me)
                attempt = learn.start_attempt(lesson, where, by=me)
                sitting = access.sitting_of(attempt.id, me)
            for _ in sitting.attempt.asked:
                with clock.at(moment):
                    asked = learn.next_question(sitting.attempt, by=me)
                assert asked is not None
                moment, given, confidence = self._think(asked.version, moment, chance, just_read=not number)
                self.taught.add(asked.version.item_id)
                with clock.at(moment):
                    if not learn.answer(sitting, asked.position, given, confidence, by=me).stored:
                        learn.answer(sitting, asked.position, given, confidence, by=me)
            if sitting.attempt.is_passed:
                return
            moment += COOLING

    def _read(self, slug: str, moment: datetime, chance: Random, me: Person) -> datetime:
        with clock.at(moment):
            lesson, where = access.lesson_to_learn(slug, me)
            reading = learn.start_reading(lesson, where, by=me)
            if reading.pretest_version_id:
                learn.answer_pretest(lesson, reading, access.pretest_of(reading), None, by=me)
        for number in range(1, 1 + _cards(lesson)):
            moment += timedelta(seconds=chance.uniform(40, 70))
            with clock.at(moment):
                learn.see_card(reading, number, _cards(lesson), by=me)
        return moment

    def _think(
        self, version: Any, moment: datetime, chance: Random, *, just_read: bool = False
    ) -> tuple[datetime, Answer, str]:
        """Look at a question for a while; when the answer is ready, and what it is."""
        question = Question.from_json(version.body)
        said = self.mind.answers(version.item_id, question, clock.day_of(moment, self.zone), just_read=just_read)
        return (
            moment + timedelta(seconds=chance.uniform(6, 15) if said.knew else chance.uniform(12, 40)),
            answer_of(question, said.is_right, chance),
            said.confidence,
        )

    def _practise(self, moment: datetime, chance: Random) -> None:
        me, day = self.person, clock.day_of(moment, self.zone)
        with clock.at(moment):
            self._come_back(day, me)
            try:
                set_id = practice.start_set(by=me)
            except Conflict:  # nothing to ask yet
                return
            sitting = queries.sitting(set_id, me.id)
        assert sitting is not None
        self.last = day
        for place in sitting.places:
            with clock.at(moment):
                asked = practice.next_question(sitting, by=me)
            assert asked is place.question
            recalls = self.mind.recalls(asked.item_id, day) if asked.kind == rules.DUE else None
            moment, given, confidence = self._think(asked.version, moment, chance)
            with clock.at(moment):
                if not practice.answer(sitting, asked.position, given, confidence, by=me).stored:
                    practice.answer(sitting, asked.position, given, confidence, by=me)
            if recalls is not None:
                self.due[day] += 1
                self.expected.append((asked.interval, recalls))
            self.sets[day] += 1

    def _come_back(self, day: date, me: Person) -> None:
        """Begin afresh where that is offered: after a long time away with much that waits."""
        if self.last is None or (day - self.last).days < rules.POLICY.absent_days:
            return
        until = queries.start_of(me, day).due_until(day)
        waiting = queries.standing(me.id, day, until).due
        if rules.offers_fresh_start(waiting, (day - self.last).days):
            practice.begin_afresh(by=me)


def _cards(lesson: Lesson) -> int:
    assert lesson.published is not None
    return len(lesson.published.cards)
