"""What the company remembers: memories of lessons for everybody, of nearly all lessons for one, and sets under way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, groupby, islice
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import select

from bench.data import CHOICES, PEOPLE, add, settle
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.practice.models import DailySet, Memory, SetQuestion
from peerlearn.practice.rules import DUE, ORDINARY
from peerlearn.quizzes.answering import token
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.models import ItemVersion, QuizItem
from peerlearn.quizzes.question import Question

EACH = 250  # memories of a person
LONG = 5_000  # memories of the one with the longest
LONGEST = 600  # who that is
SIZE = 5
STABILITIES = (2.3065, 10.9643, 46.3, 162.7)  # days: a question known for some weeks, or for a year


@dataclass(frozen=True)
class Answer:
    """A form that answers one question of a set rightly."""

    person_id: int
    set_id: int
    position: int
    answer: str

    @property
    def path(self) -> str:
        """Where it goes."""
        return f"/practice/sets/{self.set_id}/{self.position}"


@dataclass(frozen=True)
class Practised:
    """What the measurements need to know of it."""

    last_answers: list[Answer]  # each finishes a set
    first_answers: list[Answer]


def remember(app: Flask) -> Practised:
    """Let the company remember what it learned."""
    with app.app_context():
        found = _Maker(app.config["SETTINGS"].timezone).make()
        settle()
    return found


class _Maker:
    """Makes memories and sets as answers would have left them."""

    def __init__(self, timezone: str) -> None:
        self.now = clock.now()
        self.today = clock.today(timezone)
        self.chance = Random(2)
        self.lessons = _questions()
        self.memories: list[dict[str, Any]] = []
        self.sets: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []

    def make(self) -> Practised:
        """Sets for half of the people with one answer left, for the other half with all of them."""
        done = Practised([], [])
        for person in range(1, PEOPLE + 1):
            due = [row for row in self._rows(person) if self._remember(person, row)]
            if person != LONGEST:
                choices = [row for row in due if row.kind in CHOICES][:SIZE]
                last = person % 2 == 1
                (done.last_answers if last else done.first_answers).append(
                    self._begin(person, choices, answered=SIZE - 1 if last else 0)
                )
        for model, rows in ((Memory, self.memories), (DailySet, self.sets), (SetQuestion, self.asked)):
            add(model, rows)
        return done

    def _rows(self, person: int) -> Iterator[Any]:
        lessons = self.lessons if person == LONGEST else self.chance.sample(self.lessons, EACH // 3)
        return islice(chain.from_iterable(lessons), LONG if person == LONGEST else EACH)

    def _remember(self, person: int, row: Any) -> bool:
        """Remember a question; whether it is due."""
        stability = self.chance.choice(STABILITIES)
        interval, ago = round(stability), self.chance.randrange(1, 200)
        answered = self.today - timedelta(days=ago)
        self.memories.append(
            {
                "person_id": person,
                "item_id": row.item_id,
                "version_id": row.version_id,
                "lesson_id": row.lesson_id,
                "topic_id": row.topic_id,
                "rank": ORDINARY,
                "stability": stability,
                "difficulty": 5.0,
                "answered_on": answered,
                "interval": interval,
                "due_on": answered + timedelta(days=interval),
                "reviews": 2,
                "passes": 2,
                "is_proven": ago % 3 > 0,
            }
        )
        return interval <= ago

    def _begin(self, person: int, rows: Sequence[Any], answered: int) -> Answer:
        """A set under way, and the answer that comes next."""
        values = {"id": person, "person_id": person, "day": self.today, "number": 1, "size": SIZE, "seed": person}
        self.sets.append(values | {"unanswered": SIZE - answered, "started_at": self.now})
        for position, row in enumerate(rows, start=1):
            at = self.now - timedelta(seconds=20 * (SIZE + 1 - position))
            is_given = position <= answered
            self.asked.append(
                {
                    "set_id": person,
                    "person_id": person,
                    "position": position,
                    "item_id": row.item_id,
                    "version_id": row.version_id,
                    "lesson_id": row.lesson_id,
                    "kind": DUE,
                    "interval": 2,
                    "asked_at": at if position <= answered + 1 else None,
                    "answered_at": at + timedelta(seconds=12) if is_given else None,
                    "mark": 1.0 if is_given else None,
                    "seconds": 12.0 if is_given else None,
                    "confidence": "fairly" if is_given else None,
                    "is_right": is_given,
                }
            )
        question = Question.from_json(rows[answered].body)
        right = next(option for option in question.options if option.right)
        return Answer(person, person, answered + 1, token(person, question.uid, right.uid))


def _questions() -> list[list[Any]]:
    """The questions that count of each published lesson, the oldest lesson first."""
    never = [slug for slug, kind in KINDS.items() if not kind.counts]
    wanted = (
        select(
            Lesson.id.label("lesson_id"),
            Lesson.topic_id,
            ItemVersion.item_id,
            ItemVersion.id.label("version_id"),
            ItemVersion.kind,
            ItemVersion.body,
        )
        .join(Revision, Revision.id == Lesson.published_id)
        .join(QuizItem, QuizItem.quiz_id == Revision.quiz_id)
        .join(ItemVersion, ItemVersion.id == QuizItem.version_id)
        .where(Lesson.state == "published", ItemVersion.kind.not_in(never))
        .order_by(Lesson.published_at, Lesson.id, QuizItem.position)
    )
    rows = db.session.execute(wanted).all()
    return [list(group) for _lesson, group in groupby(rows, key=lambda row: row.lesson_id)]
