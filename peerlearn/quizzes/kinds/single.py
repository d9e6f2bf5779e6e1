"""Single choice: one option is to be chosen. Mostly one is right; of several right ones any will do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.words import N_, Said
from peerlearn.quizzes.kinds.choice import OneChoiceKind, right_and_wrong
from peerlearn.quizzes.problem import Problem, hint
from peerlearn.quizzes.question import Question


@dataclass(frozen=True)
class Single(OneChoiceKind):
    """Choose a right answer of three to five."""

    slug = "single"
    title = N_("Single choice")
    instruction = N_("Choose one answer.")
    any_will_do: ClassVar[bool] = True

    def check_key(self, question: Question) -> list[Problem]:
        problems = super().check_key(question) + right_and_wrong(question)
        right = sum(option.right for option in question.options)
        if right > 1:
            message = Said(
                N_("%(count)s answers are marked [x]: whoever chooses any of them is right."),
                N_("Mark one, or use “multiple” where all of them belong to the answer."),
            )
            problems.append(hint(question.line, "one-right", message, count=right))
        return problems
