"""One answer of a daily set, with everything that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peerlearn.practice import memory, numbers, remembering, rules, state
from peerlearn.practice.queries import Place
from peerlearn.practice.state import Given, Importance, Learned, State
from peerlearn.quizzes.answering import Grade
from peerlearn.quizzes.question import Question


@dataclass(frozen=True)
class Outcome:
    """One answer with everything that follows from it."""

    place: Place
    question: Question
    grade: Grade
    confidence: str
    seconds: float | None
    took: float | None  # the same, or the most it can have been where nobody saw the question being shown
    day: date

    @property
    def before(self) -> State | None:
        """The memory before it."""
        return remembering.state_of(self.place.memory)

    @property
    def is_rapid(self) -> bool:
        """Whether it came too quickly to count."""
        return self.took is not None and self.took < self.place.question.rapid_below

    @property
    def counts_today(self) -> bool:
        """Whether memory may change: no item changes twice on one local day."""
        old = self.place.memory
        return not self.is_rapid and (old is None or old.answered_on < self.day)

    @property
    def was_due(self) -> bool:
        """Whether it was a review of a due item that counts: due on its own day, whenever its set was drawn."""
        old = self.place.memory
        return (
            self.place.question.kind == rules.DUE and old is not None and self.counts_today and old.due_on <= self.day
        )

    @property
    def kind(self) -> str:
        """Why it was in its set, as it turned out: what was due when it was drawn may be early by now."""
        is_early = self.place.question.kind == rules.DUE and self.counts_today and not self.was_due
        return rules.EARLY if is_early else self.place.question.kind

    @property
    def interval(self) -> int:
        """For how many days a due item was put off; 0 for others."""
        return self.before.planned if self.before and self.was_due else 0

    @property
    def days_since(self) -> int:
        """Local days since the answer before; 0 when there was none."""
        old = self.place.memory
        return max(0, (self.day - old.answered_on).days) if old else 0

    @property
    def overdue_days(self) -> int:
        """Local days since a due item came due; 0 for others."""
        old = self.place.memory
        return max(0, (self.day - old.due_on).days) if old and self.was_due else 0

    @property
    def predicted(self) -> float | None:
        """The chance of recall that the model gave."""
        old = self.place.memory
        return memory.retrievability(old.stability, self.days_since) if old else None

    @property
    def given(self) -> Given:
        """The answer as memory sees it."""
        quick = self.seconds is not None and self.seconds <= self.place.question.quick_below
        hinted = self.place.question.hints_seen > 0
        return Given(self.day, self.grade.right, self.confidence, was_due=self.was_due, is_quick=quick, hinted=hinted)

    @property
    def importance(self) -> Importance:
        """How surely the item must be remembered."""
        return Importance(self.place.question.lesson.topic.importance, "critical" in self.question.flags)

    def columns(self) -> dict[str, Any]:
        """What is written down of it at its question, by column."""
        return {
            "kind": self.kind,
            "interval": self.interval,
            "confidence": self.confidence,
            "mark": self.grade.mark,
            "is_right": self.grade.right,
            "seconds": self.seconds,
            "is_rapid": self.is_rapid,
            "predicted": self.predicted,
            "days_since": self.days_since,
        }

    def learned(self) -> Learned | None:
        """What becomes of the memory; None when the answer changes nothing."""
        if not self.counts_today:
            return None
        return state.after(self.before, self.given, self.importance, numbers.policy())
