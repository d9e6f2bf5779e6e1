"""A person's practice with the clock turned."""

from __future__ import annotations

from datetime import datetime, timedelta

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.practice import actions, queries
from peerlearn.practice.models import Memory, SetQuestion
from peerlearn.practice.queries import Sitting
from peerlearn.quizzes.answering import Answer
from tests.factories import RIGHT, WRONG


class Practice:
    """One day's practice of a person, at a person's pace."""

    def __init__(self, person: Person, moment: datetime) -> None:
        self.person, self.moment, self.set_id = person, moment, 0

    def start(self) -> int:
        """Draw the set, or go on with it."""
        with clock.at(self.moment):
            self.set_id = actions.start_set(by=self.person)
            db.session.commit()
        return self.set_id

    def again(self) -> Sitting:
        """The set as it is stored now."""
        for row in list(db.session):
            if isinstance(row, SetQuestion | Memory):
                db.session.expire(row)
        found = queries.sitting(self.set_id, self.person.id)
        assert found is not None
        return found

    @property
    def sitting(self) -> Sitting:
        """The set."""
        return self.again()

    @property
    def waiting(self) -> SetQuestion | None:
        """The question at hand."""
        return next((question for question in self.again().questions if question.answered_at is None), None)

    @staticmethod
    def right_answer(question: SetQuestion, right: bool = True) -> Answer:
        """An answer to a question of the factories' lessons."""
        kind = question.version.kind
        return Answer(kind, (RIGHT if right else WRONG)[kind])

    def answer(self, right: bool = True, seconds: float = 12, confidence: str = "fairly") -> None:
        """Answer the question at hand."""
        sitting = self.again()
        with clock.at(self.moment):
            asked = actions.next_question(sitting, by=self.person)
            db.session.commit()
        assert asked is not None
        self._answer(asked, right, seconds, confidence)

    def answer_this(self, question: SetQuestion) -> None:
        """Answer one of the questions out of turn, rightly."""
        with clock.at(self.moment):
            actions.ask_question(question, by=self.person)
            db.session.commit()
        self._answer(question, True, 12, "fairly")

    def _answer(self, asked: SetQuestion, right: bool, seconds: float, confidence: str) -> None:
        self.moment += timedelta(seconds=seconds)
        with clock.at(self.moment):
            actions.answer(self.again(), asked.position, self.right_answer(asked, right), confidence, by=self.person)
            db.session.commit()
