"""True or false: a claim to judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.words import N_, Said
from peerlearn.quizzes.answering import Seed
from peerlearn.quizzes.kinds.choice import OneChoiceKind, right_and_wrong
from peerlearn.quizzes.problem import Problem, error
from peerlearn.quizzes.question import Option, Question

TRUE, FALSE = N_("True"), N_("False")


@dataclass(frozen=True)
class TrueFalse(OneChoiceKind):
    """Say whether a claim is true."""

    slug = "true-false"
    title = N_("True or false")
    instruction = N_("Is this true or false?")
    least: ClassVar[int] = 2
    most: ClassVar[int] = 2

    def shown(self, question: Question, seed: Seed) -> list[Option]:
        return sorted(question.options, key=lambda option: option.text != TRUE)

    def check_key(self, question: Question) -> list[Problem]:
        problems = super().check_key(question) + right_and_wrong(question)
        if {o.text for o in question.options} != {TRUE, FALSE}:
            problems.append(
                error(
                    question.line,
                    "true-false-texts",
                    Said(
                        N_("A true-false question has the answers “True” and “False”."), N_("Write exactly these two.")
                    ),
                )
            )
        return problems
