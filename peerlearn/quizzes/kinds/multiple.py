"""Multiple choice: several options may be right."""

from __future__ import annotations

from dataclasses import dataclass

from peerlearn.core.words import N_
from peerlearn.quizzes.answering import Answer, Grade
from peerlearn.quizzes.kinds.choice import ChoiceKind, right_and_wrong
from peerlearn.quizzes.problem import Problem
from peerlearn.quizzes.question import Question


@dataclass(frozen=True)
class Multiple(ChoiceKind):
    """Choose every right answer; each wrong choice takes away what a right one gives, never below nothing."""

    slug = "multiple"
    title = N_("Multiple choice")
    instruction = N_("Choose every right answer.")

    def check_key(self, question: Question) -> list[Problem]:
        return super().check_key(question) + right_and_wrong(question)

    def grade(self, question: Question, answer: Answer) -> Grade:
        right = {o.uid for o in question.options if o.right}
        chosen = set(answer.value)
        balance = len(chosen & right) - len(chosen - right)
        return Grade(max(0.0, balance / max(1, len(right))))

    def guess_chance(self, question: Question) -> float:
        return 1 / max(1, (1 << len(question.options)) - 1)
