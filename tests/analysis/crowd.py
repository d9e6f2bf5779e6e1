"""Many people who answer a lesson's questions: the rows and facts that their attempts leave, written at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from peerlearn.accounts.models import Person
from peerlearn.analysis import actions
from peerlearn.analysis.observing import SETTLED_AFTER
from peerlearn.core import clock, facts
from peerlearn.core.db import ask, db, table_of
from peerlearn.core.events import Event, Recorded
from peerlearn.learn import queries as learn
from peerlearn.learn.events import QuestionAnswered
from peerlearn.learn.models import Asked, Attempt
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes import queries as quizzes
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.queries import Stored
from tests import factories
from tests.factories import MONDAY

Given = tuple[str, ...]


@dataclass(frozen=True)
class Reply:
    """One answer to a question of a lesson, by its place in the quiz."""

    place: int
    given: Given
    confidence: str = "fairly"
    seconds: float = 12.0
    is_own: bool = False
    number: int = 1
    hinted: bool = False


class Room:
    """A lesson and the people who take its quiz, one after the other."""

    def __init__(self, lesson: Lesson, moment: datetime = MONDAY) -> None:
        assert lesson.published is not None
        self.lesson = lesson
        self.moment = moment
        self.revision_id = lesson.published.id
        self.topic_ids = tuple(topic.topic_id for topic in lesson.topics)
        self.major = lesson.major
        self.questions: Sequence[Stored] = quizzes.load_quiz(lesson.published.quiz_id)

    def take(self, person: Person, *replies: Reply) -> None:
        """One attempt with these answers, finished, and its facts."""
        self.moment += timedelta(minutes=1)
        marks = [self._mark(reply) for reply in replies]
        attempt = {
            "person_id": person.id,
            "lesson_id": self.lesson.id,
            "revision_id": self.revision_id,
            "major": self.major,
            "number": replies[0].number,
            "state": "finished",
            "seed": 1,
            "started_at": self.moment,
            "finished_at": self.moment,
            "total": len(replies),
            "right": sum(mark == 1 for mark in marks),
            "score": sum(marks),
        }
        row = Attempt(**attempt)
        db.session.add(row)
        db.session.flush()
        asked = [
            self._asked(row.id, n, reply, mark) for n, (reply, mark) in enumerate(zip(replies, marks, strict=True), 1)
        ]
        ask(insert(table_of(Asked)), asked)
        self.tell(person, *(self._event(row.id, reply, mark) for reply, mark in zip(replies, marks, strict=True)))

    def tell(self, person: Person, *events: Event) -> None:
        """Store facts of a person."""
        facts.store([Recorded(event, self.moment, self.moment.date(), person.id) for event in events])

    def _mark(self, reply: Reply) -> float:
        question = self.questions[reply.place].question
        return kind_of(question).grade(question, Answer(question.kind, reply.given)).mark

    def _asked(self, attempt_id: int, position: int, reply: Reply, mark: float) -> dict[str, Any]:
        stored = self.questions[reply.place]
        return {
            "attempt_id": attempt_id,
            "position": position,
            "version_id": stored.version_id,
            "asked_at": self.moment,
            "answered_at": self.moment,
            "answer": Answer(stored.question.kind, reply.given).to_json(),
            "confidence": reply.confidence,
            "mark": mark,
            "is_right": mark == 1,
            "seconds": reply.seconds,
            "is_rapid": reply.seconds < 2,
        }

    def _event(self, attempt_id: int, reply: Reply, mark: float) -> QuestionAnswered:
        stored = self.questions[reply.place]
        return QuestionAnswered(
            lesson_id=self.lesson.id,
            attempt_id=attempt_id,
            item_id=stored.item_id,
            version_id=stored.version_id,
            is_right=mark == 1,
            mark=mark,
            confidence=reply.confidence,
            guess_chance=kind_of(stored.question).guess_chance(stored.question),
            seconds=reply.seconds,
            is_rapid=reply.seconds < 2,
            is_first=reply.number == 1,
            hinted=reply.hinted,
            topic_ids=self.topic_ids,
            is_own=reply.is_own,
            is_critical=False,
            counts=True,
        )


def room(lesson: Lesson) -> Room:
    """A published lesson with all that a room needs."""
    found = learn.lesson_by_slug(lesson.slug, factories.reloaded(lesson.owner_id))
    assert found is not None
    return Room(found)


def catch_up(limit: int = actions.BATCH) -> int:
    """Let the next facts count, a while later: gaps between their numbers are none that will still be filled."""
    with clock.at(clock.now() + 2 * SETTLED_AFTER):
        return actions.catch_up(limit)


def caught_up(limit: int = actions.BATCH) -> None:
    """Let all facts count."""
    while catch_up(limit):
        pass
